//! Dataset: one bulk import, to which all its rows are bound.

use crate::{kind::Kind, record::RecordId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What may be done with the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LicenceClass {
    /// Public domain or permissive.
    Open,
    /// May be republished with credit.
    Attribution,
    /// Share alike.
    ShareAlike,
    /// Not for commercial use or republication.
    NonCommercial,
    /// Not stated.
    Unclear,
}

/// How many rows of a table belong to a data set, and the Merkle root over them (RFC 6962 hashing).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RowRoot {
    /// Number of rows.
    pub rows: i64,
    /// Root over the rows in the order of their ids, as hexadecimal SHA-256.
    pub root: String,
}

/// A bulk import: a public series, a report, a list. Its rows stand in typed tables and are bound to
/// this record by row count and Merkle root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dataset {
    /// Title.
    pub title: String,
    /// What the rows are: `training`, `observation`, `notification`, `code`, `list`.
    pub content: String,
    /// Number of the data set in the fact tables; internal.
    pub number: i64,
    /// The source document.
    #[schemars(extend("x-reference" = "source"))]
    pub source: RecordId,
    /// Name of the file that was read.
    pub file_name: String,
    /// SHA-256 of the file as read from disk, before unpacking.
    pub file_sha256: String,
    /// Size of the file in bytes.
    pub file_bytes: i64,
    /// Rows of data in the file.
    pub rows: i64,
    /// What may be done with it.
    pub licence_class: LicenceClass,
    /// What the numbers do not cover; shown beside every figure drawn from it.
    pub limits: String,
    /// Whether its rows enter portfolio figures; false where another data set already covers them.
    pub counted: bool,
    /// Fiscal or calendar years covered, `1999-2019`.
    #[serde(default)]
    pub years: String,
    /// Rows and root of each table that holds rows of it.
    pub roots: BTreeMap<String, RowRoot>,
    /// Code of the list of which it is a version; the record's valid time begins on the day of the version.
    #[serde(default)]
    pub list: String,
    /// Figures of the import: reconciled blocks and the like, by name.
    #[serde(default)]
    pub summary: BTreeMap<String, i64>,
}

impl Kind for Dataset {
    const CODE: &'static str = "dataset";
    const NAME: &'static str = "Data set";
    const AREA: &'static str = "exchange";
    const STATES: &'static [&'static str] = &["loaded", "superseded"];
}
