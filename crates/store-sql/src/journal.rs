//! Entries and checkpoints on disk.

use crate::conditions::Where;
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
    journal::{
        Body, Checkpoint, CompactRange, Entry, EntryView, JournalFilter, Saw, SigningKey,
        StoredEntry, hash_leaf,
    },
    query::{Test, Value},
};

/// The journal's right edge as this program last left it.
#[derive(Clone, Default)]
pub(crate) struct Head {
    range: CompactRange,
    time: i64,
}

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

impl Head {
    pub(crate) fn size(&self) -> u64 {
        self.range.size()
    }

    pub(crate) fn root(&self) -> Hash {
        self.range.root()
    }

    /// Takes in entries that other nodes wrote since. An entry whose seal does not hold was not
    /// written by a node that has the key: nothing is written on top of it.
    pub(crate) fn catch_up(&mut self, conn: &mut Conn, key: Option<&SigningKey>) -> Result<()> {
        let last = conn
            .first("SELECT max(seq) FROM journal", &[])?
            .and_then(|r| r[0].int());
        let size = last.map_or(0, |s| s + 1);
        if size < self.range.size().cast_signed() {
            return Err(tampered("entries are missing at its end"));
        }
        if size > self.range.size().cast_signed() {
            self.read_on(conn, key)?;
        }
        Ok(())
    }

    fn read_on(&mut self, conn: &mut Conn, key: Option<&SigningKey>) -> Result<()> {
        let from = Value::Int(self.range.size().cast_signed());
        let mut next = self.range.size().cast_signed();
        conn.each(
            "SELECT seq, time, leaf, seal FROM journal WHERE seq >= $1 ORDER BY seq",
            &[from],
            &mut |row| {
                let leaf = hash(&row[2]).ok_or_else(|| tampered("a leaf is damaged"))?;
                if row[0].int() != Some(next) {
                    return Err(tampered(format!("entry {next} is missing")));
                }
                if let Some(key) = key
                    && hash(&row[3]) != Some(key.seal(&leaf))
                {
                    return Err(tampered(format!(
                        "entry {next} does not bear this installation's seal"
                    )));
                }
                self.range.push(leaf);
                self.time = self.time.max(row[1].int().unwrap_or_default());
                next += 1;
                Ok(true)
            },
        )
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
        seq: tx.head.range.size().cast_signed(),
        // Time never goes backwards in the log.
        time: tx.around.now_ms().max(tx.head.time),
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
    tx.head.range.push(leaf);
    tx.head.time = entry.time;
    Ok(entry.seq)
}

/// A stored entry with its leaf hash, or the number of one that cannot be read, and why.
pub(crate) type ReadEntry = std::result::Result<(StoredEntry, Hash), (i64, String)>;

/// Every entry with its body, in order, for verification. Entries that cannot be read come as `Err`
/// with their number.
pub(crate) fn each_stored(
    conn: &mut Conn,
    f: &mut dyn FnMut(ReadEntry) -> Result<bool>,
) -> Result<()> {
    conn.each(
        &format!("SELECT {COLUMNS} FROM journal ORDER BY seq"),
        &[],
        &mut |row| {
            let seq = row[0].int().unwrap_or(-1);
            f(stored(&row).map_err(|what| (seq, what.to_owned())))
        },
    )
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

fn stored(row: &[Value]) -> std::result::Result<(StoredEntry, Hash), &'static str> {
    let entry = entry_of(row).ok_or("it cannot be read")?;
    let leaf = hash(&row[6]).ok_or("its leaf hash is damaged")?;
    let body: Body = serde_json::from_str(row[12].text()).map_err(|_| "its body cannot be read")?;
    if body.actor != row[10].text() || body.action != row[11].text() {
        return Err("actor or action differ from its body");
    }
    let part = |i: usize| hash(&row[i]).ok_or("a salt or the seal is damaged");
    let row_salt = if row[8] == Value::Null {
        None
    } else {
        Some(part(8)?)
    };
    Ok((
        StoredEntry {
            entry,
            body,
            row_salt,
            body_salt: part(9)?,
            seal: part(7)?,
        },
        leaf,
    ))
}

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

/// The newest entry about an object.
pub(crate) fn last_entry(conn: &mut Conn, object: &str) -> Result<Option<EntryView>> {
    let sql = format!("SELECT {COLUMNS} FROM journal WHERE object = $1 ORDER BY seq DESC LIMIT 1");
    conn.first(&sql, &[Value::Text(object.to_owned())])?
        .map(|row| view(&row))
        .transpose()
}

/// All leaf hashes up to a size.
pub(crate) fn leaves(conn: &mut Conn, size: u64) -> Result<Vec<Hash>> {
    let rows = conn.query(
        "SELECT leaf FROM journal WHERE seq < $1 ORDER BY seq",
        &[Value::Int(size.cast_signed())],
    )?;
    rows.iter()
        .map(|r| hash(&r[0]).ok_or_else(|| tampered("a leaf is damaged")))
        .collect()
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

/// What the object of an entry about a checkpoint begins with.
pub(crate) const CHECKPOINT: &str = "checkpoint/";

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
                Value::Int(tx.head.time),
            ],
        )?;
    }
    Ok(Some(Checkpoint {
        origin: origin.to_owned(),
        size: tx.head.size(),
        root: tx.head.root(),
    }))
}
