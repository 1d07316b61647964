//! Label change: a wider label for a record, proposed by one and decided by a releasing officer.

use crate::{kind::Kind, record::RecordId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A proposal to lower a record's label or to widen its release, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelChange {
    /// Kind of the record.
    pub of_kind: String,
    /// Id of the record.
    pub of: String,
    /// Version of the record that was looked at; once there is another, the proposal has lapsed.
    pub of_version: i64,
    /// The marking it had.
    pub before: String,
    /// The marking it is to have.
    pub after: String,
    /// The label it is to have; a release is dated when it is decided.
    #[schemars(extend("x-type" = "json"))]
    pub wanted: serde_json::Value,
    /// Why.
    pub reason: String,
    /// Account that proposed it.
    #[schemars(extend("x-reference" = "account"))]
    pub proposed_by: RecordId,
    /// Account that decided it: another one, of a releasing officer.
    #[serde(default)]
    #[schemars(extend("x-reference" = "account"))]
    pub decided_by: Option<RecordId>,
    /// What the decision says.
    #[serde(default)]
    pub answer: String,
}

impl Kind for LabelChange {
    const CODE: &'static str = "label_change";
    const NAME: &'static str = "Label change";
    const AREA: &'static str = "administration";
    const STATES: &'static [&'static str] = &["proposed", "done", "refused", "withdrawn"];
}
