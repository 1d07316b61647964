//! Case phase: who holds a case, since when, and why it waits.

use crate::{
    kind::{Kind, Transition},
    record::RecordId,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A stretch of a case in one phase: who holds it, by when it should move on, and the reason of the wait.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CasePhase {
    /// The case.
    #[schemars(extend("x-reference" = "case", "x-partner" = true))]
    pub case: RecordId,
    /// Phase.
    #[schemars(extend("x-code-list" = "case-phase", "x-list" = true, "x-partner" = true))]
    pub phase: String,
    /// Who holds it.
    #[schemars(length(max = 200), extend("x-list" = true, "x-partner" = true))]
    pub holder: String,
    /// First day.
    #[schemars(title = "Since", extend("x-list" = true, "x-partner" = true))]
    pub begun: Date,
    /// Day by which it should move on.
    #[serde(default)]
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub due: Option<Date>,
    /// Day it moved on.
    #[serde(default)]
    #[schemars(title = "Ended", extend("x-list" = true, "x-partner" = true))]
    pub ended: Option<Date>,
    /// What it waits for.
    #[serde(default)]
    #[schemars(title = "Reason of the wait", extend("x-code-list" = "delay-cause", "x-list" = true, "x-partner" = true))]
    pub waits_for: String,
    /// The reason in words.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-partner" = true))]
    pub note: String,
}

impl Kind for CasePhase {
    const CODE: &'static str = "case_phase";
    const NAME: &'static str = "Case phase";
    const AREA: &'static str = "delivery";
    const STATES: &'static [&'static str] = &["running", "ended"];
    const TRANSITIONS: &'static [Transition] =
        &[Transition::new("end", "End", &["running"], "ended").needing(&["ended"])];
    const KEY: &'static [&'static str] = &["case", "phase", "begun"];
    const OF_PARTNER: bool = true;
}
