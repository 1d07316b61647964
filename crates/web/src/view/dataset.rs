//! `/datasets` and `/datasets/{code}`: what was loaded, from where, how well it adds up, and what we
//! read differently.

use super::{
    BlockRow, Cell, Choice, Citation, Column, Fact, Facts, Figure, Filters, FindingRow, Link, Page,
    Paging, Proof, Query, Table, Tag, block_table, finding_table, format, source_table,
};
use crate::chart::Plot;
use askama::Template;
use serde::{Deserialize, Serialize};

mod samples;

/// The list of data sets.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "datasets.html")]
pub struct Datasets {
    /// The frame.
    pub page: Page,
    /// The data sets.
    pub rows: Vec<DatasetRow>,
    /// Why the list is empty, when it is.
    pub empty: String,
}

/// A data set, as a row.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct DatasetRow {
    /// Title and page.
    pub title: Link,
    /// Code.
    pub code: String,
    /// What the rows are.
    pub content: String,
    /// Years covered.
    pub years: String,
    /// Number of rows.
    pub rows: i64,
    /// Licence class in words.
    pub licence: String,
    /// Number of findings, if it is checked.
    pub findings: Option<i64>,
    /// Whether its rows enter portfolio figures.
    pub counted: bool,
    /// Whether anyone may read it without signing in.
    pub released: bool,
}

impl Datasets {
    /// The table.
    #[must_use]
    pub fn table(&self) -> Table {
        let columns = vec![
            Column::text("Data set"),
            Column::text("Rows are"),
            Column::tight("Years"),
            Column::number("Rows", ""),
            Column::number("Findings", ""),
            Column::text("Licence"),
            Column::text("In figures"),
            Column::text("Released"),
        ];
        let yes = |b: bool| Cell::words(if b { "yes" } else { "no" });
        let row = |d: &DatasetRow| {
            vec![
                Cell::of(&d.title).under(&d.code),
                Cell::text(&d.content),
                Cell::text(&d.years),
                Cell::count(Some(d.rows)),
                Cell::count(d.findings),
                Cell::text(&d.licence),
                yes(d.counted),
                yes(d.released),
            ]
        };
        let rows = self.rows.iter().map(row).collect();
        Table::new("datasets", "Data sets", columns)
            .rows(rows)
            .or(&self.empty)
            .quiet()
    }
}

/// A data set.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "dataset.html")]
pub struct Dataset {
    /// The frame.
    pub page: Page,
    /// Licence, file, hash, rows, years, when and by whom it was loaded.
    pub facts: Vec<Fact>,
    /// What it does not cover.
    pub limits: Vec<String>,
    /// Sources.
    pub sources: Vec<Citation>,
    /// Reconciliation with printed totals by year; empty where nothing is printed.
    pub years: Vec<YearRow>,
    /// Filter of the blocks; see [`block_filters`].
    pub block_filters: Filters,
    /// Blocks on this page of them.
    pub blocks: Vec<BlockRow>,
    /// Which part of the blocks.
    pub block_paging: Paging,
    /// How many findings there are of each code.
    pub codes: Vec<CodeCount>,
    /// Filter of the findings; see [`finding_filters`].
    pub finding_filters: Filters,
    /// Findings on this page of them.
    pub findings: Vec<FindingRow>,
    /// Which part of the findings.
    pub finding_paging: Paging,
    /// What we read differently from how it is printed.
    pub overlays: Vec<OverlayRow>,
    /// Which part of the overlays.
    pub overlay_paging: Paging,
    /// Where it stands in the journal.
    pub proof: Proof,
}

/// How a year's blocks agree with their printed totals.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct YearRow {
    /// Fiscal year of the report.
    pub year: String,
    /// Blocks with a printed total.
    pub blocks: i64,
    /// Blocks whose students agree before repair.
    pub quantity_before: i64,
    /// Blocks whose students agree after repair.
    pub quantity_after: i64,
    /// Blocks whose cost agrees before repair.
    pub cost_before: i64,
    /// Blocks whose cost agrees after repair.
    pub cost_after: i64,
    /// Blocks that still differ and no finding explains.
    pub unexplained: i64,
}

/// Findings of one code.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CodeCount {
    /// Code.
    pub code: String,
    /// Title.
    pub title: String,
    /// `note`, `repaired` or `doubt`.
    pub severity: String,
    /// How many.
    pub count: i64,
    /// The list with only these.
    pub href: String,
}

/// A cell read differently.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct OverlayRow {
    /// The row.
    pub row: Link,
    /// Column.
    pub column: String,
    /// As printed.
    pub printed: String,
    /// As read.
    pub read: String,
    /// Why.
    pub reason: String,
    /// The finding it belongs to.
    pub finding: Link,
    /// `high`, `medium` or `low`.
    pub confidence: String,
}

/// The filter of blocks: `block_year`, `block_country`, `block_state`.
#[must_use]
pub fn block_filters(query: &Query, years: Vec<Choice>, countries: Vec<Choice>) -> Filters {
    let states = [
        ("differs", "differs after repair"),
        ("repaired", "agrees after repair"),
        ("agrees", "agrees as printed"),
        ("no-total", "no printed total"),
    ];
    Filters::new("blocks-filter", "Blocks", query)
        .select("block_year", "Report year", years)
        .select("block_country", "Country", countries)
        .select(
            "block_state",
            "Agreement",
            states.map(|(v, l)| Choice::new(v, l)),
        )
        .to("#blocks")
}

/// The filter of findings: `code`, `year`, `country`, `severity`.
#[must_use]
pub fn finding_filters(
    query: &Query,
    codes: Vec<Choice>,
    years: Vec<Choice>,
    countries: Vec<Choice>,
) -> Filters {
    let severities = [
        ("doubt", "doubt"),
        ("repaired", "repaired"),
        ("note", "note"),
    ];
    Filters::new("findings-filter", "Findings", query)
        .select("code", "Finding", codes)
        .select(
            "severity",
            "Severity",
            severities.map(|(v, l)| Choice::new(v, l)),
        )
        .select("year", "Report year", years)
        .select("country", "Country", countries)
        .to("#findings")
}

impl Dataset {
    /// The facts.
    #[must_use]
    pub fn fact_list(&self) -> Facts {
        Facts {
            lines: self.facts.clone(),
        }
    }

    /// "17,001 of 17,668 totals agree before repair, 17,610 after."
    #[must_use]
    pub fn agreement_words(&self) -> String {
        let sum = |f: fn(&YearRow) -> i64| self.years.iter().map(f).sum::<i64>();
        let open = sum(|y| y.unexplained);
        format!(
            "Of {} blocks with a printed total, the students of {} agree as printed and {} after repair; the cost of {} as printed and {} after repair. {}",
            format::count(sum(|y| y.blocks)),
            format::count(sum(|y| y.quantity_before)),
            format::count(sum(|y| y.quantity_after)),
            format::count(sum(|y| y.cost_before)),
            format::count(sum(|y| y.cost_after)),
            if open == 0 {
                "Every block that still differs has a finding.".to_owned()
            } else {
                format!(
                    "{} differ without a finding.",
                    format::plural(open, "block", "blocks")
                )
            }
        )
    }

    /// Share of blocks that agree, before and after, by year.
    #[must_use]
    pub fn agreement_plot(&self) -> Plot {
        let share =
            |n: i64, of: i64| (of > 0).then(|| (n as f64 * 1000.0 / of as f64).round() / 10.0);
        let series = |name: &str, f: fn(&YearRow) -> i64| crate::chart::Series {
            name: name.to_owned(),
            values: self.years.iter().map(|y| share(f(y), y.blocks)).collect(),
        };
        Plot {
            id: "agreement".to_owned(),
            title: "Blocks that agree with their printed total".to_owned(),
            measure: "Share of blocks, before and after repair".to_owned(),
            unit: "% of blocks".to_owned(),
            across: "Report year".to_owned(),
            labels: self.years.iter().map(|y| y.year.clone()).collect(),
            series: vec![
                series("Students, after", |y| y.quantity_after),
                series("Students, as printed", |y| y.quantity_before),
                series("Cost, after", |y| y.cost_after),
                series("Cost, as printed", |y| y.cost_before),
            ],
            limits: "Only years whose report prints totals. Rounding of the printed cost is allowed for.".to_owned(),
            summary: self.agreement_words(),
        }
    }

    /// The same as a figure.
    #[must_use]
    pub fn agreement_figure(&self) -> Figure {
        Figure::lines(&self.agreement_plot())
    }

    /// Reconciliation by year.
    #[must_use]
    pub fn year_table(&self) -> Table {
        let n = Column::number;
        let columns = vec![
            Column::tight("Report year"),
            n("Blocks", ""),
            n("Students agree", "as printed"),
            n("Students agree", "after repair"),
            n("Cost agrees", "as printed"),
            n("Cost agrees", "after repair"),
            n("Without a finding", ""),
        ];
        let row = |y: &YearRow| {
            let figures = [
                y.blocks,
                y.quantity_before,
                y.quantity_after,
                y.cost_before,
                y.cost_after,
                y.unexplained,
            ];
            let mut cells = vec![Cell::text(&y.year)];
            cells.extend(figures.map(|n| Cell::count(Some(n))));
            cells
        };
        Table::new(
            "years",
            "Blocks that agree with their printed total, by year",
            columns,
        )
        .rows(self.years.iter().map(row).collect())
        .or("The source prints no totals, so nothing can be reconciled.")
    }

    /// Blocks.
    #[must_use]
    pub fn block_table(&self) -> Table {
        block_table("blocks-table", &self.blocks, "No block matches the filter.")
    }

    /// Findings by code.
    #[must_use]
    pub fn code_table(&self) -> Table {
        let columns = vec![
            Column::text("Finding"),
            Column::text("Severity"),
            Column::number("Count", ""),
        ];
        let row = |c: &CodeCount| {
            vec![
                Cell::known(&c.title).to(&format!("/findings/{}", c.code)),
                Cell::tag(Tag::of(&c.severity)),
                Cell {
                    href: c.href.clone(),
                    ..Cell::count(Some(c.count))
                },
            ]
        };
        Table::new("codes", "Findings by code", columns)
            .rows(self.codes.iter().map(row).collect())
            .or("There is no finding.")
    }

    /// Findings.
    #[must_use]
    pub fn finding_table(&self) -> Table {
        finding_table(
            "findings-table",
            &self.findings,
            "No finding matches the filter.",
        )
    }

    /// Overlays.
    #[must_use]
    pub fn overlay_table(&self) -> Table {
        let columns = [
            "Row",
            "Column",
            "As printed",
            "As read",
            "Why",
            "Finding",
            "Confidence",
        ];
        let row = |o: &OverlayRow| {
            vec![
                Cell::of(&o.row),
                Cell::text(&o.column),
                Cell::text(&o.printed),
                Cell::text(&o.read),
                Cell::text(&o.reason),
                Cell::of(&o.finding),
                Cell::tag(Tag::of(&o.confidence)),
            ]
        };
        Table::new(
            "overlays",
            "What we read differently, and why",
            columns.map(Column::text).into(),
        )
        .rows(self.overlays.iter().map(row).collect())
        .or("Everything is read as it is printed.")
        .quiet()
    }

    /// Sources.
    #[must_use]
    pub fn source_table(&self) -> Table {
        source_table("sources-table", &self.sources)
    }
}
