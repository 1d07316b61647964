//! A date as far as it is known, as one text: the profile of ISO 8601-2 (EDTF) that records use.

use crate::date::{Known, Precision};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A date known to the day, month or year, or only as about, before or after a day, or between two.
///
/// As text: `2012-11-05`, `2012-11`, `2012`, `2012-11-05~` (about), `../2012-11-05` (not later than),
/// `2012-11-05/..` (not earlier than), `2012-11-05/2012-12-24` (some day of these).
///
/// ```
/// use symbolon_domain::when::When;
/// for text in ["2012-11-05", "2012-11", "2012", "2012-11-05~", "../2012-11-05", "2012-11-05/..", "2012-11-05/2012-12-24"] {
///     assert_eq!(text.parse::<When>().unwrap().to_string(), text);
/// }
/// assert_eq!("about 2012-11".parse::<When>().unwrap().to_string(), "2012-11-01~");
/// assert_eq!("between 2012-11 and 2012-12".parse::<When>().unwrap().to_string(), "2012-11-01/2012-12-31");
/// assert!("5 Nov".parse::<When>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct When(pub Known);

/// A text that is no such date.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "`{0}` is not a date: write 2012-11-05, 2012-11 or 2012, with about, before or after in front of it where it is not exact, or between 2012-03 and 2012-05"
)]
pub struct WhenError(String);

impl std::str::FromStr for When {
    type Err = WhenError;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let text = s.trim();
        let bad = || WhenError(s.chars().take(40).collect());
        if let Some((first, last)) = stretch(text) {
            return between(first, last).map(Self).ok_or_else(bad);
        }
        let worded = ["about ", "before ", "after "]
            .into_iter()
            .zip([Precision::About, Precision::Before, Precision::After])
            .find_map(|(word, told)| {
                let rest = text.get(word.len()..)?;
                text[..word.len()]
                    .eq_ignore_ascii_case(word)
                    .then_some((rest.trim(), Some(told)))
            });
        let (day, told) = if let Some(worded) = worded {
            worded
        } else if let Some(rest) = text.strip_prefix("../") {
            (rest, Some(Precision::Before))
        } else if let Some(rest) = text.strip_suffix("/..") {
            (rest, Some(Precision::After))
        } else if let Some(rest) = text.strip_suffix('~') {
            (rest, Some(Precision::About))
        } else {
            (text, None)
        };
        let (day, shown) = parse_day(day).ok_or_else(bad)?;
        Ok(Self(Known {
            day,
            precision: told.unwrap_or(shown),
        }))
    }
}

/// The two ends of `between A and B` or `A/B`; an open end is no stretch.
fn stretch(text: &str) -> Option<(&str, &str)> {
    const WORD: &str = "between ";
    if text.get(..WORD.len())?.eq_ignore_ascii_case(WORD) {
        return text[WORD.len()..].split_once(" and ");
    }
    text.split_once('/')
        .filter(|(first, last)| *first != ".." && *last != "..")
}

/// From the first day of the one to the last day of the other, which must come after.
fn between(first: &str, last: &str) -> Option<Known> {
    let (day, _) = parse_day(first.trim())?;
    let (last, shown) = parse_day(last.trim())?;
    let last = match shown {
        Precision::Month => last.last_of_month(),
        Precision::Year => last.last_of_year(),
        _ => last,
    };
    let precision = Precision::Between(last);
    (day < last).then_some(Known { day, precision })
}

/// A full day, a month or a year; anything else is none.
fn parse_day(text: &str) -> Option<(Date, Precision)> {
    let digits = |s: &str, n: usize| s.len() == n && s.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = text.split('-').collect();
    let (full, precision) = match parts.as_slice() {
        [y] if digits(y, 4) => (format!("{y}-01-01"), Precision::Year),
        [y, m] if digits(y, 4) && digits(m, 2) => (format!("{y}-{m}-01"), Precision::Month),
        [y, m, d] if digits(y, 4) && digits(m, 2) && digits(d, 2) => {
            (text.to_owned(), Precision::Day)
        }
        _ => return None,
    };
    Some((full.parse().ok()?, precision))
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.0.day;
        match self.0.precision {
            Precision::Day => write!(f, "{day}"),
            Precision::Month => write!(f, "{}", day.strftime("%Y-%m")),
            Precision::Year => write!(f, "{}", day.strftime("%Y")),
            Precision::About => write!(f, "{day}~"),
            Precision::Before => write!(f, "../{day}"),
            Precision::After => write!(f, "{day}/.."),
            Precision::Between(last) => write!(f, "{day}/{last}"),
        }
    }
}

impl TryFrom<String> for When {
    type Error = WhenError;
    fn try_from(s: String) -> Result<Self, Self::Error> {
        s.parse()
    }
}

impl From<When> for String {
    fn from(when: When) -> Self {
        when.to_string()
    }
}

impl JsonSchema for When {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "When".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "x-type": "when"})
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_printed_is_read_again(days in 0i32..40_000, more in 1i32..4_000, kind in 0usize..7) {
            let day = crate::date::from_epoch_days(days).unwrap();
            let last = crate::date::from_epoch_days(days + more).unwrap();
            let precision = [Precision::Day, Precision::Month, Precision::Year, Precision::About,
                Precision::Before, Precision::After, Precision::Between(last)][kind];
            let day = match precision {
                Precision::Month => day.first_of_month(),
                Precision::Year => day.first_of_year(),
                _ => day,
            };
            let when = When(Known { day, precision });
            prop_assert_eq!(when.to_string().parse::<When>().unwrap(), when);
            let kept = serde_json::to_value(when.0).unwrap();
            prop_assert_eq!(serde_json::from_value::<Known>(kept).unwrap(), when.0);
            let read = when.0.to_string().parse::<When>().unwrap();
            prop_assert_eq!(read, when, "as it is shown, so it may be typed");
        }

        #[test]
        fn a_stretch_ends_after_it_begins(days in 0i32..40_000, less in 0i32..4_000) {
            let day = |n| crate::date::from_epoch_days(n).unwrap();
            let text = format!("between {} and {}", day(days), day(days - less));
            prop_assert!(text.parse::<When>().is_err());
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,40}") {
            let _ = text.parse::<When>();
        }
    }
}
