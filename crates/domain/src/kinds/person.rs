//! Person: somebody who holds a post, is trained or is vetted.

use crate::{
    country::Iso3,
    kind::{Kind, Transition},
    when::When,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Gender as recorded in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Gender {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Another answer.
    Other,
    /// Not recorded.
    NotRecorded,
}

/// Somebody who holds a post, is nominated for training or is vetted. Invented or public persons
/// only in demonstrations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Full name as the person writes it, in Latin letters.
    #[schemars(extend("x-list" = true, "x-marking" = "personal"))]
    pub name: String,
    /// Other spellings, names in other scripts; one a line.
    #[serde(default)]
    #[schemars(extend("x-marking" = "personal"))]
    pub other_names: Vec<String>,
    /// Nationality, ISO 3166-1 alpha-3.
    #[serde(default)]
    #[schemars(extend("x-list" = true))]
    pub nationality: Option<Iso3>,
    /// Date of birth, as far as known.
    #[serde(default)]
    #[schemars(title = "Date of birth", extend("x-marking" = "personal"))]
    pub birth: Option<When>,
    /// Gender as recorded.
    #[serde(default)]
    pub gender: Option<Gender>,
    /// Rank as last known.
    #[serde(default)]
    #[schemars(extend("x-list" = true))]
    pub rank: String,
    /// Service or identity number.
    #[serde(default)]
    #[schemars(extend("x-marking" = "personal"))]
    pub identifier: String,
    /// What a reader should know.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text"))]
    pub note: String,
}

impl Kind for Person {
    const CODE: &'static str = "person";
    const NAME: &'static str = "Person";
    const AREA: &'static str = "parties";
    const STATES: &'static [&'static str] = &["current", "former"];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("retire", "Mark as former", &["current"], "former"),
        Transition::new("resume", "Mark as current", &["former"], "current"),
    ];
    const KEY: &'static [&'static str] = &["name", "birth"];
    const OF_PARTNER: bool = true;
}
