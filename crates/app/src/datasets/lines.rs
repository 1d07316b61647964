//! Rows of blocks, findings and overlays as readers see them.

use schemars::JsonSchema;
use serde::Serialize;
use symbolon_store::{
    facts::{TRAINING_BLOCK, TRAINING_FINDING, TRAINING_OVERLAY, TableDef, row_number},
    query::{FactRow, Value},
};

/// A block and its control totals.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BlockLine {
    /// Code of the data set.
    pub dataset: String,
    /// Number of the block.
    pub number: u32,
    /// Report as printed.
    pub report: String,
    /// Source group as printed.
    pub source_group: String,
    /// Country as printed.
    pub country: String,
    /// ISO code as read.
    pub iso3: String,
    /// Programme as printed.
    pub program: String,
    /// First row.
    pub first_row: i64,
    /// Row of the printed total.
    pub total_row: Option<i64>,
    /// Training rows.
    pub rows: i64,
    /// Students as the cells stand.
    pub quantity_before: i64,
    /// Students as read.
    pub quantity: i64,
    /// Students printed as the total.
    pub printed_quantity: Option<i64>,
    /// Cost as the cells stand, US cents.
    pub cost_before: i64,
    /// Cost as read, US cents.
    pub cost: i64,
    /// Cost printed as the total, US cents.
    pub printed_cost: Option<i64>,
    /// Whether students agreed as printed.
    pub quantity_agreed_before: Option<bool>,
    /// Whether students agree as read.
    pub quantity_agrees: Option<bool>,
    /// Whether cost agreed as printed.
    pub cost_agreed_before: Option<bool>,
    /// Whether cost agrees as read.
    pub cost_agrees: Option<bool>,
}

/// A finding.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FindingLine {
    /// Code of the data set.
    pub dataset: String,
    /// Number of the finding.
    pub number: u32,
    /// Finding code.
    pub code: String,
    /// `note`, `repaired` or `doubt`.
    pub severity: String,
    /// Row it is about.
    pub row: Option<i64>,
    /// Block it is about.
    pub block: i64,
    /// Column it is about.
    pub column: String,
    /// Page as printed.
    pub page: String,
    /// Printed value.
    pub printed: String,
    /// What we read.
    pub read: String,
    /// Confidence.
    pub confidence: String,
    /// ISO code of the country it touches.
    pub iso3: String,
    /// Fiscal year of the row.
    pub fiscal_year: Option<i64>,
}

/// A cell read differently from how it is printed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OverlayLine {
    /// Code of the data set.
    pub dataset: String,
    /// Row.
    pub row: i64,
    /// Column.
    pub column: String,
    /// What is printed.
    pub printed: String,
    /// What we read.
    pub read: String,
    /// Why.
    pub reason: String,
    /// Finding code.
    pub code: String,
    /// Confidence.
    pub confidence: String,
}

fn get<'a>(table: &TableDef, row: &'a FactRow, name: &str) -> &'a Value {
    static NULL: Value = Value::Null;
    table
        .column(name)
        .and_then(|i| row.cells.get(i))
        .unwrap_or(&NULL)
}

pub(crate) fn block_line(dataset: &str, row: &FactRow) -> BlockLine {
    let t = &TRAINING_BLOCK;
    let text = |n: &str| get(t, row, n).text().to_owned();
    let int = |n: &str| get(t, row, n).int();
    BlockLine {
        dataset: dataset.to_owned(),
        number: row_number(row.id),
        report: text("report"),
        source_group: text("source_group"),
        country: text("country"),
        iso3: text("partner"),
        program: text("program"),
        first_row: int("first_row").unwrap_or(0),
        total_row: int("total_row"),
        rows: int("rows").unwrap_or(0),
        quantity_before: int("quantity_before").unwrap_or(0),
        quantity: int("quantity").unwrap_or(0),
        printed_quantity: int("printed_quantity"),
        cost_before: int("cost_before").unwrap_or(0),
        cost: int("cost").unwrap_or(0),
        printed_cost: int("printed_cost"),
        quantity_agreed_before: int("quantity_agreed_before").map(|n| n != 0),
        quantity_agrees: int("quantity_agrees").map(|n| n != 0),
        cost_agreed_before: int("cost_agreed_before").map(|n| n != 0),
        cost_agrees: int("cost_agrees").map(|n| n != 0),
    }
}

pub(crate) fn finding_line(dataset: &str, row: &FactRow) -> FindingLine {
    let t = &TRAINING_FINDING;
    let text = |n: &str| get(t, row, n).text().to_owned();
    FindingLine {
        dataset: dataset.to_owned(),
        number: row_number(row.id),
        code: text("code"),
        severity: text("severity"),
        row: get(t, row, "row").int(),
        block: get(t, row, "block").int().unwrap_or(0),
        column: text("column_name"),
        page: text("page"),
        printed: text("printed"),
        read: text("read"),
        confidence: text("confidence"),
        iso3: text("partner"),
        fiscal_year: get(t, row, "fiscal_year").int(),
    }
}

pub(crate) fn overlay_line(dataset: &str, row: &FactRow) -> OverlayLine {
    let text = |n: &str| get(&TRAINING_OVERLAY, row, n).text().to_owned();
    OverlayLine {
        dataset: dataset.to_owned(),
        row: get(&TRAINING_OVERLAY, row, "row").int().unwrap_or(0),
        column: text("column_name"),
        printed: String::new(),
        read: text("read"),
        reason: text("reason"),
        code: text("code"),
        confidence: text("confidence"),
    }
}
