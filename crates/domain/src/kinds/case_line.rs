//! Case line: an article or service of a case, with what was authorised.

use crate::{
    kind::{Fault, Kind, Transition},
    money::Amount,
    record::RecordId,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An article or service of a case: how many, at what price, from where, how it travels, and for which unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseLine {
    /// Article or service.
    #[schemars(length(max = 200), extend("x-list" = true, "x-partner" = true))]
    pub title: String,
    /// The case.
    #[schemars(extend("x-reference" = "case", "x-partner" = true))]
    pub case: RecordId,
    /// Number of the line: `001`, a sub-line with a letter.
    #[schemars(length(max = 6), extend("x-list" = true, "x-partner" = true))]
    pub number: String,
    /// Class of article.
    #[schemars(extend("x-code-list" = "commodity", "x-list" = true, "x-partner" = true))]
    pub commodity: String,
    /// The unit that shall receive it.
    #[serde(default)]
    #[schemars(extend("x-reference" = "unit", "x-partner" = true))]
    pub unit: Option<RecordId>,
    /// Defined order, blanket order or supply support.
    #[serde(default)]
    #[schemars(extend("x-code-list" = "line-type", "x-section" = "Codes", "x-partner" = true))]
    pub line_type: String,
    /// Where it comes from.
    #[serde(default)]
    #[schemars(extend("x-code-list" = "source-of-supply", "x-section" = "Codes", "x-partner" = true))]
    pub source_of_supply: String,
    /// How it is paid.
    #[serde(default)]
    #[schemars(extend("x-code-list" = "type-of-assistance", "x-section" = "Codes", "x-partner" = true))]
    pub type_of_assistance: String,
    /// When it may be released.
    #[serde(default)]
    #[schemars(extend("x-code-list" = "offer-release", "x-section" = "Codes", "x-partner" = true))]
    pub offer_release: String,
    /// How far the provider carries it.
    #[serde(default)]
    #[schemars(extend("x-code-list" = "delivery-term", "x-section" = "Codes", "x-partner" = true))]
    pub delivery_term: String,
    /// Whether it is major defence equipment.
    #[serde(default)]
    #[schemars(title = "Major defence equipment", extend("x-section" = "Codes", "x-partner" = true))]
    pub mde: bool,
    /// Whether it is significant military equipment.
    #[serde(default)]
    #[schemars(title = "Significant military equipment", extend("x-section" = "Codes", "x-partner" = true))]
    pub sme: bool,
    /// Whether every item is counted by serial number each year.
    #[serde(default)]
    #[schemars(extend("x-section" = "Codes", "x-partner" = true))]
    pub enhanced_monitoring: bool,
    /// How many the case authorises.
    #[serde(default)]
    #[schemars(title = "Authorised quantity", range(min = 0, max = 1000000000), extend("x-section" = "Quantity and price", "x-list" = true, "x-partner" = true))]
    pub quantity: Option<i64>,
    /// Unit of issue.
    #[serde(default)]
    #[schemars(length(max = 20), extend("x-section" = "Quantity and price", "x-partner" = true))]
    pub unit_of_issue: String,
    /// Price of one.
    #[serde(default)]
    #[schemars(extend("x-section" = "Quantity and price", "x-partner" = true))]
    pub unit_price: Option<Amount>,
    /// Authorised value of the line.
    #[serde(default)]
    #[schemars(title = "Authorised value", extend("x-section" = "Quantity and price", "x-list" = true, "x-partner" = true))]
    pub value: Option<Amount>,
    /// First month of service or delivery, as planned.
    #[serde(default)]
    #[schemars(extend("x-section" = "Days", "x-partner" = true))]
    pub planned_from: Option<Date>,
    /// Last day of delivery, as planned.
    #[serde(default)]
    #[schemars(extend("x-section" = "Days", "x-list" = true, "x-partner" = true))]
    pub planned_until: Option<Date>,
}

impl Kind for CaseLine {
    const CODE: &'static str = "case_line";
    const NAME: &'static str = "Case line";
    const AREA: &'static str = "delivery";
    const STATES: &'static [&'static str] = &["planned", "ordered", "supply_complete", "cancelled"];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("order", "Order", &["planned"], "ordered").needing(&["quantity", "value"]),
        Transition::new(
            "complete",
            "Mark as supply complete",
            &["ordered"],
            "supply_complete",
        ),
        Transition::new("reopen", "Reopen", &["supply_complete"], "ordered").with_reason(),
        Transition::new("cancel", "Cancel", &["planned", "ordered"], "cancelled").with_reason(),
    ];
    const KEY: &'static [&'static str] = &["case", "number"];
    const OF_PARTNER: bool = true;

    fn faults(&self) -> Vec<Fault> {
        let days = [("planned_until", self.planned_from, self.planned_until)];
        let wrong = |(_, early, late): &(&str, Option<Date>, Option<Date>)| {
            early.zip(*late).is_some_and(|(e, l)| l < e)
        };
        let told = |(field, _, _): (&str, Option<Date>, Option<Date>)| {
            Fault::new(field, "conflict", "This day is before the one it follows")
        };
        days.into_iter().filter(wrong).map(told).collect()
    }
}
