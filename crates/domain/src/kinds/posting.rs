//! Posting: who held which post, where, and when.

use crate::{
    kind::{Fault, Kind},
    record::RecordId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A person's post in a unit or body for a stretch of time; the record's valid time says when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Posting {
    /// The person.
    #[schemars(extend("x-reference" = "person", "x-list" = true))]
    pub person: RecordId,
    /// The unit.
    #[serde(default)]
    #[schemars(extend("x-reference" = "unit", "x-list" = true))]
    pub unit: Option<RecordId>,
    /// The body, where it is no unit.
    #[serde(default)]
    #[schemars(extend("x-reference" = "body", "x-list" = true))]
    pub body: Option<RecordId>,
    /// The post: commander, chief of staff, student.
    #[schemars(extend("x-list" = true))]
    pub position: String,
    /// Rank held in it.
    #[serde(default)]
    #[schemars(extend("x-list" = true))]
    pub rank: String,
    /// Whether the holder commands the unit.
    #[serde(default)]
    #[schemars(extend("x-list" = true))]
    pub commands: bool,
}

impl Kind for Posting {
    const CODE: &'static str = "posting";
    const NAME: &'static str = "Posting";
    const AREA: &'static str = "parties";
    const STATES: &'static [&'static str] = &["recorded"];
    const KEY: &'static [&'static str] = &["person", "unit", "body", "position"];
    const OF_PARTNER: bool = true;

    fn faults(&self) -> Vec<Fault> {
        if self.unit.is_none() && self.body.is_none() {
            return vec![Fault::new(
                "unit",
                "missing",
                "Name the unit or the body of the posting",
            )];
        }
        vec![]
    }
}
