//! Responsibility: who does, answers for, is asked and is told about one activity.

use crate::{kind::Kind, record::RecordId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A part in an activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RaciPart {
    /// Does it.
    Responsible,
    /// Answers for it; two such are two keys.
    Accountable,
    /// Is asked before.
    Consulted,
    /// Is told after.
    Informed,
}

/// One cell row of a responsibility table: a party's part in one activity of an initiative. Two
/// parties that answer for one activity are two keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RaciRow {
    /// The activity.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub activity: String,
    /// The initiative.
    #[schemars(extend("x-reference" = "initiative", "x-partner" = true))]
    pub initiative: RecordId,
    /// The party.
    #[schemars(extend("x-code-list" = "raci-party", "x-list" = true, "x-partner" = true))]
    pub party: String,
    /// Its part.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub part: RaciPart,
    /// What it means here.
    #[serde(default)]
    #[schemars(extend("x-partner" = true))]
    pub note: String,
}

impl Kind for RaciRow {
    const CODE: &'static str = "raci_row";
    const NAME: &'static str = "Responsibility";
    const AREA: &'static str = "plan";
    const STATES: &'static [&'static str] = &["recorded"];
    const KEY: &'static [&'static str] = &["initiative", "activity", "party", "part"];
    const OF_PARTNER: bool = true;
}
