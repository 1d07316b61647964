//! Logic model: from inputs to impact, with what may break it.

use crate::{
    kind::{Kind, Transition},
    record::RecordId,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The chain from what is put in to what should change, with the assumptions each step rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogicModel {
    /// Title.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub title: String,
    /// The initiative.
    #[schemars(extend("x-reference" = "initiative", "x-partner" = true))]
    pub initiative: RecordId,
    /// What is put in; one a line.
    #[serde(default)]
    pub inputs: Vec<String>,
    /// What is done; one a line.
    #[serde(default)]
    pub activities: Vec<String>,
    /// What is delivered; one a line.
    #[serde(default)]
    pub outputs: Vec<String>,
    /// What the partner can then do; one a line.
    #[serde(default)]
    pub outcomes: Vec<String>,
    /// What changes; one a line.
    #[serde(default)]
    pub impact: Vec<String>,
    /// What may break a step; one a line, naming the step.
    #[serde(default)]
    #[schemars(extend("x-section" = "Doubts"))]
    pub disrupters: Vec<String>,
    /// What is done then; one a line.
    #[serde(default)]
    #[schemars(extend("x-section" = "Doubts"))]
    pub workarounds: Vec<String>,
    /// What must be so for it to work; one a line.
    #[serde(default)]
    #[schemars(extend("x-section" = "Doubts"))]
    pub assumptions: Vec<String>,
    /// Day by which the assumptions are tested.
    #[serde(default)]
    #[schemars(title = "Assumptions tested by", extend("x-section" = "Doubts", "x-list" = true))]
    pub test_by: Option<Date>,
}

impl Kind for LogicModel {
    const CODE: &'static str = "logic_model";
    const NAME: &'static str = "Logic model";
    const AREA: &'static str = "plan";
    const STATES: &'static [&'static str] = &["draft", "agreed", "revised"];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("agree", "Agree", &["draft", "revised"], "agreed").needing(&[
            "inputs",
            "outputs",
            "outcomes",
            "assumptions",
        ]),
        Transition::new("revise", "Revise", &["agreed"], "revised").with_reason(),
    ];
    const KEY: &'static [&'static str] = &["initiative", "title"];
    const OF_PARTNER: bool = true;
}
