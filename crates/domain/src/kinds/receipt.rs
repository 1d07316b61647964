//! Receipt: what the partner says it received.

use crate::{
    kind::{Kind, Transition},
    record::RecordId,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The partner's own word on a shipment: what came, when, in what condition. It stands beside the shipper's
/// word and never instead of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The shipment.
    #[schemars(extend("x-reference" = "shipment", "x-partner" = true))]
    pub shipment: RecordId,
    /// Day it was received.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub received: Date,
    /// How many were counted.
    #[serde(default)]
    #[schemars(range(min = 0, max = 1000000000), extend("x-list" = true, "x-partner" = true))]
    pub quantity: Option<i64>,
    /// Name and rank of whoever received it.
    #[schemars(length(max = 200), extend("x-list" = true, "x-partner" = true))]
    pub received_by: String,
    /// Condition, and what is missing.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-partner" = true))]
    pub condition: String,
}

impl Kind for Receipt {
    const CODE: &'static str = "receipt";
    const NAME: &'static str = "Receipt";
    const AREA: &'static str = "delivery";
    const STATES: &'static [&'static str] = &["stated", "withdrawn"];
    const TRANSITIONS: &'static [Transition] =
        &[Transition::new("withdraw", "Withdraw", &["stated"], "withdrawn").with_reason()];
    const KEY: &'static [&'static str] = &["shipment", "received"];
    const OF_PARTNER: bool = true;
}
