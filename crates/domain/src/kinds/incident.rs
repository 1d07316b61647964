//! Incident: what somebody alleges was done, when and where, and what followed.

use crate::{
    kind::{Fault, Kind, Transition},
    when::When,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An act alleged against units or persons: who alleges it and what followed. That it stands here says
/// that somebody alleges it, never that it is proven.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// What is alleged, in one line.
    #[schemars(length(max = 300), extend("x-list" = true))]
    pub title: String,
    /// Kind of act; the gravest where there are several.
    #[schemars(extend("x-code-list" = "violation-type", "x-list" = true))]
    pub violation: String,
    /// Every kind of act as the sources name it; one a line.
    #[serde(default)]
    pub violations_as_named: Vec<String>,
    /// Day it began, as far as known.
    #[schemars(extend("x-list" = true))]
    pub began: When,
    /// Day it ended, as far as known.
    #[serde(default)]
    pub ended: Option<When>,
    /// Day it was first alleged in public.
    #[serde(default)]
    pub first_alleged: Option<When>,
    /// Where it is said to have happened.
    #[serde(default)]
    #[schemars(extend("x-list" = true))]
    pub place: String,
    /// Province, state or region.
    #[serde(default)]
    pub admin_area: String,
    /// Who alleges it: the publisher or body, not a witness.
    #[schemars(extend("x-list" = true))]
    pub alleged_by: String,
    /// What is alleged, without names of victims or witnesses.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text"))]
    pub description: String,
    /// What followed: denial, inquiry, trial, sentence, redress.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text"))]
    pub followed: String,
}

impl Kind for Incident {
    const CODE: &'static str = "incident";
    const NAME: &'static str = "Incident";
    const AREA: &'static str = "vetting";
    const STATES: &'static [&'static str] = &["alleged", "credible", "not_credible", "settled"];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new(
            "find_credible",
            "Find credible",
            &["alleged", "not_credible"],
            "credible",
        )
        .approval()
        .with_reason(),
        Transition::new(
            "find_not_credible",
            "Find not credible",
            &["alleged", "credible"],
            "not_credible",
        )
        .approval()
        .with_reason(),
        Transition::new(
            "settle",
            "Mark as settled by a court or inquiry",
            &["alleged", "credible", "not_credible"],
            "settled",
        )
        .needing(&["followed"])
        .approval()
        .with_reason(),
        Transition::new(
            "reopen",
            "Open again",
            &["credible", "not_credible", "settled"],
            "alleged",
        )
        .with_reason(),
    ];
    const KEY: &'static [&'static str] = &["title", "began", "place"];
    const OF_PARTNER: bool = true;

    fn faults(&self) -> Vec<Fault> {
        match self.ended {
            Some(end) if end.0.day < self.began.0.day => {
                vec![Fault::new(
                    "ended",
                    "conflict",
                    "Ended: it ends before it begins",
                )]
            }
            _ => vec![],
        }
    }
}
