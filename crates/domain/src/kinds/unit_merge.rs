//! Unit merge: two records found to be one unit, and whether that was taken back.

use crate::{
    kind::{Fault, Kind},
    record::RecordId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Two records of one unit, put together: what referred to one now refers to the other. What was moved is
/// kept, so that it can be taken apart again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitMerge {
    /// The record that stays.
    #[schemars(extend("x-reference" = "unit", "x-list" = true))]
    pub kept: RecordId,
    /// The record that was put into it.
    #[schemars(extend("x-reference" = "unit", "x-list" = true))]
    pub merged: RecordId,
    /// Why they are the same.
    #[schemars(extend("x-type" = "long-text"))]
    pub grounds: String,
    /// References that were moved, one a line: kind, id, field. Filled in by the program.
    #[serde(default)]
    pub moved: Vec<String>,
}

impl Kind for UnitMerge {
    const CODE: &'static str = "unit_merge";
    const NAME: &'static str = "Unit merge";
    const AREA: &'static str = "parties";
    const STATES: &'static [&'static str] = &["merged", "split"];
    const OF_PARTNER: bool = true;

    fn faults(&self) -> Vec<Fault> {
        if self.kept == self.merged {
            return vec![Fault::new(
                "merged",
                "conflict",
                "A unit cannot be put into itself",
            )];
        }
        vec![]
    }
}
