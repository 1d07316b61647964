//! Country names, looked up once per printed spelling and report.

use jiff::civil::Date;
use std::collections::HashMap;
use symbolon_domain::country::{Iso3, fold_name};

/// What the reader must be told about countries. The names are data and belong to the caller.
pub trait Countries {
    /// The country a printed name means on a day.
    fn find(&self, printed: &str, on: Option<Date>) -> Option<Iso3>;
    /// The usual name of a country.
    fn name(&self, iso3: Iso3) -> Option<&str>;
}

impl Countries for crate::shipped::CountryNames {
    fn find(&self, printed: &str, on: Option<Date>) -> Option<Iso3> {
        Self::find(self, printed, on)
    }
    fn name(&self, iso3: Iso3) -> Option<&str> {
        crate::shipped::country(iso3).map(|c| c.name)
    }
}

/// A memory in front of [`Countries`].
pub(super) struct Names<'a> {
    source: &'a dyn Countries,
    on: Option<Date>,
    known: HashMap<String, Option<Iso3>>,
}

impl<'a> Names<'a> {
    pub fn new(source: &'a dyn Countries) -> Self {
        Self {
            source,
            on: None,
            known: HashMap::new(),
        }
    }

    /// Sets the day names are read on.
    pub fn set_day(&mut self, on: Option<Date>) {
        if on != self.on {
            self.on = on;
            self.known.clear();
        }
    }

    pub fn find(&mut self, printed: &str) -> Option<Iso3> {
        if printed.is_empty() {
            return None;
        }
        if let Some(found) = self.known.get(printed) {
            return *found;
        }
        let found = self.source.find(printed, self.on);
        // A hostile file may name a million places, at length; the memory stays small.
        if printed.len() > 200 {
            return found;
        }
        if self.known.len() >= 50_000 {
            self.known.clear();
        }
        self.known.insert(printed.to_owned(), found);
        found
    }

    pub fn name(&self, iso3: Iso3) -> String {
        self.source
            .name(iso3)
            .map_or_else(|| iso3.to_string(), str::to_owned)
    }

    /// The country a location names: "Benin (In Country Training)", "Cotonou, Benin", "Benin".
    pub fn in_place(&mut self, place: &str) -> Option<Iso3> {
        if let Some(country) = in_country(place) {
            return self.find(country);
        }
        let last = place.rsplit(',').next().unwrap_or(place).trim();
        self.find(last)
    }
}

/// The country of "Benin (In Country Training)".
pub(super) fn in_country(place: &str) -> Option<&str> {
    if !place.ends_with(')') {
        return None;
    }
    let at = place.rfind('(')?;
    let inside = &place[at + 1..place.len() - 1];
    inside
        .eq_ignore_ascii_case("in country training")
        .then(|| place[..at].trim_end().trim_end_matches(','))
}

/// The region of a source group: "2012_2013_Africa_fmtrpt" and "1999_2000_Africa_2_fmtrpt" are Africa.
pub(super) fn region(group: &str) -> &str {
    let part = group.strip_suffix("_fmtrpt").unwrap_or(group);
    part.trim_matches(|c: char| c.is_ascii_digit() || c == '_')
}

/// A name in the form alphabetical order is judged by.
pub(super) fn order(name: &str) -> String {
    fold_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_region_is_the_group_without_years() {
        assert_eq!(region("2012_2013_Africa_fmtrpt"), "Africa");
        assert_eq!(region("1999_2000_Africa_2_fmtrpt"), "Africa");
        assert_eq!(
            region("2001_2002_East_Asia_and_Pacific_fmtrpt"),
            "East_Asia_and_Pacific"
        );
        assert_eq!(region("9"), "");
    }

    #[test]
    fn in_country_training_names_its_country() {
        assert_eq!(
            in_country("IVORY COAST (IN COUNTRY TRAINING)"),
            Some("IVORY COAST")
        );
        assert_eq!(in_country("Newport (RI)"), None);
        assert_eq!(in_country(")"), None);
    }
}
