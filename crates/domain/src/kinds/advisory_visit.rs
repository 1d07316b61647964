//! Advisory visit: advisers with a ministry, staff or unit.

use crate::{
    kind::{Fault, Kind, Transition},
    record::RecordId,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Advisers who work with a ministry, staff or unit for some days: what for, with whom, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdvisoryVisit {
    /// What it is about.
    #[schemars(length(max = 200), extend("x-list" = true, "x-partner" = true))]
    pub title: String,
    /// The initiative.
    #[schemars(extend("x-reference" = "initiative", "x-partner" = true))]
    pub initiative: RecordId,
    /// The authority of the assistance.
    #[schemars(extend("x-code-list" = "assistance-authority", "x-list" = true, "x-partner" = true))]
    pub authority: String,
    /// The unit that is advised.
    #[serde(default)]
    #[schemars(extend("x-reference" = "unit", "x-partner" = true))]
    pub unit: Option<RecordId>,
    /// The ministry or staff that is advised.
    #[serde(default)]
    #[schemars(extend("x-reference" = "body", "x-partner" = true))]
    pub body: Option<RecordId>,
    /// Kind of aid.
    #[serde(default)]
    #[schemars(extend("x-code-list" = "aid-kind", "x-partner" = true))]
    pub aid: String,
    /// Sort of body that receives.
    #[serde(default)]
    #[schemars(extend("x-code-list" = "recipient-kind", "x-partner" = true))]
    pub recipient: String,
    /// What it is for, in the words of the law.
    #[serde(default)]
    #[schemars(extend("x-code-list" = "assistance-purpose", "x-partner" = true))]
    pub purpose: String,
    /// The kept answer of the law it stands on.
    #[serde(default)]
    #[schemars(extend("x-reference" = "determination"))]
    pub determination: Option<RecordId>,
    /// Advisers.
    #[serde(default)]
    #[schemars(range(min = 0, max = 10000), extend("x-list" = true, "x-partner" = true))]
    pub advisers: Option<i64>,
    /// First day, as planned.
    #[serde(default)]
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub planned_from: Option<Date>,
    /// First day, as it was.
    #[serde(default)]
    #[schemars(extend("x-partner" = true))]
    pub actual_from: Option<Date>,
    /// Last day, as it was.
    #[serde(default)]
    #[schemars(extend("x-partner" = true))]
    pub actual_until: Option<Date>,
    /// What was done, and what follows.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-partner" = true))]
    pub outcome: String,
    /// Why it is late.
    #[serde(default)]
    #[schemars(title = "Cause of delay", extend("x-code-list" = "delay-cause", "x-partner" = true))]
    pub delay_cause: String,
}

impl Kind for AdvisoryVisit {
    const CODE: &'static str = "advisory_visit";
    const NAME: &'static str = "Advisory visit";
    const AREA: &'static str = "delivery";
    const STATES: &'static [&'static str] = &["planned", "under_way", "done", "cancelled"];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("begin", "Record the start", &["planned"], "under_way")
            .needing(&["actual_from"]),
        Transition::new("finish", "Record the end", &["under_way"], "done")
            .needing(&["actual_until", "outcome"]),
        Transition::new("cancel", "Cancel", &["planned"], "cancelled").with_reason(),
    ];
    const KEY: &'static [&'static str] = &["initiative", "title"];
    const OF_PARTNER: bool = true;

    fn faults(&self) -> Vec<Fault> {
        let days = [("actual_until", self.actual_from, self.actual_until)];
        let wrong = |(_, early, late): &(&str, Option<Date>, Option<Date>)| {
            early.zip(*late).is_some_and(|(e, l)| l < e)
        };
        let told = |(field, _, _): (&str, Option<Date>, Option<Date>)| {
            Fault::new(field, "conflict", "This day is before the one it follows")
        };
        days.into_iter().filter(wrong).map(told).collect()
    }
}
