//! Capability gap: what a partner cannot do yet.

use crate::{
    kind::{Kind, Transition},
    record::RecordId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who stated a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatedBy {
    /// The partner's own officer.
    Partner,
    /// The security cooperation office.
    Office,
    /// The combatant command.
    Command,
}

/// Something a partner cannot do yet and wants or is asked to be able to do, stated by the
/// partner's own officer or by the office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CapabilityGap {
    /// The gap in one line.
    #[schemars(length(max = 200), extend("x-list" = true, "x-partner" = true))]
    pub title: String,
    /// Domain of the gap.
    #[schemars(title = "DOTMLPF-P domain", extend("x-code-list" = "dotmlpf", "x-list" = true, "x-partner" = true))]
    pub domain: String,
    /// Mission type it bears on.
    #[serde(default)]
    #[schemars(title = "Capability area", extend("x-code-list" = "capability-area", "x-list" = true, "x-partner" = true))]
    pub area: String,
    /// Who stated it.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub stated_by: StatedBy,
    /// The threat it answers.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-section" = "Case"))]
    pub threat: String,
    /// What can be done today, with figures where there are any.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-section" = "Case", "x-partner" = true))]
    pub baseline: String,
    /// What should be possible, and by when.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-section" = "Case", "x-partner" = true))]
    pub wanted: String,
    /// The partner's own contribution: people, money, sites, law.
    #[serde(default)]
    #[schemars(title = "Partner's contribution", extend("x-type" = "long-text", "x-section" = "Case", "x-partner" = true))]
    pub contribution: String,
    /// The partner's own statement that it takes up: a gap that the partner's officer recorded.
    #[serde(default)]
    #[schemars(title = "Statement it takes up", extend("x-reference" = "capability_gap", "x-partner" = true))]
    pub statement: Option<RecordId>,
    /// Rank among the gaps of the partner, 1 first.
    #[serde(default)]
    #[schemars(range(min = 1, max = 999), extend("x-list" = true))]
    pub priority: Option<i64>,
    /// The country plan it was adopted into.
    #[serde(default)]
    #[schemars(extend("x-reference" = "country_plan"))]
    pub plan: Option<RecordId>,
}

impl Kind for CapabilityGap {
    const CODE: &'static str = "capability_gap";
    const NAME: &'static str = "Capability gap";
    const AREA: &'static str = "plan";
    const STATES: &'static [&'static str] = &[
        "reported",
        "validated",
        "prioritised",
        "adopted",
        "deferred",
        "rejected",
    ];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new(
            "validate",
            "Validate",
            &["reported", "deferred"],
            "validated",
        )
        .needing(&["baseline"]),
        Transition::new("prioritise", "Prioritise", &["validated"], "prioritised")
            .needing(&["priority"]),
        Transition::new("adopt", "Adopt into the plan", &["prioritised"], "adopted")
            .needing(&["plan"])
            .approval(),
        Transition::new(
            "defer",
            "Defer",
            &["reported", "validated", "prioritised"],
            "deferred",
        )
        .with_reason(),
        Transition::new(
            "reject",
            "Reject",
            &["reported", "validated", "prioritised", "deferred"],
            "rejected",
        )
        .with_reason(),
    ];
    const KEY: &'static [&'static str] = &["title"];
    const OF_PARTNER: bool = true;
}
