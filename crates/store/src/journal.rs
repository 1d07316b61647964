//! The journal: an RFC 6962 tree of entries, sealed and signed (security.md section 3).

mod checkpoint;
mod entry;
mod merkle;

pub use checkpoint::{Checkpoint, NoteError, SigningKey, VerifyingKey};
pub use entry::{Body, Entry, EntryView, JournalFilter, Saw, StoredEntry};
pub use merkle::{
    CompactRange, RootBuilder, empty_root, hash_leaf, hash_node, inclusion_proof, root_of_proof,
};

use serde::{Deserialize, Serialize};

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
