//! Agreement: what two sides signed, and when it holds.

use crate::{
    kind::{Kind, Transition},
    when::When,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What two sides signed: assurances, status of forces, information security, a letter of offer.
/// Its valid time is when it is in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// Title.
    #[schemars(length(max = 300), extend("x-list" = true, "x-partner" = true))]
    pub title: String,
    /// What it is.
    #[schemars(extend("x-code-list" = "agreement-type", "x-list" = true, "x-partner" = true))]
    pub agreement_type: String,
    /// Day it was signed.
    #[serde(default)]
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub signed: Option<When>,
    /// The parties that signed; one a line.
    #[schemars(extend("x-partner" = true))]
    pub parties: Vec<String>,
    /// Treaty or document number.
    #[serde(default)]
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub reference: String,
    /// What it covers.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-partner" = true))]
    pub covers: String,
    /// What it excludes or makes subject to consent.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-partner" = true))]
    pub limits: String,
    /// How it ends or is renewed.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text", "x-partner" = true))]
    pub renewal: String,
}

impl Kind for Agreement {
    const CODE: &'static str = "agreement";
    const NAME: &'static str = "Agreement";
    const AREA: &'static str = "authority";
    const STATES: &'static [&'static str] = &[
        "proposed",
        "negotiating",
        "signed",
        "in_force",
        "suspended",
        "ended",
    ];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new(
            "negotiate",
            "Open negotiation",
            &["proposed"],
            "negotiating",
        ),
        Transition::new(
            "sign",
            "Record the signature",
            &["negotiating", "proposed"],
            "signed",
        )
        .needing(&["signed"]),
        Transition::new(
            "enter",
            "Record the entry into force",
            &["signed"],
            "in_force",
        )
        .approval(),
        Transition::new("suspend", "Suspend", &["in_force"], "suspended").with_reason(),
        Transition::new("resume", "Resume", &["suspended"], "in_force").with_reason(),
        Transition::new("end", "End", &["signed", "in_force", "suspended"], "ended").with_reason(),
    ];
    const KEY: &'static [&'static str] = &["agreement_type", "title"];
    const OF_PARTNER: bool = true;
}
