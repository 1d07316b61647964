//! Countries, their names and their codes, from public code tables and hand-kept corrections.
//!
//! What is decided by hand stands in the CSV files of this folder, with a reason in each row.

mod codes;
mod countries;
mod names;

use super::{Folders, table};
use std::collections::BTreeMap;

/// Rows of the hand-kept tables.
const SPECIAL: &str = include_str!("country/special.csv");
const DATES: &str = include_str!("country/dates.csv");
const NAMES: &str = include_str!("country/names.csv");
const CODES: &str = include_str!("country/codes.csv");

/// Writes `countries.csv`, `names.csv` and `codes.csv`.
pub fn build(folders: &Folders) -> Result<(), String> {
    let public = table::read(&folders.raw("context/country_codes.csv"))?;
    countries::build(folders, &public)?;
    codes::build(folders, &public)?;
    names::build(folders, &public)
}

/// A code or name that stands for a country between two days.
pub struct Dated {
    pub iso3: String,
    pub from: String,
    pub to: String,
}

impl Dated {
    /// Whether it holds on a day (`2003-07-01`); text order is date order.
    pub fn holds_on(&self, day: &str) -> bool {
        self.from.as_str() <= day && (self.to.is_empty() || day < self.to.as_str())
    }
}

/// The codes of one system, as written to `codes.csv`.
pub struct CodeMap(BTreeMap<String, Vec<Dated>>);

impl CodeMap {
    /// Reads one system back from `codes.csv`.
    pub fn read(folders: &Folders, system: &str) -> Result<Self, String> {
        let codes = table::read(&folders.out("countries/codes.csv"))?;
        let [s, code, iso3, from, to] =
            codes.columns(["system", "code", "iso3", "valid_from", "valid_to"])?;
        let mut map: BTreeMap<String, Vec<Dated>> = BTreeMap::new();
        for mut row in codes.rows.into_iter().filter(|r| r[s] == system) {
            let mut take = |c: usize| std::mem::take(&mut row[c]);
            let dated = Dated {
                iso3: take(iso3),
                from: take(from),
                to: take(to),
            };
            map.entry(take(code)).or_default().push(dated);
        }
        Ok(Self(map))
    }

    /// The country a code stood for on a day.
    pub fn find(&self, code: &str, day: &str) -> Option<&str> {
        let dated = self.0.get(code)?;
        dated
            .iter()
            .find(|d| d.holds_on(day))
            .map(|d| d.iso3.as_str())
    }
}
