//! Views to bytes: tables as CSV and XLSX, one set of rules for both.

pub mod calendar;
mod csv_sheet;
mod guard;
pub mod records;
mod xlsx_sheet;

pub use guard::{guarded, unguarded};

use std::io::Write;

/// What stands around a table: goes to the second sheet of a workbook, never into a CSV body.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    /// Title.
    pub title: String,
    /// When it was made, RFC 3339.
    pub made_at: String,
    /// Address of the page with its filters.
    pub address: String,
    /// Rows in the table.
    pub rows: u64,
    /// What the numbers do not cover, one text a line.
    pub lines: Vec<String>,
}

/// A cell on its way out.
#[derive(Clone, Debug, PartialEq)]
pub enum Field<'a> {
    /// Nothing; stays empty, never zero.
    Empty,
    /// A whole number.
    Int(i64),
    /// An exact decimal, already written out.
    Decimal(String),
    /// Text.
    Text(&'a str),
    /// Text made for the row.
    Owned(String),
}

/// A table being written.
pub enum Sheet<W: Write + Send> {
    /// Comma-separated values, RFC 4180, streamed.
    Csv(Box<csv_sheet::CsvSheet<W>>),
    /// A workbook with a notes sheet.
    Xlsx(Box<xlsx_sheet::XlsxSheet<W>>),
}

impl<W: Write + Send> Sheet<W> {
    /// Begins a CSV file.
    ///
    /// # Errors
    /// What the writer says.
    pub fn csv(out: W, heads: &[String]) -> std::io::Result<Self> {
        csv_sheet::CsvSheet::new(out, heads).map(|s| Self::Csv(Box::new(s)))
    }

    /// Begins a workbook.
    ///
    /// # Errors
    /// What the writer says; too many rows for a sheet.
    pub fn xlsx(out: W, heads: &[String], notes: &Notes) -> std::io::Result<Self> {
        xlsx_sheet::XlsxSheet::new(out, heads, notes).map(|s| Self::Xlsx(Box::new(s)))
    }

    /// Writes a row.
    ///
    /// # Errors
    /// What the writer says.
    pub fn row(&mut self, fields: &[Field<'_>]) -> std::io::Result<()> {
        match self {
            Self::Csv(s) => s.row(fields),
            Self::Xlsx(s) => s.row(fields),
        }
    }

    /// Ends the file.
    ///
    /// # Errors
    /// What the writer says.
    pub fn finish(self) -> std::io::Result<()> {
        match self {
            Self::Csv(s) => s.finish(),
            Self::Xlsx(s) => s.finish(),
        }
    }
}
