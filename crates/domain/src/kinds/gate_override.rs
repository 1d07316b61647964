//! Override: a gate of the program passed on a recorded decision.

use crate::{
    kind::{Kind, Transition},
    record::RecordId,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A decision that one gate is passed for one record although what it asks for is not so: by whom, why, until
/// when. Only gates of policy can be passed so; what a statute forbids has the waivers of that statute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GateOverride {
    /// What is to be allowed.
    #[schemars(length(max = 200), extend("x-list" = true))]
    pub title: String,
    /// The gate.
    #[schemars(extend("x-code-list" = "overridable-gate", "x-list" = true))]
    pub gate: String,
    /// The initiative it holds for.
    #[schemars(extend("x-reference" = "initiative"))]
    pub initiative: RecordId,
    /// The case it holds for; left out: every case of the initiative.
    #[serde(default)]
    #[schemars(extend("x-reference" = "case"))]
    pub case: Option<RecordId>,
    /// Why.
    #[schemars(extend("x-type" = "long-text"))]
    pub grounds: String,
    /// In which role it is granted.
    #[schemars(length(max = 100), extend("x-list" = true))]
    pub role: String,
    /// Last day on which it holds.
    #[schemars(extend("x-list" = true))]
    pub expires: Date,
}

impl Kind for GateOverride {
    const CODE: &'static str = "gate_override";
    const NAME: &'static str = "Override";
    const AREA: &'static str = "authority";
    const STATES: &'static [&'static str] = &["requested", "granted", "refused", "revoked"];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("grant", "Grant", &["requested"], "granted").approval(),
        Transition::new("refuse", "Refuse", &["requested"], "refused").with_reason(),
        Transition::new("revoke", "Revoke", &["granted"], "revoked").with_reason(),
    ];
    const KEY: &'static [&'static str] = &["title"];
    const OF_PARTNER: bool = true;
}
