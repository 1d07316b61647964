//! The parts of a schema, one line each: what a database has, what this program makes, and how they differ.

use super::{catalogue, file};
use crate::conn::{Conn, Engine};
use std::collections::BTreeSet;
use symbolon_store::Result;

/// How a database differs from what this program makes.
#[derive(Debug, Default)]
pub(crate) struct Difference {
    /// Parts this program makes that are not there.
    pub(crate) missing: Vec<String>,
    /// Parts that are there and not this program's.
    pub(crate) foreign: Vec<String>,
}

/// Compares a database with what this program makes.
pub(crate) fn difference(conn: &mut Conn) -> Result<Difference> {
    let (there, made): (BTreeSet<_>, BTreeSet<_>) = match conn.engine() {
        Engine::Sqlite => (file::there(conn)?, file::made()?),
        Engine::Postgres => (catalogue::there(conn)?, catalogue::made()),
    };
    Ok(Difference {
        missing: made.difference(&there).cloned().collect(),
        foreign: there.difference(&made).cloned().collect(),
    })
}
