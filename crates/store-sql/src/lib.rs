//! SQLite and PostgreSQL behind the traits of `symbolon-store`. The only crate that holds SQL.
//!
//! One text of SQL serves both: `$1` parameters, `BIGINT`-like and byte types as tokens filled in
//! when tables are made. One writer at a time; callers that wait while it commits are served together
//! by the next commit (group commit), so durability costs one sync for many.

mod conditions;
mod conn;
mod consequences;
mod dump;
mod errors;
mod facts;
mod history;
mod jobs;
mod journal;
mod keeping;
mod loader;
mod once;
mod pool;
mod rebuild;
mod records;
mod schema;
mod store;
mod tally;
mod upgrade;
mod verify;
mod visible;
mod write;
mod writer;

pub use keeping::Feed;
pub use store::SqlStore;
pub use upgrade::{Needs, Older};
