//! Sharing agreement: which nations may exchange information, up to which level, and since when.

use crate::kind::{Fault, Kind, Transition};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An agreement by which its parties protect and exchange information up to a level of a marking
/// policy. Without one in force, a release opens nothing to another nation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SharingAgreement {
    /// Title.
    #[schemars(length(max = 300), extend("x-list" = true, "x-partner" = true))]
    pub title: String,
    /// The parties: codes of nations (ISO 3166-1 alpha-3) and of groups, one a line.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub parties: Vec<String>,
    /// Marking policy whose information it covers.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub policy: String,
    /// Highest level it covers, a code of that policy.
    #[schemars(title = "Up to level", extend("x-list" = true, "x-partner" = true))]
    pub level: String,
    /// Day it was signed.
    #[serde(default)]
    #[schemars(extend("x-partner" = true))]
    pub signed: Option<Date>,
    /// First day in force.
    #[schemars(title = "In force from", extend("x-list" = true, "x-partner" = true))]
    pub in_force_from: Date,
    /// First day no longer in force; empty: still in force.
    #[serde(default)]
    #[schemars(title = "In force to", extend("x-list" = true, "x-partner" = true))]
    pub in_force_to: Option<Date>,
    /// Treaty or document number.
    #[serde(default)]
    #[schemars(extend("x-partner" = true))]
    pub reference: String,
}

impl Kind for SharingAgreement {
    const CODE: &'static str = "sharing_agreement";
    const NAME: &'static str = "Sharing agreement";
    const AREA: &'static str = "parties";
    const STATES: &'static [&'static str] = &["draft", "in_force", "ended"];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("confirm", "Confirm", &["draft"], "in_force").approval(),
        Transition::new("end", "End", &["in_force"], "ended")
            .needing(&["in_force_to"])
            .with_reason(),
    ];
    const KEY: &'static [&'static str] = &["title", "in_force_from"];

    fn faults(&self) -> Vec<Fault> {
        let mut faults = vec![];
        let policy = crate::label::Markings::shipped().policy(&self.policy);
        if policy.is_none() {
            faults.push(Fault::new(
                "policy",
                "unknown",
                "No such marking policy is known",
            ));
        } else if policy.is_some_and(|p| p.rank(&self.level).is_none()) {
            faults.push(Fault::new(
                "level",
                "unknown",
                "The policy has no such level",
            ));
        }
        if self.in_force_to.is_some_and(|to| to <= self.in_force_from) {
            faults.push(Fault::new(
                "in_force_to",
                "conflict",
                "It ends before it begins",
            ));
        }
        if self.parties.len() < 2 {
            faults.push(Fault::new("parties", "too-few", "It takes two parties"));
        }
        faults
    }
}
