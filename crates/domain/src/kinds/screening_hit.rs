//! Screening hit: an entry of a list that may be the candidate, with the reasons, and how it was resolved.

use crate::{kind::Kind, record::RecordId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a person says of a hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HitAnswer {
    /// The entry is the candidate: what it says is a derogatory record from then on.
    Same,
    /// The entry is somebody or some unit with a like name.
    Different,
    /// It cannot be told yet: the hit stays open, and nothing is cleared.
    NotSure,
}

impl HitAnswer {
    /// The word in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Different => "different",
            Self::NotSure => "not_sure",
        }
    }
}

/// An entry of a list whose name is like a candidate's. It says that somebody has to look, never that they are
/// the same. The program records it when a version of the list is loaded; a person resolves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScreeningHit {
    /// The candidate.
    #[schemars(extend("x-reference" = "vetting_candidate", "x-list" = true))]
    pub candidate: RecordId,
    /// Code of the list.
    #[schemars(extend("x-list" = true))]
    pub list: String,
    /// Code of the version of the list.
    #[schemars(extend("x-list" = true))]
    pub edition: String,
    /// Number of the entry in the list.
    #[schemars(extend("x-list" = true))]
    pub entry_number: String,
    /// Name in the list that is like the candidate's.
    pub listed_name: String,
    /// Name of the candidate that was asked about.
    #[schemars(extend("x-marking" = "personal"))]
    pub asked_name: String,
    /// Likelihood that they are the same, in thousandths, as the matching engine puts it.
    #[schemars(range(min = 0, max = 1000), extend("x-list" = true))]
    pub score: i64,
    /// `match` or `not sure`: what the engine says; it never decides.
    #[schemars(extend("x-list" = true))]
    pub verdict: String,
    /// Why, feature by feature; one a line.
    pub reasons: Vec<String>,
    /// What a person said of it; nothing: nobody looked yet.
    #[serde(default)]
    #[schemars(extend("x-list" = true))]
    pub answer: Option<HitAnswer>,
    /// Why that is so.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text"))]
    pub grounds: String,
    /// Account that answered.
    #[serde(default)]
    #[schemars(extend("x-reference" = "account"))]
    pub answered_by: Option<RecordId>,
    /// Account that confirmed the answer, where the vetting policy asks for a second person.
    #[serde(default)]
    #[schemars(extend("x-reference" = "account"))]
    pub confirmed_by: Option<RecordId>,
    /// The derogatory record made of it, where it is the candidate.
    #[serde(default)]
    #[schemars(extend("x-reference" = "derogatory_record"))]
    pub derogatory: Option<RecordId>,
}

impl Kind for ScreeningHit {
    const CODE: &'static str = "screening_hit";
    const NAME: &'static str = "Screening hit";
    const AREA: &'static str = "vetting file";
    const STATES: &'static [&'static str] = &["open", "proposed", "resolved", "gone"];
    const KEY: &'static [&'static str] = &["candidate", "list", "entry_number"];
    const OF_PARTNER: bool = true;
}
