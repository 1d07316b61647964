//! Incident party: a unit or person that an incident is alleged against.

use crate::{
    kind::{Fault, Kind},
    record::RecordId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The part somebody is said to have had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Is said to have done it.
    Perpetrator,
    /// Commanded those who are said to have done it.
    Commander,
    /// Was there; more is not said.
    Present,
}

/// A unit or person that a source names for an incident, with the name as the source has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IncidentParty {
    /// The incident.
    #[schemars(extend("x-reference" = "incident", "x-list" = true))]
    pub incident: RecordId,
    /// The unit, where it is one we know.
    #[serde(default)]
    #[schemars(extend("x-reference" = "unit", "x-list" = true))]
    pub unit: Option<RecordId>,
    /// The person, where it is one we know.
    #[serde(default)]
    #[schemars(extend("x-reference" = "person", "x-list" = true))]
    pub person: Option<RecordId>,
    /// Name or class as the source has it.
    #[serde(default)]
    #[schemars(extend("x-list" = true))]
    pub as_named: String,
    /// The part alleged.
    #[schemars(extend("x-list" = true))]
    pub part: Part,
}

impl Kind for IncidentParty {
    const CODE: &'static str = "incident_party";
    const NAME: &'static str = "Incident party";
    const AREA: &'static str = "vetting";
    const STATES: &'static [&'static str] = &["recorded"];
    const KEY: &'static [&'static str] = &["incident", "unit", "person", "as_named"];
    const OF_PARTNER: bool = true;

    fn faults(&self) -> Vec<Fault> {
        if self.unit.is_none() && self.person.is_none() && self.as_named.trim().is_empty() {
            let message = "Name the unit, the person or the name as the source has it";
            return vec![Fault::new("unit", "missing", message)];
        }
        vec![]
    }
}
