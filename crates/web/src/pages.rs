//! Pages, one file each: a handler asks a use case and fills the page's context. The path of a file is
//! the path of its address.

pub(crate) mod account;
pub(crate) mod activity;
pub(crate) mod admin;
pub(crate) mod allegations;
pub(crate) mod check;
pub(crate) mod countries;
pub(crate) mod country;
pub(crate) mod datasets;
pub(crate) mod documents;
pub(crate) mod findings;
pub(crate) mod journal;
pub(crate) mod law;
pub(crate) mod portfolio;
pub(crate) mod records;
pub(crate) mod reference;
pub(crate) mod schedule;
pub(crate) mod search;
pub(crate) mod sign_in;
pub(crate) mod statics;
pub(crate) mod step_up;
pub(crate) mod thread;
pub(crate) mod training;
pub(crate) mod units;
pub(crate) mod vetting;
pub(crate) mod work;

use crate::view::{self, Choice, Choices, Citation, FindingRow, Link};
use symbolon_app::{FindingLine, Snapshot};
use symbolon_domain::{money::Cents, training::FindingCode};

/// Milliseconds since 1970 as a moment people read.
pub(crate) fn moment(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms)
        .map(|t| t.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
        .unwrap_or_default()
}

/// Whole dollars of an amount in cents.
pub(crate) fn dollars(cents: Option<i64>) -> Option<i64> {
    cents.map(|c| Cents(c).dollars())
}

/// Lists of choices that change with the snapshot only, made once for it.
#[derive(Debug)]
pub(crate) struct Lists {
    pub(crate) accounts: Choices,
    pub(crate) countries: Choices,
    pub(crate) findings: Choices,
}

impl Lists {
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        let named = snapshot.accounts.iter().filter(|a| !a.code.is_empty());
        let any = std::iter::once(Choice::new("any", "Any finding"));
        Self {
            accounts: named
                .map(|a| Choice::new(&a.code, &format!("{} - {}", a.code, a.name)))
                .collect(),
            countries: country_choices(snapshot).into(),
            findings: any.chain(finding_choices()).collect(),
        }
    }
}

/// Choices of fiscal years.
pub(crate) fn year_choices(years: &[i16]) -> Vec<Choice> {
    years
        .iter()
        .rev()
        .map(|y| Choice::new(&y.to_string(), &format!("FY{y}")))
        .collect()
}

/// Choices of countries.
pub(crate) fn country_choices(snapshot: &Snapshot) -> Vec<Choice> {
    snapshot
        .partners
        .iter()
        .filter_map(|p| Some(Choice::new(p.iso3?.as_str(), &p.name)))
        .collect()
}

/// Choices of finding codes.
pub(crate) fn finding_choices() -> Vec<Choice> {
    FindingCode::ALL
        .iter()
        .map(|c| Choice::new(c.code(), c.title()))
        .collect()
}

/// A finding as a row of a table.
pub(crate) fn finding_row(f: &FindingLine) -> FindingRow {
    let about = match f.row {
        Some(row) => Link::new(
            format!("row {row}"),
            format!("/training/{}/{row}", f.dataset),
        ),
        None => Link::new(
            format!("block {}", f.block),
            format!("/datasets/{}?block={}#blocks", f.dataset, f.block),
        ),
    };
    FindingRow {
        title: FindingCode::from_code(&f.code)
            .map_or("", FindingCode::title)
            .to_owned(),
        code: f.code.clone(),
        severity: f.severity.clone(),
        about,
        column: f.column.replace('_', " "),
        year: f.fiscal_year.map(|y| format!("FY{y}")).unwrap_or_default(),
        country: f.iso3.clone(),
        page: f.page.clone(),
        printed: f.printed.clone(),
        read: f.read.clone(),
        confidence: f.confidence.clone(),
    }
}

/// A citation of a record as shown.
pub(crate) fn citation(c: &symbolon_domain::record::Citation) -> Citation {
    Citation {
        document: c.document.clone(),
        locator: c.locator.clone(),
        href: c.url.clone(),
        confidence: c.confidence.to_string(),
        field: c.field.replace('_', " "),
        credit: String::new(),
    }
}

/// A data set as a source.
pub(crate) fn dataset_citation(code: &str, title: &str) -> Citation {
    Citation {
        document: title.to_owned(),
        href: format!("/datasets/{code}"),
        confidence: "high".to_owned(),
        ..Citation::default()
    }
}

/// Who can see a record and why the reader can.
pub(crate) fn visibility_of(visible: &symbolon_app::Visible) -> view::Visibility {
    view::Visibility {
        summary: visible.summary.clone(),
        who: visible.roles.clone(),
        because: visible.why.clone(),
        withheld: visible.kept_out.clone(),
    }
}

/// Who can see what is released data.
pub(crate) fn visibility(because: &str, roles: &[String]) -> view::Visibility {
    view::Visibility {
        summary: if roles.iter().any(|r| r == "public") {
            "Anyone, signed in or not, if it is released.".to_owned()
        } else {
            String::new()
        },
        who: roles.to_vec(),
        because: vec![because.to_owned()],
        withheld: vec![],
    }
}
