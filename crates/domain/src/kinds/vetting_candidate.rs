//! Vetting candidate: a unit or person of a vetting request, and where it stands.

use super::VettingLaw;
use crate::{
    kind::{Fault, Kind},
    record::RecordId,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A unit or person to be vetted, and where it stands: the status that gates ask for and that those
/// without the vetting role see. Why it stands so is in the vetting file. The program moves it when
/// a decision is confirmed, opened again or runs out; nobody sets it by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VettingCandidate {
    /// The request.
    #[schemars(extend("x-reference" = "vetting_request", "x-list" = true))]
    pub request: RecordId,
    /// The unit; for a person, the unit he or she serves in.
    #[serde(default)]
    #[schemars(extend("x-reference" = "unit", "x-list" = true))]
    pub unit: Option<RecordId>,
    /// The person, where one is vetted.
    #[serde(default)]
    #[schemars(extend("x-reference" = "person", "x-list" = true))]
    pub person: Option<RecordId>,
    /// Whose law it is vetted under: one may clear where the other bars.
    #[schemars(extend("x-list" = true))]
    pub law: VettingLaw,
    /// First day of a clearance. Set by the program.
    #[serde(default)]
    #[schemars(extend("x-list" = true))]
    pub cleared_from: Option<Date>,
    /// First day on which a clearance no longer holds. Set by the program.
    #[serde(default)]
    #[schemars(extend("x-list" = true))]
    pub cleared_until: Option<Date>,
    /// Name as it came in a roster, where no record was linked yet.
    #[serde(default)]
    #[schemars(extend("x-marking" = "personal"))]
    pub as_named: String,
}

impl VettingCandidate {
    /// Whether it is cleared on a day, given its state.
    #[must_use]
    pub fn holds_on(&self, state: &str, day: Date) -> bool {
        state == "cleared"
            && self.cleared_from.is_some_and(|from| from <= day)
            && self.cleared_until.is_some_and(|until| day < until)
    }
}

impl Kind for VettingCandidate {
    const CODE: &'static str = "vetting_candidate";
    const NAME: &'static str = "Vetting candidate";
    const AREA: &'static str = "vetting";
    const STATES: &'static [&'static str] = &[
        "nominated",
        "embassy_checks",
        "review",
        "cleared",
        "suspended",
        "rejected",
        "cancelled",
        "expired",
        "reopened",
    ];
    const KEY: &'static [&'static str] = &["request", "unit", "person", "as_named"];
    const OF_PARTNER: bool = true;

    fn faults(&self) -> Vec<Fault> {
        let named = !self.as_named.trim().is_empty();
        if self.unit.is_none() && self.person.is_none() && !named {
            let message = "Name the unit, the person or the name in the roster";
            return vec![Fault::new("unit", "missing", message)];
        }
        vec![]
    }
}
