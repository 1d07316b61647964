//! Engagement: a meeting or visit of both sides, with its purpose and what follows.

use crate::{
    kind::{Kind, Transition},
    record::RecordId,
    when::When,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A meeting, visit or seminar of both sides, with a purpose and what was agreed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Engagement {
    /// What it is.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub title: String,
    /// Level at which both sides meet.
    #[schemars(extend("x-code-list" = "engagement-level", "x-list" = true, "x-partner" = true))]
    pub level: String,
    /// Day it is or was held.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub held: When,
    /// Who takes part from the providing side.
    #[schemars(title = "Provider side", extend("x-partner" = true))]
    pub ours: String,
    /// Who takes part from the partner.
    #[schemars(title = "Partner side", extend("x-partner" = true))]
    pub theirs: String,
    /// The objective it serves.
    #[serde(default)]
    #[schemars(extend("x-reference" = "objective"))]
    pub objective: Option<RecordId>,
    /// What was said and agreed.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-partner" = true))]
    pub outcome: String,
    /// Day of the follow-up.
    #[serde(default)]
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub follow_up: Option<Date>,
}

impl Kind for Engagement {
    const CODE: &'static str = "engagement";
    const NAME: &'static str = "Engagement";
    const AREA: &'static str = "plan";
    const STATES: &'static [&'static str] = &["planned", "held", "cancelled"];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("hold", "Mark as held", &["planned"], "held").needing(&["outcome"]),
        Transition::new("cancel", "Cancel", &["planned"], "cancelled").with_reason(),
    ];
    const KEY: &'static [&'static str] = &["title", "held"];
    const OF_PARTNER: bool = true;
}
