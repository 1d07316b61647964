//! Shipment: sent, arrived and handed over are three facts.

use crate::{
    kind::{Fault, Kind, Transition},
    record::RecordId,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Articles under way: shipped, arrived and handed over, each a day with its evidence, beside the days that
/// were planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shipment {
    /// What is sent.
    #[schemars(length(max = 200), extend("x-list" = true, "x-partner" = true))]
    pub title: String,
    /// The line.
    #[schemars(extend("x-reference" = "case_line", "x-partner" = true))]
    pub line: RecordId,
    /// The unit that receives.
    #[serde(default)]
    #[schemars(extend("x-reference" = "unit", "x-partner" = true))]
    pub unit: Option<RecordId>,
    /// How many.
    #[serde(default)]
    #[schemars(range(min = 0, max = 1000000000), extend("x-list" = true, "x-partner" = true))]
    pub quantity: Option<i64>,
    /// Carrier and transport number.
    #[serde(default)]
    #[schemars(length(max = 200), extend("x-partner" = true))]
    pub carrier: String,
    /// Day it should be shipped.
    #[serde(default)]
    #[schemars(title = "Shipping planned", extend("x-section" = "Shipped", "x-partner" = true))]
    pub planned_shipped: Option<Date>,
    /// Day it was shipped.
    #[serde(default)]
    #[schemars(extend("x-section" = "Shipped", "x-list" = true, "x-partner" = true))]
    pub shipped: Option<Date>,
    /// What shows that.
    #[serde(default)]
    #[schemars(title = "Evidence of shipping", length(max = 500), extend("x-section" = "Shipped", "x-partner" = true))]
    pub shipped_evidence: String,
    /// Day it should arrive in the country.
    #[serde(default)]
    #[schemars(title = "Arrival planned", extend("x-section" = "Arrived", "x-partner" = true))]
    pub planned_arrived: Option<Date>,
    /// Day it arrived.
    #[serde(default)]
    #[schemars(extend("x-section" = "Arrived", "x-list" = true, "x-partner" = true))]
    pub arrived: Option<Date>,
    /// What shows that.
    #[serde(default)]
    #[schemars(title = "Evidence of arrival", length(max = 500), extend("x-section" = "Arrived", "x-partner" = true))]
    pub arrived_evidence: String,
    /// Day it should be handed over.
    #[serde(default)]
    #[schemars(title = "Hand-over planned", extend("x-section" = "Handed over", "x-partner" = true))]
    pub planned_handed_over: Option<Date>,
    /// Day title passed to the partner.
    #[serde(default)]
    #[schemars(extend("x-section" = "Handed over", "x-list" = true, "x-partner" = true))]
    pub handed_over: Option<Date>,
    /// The transfer document both signed.
    #[serde(default)]
    #[schemars(title = "Evidence of hand-over", length(max = 500), extend("x-section" = "Handed over", "x-partner" = true))]
    pub handed_over_evidence: String,
    /// Name and rank of whoever received it.
    #[serde(default)]
    #[schemars(length(max = 200), extend("x-section" = "Handed over", "x-partner" = true))]
    pub received_by: String,
    /// Why it is late.
    #[serde(default)]
    #[schemars(title = "Cause of delay", extend("x-code-list" = "delay-cause", "x-section" = "Delay", "x-list" = true, "x-partner" = true))]
    pub delay_cause: String,
    /// What is done about it.
    #[serde(default)]
    #[schemars(title = "About the delay", extend("x-type" = "long-text", "x-section" = "Delay", "x-partner" = true))]
    pub delay_note: String,
}

impl Kind for Shipment {
    const CODE: &'static str = "shipment";
    const NAME: &'static str = "Shipment";
    const AREA: &'static str = "delivery";
    const STATES: &'static [&'static str] =
        &["planned", "shipped", "arrived", "handed_over", "cancelled"];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("ship", "Record the shipping", &["planned"], "shipped").needing(&[
            "quantity",
            "unit",
            "shipped",
            "shipped_evidence",
        ]),
        Transition::new("arrive", "Record the arrival", &["shipped"], "arrived")
            .needing(&["arrived", "arrived_evidence"]),
        Transition::new(
            "hand_over",
            "Record the hand-over",
            &["arrived"],
            "handed_over",
        )
        .needing(&["handed_over", "handed_over_evidence", "received_by"]),
        Transition::new("cancel", "Cancel", &["planned"], "cancelled").with_reason(),
    ];
    const KEY: &'static [&'static str] = &["line", "title"];
    const OF_PARTNER: bool = true;

    fn faults(&self) -> Vec<Fault> {
        let days = [
            ("arrived", self.shipped, self.arrived),
            ("handed_over", self.arrived, self.handed_over),
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
