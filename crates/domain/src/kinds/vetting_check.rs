//! Vetting check: a source that was consulted about a candidate, and what it said.

use crate::{kind::Kind, record::RecordId};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a consulted source said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckResult {
    /// Nothing was found.
    Nothing,
    /// Something derogatory was found: there is a record of it.
    Derogatory,
    /// A name alike was found; who it is cannot be told.
    CannotTell,
    /// The source could not be consulted.
    NotConsulted,
}

/// One source consulted about one candidate: what was consulted, when, and what it said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VettingCheck {
    /// The candidate.
    #[schemars(extend("x-reference" = "vetting_candidate", "x-list" = true))]
    pub candidate: RecordId,
    /// What was consulted: consular section, incident records, a list.
    #[schemars(extend("x-code-list" = "vetting-source", "x-list" = true))]
    pub consulted: String,
    /// Version or date of what was consulted: of a list, its version.
    #[serde(default)]
    #[schemars(extend("x-list" = true))]
    pub edition: String,
    /// Day it was consulted.
    #[schemars(extend("x-list" = true))]
    pub consulted_on: Date,
    /// What it said.
    #[schemars(extend("x-list" = true))]
    pub result: CheckResult,
    /// What a reader of the file should know.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text"))]
    pub note: String,
}

impl Kind for VettingCheck {
    const CODE: &'static str = "vetting_check";
    const NAME: &'static str = "Vetting check";
    const AREA: &'static str = "vetting file";
    const STATES: &'static [&'static str] = &["recorded"];
    const KEY: &'static [&'static str] = &["candidate", "consulted", "consulted_on"];
    const OF_PARTNER: bool = true;
}
