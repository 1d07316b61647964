//! Liaison team: who links both sides, for how long.

use crate::{
    kind::{Kind, Transition},
    record::RecordId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A team that links both sides at one place for a tour; the record's valid time is the tour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LiaisonTeam {
    /// Name.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub name: String,
    /// Organisation that sends it.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub sending: String,
    /// Organisation that receives it.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub receiving: String,
    /// What it is there to do.
    #[schemars(extend("x-type" = "long-text", "x-partner" = true))]
    pub mandate: String,
    /// Posts in the team; one a line.
    #[serde(default)]
    #[schemars(extend("x-marking" = "personal"))]
    pub members: Vec<String>,
    /// Languages it works in; one a line.
    #[serde(default)]
    #[schemars(extend("x-partner" = true))]
    pub languages: Vec<String>,
    /// Handover log: what the next team must know.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text"))]
    pub handover: String,
    /// The initiative it serves.
    #[serde(default)]
    #[schemars(extend("x-reference" = "initiative", "x-partner" = true))]
    pub initiative: Option<RecordId>,
}

impl Kind for LiaisonTeam {
    const CODE: &'static str = "liaison_team";
    const NAME: &'static str = "Liaison team";
    const AREA: &'static str = "plan";
    const STATES: &'static [&'static str] = &["planned", "deployed", "ended"];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("deploy", "Deploy", &["planned"], "deployed"),
        Transition::new("end", "End the tour", &["deployed"], "ended").needing(&["handover"]),
    ];
    const KEY: &'static [&'static str] = &["name"];
    const OF_PARTNER: bool = true;
}
