//! Vetting request: for what, under which law, through which post and by when candidates are vetted.

use crate::{
    kind::{Kind, Transition},
    record::RecordId,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which of the two laws on gross violations of human rights asks for vetting.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum VettingLaw {
    /// Money of the Foreign Assistance Act or the Arms Export Control Act: 22 U.S.C. 2378d.
    State,
    /// Money of the Department of Defense: 10 U.S.C. 362.
    Defense,
}

impl VettingLaw {
    /// Both laws.
    pub const ALL: [Self; 2] = [Self::State, Self::Defense];

    /// The word in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Defense => "defense",
        }
    }
}

/// A request to vet units and persons before they are trained, equipped or helped. It says what for; the
/// candidates and what was found are records of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VettingRequest {
    /// What the candidates are to receive.
    #[schemars(length(max = 300), extend("x-list" = true))]
    pub title: String,
    /// Why they are vetted: the purpose for which the file may be read.
    #[schemars(length(max = 1000))]
    pub purpose: String,
    /// Whose money it is, and so which law.
    #[schemars(extend("x-list" = true))]
    pub law: VettingLaw,
    /// Authority it is done under, as the rulebook names it: `fmf`, `s333`.
    #[serde(default)]
    pub authority: String,
    /// Embassy that checks first; its lead time is in the vetting policy.
    #[schemars(extend("x-list" = true))]
    pub post: String,
    /// Day the answer is needed: start of travel or transfer.
    #[schemars(extend("x-list" = true))]
    pub needed_by: Date,
    /// The initiative it serves.
    #[serde(default)]
    #[schemars(extend("x-reference" = "initiative"))]
    pub initiative: Option<RecordId>,
    /// Analyst it is assigned to: nobody else opens its file.
    #[serde(default)]
    #[schemars(extend("x-reference" = "account"))]
    pub assigned_to: Option<RecordId>,
}

impl Kind for VettingRequest {
    const CODE: &'static str = "vetting_request";
    const NAME: &'static str = "Vetting request";
    const AREA: &'static str = "vetting";
    const STATES: &'static [&'static str] = &[
        "requested",
        "embassy_checks",
        "review",
        "answered",
        "cancelled",
    ];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new(
            "check",
            "Begin embassy checks",
            &["requested"],
            "embassy_checks",
        )
        .needing(&["assigned_to"]),
        Transition::new("submit", "Submit for review", &["embassy_checks"], "review"),
        Transition::new(
            "send_back",
            "Send back to the embassy",
            &["review"],
            "embassy_checks",
        )
        .with_reason(),
        Transition::new("answer", "Mark as answered", &["review"], "answered"),
        Transition::new("reopen", "Open again", &["answered"], "review").with_reason(),
        Transition::new(
            "cancel",
            "Cancel",
            &["requested", "embassy_checks", "review"],
            "cancelled",
        )
        .with_reason(),
    ];
    const OF_PARTNER: bool = true;
}
