//! Source: a document that facts are taken from.

use crate::{
    kind::{Kind, Transition},
    when::When,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A document, web page or dataset that facts are taken from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Title as published.
    pub title: String,
    /// Who published it.
    pub publisher: String,
    /// Address where it can be read, if any.
    #[serde(default)]
    pub url: String,
    /// Document number or other reference.
    #[serde(default)]
    pub reference: String,
    /// Day, month or year it was published.
    #[serde(default)]
    pub published: Option<When>,
    /// Licence or legal status under which it is used.
    pub licence: String,
    /// Credit line to be shown with anything drawn from it.
    #[serde(default)]
    pub credit: String,
}

impl Kind for Source {
    const CODE: &'static str = "source";
    const NAME: &'static str = "Source";
    const AREA: &'static str = "exchange";
    const STATES: &'static [&'static str] = &["current", "withdrawn"];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("withdraw", "Withdraw", &["current"], "withdrawn").with_reason(),
        Transition::new("restore", "Restore", &["withdrawn"], "current"),
    ];
    const KEY: &'static [&'static str] = &["title"];
}
