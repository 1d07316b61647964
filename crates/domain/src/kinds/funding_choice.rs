//! Choice of authority and money: under which law an initiative is done, and what pays for it.

use crate::{
    kind::{Fault, Kind, Transition},
    money::Amount,
    record::RecordId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Under which authority an initiative, or part of it, is done and from which money it is paid: proposed by
/// the planner, cleared by a lawyer against the law, certified by whoever answers for the money. Three persons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FundingChoice {
    /// What is chosen for what.
    #[schemars(length(max = 200), extend("x-list" = true))]
    pub title: String,
    /// The initiative.
    #[schemars(extend("x-reference" = "initiative"))]
    pub initiative: RecordId,
    /// The authority of the assistance.
    #[schemars(extend("x-code-list" = "assistance-authority", "x-list" = true))]
    pub authority: String,
    /// Kind of aid.
    #[serde(default)]
    #[schemars(extend("x-code-list" = "aid-kind"))]
    pub aid: String,
    /// Sort of body that receives.
    #[serde(default)]
    #[schemars(extend("x-code-list" = "recipient-kind"))]
    pub recipient: String,
    /// What it is for, in the words of the law.
    #[serde(default)]
    #[schemars(extend("x-code-list" = "assistance-purpose"))]
    pub purpose: String,
    /// The money it is paid from; left out where the purchaser pays.
    #[serde(default)]
    #[schemars(extend("x-reference" = "fund_source", "x-section" = "Money"))]
    pub fund_source: Option<RecordId>,
    /// Total value.
    #[serde(default)]
    #[schemars(extend("x-section" = "Money", "x-list" = true))]
    pub total_value: Option<Amount>,
    /// Currency.
    #[serde(default)]
    #[schemars(extend("x-code-list" = "currency", "x-section" = "Money", "x-list" = true))]
    pub currency: String,
    /// The kept answer of the law it stands on. Facts that the thread does not know are taken from it.
    #[serde(default)]
    #[schemars(extend("x-reference" = "determination", "x-section" = "Rests on"))]
    pub determination: Option<RecordId>,
    /// Why this authority and this money and no other; evidence of what other offices concurred in.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-section" = "Rests on"))]
    pub grounds: String,
}

impl Kind for FundingChoice {
    const CODE: &'static str = "funding_choice";
    const NAME: &'static str = "Choice of authority and money";
    const AREA: &'static str = "authority";
    const STATES: &'static [&'static str] = &["candidate", "legally_clear", "certified", "dropped"];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new(
            "clear",
            "Clear it under the law",
            &["candidate"],
            "legally_clear",
        )
        .needing(&["aid", "recipient", "purpose", "grounds"])
        .approval(),
        Transition::new(
            "certify",
            "Certify the money",
            &["legally_clear"],
            "certified",
        )
        .needing(&["total_value", "currency"])
        .approval(),
        Transition::new(
            "drop",
            "Drop",
            &["candidate", "legally_clear", "certified"],
            "dropped",
        )
        .with_reason(),
    ];
    const KEY: &'static [&'static str] = &["initiative", "title"];
    const OF_PARTNER: bool = true;

    fn faults(&self) -> Vec<Fault> {
        if self.total_value.is_some() && self.currency.is_empty() {
            let message = "Name the currency of the amount";
            return vec![Fault::new("currency", "missing", message)];
        }
        vec![]
    }
}
