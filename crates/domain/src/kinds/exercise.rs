//! Exercise: a joint exercise, from concept to corrective action.

use crate::{
    kind::{Kind, Transition},
    when::When,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A joint exercise. Its stages follow the planning conferences of the joint exercise life cycle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exercise {
    /// Name.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub name: String,
    /// First day.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub start: When,
    /// Last day.
    #[serde(default)]
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub end: Option<When>,
    /// Where.
    #[serde(default)]
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub place: String,
    /// Training objectives; one a line.
    #[serde(default)]
    #[schemars(extend("x-partner" = true))]
    pub objectives: Vec<String>,
    /// Nations and units that take part; one a line.
    #[serde(default)]
    #[schemars(extend("x-partner" = true))]
    pub participants: Vec<String>,
    /// Observers; one a line.
    #[serde(default)]
    pub observers: Vec<String>,
    /// What was learned.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-section" = "After"))]
    pub lessons: String,
    /// Corrective actions with owner and day; one a line.
    #[serde(default)]
    #[schemars(title = "Corrective actions", extend("x-section" = "After"))]
    pub actions: Vec<String>,
}

impl Kind for Exercise {
    const CODE: &'static str = "exercise";
    const NAME: &'static str = "Exercise";
    const AREA: &'static str = "plan";
    const STATES: &'static [&'static str] = &[
        "concept",
        "initial_planning",
        "mid_planning",
        "scenario",
        "final_planning",
        "deployed",
        "running",
        "ended",
        "reviewed",
        "closed",
        "cancelled",
    ];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new(
            "plan",
            "Hold the initial planning conference",
            &["concept"],
            "initial_planning",
        )
        .needing(&["objectives"]),
        Transition::new(
            "mid",
            "Hold the mid planning conference",
            &["initial_planning"],
            "mid_planning",
        ),
        Transition::new(
            "script",
            "Hold the scenario conference",
            &["mid_planning"],
            "scenario",
        ),
        Transition::new(
            "final",
            "Hold the final planning conference",
            &["scenario", "mid_planning"],
            "final_planning",
        ),
        Transition::new("deploy", "Deploy", &["final_planning"], "deployed"),
        Transition::new("start", "Start", &["deployed"], "running"),
        Transition::new("end", "End", &["running"], "ended"),
        Transition::new(
            "review",
            "Record the after-action review",
            &["ended"],
            "reviewed",
        )
        .needing(&["lessons"]),
        Transition::new("close", "Close", &["reviewed"], "closed").needing(&["actions"]),
        Transition::new(
            "cancel",
            "Cancel",
            &[
                "concept",
                "initial_planning",
                "mid_planning",
                "scenario",
                "final_planning",
            ],
            "cancelled",
        )
        .with_reason(),
    ];
    const KEY: &'static [&'static str] = &["name", "start"];
    const OF_PARTNER: bool = true;
}
