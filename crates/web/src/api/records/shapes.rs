//! What is asked of and told about records, as JSON.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use symbolon_domain::{
    date::ValidTime,
    record::{Citation, Claim},
};

/// A page of records, at a moment.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RecordsAsk {
    /// Cursor of the page.
    pub(super) cursor: Option<String>,
    /// How many, at most 200; 50 if absent.
    pub(super) limit: Option<u32>,
    /// Words that must each stand in the code or a text field.
    pub(super) q: String,
    /// Only in this state.
    pub(super) state: String,
    /// Only about this partner, ISO 3166-1 alpha-3.
    pub(super) partner: String,
    /// Sort by this field; a minus before it turns the order round.
    pub(super) sort: String,
    /// Only what held true on this day.
    pub(super) as_of: String,
    /// As recorded before this day or time.
    pub(super) recorded_before: String,
}

/// Records of a kind as a file, at a moment.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ExportAsk {
    /// `json` (a list, if absent), `ndjson`, `csv` or `xlsx`.
    pub(super) format: String,
    /// Words that must each stand in the code or a text field.
    pub(super) q: String,
    /// Only in this state.
    pub(super) state: String,
    /// Only about this partner, ISO 3166-1 alpha-3.
    pub(super) partner: String,
    /// Only what held true on this day.
    pub(super) as_of: String,
    /// As recorded before this day or time.
    pub(super) recorded_before: String,
}

/// Two times.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct At {
    /// Only what held true on this day.
    pub(super) as_of: String,
    /// As recorded before this day or time.
    pub(super) recorded_before: String,
}

/// From when to when.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Between {
    /// As recorded before this day or time; absent: before it was made.
    pub(super) from: String,
    /// As recorded before this day or time; absent: now.
    pub(super) to: String,
}

/// A record to be made, or to take the place of one.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordIn {
    /// Human code; left out: the program gives one.
    #[serde(default)]
    pub(super) code: String,
    /// Partner it is about, ISO 3166-1 alpha-3.
    #[serde(default)]
    pub(super) partner: String,
    /// Programme it belongs to.
    #[serde(default)]
    pub(super) programme: String,
    /// When it was true in the world.
    #[serde(default)]
    pub(super) valid: ValidTime,
    /// Sources of the record and of single fields.
    #[serde(default)]
    pub(super) sources: Vec<Citation>,
    /// What other sources say of single fields.
    #[serde(default)]
    pub(super) claims: Vec<Claim>,
    /// The kind's own fields; `/api/v1/schemas/{kind}` has their schema.
    pub(super) body: Value,
    /// Why.
    #[serde(default)]
    pub(super) reason: String,
}

/// Why something is done.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Why {
    /// Why.
    pub(super) reason: String,
}

/// What was written.
#[derive(Serialize, JsonSchema)]
pub(super) struct WrittenOut {
    /// The record.
    pub(super) id: String,
    /// Its version now, which is its ETag.
    pub(super) version: i64,
    /// The journal entry; absent where nothing differed and nothing was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) entry: Option<i64>,
}

/// A version of a record.
#[derive(Serialize, JsonSchema)]
pub(super) struct VersionOut {
    /// Version.
    pub(super) version: i64,
    /// The journal entry that made it.
    pub(super) entry: i64,
    /// When, RFC 3339.
    pub(super) time: String,
    /// The record as it then was; absent where it is withheld.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) record: Option<Value>,
}

/// A difference between two versions.
#[derive(Serialize, JsonSchema)]
pub(super) struct DifferenceOut {
    /// Field.
    pub(super) field: String,
    /// What stood there.
    pub(super) before: String,
    /// What stands there.
    pub(super) after: String,
    /// In words.
    pub(super) words: String,
}
