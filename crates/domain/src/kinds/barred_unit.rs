//! Barred unit: a unit on the list given to a government, and whether its name is public.

use super::VettingLaw;
use crate::{
    kind::{Fault, Kind, Transition},
    record::RecordId,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A unit that may not be helped, as on the list that a government is given and must obey (22 U.S.C.
/// 2378d(c)). Names are public unless a reason not to publish was reported (2378d(d)(7), (e)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BarredUnit {
    /// The unit.
    #[schemars(extend("x-reference" = "unit", "x-list" = true))]
    pub unit: RecordId,
    /// The law that bars it.
    #[schemars(extend("x-list" = true))]
    pub law: VettingLaw,
    /// Day it was listed.
    #[schemars(extend("x-list" = true))]
    pub listed_on: Date,
    /// Day the government was told.
    #[serde(default)]
    #[schemars(extend("x-list" = true))]
    pub informed_on: Option<Date>,
    /// Whether its name is kept from the public.
    #[serde(default)]
    #[schemars(extend("x-list" = true))]
    pub withheld: bool,
    /// The report that says why it is kept from the public.
    #[serde(default)]
    pub withheld_report: String,
}

impl Kind for BarredUnit {
    const CODE: &'static str = "barred_unit";
    const NAME: &'static str = "Barred unit";
    const AREA: &'static str = "vetting";
    const STATES: &'static [&'static str] = &["listed", "lifted"];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("lift", "Take off the list", &["listed"], "lifted")
            .approval()
            .with_reason(),
        Transition::new("list", "List again", &["lifted"], "listed")
            .approval()
            .with_reason(),
    ];
    const KEY: &'static [&'static str] = &["unit", "law"];
    const OF_PARTNER: bool = true;

    fn faults(&self) -> Vec<Fault> {
        if self.withheld && self.withheld_report.trim().is_empty() {
            let message = "Withheld report: name the report that says why the name is kept back";
            return vec![Fault::new("withheld_report", "missing", message)];
        }
        vec![]
    }
}
