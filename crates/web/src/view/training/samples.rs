//! Samples of the explorer: a full page, a filter too narrow.

use super::{Matched, Options, Training, TrainingRow, filters};
use crate::view::{Choice, Link, Nav, Paging, Query, sample};

fn row(n: i64) -> TrainingRow {
    let kinds = ["", "", "planned", "program total"];
    TrainingRow {
        href: format!("/training/FMTR-1999-2019/{n}"),
        row: n,
        year: "2015".into(),
        iso3: "NIC".into(),
        country: "Nicaragua".into(),
        account: "S1004".into(),
        course: match n % 50 {
            7 => String::new(),
            8 => sample::LONG.into(),
            _ => "Patrol Craft Officer Riverine (PCOR)".into(),
        },
        unit: if n % 50 == 9 {
            sample::ARABIC.into()
        } else {
            "Operations And Maintenance".into()
        },
        us_unit: "U S NAV Small Craft Instructor And TECH Training School S".into(),
        place: "Stennis Space Center, MS, US".into(),
        start: "2015-05-22".into(),
        end: "2015-07-23".into(),
        quantity: Some(2),
        cost: (n % 11 != 0).then_some(41_588 + n),
        findings: n % 4,
        severity: ["note", "repaired", "doubt"][usize::try_from(n % 3).unwrap_or(0)].into(),
        kind: kinds[usize::try_from(n % 4).unwrap_or(0)].into(),
    }
}

fn options() -> Options {
    let years = (1999..2020)
        .map(|y| Choice::new(&y.to_string(), &format!("FY{y}")))
        .collect();
    let countries = (0..188).map(|n| Choice::new(&format!("C{n}"), &format!("Country number {n}")));
    Options {
        countries: countries.chain([Choice::new("NIC", "Nicaragua")]).collect(),
        years,
        accounts: vec![
            Choice::new("S1004", "Section 1004"),
            Choice::new("IMET", "IMET"),
        ]
        .into(),
        findings: vec![Choice::new("column-shift", "Cells shifted between columns")].into(),
        kinds: vec![
            Choice::new("training", "Training"),
            Choice::new("program_total", "Printed programme total"),
        ]
        .into(),
        datasets: vec![Choice::new(
            "FMTR-1999-2019",
            "Training report FY1999-FY2019",
        )]
        .into(),
    }
}

impl Training {
    /// The samples.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let query = Query::new("/training")
            .and("country", "NIC")
            .and("course", "patrol craft oficer")
            .and("sort", "-cost")
            .and("page", "3");
        let mut page = sample::page("Training", "/training");
        page.nav = Nav::Training;
        page.csv = query.at("/training.csv");
        page.xlsx = query.at("/training.xlsx");
        let matched = |printed: &str, why: &str, score| Matched {
            column: "course".into(),
            printed: printed.into(),
            why: why.into(),
            score,
            rows: 41,
            href: "/training?course_exact=1".into(),
        };
        let full = Self {
            filters: filters(&query, options()),
            matched: vec![
                matched(
                    "Patrol Craft Officer Riverine (PCOR)",
                    "all words; one letter differs: oficer / officer",
                    0.96,
                ),
                matched(
                    "PATROL CRAFT OFF RIVERINE",
                    "two of three words; \u{201c}off\u{201d} begins \u{201c}officer\u{201d}",
                    0.81,
                ),
            ],
            trainees: Some(9_804),
            cost: Some(112_903_447),
            rows: (101..151).map(row).collect(),
            paging: Paging::new(&query, 3, 50, 4_117),
            limits: vec!["Planned training and printed totals are shown but never counted.".into()],
            page,
            query,
            ..Self::default()
        };
        let narrow = Query::new("/training")
            .and("country", "NIC")
            .and("cost_min", "99999999");
        let none = Self {
            filters: filters(&narrow, options()),
            query: narrow.clone(),
            matched: Vec::new(),
            rows: Vec::new(),
            trainees: None,
            cost: None,
            paging: Paging::new(&narrow, 1, 50, 0),
            empty: "The filter is too narrow: Nicaragua has 1,204 rows, none of which costs USD 99,999,999 or more.".into(),
            suggestions: vec![Link::new("Nicaragua, any cost", "/training?country=NIC")],
            ..full.clone()
        };
        let mut rtl = full.clone();
        rtl.page.lang = crate::view::language::Language::Arabic;
        vec![full, none, rtl]
    }
}
