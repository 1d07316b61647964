//! What follows from a change, decided and written in the change's own transaction.

use crate::{Change, Result, query::RecordQuery};
use symbolon_domain::record::Record;

/// A record that a transaction wrote: as it was, and as it is.
#[derive(Clone, Debug)]
pub struct Touched {
    /// As it was; `None` for a new one.
    pub before: Option<Record>,
    /// As it is now.
    pub after: Record,
}

/// Asks for records as the open transaction sees them, whoever writes.
pub type Ask<'a> = &'a mut dyn FnMut(&str, &RecordQuery) -> Result<Vec<Record>>;

/// A rule by which one change makes others: whoever writes, and by whatever way. What it gives back is
/// written by the program itself in the same transaction, so both are there or neither.
pub trait Consequences: Send + Sync {
    /// Whether changes of a kind can have any.
    fn watches(&self, kind: &str) -> bool;
    /// The further changes. They are not asked about again.
    ///
    /// # Errors
    /// Then nothing is written at all.
    fn follow(&self, touched: &[Touched], ask: Ask<'_>) -> Result<Vec<Change>>;
}
