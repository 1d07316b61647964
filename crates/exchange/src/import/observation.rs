//! Figures by country and period: the one form in which all our public series are kept.
//!
//! Refuses a file with other heads, ragged rows, bytes that are no text, or a value that is no plain
//! decimal. What a measure means is said in the table of measures, not here.

pub(super) mod checked;

use super::ImportError;
use checked::Place;
use std::io::Read;
use symbolon_domain::country::Iso3;

/// The columns, in order.
pub const COLUMNS: [&str; 8] = [
    "iso3",
    "as_printed",
    "year",
    "period",
    "measure",
    "value",
    "unit",
    "note",
];

/// The note of rows that sum up others: the world, a region, a total.
pub const AGGREGATE: &str = "aggregate";

/// One figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observation<'a> {
    /// Physical line in the file, from 1.
    pub line: u64,
    /// The country; nothing for totals, regions and lines that are no country.
    pub iso3: Option<Iso3>,
    /// The name in the source.
    pub as_printed: &'a str,
    /// The year, calendar or fiscal as the period says.
    pub year: i16,
    /// `2010`, `FY2010`, `FY1976TQ`.
    pub period: &'a str,
    /// Code of the measure.
    pub measure: &'a str,
    /// The value, a plain decimal such as `-1.25`.
    pub value: &'a str,
    /// Unit of the value.
    pub unit: &'a str,
    /// [`AGGREGATE`], or why the row is no country.
    pub note: &'a str,
}

impl Observation<'_> {
    /// Whether the row sums up others and must not be added to them.
    #[must_use]
    pub fn is_aggregate(&self) -> bool {
        self.note == AGGREGATE
    }

    /// The value for arithmetic that needs no exactness.
    #[must_use]
    pub fn number(&self) -> f64 {
        self.value.parse().unwrap_or(f64::NAN)
    }
}

/// Reads a file, packed or not, and hands over one figure after the other.
///
/// # Errors
/// At the first place that is not of the form, or when the receiver refuses.
pub fn read(
    input: impl Read,
    file: &str,
    sink: &mut dyn FnMut(Observation<'_>) -> Result<(), ImportError>,
) -> Result<u64, ImportError> {
    checked::table(input, file, COLUMNS, |place, cells| {
        sink(observation(place, cells)?)
    })
}

fn observation<'a>(place: Place<'_>, cells: [&'a str; 8]) -> Result<Observation<'a>, ImportError> {
    let [iso3, as_printed, year, period, measure, value, unit, note] = cells;
    let digits = if year.len() == 4 {
        year.parse().ok()
    } else {
        None
    };
    let year = digits.ok_or_else(|| {
        place
            .at(3)
            .refuse(format!("`{year}` is no year"), "give four digits")
    })?;
    if !is_period(period, year) {
        let problem = format!("`{period}` is no period of {year}");
        return Err(place
            .at(4)
            .refuse(problem, "write 2010, FY2010 or FY1976TQ"));
    }
    for (cell, column, what) in [(measure, 5, "measure"), (unit, 7, "unit")] {
        if cell.is_empty() {
            return Err(place
                .at(column)
                .refuse(format!("no {what}"), "every figure needs one"));
        }
    }
    if !is_decimal(value) {
        let problem = format!("`{value}` is not a plain decimal");
        let help = "write digits with a point, without commas, currency signs or exponents";
        return Err(place.at(6).refuse(problem, help));
    }
    let iso3 = country(place.at(1), iso3)?;
    if iso3.is_none() && note.is_empty() {
        let help = "say in the note why the row is no country (for example `aggregate`)";
        return Err(place.at(8).refuse("a figure without country or note", help));
    }
    Ok(Observation {
        line: place.line,
        iso3,
        as_printed,
        year,
        period,
        measure,
        value,
        unit,
        note,
    })
}

/// A code, or nothing where the cell is blank.
pub(super) fn country(place: Place<'_>, cell: &str) -> Result<Option<Iso3>, ImportError> {
    if cell.is_empty() {
        return Ok(None);
    }
    cell.parse()
        .map(Some)
        .map_err(|e: symbolon_domain::country::Iso3Error| {
            place.refuse(
                e.to_string(),
                "leave the cell blank where no country is meant",
            )
        })
}

fn is_period(period: &str, year: i16) -> bool {
    let rest = period.strip_prefix("FY").unwrap_or(period);
    let rest = if rest.len() < period.len() {
        rest.strip_suffix("TQ").unwrap_or(rest)
    } else {
        rest
    };
    rest.len() == 4 && rest.parse() == Ok(year)
}

/// Digits, at most one point with digits on both sides, a minus at most.
pub(super) fn is_decimal(text: &str) -> bool {
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    match text.split_once('.') {
        Some((whole, part)) => digits(whole) && digits(part),
        None => digits(text),
    }
}

#[cfg(test)]
mod tests;
