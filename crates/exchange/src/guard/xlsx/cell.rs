//! One cell: its address, and its value as text.

use jiff::civil::{Date, DateTime, date};

/// Column (from 0) and row (from 1) of an address such as `C17`.
pub(super) fn address(text: &str) -> Option<(u64, u64)> {
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    let (column, row) = text.split_at(letters);
    if !(1..=3).contains(&letters) || !(1..=7).contains(&row.len()) || row.starts_with('0') {
        return None;
    }
    let column = column
        .bytes()
        .fold(0, |n, b| n * 26 + u64::from(b - b'A') + 1);
    if !row.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some((column - 1, row.parse().ok()?))
}

/// The address of a cell, for messages.
pub(super) fn name(column: u64, row: u64) -> String {
    let (mut letters, mut n) = (String::new(), column + 1);
    while n > 0 {
        letters.insert(
            0,
            char::from(b'A' + u8::try_from((n - 1) % 26).unwrap_or(0)),
        );
        n = (n - 1) / 26;
    }
    format!("{letters}{row}")
}

/// A number as text: whole numbers without a point, others as short as they can be read back.
pub(super) fn number(text: &str) -> Option<String> {
    let n: f64 = text.trim().parse().ok().filter(|n: &f64| n.is_finite())?;
    Some(if n == 0.0 {
        "0".to_owned()
    } else {
        format!("{n}")
    })
}

/// A day number of a sheet as an ISO date, with the time where there is one; `None` outside the years
/// 1900 to 9999, and for times without a day.
pub(super) fn day(text: &str, from_1904: bool) -> Option<String> {
    let n: f64 = text.trim().parse().ok().filter(|n: &f64| n.is_finite())?;
    if !(1.0..2_958_466.0).contains(&n) {
        return None;
    }
    let days = n.trunc();
    // Sheets count a 29 February 1900 that was not.
    let first = if from_1904 {
        date(1904, 1, 1)
    } else if days < 60.0 {
        date(1899, 12, 31)
    } else {
        date(1899, 12, 30)
    };
    let day: Date = first
        .checked_add(jiff::Span::new().try_days(days as i64).ok()?)
        .ok()?;
    let seconds = ((n - days) * 86_400.0).round() as i64;
    if seconds == 0 {
        return Some(day.to_string());
    }
    let moment: DateTime = day
        .at(0, 0, 0, 0)
        .checked_add(jiff::Span::new().try_seconds(seconds).ok()?)
        .ok()?;
    Some(moment.to_string())
}

/// Text with `_x000D_` and the like read as the characters they stand for (ECMA-376 part 1, 22.9.2.19).
pub(super) fn unescaped(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains("_x") {
        return text.into();
    }
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find("_x") {
        out.push_str(&rest[..at]);
        let tail = &rest[at..];
        let code = tail
            .get(2..6)
            .filter(|_| tail.as_bytes().get(6) == Some(&b'_'));
        let hex = code.filter(|c| c.bytes().all(|b| b.is_ascii_hexdigit()));
        match hex
            .and_then(|c| u32::from_str_radix(c, 16).ok())
            .and_then(char::from_u32)
        {
            Some(c) if c != '\0' => {
                out.push(c);
                rest = &tail[7..];
            }
            _ => {
                out.push_str("_x");
                rest = &tail[2..];
            }
        }
    }
    out.push_str(rest);
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_written() {
        for (text, at) in [
            ("A1", (0, 1)),
            ("Z9", (25, 9)),
            ("AA10", (26, 10)),
            ("XFD1048576", (16_383, 1_048_576)),
        ] {
            assert_eq!(address(text), Some(at));
            assert_eq!(name(at.0, at.1), text);
        }
        for text in [
            "",
            "A",
            "1",
            "a1",
            "A0",
            "AAAA1",
            "A12345678",
            "A1B",
            "A+1",
            "É1",
        ] {
            assert_eq!(address(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_read_without_noise() {
        for (text, wanted) in [
            ("1", "1"),
            ("1.0", "1"),
            ("0.10000000000000001", "0.1"),
            ("1E3", "1000"),
            ("-0", "0"),
        ] {
            assert_eq!(number(text).unwrap(), wanted);
        }
        assert_eq!(number("x"), None);
        assert_eq!(number("inf"), None);
    }

    #[test]
    fn days_are_counted_as_sheets_do() {
        assert_eq!(day("1", false).unwrap(), "1900-01-01");
        assert_eq!(day("59", false).unwrap(), "1900-02-28");
        assert_eq!(day("61", false).unwrap(), "1900-03-01");
        assert_eq!(day("45292", false).unwrap(), "2024-01-01");
        assert_eq!(day("43830", true).unwrap(), "2024-01-01");
        assert_eq!(day("45292.5", false).unwrap(), "2024-01-01T12:00:00");
        assert_eq!(day("0.5", false), None);
        assert_eq!(day("1e300", false), None);
    }

    #[test]
    fn escapes_are_read_once() {
        assert_eq!(unescaped("a_x000D_b"), "a\rb");
        assert_eq!(unescaped("_x005F_x0041_"), "_x0041_");
        assert_eq!(unescaped("_x00"), "_x00");
        assert_eq!(unescaped("_xé0_"), "_xé0_");
        assert_eq!(unescaped("_xD800_"), "_xD800_");
    }
}
