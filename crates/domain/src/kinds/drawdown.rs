//! Drawdown: articles and services that the President directs from stock.

use crate::{
    kind::{Fault, Kind, Transition},
    money::Amount,
    record::RecordId,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How what was drawn down is valued.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Valuation {
    /// What the articles are worth now, with the cost of repair.
    PresentValue,
    /// What it costs to replace them.
    Replacement,
    /// What the service or training costs.
    Cost,
}

/// Articles, services and training from stock that the President directs (FAA 506, FAA 552(c)(2)): under a limit a
/// year, never beyond the value directed. Nothing counts as delivered before the partner has it (DSCA policy
/// 24-40); what was shipped, arrived and was handed over stands in the shipments of its case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Drawdown {
    /// What it is for.
    #[schemars(length(max = 200), extend("x-list" = true, "x-partner" = true))]
    pub title: String,
    /// The initiative it serves.
    #[schemars(extend("x-reference" = "initiative", "x-partner" = true))]
    pub initiative: RecordId,
    /// The authority of the drawdown.
    #[schemars(extend("x-code-list" = "assistance-authority", "x-list" = true, "x-partner" = true))]
    pub authority: String,
    /// Kind of aid.
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
    /// Number of the President's determination.
    #[schemars(title = "Presidential determination", length(max = 100), extend("x-list" = true))]
    pub directive: String,
    /// Day it was directed.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub directed: Date,
    /// At most so much may go.
    #[schemars(title = "Value directed", extend("x-section" = "Value", "x-list" = true, "x-partner" = true))]
    pub ceiling: Amount,
    /// Currency of the amounts.
    #[schemars(extend("x-code-list" = "currency", "x-section" = "Value", "x-partner" = true))]
    pub currency: String,
    /// What the articles and services are worth, by the basis below.
    #[serde(default)]
    #[schemars(title = "Value drawn", extend("x-section" = "Value", "x-list" = true, "x-partner" = true))]
    pub value: Option<Amount>,
    /// How they are valued.
    #[serde(default)]
    #[schemars(extend("x-section" = "Value"))]
    pub valuation: Option<Valuation>,
    /// Who valued them, by what prices.
    #[serde(default)]
    #[schemars(title = "About the valuation", extend("x-type" = "long-text", "x-section" = "Value"))]
    pub valuation_note: String,
    /// Number of the execution order.
    #[serde(default)]
    #[schemars(length(max = 100), extend("x-section" = "Execution"))]
    pub execution_order: String,
    /// Day of the execution order.
    #[serde(default)]
    #[schemars(title = "Ordered on", extend("x-section" = "Execution", "x-partner" = true))]
    pub ordered: Option<Date>,
    /// Stocks that give, and what the giving means for their readiness.
    #[serde(default)]
    #[schemars(title = "Sources and readiness", extend("x-type" = "long-text", "x-section" = "Execution"))]
    pub sourcing: String,
    /// The case with its lines and shipments.
    #[serde(default)]
    #[schemars(extend("x-reference" = "case", "x-section" = "Execution", "x-partner" = true))]
    pub case: Option<RecordId>,
    /// Day by which everything should be with the partner.
    #[serde(default)]
    #[schemars(title = "Receipt planned", extend("x-section" = "Days", "x-partner" = true))]
    pub planned_received: Option<Date>,
    /// Day the first of it was shipped.
    #[serde(default)]
    #[schemars(title = "First shipped", extend("x-section" = "Days", "x-partner" = true))]
    pub shipped: Option<Date>,
    /// Day the last of it was received in the partner's country.
    #[serde(default)]
    #[schemars(title = "All received", extend("x-section" = "Days", "x-list" = true, "x-partner" = true))]
    pub received: Option<Date>,
    /// Why it is late.
    #[serde(default)]
    #[schemars(title = "Cause of delay", extend("x-code-list" = "delay-cause", "x-section" = "Days", "x-partner" = true))]
    pub delay_cause: String,
    /// Day by which Congress is told what was delivered.
    #[serde(default)]
    #[schemars(title = "Report due", extend("x-section" = "Report"))]
    pub report_due: Option<Date>,
    /// Day it was told.
    #[serde(default)]
    #[schemars(extend("x-section" = "Report"))]
    pub reported: Option<Date>,
    /// The report.
    #[serde(default)]
    #[schemars(length(max = 300), extend("x-section" = "Report"))]
    pub report: String,
}

impl Kind for Drawdown {
    const CODE: &'static str = "drawdown";
    const NAME: &'static str = "Drawdown";
    const AREA: &'static str = "delivery";
    const STATES: &'static [&'static str] = &[
        "directed",
        "ordered",
        "sourced",
        "valued",
        "shipped",
        "received",
        "reported",
        "rescinded",
    ];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new(
            "order",
            "Record the execution order",
            &["directed"],
            "ordered",
        )
        .needing(&["execution_order", "ordered"])
        .approval(),
        Transition::new("source", "Record the sources", &["ordered"], "sourced")
            .needing(&["sourcing"]),
        Transition::new("value", "Record the valuation", &["sourced"], "valued").needing(&[
            "value",
            "valuation",
            "valuation_note",
        ]),
        Transition::new("revalue", "Value anew", &["valued", "shipped"], "sourced").with_reason(),
        Transition::new("ship", "Record the first shipment", &["valued"], "shipped")
            .needing(&["case", "shipped"]),
        Transition::new(
            "receive",
            "Record that all was received",
            &["shipped"],
            "received",
        )
        .needing(&["received"]),
        Transition::new("report", "Record the report", &["received"], "reported")
            .needing(&["reported", "report"]),
        Transition::new(
            "rescind",
            "Rescind",
            &["directed", "ordered", "sourced", "valued"],
            "rescinded",
        )
        .with_reason(),
    ];
    const KEY: &'static [&'static str] = &["directive", "title"];
    const OF_PARTNER: bool = true;

    fn faults(&self) -> Vec<Fault> {
        let days = [
            ("ordered", Some(self.directed), self.ordered),
            ("shipped", self.ordered, self.shipped),
            ("received", self.shipped, self.received),
            ("reported", self.received, self.reported),
        ];
        let wrong = days
            .into_iter()
            .filter(|(_, early, late)| early.zip(*late).is_some_and(|(e, l)| l < e));
        wrong
            .map(|(field, ..)| {
                Fault::new(field, "conflict", "This day is before the one it follows")
            })
            .collect()
    }
}
