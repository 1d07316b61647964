//! Derogatory record: what was found against a candidate, and how it was resolved.

use crate::{kind::Kind, record::RecordId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a finding was resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// It is not the candidate but somebody or some unit with a like name.
    NotTheSame,
    /// It is the candidate, and the information is not credible.
    NotCredible,
    /// It is the candidate and credible, and is no gross violation.
    NotGross,
    /// It is the candidate, credible, and a gross violation.
    Stands,
    /// The law's remedy was taken: see the remediation.
    Remedied,
}

/// What was found against a candidate, with the incident it is about, and its resolution. A decision
/// that clears needs every one resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DerogatoryRecord {
    /// The candidate.
    #[schemars(extend("x-reference" = "vetting_candidate", "x-list" = true))]
    pub candidate: RecordId,
    /// The incident, where there is one.
    #[serde(default)]
    #[schemars(extend("x-reference" = "incident", "x-list" = true))]
    pub incident: Option<RecordId>,
    /// What was found, in one line.
    #[schemars(length(max = 500))]
    pub statement: String,
    /// How it reaches the candidate: `own`, `parent`, `sub-unit`, `commander`.
    #[serde(default)]
    #[schemars(extend("x-list" = true))]
    pub through: String,
    /// How it was resolved; nothing: not yet.
    #[serde(default)]
    #[schemars(extend("x-list" = true))]
    pub resolution: Option<Resolution>,
    /// Why it was resolved so.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text"))]
    pub grounds: String,
}

impl Kind for DerogatoryRecord {
    const CODE: &'static str = "derogatory_record";
    const NAME: &'static str = "Derogatory record";
    const AREA: &'static str = "vetting file";
    const STATES: &'static [&'static str] = &["open", "resolved"];
    const OF_PARTNER: bool = true;
}
