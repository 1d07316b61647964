//! Taking a change back: within half a minute without asking why, later with a reason.

use super::change::{needs_reason, one, readable_kind};
use crate::{App, AppError, Result};
use serde_json::Value;
use symbolon_access::{Action, Viewer};
use symbolon_domain::record::{Record, RecordId};
use symbolon_store::{Change, Written, journal::Body};

/// So long a change can be undone without a reason, in seconds.
pub const UNDO_SECONDS: i64 = 30;

impl App {
    /// Undoes the newest change of a record, by whoever made it, within half a minute.
    ///
    /// # Errors
    /// [`AppError::Conflict`] where it is too late, somebody else made the change, or another followed.
    pub fn undo(&self, viewer: &Viewer, (kind, id): (&str, RecordId), seq: i64) -> Result<Written> {
        let definition = readable_kind(viewer, kind)?;
        let versions = self.store.versions(viewer, definition.code, id)?;
        let newest = versions.last().ok_or(AppError::NotFound("record"))?;
        let body = newest
            .entry
            .body
            .as_ref()
            .ok_or(AppError::NotFound("change"))?;
        if newest.entry.entry.seq != seq {
            let message = "something else was changed since; reverse the change with a reason";
            return Err(AppError::Conflict(message.to_owned()));
        }
        if body.actor != viewer.actor_name() {
            let message = "only whoever made a change can undo it; reverse it with a reason";
            return Err(AppError::Conflict(message.to_owned()));
        }
        if self.around.now_ms() - newest.entry.entry.time > UNDO_SECONDS * 1000 {
            let message =
                format!("{UNDO_SECONDS} seconds are over; reverse the change with a reason");
            return Err(AppError::Conflict(message));
        }
        self.take_back(viewer, (kind, id), seq, "undo", "")
    }

    /// Reverses a change: what it changed stands again as before, if nothing changed it since.
    ///
    /// # Errors
    /// [`AppError::Conflict`] naming the fields that were changed again since.
    pub fn reverse(
        &self,
        viewer: &Viewer,
        (kind, id): (&str, RecordId),
        seq: i64,
        reason: &str,
    ) -> Result<Written> {
        needs_reason(reason)?;
        self.take_back(viewer, (kind, id), seq, "reverse", reason)
    }

    fn take_back(
        &self,
        viewer: &Viewer,
        (kind, id): (&str, RecordId),
        seq: i64,
        verb: &str,
        reason: &str,
    ) -> Result<Written> {
        let kind = readable_kind(viewer, kind)?;
        let now = self.seen(viewer, kind, id)?;
        self.permitted(viewer, Action::Write, &now.envelope)?;
        let versions = self.store.versions(viewer, kind.code, id)?;
        let taken = versions.iter().find(|v| v.entry.entry.seq == seq);
        let body = taken.and_then(|v| v.entry.body.as_ref());
        let body = body.ok_or(AppError::NotFound("change"))?;
        if leaves_a_decision(kind, body) {
            let message = "a decision is not taken back; make the move that leads on from it";
            return Err(AppError::Conflict(message.to_owned()));
        }
        let back = as_before(&now, body)?;
        self.permitted(viewer, Action::Write, &back.envelope)?;
        let change = Change {
            action: format!("{}.{verb}", kind.code),
            envelope: back.envelope,
            body: back.body,
            reason: if reason.is_empty() {
                format!("entry {seq}")
            } else {
                format!("entry {seq}: {reason}")
            },
            saw: vec![],
        };
        one(self.commit(viewer, vec![change], None)?)
    }
}

/// Whether an entry is a move that two persons or a fresh sign-in stood behind.
fn leaves_a_decision(kind: &symbolon_domain::kind::KindDef, body: &Body) -> bool {
    let code = body.action.rsplit_once('.').map_or("", |(_, verb)| verb);
    kind.transition(code)
        .is_some_and(|t| t.four_eyes || t.step_up)
}

/// The record now with the members an entry changed set back to what they were. Making a record is
/// taken back by deleting it.
fn as_before(now: &Record, body: &Body) -> Result<Record> {
    let whole = serde_json::to_value(now).map_err(|e| AppError::Internal(e.to_string()))?;
    if body.before.is_null() {
        if let Some(field) = changed_again(&whole, &body.after).first() {
            return Err(AppError::Conflict(format!(
                "`{field}` was changed again since"
            )));
        }
        let mut gone = now.clone();
        gone.envelope.state = symbolon_domain::kind::DELETED.to_owned();
        return Ok(gone);
    }
    let mut back = whole.clone();
    let mut again = vec![];
    for place in ["", "body"] {
        let part = |v: &Value| {
            if place.is_empty() {
                v.clone()
            } else {
                v[place].clone()
            }
        };
        let (before, after, current) = (part(&body.before), part(&body.after), part(&whole));
        for name in names(&before, &after) {
            if (place.is_empty() && ["body", "version"].contains(&name.as_str()))
                || before[&name] == after[&name]
            {
                continue;
            }
            if current[&name] != after[&name] {
                again.push(name.clone());
            }
            let target = if place.is_empty() {
                &mut back
            } else {
                &mut back[place]
            };
            target[&name] = before[&name].clone();
        }
    }
    if !again.is_empty() {
        return Err(AppError::Conflict(format!(
            "changed again since: {}",
            again.join(", ")
        )));
    }
    serde_json::from_value(without_nulls(back)).map_err(|e| AppError::Internal(e.to_string()))
}

/// Envelope members that may be absent are absent, not null.
fn without_nulls(mut value: Value) -> Value {
    if let Value::Object(members) = &mut value {
        members.retain(|_, v| !v.is_null());
    }
    value
}

fn names(a: &Value, b: &Value) -> Vec<String> {
    let of = |v: &Value| v.as_object().map(|o| o.keys().cloned().collect::<Vec<_>>());
    let mut all = of(a).unwrap_or_default();
    all.extend(of(b).unwrap_or_default());
    all.sort();
    all.dedup();
    all
}

/// Members that differ between two states of a record, its version aside.
fn changed_again(now: &Value, then: &Value) -> Vec<String> {
    let differs = |n: &String| n != "version" && now[n] != then[n];
    names(now, then).into_iter().filter(differs).collect()
}
