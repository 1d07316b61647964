//! Redaction: bodies of journal entries that the law wants deleted, proposed by one and confirmed by another.

use crate::{kind::Kind, record::RecordId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A proposal to delete what journal entries say (their bodies), and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Redaction {
    /// Numbers of the entries.
    #[schemars(extend("x-type" = "json"))]
    pub entries: Vec<i64>,
    /// The law that asks for it, with article.
    pub basis: String,
    /// Why, without repeating what is to be deleted.
    pub reason: String,
    /// Account that proposed it.
    #[schemars(extend("x-reference" = "account"))]
    pub proposed_by: RecordId,
    /// Account that confirmed it: another one.
    #[serde(default)]
    #[schemars(extend("x-reference" = "account"))]
    pub confirmed_by: Option<RecordId>,
}

impl Kind for Redaction {
    const CODE: &'static str = "redaction";
    const NAME: &'static str = "Redaction";
    const AREA: &'static str = "administration";
    const STATES: &'static [&'static str] = &["proposed", "done", "withdrawn"];
}
