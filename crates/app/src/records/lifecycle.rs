//! Moving a record through its lifecycle: what is open to whom, and what stands in the way.

use super::change::{needs_reason, one, readable_kind};
use crate::{App, AppError, Result};
use symbolon_access::{Action, Actor, Viewer};
use symbolon_domain::{
    kind::{Fault, FieldType, KindDef, Transition},
    record::{Record, RecordId},
};
use symbolon_store::{Change, Written, journal::Saw, query::Version};

/// A move of a record's lifecycle, and what stands in its way.
#[derive(Clone, Debug)]
pub struct Move {
    /// The move.
    pub transition: &'static Transition,
    /// What must be done first, in words; empty: it can be made.
    pub waits_for: Vec<String>,
    /// The rules that keep its gate shut; empty: it is open, or there is none.
    pub gate: Vec<crate::gates::Refusal>,
}

/// The action of the policy table that a move needs.
fn action_of(transition: &Transition) -> Action {
    Action::ALL
        .into_iter()
        .find(|a| a.name() == transition.by)
        .unwrap_or(Action::Write)
}

/// The viewer as after a fresh proof: what the role would let it do once that is shown.
fn fresh(viewer: &Viewer) -> Viewer {
    Viewer {
        stepped_up: true,
        ..viewer.clone()
    }
}

/// Whether a move waits for nothing of the viewer but a fresh proof.
fn needs_proof(viewer: &Viewer, transition: &Transition) -> bool {
    transition.step_up && !viewer.stepped_up && viewer.account().is_some()
}

impl App {
    /// The moves that lead from a record's state and that the viewer's role makes, each with what it
    /// waits for.
    pub fn moves(&self, viewer: &Viewer, kind: &KindDef, record: &Record) -> Result<Vec<Move>> {
        // A move that only waits for a fresh proof is shown: making it asks for one.
        let fresh = fresh(viewer);
        let leads = kind
            .transitions
            .iter()
            .filter(|t| t.leads_from(&record.envelope.state))
            .filter(|t| {
                self.permitted(&fresh, action_of(t), &record.envelope)
                    .is_ok()
            });
        let mut moves = vec![];
        for transition in leads {
            let waits_for = self.obstacles(viewer, kind, record, transition)?;
            let gate = match waits_for.is_empty() {
                true => self.shut(kind, record, transition.code)?,
                false => vec![],
            };
            moves.push(Move {
                transition,
                waits_for,
                gate,
            });
        }
        Ok(moves)
    }

    fn obstacles(
        &self,
        viewer: &Viewer,
        kind: &KindDef,
        record: &Record,
        transition: &Transition,
    ) -> Result<Vec<String>> {
        let mut waits = missing(kind, record, transition);
        if transition.four_eyes {
            let versions = self
                .store
                .versions(&self.system(), kind.code, record.envelope.id)?;
            waits.extend(second_person(viewer, &versions));
        }
        Ok(waits)
    }

    /// Whether the viewer may make a move of a record: asked before anything of the request is read.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where there is no such record or move for the viewer,
    /// [`AppError::NotPermitted`] with the rule that says no.
    pub fn may_move(
        &self,
        viewer: &Viewer,
        (kind, id): (&str, RecordId),
        code: &str,
    ) -> Result<()> {
        let kind = readable_kind(viewer, kind)?;
        let record = self.seen(viewer, kind, id)?;
        let transition = kind.transition(code).ok_or(AppError::NotFound("move"))?;
        self.may_make(viewer, transition, &record)
    }

    /// Whether the viewer may make a move: by role and label, then by a fresh proof.
    fn may_make(&self, viewer: &Viewer, transition: &Transition, record: &Record) -> Result<()> {
        if needs_proof(viewer, transition) {
            self.permitted(&fresh(viewer), action_of(transition), &record.envelope)?;
            return Err(AppError::StepUp);
        }
        self.permitted(viewer, action_of(transition), &record.envelope)
    }

    /// Moves a record. The entry names the records it refers to in the versions they then had: what
    /// the decision saw stays readable when they change.
    ///
    /// # Errors
    /// [`AppError::Conflict`] where the move does not lead from the record's state or something stands
    /// in its way; [`AppError::NotPermitted`] where another role makes it; [`AppError::StepUp`] where the
    /// viewer has not shown a factor lately.
    pub fn transition(
        &self,
        viewer: &Viewer,
        (kind, id): (&str, RecordId),
        version: i64,
        code: &str,
        reason: &str,
    ) -> Result<Written> {
        let kind = readable_kind(viewer, kind)?;
        let record = self.seen(viewer, kind, id)?;
        let transition = kind.transition(code).ok_or(AppError::NotFound("move"))?;
        if !transition.leads_from(&record.envelope.state) {
            let message = format!(
                "*{}* leads from {}; the record is {}",
                transition.name,
                transition.from.join(" or "),
                record.envelope.state
            );
            return Err(AppError::Conflict(message));
        }
        self.may_make(viewer, transition, &record)?;
        if transition.reason {
            needs_reason(reason)?;
        }
        let waits = self.obstacles(viewer, kind, &record, transition)?;
        if !waits.is_empty() {
            return Err(AppError::Conflict(waits.join("; ")));
        }
        let saw = self.what_it_saw(viewer, kind, &record)?;
        let mut envelope = record.envelope;
        envelope.version = version;
        envelope.state = transition.to.to_owned();
        let change = Change {
            action: format!("{}.{}", kind.code, transition.code),
            envelope,
            body: record.body,
            reason: reason.to_owned(),
            saw,
        };
        one(self.commit(viewer, vec![change], None)?)
    }

    /// The record itself and those it refers to, with their versions now.
    fn what_it_saw(&self, viewer: &Viewer, kind: &KindDef, record: &Record) -> Result<Vec<Saw>> {
        let mut saw = vec![saw(record)];
        for field in &kind.fields {
            if let FieldType::Reference(to) = &field.field_type
                && let Some(id) = record.body[&field.name]
                    .as_str()
                    .and_then(|s| s.parse().ok())
                && let Some(referred) = self.store.get(viewer, to, id)?
            {
                saw.push(self::saw(&referred));
            }
        }
        Ok(saw)
    }
}

fn saw(record: &Record) -> Saw {
    let e = &record.envelope;
    Saw {
        object: format!("{}/{}", e.kind, e.id),
        code: e.code.clone(),
        version: e.version,
    }
}

/// Fields that must be filled before a move and are not.
fn missing(kind: &KindDef, record: &Record, transition: &Transition) -> Vec<String> {
    let empty = |name: &&&str| match &record.body[**name] {
        serde_json::Value::Null => true,
        serde_json::Value::String(s) => s.trim().is_empty(),
        serde_json::Value::Array(items) => items.is_empty(),
        _ => false,
    };
    transition
        .needs
        .iter()
        .filter(empty)
        .filter_map(|name| kind.field(name))
        .map(|field| {
            Fault::new(
                &field.name,
                "missing",
                format!("{} must be filled in", field.label),
            )
        })
        .map(|fault| fault.message)
        .collect()
}

/// Four eyes: whoever wrote any version of the record does not approve it.
fn second_person(viewer: &Viewer, versions: &[Version]) -> Option<String> {
    let Actor::Account { id, .. } = &viewer.actor else {
        return Some("only a person approves; the program does not".to_owned());
    };
    let mine = format!("({id})");
    let wrote = |v: &Version| {
        v.entry
            .body
            .as_ref()
            .is_some_and(|b| b.actor.ends_with(&mine) && !crate::gates::beside(&b.action))
    };
    versions
        .iter()
        .any(wrote)
        .then(|| "another person than the writer must do this (four eyes)".to_owned())
}
