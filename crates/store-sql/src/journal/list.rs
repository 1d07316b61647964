//! Entries for those who read them: lists, counts, single ones.

use super::{COLUMNS, entry_of, hash, tampered};
use crate::conditions::Where;
use crate::conn::Conn;
use symbolon_store::{
    Result,
    journal::{EntryView, JournalFilter},
    query::{Test, Value},
};

fn view(row: &[Value]) -> Result<EntryView> {
    let entry = entry_of(row).ok_or_else(|| tampered("an entry cannot be read"))?;
    let leaf = hash(&row[6]).ok_or_else(|| tampered("a leaf is damaged"))?;
    Ok(EntryView {
        entry,
        body: serde_json::from_str(row[12].text()).ok(),
        leaf: hex::encode(leaf),
    })
}

fn conditions(filter: &JournalFilter) -> Where {
    let mut conditions = Where::default();
    for (column, begins) in [("object", &filter.object), ("action", &filter.action)] {
        if !begins.is_empty() {
            conditions.test(column, &Test::Begins(begins.clone()));
        }
    }
    if !filter.actor.is_empty() {
        conditions.test("actor", &Test::Begins(filter.actor.clone()));
    }
    for (column, test) in [
        ("time", filter.from.map(Test::AtLeast)),
        ("time", filter.to.map(Test::AtMost)),
        ("seq", filter.before.map(|b| Test::AtMost(b - 1))),
    ] {
        if let Some(test) = test {
            conditions.test(column, &test);
        }
    }
    conditions
}

/// Entries that match, newest first.
pub(crate) fn list(conn: &mut Conn, filter: &JournalFilter) -> Result<Vec<EntryView>> {
    let conditions = conditions(filter);
    let sql = format!(
        "SELECT {COLUMNS} FROM journal{} ORDER BY seq DESC LIMIT {} OFFSET {}",
        conditions.sql(),
        filter.limit.max(1),
        filter.offset
    );
    conn.query(&sql, &conditions.args)?
        .iter()
        .map(|row| view(row))
        .collect()
}

/// Entries about one object that bind a version of it, oldest first.
pub(crate) fn each_about(
    conn: &mut Conn,
    object: &str,
    f: &mut dyn FnMut(EntryView) -> Result<bool>,
) -> Result<()> {
    let sql =
        format!("SELECT {COLUMNS} FROM journal WHERE object = $1 AND version > 0 ORDER BY seq");
    let args = [Value::Text(object.to_owned())];
    conn.each(&sql, &args, &mut |row| f(view(&row)?))
}

/// The newest entry before a moment about each object of a kind.
pub(crate) fn each_last_before(
    conn: &mut Conn,
    kind: &str,
    moment: i64,
    f: &mut dyn FnMut(EntryView) -> Result<bool>,
) -> Result<()> {
    let sql = format!(
        "SELECT {COLUMNS} FROM journal WHERE seq IN (SELECT max(seq) FROM journal \
         WHERE object >= $1 AND object < $2 AND version > 0 AND time < $3 GROUP BY object)"
    );
    let args = [
        Value::Text(format!("{kind}/")),
        Value::Text(format!("{kind}0")),
        Value::Int(moment),
    ];
    conn.each(&sql, &args, &mut |row| f(view(&row)?))
}

/// Entries from a number on, in order.
pub(crate) fn each_from(
    conn: &mut Conn,
    seq: i64,
    f: &mut dyn FnMut(EntryView) -> Result<bool>,
) -> Result<()> {
    let sql = format!("SELECT {COLUMNS} FROM journal WHERE seq >= $1 ORDER BY seq");
    conn.each(&sql, &[Value::Int(seq)], &mut |row| f(view(&row)?))
}

/// How many entries match.
pub(crate) fn count(conn: &mut Conn, filter: &JournalFilter) -> Result<u64> {
    let conditions = conditions(filter);
    let sql = format!("SELECT count(*) FROM journal{}", conditions.sql());
    let row = conn.first(&sql, &conditions.args)?;
    Ok(row
        .and_then(|r| r[0].int())
        .and_then(|n| u64::try_from(n).ok())
        .unwrap_or(0))
}

/// One entry.
pub(crate) fn entry(conn: &mut Conn, seq: i64) -> Result<Option<EntryView>> {
    let sql = format!("SELECT {COLUMNS} FROM journal WHERE seq = $1");
    conn.first(&sql, &[Value::Int(seq)])?
        .map(|row| view(&row))
        .transpose()
}

/// The newest entry about an object; of changes alone, or of whatever was noted about it too.
pub(crate) fn last_entry(
    conn: &mut Conn,
    object: &str,
    changes: bool,
) -> Result<Option<EntryView>> {
    let only = if changes { " AND version > 0" } else { "" };
    let sql =
        format!("SELECT {COLUMNS} FROM journal WHERE object = $1{only} ORDER BY seq DESC LIMIT 1");
    conn.first(&sql, &[Value::Text(object.to_owned())])?
        .map(|row| view(&row))
        .transpose()
}
