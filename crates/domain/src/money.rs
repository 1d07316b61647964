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
    fn cents_print_exactly_and_round_for_people() {
        assert_eq!(Cents(817_560).decimal(), "8175.60");
        assert_eq!(Cents(817_560).to_string(), "$8,176");
        assert_eq!(Cents(-150).to_string(), "-$2");
        assert_eq!(Cents(-5).decimal(), "-0.05");
        assert_eq!(Cents(0).to_string(), "$0");
    }
}
