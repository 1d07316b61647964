//! Money as integers of minor units; never a floating-point number.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount in US cents. The training report prints whole dollars, and cents in some years.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Cents(pub i64);

impl Cents {
    /// Whole dollars, rounded half away from zero.
    #[must_use]
    pub fn dollars(self) -> i64 {
        let half = if self.0 < 0 { -50 } else { 50 };
        self.0.saturating_add(half) / 100
    }

    /// The amount as an exact decimal string, `"1234.50"`; the form used in JSON and CSV.
    #[must_use]
    pub fn decimal(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let a = self.0.unsigned_abs();
        format!("{sign}{}.{:02}", a / 100, a % 100)
    }
}

impl fmt::Display for Cents {
    /// Dollars with thousands separators: `$1,235`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let d = self.dollars();
        if d < 0 {
            f.write_str("-")?;
        }
        write!(f, "${}", grouped(d.unsigned_abs()))
    }
}

/// An amount of some currency in hundredths; in JSON and files a decimal string, `"1234.50"`.
///
/// The currency stands in a field of its own. Every currency is kept with two decimals, also those
/// that have none (ISO 4217), so that columns add up.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct Amount(pub i64);

/// A text that is no amount.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "`{0}` is not an amount: digits, optionally a minus before and at most two decimals after a point"
)]
pub struct AmountError(String);

impl std::str::FromStr for Amount {
    type Err = AmountError;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let bad = || AmountError(s.chars().take(40).collect());
        let plain: String = s
            .trim()
            .chars()
            .filter(|c| *c != ',' && *c != ' ')
            .collect();
        let (negative, digits) = match plain.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, plain.as_str()),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || part.len() > 2 || !all_digits(whole) || !all_digits(part) {
            return Err(bad());
        }
        let hundredths: i64 = format!("{whole}{part:0<2}").parse().map_err(|_| bad())?;
        Ok(Self(if negative { -hundredths } else { hundredths }))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Cents(self.0).decimal())
    }
}

impl TryFrom<String> for Amount {
    type Error = AmountError;
    fn try_from(s: String) -> Result<Self, Self::Error> {
        s.parse()
    }
}

impl From<Amount> for String {
    fn from(amount: Amount) -> Self {
        amount.to_string()
    }
}

impl schemars::JsonSchema for Amount {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Amount".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "pattern": "^-?[0-9]+(\\.[0-9]{1,2})?$", "x-type": "amount"})
    }
}

/// A whole number with commas between thousands.
///
/// ```
/// assert_eq!(symbolon_domain::money::grouped(1_234_567), "1,234,567");
/// ```
#[must_use]
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_and_refuse_what_is_none() {
        for (text, hundredths) in [
            ("0", 0),
            ("12.5", 1250),
            ("-0.05", -5),
            ("1,234.50", 123_450),
        ] {
            assert_eq!(text.parse::<Amount>().unwrap().0, hundredths, "{text}");
        }
        for text in [
            "",
            "-",
            "1.234",
            "1e3",
            "0x1",
            "99999999999999999999",
            ".5",
            "1.-5",
        ] {
            assert!(text.parse::<Amount>().is_err(), "{text}");
        }
        assert_eq!(Amount(123_450).to_string(), "1234.50");
    }

    #[test]
    fn cents_print_exactly_and_round_for_people() {
        assert_eq!(Cents(817_560).decimal(), "8175.60");
        assert_eq!(Cents(817_560).to_string(), "$8,176");
        assert_eq!(Cents(-150).to_string(), "-$2");
        assert_eq!(Cents(-5).decimal(), "-0.05");
        assert_eq!(Cents(0).to_string(), "$0");
    }
}
