//! Commitment: what one side promised the other.

use crate::{
    kind::{Kind, Transition},
    record::RecordId,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One of the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The nation that provides.
    Provider,
    /// The partner nation.
    Partner,
}

/// What one side promised the other within an initiative, shown side by side with the other side's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    /// What was promised.
    #[schemars(length(max = 500), extend("x-list" = true, "x-partner" = true))]
    pub statement: String,
    /// The initiative.
    #[schemars(extend("x-reference" = "initiative", "x-partner" = true))]
    pub initiative: RecordId,
    /// Which side promised it.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub by: Side,
    /// By when.
    #[serde(default)]
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub due: Option<Date>,
    /// What shows that it was kept.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-partner" = true))]
    pub evidence: String,
    /// The meeting in which it was made.
    #[serde(default)]
    #[schemars(extend("x-reference" = "engagement", "x-partner" = true))]
    pub agreed_in: Option<RecordId>,
}

impl Kind for Commitment {
    const CODE: &'static str = "commitment";
    const NAME: &'static str = "Commitment";
    const AREA: &'static str = "plan";
    const STATES: &'static [&'static str] = &["proposed", "agreed", "kept", "broken", "released"];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("agree", "Agree", &["proposed"], "agreed"),
        Transition::new("keep", "Mark as kept", &["agreed"], "kept").needing(&["evidence"]),
        Transition::new("break", "Mark as broken", &["agreed"], "broken").with_reason(),
        Transition::new("release", "Release", &["proposed", "agreed"], "released").with_reason(),
    ];
    const KEY: &'static [&'static str] = &["initiative", "by", "statement"];
    const OF_PARTNER: bool = true;
}
