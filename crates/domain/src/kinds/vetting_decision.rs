//! Vetting decision: what was decided on a candidate, on what grounds, and until when it holds.

use crate::{kind::Kind, record::RecordId};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a decision says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// May receive.
    Cleared,
    /// Not until something open is settled.
    Suspended,
    /// May not receive.
    Rejected,
    /// No longer asked for.
    Cancelled,
}

impl Outcome {
    /// The state the candidate takes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Cleared => "cleared",
            Self::Suspended => "suspended",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A decision on a candidate: proposed by one person with grounds, confirmed by another. It is opened
/// again by the program when a fact changes that it stood on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VettingDecision {
    /// The candidate.
    #[schemars(extend("x-reference" = "vetting_candidate", "x-list" = true))]
    pub candidate: RecordId,
    /// What is decided.
    #[schemars(extend("x-list" = true))]
    pub outcome: Outcome,
    /// Why: what was consulted, what was found, how it was resolved.
    #[schemars(extend("x-type" = "long-text"))]
    pub grounds: String,
    /// First day it holds.
    #[serde(default)]
    #[schemars(extend("x-list" = true))]
    pub holds_from: Option<Date>,
    /// First day it no longer holds, by the vetting policy of its day.
    #[serde(default)]
    #[schemars(extend("x-list" = true))]
    pub holds_until: Option<Date>,
    /// The value of the vetting policy that set it, with its source.
    #[serde(default)]
    pub policy: String,
    /// Whether the law asks that the government be informed.
    #[serde(default)]
    pub must_inform: bool,
    /// Day the government was informed.
    #[serde(default)]
    pub informed_on: Option<Date>,
    /// Account that proposed it.
    #[schemars(extend("x-reference" = "account"))]
    pub proposed_by: RecordId,
    /// Account that confirmed it: another one.
    #[serde(default)]
    #[schemars(extend("x-reference" = "account"))]
    pub confirmed_by: Option<RecordId>,
    /// Records it stood on, one a line: kind and id. A change to one of them opens it again.
    #[serde(default)]
    pub stood_on: Vec<String>,
    /// What opened it again, one a line.
    #[serde(default)]
    pub reopened_by: Vec<String>,
    /// Deliveries, students and travel orders that stood on it then, one a line: kind and id.
    #[serde(default)]
    pub affected: Vec<String>,
}

impl Kind for VettingDecision {
    const CODE: &'static str = "vetting_decision";
    const NAME: &'static str = "Vetting decision";
    const AREA: &'static str = "vetting file";
    const STATES: &'static [&'static str] = &[
        "proposed",
        "in_force",
        "reopened",
        "superseded",
        "withdrawn",
        "expired",
    ];
    const OF_PARTNER: bool = true;
}
