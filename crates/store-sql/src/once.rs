//! Requests that take effect once: the key stands in a table and in the entries it made.

use crate::conn::Conn;
use crate::journal;
use crate::writer::Tx;
use symbolon_store::{Once, Result, StoreError, Written, query::Value};

/// A key is remembered so long, in milliseconds.
const KEPT: i64 = 24 * 60 * 60 * 1000;

/// The first answer to a request that was seen before; `None` for a new one.
pub(crate) fn answered(conn: &mut Conn, now: i64, once: &Once) -> Result<Option<Vec<Written>>> {
    let sql = "SELECT o.request, o.entry, j.time FROM once o JOIN journal j ON j.seq = o.entry WHERE o.id = $1";
    let Some(row) = conn.first(sql, &[Value::Text(once.id.clone())])? else {
        return Ok(None);
    };
    let (entry, time) = (
        row[1].int().unwrap_or_default(),
        row[2].int().unwrap_or_default(),
    );
    if now - time >= KEPT {
        conn.execute(
            "DELETE FROM once WHERE id = $1",
            &[Value::Text(once.id.clone())],
        )?;
        return Ok(None);
    }
    if row[0].text() != once.request {
        return Err(StoreError::Mismatch);
    }
    let mut written = vec![];
    journal::each_from(conn, entry, &mut |view| {
        let of_it = view.body.as_ref().and_then(|b| b.once.as_ref()) == Some(once);
        let id = view.entry.object.split_once('/').map(|(_, id)| id.parse());
        if of_it && let Some(Ok(id)) = id {
            written.push(Written {
                id,
                version: view.entry.version,
                seq: view.entry.seq,
                changed: true,
            });
        }
        // The entries of one request follow each other.
        Ok(of_it || written.is_empty())
    })?;
    Ok(Some(written))
}

/// Remembers a request with its first entry. Nothing to remember where nothing was written.
pub(crate) fn remember(tx: &mut Tx<'_>, once: &Once, written: &[Written]) -> Result<()> {
    let Some(first) = written.iter().find(|w| w.changed) else {
        return Ok(());
    };
    tx.conn.execute(
        "INSERT INTO once(id, request, entry) VALUES($1, $2, $3)",
        &[
            Value::Text(once.id.clone()),
            Value::Text(once.request.clone()),
            Value::Int(first.seq),
        ],
    )?;
    Ok(())
}
