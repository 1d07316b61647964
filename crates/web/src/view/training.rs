//! `/training`: the training explorer. Filters, rows, spellings that matched, whole exports.

use super::{Cell, Choices, Column, Filters, Page, Paging, Query, Table, Tag, format};
use askama::Template;
use serde::{Deserialize, Serialize};

mod samples;

/// The training explorer.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "training.html")]
pub struct Training {
    /// The frame; its CSV and XLSX addresses export the whole filtered list.
    pub page: Page,
    /// The address as it is.
    pub query: Query,
    /// The filter form; see [`filters`].
    pub filters: Filters,
    /// Spellings that the text filters matched.
    pub matched: Vec<Matched>,
    /// Trainees in all rows found.
    pub trainees: Option<i64>,
    /// Cost of all rows found in whole dollars.
    pub cost: Option<i64>,
    /// Rows on this page.
    pub rows: Vec<TrainingRow>,
    /// Which part of the list.
    pub paging: Paging,
    /// Why nothing is found, when nothing is.
    pub empty: String,
    /// Near matches worth trying when nothing is found.
    pub suggestions: Vec<super::Link>,
    /// What the rows do not cover.
    pub limits: Vec<String>,
}

/// A printed string that a text filter matched.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Matched {
    /// Which column: course, unit, place.
    pub column: String,
    /// The string as printed.
    pub printed: String,
    /// Why it matched, in words: "same letters but one: Lackland / Lakland".
    pub why: String,
    /// How near, 0 to 1.
    pub score: f64,
    /// Rows that hold it.
    pub rows: i64,
    /// The list with only this string.
    pub href: String,
}

/// A row of training.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TrainingRow {
    /// Its page.
    pub href: String,
    /// Number of the row in its data set.
    pub row: i64,
    /// Fiscal year as read.
    pub year: String,
    /// ISO 3166-1 alpha-3 code.
    pub iso3: String,
    /// Country as read.
    pub country: String,
    /// Account or authority.
    pub account: String,
    /// Course.
    pub course: String,
    /// Unit trained.
    pub unit: String,
    /// US unit.
    pub us_unit: String,
    /// Place.
    pub place: String,
    /// First day, ISO.
    pub start: String,
    /// Last day, ISO.
    pub end: String,
    /// Trainees.
    pub quantity: Option<i64>,
    /// Cost in whole dollars.
    pub cost: Option<i64>,
    /// Number of findings.
    pub findings: i64,
    /// Worst severity among them: `note`, `repaired`, `doubt`.
    pub severity: String,
    /// What is special about the row: `planned`, `program total`, `page head`; empty for training done.
    pub kind: String,
}

/// What the explorer can be asked.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Countries.
    pub countries: Choices,
    /// Fiscal years.
    pub years: Choices,
    /// Accounts and authorities.
    pub accounts: Choices,
    /// Finding codes.
    pub findings: Choices,
    /// Row kinds.
    pub kinds: Choices,
    /// Data sets.
    pub datasets: Choices,
}

/// The filter form: `q`, `country`, `from`, `to`, `account`, `course`, `unit`, `place`, `cost_min`,
/// `cost_max`, `finding`, `kind`, `dataset`.
#[must_use]
pub fn filters(query: &Query, options: Options) -> Filters {
    Filters::new("filter", "Training rows", query)
        .text(
            "q",
            "Any text",
            "course, unit or place; spelling may be off",
        )
        .select("country", "Country", options.countries)
        .select("from", "From fiscal year", options.years.clone())
        .select("to", "To fiscal year", options.years)
        .select("account", "Account", options.accounts)
        .text("course", "Course", "")
        .text("unit", "Unit", "")
        .text("place", "Place", "")
        .number("cost_min", "Cost from", "USD")
        .number("cost_max", "Cost to", "USD")
        .select("finding", "Finding", options.findings)
        .select("kind", "Kind of row", options.kinds)
        .select("dataset", "Data set", options.datasets)
}

impl Training {
    /// "12,345 rows, 98,765 trainees, USD 1,234,567".
    #[must_use]
    pub fn count_words(&self) -> String {
        let mut words = format::plural(self.paging.total, "row", "rows");
        if let Some(n) = self.trainees {
            words.push_str(&format!(", {}", format::plural(n, "trainee", "trainees")));
        }
        if let Some(n) = self.cost {
            words.push_str(&format!(", USD {}", format::count(n)));
        }
        words
    }

    /// The rows.
    #[must_use]
    pub fn row_table(&self) -> Table {
        let q = &self.query;
        let t = |label, key| Column::text(label).sortable(q, key);
        let k = |label, key| Column::tight(label).sortable(q, key);
        let columns = vec![
            t("Course", "course"),
            t("Country", "country"),
            k("Year", "year"),
            k("Account", "account"),
            t("Unit trained", "unit"),
            t("Place", "place"),
            k("From", "start"),
            k("To", "end"),
            Column::number("Trainees", "").sortable(q, "quantity"),
            Column::number("Cost", "USD").sortable(q, "cost"),
            Column::text("Findings"),
        ];
        let rows = self.rows.iter().map(TrainingRow::cells).collect();
        Table::new("rows", "Training rows", columns)
            .rows(rows)
            .or(&self.empty)
            .quiet()
    }

    /// The spellings that matched.
    #[must_use]
    pub fn matched_table(&self) -> Table {
        let columns = vec![
            Column::text("Printed"),
            Column::text("Column"),
            Column::text("Why it matches"),
            Column::number("Nearness", "%"),
            Column::number("Rows", ""),
        ];
        let row = |m: &Matched| {
            vec![
                Cell::link(&m.printed, &m.href),
                Cell::text(&m.column),
                Cell::text(&m.why),
                Cell::text(&format::percent(m.score)),
                Cell::count(Some(m.rows)),
            ]
        };
        let rows = self.matched.iter().map(row).collect();
        Table::new("spellings", "Spellings that matched", columns)
            .rows(rows)
            .quiet()
    }
}

impl TrainingRow {
    fn cells(&self) -> Vec<Cell> {
        let course = if self.course.is_empty() {
            "(no course printed)"
        } else {
            &self.course
        };
        let mut head = Cell::link(course, &self.href);
        if !self.kind.is_empty() {
            head = head.tagged(Tag::new(&self.kind, "plain"));
        }
        let findings = match self.findings {
            0 => Cell::default(),
            1 => Cell::tag(Tag::of(&self.severity)),
            n => Cell::tag(Tag::new(
                &format!("{} +{}", self.severity, n - 1),
                &self.severity,
            )),
        };
        vec![
            head,
            Cell::link(&self.country, &format!("/countries/{}", self.iso3)),
            Cell::text(&self.year),
            Cell::text(&self.account),
            Cell::text(&self.unit).under(&self.us_unit_words()),
            Cell::text(&self.place),
            Cell::text(&self.start),
            Cell::text(&self.end),
            Cell::count(self.quantity),
            Cell::count(self.cost),
            findings,
        ]
    }

    fn us_unit_words(&self) -> String {
        if self.us_unit.is_empty() {
            return String::new();
        }
        format!("by {}", self.us_unit)
    }
}
