//! Determination: an answer to "may we?", kept with everything it stood on.

use crate::kind::Kind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An answer to "may we?", frozen: facts, values and rulebook as they were. The program fills in what the
/// law said; nobody writes that by hand. Run again, it shows what changed since.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Determination {
    /// Title: what is to be done.
    #[schemars(length(max = 300), extend("x-list" = true))]
    pub title: String,
    /// Facts, one a line: `partner = KEN`. `assume = clear` takes what is not stated as clear.
    pub facts: Vec<String>,
    /// Only the law that was public by this day; left out: everything.
    #[serde(default)]
    #[schemars(title = "Law as known on", length(max = 40))]
    pub known: String,
    /// Bills laid over the law, with commas between; left out: the law in force.
    #[serde(default)]
    #[schemars(title = "Under proposals", length(max = 300))]
    pub proposals: String,
    /// What came out: `allowed`, `allowed-with-conditions`, `cannot-tell` or `refused`. Filled in by the program.
    #[serde(default)]
    #[schemars(length(max = 40), extend("x-list" = true))]
    pub outcome: String,
    /// First lawful day by the clocks that run. Filled in by the program.
    #[serde(default)]
    #[schemars(title = "Earliest lawful day", length(max = 40), extend("x-list" = true))]
    pub earliest: String,
    /// What each rule said, one a line. Filled in by the program.
    #[serde(default)]
    #[schemars(title = "Rules that spoke")]
    pub rules: Vec<String>,
    /// The values the rules stood on, with their first day and what sets them. Filled in by the program.
    #[serde(default)]
    #[schemars(title = "Values in force")]
    pub values: Vec<String>,
    /// SHA-256 of the rulebook that decided. Filled in by the program.
    #[serde(default)]
    #[schemars(title = "Rulebook", length(max = 64))]
    pub rulebook: String,
}

impl Kind for Determination {
    const CODE: &'static str = "determination";
    const NAME: &'static str = "Determination";
    const AREA: &'static str = "authority";
    const STATES: &'static [&'static str] = &["kept"];
}
