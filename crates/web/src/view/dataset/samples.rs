//! Samples of data sets: the training report, and one without totals or findings.

use super::{
    CodeCount, Dataset, DatasetRow, Datasets, OverlayRow, YearRow, block_filters, finding_filters,
};
use crate::view::{Choice, Fact, Link, Nav, Paging, Query, sample};

impl Datasets {
    /// The samples.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let row = |title: &str, findings| DatasetRow {
            title: Link::new(title, "/datasets/FMTR-1999-2019"),
            code: "FMTR-1999-2019".into(),
            content: "training".into(),
            years: "1999-2019".into(),
            rows: 253_929,
            licence: "open".into(),
            findings,
            counted: true,
            released: true,
        };
        let mut page = sample::page("Data sets", "/datasets");
        page.nav = Nav::Datasets;
        let rows = vec![
            row("Foreign Military Training Report", Some(61_204)),
            row(sample::ARABIC, None),
            row(sample::LONG, None),
        ];
        let list = Self {
            page,
            rows,
            empty: String::new(),
        };
        let none = Self {
            page: sample::visitor("Data sets", "/datasets"),
            rows: Vec::new(),
            empty: "No data set is released to the public. Sign in to see those you may see."
                .into(),
        };
        vec![list, none]
    }
}

fn years() -> Vec<YearRow> {
    let year = |y: i64| YearRow {
        year: y.to_string(),
        blocks: 634,
        quantity_before: if y == 2009 { 540 } else { 634 },
        quantity_after: 634,
        cost_before: if y == 2009 { 295 } else { 633 },
        cost_after: if y == 2009 { 601 } else { 634 },
        unexplained: 0,
    };
    (2006..2020).map(year).collect()
}

fn facts() -> Vec<Fact> {
    vec![
        Fact::new(
            "Licence",
            "US Government work (public domain); extraction MIT",
        ),
        Fact {
            mono: true,
            help: "SHA-256 of the file as read from disk.".into(),
            ..Fact::new(
                "File hash",
                "c3ea70dac2e6c1c8051a213da1e526ae647a8b871042e0959b251208eea10a00",
            )
        },
        Fact::new("Rows", "253,929"),
        Fact {
            withheld: "your role does not see who imported it; ask the auditor".into(),
            ..Fact::new("Loaded by", "x")
        },
    ]
}

impl Dataset {
    /// The samples.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let query = Query::new("/datasets/FMTR-1999-2019").and("code", "column-shift");
        let year = vec![Choice::new("2009", "FY2009")];
        let country = vec![Choice::new("AGO", "Angola")];
        let code = vec![Choice::new("column-shift", "Cells shifted between columns")];
        let overlay = |n: i64| OverlayRow {
            row: Link::new(format!("Row {n}"), format!("/training/FMTR-1999-2019/{n}")),
            column: "total_cost".into(),
            printed: "578 11/16/2008".into(),
            read: "578".into(),
            reason: "A date follows the amount; the row then adds up with its block.".into(),
            finding: Link::new("column-shift", "/findings/column-shift"),
            confidence: "high".into(),
        };
        let count = |title: &str, severity: &str, count| CodeCount {
            code: "column-shift".into(),
            title: title.into(),
            severity: severity.into(),
            count,
            href: "/datasets/FMTR-1999-2019?code=column-shift#findings".into(),
        };
        let mut page = sample::record_page(
            "Foreign Military Training Report, FY1999-FY2019",
            "/datasets/FMTR-1999-2019",
            Nav::Datasets,
        );
        page.csv = "/datasets/FMTR-1999-2019.csv".into();
        page.xlsx = "/datasets/FMTR-1999-2019.xlsx".into();
        let paging = Paging::new(&query, 2, 20, 4_926);
        let report = Self {
            page,
            facts: facts(),
            limits: vec!["The report need not cover NATO members, Australia, Japan and New Zealand; blank is not zero.".into()],
            sources: sample::sources(),
            years: years(),
            block_filters: block_filters(&query, year.clone(), country.clone()),
            blocks: sample::blocks(8),
            block_paging: paging.clone().named("block_page"),
            codes: vec![count("Cells shifted between columns", "repaired", 4_926), count("Impossible date", "doubt", 211)],
            finding_filters: finding_filters(&query, code, year, country),
            findings: sample::findings(8),
            finding_paging: paging.clone().named("finding_page"),
            overlays: (0..6).map(overlay).collect(),
            overlay_paging: paging.named("overlay_page"),
            proof: sample::proof(),
        };
        let plain = Self {
            page: sample::visitor(sample::LONG, "/datasets/PLAIN"),
            facts: facts(),
            block_filters: block_filters(&Query::new("/datasets/PLAIN"), Vec::new(), Vec::new()),
            finding_filters: finding_filters(
                &Query::new("/datasets/PLAIN"),
                Vec::new(),
                Vec::new(),
                Vec::new(),
            ),
            ..Self::default()
        };
        vec![report, plain]
    }
}
