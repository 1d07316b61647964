//! What samples are made of, and the list of every page with its samples.

use super::{
    BlockRow, Citation, EntryRow, FindingRow, Link, Nav, Page, Proof, RecordLine, Visibility, Who,
};
use crate::chart::{Plot, Series};
use askama::Template;

/// A name in Arabic.
pub(super) const ARABIC: &str = "الكتيبة الثالثة للحرس الوطني (الرباط)";
/// A long name without a place to break it.
pub(super) const LONG: &str = "Inter-American-Naval-Telecommunications-Network-Secretariat-and-Western-Hemisphere-Institute-for-Security-Cooperation";

/// A frame for a reader who is signed in.
pub(super) fn page(title: &str, path: &str) -> Page {
    Page {
        who: Some(Who {
            name: "A. Officer".into(),
            role: "Desk officer".into(),
            nation: "USA".into(),
            administers: true,
            vets: true,
        }),
        csrf: "sample-token".into(),
        json: format!("/api/v1{path}"),
        visibility: Some(Visibility {
            summary: "Anyone, signed in or not: the data set is released to the public.".into(),
            who: vec!["The public".into(), "All roles of this installation".into()],
            because: vec!["Released on 2026-11-20 (journal entry 12)".into()],
            withheld: Vec::new(),
        }),
        ..visitor(title, path)
    }
}

/// A frame for a reader who is not signed in.
pub(super) fn visitor(title: &str, path: &str) -> Page {
    Page {
        title: title.into(),
        path: path.into(),
        marking: "UNCLASSIFIED - publicly released".into(),
        generated_at: "2026-11-22 21:40 UTC".into(),
        crumbs: vec![Link::new("Portfolio", "/")],
        ..Page::default()
    }
}

/// A frame of a country's record.
pub(super) fn record_page(title: &str, path: &str, nav: Nav) -> Page {
    let mut page = page(title, path);
    page.nav = nav;
    page.record = Some(RecordLine {
        code: "PARTNER-NGA".into(),
        changed_by: "A. Officer".into(),
        changed_at: "2026-11-20 09:12 UTC".into(),
        entry_href: "/journal/12".into(),
        sources: 4,
    });
    page
}

/// Bars or lines over twenty years.
pub(super) fn plot(id: &str, title: &str, unit: &str, names: &[&str], scale: f64) -> Plot {
    let values = |s: usize| {
        let value = |y: u32| {
            let wave = f64::from((y * 7 + 13 * (s as u32 + 1)) % 17 + 2);
            (y != 5 || s != 1).then_some((wave * scale / (s as f64 + 1.0)).round())
        };
        (0..21).map(value).collect()
    };
    let series = names.iter().enumerate();
    Plot {
        id: id.into(),
        title: title.into(),
        measure: "As printed in the Foreign Military Training Report, actual training only".into(),
        unit: unit.into(),
        across: "Fiscal year (US)".into(),
        labels: (1999..2020).map(|y| y.to_string()).collect(),
        series: series
            .map(|(s, n)| Series {
                name: (*n).into(),
                values: values(s),
            })
            .collect(),
        limits: "FY1999 and FY2000 also print planned training, which is left out.".into(),
        summary: "Highest in FY2009; IMET is the most even of the accounts.".into(),
    }
}

/// Findings of several codes.
pub(super) fn findings(n: usize) -> Vec<FindingRow> {
    let codes = [
        (
            "column-shift",
            "Cells shifted between columns",
            "repaired",
            "total_cost",
            "578 11/16/2008",
            "578",
        ),
        (
            "date-impossible",
            "Impossible date",
            "doubt",
            "end_date",
            "2/30/2009",
            "",
        ),
        (
            "unit-placeholder",
            "Unit is a placeholder",
            "note",
            "student_unit",
            "N/A",
            "",
        ),
    ];
    let one = |i: usize| {
        let (code, title, severity, column, printed, read) = codes[i % codes.len()];
        FindingRow {
            code: code.into(),
            title: title.into(),
            severity: severity.into(),
            about: Link::new(
                format!("Row {}", 100_331 + i),
                format!("/training/FMTR/{}", 100_331 + i),
            ),
            column: column.into(),
            year: "2009".into(),
            country: if i == 4 {
                ARABIC.into()
            } else {
                "Angola".into()
            },
            page: "12".into(),
            printed: printed.into(),
            read: read.into(),
            confidence: ["high", "medium", "low"][i % 3].into(),
        }
    };
    (0..n).map(one).collect()
}

/// Blocks in each state of agreement.
pub(super) fn blocks(n: usize) -> Vec<BlockRow> {
    let states = [
        Some((true, true)),
        Some((false, true)),
        Some((false, false)),
        None,
    ];
    let one = |i: usize| BlockRow {
        block: Link::new(
            format!("Block {}", i + 1),
            format!("/training?block={}", i + 1),
        ),
        year: "2009".into(),
        country: "Angola".into(),
        program: "International Military Education and Training (IMET), FY 09".into(),
        rows: 14,
        quantity: [Some(24), Some(12), Some(24)],
        cost: [Some(234_664), Some(11), Some(234_664)],
        quantity_agrees: states[i % 4],
        cost_agrees: states[(i + 1) % 4],
    };
    (0..n).map(one).collect()
}

/// Journal entries.
pub(super) fn entries(n: i64) -> Vec<EntryRow> {
    let one = |i: i64| EntryRow {
        seq: 41 - i,
        when: "2026-11-22T21:40:03Z".into(),
        actor: if i == 2 {
            ARABIC.into()
        } else {
            "A. Officer".into()
        },
        action: "import".into(),
        object: Link::new("FMTR-1999-2019", "/datasets/FMTR-1999-2019"),
        sentence: "A. Officer imported 253,929 rows of the training report.".into(),
    };
    (0..n).map(one).collect()
}

/// A proof that agrees.
pub(super) fn proof() -> Proof {
    Proof {
        entry: 12,
        entry_href: "/journal/12".into(),
        hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
        root: "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752".into(),
        root_of: "data set FMTR-1999-2019, 253,929 rows".into(),
        download_href: "/api/v1/training/FMTR/100331/proof".into(),
        checked: "now, against the checkpoint of 2026-11-22 21:40 UTC".into(),
        agrees: true,
    }
}

/// Sources in each confidence.
pub(super) fn sources() -> Vec<Citation> {
    let one = |document: &str, confidence: &str| Citation {
        document: document.into(),
        locator: "page 12".into(),
        href: "/records/source/S-1".into(),
        confidence: confidence.into(),
        field: String::new(),
        credit: "US Government work; extraction MIT, Security Force Monitor".into(),
    };
    vec![
        one("Foreign Military Training Report, FY1999-FY2019", "high"),
        one("US foreign aid by country", "medium"),
        one(LONG, "low"),
    ]
}

/// A page rendered: its name and its HTML.
pub type Rendered = (String, Result<String, askama::Error>);

macro_rules! every {
    ($($name:literal: $context:ty),+ $(,)?) => {
        /// Every page rendered from every sample, by name. Tests and previews walk it.
        #[must_use]
        pub fn every_page() -> Vec<Rendered> {
            let mut out = Vec::new();
            $(for (i, sample) in <$context>::samples().into_iter().enumerate() {
                out.push((format!("{}-{}", $name, i + 1), sample.render()));
            })+
            out
        }

        /// The same with every text field of every sample replaced, one page at a time.
        #[cfg(test)]
        pub(super) fn every_page_with(text: &str) -> Vec<Rendered> {
            let mut out = Vec::new();
            $(for (i, sample) in <$context>::samples().into_iter().enumerate() {
                let changed: $context = super::tests::replaced(sample, text);
                out.push((format!("{}-{}", $name, i + 1), changed.render()));
            })+
            out
        }
    };
}

every! {
    "portfolio": super::portfolio::Portfolio,
    "country": super::country::Country,
    "training": super::training::Training,
    "activity": super::activity::Activity,
    "datasets": super::dataset::Datasets,
    "dataset": super::dataset::Dataset,
    "finding": super::finding_code::FindingCode,
    "journal": super::journal::Journal,
    "journal-entry": super::journal::JournalEntry,
    "countries": super::countries::Countries,
    "records": super::record::Records,
    "record": super::record::Record,
    "record-index": super::record::RecordIndex,
    "record-form": super::form::RecordForm,
    "record-check": super::form::RecordCheck,
    "record-act": super::form::RecordAct,
    "record-history": super::form::RecordHistory,
    "check": super::check::Check,
    "law": super::law::Law,
    "search": super::search::Search,
    "desk": super::desk::Desk,
    "vetting": super::vetting::Vetting,
    "sign-in-confirm": super::sign_in::SignInConfirm,
    "signed-out": super::sign_in::SignedOut,
    "problem": super::problem::Problem,
    "problem-type": super::problem::ProblemType,
    "help": super::reference::Help,
    "accessibility": super::reference::Accessibility,
    "licence": super::reference::Licence,
}
