//! The schema itself: no table, column, index or trigger besides ours; the file's own structure.

mod postgres;

use super::{Check, Found};
use crate::conn::{Conn, Engine};
use crate::schema;
use symbolon_store::{Result, StoreError, query::Value};

pub(super) fn check(conn: &mut Conn, check: &Check<'_>, found: &mut Found) -> Result<()> {
    match check.engine {
        Engine::Sqlite => {
            let intact = integrity(conn, found);
            found.damaged("file", intact);
            sqlite(conn, found)?;
        }
        Engine::Postgres => postgres::check(conn, found)?,
    }
    instance(conn, check, found)
}

fn instance(conn: &mut Conn, check: &Check<'_>, found: &mut Found) -> Result<()> {
    let rows = conn.query("SELECT name, value FROM instance ORDER BY name", &[])?;
    let wanted = [
        ("origin", check.origin.to_owned()),
        ("schema", schema::VERSION.to_string()),
    ];
    let wanted: Vec<Vec<Value>> = wanted
        .into_iter()
        .map(|(n, v)| vec![Value::Text(n.to_owned()), Value::Text(v)])
        .collect();
    if rows != wanted {
        found.fault("instance: its rows are not the ones the program wrote");
    }
    Ok(())
}

/// Pages, cells and indexes of the file: an index that does not match its table answers wrongly.
fn integrity(conn: &mut Conn, found: &mut Found) -> Result<()> {
    for row in conn.query("PRAGMA integrity_check(20)", &[])? {
        if row[0].text() != "ok" {
            found.fault(format!("file: {}", row[0].text()));
        }
    }
    Ok(())
}

fn sqlite(conn: &mut Conn, found: &mut Found) -> Result<()> {
    // Nothing is left out: a name that begins like the engine's own is a good place to hide.
    let list = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY name";
    let mut fresh = Conn::Sqlite(
        rusqlite::Connection::open_in_memory().map_err(|e| StoreError::Database(e.to_string()))?,
    );
    for sql in schema::statements(Engine::Sqlite) {
        fresh.batch(&sql)?;
    }
    let ours: Vec<Vec<Value>> = fresh.query(list, &[])?;
    let theirs = conn.query(list, &[])?;
    for row in theirs.iter().filter(|r| !ours.contains(r)) {
        found.fault(format!(
            "schema: {} `{}` is not the program's",
            row[0].text(),
            row[1].text()
        ));
    }
    for row in ours.iter().filter(|r| !theirs.contains(r)) {
        found.fault(format!(
            "schema: {} `{}` is missing",
            row[0].text(),
            row[1].text()
        ));
    }
    Ok(())
}
