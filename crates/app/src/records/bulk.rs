//! One field of many records set at once, shown before it is done.

use super::change::readable_kind;
use super::{Draft, compare::in_words};
use crate::{App, AppError, Result};
use serde_json::Value;
use sha2::{Digest, Sha256};
use symbolon_access::{Action, Viewer};
use symbolon_domain::{
    kind::{Fault, FieldDef, KindDef},
    record::RecordId,
};
use symbolon_store::{Change, Written};

/// At most so many records at once.
const MOST: usize = 1_000;

/// What would become of one record.
#[derive(Clone, Debug)]
pub struct BulkLine {
    /// The record.
    pub id: RecordId,
    /// Its code.
    pub code: String,
    /// What it is called.
    pub title: String,
    /// What stands there.
    pub before: String,
    /// What would stand there.
    pub after: String,
    /// Why it cannot be changed; empty: it can.
    pub refused: String,
}

/// A change of many records, before it is made.
pub struct BulkPlan {
    /// Their kind.
    pub kind: &'static KindDef,
    /// The field.
    pub field: &'static FieldDef,
    /// One line a record.
    pub lines: Vec<BulkLine>,
    /// Hash over what was shown: the same plan is made or none.
    pub hash: String,
    changes: Vec<Change>,
}

impl App {
    /// What would change if a field of many records were set. Nothing is written.
    ///
    /// # Errors
    /// [`AppError::Faults`] where the value does not fit the field.
    pub fn bulk_plan(
        &self,
        viewer: &Viewer,
        kind: &str,
        ids: &[RecordId],
        field: &str,
        text: &str,
    ) -> Result<BulkPlan> {
        let kind = readable_kind(viewer, kind)?;
        let field = kind.field(field).ok_or(AppError::NotFound("field"))?;
        if ids.is_empty() || ids.len() > MOST {
            let message = format!("Records: choose between 1 and {MOST}");
            return Err(AppError::Faults(vec![Fault::new(
                "ids",
                "out-of-range",
                message,
            )]));
        }
        let value = field.value_of(text).map_err(|what| {
            let message = format!("{}: {what}", field.label);
            AppError::Faults(vec![Fault::new(&field.name, "wrong-type", message)])
        })?;
        let (mut lines, mut changes, mut hash) = (vec![], vec![], Sha256::new());
        for id in ids {
            let (line, change) = self.bulk_line(viewer, kind, field, *id, &value)?;
            hash.update(format!("{id} {} {}\n", line.before, line.after));
            if let Some(change) = change {
                hash.update(change.envelope.version.to_be_bytes());
                changes.push(change);
            }
            lines.push(line);
        }
        hash.update(value.to_string());
        Ok(BulkPlan {
            kind,
            field,
            lines,
            hash: hex::encode(hash.finalize()),
            changes,
        })
    }

    fn bulk_line(
        &self,
        viewer: &Viewer,
        kind: &'static KindDef,
        field: &FieldDef,
        id: RecordId,
        value: &Value,
    ) -> Result<(BulkLine, Option<Change>)> {
        let now = self.seen(viewer, kind, id)?;
        let mut line = BulkLine {
            id,
            code: now.envelope.code.clone(),
            title: kind.title_of(&now.envelope.code, &now.body).to_owned(),
            before: in_words(field, &now.body[&field.name]),
            after: in_words(field, value),
            refused: String::new(),
        };
        let mut draft = Draft::of(&now);
        draft.body[&field.name] = value.clone();
        let checked = self
            .permitted(viewer, Action::Write, &now.envelope)
            .and_then(|()| self.frozen(kind, Some(&now.body), draft))
            .and_then(|draft| self.checked(viewer, kind, draft));
        match checked {
            Ok(draft) => {
                let change = Change {
                    action: format!("{}.bulk", kind.code),
                    body: draft.body,
                    envelope: now.envelope,
                    reason: String::new(),
                    saw: vec![],
                };
                Ok((line, Some(change)))
            }
            Err(e @ (AppError::Faults(_) | AppError::NotPermitted(_))) => {
                line.refused = e.to_string();
                Ok((line, None))
            }
            Err(e) => Err(e),
        }
    }

    /// Makes the change that was shown: all records of it or none.
    ///
    /// # Errors
    /// [`AppError::Conflict`] where a record moved since it was shown, or one of them is refused.
    pub fn bulk_set(
        &self,
        viewer: &Viewer,
        plan: BulkPlan,
        shown: &str,
        reason: &str,
    ) -> Result<Vec<Written>> {
        if plan.hash != shown {
            let message = "something changed since the preview; look at it again";
            return Err(AppError::Conflict(message.to_owned()));
        }
        if let Some(line) = plan.lines.iter().find(|l| !l.refused.is_empty()) {
            return Err(AppError::Conflict(format!(
                "{}: {}",
                line.code, line.refused
            )));
        }
        let mut changes = plan.changes;
        for change in &mut changes {
            reason.clone_into(&mut change.reason);
        }
        self.commit(viewer, changes, None)
    }
}
