//! Remediation: what a government did about a violation, under one of the two laws.

use super::VettingLaw;
use crate::{
    kind::{Kind, Transition},
    record::RecordId,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What was done about a violation by a unit, judged under one law: *effective steps* under 22 U.S.C. 2378d,
/// *all necessary corrective steps* under 10 U.S.C. 362. A finding under one says nothing under the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Remediation {
    /// The unit.
    #[schemars(extend("x-reference" = "unit", "x-list" = true))]
    pub unit: RecordId,
    /// The incident, where the finding is about one.
    #[serde(default)]
    #[schemars(extend("x-reference" = "incident", "x-list" = true))]
    pub incident: Option<RecordId>,
    /// The law.
    #[schemars(extend("x-list" = true))]
    pub law: VettingLaw,
    /// Inquiry, trial and sanction, with their dates.
    #[schemars(extend("x-type" = "long-text"))]
    pub steps: String,
    /// Day of the finding.
    #[serde(default)]
    #[schemars(extend("x-list" = true))]
    pub found_on: Option<Date>,
    /// Day it was reported to the committees.
    #[serde(default)]
    #[schemars(extend("x-list" = true))]
    pub reported_on: Option<Date>,
    /// Document in which it was found.
    #[serde(default)]
    pub reference: String,
}

impl Kind for Remediation {
    const CODE: &'static str = "remediation";
    const NAME: &'static str = "Remediation";
    const AREA: &'static str = "vetting";
    const STATES: &'static [&'static str] = &["under_way", "found", "withdrawn"];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("find", "Record the finding", &["under_way"], "found")
            .needing(&["found_on", "reference"])
            .approval(),
        Transition::new("withdraw", "Withdraw", &["under_way", "found"], "withdrawn").with_reason(),
    ];
    const OF_PARTNER: bool = true;
}
