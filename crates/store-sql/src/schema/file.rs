//! The parts of a schema in a SQLite file: each table, each of its columns, every index, trigger and view.

use crate::conn::{Conn, Engine};
use crate::schema;
use std::collections::BTreeSet;
use symbolon_store::{Result, StoreError};

/// Nothing is left out: a name that begins like the engine's own is a good place to hide.
const LIST: &str =
    "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY name";

/// The parts a database has. The columns of a table are parts of their own, in no order: a column that an upgrade
/// added stands last.
pub(super) fn there(conn: &mut Conn) -> Result<BTreeSet<String>> {
    let mut parts = BTreeSet::new();
    for row in conn.query(LIST, &[])? {
        let [kind, name, table, sql] = [0, 1, 2, 3].map(|i| row[i].text());
        let made = sql
            .split_once('(')
            .filter(|_| kind == "table")
            .and_then(|(head, rest)| Some((head, rest.rsplit_once(')')?)));
        let Some((head, (columns, end))) = made else {
            parts.insert(format!("{kind} {name} {table} {sql}"));
            continue;
        };
        parts.insert(format!("{kind} {name} {table} {head}{end}"));
        for column in columns.split(", ") {
            parts.insert(format!("column {name}.{}", column.replace('"', "")));
        }
    }
    Ok(parts)
}

/// The parts the statements make.
pub(super) fn made() -> Result<BTreeSet<String>> {
    let fresh =
        rusqlite::Connection::open_in_memory().map_err(|e| StoreError::Database(e.to_string()))?;
    let mut fresh = Conn::Sqlite(fresh);
    for sql in schema::statements(Engine::Sqlite) {
        fresh.batch(&sql)?;
    }
    there(&mut fresh)
}
