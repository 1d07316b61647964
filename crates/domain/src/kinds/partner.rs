//! Partner: a state or organisation that assistance goes to or comes from.

use crate::{country::Iso3, kind::Kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a partner is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartnerType {
    /// A state.
    State,
    /// A territory of a state, reported on its own.
    Territory,
    /// An organisation of states that buys or receives in its own name.
    Organisation,
}

/// A state or organisation that assistance goes to or comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Partner {
    /// Short name in English, as the instance shows it.
    pub name: String,
    /// ISO 3166-1 alpha-3 code; user-assigned where ISO has none.
    #[schemars(title = "ISO code")]
    pub iso3: Iso3,
    /// State, territory or organisation.
    pub partner_type: PartnerType,
    /// Region in which the State Department's reports list it.
    #[serde(default)]
    pub region: String,
    /// Other names it is or was known by.
    #[serde(default)]
    pub other_names: Vec<String>,
    /// What a reader should know: succession, recognition, gaps.
    #[serde(default)]
    pub note: String,
}

impl Kind for Partner {
    const CODE: &'static str = "partner";
    const NAME: &'static str = "Partner";
    const AREA: &'static str = "parties";
    const STATES: &'static [&'static str] = &["current", "former"];
    const KEY: &'static [&'static str] = &["iso3"];
}
