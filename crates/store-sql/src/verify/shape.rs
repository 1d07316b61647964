//! The schema itself: no table, column, index or trigger besides ours; the file's own structure.

use super::{Check, Found};
use crate::conn::{Conn, Engine};
use crate::schema::{self, FIXED_TABLES};
use std::collections::BTreeSet;
use symbolon_domain::kinds;
use symbolon_store::{Result, StoreError, facts::TABLES, query::Value};

pub(super) fn check(conn: &mut Conn, check: &Check<'_>, found: &mut Found) -> Result<()> {
    match check.engine {
        Engine::Sqlite => {
            let intact = integrity(conn, found);
            found.damaged("file", intact);
            sqlite(conn, found)?;
        }
        Engine::Postgres => postgres(conn, found)?,
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
    let list = "SELECT type, name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name";
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

fn postgres(conn: &mut Conn, found: &mut Found) -> Result<()> {
    let tables = conn.query(
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY 1",
        &[],
    )?;
    let theirs: BTreeSet<&str> = tables.iter().map(|r| r[0].text()).collect();
    let ours: BTreeSet<&str> = FIXED_TABLES
        .into_iter()
        .chain(kinds::all().iter().map(|k| k.code))
        .chain(TABLES.into_iter().map(|t| t.name))
        .collect();
    for table in ours.symmetric_difference(&theirs) {
        found.fault(format!(
            "schema: table `{table}` is missing or not the program's"
        ));
    }
    let triggers = conn.query(
        "SELECT t.tgname::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid \
         JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND n.nspname = current_schema() \
         UNION ALL SELECT r.rulename::text FROM pg_rules r WHERE r.schemaname = current_schema()",
        &[],
    )?;
    for row in triggers {
        found.fault(format!(
            "schema: trigger or rule `{}` is not the program's",
            row[0].text()
        ));
    }
    Ok(())
}
