//! The log: every entry, its number, time, leaf, seal and body; the tree; the checkpoints.

use super::{Check, Found};
use crate::conn::Conn;
use crate::journal;
use std::collections::BTreeMap;
use symbolon_domain::canonical::{Hash, salted_hash};
use symbolon_store::{
    Result,
    journal::{Body, Checkpoint, CompactRange, StoredEntry, hash_leaf},
    query::Value,
};

pub(super) fn check(conn: &mut Conn, check: &Check<'_>, found: &mut Found) -> Result<()> {
    let signed = checkpoints(conn, check, found)?;
    let mut wanted: BTreeMap<u64, Vec<(Hash, &str)>> = BTreeMap::new();
    for (size, root) in &signed {
        wanted
            .entry(*size)
            .or_default()
            .push((*root, "the signed checkpoint"));
    }
    if let Some(w) = check.witnessed {
        wanted
            .entry(w.size)
            .or_default()
            .push((w.root, "the checkpoint kept outside the database"));
        if w.origin != check.origin {
            found.fault(format!(
                "journal: this is the log `{}`, the outside checkpoint is of `{}`",
                check.origin, w.origin
            ));
        }
    }
    let mut range = CompactRange::default();
    let mut time = i64::MIN;
    let mut signings = BTreeMap::new();
    compare(&range, &mut wanted, found);
    journal::each_stored(conn, &mut |entry| {
        match entry {
            Ok((stored, leaf)) => {
                check_entry(check, found, &stored, &leaf, range.size(), &mut time);
                range.push(leaf);
                if stored.entry.object.starts_with(journal::CHECKPOINT) {
                    signings.insert(range.size().cast_signed(), stored.entry.time);
                }
            }
            Err((seq, what)) => {
                found.fault(format!("journal entry {seq}: {what}"));
                range.push([0; 32]);
            }
        }
        compare(&range, &mut wanted, found);
        Ok(true)
    })?;
    for (size, claims) in wanted {
        for (_, whose) in claims {
            found.fault(format!(
                "journal: {whose} covers {size} entries, {} are there",
                range.size()
            ));
        }
    }
    signed_entries(conn, &signings, found)?;
    bodies(conn, found)?;
    found.verification.entries = range.size();
    found.verification.root = hex::encode(range.root());
    found.verification.signed_size = signed.last().map_or(0, |(size, _)| *size);
    if check.sealing.is_none() && range.size() > 0 {
        found.unknown("the seals of the entries: the signing key is not at hand");
    }
    Ok(())
}

/// Each signing is an entry, and each such entry has its checkpoint, signed at its time.
fn signed_entries(conn: &mut Conn, signings: &BTreeMap<i64, i64>, found: &mut Found) -> Result<()> {
    let rows = conn.query("SELECT size, time FROM checkpoint ORDER BY size", &[])?;
    let stored: BTreeMap<i64, i64> = rows
        .iter()
        .map(|r| (r[0].int().unwrap_or(-1), r[1].int().unwrap_or(-1)))
        .collect();
    for (size, time) in signings {
        if stored.get(size) != Some(time) {
            found.fault(format!(
                "checkpoint {size}: it is missing, or its time is not the one of its entry"
            ));
        }
    }
    for size in stored.keys().filter(|s| !signings.contains_key(s)) {
        found.fault(format!(
            "checkpoint {size}: no entry of the journal records it"
        ));
    }
    Ok(())
}

/// The body's hash is over its meaning; its text must be the one the program writes for it, so that
/// nothing can be added that a reader of the table sees and the hash does not.
fn bodies(conn: &mut Conn, found: &mut Found) -> Result<()> {
    conn.each(
        "SELECT seq, body FROM journal ORDER BY seq",
        &[],
        &mut |row| {
            let text = row[1].text();
            let written =
                serde_json::from_str::<Body>(text).and_then(|b| serde_json::to_string(&b));
            if written.is_ok_and(|w| w != text) {
                found.fault(format!(
                    "journal entry {}: its body is not written as the program writes it",
                    row[0].int().unwrap_or(-1)
                ));
            }
            Ok(true)
        },
    )
}

fn compare(range: &CompactRange, wanted: &mut BTreeMap<u64, Vec<(Hash, &str)>>, found: &mut Found) {
    for (root, whose) in wanted.remove(&range.size()).unwrap_or_default() {
        if root != range.root() {
            found.fault(format!(
                "journal: the first {} entries do not lead to the root of {whose}",
                range.size()
            ));
        }
    }
}

fn check_entry(
    check: &Check<'_>,
    found: &mut Found,
    stored: &StoredEntry,
    leaf: &Hash,
    seq: u64,
    time: &mut i64,
) {
    let entry = &stored.entry;
    let mut fault = |what: &str| found.fault(format!("journal entry {}: {what}", entry.seq));
    if entry.seq != seq.cast_signed() {
        fault(&format!("entry {seq} is missing"));
    }
    if entry.time < *time {
        fault("its time is before the entry before it");
    }
    *time = entry.time;
    if entry.leaf().map(|bytes| hash_leaf(&bytes)).as_ref() != Ok(leaf) {
        fault("its leaf hash is not the hash of the entry");
    }
    if check
        .sealing
        .is_some_and(|key| key.seal(leaf) != stored.seal)
    {
        fault("its seal is not this installation's");
    }
    if stored.body.commitment(&stored.body_salt).as_ref() != Ok(&entry.commit) {
        fault("its body is not the one it commits to");
    }
    let bound = match &stored.row_salt {
        Some(salt) => salted_hash(salt, &stored.body.after)
            .map(hex::encode)
            .unwrap_or_default(),
        None => String::new(),
    };
    if bound != entry.after {
        fault("the row it commits to is not the one in its body");
    }
}

/// Whether a note is the very text the program writes: nothing stands after the signature. Signatures
/// of this scheme are the same every time, so with the secret key at hand the whole is compared.
fn as_written(check: &Check<'_>, checkpoint: &Checkpoint, note: &str) -> bool {
    match check.sealing {
        Some(key) => key.sign(checkpoint) == note,
        None => note.split('\n').count() == 6 && note.ends_with('\n'),
    }
}

/// The signed checkpoints, smallest first; each must be signed by the key and say what its row says.
fn checkpoints(conn: &mut Conn, check: &Check<'_>, found: &mut Found) -> Result<Vec<(u64, Hash)>> {
    let rows = conn.query(
        "SELECT size, root, note, time FROM checkpoint ORDER BY size",
        &[],
    )?;
    let mut signed = vec![];
    let Some(key) = &check.key else {
        found.unknown("the checkpoints: no key is at hand");
        return Ok(signed);
    };
    if let Some(w) = check.witnessed
        && !rows
            .iter()
            .any(|r| r[0].int() == Some(w.size.cast_signed()))
    {
        found.fault(format!(
            "checkpoint {}: it is kept outside the database and is missing inside",
            w.size
        ));
    }
    if rows.is_empty() {
        found.unknown("no checkpoint was ever signed");
    }
    for row in rows {
        let size = row[0].int().unwrap_or(-1);
        match key.open(row[2].text()) {
            Ok(c)
                if c.size.cast_signed() == size
                    && row[1] == Value::Blob(c.root.to_vec())
                    && c.origin == check.origin
                    && as_written(check, &c, row[2].text()) =>
            {
                signed.push((c.size, c.root));
            }
            Ok(_) => found.fault(format!(
                "checkpoint {size}: the note says something else than its row"
            )),
            Err(e) => found.fault(format!("checkpoint {size}: {e}")),
        }
    }
    Ok(signed)
}
