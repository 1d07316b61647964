//! RegionalBody: an alliance, union or list that states belong to from day to day.

use crate::kind::Kind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An alliance, union, community or legal list of states with dated membership.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegionalBody {
    /// Full name in English.
    pub name: String,
    /// Usual abbreviation.
    pub abbreviation: String,
    /// What it is: alliance, union, coalition, or a list made by law.
    pub body_type: String,
    /// How complete the membership rows are, and what is missing.
    pub completeness: String,
}

impl Kind for RegionalBody {
    const CODE: &'static str = "regional_body";
    const NAME: &'static str = "Regional body";
    const AREA: &'static str = "parties";
    const STATES: &'static [&'static str] = &["current", "former"];
    const KEY: &'static [&'static str] = &["abbreviation"];
}
