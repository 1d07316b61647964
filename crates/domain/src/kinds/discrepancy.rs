//! Discrepancy: what came is not what was agreed.

use crate::{
    kind::{Kind, Transition},
    money::Amount,
    record::RecordId,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A report that what came is not what was agreed, from its opening to its settlement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Discrepancy {
    /// What is wrong.
    #[schemars(length(max = 200), extend("x-list" = true, "x-partner" = true))]
    pub title: String,
    /// The shipment.
    #[schemars(extend("x-reference" = "shipment", "x-partner" = true))]
    pub shipment: RecordId,
    /// What sort of discrepancy.
    #[schemars(title = "Type", extend("x-code-list" = "discrepancy-type", "x-list" = true, "x-partner" = true))]
    pub discrepancy_type: String,
    /// How many items.
    #[serde(default)]
    #[schemars(range(min = 0, max = 1000000000), extend("x-list" = true, "x-partner" = true))]
    pub quantity: Option<i64>,
    /// Value claimed.
    #[serde(default)]
    #[schemars(title = "Value claimed", extend("x-list" = true, "x-partner" = true))]
    pub value: Option<Amount>,
    /// Day it was reported.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub reported: Date,
    /// What was found.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-partner" = true))]
    pub finding: String,
    /// How it was settled: credit, replacement, nothing.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-partner" = true))]
    pub settlement: String,
}

impl Kind for Discrepancy {
    const CODE: &'static str = "discrepancy";
    const NAME: &'static str = "Discrepancy";
    const AREA: &'static str = "delivery";
    const STATES: &'static [&'static str] = &[
        "open",
        "logged",
        "evaluated",
        "approved",
        "denied",
        "appealed",
        "closed",
    ];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("log", "Log", &["open"], "logged"),
        Transition::new(
            "evaluate",
            "Record the evaluation",
            &["logged", "appealed"],
            "evaluated",
        )
        .needing(&["finding"]),
        Transition::new("approve", "Approve", &["evaluated"], "approved"),
        Transition::new("deny", "Deny", &["evaluated"], "denied").with_reason(),
        Transition::new("appeal", "Record the appeal", &["denied"], "appealed").with_reason(),
        Transition::new("close", "Close", &["approved", "denied"], "closed")
            .needing(&["settlement"]),
    ];
    const KEY: &'static [&'static str] = &["shipment", "title"];
    const OF_PARTNER: bool = true;
}
