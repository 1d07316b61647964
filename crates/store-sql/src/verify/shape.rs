//! The schema itself: no table, column, index or trigger besides ours; the file's own structure.

use super::{Check, Found};
use crate::conn::{Conn, Engine};
use crate::schema::{self, parts};
use symbolon_store::{Result, query::Value};

pub(super) fn check(conn: &mut Conn, check: &Check<'_>, found: &mut Found) -> Result<()> {
    if check.engine == Engine::Sqlite {
        let intact = integrity(conn, found);
        found.damaged("file", intact);
    }
    let differs = parts::difference(conn)?;
    for more in differs.foreign {
        found.fault(format!("schema: `{more}` is not the program's"));
    }
    for less in differs.missing {
        found.fault(format!("schema: `{less}` is missing"));
    }
    instance(conn, check, found)
}

fn instance(conn: &mut Conn, check: &Check<'_>, found: &mut Found) -> Result<()> {
    let rows = conn.query("SELECT name, value FROM instance ORDER BY name", &[])?;
    let wanted = [
        ("origin", check.origin.to_owned()),
        ("schema", schema::VERSION.to_string()),
        (schema::SHAPE, schema::shape()),
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
