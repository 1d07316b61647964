//! Country plan: ends, ways and means for one partner.

use crate::{
    kind::{Kind, Transition},
    record::RecordId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is meant to be achieved with one partner, how and with what. Its valid time is the period
/// it covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CountryPlan {
    /// Title.
    #[schemars(length(max = 200), extend("x-list" = true, "x-partner" = true))]
    pub title: String,
    /// What plan it is.
    #[schemars(extend("x-code-list" = "plan-type", "x-list" = true, "x-partner" = true))]
    pub plan_type: String,
    /// What shall be true at the end.
    #[schemars(extend("x-type" = "long-text", "x-section" = "Substance"))]
    pub ends: String,
    /// By what ways.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-section" = "Substance"))]
    pub ways: String,
    /// With what means.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-section" = "Substance"))]
    pub means: String,
    /// Lines of effort; one a line.
    #[serde(default)]
    #[schemars(title = "Lines of effort", extend("x-section" = "Substance"))]
    pub lines_of_effort: Vec<String>,
    /// Objectives of higher plans it serves, each with its number; one a line.
    #[serde(default)]
    #[schemars(extend("x-section" = "Substance"))]
    pub objectives: Vec<String>,
    /// The plan it replaces.
    #[serde(default)]
    #[schemars(extend("x-reference" = "country_plan"))]
    pub previous: Option<RecordId>,
}

impl Kind for CountryPlan {
    const CODE: &'static str = "country_plan";
    const NAME: &'static str = "Country plan";
    const AREA: &'static str = "plan";
    const STATES: &'static [&'static str] = &[
        "draft",
        "coordinated",
        "approved",
        "active",
        "under_review",
        "superseded",
    ];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new(
            "coordinate",
            "Send for coordination",
            &["draft"],
            "coordinated",
        )
        .needing(&["ways", "means"]),
        Transition::new("approve", "Approve", &["coordinated"], "approved").approval(),
        Transition::new(
            "activate",
            "Put into effect",
            &["approved", "under_review"],
            "active",
        ),
        Transition::new("review", "Take under review", &["active"], "under_review").with_reason(),
        Transition::new(
            "supersede",
            "Mark as superseded",
            &["active", "under_review"],
            "superseded",
        )
        .with_reason(),
        Transition::new(
            "return_to_draft",
            "Return to draft",
            &["coordinated"],
            "draft",
        )
        .with_reason(),
    ];
    const KEY: &'static [&'static str] = &["title"];
    const OF_PARTNER: bool = true;
}
