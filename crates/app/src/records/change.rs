//! Making, changing, deleting and restoring a record.

use super::Draft;
use crate::{App, AppError, Result};
use symbolon_access::{Action, Actor, Policy, Subject, Viewer, decide};
use symbolon_domain::{
    kind::{DELETED, Fault, KindDef},
    kinds,
    label::Label,
    record::{Envelope, Record, RecordId},
};
use symbolon_store::{Change, Once, Written};

/// Letters of the codes the program gives: no vowels, nothing that looks like another.
const LETTERS: &[u8; 28] = b"23456789BCDFGHJKLMNPQRSTVWXZ";

/// The kind of this code, where the viewer's role reads it; else there is none.
pub(super) fn readable_kind(viewer: &Viewer, code: &str) -> Result<&'static KindDef> {
    let kind = kinds::by_code(code).ok_or(AppError::NotFound("kind of record"))?;
    if Policy::shipped().grants(viewer, Action::Read, kind.code) {
        Ok(kind)
    } else {
        Err(AppError::NotFound("kind of record"))
    }
}

impl App {
    /// Whether the viewer may do something to a record that it can see.
    pub(crate) fn permitted(
        &self,
        viewer: &Viewer,
        action: Action,
        envelope: &Envelope,
    ) -> Result<()> {
        let subject = Subject {
            kind: &envelope.kind,
            label: &envelope.label,
            partner: &envelope.partner,
            programme: &envelope.programme,
        };
        let world = self.store.world()?;
        let decision = decide(Policy::shipped(), &world, viewer, action, subject);
        if decision.allowed {
            Ok(())
        } else {
            Err(AppError::NotPermitted(decision.because.into_owned()))
        }
    }

    /// Whether the viewer may write records of a kind at all.
    ///
    /// # Errors
    /// [`AppError::NotPermitted`] where no role of the viewer does.
    pub fn may_write(&self, viewer: &Viewer, kind: &KindDef) -> Result<()> {
        if Policy::shipped().grants(viewer, Action::Write, kind.code) {
            return Ok(());
        }
        readable_kind(viewer, kind.code)?;
        let message = format!(
            "your role does not write {} records",
            kind.name.to_lowercase()
        );
        Err(AppError::NotPermitted(message))
    }

    /// Whether the viewer may make a record of a kind: asked before anything of it is read.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where there is no such kind for the viewer, [`AppError::NotPermitted`]
    /// where no role of the viewer writes it.
    pub fn may_create(&self, viewer: &Viewer, kind: &str) -> Result<()> {
        self.may_write(viewer, readable_kind(viewer, kind)?)
    }

    /// Whether the viewer may change the record of an id: asked before anything of a change is read.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where there is none or it is hidden, [`AppError::NotPermitted`] with the
    /// rule that says no.
    pub fn may_edit(&self, viewer: &Viewer, (kind, id): (&str, RecordId)) -> Result<()> {
        let kind = readable_kind(viewer, kind)?;
        let record = self.seen(viewer, kind, id)?;
        self.permitted(viewer, Action::Write, &record.envelope)
    }

    /// Whether the viewer may change a record it sees.
    ///
    /// # Errors
    /// [`AppError::NotPermitted`] with the rule that says no.
    pub fn may_change(&self, viewer: &Viewer, record: &Record) -> Result<()> {
        self.permitted(viewer, Action::Write, &record.envelope)
    }

    /// A record the viewer can see, or nothing.
    pub(super) fn seen(&self, viewer: &Viewer, kind: &KindDef, id: RecordId) -> Result<Record> {
        let found = self.store.get(viewer, kind.code, id)?;
        found.ok_or(AppError::NotFound("record"))
    }

    /// Writes changes and makes them visible to the next question.
    pub(crate) fn commit(
        &self,
        viewer: &Viewer,
        changes: Vec<Change>,
        once: Option<&Once>,
    ) -> Result<Vec<Written>> {
        let gone = |c: &&Change| c.envelope.state == DELETED;
        for change in changes.iter().filter(gone) {
            if kinds::by_code(&change.envelope.kind).is_some_and(|k| k.permanent) {
                let message = "a record of this kind is never deleted";
                return Err(AppError::NotPermitted(message.to_owned()));
            }
        }
        crate::vetting::only_there(viewer, &changes)?;
        // Nobody else's change comes between what a gate saw and what it let pass.
        let passing = self.passing.lock();
        let asked: Vec<RecordId> = changes.iter().map(|c| c.envelope.id).collect();
        let mut changes = self.through_gates(viewer, changes)?;
        // Whoever is named as a candidate is screened in the same transaction.
        changes.extend(self.screened(&changes)?);
        let named: Vec<(String, RecordId)> = changes
            .iter()
            .flat_map(crate::vetting::names_somebody)
            .collect();
        let mine: Vec<bool> = changes
            .iter()
            .map(|c| asked.contains(&c.envelope.id))
            .collect();
        let written = match once {
            Some(once) => self.store.write_once(viewer, changes, once)?,
            None => self.store.write(viewer, changes)?,
        };
        drop(passing);
        self.refresh();
        self.screen_renamed(&named)?;
        // What a gate writes beside a move is no answer to whoever asked for the move. The answer to a
        // request that came before names the ids of then, so it goes by place.
        let wanted = written.into_iter().zip(mine);
        Ok(wanted.filter(|(_, mine)| *mine).map(|(w, _)| w).collect())
    }

    /// A code for a new record: the letters of its kind and five drawn by lot. A running number would
    /// count what the reader may not see; a lot counts nothing.
    pub(crate) fn new_code(&self, kind: &KindDef) -> String {
        let drawn = self.around.random::<5>();
        let letters = drawn.map(|b| char::from(LETTERS[usize::from(b) % LETTERS.len()]));
        format!("{}-{}", kind.code_prefix(), String::from_iter(letters))
    }

    /// Makes a record.
    ///
    /// # Errors
    /// [`AppError::Faults`] where the draft is wrong, [`AppError::NotPermitted`] where the viewer may
    /// not write it.
    pub fn create(
        &self,
        viewer: &Viewer,
        kind: &str,
        draft: Draft,
        reason: &str,
        once: Option<&Once>,
    ) -> Result<Written> {
        let kind = readable_kind(viewer, kind)?;
        self.may_write(viewer, kind)?;
        let draft = self.frozen(kind, None, draft)?;
        let draft = self.checked(viewer, kind, draft)?;
        let id = RecordId::from_random(self.around.random());
        let code = self.new_code(kind);
        let label = working_label(viewer, &draft)?;
        let blank = crate::load::envelope(kind.code, id, &code, label);
        let (envelope, body) = draft.into_parts(blank);
        self.permitted(viewer, Action::Write, &envelope)?;
        let change = Change {
            action: format!("{}.create", kind.code),
            envelope,
            body,
            reason: reason.to_owned(),
            saw: vec![],
        };
        one(self.commit(viewer, vec![change], once)?)
    }

    /// Changes a record. `version` is the version the writer worked on.
    ///
    /// # Errors
    /// [`symbolon_store::StoreError::Stale`] where somebody else changed it since.
    pub fn edit(
        &self,
        viewer: &Viewer,
        (kind, id): (&str, RecordId),
        version: i64,
        draft: Draft,
        reason: &str,
        once: Option<&Once>,
    ) -> Result<Written> {
        let kind = readable_kind(viewer, kind)?;
        let now = self.seen(viewer, kind, id)?;
        self.permitted(viewer, Action::Write, &now.envelope)?;
        let draft = self.frozen(kind, Some(&now.body), draft)?;
        let draft = self.checked(viewer, kind, draft)?;
        let (mut envelope, body) = draft.into_parts(now.envelope);
        self.permitted(viewer, Action::Write, &envelope)?;
        envelope.version = version;
        let change = Change {
            action: format!("{}.edit", kind.code),
            envelope,
            body,
            reason: reason.to_owned(),
            saw: vec![],
        };
        one(self.commit(viewer, vec![change], once)?)
    }

    /// Deletes a record: it leaves the lists, its history stays, it can be restored.
    pub fn delete(
        &self,
        viewer: &Viewer,
        (kind, id): (&str, RecordId),
        version: i64,
        reason: &str,
    ) -> Result<Written> {
        needs_reason(reason)?;
        let kind = readable_kind(viewer, kind)?;
        let now = self.seen(viewer, kind, id)?;
        self.permitted(viewer, Action::Write, &now.envelope)?;
        if now.envelope.state == DELETED {
            return Err(AppError::Conflict("it is deleted already".to_owned()));
        }
        let mut envelope = now.envelope;
        envelope.version = version;
        envelope.state = DELETED.to_owned();
        let change = Change {
            action: format!("{}.delete", kind.code),
            envelope,
            body: now.body,
            reason: reason.to_owned(),
            saw: vec![],
        };
        one(self.commit(viewer, vec![change], None)?)
    }

    /// Brings a deleted record back into the state it was in.
    pub fn restore(
        &self,
        viewer: &Viewer,
        (kind, id): (&str, RecordId),
        version: i64,
        reason: &str,
    ) -> Result<Written> {
        let kind = readable_kind(viewer, kind)?;
        let now = self.seen(viewer, kind, id)?;
        self.permitted(viewer, Action::Write, &now.envelope)?;
        if now.envelope.state != DELETED {
            return Err(AppError::Conflict("it is not deleted".to_owned()));
        }
        let versions = self.store.versions(viewer, kind.code, id)?;
        let before = versions.iter().rev().filter_map(|v| v.record.as_ref());
        let state = before
            .map(|r| &r.envelope.state)
            .find(|s| *s != DELETED)
            .map_or(kind.states[0], String::as_str)
            .to_owned();
        let mut envelope = now.envelope;
        envelope.version = version;
        envelope.state = state;
        let change = Change {
            action: format!("{}.restore", kind.code),
            envelope,
            body: now.body,
            reason: reason.to_owned(),
            saw: vec![],
        };
        one(self.commit(viewer, vec![change], None)?)
    }
}

/// The label of a new record where the draft names none: the working label of the writer's nation, which a
/// partner's officer shares with the nation that provides the instance.
fn working_label(viewer: &Viewer, draft: &Draft) -> Result<Label> {
    match (&draft.label, &viewer.actor) {
        (Some(label), _) => Ok(label.clone()),
        (None, Actor::Account { nation, .. }) => {
            Ok(crate::releases::working(*nation, viewer.today))
        }
        (None, _) => {
            let message = "Label: the program itself has no nation; name the label";
            Err(AppError::Faults(vec![Fault::new(
                "label", "missing", message,
            )]))
        }
    }
}

/// The answer to the one change that was asked for.
pub(super) fn one(written: Vec<Written>) -> Result<Written> {
    let first = written.into_iter().next();
    first.ok_or_else(|| AppError::Internal("nothing was written".to_owned()))
}

/// Refuses an empty reason, as a fault of the form's field.
pub(super) fn needs_reason(reason: &str) -> Result<()> {
    if reason.trim().is_empty() {
        let fault = Fault::new("reason", "missing", "Reason: say why");
        return Err(AppError::Faults(vec![fault]));
    }
    Ok(())
}
