//! The journal replayed into an empty database: the same tables, made again from what was recorded.
//!
//! Copied are the entries themselves, the signed checkpoints, jobs under way and the rows of bulk data sets (whose
//! roots stand in replayed records, so verification of the new database checks them). Made again are
//! labels, records, remembered requests and the stored hashes of the tree.

use crate::conn::{Conn, Raw};
use crate::dump::{self, Filler, value};
use crate::journal::place;
use crate::visible;
use crate::write;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use symbolon_domain::{kinds, record::Record};
use symbolon_store::{
    Result, StoreError,
    facts::TABLES,
    journal::{Body, CompactRange},
    query::Value,
};

fn broken(seq: i64, what: impl std::fmt::Display) -> StoreError {
    StoreError::Tampered(format!("entry {seq} cannot be replayed: {what}"))
}

/// Replays the journal of one database into another, which is empty and in a transaction.
pub(crate) fn rebuild(from: &mut Conn, into: &mut Conn) -> Result<()> {
    dump::snapshot(from)?;
    let done = copy(from, into, &["instance", "journal"])
        .and_then(|()| replay(from, into))
        .and_then(|()| {
            let mut rest = vec!["checkpoint", "job"];
            rest.extend(TABLES.iter().map(|t| t.name));
            copy_more(from, into, &rest)
        });
    let _ = from.batch("ROLLBACK");
    done
}

fn copy(from: &mut Conn, into: &mut Conn, tables: &[&str]) -> Result<()> {
    into.batch("DELETE FROM instance")?;
    copy_more(from, into, tables)
}

fn copy_more(from: &mut Conn, into: &mut Conn, tables: &[&str]) -> Result<()> {
    let mut filler = Filler::over(into);
    let all = dump::tables();
    for heading in all.iter().filter(|t| tables.contains(&&*t.table)) {
        dump::table(from, heading, &mut |table, row| {
            let row: Vec<Value> = row.iter().map(value).collect();
            filler.row(table, &row)
        })?;
    }
    filler.flush()
}

/// Walks the entries in order and does again what each says.
fn replay(from: &mut Conn, into: &mut Conn) -> Result<()> {
    let mut range = CompactRange::default();
    let mut bare = vec![];
    let sql = "SELECT seq, object, version, leaf, body FROM journal ORDER BY seq";
    from.each_raw(sql, &[], &mut |row| {
        let [
            Raw::Int(seq),
            Raw::Text(object),
            Raw::Int(version),
            Raw::Blob(leaf),
            body,
        ] = *row
        else {
            return Err(StoreError::Tampered("an entry cannot be read".into()));
        };
        let leaf = leaf.try_into().map_err(|_| broken(seq, "its leaf"))?;
        tiles(into, &mut range, leaf)?;
        match body {
            Raw::Text(text) => {
                let body: Body = serde_json::from_str(text).map_err(|e| broken(seq, e))?;
                entry(into, seq, object, version, body)?;
            }
            // Redacted: the row it made, if it is still there, is taken over below.
            _ if version > 0 => bare.push((seq, object.to_owned())),
            _ => {}
        }
        Ok(true)
    })?;
    bare.iter()
        .try_for_each(|(seq, object)| take_over(from, into, *seq, object))
}

fn tiles(into: &mut Conn, range: &mut CompactRange, leaf: [u8; 32]) -> Result<()> {
    let mut full = vec![];
    range.push_noting(leaf, &mut |row, number, root| {
        full.push((place(row, number), root));
    });
    for (place, root) in full {
        let row = [Value::Int(place), Value::Blob(root.to_vec())];
        into.execute("INSERT INTO journal_tile VALUES($1, $2)", &row)?;
    }
    Ok(())
}

fn entry(into: &mut Conn, seq: i64, object: &str, version: i64, body: Body) -> Result<()> {
    if let Some(once) = &body.once {
        let row = [
            Value::Text(once.id.clone()),
            Value::Text(once.request.clone()),
            Value::Int(seq),
        ];
        // A request makes several entries; the first is the one that is remembered.
        let sql = "INSERT INTO once VALUES($1, $2, $3) ON CONFLICT(id) DO NOTHING";
        into.execute(sql, &row)?;
    }
    let Some((code, id)) = object.split_once('/') else {
        return Ok(());
    };
    if code == "label" {
        let label = serde_json::from_value(body.after).map_err(|e| broken(seq, e))?;
        let (number, json) = visible::label_id(&label)?;
        let row = [Value::Int(number), Value::Text(json), Value::Int(seq)];
        into.execute("INSERT INTO label VALUES($1, $2, $3)", &row)?;
        return Ok(());
    }
    let Some(kind) = kinds::by_code(code).filter(|_| version > 0) else {
        return Ok(());
    };
    let record: Record = serde_json::from_value(body.after).map_err(|e| broken(seq, e))?;
    let (label, _) = visible::label_id(&record.envelope.label)?;
    let sql = format!("SELECT 1 FROM \"{code}\" WHERE id = $1");
    let there = into.first(&sql, &[Value::Text(id.to_owned())])?.is_some();
    write::put_row(into, kind, &record, label, seq, there)
}

/// The body of an object's newest entry was redacted: its row is taken from the old database. It is
/// still bound by its entry, and verification holds it against that.
fn take_over(from: &mut Conn, into: &mut Conn, seq: i64, object: &str) -> Result<()> {
    let Some((code, id)) = object.split_once('/') else {
        return Ok(());
    };
    if kinds::by_code(code).is_none() {
        return Ok(());
    }
    let Some(heading) = dump::tables().into_iter().find(|t| t.table == code) else {
        return Ok(());
    };
    let sql = format!("{} WHERE id = $1 AND entry = $2", dump::select(&heading));
    let args = [Value::Text(id.to_owned()), Value::Int(seq)];
    let Some(row) = from.first(&sql, &args)? else {
        return Ok(());
    };
    into.execute(&format!("DELETE FROM \"{code}\" WHERE id = $1"), &args[..1])?;
    into.execute(&dump::insert(&heading), &row).map(|_| ())
}

/// Rows and hash of every table: equal for equal content, on either engine.
pub(crate) fn digests(conn: &mut Conn) -> Result<BTreeMap<String, (u64, String)>> {
    let mut all: BTreeMap<String, (u64, Sha256)> = dump::tables()
        .into_iter()
        .map(|t| (t.table, (0, Sha256::new())))
        .collect();
    dump::all(conn, &mut |heading, row| {
        if let Some((rows, hash)) = all.get_mut(&heading.table) {
            *rows += 1;
            row.iter().for_each(|cell| digest(hash, cell));
        }
        Ok(())
    })?;
    let done = |(table, (rows, hash)): (String, (u64, Sha256))| {
        (table, (rows, hex::encode(hash.finalize())))
    };
    Ok(all.into_iter().map(done).collect())
}

fn digest(hash: &mut Sha256, cell: &Raw<'_>) {
    let (tag, bytes) = match cell {
        Raw::Null => (0_u8, &[][..]),
        Raw::Int(n) => {
            hash.update([1]);
            return hash.update(n.to_be_bytes());
        }
        Raw::Text(t) => (2, t.as_bytes()),
        Raw::Blob(b) => (3, *b),
    };
    hash.update([tag]);
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}
