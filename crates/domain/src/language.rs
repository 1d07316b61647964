//! The languages in which pages can be read.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A language of the pages.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
)]
pub enum Language {
    /// English, in which the program is written.
    #[default]
    #[serde(rename = "en")]
    English,
    /// French.
    #[serde(rename = "fr")]
    French,
    /// Spanish.
    #[serde(rename = "es")]
    Spanish,
    /// Arabic.
    #[serde(rename = "ar")]
    Arabic,
    /// Portuguese.
    #[serde(rename = "pt")]
    Portuguese,
}

impl Language {
    /// Every one, in the order of the switch.
    pub const ALL: [Self; 5] = [
        Self::English,
        Self::French,
        Self::Spanish,
        Self::Arabic,
        Self::Portuguese,
    ];

    /// BCP 47 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Arabic => "ar",
            Self::Portuguese => "pt",
        }
    }

    /// What its readers call it.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::French => "Français",
            Self::Spanish => "Español",
            Self::Arabic => "العربية",
            Self::Portuguese => "Português",
        }
    }

    /// Whether it runs right to left.
    #[must_use]
    pub fn rtl(self) -> bool {
        self == Self::Arabic
    }

    /// The language with this code; a region after it does not matter.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        let primary = code.split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|l| l.code().eq_ignore_ascii_case(primary))
    }

    /// The language that `Accept-Language` wants most of those there are (RFC 9110 section 12.5.4); English
    /// where it names none of them.
    #[must_use]
    pub fn accepted(header: &str) -> Self {
        let mut best = (Self::English, 0.0);
        for wanted in header.split(',') {
            let mut parts = wanted.split(';');
            let code = parts.next().unwrap_or_default().trim();
            let weight = parts.find_map(|p| p.trim().strip_prefix("q="));
            let weight: f32 = weight.map_or(1.0, |q| q.parse().unwrap_or(0.0));
            if let Some(language) = Self::of_code(code)
                && weight > best.1
            {
                best = (language, weight);
            }
        }
        best.0
    }
}

impl std::str::FromStr for Language {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::of_code(text.trim());
        known.ok_or_else(|| format!("`{text}` is no language of the pages"))
    }
}
