//! Unit merge: two records found to be one unit, and whether that was taken back.

use crate::{
    kind::{Fault, Kind},
    record::RecordId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Two records of one unit, read as one from then on. Nothing is moved and nothing is rewritten: every record
/// keeps naming the one it named, and readers look up what is one. So it can be taken apart again without a trace
/// but its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitMerge {
    /// The record that stays.
    #[schemars(extend("x-reference" = "unit", "x-list" = true))]
    pub kept: RecordId,
    /// The record that is read as the one that stays.
    #[schemars(extend("x-reference" = "unit", "x-list" = true))]
    pub merged: RecordId,
    /// Why they are the same unit.
    #[schemars(extend("x-type" = "long-text"))]
    pub grounds: String,
    /// Account that proposed it.
    #[serde(default)]
    #[schemars(extend("x-reference" = "account"))]
    pub proposed_by: Option<RecordId>,
    /// Account that decided it: another one, where the vetting policy asks for two persons.
    #[serde(default)]
    #[schemars(extend("x-reference" = "account"))]
    pub decided_by: Option<RecordId>,
    /// What the decision says.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text"))]
    pub answer: String,
    /// Why they are to be taken apart again.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text"))]
    pub split_grounds: String,
    /// Account that proposed to take them apart.
    #[serde(default)]
    #[schemars(extend("x-reference" = "account"))]
    pub split_proposed_by: Option<RecordId>,
    /// Account that decided that: another one, where the vetting policy asks for two persons.
    #[serde(default)]
    #[schemars(extend("x-reference" = "account"))]
    pub split_decided_by: Option<RecordId>,
}

impl UnitMerge {
    /// States in which the two are read as one. To propose a split changes nothing yet.
    pub const IN_FORCE: &'static [&'static str] = &["merged", "split_proposed"];
}

impl Kind for UnitMerge {
    const CODE: &'static str = "unit_merge";
    const NAME: &'static str = "Unit merge";
    const AREA: &'static str = "parties";
    const STATES: &'static [&'static str] = &[
        "proposed",
        "merged",
        "split_proposed",
        "split",
        "refused",
        "withdrawn",
    ];
    const OF_PARTNER: bool = true;
    const PERMANENT: bool = true;

    fn faults(&self) -> Vec<Fault> {
        if self.kept == self.merged {
            return vec![Fault::new(
                "merged",
                "conflict",
                "A unit cannot be merged into itself",
            )];
        }
        vec![]
    }
}
