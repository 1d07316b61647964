//! Body: a ministry, agency or service of a state.

use crate::{
    kind::{Kind, Transition},
    record::RecordId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A ministry, agency, service or other body of a state, of which units are part and with which
/// offices deal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Name, in English where it has a usual one.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub name: String,
    /// What it is.
    #[schemars(extend("x-code-list" = "body-type", "x-list" = true, "x-partner" = true))]
    pub body_type: String,
    /// The body it belongs to.
    #[serde(default)]
    #[schemars(extend("x-reference" = "body", "x-partner" = true))]
    pub parent: Option<RecordId>,
    /// Other names and abbreviations, also in its own script; one a line.
    #[serde(default)]
    #[schemars(extend("x-partner" = true))]
    pub other_names: Vec<String>,
    /// What a reader should know: mandate, reforms, succession.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text"))]
    pub note: String,
}

impl Kind for Body {
    const CODE: &'static str = "body";
    const NAME: &'static str = "Body";
    const AREA: &'static str = "parties";
    const STATES: &'static [&'static str] = &["current", "former"];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("end", "Mark as former", &["current"], "former").with_reason(),
        Transition::new("resume", "Mark as current", &["former"], "current"),
    ];
    const KEY: &'static [&'static str] = &["name"];
    const OF_PARTNER: bool = true;
}
