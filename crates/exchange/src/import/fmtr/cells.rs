//! Reads single cells: amounts, dates, numbers. Each says plainly when it cannot.

use jiff::civil::Date;

/// What stands in a cell for an amount or a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell<T> {
    /// Nothing is printed.
    Blank,
    /// A value.
    Value(T),
    /// Something that is no value.
    Other,
}

impl<T> Cell<T> {
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(v) => Some(v),
            _ => None,
        }
    }
}

/// An amount in cents: `$1,234`, `1234`, `8175.6`.
///
/// `$` alone is read as zero: in the FY2011 report, which prints `$` and never `$0` on its rows,
/// all programme totals agree when it is.
pub(super) fn money(text: &str) -> Cell<i64> {
    if text.is_empty() {
        return Cell::Blank;
    }
    let digits = text.strip_prefix('$').unwrap_or(text);
    if digits.is_empty() {
        return Cell::Value(0);
    }
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "00"));
    let (Some(whole), Some(cents)) = (grouped(whole), cents(part)) else {
        return Cell::Other;
    };
    whole
        .checked_mul(100)
        .and_then(|w| w.checked_add(cents))
        .map_or(Cell::Other, Cell::Value)
}

/// Cents from the digits after the point; from the third digit on they are rounded.
fn cents(part: &str) -> Option<i64> {
    plain(part)?;
    let digit = |i: usize| part.as_bytes().get(i).map_or(0, |b| i64::from(b - b'0'));
    Some(digit(0) * 10 + digit(1) + i64::from(digit(2) >= 5))
}

/// A number of students: `12`, `1,200`.
pub(super) fn count(text: &str) -> Cell<i64> {
    if text.is_empty() {
        return Cell::Blank;
    }
    grouped(text).map_or(Cell::Other, Cell::Value)
}

/// Digits with or without commas between thousands.
fn grouped(text: &str) -> Option<i64> {
    if !text.contains(',') {
        return plain(text);
    }
    let mut parts = text.split(',');
    let first = parts.next()?;
    let mut n = plain(first).filter(|_| first.len() <= 3)?;
    for part in parts {
        if part.len() != 3 {
            return None;
        }
        n = n.checked_mul(1000)?.checked_add(plain(part)?)?;
    }
    Some(n)
}

/// Digits only. At most twelve, so that sums of a whole file stay within 64 bits.
pub(super) fn plain(text: &str) -> Option<i64> {
    if text.is_empty() || text.len() > 12 {
        return None;
    }
    text.bytes().try_fold(0_i64, |n, b| {
        b.is_ascii_digit().then(|| n * 10 + i64::from(b - b'0'))
    })
}

/// What stands in a date cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Day {
    Blank,
    /// A day of the calendar.
    On(Date),
    /// Looks like a date and is none, or lies in a year that cannot be meant.
    Impossible,
    /// No date at all.
    Other,
}

/// A month/day/year date. A two-digit year is the one nearest to the year of the report.
pub(super) fn day(text: &str, report: i16) -> Day {
    if text.is_empty() {
        return Day::Blank;
    }
    let mut parts = text.split('/');
    let (Some(m), Some(d), Some(y), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Day::Other;
    };
    let (Some(month), Some(day), Some(year)) = (plain(m), plain(d), plain(y)) else {
        return Day::Other;
    };
    if m.len() > 2 || d.len() > 2 || y.len() > 4 {
        return Day::Other;
    }
    let Ok(mut year) = i16::try_from(year) else {
        return Day::Impossible;
    };
    if y.len() <= 2 {
        let century = report.div_euclid(100) * 100;
        year = [century - 100 + year, century + year, century + 100 + year]
            .into_iter()
            .min_by_key(|y| (y - report).abs())
            .unwrap_or(year);
    }
    let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else {
        return Day::Impossible;
    };
    Date::new(year, month, day).map_or(Day::Impossible, Day::On)
}

/// Whether the text has the form of a date.
pub(super) fn is_day(text: &str) -> bool {
    matches!(day(text, 2000), Day::On(_) | Day::Impossible)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn amounts_with_and_without_signs_commas_and_cents() {
        for (text, cents) in [
            ("$1,234", 123_400),
            ("0", 0),
            ("$0", 0),
            ("$", 0),
            ("8175.6", 817_560),
            ("16232.54", 1_623_254),
            ("99348.345", 9_934_835),
            ("$4,634,880", 463_488_000),
        ] {
            assert_eq!(money(text), Cell::Value(cents), "{text}");
        }
        assert_eq!(money(""), Cell::Blank);
        for text in ["N/A", "1,23", "578 11/16/2008", "-5", "$$1", ".", "1."] {
            assert_eq!(money(text), Cell::Other, "{text}");
        }
    }

    #[test]
    fn two_digit_years_are_those_nearest_to_the_report() {
        assert_eq!(day("9/30/99", 2000), Day::On(date(1999, 9, 30)));
        assert_eq!(day("1/2/02", 1999), Day::On(date(2002, 1, 2)));
        assert_eq!(day("12/10/2007", 2008), Day::On(date(2007, 12, 10)));
    }

    #[test]
    fn days_outside_the_calendar_are_impossible_and_words_are_no_days() {
        assert_eq!(day("2/30/2008", 2008), Day::Impossible);
        assert_eq!(day("13/1/2008", 2008), Day::Impossible);
        assert_eq!(day("$4,181", 2008), Day::Other);
        assert_eq!(day("1/2/3/4", 2008), Day::Other);
        assert_eq!(day("", 2008), Day::Blank);
    }
}
