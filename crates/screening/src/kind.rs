//! What bears a name.

use serde::{Deserialize, Serialize};

/// What bears a name. It decides which words are titles, which are legal forms, and which model scores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A human being.
    Person,
    /// A company, ministry, party or other body.
    Organisation,
    /// A unit of armed forces or police.
    Unit,
    /// A ship.
    Vessel,
    /// An aircraft.
    Aircraft,
    /// Not said.
    #[default]
    Unknown,
}

impl Kind {
    /// Whether a name asked as `self` may be one that is listed as `other`.
    #[must_use]
    pub fn may_be(self, other: Self) -> bool {
        self == Self::Unknown
            || other == Self::Unknown
            || (self == Self::Person) == (other == Self::Person)
    }

    /// Whether names of this kind are read as names of people.
    #[must_use]
    pub fn is_person(self) -> bool {
        self == Self::Person
    }

    /// Stable word, as in files and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Organisation => "organisation",
            Self::Unit => "unit",
            Self::Vessel => "vessel",
            Self::Aircraft => "aircraft",
            Self::Unknown => "unknown",
        }
    }
}
