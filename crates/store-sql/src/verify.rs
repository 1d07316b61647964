//! Verification: the log, its seals and checkpoints, the binding of every row, and the schema itself.
//!
//! A chain over the log alone is not enough: each table is walked, and every row must be the
//! one its last entry names, every data set's rows must lead to the root in its record.

mod bodies;
mod eras;
mod log;
mod rows;
mod shape;

use crate::conn::{Conn, Engine};
use symbolon_store::{
    Result, StoreError,
    journal::{Checkpoint, SigningKey, Verification, VerifyingKey},
};

/// What verification works with.
pub(crate) struct Check<'a> {
    pub(crate) engine: Engine,
    pub(crate) origin: &'a str,
    /// The secret key, for the seals.
    pub(crate) sealing: Option<&'a SigningKey>,
    /// The public key, for the checkpoints.
    pub(crate) key: Option<VerifyingKey>,
    /// The last signed size and root that is kept outside the database.
    pub(crate) witnessed: Option<&'a Checkpoint>,
    /// Notes that witnesses kept: where each is from, and its text.
    pub(crate) notes: &'a [(String, String)],
    /// Only the log, no bodies and no rows.
    pub(crate) log_only: bool,
}

/// More faults than this are counted, not listed.
const LISTED: usize = 100;

/// Faults as they are found.
#[derive(Default)]
pub(crate) struct Found {
    verification: Verification,
    more: u64,
}

impl Found {
    fn fault(&mut self, fault: impl Into<String>) {
        if self.verification.faults.len() < LISTED {
            self.verification.faults.push(fault.into());
        } else {
            self.more += 1;
        }
    }

    fn turning(&mut self, what: String) {
        self.verification.turnings.push(what);
    }

    fn unknown(&mut self, what: impl Into<String>) {
        self.verification.unknown.push(what.into());
    }

    /// A part of the database that cannot be read is damage, not an error of ours.
    fn damaged(&mut self, part: &str, result: Result<()>) {
        match result {
            Ok(()) => {}
            Err(StoreError::Tampered(what) | StoreError::Database(what)) => {
                self.fault(format!("{part}: {what}"))
            }
            Err(e) => self.fault(format!("{part}: {e}")),
        }
    }
}

/// Checks everything, in one snapshot of the database.
pub(crate) fn verify(conn: &mut Conn, check: &Check<'_>) -> Result<Verification> {
    conn.batch(match check.engine {
        Engine::Sqlite => "BEGIN",
        Engine::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    })?;
    let mut found = Found::default();
    if !check.log_only {
        let shape = shape::check(conn, check, &mut found);
        found.damaged("schema", shape);
    }
    let log = log::check(conn, check, &mut found);
    found.damaged("journal", log);
    if !check.log_only {
        rows::check(conn, &mut found);
    }
    let _ = conn.batch("ROLLBACK");
    if found.more > 0 {
        let more = found.more;
        found.verification.faults.push(format!("and {more} more"));
    }
    Ok(found.verification)
}
