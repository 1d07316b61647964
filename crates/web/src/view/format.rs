//! Numbers and words for people. One place, so that a language can be added here. Whole numbers are taken as
//! values or references, because templates hand over references.

use std::borrow::Borrow;
use symbolon_domain::money::Amount;

/// What stands where there is no value; never a zero.
pub const NOTHING: &str = "\u{2013}";

/// A whole number with thousands separators.
#[must_use]
pub fn count(n: impl Borrow<i64>) -> String {
    let n = *n.borrow();
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3 + 1);
    if n < 0 {
        out.push('\u{2212}');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// An amount with thousands separators, to the hundredth.
#[must_use]
pub fn amount(a: Amount) -> String {
    let text = a.to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, "00"));
    match whole.parse::<i64>() {
        Ok(n) if !(n == 0 && whole.starts_with('-')) => format!("{}.{part}", count(n)),
        _ => text,
    }
}

/// A measured value: whole numbers as counts, others with at most two decimals.
#[must_use]
pub fn value(n: f64) -> String {
    if n.abs() >= 1000.0 || n.fract().abs() < 1e-9 {
        return count(n.round() as i64);
    }
    let text = format!("{n:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    text.replacen('-', "\u{2212}", 1)
}

/// A value for an axis or a legend: 12 million, 3.4 billion.
#[must_use]
pub fn short(n: f64) -> String {
    let (scaled, suffix) = match n.abs() {
        a if a >= 1e9 => (n / 1e9, " bn"),
        a if a >= 1e6 => (n / 1e6, " m"),
        a if a >= 1e4 => (n / 1e3, " k"),
        _ => return value(n),
    };
    let text = format!("{scaled:.1}");
    format!("{}{suffix}", text.trim_end_matches(".0"))
}

/// A share of one as per cent with one decimal.
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}

/// "1 row", "2 rows", "1,000 rows", in the language spoken where it counts them.
#[must_use]
pub fn plural(n: impl Borrow<i64>, one: &str, many: &str) -> String {
    let n = *n.borrow();
    super::language::several(n, one)
        .unwrap_or_else(|| format!("{} {}", count(n), if n == 1 { one } else { many }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(count(0), "0");
        assert_eq!(count(-1_234_567), "\u{2212}1,234,567");
        assert_eq!(count(999), "999");
        assert_eq!(amount(Amount(123_456_705)), "1,234,567.05");
        assert_eq!(amount(Amount(-1_050)), "\u{2212}10.50");
        assert_eq!(amount(Amount(-50)), "-0.50");
        assert_eq!(value(-2.5), "\u{2212}2.5");
        assert_eq!(value(3.0), "3");
        assert_eq!(short(12_400_000.0), "12.4 m");
        assert_eq!(short(9_999.0), "9,999");
        assert_eq!(percent(0.1234), "12.3");
        assert_eq!(plural(1, "row", "rows"), "1 row");
    }
}
