//! The reader's language. English words stand where they are used, in templates and in the definitions of
//! kinds; a catalogue of another language (`words/*.toml`) says what they are there. What a catalogue does
//! not know stays English and is marked so. The language of a request holds for the task that answers it.

mod catalogue;
pub mod coverage;
mod numbers;
mod spoken;
#[cfg(test)]
mod tests;

pub use catalogue::Catalogue;
pub use numbers::several;
pub use spoken::{
    Apart, Asked, Told, apart, asked, carried, comma, current, english, known, say, speak,
    speaking, told,
};

use serde::{Deserialize, Serialize};

/// A language of the pages.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Language {
    /// English, in which the program is written.
    #[default]
    English,
    /// French.
    French,
    /// Spanish.
    Spanish,
    /// Arabic.
    Arabic,
    /// Portuguese.
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

    /// The words of it; none for English, whose words stand where they are used.
    fn catalogue(self) -> Option<&'static Catalogue> {
        Catalogue::of(self)
    }
}
