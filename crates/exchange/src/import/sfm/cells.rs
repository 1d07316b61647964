//! What a cell says: lists, dates of every form, confidence, keys.

use jiff::civil::Date;
use symbolon_domain::{
    date::{Known, Precision},
    record::Confidence,
};

/// The items of a cell, separated by semicolons, each once.
pub(super) fn items(cell: &str) -> Vec<String> {
    let mut all: Vec<String> = vec![];
    for item in cell.split(';').map(str::trim).filter(|i| !i.is_empty()) {
        if all.iter().all(|known| known != item) {
            all.push(item.to_owned());
        }
    }
    all
}

/// The first item of a cell: some cells are printed twice over.
pub(super) fn first(cell: &str) -> &str {
    cell.split(';').next().unwrap_or_default().trim()
}

/// `Low`, `Medium` or `High`; nothing for anything else.
pub(super) fn confidence(cell: &str) -> Option<Confidence> {
    match cell.to_ascii_lowercase().as_str() {
        "low" | "1" => Some(Confidence::Low),
        "medium" | "2" => Some(Confidence::Medium),
        "high" | "3" => Some(Confidence::High),
        _ => None,
    }
}

/// The key of a unit or person that is known by name: letters without case, spaces once, and the country.
pub(super) fn key(name: &str, country: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let country = two_letters(country);
    format!("{country}/{}", words.join(" ").to_lowercase())
}

/// A key as it is shown.
pub(super) fn shown(key: &str) -> &str {
    key.split_once('/').map_or(key, |(_, name)| name)
}

/// `ng` from `ng` or `ocd-division/country:ng`.
pub(super) fn two_letters(division: &str) -> String {
    let last = first(division).rsplit(':').next().unwrap_or_default();
    last.trim().to_ascii_lowercase()
}

/// A date as these files print it: `8/31/2017`, `2017`, `April 2018`, `2012-11-00`, `2012-11-05`.
#[must_use]
pub fn date(cell: &str) -> Option<Known> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let cell = first(cell);
    let number = |s: &str| s.parse::<i16>().ok();
    let known = |y: i16, m: i16, d: i16| {
        let precision = match (m, d) {
            (0, _) => Precision::Year,
            (_, 0) => Precision::Month,
            _ => Precision::Day,
        };
        let day = Date::new(
            y,
            i8::try_from(m.max(1)).ok()?,
            i8::try_from(d.max(1)).ok()?,
        );
        let day = day.ok().filter(|_| (1900..2200).contains(&y))?;
        Some(Known { day, precision })
    };
    let slashes: Vec<&str> = cell.split('/').collect();
    let dashes: Vec<&str> = cell.split('-').collect();
    let words: Vec<&str> = cell.split_whitespace().collect();
    match (slashes.as_slice(), dashes.as_slice(), words.as_slice()) {
        ([m, d, y], ..) => known(number(y)?, number(m)?, number(d)?),
        (_, [y, m, d], _) => known(number(y)?, number(m)?, number(d)?),
        (_, _, [month, y]) => {
            let lower = month.to_ascii_lowercase();
            let at = MONTHS.iter().position(|m| lower.starts_with(m))?;
            known(number(y)?, i16::try_from(at).ok()? + 1, 0)
        }
        (_, [y], [_]) => known(number(y)?, 0, 0),
        _ => None,
    }
}
