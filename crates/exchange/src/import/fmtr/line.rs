//! One printed row on its way to a reading, and what is noted about it.

use super::cells::{self, Cell, Day};
use jiff::civil::Date;
use symbolon_domain::{
    country::Iso3,
    record::Confidence,
    training::{Column, Finding, FindingCode, Overlay, PrintedRow, RowKind},
};

/// A printed row with what has been read of it so far. Amounts are cents.
pub(super) struct Line {
    pub row: u32,
    pub printed: PrintedRow,
    pub kind: RowKind,
    /// Index of the programme in the reader's memory.
    pub program: usize,
    pub partner: Option<Iso3>,
    /// The printed programme cannot be relied on for this row.
    pub program_lost: bool,
    /// Index of the block in the section.
    pub block: Option<usize>,
    pub start: Day,
    pub end: Day,
    pub quantity: Cell<i64>,
    pub cost: Cell<i64>,
    /// As the cells stand, before any repair.
    pub quantity_before: i64,
    pub cost_before: i64,
    pub repair: Option<Box<Repair>>,
}

/// Cells read from where they belong.
#[derive(Default)]
pub(super) struct Repair {
    /// Column, what is read there, and why.
    pub moves: Vec<(Column, String, String)>,
}

impl Line {
    pub fn cell(&self, column: Column) -> &str {
        self.printed.cell(column)
    }

    pub fn training(&self) -> bool {
        self.kind == RowKind::Training
    }

    /// Reads the single cells as they stand.
    pub fn read_cells(&mut self, report: i16) {
        self.start = cells::day(self.printed.cell(Column::StartDate), report);
        self.end = cells::day(self.printed.cell(Column::EndDate), report);
        self.quantity = cells::count(self.printed.cell(Column::Quantity));
        self.cost = cells::money(self.printed.cell(Column::TotalCost));
        self.quantity_before = self.quantity.value().unwrap_or(0);
        self.cost_before = self.cost.value().unwrap_or(0);
    }

    /// Moves a value to a column, with the reason; the printed cell stays.
    pub fn read_as(&mut self, column: Column, value: impl Into<String>, why: impl Into<String>) {
        let repair = self.repair.get_or_insert_with(Box::default);
        repair.moves.push((column, value.into(), why.into()));
    }
}

/// Days of a line as read, where they are days.
pub(super) fn date(day: Day) -> Option<Date> {
    match day {
        Day::On(d) => Some(d),
        _ => None,
    }
}

/// What kind of row it is, from its own cells.
///
/// A total says so in its title, or has only a quantity and a cost (the FY2007 report leaves the
/// label blank). A row with nothing from the US unit to the cost is a page head or foot, or the
/// first line of a wrapped title.
pub(super) fn kind(cells: &[&str; 13]) -> RowKind {
    let title = cells[Column::CourseTitle as usize];
    let body = &cells[Column::UsUnit as usize..=Column::TotalCost as usize];
    if let Some(label) = title.strip_suffix("Totals") {
        let label = label.trim_end();
        if label.ends_with("Program") {
            return RowKind::ProgramTotal;
        }
        if country_of_total(title).is_some() {
            return RowKind::CountryTotal;
        }
    }
    let figures = |i: usize| body.get(i).is_some_and(|c| !c.is_empty());
    let words = body.iter().take(5).any(|c| !c.is_empty());
    if title.is_empty() && !words && figures(5) && figures(6) {
        return RowKind::ProgramTotal;
    }
    if body.iter().all(|c| c.is_empty()) {
        return RowKind::Residue;
    }
    RowKind::Training
}

/// "Angola FY 2006 Totals" and "Angola Fiscal Year 2006 Totals" name Angola.
pub(super) fn country_of_total(title: &str) -> Option<&str> {
    let body = title.strip_suffix("Totals")?.trim_end();
    let (rest, year) = body.rsplit_once(' ')?;
    if year.len() != 4 || cells::plain(year).is_none() {
        return None;
    }
    let country = rest
        .strip_suffix(" FY")
        .or_else(|| rest.strip_suffix(" Fiscal Year"))?
        .trim();
    (!country.is_empty()).then_some(country)
}

/// What is noted about a section.
#[derive(Default)]
pub(super) struct Notes {
    pub findings: Vec<Finding>,
    pub overlays: Vec<Overlay>,
}

impl Notes {
    /// A finding about a line.
    pub fn line(
        &mut self,
        line: &Line,
        code: FindingCode,
        column: Option<Column>,
        read: impl Into<String>,
        confidence: Confidence,
    ) {
        let printed = column.map_or("", |c| line.cell(c));
        let read: String = read.into();
        self.findings.push(Finding {
            code,
            row: Some(line.row),
            block: 0,
            column,
            page: line.cell(Column::PageNumber).into(),
            printed: printed.into(),
            read: read.into(),
            confidence,
            partner: line.partner,
        });
    }

    /// A cell read differently.
    pub fn overlay(
        &mut self,
        line: &Line,
        column: Column,
        read: &str,
        reason: &str,
        code: FindingCode,
        confidence: Confidence,
    ) {
        self.overlays.push(Overlay {
            row: line.row,
            column,
            read: read.into(),
            reason: reason.into(),
            code,
            confidence,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(title: &str, unit: &str, quantity: &str, cost: &str) -> RowKind {
        kind(&[
            "2019_2020",
            "g",
            "Mali",
            "p",
            title,
            "",
            unit,
            "",
            "",
            "",
            quantity,
            cost,
            "3",
        ])
    }

    #[test]
    fn totals_are_known_by_label_or_by_its_lack() {
        assert_eq!(
            row("Fiscal Year 2019 Program Totals", "", "4", "$5"),
            RowKind::ProgramTotal
        );
        assert_eq!(
            row("FY 2006 Program Totals", "MoD", "4", "$5"),
            RowKind::ProgramTotal
        );
        assert_eq!(row("", "", "4", "$5"), RowKind::ProgramTotal);
        assert_eq!(
            row("Burkina Faso FY 2006 Totals", "", "4", "$5"),
            RowKind::CountryTotal
        );
        assert_eq!(
            country_of_total("Burkina Faso FY 2006 Totals"),
            Some("Burkina Faso")
        );
    }

    #[test]
    fn page_heads_and_wrapped_titles_are_residue_and_units_are_training() {
        assert_eq!(row("USMC", "", "", ""), RowKind::Residue);
        assert_eq!(row("", "", "", ""), RowKind::Residue);
        assert_eq!(row("PRGM", "Intelligence.", "", ""), RowKind::Training);
        assert_eq!(row("", "", "1", ""), RowKind::Training);
    }
}
