//! Writing one record: its row, its label, its entry.

use crate::conn::Conn;
use crate::journal::{self, Draft};
use crate::records;
use crate::tally::Deltas;
use crate::visible::{State, label_id};
use crate::writer::Tx;
use symbolon_access::{Action, Actor, Viewer};
use symbolon_domain::{
    kind::KindDef,
    kinds,
    label::Label,
    record::{Envelope, Record, RecordId},
};
use symbolon_store::{Change, Once, Result, StoreError, Touched, Written, query::Value};

/// The kind of this code.
pub(crate) fn kind(code: &str) -> Result<&'static KindDef> {
    kinds::by_code(code).ok_or_else(|| StoreError::Invalid(format!("there is no kind `{code}`")))
}

/// Writes one change and its entry.
pub(crate) fn write_one(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    change: Change,
    judge: &State,
    once: Option<&Once>,
) -> Result<Written> {
    let kind = kind(&change.envelope.kind)?;
    if !judge.world.markings.under_ceiling(&change.envelope.label) {
        return Err(StoreError::AboveCeiling);
    }
    let body = (kind.normalise)(&change.body).map_err(StoreError::Invalid)?;
    if !kind.knows_state(&change.envelope.state) {
        return Err(StoreError::Invalid(format!(
            "`{}` is no state of {}",
            change.envelope.state, kind.code
        )));
    }
    let given = change.envelope.version;
    let current = current(tx.conn, kind, change.envelope.id)?;
    check_may_change(judge, viewer, current.as_ref(), given)?;
    let version = current.as_ref().map_or(0, |r| r.envelope.version);
    if given != version {
        return Err(StoreError::Stale {
            given,
            current: version,
        });
    }
    let mut record = Record {
        envelope: change.envelope,
        body,
    };
    if current.as_ref() == Some(&record) {
        return Ok(Written {
            id: record.envelope.id,
            version,
            seq: -1,
            changed: false,
        });
    }
    check_may_become(judge, viewer, current.as_ref(), &record)?;
    record.envelope.version = version + 1;
    let label = put_label(tx, viewer, &record.envelope.label)?;
    let to_json =
        |r: &Record| serde_json::to_value(r).map_err(|e| StoreError::Invalid(e.to_string()));
    let draft = Draft {
        object: format!("{}/{}", kind.code, record.envelope.id),
        version: version + 1,
        record: Some(&record),
        action: &change.action,
        before: current
            .as_ref()
            .map(to_json)
            .transpose()?
            .unwrap_or_default(),
        after: to_json(&record)?,
        reason: &change.reason,
        saw: change.saw,
        once: once.cloned(),
    };
    let seq = journal::append(tx, viewer, draft)?;
    put_row(tx.conn, kind, &record, label, seq, current.is_some())?;
    recount(&mut tx.tally, current.as_ref(), &record, label)?;
    let written = Written {
        id: record.envelope.id,
        version: version + 1,
        seq,
        changed: true,
    };
    if tx.rule.as_ref().is_some_and(|r| r.watches(kind.code)) {
        tx.touched.push(Touched {
            before: current,
            after: record,
        });
    }
    Ok(written)
}

/// Keeps the totals: out where it was, in where it is.
fn recount(tally: &mut Deltas, before: Option<&Record>, after: &Record, label: i64) -> Result<()> {
    let after = &after.envelope;
    if let Some(before) = before.map(|r| &r.envelope) {
        let place = |e: &Envelope| (e.state.clone(), e.partner.clone(), e.programme.clone());
        if before.label == after.label && place(before) == place(after) {
            return Ok(());
        }
        tally.count(before, label_id(&before.label)?.0, -1);
    }
    tally.count(after, label, 1);
    Ok(())
}

/// Whether the record may be touched as it stands. A hidden one answers as one that is not there.
fn check_may_change(
    judge: &State,
    viewer: &Viewer,
    current: Option<&Record>,
    given: i64,
) -> Result<()> {
    let Some(current) = current else {
        return Ok(());
    };
    if judge.may_change(viewer, current) {
        return Ok(());
    }
    if given > 0 && !judge.may(viewer, Action::Read, current) {
        return Err(StoreError::Stale { given, current: 0 });
    }
    Err(not_permitted(&current.envelope.kind))
}

/// Whether the record may become what it shall be; its label is lowered or its release widened only
/// by those who may release.
fn check_may_become(
    judge: &State,
    viewer: &Viewer,
    current: Option<&Record>,
    record: &Record,
) -> Result<()> {
    if !judge.may_change(viewer, record) {
        return Err(not_permitted(&record.envelope.kind));
    }
    let markings = judge.world.markings;
    let wider = current.is_some_and(|c| record.envelope.label.widens(&c.envelope.label, markings));
    let system = matches!(viewer.actor, Actor::System);
    if wider && !system && !judge.may(viewer, Action::Release, record) {
        return Err(StoreError::NotPermitted(
            "lowering a label or widening its release takes a releasing officer and a second person".into(),
        ));
    }
    Ok(())
}

fn not_permitted(kind: &str) -> StoreError {
    StoreError::NotPermitted(format!("no role of the viewer lets it change this {kind}"))
}

/// Puts a record's row as its entry made it.
pub(crate) fn put_row(
    conn: &mut Conn,
    kind: &KindDef,
    record: &Record,
    label: i64,
    seq: i64,
    there: bool,
) -> Result<()> {
    let mut row = records::to_row(kind, record, label, seq)?;
    let columns = records::columns(kind);
    let sql = if there {
        let sets: Vec<String> = columns
            .iter()
            .enumerate()
            .skip(1)
            .map(|(i, c)| format!("{c} = ${}", i + 1))
            .collect();
        format!(
            "UPDATE \"{}\" SET {} WHERE id = $1",
            kind.code,
            sets.join(", ")
        )
    } else {
        let marks: Vec<String> = (1..=columns.len()).map(|i| format!("${i}")).collect();
        format!(
            "INSERT INTO \"{}\"({}) VALUES({})",
            kind.code,
            columns.join(", "),
            marks.join(", ")
        )
    };
    match conn.execute(&sql, &std::mem::take(&mut row)) {
        Err(StoreError::Duplicate(_)) => Err(StoreError::Duplicate(record.envelope.code.clone())),
        other => other.map(|_| ()),
    }
}

fn current(conn: &mut Conn, kind: &KindDef, id: RecordId) -> Result<Option<Record>> {
    let columns: Vec<String> = records::columns(kind)
        .iter()
        .map(|c| format!("r.{c}"))
        .collect();
    let sql = format!(
        "SELECT l.json, {} FROM \"{}\" r JOIN label l ON l.id = r.label WHERE r.id = $1",
        columns.join(", "),
        kind.code
    );
    let Some(row) = conn.first(&sql, &[Value::Text(id.to_string())])? else {
        return Ok(None);
    };
    let label: Option<Label> = serde_json::from_str(row[0].text()).ok();
    records::from_row(kind, &row[1..], &|_| label.clone()).map(|(r, _)| Some(r))
}

/// The number of a label, recording it the first time it is used.
fn put_label(tx: &mut Tx<'_>, viewer: &Viewer, label: &Label) -> Result<i64> {
    let (id, json) = label_id(label)?;
    if tx.labels.contains(&id) {
        return Ok(id);
    }
    if tx
        .conn
        .first("SELECT 1 FROM label WHERE id = $1", &[Value::Int(id)])?
        .is_none()
    {
        let after = serde_json::from_str(&json).unwrap_or_default();
        let draft = Draft {
            version: 1,
            ..Draft::event(format!("label/{id}"), "label.use", after)
        };
        let seq = journal::append(tx, viewer, draft)?;
        tx.conn.execute(
            "INSERT INTO label(id, json, entry) VALUES($1, $2, $3)",
            &[Value::Int(id), Value::Text(json), Value::Int(seq)],
        )?;
        tx.fresh_label = true;
    }
    tx.labels.insert(id);
    Ok(id)
}
