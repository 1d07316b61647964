//! What can go wrong in storage.

/// A failure of storage. Refusals by access are not errors: the record is simply not there.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database said no, or could not be reached.
    #[error("the database failed: {0}")]
    Database(String),
    /// No room left on the disk.
    #[error("the disk is full; nothing was written")]
    Full,
    /// A write did not reach the disk; the program must stop.
    #[error(
        "a write did not reach the disk; the program stops so that nothing false is acknowledged"
    )]
    NotDurable,
    /// The database server cannot be reached, or went away in the middle; whether the last write took
    /// effect is settled by asking again with the same key.
    #[error("the database cannot be reached; try again")]
    Unreachable,
    /// This program can only read, for this reason: another key is in use, or the disk is too full.
    #[error("nothing can be written: {0}")]
    ReadOnly(String),
    /// The version given is not the newest.
    #[error("the record has changed since: version {current} is the newest, {given} was given")]
    Stale {
        /// Version the caller worked on.
        given: i64,
        /// Version now.
        current: i64,
    },
    /// A record with this owner and code exists already.
    #[error("a record with the code `{0}` exists already")]
    Duplicate(String),
    /// A reference to a record that does not exist, or a body that does not fit its kind.
    #[error("{0}")]
    Invalid(String),
    /// The journal head in the database is not the one this program left there.
    #[error("the journal was changed behind the program's back: {0}")]
    Tampered(String),
    /// A newer program made this database.
    #[error(
        "the database is of schema {found}; this program knows up to {known}. Use a newer program"
    )]
    Newer {
        /// Schema version found.
        found: i64,
        /// Newest version known.
        known: i64,
    },
    /// An older program made this database.
    #[error(
        "the database was made by an older program: it lacks {missing} tables, columns or indexes of this one"
    )]
    Older {
        /// How many parts of the schema are not there.
        missing: usize,
    },
    /// The database has what this program does not know.
    #[error(
        "the database holds what this program does not know: {}. A newer program made it, or it was changed by hand",
        some(.0)
    )]
    Foreign(Vec<String>),
    /// A label is above what this instance may hold. Its text is not repeated.
    #[error("the label is above the ceiling of this instance; nothing of it was kept")]
    AboveCeiling,
    /// The viewer may not do this.
    #[error("not permitted: {0}")]
    NotPermitted(String),
    /// The idempotency key was used for another request.
    #[error("this Idempotency-Key was used for another request within the last day")]
    Mismatch,
    /// The job is held by another node, or over.
    #[error("another node does this job meanwhile; nothing was written here")]
    Lost,
    /// The caller stopped the work.
    #[error("{0}")]
    Cancelled(String),
}

/// The first few of many.
fn some(parts: &[String]) -> String {
    let first: Vec<String> = parts.iter().take(3).map(|p| format!("`{p}`")).collect();
    match parts.len() - first.len() {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

/// Result of storage.
pub type Result<T> = std::result::Result<T, StoreError>;
