//! Our reading of a printed row, and the block of rows a printed total controls.

use crate::{country::Iso3, date::FiscalYear, money::Cents};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What kind of row was printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum RowKind {
    /// Training of somebody: the only kind that is ever counted.
    Training = 0,
    /// The printed total of a programme in a country; a control total.
    ProgramTotal = 1,
    /// The printed total of a country; a control total.
    CountryTotal = 2,
    /// A page head or foot that the extraction took for a row.
    Residue = 3,
}

impl RowKind {
    /// The kind with this number.
    #[must_use]
    pub fn from_number(n: i64) -> Option<Self> {
        [
            Self::Training,
            Self::ProgramTotal,
            Self::CountryTotal,
            Self::Residue,
        ]
        .into_iter()
        .find(|k| *k as i64 == n)
    }

    /// The kind's name in files and addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Training => "training",
            Self::ProgramTotal => "program_total",
            Self::CountryTotal => "country_total",
            Self::Residue => "residue",
        }
    }
}

/// Whether the training had happened or was planned when the report was printed. The reports of
/// FY1999 and FY2000 mix both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Phase {
    /// Reported as done.
    Actual = 0,
    /// Planned for the year in progress.
    Planned = 1,
}

/// What we read in a row. A field is `None` where nothing is printed or nothing can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Kind of row.
    pub kind: RowKind,
    /// The country trained, by ISO 3166-1 alpha-3 code at that date.
    pub partner: Option<Iso3>,
    /// The fiscal year of the training: the programme's own, else the report's.
    pub fiscal_year: Option<FiscalYear>,
    /// Actual or planned.
    pub phase: Phase,
    /// The account or authority code (`data/training-report/accounts.toml`), such as `IMET` or `S1206`.
    pub account: Option<Box<str>>,
    /// First day.
    pub start: Option<Date>,
    /// Last day.
    pub end: Option<Date>,
    /// Number of students.
    pub quantity: Option<i64>,
    /// Cost.
    pub cost: Option<Cents>,
}

/// The rows of one country and programme in one source group, and the total printed for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Number in the data set, from 1.
    pub number: u32,
    /// `report_fiscal_years` as printed.
    pub report: String,
    /// `source_group` as printed.
    pub source_group: String,
    /// `country` as printed.
    pub country: String,
    /// The country as read.
    pub partner: Option<Iso3>,
    /// `program` as printed.
    pub program: String,
    /// Row number of the first row of the block.
    pub first_row: u32,
    /// Row number of the printed total; `None` where the block has none.
    pub total_row: Option<u32>,
    /// Training rows in the block.
    pub rows: u32,
    /// Sum of quantity as the cells stand, before any repair.
    pub quantity_before: i64,
    /// Sum of cost as the cells stand, before any repair.
    pub cost_before: Cents,
    /// Sum of quantity as read.
    pub quantity: i64,
    /// Sum of cost as read.
    pub cost: Cents,
    /// The printed control totals.
    pub printed_quantity: Option<i64>,
    /// The printed control totals.
    pub printed_cost: Option<Cents>,
    /// Whether quantity agreed before and agrees after repair; `None` where nothing is printed.
    pub quantity_agrees: Option<(bool, bool)>,
    /// Whether cost agreed before and agrees after repair, within the rounding of the printed total.
    pub cost_agrees: Option<(bool, bool)>,
}
