//! Days as TOML writes them, and as numbers in columns.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer};
use symbolon_domain::date::{FiscalYear, epoch_days, from_epoch_days};

/// Days since 1970-01-01.
pub type Days = i64;

/// A day written as a TOML date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

impl Day {
    /// As a number.
    #[must_use]
    pub fn days(self) -> Days {
        i64::from(epoch_days(self.0))
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = toml::value::Datetime::deserialize(deserializer)?;
        let parsed = written.to_string().parse();
        parsed.map(Self).map_err(serde::de::Error::custom)
    }
}

/// The day of a number; `None` outside the calendar.
#[must_use]
pub fn date(days: Days) -> Option<Date> {
    i32::try_from(days).ok().and_then(from_epoch_days)
}

/// As people write it: `2023-04-04`.
#[must_use]
pub fn written(days: Days) -> String {
    date(days).map_or_else(|| "no such day".to_owned(), |d| d.to_string())
}

/// The fiscal year a day falls in.
#[must_use]
pub fn fiscal_year(days: Days) -> i64 {
    date(days).map_or(0, |d| i64::from(FiscalYear::of(d).0))
}

/// First day of a fiscal year: 1 October of the calendar year before.
#[must_use]
pub fn fiscal_start(year: i64) -> Option<Days> {
    let year = i16::try_from(year.checked_sub(1)?).ok()?;
    let day = Date::new(year, 10, 1).ok()?;
    Some(i64::from(epoch_days(day)))
}

/// The same day so many months later; the last day of a shorter month.
#[must_use]
pub fn months_later(days: Days, months: i64) -> Option<Days> {
    let span = jiff::Span::new().try_months(months).ok()?;
    let day = date(days)?.checked_add(span).ok()?;
    Some(i64::from(epoch_days(day)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as on;

    #[test]
    fn a_fiscal_year_starts_in_october() {
        let start = fiscal_start(2027).unwrap();
        assert_eq!(date(start), Some(on(2026, 10, 1)));
        assert_eq!((fiscal_year(start - 1), fiscal_year(start)), (2026, 2027));
    }

    #[test]
    fn a_month_after_the_last_of_january_is_the_last_of_february() {
        let later = months_later(Day(on(2023, 1, 31)).days(), 1).unwrap();
        assert_eq!(date(later), Some(on(2023, 2, 28)));
    }
}
