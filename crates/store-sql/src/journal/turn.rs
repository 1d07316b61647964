//! Turning points on disk: a key handed over, an epoch begun, a body redacted.

use super::{Draft, append, hash, sign, tampered};
use crate::{tally::Deltas, writer::Tx};
use serde_json::json;
use std::sync::Arc;
use symbolon_access::Viewer;
use symbolon_store::{
    Redaction, Result, StoreError, Surroundings,
    journal::{CHECKPOINT, Checkpoint, EPOCH, ERASURE, Epoch, HandOver, KEY, Signed, SigningKey},
    query::Value,
};

fn unwritable(e: serde_json::Error) -> StoreError {
    StoreError::Invalid(e.to_string())
}

/// Hands the key over: an entry signed by both, sealed by the old, and a checkpoint over it signed by
/// both. The old key must be the one at hand.
pub(crate) fn hand_over(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    origin: &str,
    new: &Arc<SigningKey>,
) -> Result<Checkpoint> {
    let old = tx
        .around
        .key
        .clone()
        .ok_or_else(|| StoreError::Invalid("the key to hand over is not at hand".into()))?;
    let signed = HandOver::sign(origin, tx.head.size(), &old, new);
    let object = format!("{KEY}{}", new.verifying().hex());
    let after = serde_json::to_value(&signed).map_err(unwritable)?;
    append(tx, viewer, Draft::event(object, "journal.rotate", after))?;
    let around = Surroundings {
        key: Some(Arc::clone(new)),
        ..tx.around.clone()
    };
    let mut under_new = Tx {
        conn: tx.conn,
        head: tx.head,
        around: &around,
        fresh_label: false,
        labels: tx.labels,
        tally: Deltas::default(),
        touched: vec![],
        rule: None,
    };
    let checkpoint = sign(&mut under_new, viewer, origin)?
        .ok_or_else(|| StoreError::Invalid("nothing was signed".into()))?;
    let note = old.sign_too(&checkpoint, &new.sign(&checkpoint));
    tx.conn.execute(
        "UPDATE checkpoint SET note = $1 WHERE size = $2",
        &[Value::Text(note), Value::Int(checkpoint.size.cast_signed())],
    )?;
    tx.head.supersede();
    Ok(checkpoint)
}

/// Begins an epoch after a restore: its first entry names what was restored and what is lost.
pub(crate) fn begin_epoch(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    origin: &str,
    last_known: Option<&Checkpoint>,
) -> Result<Checkpoint> {
    let signed = |size, root| Signed {
        size,
        root: hex::encode(root),
    };
    let epoch = Epoch {
        origin: Epoch::next_origin(origin),
        before: origin.to_owned(),
        restored: signed(tx.head.size(), tx.head.root()),
        last_known: last_known.map(|c| signed(c.size, c.root)),
    };
    let number = epoch.origin.rsplit('/').next().unwrap_or_default();
    let object = format!("{EPOCH}{number}");
    let after = serde_json::to_value(&epoch).map_err(unwritable)?;
    append(tx, viewer, Draft::event(object, "journal.epoch", after))?;
    tx.conn.execute(
        "UPDATE instance SET value = $1 WHERE name = 'origin'",
        &[Value::Text(epoch.origin.clone())],
    )?;
    sign(tx, viewer, &epoch.origin)?
        .ok_or_else(|| StoreError::Invalid("without the key no epoch begins".into()))
}

/// Entries without which the journal itself could not be read.
const KEPT: [&str; 5] = [KEY, EPOCH, ERASURE, CHECKPOINT, "label/"];

/// Deletes bodies and their salts; the entries stay, and one more says which, why and by whom.
pub(crate) fn redact(tx: &mut Tx<'_>, viewer: &Viewer, what: &Redaction) -> Result<i64> {
    if what.entries.is_empty() || what.basis.trim().is_empty() {
        return Err(StoreError::Invalid(
            "a redaction names its entries and its legal basis".into(),
        ));
    }
    if what.proposed_by == what.confirmed_by {
        return Err(StoreError::NotPermitted(
            "nobody confirms a redaction of their own".into(),
        ));
    }
    for seq in &what.entries {
        redact_one(tx, *seq)?;
    }
    let after = json!({
        "entries": what.entries, "basis": what.basis,
        "proposed_by": what.proposed_by, "confirmed_by": what.confirmed_by,
    });
    let mut draft = Draft::event(format!("{ERASURE}{}", what.id), "journal.redact", after);
    draft.reason = &what.reason;
    append(tx, viewer, draft)
}

fn redact_one(tx: &mut Tx<'_>, seq: i64) -> Result<()> {
    let sql = "SELECT object, body, (SELECT max(n.seq) FROM journal n WHERE n.object = j.object AND n.version > 0), row_salt \
               FROM journal j WHERE seq = $1";
    let row = tx
        .conn
        .first(sql, &[Value::Int(seq)])?
        .ok_or_else(|| StoreError::Invalid(format!("there is no entry {seq}")))?;
    let object = row[0].text();
    if KEPT.iter().any(|k| object.starts_with(k)) {
        return Err(StoreError::Invalid(format!(
            "entry {seq} is about the journal itself and stays"
        )));
    }
    if row[1] == Value::Null {
        return Err(StoreError::Invalid(format!(
            "entry {seq} was redacted before"
        )));
    }
    // The salt of a row that stands is kept: without it the row would be bound by nothing.
    let standing = row[2].int() == Some(seq);
    if standing && hash(&row[3]).is_none() {
        return Err(tampered(format!("entry {seq} has no salt")));
    }
    let sql = if standing {
        "UPDATE journal SET body = NULL, body_salt = NULL, actor = NULL, action = NULL WHERE seq = $1"
    } else {
        "UPDATE journal SET body = NULL, body_salt = NULL, actor = NULL, action = NULL, row_salt = NULL WHERE seq = $1"
    };
    tx.conn.execute(sql, &[Value::Int(seq)]).map(|_| ())
}
