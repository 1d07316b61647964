//! Samples of a country: much recorded, nothing recorded, Arabic and long names.

use super::{Country, MembershipRow, NotificationRow, PlaceRow, TrainerRow, UnitRow};
use crate::view::{Citation, Fact, Kpi, Link, Nav, Query, sample};

fn unit(n: i64) -> UnitRow {
    UnitRow {
        name: match n {
            3 => sample::ARABIC.into(),
            4 => sample::LONG.into(),
            5 => "N/A".into(),
            _ => format!("{} Battalion", n + 1),
        },
        href: format!("/training?country=NGA&unit={n}"),
        spellings: vec![format!("{} BN", n + 1), format!("{}th Bn.", n + 1)],
        rows: 120 - n,
        trainees: Some(1_204 - n),
        years: "2003-2019".into(),
        placeholder: n == 5,
    }
}

fn source() -> Citation {
    Citation {
        document: "Treaty of ECOWAS".into(),
        locator: "article 2".into(),
        href: "https://example.org/treaty".into(),
        confidence: "high".into(),
        ..Citation::default()
    }
}

fn memberships() -> Vec<MembershipRow> {
    let one = |body: &str, from: &str, to: &str| MembershipRow {
        body: Link::new(body, "/records/regional_body/ECOWAS"),
        from: from.into(),
        to: to.into(),
        standing: "member".into(),
        source: source(),
    };
    vec![
        one(
            "Economic Community of West African States",
            "1975-05-28",
            "",
        ),
        one("G5 Sahel", "2014", "before 2024"),
    ]
}

impl Country {
    /// The samples.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let kpi = |label: &str, value: &str, unit: &str| Kpi {
            label: label.into(),
            value: value.into(),
            unit: unit.into(),
            limits: "As printed; two blocks in doubt.".into(),
            href: "/training?country=NGA".into(),
        };
        let accounts = ["IMET", "FMF", "PKO", "Section 1206/2282"];
        let full = Self {
            page: sample::record_page("Nigeria", "/countries/NGA", Nav::Countries),
            query: Query::new("/countries/NGA"),
            iso3: "NGA".into(),
            facts: vec![
                Fact::new("ISO code", "NGA"),
                Fact {
                    help: "Spellings the reports use.".into(),
                    ..Fact::new("Printed names", "Nigeria; NIGERIA; Nigeria (NI)")
                },
                Fact::new("Region", ""),
            ],
            kpis: vec![
                kpi("Trainees", "20,114", "reported, FY1999-2019"),
                kpi("Training cost", "48,113,907", "USD, as printed"),
                kpi("Aid obligations", "12,034,567,890", "USD, obligated"),
                kpi("Findings", "212", "touch its rows"),
            ],
            limits: vec!["Blank is not zero.".into()],
            money: vec![sample::plot(
                "money",
                "Aid obligations grew until FY2010",
                "USD",
                &["All aid"],
                9e7,
            )],
            training: vec![
                sample::plot("trainees", "IMET trains most", "trainees", &accounts, 40.0),
                sample::plot(
                    "cost",
                    "Section 1206/2282 costs most",
                    "USD",
                    &accounts,
                    2e6,
                ),
            ],
            units: (0..25).map(unit).collect(),
            unit_count: 754,
            places: vec![
                PlaceRow {
                    name: "Lackland AFB, TX, US".into(),
                    href: "/training?place=Lackland".into(),
                    country: "United States".into(),
                    precision: "town".into(),
                    rows: 88,
                    trainees: Some(120),
                },
                PlaceRow {
                    name: sample::LONG.into(),
                    precision: "unknown".into(),
                    rows: 2,
                    ..PlaceRow::default()
                },
            ],
            trainers: vec![TrainerRow {
                name: "DLIELC, Lackland AFB TX".into(),
                href: "/training?us_unit=DLIELC".into(),
                rows: 61,
                trainees: Some(70),
                years: "2011-2019".into(),
            }],
            as_of: "2015-09-30".into(),
            memberships: memberships(),
            notifications: vec![NotificationRow {
                number: Link::new("22-27", "/records/source/S-9"),
                date: "2022-04-14".into(),
                item: "AH-1Z attack helicopters".into(),
                value: Some(997_000_000),
                source: source(),
            }],
            series: vec![
                sample::plot(
                    "wgi",
                    "Rule of law",
                    "estimate, -2.5 to 2.5",
                    &["Estimate"],
                    -0.12,
                ),
                sample::plot(
                    "deaths",
                    "Deaths in organised violence",
                    "best estimate",
                    &["State-based", "One-sided"],
                    120.0,
                ),
            ],
            findings: sample::findings(10),
            finding_count: 212,
            findings_href: "/datasets/FMTR-1999-2019?country=NGA#findings".into(),
            neighbours: vec![
                Link::new("Benin", "/countries/BEN"),
                Link::new("Niger", "/countries/NER"),
            ],
            groups: vec![Link::new("African Union", "/records/regional_body/AU")],
            sources: sample::sources(),
        };
        let empty = Self {
            page: sample::visitor("Tuvalu", "/countries/TUV"),
            query: Query::new("/countries/TUV"),
            iso3: "TUV".into(),
            ..Self::default()
        };
        let mut rtl = full.clone();
        rtl.page.lang = crate::view::language::Language::Arabic;
        rtl.page.title = sample::ARABIC.into();
        vec![full, empty, rtl]
    }
}
