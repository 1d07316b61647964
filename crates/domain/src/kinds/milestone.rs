//! Milestone: a day by which something shall be so.

use crate::{
    kind::{Fault, Kind, Transition},
    record::RecordId,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A day by which something shall be so, and the day it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Milestone {
    /// What shall be so.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub title: String,
    /// The initiative.
    #[schemars(extend("x-reference" = "initiative", "x-partner" = true))]
    pub initiative: RecordId,
    /// Planned day, as first agreed.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub planned: Date,
    /// Day now expected.
    #[serde(default)]
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub expected: Option<Date>,
    /// Day it was reached.
    #[serde(default)]
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub actual: Option<Date>,
    /// What shows that it was reached.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text"))]
    pub evidence: String,
    /// Why it moved.
    #[serde(default)]
    #[schemars(title = "Cause of delay", extend("x-code-list" = "delay-cause", "x-list" = true))]
    pub delay_cause: String,
    /// Who answers for it.
    #[serde(default)]
    #[schemars(extend("x-list" = true))]
    pub responsible: String,
}

impl Kind for Milestone {
    const CODE: &'static str = "milestone";
    const NAME: &'static str = "Milestone";
    const AREA: &'static str = "plan";
    const STATES: &'static [&'static str] = &["planned", "reached", "missed", "dropped"];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new(
            "reach",
            "Mark as reached",
            &["planned", "missed"],
            "reached",
        )
        .needing(&["actual", "evidence"]),
        Transition::new("miss", "Mark as missed", &["planned"], "missed")
            .needing(&["delay_cause"])
            .with_reason(),
        Transition::new("drop", "Drop", &["planned", "missed"], "dropped").with_reason(),
    ];
    const KEY: &'static [&'static str] = &["initiative", "title"];
    const OF_PARTNER: bool = true;

    fn faults(&self) -> Vec<Fault> {
        let moved = self.expected.is_some_and(|e| e > self.planned);
        if moved && self.delay_cause.is_empty() {
            let message = "Say why it is expected later than planned";
            return vec![Fault::new("delay_cause", "missing", message)];
        }
        vec![]
    }
}
