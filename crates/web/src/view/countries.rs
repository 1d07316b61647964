//! `/countries`: all partners, with a search.

use super::{Cell, Column, Filters, Page, Query, Table};
use askama::Template;
use serde::{Deserialize, Serialize};

/// The list of countries.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "countries.html")]
pub struct Countries {
    /// The frame.
    pub page: Page,
    /// The address as it is.
    pub query: Query,
    /// The search form; see [`filters`].
    pub filters: Filters,
    /// Countries.
    pub rows: Vec<CountryRow>,
    /// Why nothing is found, when nothing is.
    pub empty: String,
}

/// A country, as a row.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CountryRow {
    /// ISO 3166-1 alpha-3 code.
    pub iso3: String,
    /// Name.
    pub name: String,
    /// Why it was found, if not by its name: "printed as Korea - South".
    pub note: String,
    /// Region.
    pub region: String,
    /// Groups, by short name.
    pub groups: String,
    /// Training rows.
    pub rows: Option<i64>,
    /// Trainees.
    pub trainees: Option<i64>,
    /// Aid obligations in whole dollars.
    pub aid: Option<i64>,
}

/// The search form: `name`, `region`, `group`.
#[must_use]
pub fn filters(query: &Query, regions: Vec<super::Choice>, groups: Vec<super::Choice>) -> Filters {
    Filters::new("filter", "Countries", query)
        .text("name", "Name or code", "any spelling the reports use")
        .select("region", "Region", regions)
        .select("group", "Group", groups)
}

impl Countries {
    /// The table.
    #[must_use]
    pub fn table(&self) -> Table {
        let q = &self.query;
        let columns = vec![
            Column::text("Country").sortable(q, "name"),
            Column::text("Code"),
            Column::text("Region").sortable(q, "region"),
            Column::text("Groups"),
            Column::number("Training rows", "").sortable(q, "rows"),
            Column::number("Trainees", "reported").sortable(q, "trainees"),
            Column::number("Aid", "USD, obligated").sortable(q, "aid"),
        ];
        let row = |c: &CountryRow| {
            vec![
                Cell::link(&c.name, &format!("/countries/{}", c.iso3)).under(&c.note),
                Cell::code(&c.iso3),
                Cell::text(&c.region),
                Cell::text(&c.groups),
                Cell::count(c.rows),
                Cell::count(c.trainees),
                Cell::count(c.aid),
            ]
        };
        let rows = self.rows.iter().map(row).collect();
        Table::new("countries", "Countries", columns)
            .rows(rows)
            .or(&self.empty)
            .quiet()
    }

    /// Samples: a full list, an Arabic name, an empty search.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let query = Query::new("/countries").and("sort", "-trainees");
        let regions = vec![super::Choice::new("africa", "Africa")];
        let row = |iso3: &str, name: &str, note: &str| CountryRow {
            iso3: iso3.into(),
            name: name.into(),
            note: note.into(),
            region: "Africa".into(),
            groups: "AU, ECOWAS".into(),
            rows: Some(2138),
            trainees: Some(20_114),
            aid: Some(12_034_567_890),
        };
        let mut page = super::sample::page("Countries", "/countries");
        page.nav = super::Nav::Countries;
        let mut full: Vec<_> = (0..48)
            .map(|n| row("NGA", &format!("Country {n}"), ""))
            .collect();
        full.push(row(
            "CIV",
            "Côte d\u{2019}Ivoire",
            "printed as Cote D'Ivoire, Ivory Coast",
        ));
        full.push(CountryRow {
            iso3: "EGY".into(),
            name: super::sample::ARABIC.into(),
            ..CountryRow::default()
        });
        let listed = Self {
            page,
            filters: filters(&query, regions, Vec::new()),
            query,
            rows: full,
            empty: String::new(),
        };
        let none = Self {
            rows: Vec::new(),
            empty: "No country is called \u{201c}Atlantis\u{201d} in any of 242 printed spellings."
                .into(),
            ..listed.clone()
        };
        vec![listed, none]
    }
}
