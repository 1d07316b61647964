//! Entries and checkpoints on disk.

mod head;
mod list;
mod tiles;
mod turn;

pub(crate) use head::Head;
pub(crate) use list::{count, each_about, each_from, each_last_before, entry, last_entry, list};
pub(crate) use tiles::{place, stored as stored_tiles, tree};
pub(crate) use turn::{begin_epoch, hand_over, redact};

use crate::conn::Conn;
use crate::writer::Tx;
use serde_json::Value as Json;
use symbolon_access::Viewer;
use symbolon_domain::{
    canonical::{Hash, salted_hash},
    record::Record,
};
use symbolon_store::{
    Once, Result, StoreError,
    journal::{Body, CHECKPOINT, Checkpoint, Entry, Saw, hash_leaf},
    query::Value,
};

const COLUMNS: &str = "seq, time, object, version, after_hash, commit_hash, leaf, seal, row_salt, body_salt, actor, action, body";

fn tampered(what: impl std::fmt::Display) -> StoreError {
    StoreError::Tampered(what.to_string())
}

fn hash(value: &Value) -> Option<Hash> {
    match value {
        Value::Blob(b) => b.as_slice().try_into().ok(),
        _ => None,
    }
}

/// What one entry says, before it has a number.
pub(crate) struct Draft<'a> {
    pub(crate) object: String,
    pub(crate) version: i64,
    /// The row that is bound, if any.
    pub(crate) record: Option<&'a Record>,
    pub(crate) action: &'a str,
    pub(crate) before: Json,
    pub(crate) after: Json,
    pub(crate) reason: &'a str,
    /// What a decision rested on.
    pub(crate) saw: Vec<Saw>,
    /// The idempotency key it was asked under.
    pub(crate) once: Option<Once>,
}

impl Draft<'_> {
    /// An event that binds no row.
    pub(crate) fn event(object: String, action: &str, after: Json) -> Draft<'_> {
        Draft {
            object,
            version: 0,
            record: None,
            action,
            before: Json::Null,
            after,
            reason: "",
            saw: vec![],
            once: None,
        }
    }
}

/// Appends an entry in the transaction. No entry, no effect: if this fails, the change fails.
pub(crate) fn append(tx: &mut Tx<'_>, viewer: &Viewer, draft: Draft<'_>) -> Result<i64> {
    let invalid =
        |e: symbolon_domain::canonical::CanonicalError| StoreError::Invalid(e.to_string());
    let body = Body {
        actor: viewer.actor_name(),
        session: viewer.session.clone(),
        request: viewer.request.clone(),
        action: draft.action.to_owned(),
        before: draft.before,
        after: draft.after,
        reason: draft.reason.to_owned(),
        saw: draft.saw,
        once: draft.once,
    };
    let body_salt: Hash = tx.around.random();
    let (row_salt, after) = match draft.record {
        Some(record) => {
            let salt: Hash = tx.around.random();
            let after = hex::encode(salted_hash(&salt, record).map_err(invalid)?);
            (Value::Blob(salt.to_vec()), after)
        }
        None => (Value::Null, String::new()),
    };
    let entry = Entry {
        v: 1,
        seq: tx.head.size().cast_signed(),
        // Time never goes backwards in the log.
        time: tx.around.now_ms().max(tx.head.time()),
        object: draft.object,
        version: draft.version,
        after,
        commit: body.commitment(&body_salt).map_err(invalid)?,
    };
    let leaf = hash_leaf(&entry.leaf().map_err(invalid)?);
    let seal = tx.around.key.as_ref().map_or([0; 32], |k| k.seal(&leaf));
    let text = |s: String| Value::Text(s);
    let body_text = serde_json::to_string(&body).map_err(|e| StoreError::Invalid(e.to_string()))?;
    tx.conn.execute(
        &format!(
            "INSERT INTO journal({COLUMNS}) VALUES($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)"
        ),
        &[
            Value::Int(entry.seq),
            Value::Int(entry.time),
            text(entry.object.clone()),
            Value::Int(entry.version),
            text(entry.after.clone()),
            text(entry.commit.clone()),
            Value::Blob(leaf.to_vec()),
            Value::Blob(seal.to_vec()),
            row_salt,
            Value::Blob(body_salt.to_vec()),
            text(body.actor.clone()),
            text(body.action.clone()),
            text(body_text),
        ],
    )?;
    tx.head.push(tx.conn, leaf, entry.time)?;
    Ok(entry.seq)
}

fn entry_of(row: &[Value]) -> Option<Entry> {
    Some(Entry {
        v: 1,
        seq: row[0].int()?,
        time: row[1].int()?,
        object: row[2].text().to_owned(),
        version: row[3].int()?,
        after: row[4].text().to_owned(),
        commit: row[5].text().to_owned(),
    })
}

/// The newest checkpoint and its note.
pub(crate) fn checkpoint(conn: &mut Conn, origin: &str) -> Result<Option<(Checkpoint, String)>> {
    let row = conn.first(
        "SELECT size, root, note FROM checkpoint ORDER BY size DESC LIMIT 1",
        &[],
    )?;
    row.map(|row| {
        let size = row[0]
            .int()
            .and_then(|s| u64::try_from(s).ok())
            .ok_or_else(|| tampered("a checkpoint is damaged"))?;
        let root = hash(&row[1]).ok_or_else(|| tampered("a checkpoint is damaged"))?;
        Ok((
            Checkpoint {
                origin: origin.to_owned(),
                size,
                root,
            },
            row[2].text().to_owned(),
        ))
    })
    .transpose()
}

/// Signs the tree as it stands, where it has grown since the last checkpoint. The signing is an entry
/// of its own, the last one under the signature: so no checkpoint can be taken away or given another
/// time unseen.
pub(crate) fn sign(tx: &mut Tx<'_>, viewer: &Viewer, origin: &str) -> Result<Option<Checkpoint>> {
    let Some(key) = tx.around.key.clone() else {
        return Ok(None);
    };
    let last = checkpoint(tx.conn, origin)?.map_or(0, |(c, _)| c.size);
    if tx.head.size() > last {
        let object = format!("{CHECKPOINT}{}", tx.head.size() + 1);
        let after = serde_json::json!({"previous": last});
        append(tx, viewer, Draft::event(object, "journal.sign", after))?;
        let now = Checkpoint {
            origin: origin.to_owned(),
            size: tx.head.size(),
            root: tx.head.root(),
        };
        tx.conn.execute(
            "INSERT INTO checkpoint(size, root, note, time) VALUES($1, $2, $3, $4)",
            &[
                Value::Int(now.size.cast_signed()),
                Value::Blob(now.root.to_vec()),
                Value::Text(key.sign(&now)),
                Value::Int(tx.head.time()),
            ],
        )?;
    }
    Ok(Some(Checkpoint {
        origin: origin.to_owned(),
        size: tx.head.size(),
        root: tx.head.root(),
    }))
}
