//! Unit: a part of a force that can be trained, equipped and vetted.

use crate::{
    kind::{Kind, Transition},
    record::RecordId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A part of a security force that can be trained, equipped or vetted. What changes over time about
/// it, its names, parents and sites, are records of their own, each with its dates and sources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Name as used in records here.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub name: String,
    /// The service or ministry it belongs to.
    #[serde(default)]
    #[schemars(extend("x-reference" = "body", "x-partner" = true))]
    pub body: Option<RecordId>,
    /// Size or task.
    #[serde(default)]
    #[schemars(extend("x-code-list" = "unit-type", "x-list" = true, "x-partner" = true))]
    pub unit_type: String,
    /// Other spellings and abbreviations without dates; one a line.
    #[serde(default)]
    #[schemars(extend("x-partner" = true))]
    pub other_names: Vec<String>,
    /// Designator in its own force, as printed.
    #[serde(default)]
    #[schemars(title = "Designator", extend("x-partner" = true))]
    pub country_code: String,
    /// What a reader should know.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text"))]
    pub note: String,
}

impl Kind for Unit {
    const CODE: &'static str = "unit";
    const NAME: &'static str = "Unit";
    const AREA: &'static str = "parties";
    const STATES: &'static [&'static str] = &["current", "disbanded"];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("disband", "Mark as disbanded", &["current"], "disbanded").with_reason(),
        Transition::new("resume", "Mark as current", &["disbanded"], "current").with_reason(),
    ];
    const KEY: &'static [&'static str] = &["name"];
    const OF_PARTNER: bool = true;
}
