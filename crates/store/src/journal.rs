//! The journal: an RFC 6962 tree of entries, sealed and signed (security.md section 3).

mod audit;
mod checkpoint;
mod cosign;
mod entry;
mod keys;
mod merkle;
mod tiles;
mod turning;

pub use audit::{Audit, Verification};
pub use checkpoint::{Checkpoint, NoteError};
pub use cosign::Cosigner;
pub use entry::{Body, Entry, EntryRef, EntryView, JournalFilter, Saw, StoredEntry};
pub use keys::{Sealer, SigningKey, VerifyingKey};
pub use merkle::{
    CompactRange, RootBuilder, empty_root, hash_leaf, hash_node, inclusion_proof, root_of_proof,
};
pub use tiles::{ReadHashes, StoredTree, TILE_HEIGHT, consistent};
pub use turning::{CHECKPOINT, EPOCH, ERASURE, Epoch, HandOver, KEY, SCHEMA, Signed};
