//! What storage must do: records, journal, bulk facts. No SQL here.
//!
//! The Merkle log, the form of entries and checkpoints, and the rules that bind rows to entries are
//! ours and live here; `symbolon-store-sql` puts them on disk. Every read and write takes a
//! [`symbolon_access::Viewer`]; "not found" is an `Option`, never an error; clock and randomness
//! come in through [`Surroundings`].

mod consequences;
mod error;
pub mod facts;
pub mod jobs;
pub mod journal;
pub mod query;
mod surroundings;
mod traits;

pub use consequences::{Ask, Consequences, Touched};
pub use error::{Result, StoreError};
pub use jobs::Jobs;
pub use surroundings::Surroundings;
pub use traits::{BulkLoad, Change, Changes, Heading, Loader, Once, Redaction, Store, Written};
