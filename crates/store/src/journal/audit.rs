//! What verification is asked and what it finds.

use super::{Checkpoint, VerifyingKey};
use serde::{Deserialize, Serialize};

/// What a verification works with.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    /// The public key; the installation's own if absent.
    pub key: Option<VerifyingKey>,
    /// The last signed size and root that this installation keeps outside the database.
    pub kept: Option<Checkpoint>,
    /// Notes that witnesses kept: where each comes from, and its text.
    pub notes: Vec<(String, String)>,
    /// Only the log: numbers, times, leaves, seals, tree, checkpoints; no body and no row.
    pub log_only: bool,
}

/// What verification found.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Verification {
    /// Faults, each naming the entry, or the table and row.
    pub faults: Vec<String>,
    /// What could not be checked, and why.
    pub unknown: Vec<String>,
    /// Entries walked.
    pub entries: u64,
    /// Rows whose binding was checked.
    pub rows: u64,
    /// Entries whose body was redacted, each named by a redaction entry.
    #[serde(default)]
    pub redacted: u64,
    /// Keys handed over and epochs begun, in words.
    #[serde(default)]
    pub turnings: Vec<String>,
    /// Size of the newest signed checkpoint.
    pub signed_size: u64,
    /// Root over all entries, hexadecimal.
    pub root: String,
    /// Milliseconds it took.
    pub milliseconds: u64,
}

impl Verification {
    /// Exit code: 0 sound, 7 tampering found, 8 cannot tell.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match (self.faults.is_empty(), self.unknown.is_empty()) {
            (false, _) => 7,
            (true, false) => 8,
            (true, true) => 0,
        }
    }
}
