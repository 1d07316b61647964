//! Unit name: what a unit was called, and when.

use crate::{kind::Kind, record::RecordId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A name a unit had for a stretch of time; the record's valid time says when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitName {
    /// The unit.
    #[schemars(extend("x-reference" = "unit", "x-list" = true, "x-partner" = true))]
    pub unit: RecordId,
    /// The name as written.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub name: String,
    /// Script, where it is not Latin: Arabic, Cyrillic and so on.
    #[serde(default)]
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub script: String,
    /// In Latin letters, where the name is in another script.
    #[serde(default)]
    #[schemars(extend("x-partner" = true))]
    pub transliteration: String,
}

impl Kind for UnitName {
    const CODE: &'static str = "unit_name";
    const NAME: &'static str = "Unit name";
    const AREA: &'static str = "parties";
    const STATES: &'static [&'static str] = &["recorded"];
    const KEY: &'static [&'static str] = &["unit", "name"];
    const OF_PARTNER: bool = true;
}
