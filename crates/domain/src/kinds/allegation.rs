//! Allegation: what somebody brought to us about a unit or person, before anybody judged it.

use crate::{kind::Kind, record::RecordId, when::When};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An allegation as it came in, by the public or partner form or from an office. It is never deleted; who
/// brought it is known to those alone who may know sources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Allegation {
    /// What is said to have happened, in one line.
    #[schemars(length(max = 300), extend("x-list" = true))]
    pub title: String,
    /// What is said to have happened.
    #[schemars(length(max = 20000), extend("x-type" = "long-text"))]
    pub account: String,
    /// Unit or person as the writer names it.
    #[schemars(length(max = 300), extend("x-list" = true))]
    pub alleged_against: String,
    /// When, as far as the writer knows.
    #[serde(default)]
    #[schemars(extend("x-list" = true))]
    pub happened: Option<When>,
    /// Where.
    #[serde(default)]
    #[schemars(length(max = 300))]
    pub place: String,
    /// What supports it: documents, links.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text"))]
    pub evidence: String,
    /// How the writer can be reached, if the writer says.
    #[serde(default)]
    #[schemars(length(max = 300), extend("x-marking" = "source-identity"))]
    pub contact: String,
    /// SHA-256 of the receipt that its writer was given, hexadecimal: with the receipt the state can be asked for,
    /// and from the hash it cannot be told. Set by the program.
    #[serde(default)]
    pub receipt: String,
    /// Day it came in.
    #[schemars(extend("x-list" = true))]
    pub received_on: Date,
    /// The incident made of it.
    #[serde(default)]
    #[schemars(extend("x-reference" = "incident", "x-list" = true))]
    pub incident: Option<RecordId>,
    /// What became of it, and why.
    #[serde(default)]
    #[schemars(extend("x-type" = "long-text"))]
    pub outcome: String,
}

impl Kind for Allegation {
    const CODE: &'static str = "allegation";
    const NAME: &'static str = "Allegation";
    const AREA: &'static str = "vetting file";
    const STATES: &'static [&'static str] = &["received", "looked_into", "accepted", "set_aside"];
    const PERMANENT: bool = true;
}
