//! Countries as codes: ISO 3166-1 alpha-3, held in three bytes.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An ISO 3166-1 alpha-3 code, or a code reserved for user assignment (`XKX` for Kosovo).
///
/// The type says nothing about whether the code was in force on a date: that is data
/// (`data/countries/`).
///
/// ```
/// use symbolon_domain::country::Iso3;
/// assert_eq!("NGA".parse::<Iso3>().unwrap().as_str(), "NGA");
/// assert!("Nigeria".parse::<Iso3>().is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Iso3([u8; 3]);

/// A text that is not three capital letters.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not an ISO 3166-1 alpha-3 code: three capital letters are wanted")]
pub struct Iso3Error(pub String);

impl Iso3 {
    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // INVARIANT: only ASCII capitals get in.
        std::str::from_utf8(&self.0).unwrap_or("???")
    }
}

impl std::str::FromStr for Iso3 {
    type Err = Iso3Error;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        match s.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|x| x.is_ascii_uppercase()) => Ok(Self([*a, *b, *c])),
            _ => Err(Iso3Error(s.chars().take(40).collect())),
        }
    }
}

impl TryFrom<String> for Iso3 {
    type Error = Iso3Error;
    fn try_from(s: String) -> Result<Self, Self::Error> {
        s.parse()
    }
}

impl From<Iso3> for String {
    fn from(code: Iso3) -> Self {
        code.as_str().to_owned()
    }
}

impl fmt::Display for Iso3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Iso3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl schemars::JsonSchema for Iso3 {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Iso3".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "pattern": "^[A-Z]{3}$", "x-type": "country"})
    }
}

/// Folds a printed country name for look-up: transliterated to ASCII, lower case, only letters and
/// digits, single spaces. `"Côte d’Ivoire"` and `"COTE D'IVOIRE"` fold alike.
#[must_use]
pub fn fold_name(printed: &str) -> String {
    let mut out = String::with_capacity(printed.len());
    let mut gap = false;
    for c in any_ascii::any_ascii(printed).chars() {
        if c.is_ascii_alphanumeric() {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(c.to_ascii_lowercase());
        } else if c != '\'' {
            gap = true;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_country_fold_alike() {
        assert_eq!(fold_name("Côte d’Ivoire"), fold_name("COTE D'IVOIRE"));
        assert_eq!(
            fold_name(" Korea - South (Republic of) "),
            "korea south republic of"
        );
    }

    #[test]
    fn lower_case_and_long_codes_are_refused() {
        assert!("nga".parse::<Iso3>().is_err());
        assert!("NGAA".parse::<Iso3>().is_err());
        assert!("".parse::<Iso3>().is_err());
    }
}
