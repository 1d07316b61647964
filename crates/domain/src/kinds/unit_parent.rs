//! Unit parent: under whom a unit stood, and when.

use crate::{
    kind::{Fault, Kind},
    record::RecordId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How one unit stands under another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Under its command.
    Command,
    /// Administered by it.
    Administration,
    /// Under its operational control for a time.
    Operation,
    /// The source does not say.
    Unclear,
}

/// A unit's place under another for a stretch of time; the record's valid time says when. Several
/// may hold at once: command and administration differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitParent {
    /// The unit.
    #[schemars(extend("x-reference" = "unit", "x-list" = true, "x-partner" = true))]
    pub unit: RecordId,
    /// The unit above it.
    #[schemars(extend("x-reference" = "unit", "x-list" = true, "x-partner" = true))]
    pub parent: RecordId,
    /// What the relation is.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub relation: Relation,
}

impl Kind for UnitParent {
    const CODE: &'static str = "unit_parent";
    const NAME: &'static str = "Unit parent";
    const AREA: &'static str = "parties";
    const STATES: &'static [&'static str] = &["recorded"];
    const KEY: &'static [&'static str] = &["unit", "parent", "relation"];
    const OF_PARTNER: bool = true;

    fn faults(&self) -> Vec<Fault> {
        if self.unit == self.parent {
            return vec![Fault::new(
                "parent",
                "conflict",
                "A unit cannot stand under itself",
            )];
        }
        vec![]
    }
}
