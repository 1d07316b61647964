//! Forgeries by somebody who knows every format and has everything but the key.

use crate::attacks::Attack;
use crate::bench::Bench;
use crate::raw::Raw;
use symbolon_domain::canonical::Hash;
use symbolon_store::journal::{Body, Checkpoint, Entry, SigningKey, hash_leaf};

/// An entry as columns of the journal table, in SQL.
fn entry_sql(bench: &Bench, entry: &Entry, body: &Body, salt: &Hash, key: &SigningKey) -> String {
    let leaf = hash_leaf(&entry.leaf().unwrap());
    let blob = |bytes: &[u8]| match bench.engine() {
        "SQLite" => format!("x'{}'", hex::encode(bytes)),
        _ => format!("'\\x{}'::bytea", hex::encode(bytes)),
    };
    let text = |s: &str| format!("'{}'", s.replace('\'', "''"));
    let values = [
        entry.seq.to_string(),
        entry.time.to_string(),
        text(&entry.object),
        entry.version.to_string(),
        text(&entry.after),
        text(&entry.commit),
        blob(&leaf),
        blob(&key.seal(&leaf)),
        "NULL".to_owned(),
        blob(salt),
        text(&body.actor),
        text(&body.action),
        text(&serde_json::to_string(body).unwrap()),
    ];
    values.join(", ")
}

/// An event that never happened, right in every hash.
fn invented(seq: i64) -> (Entry, Body, Hash) {
    let salt = [9; 32];
    let body = Body {
        actor: "system".into(),
        session: String::new(),
        request: String::new(),
        action: "portfolio.export".into(),
        before: serde_json::Value::Null,
        after: serde_json::json!({"rows": 1}),
        reason: String::new(),
        saw: vec![],
        once: None,
    };
    let entry = Entry {
        v: 1,
        seq,
        time: 1_900_000_000_000,
        object: "export/9".into(),
        version: 0,
        after: String::new(),
        commit: body.commitment(&salt).unwrap(),
    };
    (entry, body, salt)
}

fn origin(raw: &mut Raw) -> String {
    raw.texts("SELECT value FROM instance WHERE name = 'origin'")
        .unwrap()
        .remove(0)
}

/// Every forgery.
pub fn all(bench: &mut Bench) -> Vec<Attack> {
    let sizes = bench.sizes();
    let last = sizes[sizes.len() - 1];
    let next = last.cast_signed();
    let wrong = SigningKey::from_bytes(&[8; 32]);
    let origin = bench.read(origin);
    let make = |name: &str, sql: String| Attack {
        name: name.to_owned(),
        group: name.to_owned(),
        sql,
        schema: false,
    };
    let columns = |seq| {
        let (entry, body, salt) = invented(seq);
        entry_sql(bench, &entry, &body, &salt, &wrong)
    };
    let note = wrong
        .sign(&Checkpoint {
            origin,
            size: last,
            root: [5; 32],
        })
        .replace('\'', "''");
    vec![
        make(
            "an entry after the newest, sealed with another key",
            format!("INSERT INTO journal VALUES({})", columns(next)),
        ),
        make(
            "an entry in the place of the newest",
            format!(
                "DELETE FROM journal WHERE seq = {0}; INSERT INTO journal VALUES({1})",
                next - 1,
                columns(next - 1)
            ),
        ),
        make(
            "an entry far beyond the newest",
            format!("INSERT INTO journal VALUES({})", columns(next + 5)),
        ),
        make(
            "an entry before the first",
            format!("INSERT INTO journal VALUES({})", columns(-1)),
        ),
        make(
            "a checkpoint signed with another key",
            format!("UPDATE checkpoint SET note = '{note}' WHERE size = {last}"),
        ),
        make(
            "the note of one checkpoint on another",
            format!(
                "UPDATE checkpoint SET note = (SELECT note FROM checkpoint WHERE size = {}) WHERE size = {last}",
                sizes[0]
            ),
        ),
    ]
}
