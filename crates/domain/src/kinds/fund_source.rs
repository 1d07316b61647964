//! Fund source: an appropriation with its four dates.

use crate::{
    kind::{Fault, Kind, Transition},
    money::Amount,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Money of one appropriation for one purpose, with the four dates that bind it (31 U.S.C. 1502,
/// 1552, 1553).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FundSource {
    /// Name.
    #[schemars(extend("x-list" = true))]
    pub name: String,
    /// Appropriation account or code.
    #[schemars(extend("x-list" = true))]
    pub account: String,
    /// Fiscal year of the appropriation.
    #[schemars(title = "Fiscal year", range(min = 1950, max = 2100), extend("x-list" = true))]
    pub fiscal_year: i64,
    /// What it may be used for.
    #[schemars(extend("x-type" = "long-text"))]
    pub purpose: String,
    /// Amount made available.
    #[serde(default)]
    #[schemars(extend("x-list" = true))]
    pub amount: Option<Amount>,
    /// Currency.
    #[schemars(extend("x-code-list" = "currency", "x-list" = true))]
    pub currency: String,
    /// First day it may be obligated.
    #[schemars(title = "Available from", extend("x-section" = "Dates"))]
    pub available_from: Date,
    /// Last day it may be newly obligated.
    #[schemars(title = "Obligate by", extend("x-section" = "Dates", "x-list" = true))]
    pub obligate_by: Date,
    /// Last day on which obligations made in time may be adjusted.
    #[serde(default)]
    #[schemars(title = "Adjust by", extend("x-section" = "Dates"))]
    pub adjust_by: Option<Date>,
    /// Day it is cancelled: nothing may be paid from it from then on.
    #[schemars(extend("x-section" = "Dates", "x-list" = true))]
    pub cancels: Date,
    /// Certified commitments. Filled in by the program.
    #[serde(default)]
    #[schemars(extend("x-section" = "Filled in by the program"))]
    pub committed: Option<Amount>,
    /// Certified obligations. Filled in by the program.
    #[serde(default)]
    #[schemars(extend("x-section" = "Filled in by the program"))]
    pub obligated: Option<Amount>,
    /// Certified disbursements. Filled in by the program.
    #[serde(default)]
    #[schemars(extend("x-section" = "Filled in by the program"))]
    pub disbursed: Option<Amount>,
}

impl Kind for FundSource {
    const CODE: &'static str = "fund_source";
    const NAME: &'static str = "Fund source";
    const AREA: &'static str = "money";
    const STATES: &'static [&'static str] = &["candidate", "available", "expired", "cancelled"];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("open", "Make available", &["candidate"], "available")
            .needing(&["amount"])
            .approval(),
        Transition::new("expire", "Mark as expired", &["available"], "expired"),
        Transition::new(
            "cancel",
            "Cancel",
            &["candidate", "available", "expired"],
            "cancelled",
        )
        .with_reason(),
    ];
    const KEY: &'static [&'static str] = &["account", "fiscal_year", "name"];

    fn faults(&self) -> Vec<Fault> {
        let adjust = self.adjust_by.unwrap_or(self.obligate_by);
        let in_order = [
            ("obligate_by", self.available_from <= self.obligate_by),
            ("adjust_by", self.obligate_by <= adjust),
            ("cancels", adjust < self.cancels),
        ];
        let late = in_order.iter().filter(|(_, right)| !right);
        late.map(|(field, _)| {
            Fault::new(field, "conflict", "The four dates are not in their order")
        })
        .collect()
    }
}
