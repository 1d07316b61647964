//! Indicator: what is measured, from where to where.

use crate::{
    kind::{Fault, Kind, Transition},
    money::Amount,
    record::RecordId,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is measured to tell whether an initiative works: a baseline, a target and how it is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// What is measured.
    #[schemars(length(max = 300), extend("x-list" = true, "x-partner" = true))]
    pub title: String,
    /// The initiative.
    #[schemars(extend("x-reference" = "initiative", "x-partner" = true))]
    pub initiative: RecordId,
    /// The objective it measures.
    #[serde(default)]
    #[schemars(extend("x-reference" = "objective", "x-partner" = true))]
    pub objective: Option<RecordId>,
    /// What one unit of it is: percent, hours, vessels.
    #[schemars(title = "Unit", length(max = 60), extend("x-list" = true, "x-partner" = true))]
    pub unit_of_measure: String,
    /// How it is taken, by whom, how often.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-partner" = true))]
    pub method: String,
    /// Value before the start.
    #[serde(default)]
    #[schemars(extend("x-section" = "Baseline and target", "x-list" = true, "x-partner" = true))]
    pub baseline: Option<Amount>,
    /// Day of the baseline.
    #[serde(default)]
    #[schemars(title = "Baseline taken on", extend("x-section" = "Baseline and target", "x-partner" = true))]
    pub baseline_on: Option<Date>,
    /// Value to be reached.
    #[serde(default)]
    #[schemars(extend("x-section" = "Baseline and target", "x-list" = true, "x-partner" = true))]
    pub target: Option<Amount>,
    /// Day by which it shall be reached.
    #[serde(default)]
    #[schemars(title = "Target by", extend("x-section" = "Baseline and target", "x-list" = true, "x-partner" = true))]
    pub target_on: Option<Date>,
    /// Known limits of the measure.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-partner" = true))]
    pub limits: String,
}

impl Kind for Indicator {
    const CODE: &'static str = "indicator";
    const NAME: &'static str = "Indicator";
    const AREA: &'static str = "results";
    const STATES: &'static [&'static str] = &["draft", "set", "retired"];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("set", "Set baseline and target", &["draft"], "set").needing(&[
            "baseline",
            "baseline_on",
            "target",
            "target_on",
        ]),
        Transition::new("retire", "Retire", &["draft", "set"], "retired").with_reason(),
    ];
    const KEY: &'static [&'static str] = &["initiative", "title"];
    const OF_PARTNER: bool = true;

    fn faults(&self) -> Vec<Fault> {
        let days = [("target_on", self.baseline_on, self.target_on)];
        let wrong = |(_, early, late): &(&str, Option<Date>, Option<Date>)| {
            early.zip(*late).is_some_and(|(e, l)| l < e)
        };
        let told = |(field, _, _): (&str, Option<Date>, Option<Date>)| {
            Fault::new(field, "conflict", "This day is before the one it follows")
        };
        days.into_iter().filter(wrong).map(told).collect()
    }
}
