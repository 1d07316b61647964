//! Notice: Congress is told, and the days run.

use crate::{
    kind::{Fault, Kind, Transition},
    money::Amount,
    record::RecordId,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A notice to the committees of Congress: what was told, when it was received and what came of it.
/// The days it must lie are computed from the law of its authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Title.
    #[schemars(length(max = 200), extend("x-list" = true))]
    pub title: String,
    /// The initiative it is about.
    #[schemars(extend("x-reference" = "initiative"))]
    pub initiative: RecordId,
    /// Under which law it is told.
    #[schemars(title = "Type of notice", extend("x-code-list" = "notification-type", "x-list" = true))]
    pub notice_type: String,
    /// The authority of the assistance.
    #[schemars(extend("x-code-list" = "assistance-authority", "x-list" = true))]
    pub authority: String,
    /// Number of the transmittal.
    #[serde(default)]
    #[schemars(length(max = 40), extend("x-list" = true))]
    pub transmittal: String,
    /// What is told: articles, quantities, units, cost, schedule, sustainment.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text"))]
    pub content: String,
    /// Total value notified.
    #[serde(default)]
    #[schemars(extend("x-section" = "Value"))]
    pub total_value: Option<Amount>,
    /// Part that is major defence equipment.
    #[serde(default)]
    #[schemars(title = "Major defence equipment", extend("x-section" = "Value"))]
    pub mde_value: Option<Amount>,
    /// Currency of both.
    #[serde(default)]
    #[schemars(extend("x-code-list" = "currency", "x-section" = "Value"))]
    pub currency: String,
    /// Day the Department of State cleared it.
    #[serde(default)]
    #[schemars(title = "Cleared by State", extend("x-section" = "Days"))]
    pub interagency_cleared: Option<Date>,
    /// Day the advance copy was sent.
    #[serde(default)]
    #[schemars(extend("x-section" = "Days"))]
    pub advance_copy: Option<Date>,
    /// Day on which the committees received it: day 0 of its clock.
    #[serde(default)]
    #[schemars(title = "Received by Congress", extend("x-section" = "Days", "x-list" = true))]
    pub received: Option<Date>,
    /// Whether the President stated an emergency in it.
    #[serde(default)]
    #[schemars(extend("x-section" = "Days"))]
    pub emergency: bool,
    /// Hold or question of a committee, in words.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-section" = "Days"))]
    pub hold: String,
}

impl Kind for Notice {
    const CODE: &'static str = "notice";
    const NAME: &'static str = "Notice to Congress";
    const AREA: &'static str = "authority";
    const STATES: &'static [&'static str] = &[
        "data_call",
        "draft",
        "interagency_cleared",
        "advance_review",
        "notified",
        "held",
        "cleared",
        "disapproved",
        "withdrawn",
    ];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("draft", "Begin the draft", &["data_call"], "draft"),
        Transition::new(
            "clear_interagency",
            "Record the clearance by State",
            &["draft"],
            "interagency_cleared",
        )
        .needing(&["interagency_cleared", "content"]),
        Transition::new(
            "send_advance",
            "Send for advance review",
            &["interagency_cleared"],
            "advance_review",
        )
        .needing(&["advance_copy"]),
        Transition::new(
            "notify",
            "Record the formal notice",
            &["interagency_cleared", "advance_review"],
            "notified",
        )
        .needing(&["received"]),
        Transition::new(
            "hold",
            "Record a hold",
            &["advance_review", "notified"],
            "held",
        )
        .needing(&["hold"]),
        Transition::new(
            "lift_hold",
            "Record that the hold is lifted",
            &["held"],
            "notified",
        )
        .needing(&["received"])
        .with_reason(),
        Transition::new(
            "clear",
            "Record that its days have run",
            &["notified"],
            "cleared",
        ),
        Transition::new(
            "disapprove",
            "Record the disapproval",
            &["notified", "held"],
            "disapproved",
        )
        .with_reason(),
        Transition::new(
            "withdraw",
            "Withdraw",
            &[
                "data_call",
                "draft",
                "interagency_cleared",
                "advance_review",
                "notified",
                "held",
            ],
            "withdrawn",
        )
        .with_reason(),
    ];
    const KEY: &'static [&'static str] = &["initiative", "title"];
    const OF_PARTNER: bool = true;

    fn faults(&self) -> Vec<Fault> {
        let days = [
            ("received", self.interagency_cleared, self.received),
            ("received", self.advance_copy, self.received),
        ];
        let wrong = |(_, early, late): &(&str, Option<Date>, Option<Date>)| {
            early.zip(*late).is_some_and(|(e, l)| l < e)
        };
        let told = |(field, _, _): (&str, Option<Date>, Option<Date>)| {
            Fault::new(field, "conflict", "This day is before the one it follows")
        };
        days.into_iter().filter(wrong).map(told).collect()
    }
}
