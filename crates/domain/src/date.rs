//! Dates as the trade meets them: fiscal years, and facts known only to the month, the year, or "about".

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A United States fiscal year: FY2010 runs from 2009-10-01 to 2010-09-30 (31 U.S.C. 1102).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct FiscalYear(pub i16);

impl FiscalYear {
    /// The fiscal year a day falls in.
    ///
    /// ```
    /// use symbolon_domain::date::FiscalYear;
    /// assert_eq!(FiscalYear::of(jiff::civil::date(2009, 10, 1)), FiscalYear(2010));
    /// assert_eq!(FiscalYear::of(jiff::civil::date(2009, 9, 30)), FiscalYear(2009));
    /// ```
    #[must_use]
    pub fn of(day: Date) -> Self {
        Self(day.year() + i16::from(day.month() >= 10))
    }
}

impl fmt::Display for FiscalYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FY{}", self.0)
    }
}

/// Days since 1970-01-01, the form dates take in columns.
#[must_use]
pub fn epoch_days(day: Date) -> i32 {
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.until(day).map_or(0, |span| span.get_days())
}

/// The day so many days after 1970-01-01; `None` outside the calendar.
#[must_use]
pub fn from_epoch_days(days: i32) -> Option<Date> {
    jiff::civil::date(1970, 1, 1)
        .checked_add(jiff::Span::new().try_days(days).ok()?)
        .ok()
}

/// How exactly a date is known.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub enum Precision {
    /// The day itself.
    #[default]
    Day,
    /// The month; the day part is 1.
    Month,
    /// The year; month and day are 1.
    Year,
    /// Around that day.
    About,
    /// Not later than that day.
    Before,
    /// Not earlier than that day.
    After,
    /// Some day from that day to this one, both included.
    Between(Date),
}

/// The words of a precision, in the order of [`Precision`]; `between` carries its last day behind it.
const PRECISIONS: [(&str, Precision); 6] = [
    ("day", Precision::Day),
    ("month", Precision::Month),
    ("year", Precision::Year),
    ("about", Precision::About),
    ("before", Precision::Before),
    ("after", Precision::After),
];

/// What stands before the last day of a stretch.
const BETWEEN: &str = "between_until_";

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, PRECISIONS.iter().find(|(_, p)| p == self)) {
            (_, Some((word, _))) => f.write_str(word),
            (Self::Between(last), None) => write!(f, "{BETWEEN}{last}"),
            (_, None) => Ok(()),
        }
    }
}

impl TryFrom<String> for Precision {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        if let Some((_, precision)) = PRECISIONS.iter().find(|(word, _)| *word == text) {
            return Ok(*precision);
        }
        let last = text.strip_prefix(BETWEEN).and_then(|day| day.parse().ok());
        last.map(Self::Between)
            .ok_or_else(|| format!("`{text}` is not a precision of a date"))
    }
}

impl From<Precision> for String {
    fn from(precision: Precision) -> Self {
        precision.to_string()
    }
}

impl JsonSchema for Precision {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Precision".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let words: Vec<&str> = PRECISIONS.iter().map(|(word, _)| *word).collect();
        let pattern = format!(r"^({}|{BETWEEN}\d{{4}}-\d{{2}}-\d{{2}})$", words.join("|"));
        schemars::json_schema!({"type": "string", "pattern": pattern})
    }
}

/// A date with its precision: when something was true in the world, as far as anybody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Known {
    /// The day, or the first day of the month or year.
    pub day: Date,
    /// How exactly.
    #[serde(default)]
    pub precision: Precision,
}

impl JsonSchema for Known {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Known".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let precision = generator.subschema_for::<Precision>();
        schemars::json_schema!({
            "type": "object", "x-type": "known-date",
            "properties": {"day": {"type": "string", "format": "date"}, "precision": precision},
            "required": ["day"]
        })
    }
}

impl Known {
    /// A date known to the day.
    #[must_use]
    pub const fn on(day: Date) -> Self {
        Self {
            day,
            precision: Precision::Day,
        }
    }
}

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.precision {
            Precision::Day => write!(f, "{}", self.day),
            Precision::Month => write!(f, "{}", self.day.strftime("%Y-%m")),
            Precision::Year => write!(f, "{}", self.day.year()),
            Precision::About => write!(f, "about {}", self.day),
            Precision::Before => write!(f, "before {}", self.day),
            Precision::After => write!(f, "after {}", self.day),
            Precision::Between(last) => write!(f, "between {} and {last}", self.day),
        }
    }
}

/// Valid time: from the first day (inclusive) to the last bound (exclusive); an open end is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ValidTime {
    /// First day it was true; absent: unknown or always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Known>,
    /// First day it was no longer true; absent: still true as far as known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Known>,
}

impl ValidTime {
    /// Whether it was true on a day. Half-open, as R-06 of the security rules asks.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|f| f.day <= day) && self.to.is_none_or(|t| day < t.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn membership_holds_from_its_first_day_and_not_on_its_end() {
        let v = ValidTime {
            from: Some(Known::on(date(2023, 4, 4))),
            to: Some(Known::on(date(2025, 1, 29))),
        };
        assert!(!v.holds_on(date(2023, 4, 3)));
        assert!(v.holds_on(date(2023, 4, 4)));
        assert!(v.holds_on(date(2025, 1, 28)));
        assert!(!v.holds_on(date(2025, 1, 29)));
    }

    #[test]
    fn imprecise_dates_say_so() {
        let known = Known {
            day: date(2012, 11, 1),
            precision: Precision::Month,
        };
        assert_eq!(known.to_string(), "2012-11");
    }

    #[test]
    fn days_round_trip() {
        for d in [date(1969, 12, 31), date(1970, 1, 1), date(2026, 11, 22)] {
            assert_eq!(from_epoch_days(epoch_days(d)), Some(d));
        }
    }
}
