//! Training line: a course or team for a country and year.

use crate::{
    kind::{Fault, Kind, Transition},
    money::Amount,
    record::RecordId,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One course, team or visit of a training case or grant: where, when, for how many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrainingLine {
    /// Course or team.
    #[schemars(length(max = 200), extend("x-list" = true, "x-partner" = true))]
    pub title: String,
    /// The case or training grant.
    #[schemars(extend("x-reference" = "case", "x-partner" = true))]
    pub case: RecordId,
    /// Worksheet control number.
    #[serde(default)]
    #[schemars(title = "Worksheet control number", length(max = 20), extend("x-list" = true, "x-partner" = true))]
    pub number: String,
    /// School, or place of the team.
    #[serde(default)]
    #[schemars(length(max = 200), extend("x-list" = true, "x-partner" = true))]
    pub school: String,
    /// Fiscal year.
    #[serde(default)]
    #[schemars(range(min = 1950, max = 2100), extend("x-list" = true, "x-partner" = true))]
    pub fiscal_year: Option<i64>,
    /// Priority, A to D.
    #[serde(default)]
    #[schemars(extend("x-code-list" = "training-priority", "x-list" = true, "x-partner" = true))]
    pub priority: String,
    /// Places.
    #[serde(default)]
    #[schemars(title = "Students", range(min = 0, max = 100000), extend("x-list" = true, "x-partner" = true))]
    pub quantity: Option<i64>,
    /// The unit they come from, or that is trained.
    #[serde(default)]
    #[schemars(extend("x-reference" = "unit", "x-partner" = true))]
    pub unit: Option<RecordId>,
    /// The unit of the provider that trains.
    #[serde(default)]
    #[schemars(title = "Training unit of the provider", length(max = 200), extend("x-partner" = true))]
    pub provider_unit: String,
    /// Planned cost.
    #[serde(default)]
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub cost: Option<Amount>,
    /// Currency.
    #[serde(default)]
    #[schemars(extend("x-code-list" = "currency", "x-partner" = true))]
    pub currency: String,
    /// First day, as planned.
    #[serde(default)]
    #[schemars(extend("x-section" = "Days", "x-list" = true, "x-partner" = true))]
    pub planned_from: Option<Date>,
    /// First day, as it was.
    #[serde(default)]
    #[schemars(extend("x-section" = "Days", "x-partner" = true))]
    pub actual_from: Option<Date>,
    /// Last day, as planned.
    #[serde(default)]
    #[schemars(extend("x-section" = "Days", "x-partner" = true))]
    pub planned_until: Option<Date>,
    /// Last day, as it was.
    #[serde(default)]
    #[schemars(extend("x-section" = "Days", "x-partner" = true))]
    pub actual_until: Option<Date>,
    /// How many completed it.
    #[serde(default)]
    #[schemars(title = "Students who completed it", range(min = 0, max = 100000), extend("x-section" = "Days", "x-partner" = true))]
    pub completed: Option<i64>,
    /// Why it is late.
    #[serde(default)]
    #[schemars(title = "Cause of delay", extend("x-code-list" = "delay-cause", "x-section" = "Days", "x-partner" = true))]
    pub delay_cause: String,
}

impl Kind for TrainingLine {
    const CODE: &'static str = "training_line";
    const NAME: &'static str = "Training line";
    const AREA: &'static str = "delivery";
    const STATES: &'static [&'static str] =
        &["planned", "scheduled", "started", "completed", "cancelled"];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("schedule", "Confirm the places", &["planned"], "scheduled")
            .needing(&["quantity", "planned_from"]),
        Transition::new("start", "Record the start", &["scheduled"], "started")
            .needing(&["actual_from", "unit"]),
        Transition::new("complete", "Record the end", &["started"], "completed")
            .needing(&["actual_until", "completed"]),
        Transition::new("cancel", "Cancel", &["planned", "scheduled"], "cancelled").with_reason(),
    ];
    const KEY: &'static [&'static str] = &["case", "number", "title"];
    const OF_PARTNER: bool = true;

    fn faults(&self) -> Vec<Fault> {
        let days = [
            ("planned_until", self.planned_from, self.planned_until),
            ("actual_until", self.actual_from, self.actual_until),
        ];
        let wrong = |(_, early, late): &(&str, Option<Date>, Option<Date>)| {
            early.zip(*late).is_some_and(|(e, l)| l < e)
        };
        let told = |(field, _, _): (&str, Option<Date>, Option<Date>)| {
            Fault::new(field, "conflict", "This day is before the one it follows")
        };
        days.into_iter().filter(wrong).map(told).collect()
    }
}
