//! Finding the country a printed name means.

use super::rows::{Days, rows};
use jiff::civil::Date;
use std::collections::HashMap;
use std::sync::OnceLock;
use symbolon_domain::country::{Iso3, fold_name};

/// A spelling and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountryName {
    /// The spelling as printed.
    pub printed: &'static str,
    /// The country; nothing where the name is no country.
    pub iso3: Option<Iso3>,
    /// When the spelling means this country; open for all but labels that changed hands.
    pub days: Days,
    /// Which of our sources print it, parted by spaces.
    pub used_by: &'static str,
    /// Why it means what it means, or why it is no country.
    pub note: &'static str,
}

/// All spellings.
#[must_use]
pub fn names() -> &'static [CountryName] {
    static ALL: OnceLock<Vec<CountryName>> = OnceLock::new();
    ALL.get_or_init(|| {
        let heads = [
            "name_as_printed",
            "iso3",
            "valid_from",
            "valid_to",
            "used_by",
            "note",
        ];
        rows(file!("countries/names.csv"), heads)
            .filter_map(name_row)
            .collect()
    })
}

fn name_row([printed, iso3, from, to, used_by, note]: [&'static str; 6]) -> Option<CountryName> {
    let iso3 = if iso3.is_empty() {
        None
    } else {
        Some(iso3.parse().ok()?)
    };
    Some(CountryName {
        printed,
        iso3,
        days: Days::read(from, to)?,
        used_by,
        note,
    })
}

/// A look-up from printed names to countries: spelling, case, accents and punctuation do not matter.
#[derive(Debug)]
pub struct CountryNames {
    by_fold: HashMap<String, Vec<&'static CountryName>>,
}

impl CountryNames {
    /// The look-up over the names that ship with the program.
    ///
    /// ```
    /// use symbolon_exchange::shipped::CountryNames;
    /// let names = CountryNames::shipped();
    /// let found = names.find("Cote D’Ivoire, Republic of", None);
    /// assert_eq!(found.map(|c| c.to_string()).as_deref(), Some("CIV"));
    /// ```
    #[must_use]
    pub fn shipped() -> &'static Self {
        static ALL: OnceLock<CountryNames> = OnceLock::new();
        ALL.get_or_init(|| {
            let mut by_fold: HashMap<String, Vec<&'static CountryName>> = HashMap::new();
            for name in names() {
                by_fold
                    .entry(fold_name(name.printed))
                    .or_default()
                    .push(name);
            }
            Self { by_fold }
        })
    }

    /// The country a printed name means on a day. Without a day, a label that has meant several
    /// countries in turn means none.
    #[must_use]
    pub fn find(&self, printed: &str, on: Option<Date>) -> Option<Iso3> {
        let mut found = self
            .entries(printed)
            .filter(|n| on.is_none_or(|day| n.days.hold_on(day)));
        let first = found.next()?.iso3?;
        found.all(|n| n.iso3 == Some(first)).then_some(first)
    }

    /// Everything known of a printed name, also that it is no country.
    pub fn entries(&self, printed: &str) -> impl Iterator<Item = &'static CountryName> + '_ {
        self.by_fold
            .get(&fold_name(printed))
            .into_iter()
            .flatten()
            .copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn found(printed: &str, on: Option<Date>) -> Option<String> {
        CountryNames::shipped()
            .find(printed, on)
            .map(|c| c.to_string())
    }

    #[test]
    fn spellings_of_one_country_lead_to_it() {
        for printed in [
            "Korea, Republic of South",
            "KOREA (REPUBLIC OF)",
            "South Korea",
            "Korea",
        ] {
            assert_eq!(found(printed, None).as_deref(), Some("KOR"), "{printed}");
        }
        assert_eq!(found("Burkina FASO", None).as_deref(), Some("BFA"));
        assert_eq!(found("Türkiye", None).as_deref(), Some("TUR"));
    }

    #[test]
    fn a_label_that_changed_hands_needs_a_day() {
        let label = "Serbia (Yugoslavia)";
        assert_eq!(found(label, Some(date(2003, 2, 3))).as_deref(), Some("YUG"));
        assert_eq!(found(label, Some(date(2003, 2, 4))).as_deref(), Some("SCG"));
        assert_eq!(found(label, Some(date(2006, 6, 3))).as_deref(), Some("SRB"));
        assert_eq!(found(label, None), None);
    }

    #[test]
    fn a_name_that_is_no_country_is_known_as_such() {
        assert_eq!(found("Indochina", None), None);
        let mut known = CountryNames::shipped().entries("Indochina");
        assert!(known.next().is_some_and(|n| !n.note.is_empty()));
        assert_eq!(CountryNames::shipped().entries("Atlantis").count(), 0);
    }
}
