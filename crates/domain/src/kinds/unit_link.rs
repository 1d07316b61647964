//! Unit link: a unit that a printed text of a report may mean, with the reasons, and what a person said of it.

use crate::{kind::Kind, record::RecordId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How sure the program is of a link.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum LinkConfidence {
    /// Worth a look.
    Low,
    /// Likely.
    Medium,
    /// Very likely.
    High,
    /// Every word and number is the same, and of no other known unit.
    Exact,
}

impl LinkConfidence {
    /// The word in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Exact => "exact",
        }
    }
}

/// A known unit that a text printed in training reports may mean. The program proposes it with its reasons; a
/// person accepts or refuses. What was printed stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitLink {
    /// The text as printed.
    #[schemars(extend("x-list" = true))]
    pub printed: String,
    /// The unit.
    #[schemars(extend("x-reference" = "unit", "x-list" = true))]
    pub unit: RecordId,
    /// The part of the text that means it.
    #[serde(default)]
    pub part: String,
    /// How sure the program is.
    #[schemars(extend("x-list" = true))]
    pub confidence: LinkConfidence,
    /// Points of all reasons together, in hundredths.
    #[schemars(range(min = -100_000, max = 100_000), extend("x-list" = true))]
    pub points: i64,
    /// Why, each with what it adds or takes; one a line.
    #[serde(default)]
    pub reasons: Vec<String>,
    /// Account that accepted or refused it.
    #[serde(default)]
    #[schemars(extend("x-reference" = "account"))]
    pub decided_by: Option<RecordId>,
}

impl Kind for UnitLink {
    const CODE: &'static str = "unit_link";
    const NAME: &'static str = "Unit link";
    const AREA: &'static str = "vetting";
    const STATES: &'static [&'static str] = &["proposed", "accepted", "refused", "gone"];
    const OF_PARTNER: bool = true;
}
