//! The Foreign Military Training Report (22 U.S.C. 2416): its printed row, and our reading of it.
//!
//! What was printed is never changed. A reading stands beside it; where we read something other than
//! what stands in the cell, an [`Overlay`] says so with a reason; what we doubt is a [`Finding`].

mod finding;
mod reading;

pub use finding::{Finding, FindingCode, Overlay, Severity};
pub use reading::{Block, Phase, Reading, RowKind};

/// The printed columns, in the order of the file.
pub const COLUMNS: [&str; 13] = [
    "report_fiscal_years",
    "source_group",
    "country",
    "program",
    "course_title",
    "us_unit",
    "student_unit",
    "start_date",
    "end_date",
    "location",
    "quantity",
    "total_cost",
    "page_number",
];

/// A printed column.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
#[expect(missing_docs, reason = "the names are the report's own column heads")]
pub enum Column {
    ReportFiscalYears,
    SourceGroup,
    Country,
    Program,
    CourseTitle,
    UsUnit,
    StudentUnit,
    StartDate,
    EndDate,
    Location,
    Quantity,
    TotalCost,
    PageNumber,
}

impl Column {
    /// All columns in file order.
    pub const ALL: [Self; 13] = [
        Self::ReportFiscalYears,
        Self::SourceGroup,
        Self::Country,
        Self::Program,
        Self::CourseTitle,
        Self::UsUnit,
        Self::StudentUnit,
        Self::StartDate,
        Self::EndDate,
        Self::Location,
        Self::Quantity,
        Self::TotalCost,
        Self::PageNumber,
    ];

    /// The column's name in the file.
    #[must_use]
    pub fn name(self) -> &'static str {
        COLUMNS[self as usize]
    }
}

/// One row exactly as printed, with the physical line it starts on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintedRow {
    /// Physical line in the file, from 1 (the header is line 1), also after quoted newlines.
    pub line: u64,
    text: Box<str>,
    ends: [u32; 13],
}

impl PrintedRow {
    /// A row from its thirteen cells.
    #[must_use]
    pub fn new(line: u64, cells: [&str; 13]) -> Self {
        let mut text = String::with_capacity(cells.iter().map(|c| c.len()).sum());
        let mut ends = [0; 13];
        for (end, cell) in ends.iter_mut().zip(cells) {
            text.push_str(cell);
            // A cell is at most 1 MiB on import, so thirteen fit in 32 bits.
            *end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        }
        Self {
            line,
            text: text.into_boxed_str(),
            ends,
        }
    }

    /// A cell as printed.
    #[must_use]
    pub fn cell(&self, column: Column) -> &str {
        let i = column as usize;
        let from = if i == 0 { 0 } else { self.ends[i - 1] as usize };
        self.text.get(from..self.ends[i] as usize).unwrap_or("")
    }
}

/// A printed row and our reading of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadRow {
    /// Number of the row in the data set, from 1, header not counted.
    pub row: u32,
    /// What was printed.
    pub printed: PrintedRow,
    /// What we read.
    pub reading: Reading,
    /// The block the row belongs to: index into the data set's blocks, from 1; 0 for none.
    pub block: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_back_as_they_went_in() {
        let cells = [
            "2019_2020",
            "",
            "Mali",
            "é",
            "",
            "",
            "",
            "",
            "",
            "x",
            "1",
            "$2",
            "",
        ];
        let row = PrintedRow::new(7, cells);
        for (column, cell) in Column::ALL.iter().zip(cells) {
            assert_eq!(row.cell(*column), cell);
        }
    }

    #[test]
    fn column_names_follow_the_file() {
        for (column, name) in Column::ALL.iter().zip(COLUMNS) {
            assert_eq!(column.name(), name);
        }
    }
}
