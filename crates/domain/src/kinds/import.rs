//! Import and ImportMapping: what came in from a file, and how its columns were read.

use crate::{kind::Kind, record::RecordId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Where the columns of a sort of file go, kept for the next file of that sort.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportMapping {
    /// What it is for, in words.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub title: String,
    /// Code of the kind of record the file holds.
    #[schemars(title = "Kind of record", extend("x-list" = true, "x-partner" = true))]
    pub target: String,
    /// Columns, defaults and sheet.
    #[schemars(extend("x-partner" = true))]
    pub mapping: Value,
}

impl Kind for ImportMapping {
    const CODE: &'static str = "import_mapping";
    const NAME: &'static str = "Import mapping";
    const AREA: &'static str = "exchange";
    const STATES: &'static [&'static str] = &["current", "withdrawn"];
    const KEY: &'static [&'static str] = &["target", "title"];
}

/// A file of records that was taken in: which file, read how, with what effect. The journal entry of
/// each record it wrote names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// Code of the kind of record the file held.
    #[schemars(title = "Kind of record", extend("x-list" = true, "x-partner" = true))]
    pub target: String,
    /// Name of the file.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub file_name: String,
    /// SHA-256 of the file.
    #[schemars(title = "File SHA-256", extend("x-partner" = true))]
    pub file_sha256: String,
    /// Size of the file in bytes.
    #[schemars(extend("x-unit" = "bytes", "x-partner" = true))]
    pub file_bytes: i64,
    /// Saved mapping that was used, if one was.
    #[serde(default)]
    #[schemars(title = "Saved mapping", extend("x-reference" = "import_mapping", "x-partner" = true))]
    pub saved_mapping: Option<RecordId>,
    /// Version of that mapping; 0 without one.
    #[serde(default)]
    #[schemars(extend("x-partner" = true))]
    pub mapping_version: i64,
    /// The mapping as it was used.
    #[schemars(extend("x-partner" = true))]
    pub mapping: Value,
    /// Hash of the plan that was agreed to.
    #[schemars(title = "Plan", extend("x-partner" = true))]
    pub plan_sha256: String,
    /// Rows in the file.
    #[schemars(extend("x-list" = true, "x-unit" = "rows", "x-partner" = true))]
    pub rows: i64,
    /// Rows that made a record.
    #[schemars(extend("x-list" = true, "x-unit" = "rows", "x-partner" = true))]
    pub added: i64,
    /// Rows that changed a record.
    #[schemars(extend("x-list" = true, "x-unit" = "rows", "x-partner" = true))]
    pub changed: i64,
    /// Rows that said nothing new.
    #[schemars(extend("x-unit" = "rows", "x-partner" = true))]
    pub same: i64,
    /// Rows left out, as was agreed to.
    #[schemars(extend("x-list" = true, "x-unit" = "rows", "x-partner" = true))]
    pub left_out: i64,
}

impl Kind for Import {
    const CODE: &'static str = "import";
    const NAME: &'static str = "Import";
    const AREA: &'static str = "exchange";
    const STATES: &'static [&'static str] = &["taken"];
}
