//! Objective: what an initiative shall achieve, with its tests.

use crate::{
    kind::{Kind, Transition},
    record::RecordId,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far along the chain of results an objective lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ObjectiveLevel {
    /// What is delivered.
    Output,
    /// What the partner can do with it.
    Outcome,
    /// What changes because of it.
    Impact,
}

/// What an initiative shall achieve, written so that one can tell whether it was (SMART).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Objective {
    /// The objective in one sentence.
    #[schemars(length(max = 500), extend("x-list" = true, "x-partner" = true))]
    pub statement: String,
    /// The initiative.
    #[schemars(extend("x-reference" = "initiative", "x-partner" = true))]
    pub initiative: RecordId,
    /// Output, outcome or impact.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub level: ObjectiveLevel,
    /// Why it is specific: who does what, where.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-section" = "Tests"))]
    pub specific: String,
    /// By which indicator it is measured.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-section" = "Tests"))]
    pub measurable: String,
    /// Why it can be done with these means.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-section" = "Tests"))]
    pub achievable: String,
    /// Which gap or plan it serves.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-section" = "Tests"))]
    pub relevant: String,
    /// By when.
    #[serde(default)]
    #[schemars(title = "Time-bound: by when", extend("x-section" = "Tests", "x-list" = true, "x-partner" = true))]
    pub due: Option<Date>,
    /// Office that answers for it.
    #[serde(default)]
    #[schemars(extend("x-list" = true))]
    pub responsible: String,
    /// The partner's office that answers for it.
    #[serde(default)]
    #[schemars(title = "Responsible at the partner", extend("x-list" = true, "x-partner" = true))]
    pub partner_responsible: String,
}

impl Kind for Objective {
    const CODE: &'static str = "objective";
    const NAME: &'static str = "Objective";
    const AREA: &'static str = "plan";
    const STATES: &'static [&'static str] = &["draft", "agreed", "met", "not_met", "dropped"];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("agree", "Agree", &["draft"], "agreed").needing(&[
            "specific",
            "measurable",
            "due",
        ]),
        Transition::new("meet", "Mark as met", &["agreed"], "met").with_reason(),
        Transition::new("miss", "Mark as not met", &["agreed"], "not_met").with_reason(),
        Transition::new("drop", "Drop", &["draft", "agreed"], "dropped").with_reason(),
    ];
    const KEY: &'static [&'static str] = &["initiative", "statement"];
    const OF_PARTNER: bool = true;
}
