//! Travel order: the invitation without which no student travels.

use crate::{
    kind::{Fault, Kind, Transition},
    record::RecordId,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The invitational travel order of one student for one course. It is issued here and nowhere else, and only
/// to a person whose vetting holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TravelOrder {
    /// The training line.
    #[schemars(extend("x-reference" = "training_line", "x-partner" = true))]
    pub line: RecordId,
    /// The student.
    #[schemars(extend("x-reference" = "person", "x-partner" = true))]
    pub person: RecordId,
    /// Number of the order.
    #[schemars(length(max = 60), extend("x-list" = true, "x-partner" = true))]
    pub number: String,
    /// Name as in the passport.
    #[serde(default)]
    #[schemars(title = "Name as in the passport", length(max = 200), extend("x-marking" = "personal"))]
    pub passport_name: String,
    /// First day of travel.
    #[serde(default)]
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub travel_from: Option<Date>,
    /// Last day of travel.
    #[serde(default)]
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub travel_until: Option<Date>,
    /// Money it is charged to.
    #[serde(default)]
    #[schemars(title = "Fund citation", length(max = 200))]
    pub fund_cite: String,
    /// Medical, dependants, baggage, allowances.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-partner" = true))]
    pub conditions: String,
    /// Day it was issued.
    #[serde(default)]
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub issued: Option<Date>,
    /// Day the student returned.
    #[serde(default)]
    #[schemars(extend("x-partner" = true))]
    pub returned: Option<Date>,
}

impl Kind for TravelOrder {
    const CODE: &'static str = "travel_order";
    const NAME: &'static str = "Travel order";
    const AREA: &'static str = "delivery";
    const STATES: &'static [&'static str] =
        &["draft", "issued", "travelled", "returned", "cancelled"];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("issue", "Issue", &["draft"], "issued").needing(&[
            "passport_name",
            "travel_from",
            "travel_until",
            "issued",
        ]),
        Transition::new("travel", "Record the departure", &["issued"], "travelled"),
        Transition::new("return", "Record the return", &["travelled"], "returned")
            .needing(&["returned"]),
        Transition::new("cancel", "Cancel", &["draft", "issued"], "cancelled").with_reason(),
    ];
    const KEY: &'static [&'static str] = &["number"];
    const OF_PARTNER: bool = true;

    fn faults(&self) -> Vec<Fault> {
        let days = [("travel_until", self.travel_from, self.travel_until)];
        let wrong = |(_, early, late): &(&str, Option<Date>, Option<Date>)| {
            early.zip(*late).is_some_and(|(e, l)| l < e)
        };
        let told = |(field, _, _): (&str, Option<Date>, Option<Date>)| {
            Fault::new(field, "conflict", "This day is before the one it follows")
        };
        days.into_iter().filter(wrong).map(told).collect()
    }
}
