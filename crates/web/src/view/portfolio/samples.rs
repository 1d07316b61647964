//! Samples of the portfolio: all partners, nothing found, Arabic and right to left.

use super::{Options, PartnerRow, Portfolio, filters};
use crate::chart::{MapData, MapValue};
use crate::view::{Choice, Kpi, Nav, Query, sample};

fn partner(n: i64) -> PartnerRow {
    let places = [
        "NGA", "EGY", "COL", "KEN", "UKR", "PHL", "JOR", "MLI", "GEO", "MEX",
    ];
    let names = [
        "Nigeria",
        "Egypt",
        "Colombia",
        "Kenya",
        "Ukraine",
        "Philippines",
        "Jordan",
        "Mali",
        "Georgia",
        "Mexico",
    ];
    let i = usize::try_from(n).unwrap_or(0);
    let known = n % 9 != 8;
    PartnerRow {
        iso3: places[i % 10].into(),
        name: match n {
            11 => sample::ARABIC.into(),
            12 => sample::LONG.into(),
            _ => names[i % 10].into(),
        },
        trainees: known.then_some(20_114 - n * 97),
        rows: known.then_some(2_138 - n * 9),
        cost: known.then_some(48_113_907 - n * 210_017),
        aid: Some(12_034_567_890 - n * 31_000_777),
        share: known.then_some(0.081 - (n as f64) * 0.0004),
        trend: (0..21)
            .map(|y| (y != 3).then_some(f64::from((y * 5 + i as i32) % 11)))
            .collect(),
        note: if known {
            String::new()
        } else {
            "need not be reported: NATO member".into()
        },
    }
}

fn kpis() -> Vec<Kpi> {
    let blank = "The report need not cover NATO members, Australia, Japan and New Zealand; blank is not zero.";
    let one = |label: &str, value: &str, unit: &str, limits: &str| Kpi {
        label: label.into(),
        value: value.into(),
        unit: unit.into(),
        limits: limits.into(),
        href: "/training".into(),
    };
    vec![
        one("Trainees", "1,312,889", "reported, FY1999-2019", blank),
        one(
            "Training cost",
            "10,213,907,114",
            "USD, as printed, FY1999-2019",
            "Cost of 41 blocks is in doubt.",
        ),
        one("Partners", "188", "with training reported", ""),
        one(
            "Aid obligations",
            "812,034,567,890",
            "USD, obligated, FY1999-2019",
            "All aid, not only military.",
        ),
    ]
}

fn options() -> Options {
    let years = (1999..2020)
        .map(|y| Choice::new(&y.to_string(), &format!("FY{y}")))
        .collect();
    Options {
        measures: vec![
            Choice::new("trainees", "Trainees"),
            Choice::new("cost", "Training cost"),
            Choice::new("aid", "Aid obligations"),
        ]
        .into(),
        years,
        accounts: vec![Choice::new("IMET", "IMET"), Choice::new("FMF", "FMF")].into(),
        datasets: vec![
            Choice::new("FMTR-1999-2019", "Training report FY1999-FY2019"),
            Choice::new("AID", "US foreign aid by country"),
        ]
        .into(),
    }
}

impl Portfolio {
    /// The samples.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let query = Query::new("/")
            .and("measure", "trainees")
            .and("from", "2001")
            .and("sort", "-trainees");
        let mut page = sample::page("Portfolio", "/");
        page.nav = Nav::Portfolio;
        page.crumbs.clear();
        page.lead = "Twenty years of reported training and aid, by partner. Every figure opens to its rows.".into();
        page.csv = "/portfolio.csv".into();
        page.xlsx = "/portfolio.xlsx".into();
        let partners: Vec<_> = (0..50).map(partner).collect();
        let value = |p: &PartnerRow| MapValue {
            iso3: p.iso3.clone(),
            value: p.trainees.map(|n| n as f64),
        };
        let all = Self {
            page,
            filters: filters(&query, options()),
            scope: "Trainees, fiscal years 2001 to 2019, all accounts, two data sets.".into(),
            kpis: kpis(),
            map: MapData {
                id: "world".into(),
                title: "Half of all trainees come from eleven partners".into(),
                measure: "Trainees reported, FY2001-2019".into(),
                unit: "trainees".into(),
                summary: "Most in Nigeria, Egypt and Colombia; nothing is reported for most NATO members.".into(),
                values: partners.iter().take(10).map(value).collect(),
            },
            trend: sample::plot("trend", "Training peaked in FY2009", "trainees", &["IMET", "FMF", "Section 1206/2282", "Counter-drug", "CTFP", "Section 1004", "Regional centres", "Other accounts"], 900.0),
            total: PartnerRow { name: "All".into(), share: Some(1.0), ..partner(0) },
            partners,
            limits: vec![
                "The report need not cover NATO members, Australia, Japan and New Zealand; blank is not zero.".into(),
                "FY2019: a damaged page touches Angola and Benin.".into(),
            ],
            sources: sample::sources(),
            query,
            ..Self::default()
        };
        let mut rtl = all.clone();
        rtl.page = sample::visitor(sample::ARABIC, "/");
        rtl.page.lang = crate::view::language::Language::Arabic;
        let mut none = Self {
            page: sample::visitor("Portfolio", "/?account=NONE"),
            filters: filters(&Query::new("/").and("account", "IMET"), options()),
            scope: "No figure for account NONE.".into(),
            ..Self::default()
        };
        none.map.id = "world".into();
        none.map.title = "Nothing is reported for these filters".into();
        none.trend.id = "trend".into();
        none.trend.title = "Trend".into();
        vec![all, none, rtl]
    }
}
