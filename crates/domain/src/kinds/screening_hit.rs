//! Screening hit: an entry of a list that may be the candidate, with the reasons, and how it was resolved.

use super::Resolution;
use crate::{kind::Kind, record::RecordId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    /// How it was resolved; nothing: not yet.
    #[serde(default)]
    #[schemars(extend("x-list" = true))]
    pub resolution: Option<Resolution>,
    /// Why it was resolved so.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text"))]
    pub grounds: String,
}

impl Kind for ScreeningHit {
    const CODE: &'static str = "screening_hit";
    const NAME: &'static str = "Screening hit";
    const AREA: &'static str = "vetting file";
    const STATES: &'static [&'static str] = &["open", "resolved", "gone"];
    const KEY: &'static [&'static str] = &["candidate", "list", "entry_number"];
    const OF_PARTNER: bool = true;
}
