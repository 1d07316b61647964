//! A row laid over the record it is about, or over a blank one; and the record of the import itself.

use super::{Order, Report, allowed, batch::finding, find::Named, pass::Judged};
use crate::{App, AppError, Result};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use symbolon_access::{Actor, Viewer, World};
use symbolon_domain::{
    country::Iso3,
    kind::{FieldType, KindDef},
    label::Label,
    record::{Record, RecordId},
};
use symbolon_exchange::import::records::{Class, Draft, draft::Given};
use symbolon_store::Change;

/// Letters of codes: no vowels, nothing that looks like another.
const LETTERS: &[u8; 28] = b"23456789BCDFGHJKLMNPQRSTVWXZ";

/// What a row is laid over.
pub(super) struct Target<'a> {
    pub app: &'a App,
    pub viewer: &'a Viewer,
    pub kind: &'static KindDef,
    pub there: Option<&'a Record>,
    pub world: &'a World,
}

/// A code of letters drawn by lot: a running number would count what the reader may not see.
fn drawn(app: &App, prefix: &str) -> String {
    let letters = app
        .around
        .random::<8>()
        .map(|b| char::from(LETTERS[usize::from(b) % LETTERS.len()]));
    format!("{prefix}-{}", String::from_iter(letters))
}

impl Target<'_> {
    /// The record as the row wants it; none where the row cannot be taken, which its findings then say.
    pub(super) fn applied(
        &self,
        draft: &mut Draft,
        references: &BTreeMap<String, Named>,
    ) -> Option<Record> {
        let mut record = match self.there {
            Some(there) => there.clone(),
            None => self.blank(draft)?,
        };
        let before = draft.findings.len();
        self.envelope(draft, &mut record);
        let body = self.body(draft, references, record.body.clone());
        record.body = self.checked(draft, &record, body).unwrap_or_default();
        self.whole(draft, &record);
        self.gated(draft, &mut record);
        self.fresh(draft, &record);
        let refused = draft.findings[before..]
            .iter()
            .any(|f| f.class == Class::Refused);
        (!refused).then_some(record)
    }

    fn refuse(&self, draft: &mut Draft, column: &str, code: &str, message: impl Into<String>) {
        let finding = finding(draft, Class::Refused, column, code, message.into());
        draft.findings.push(finding);
    }

    /// A new record with the label and code it gets.
    fn blank(&self, draft: &mut Draft) -> Option<Record> {
        let label = match draft.get("label") {
            Some(Given::Value(value)) => allowed::read_label(self.viewer, value),
            _ => {
                let partner = draft
                    .text("partner")
                    .unwrap_or_default()
                    .to_ascii_uppercase();
                allowed::narrowest(self.world, self.viewer, self.kind.code, &partner)
                    .ok_or_else(|| "this must be given".to_owned())
            }
        };
        let label = match label {
            Ok(label) => label,
            Err(what) => {
                self.refuse(draft, "label", "wrong-type", format!("Label: {what}"));
                return None;
            }
        };
        let id = RecordId::from_random(self.app.around.random());
        let code = self.code(draft);
        let envelope = crate::load::envelope(self.kind.code, id, &code, label);
        Some(Record {
            envelope,
            body: Value::Object(Map::new()),
        })
    }

    /// The code the row gives, else its key where that is a code itself, else one drawn by lot.
    fn code(&self, draft: &Draft) -> String {
        if let Some(code) = draft.text("code") {
            return code.to_owned();
        }
        if let [one] = self.kind.key
            && self
                .kind
                .field(one)
                .is_some_and(|f| f.field_type == FieldType::Country)
            && let Some(text) = draft.text(one)
        {
            return text.to_owned();
        }
        drawn(self.app, &self.kind.code_prefix())
    }

    fn envelope(&self, draft: &mut Draft, record: &mut Record) {
        let given: Vec<(String, Given)> = draft.given.clone();
        for (name, given) in given {
            let value = match &given {
                Given::Value(value) => value.clone(),
                Given::Clear => Value::Null,
                Given::Reference(_) => continue,
            };
            let text = value.as_str().unwrap_or_default();
            let e = &mut record.envelope;
            match name.as_str() {
                "code" if !text.is_empty() && e.code != text => {
                    let message = format!("this is {}; an import does not change codes", e.code);
                    self.refuse(draft, "code", "code-differs", message);
                }
                "code" if text.chars().count() > 64 || text.chars().any(char::is_control) => {
                    self.refuse(
                        draft,
                        "code",
                        "too-long",
                        "Code: at most 64 characters, none of them control",
                    );
                }
                "state" if !text.is_empty() && e.state != text => self.state(draft, record, text),
                "owner" if !text.is_empty() && e.owner != text => {
                    self.refuse(
                        draft,
                        "owner",
                        "not-permitted",
                        "an import does not change the owner",
                    );
                }
                "label" => self.label(draft, record, &value),
                "partner" => self.partner(draft, record, text),
                "programme" => text.clone_into(&mut e.programme),
                "valid_from" => e.valid.from = serde_json::from_value(value).ok(),
                "valid_to" => e.valid.to = serde_json::from_value(value).ok(),
                "sources" => match serde_json::from_value(value) {
                    Ok(sources) => e.sources = sources,
                    Err(what) => {
                        let finding = finding(
                            draft,
                            Class::Dropped,
                            "sources",
                            "wrong-type",
                            format!("Sources: {what}"),
                        );
                        draft.findings.push(finding);
                    }
                },
                _ => {}
            }
        }
    }

    /// States are moved by their own actions, which ask their own questions. The operator may bring in
    /// new records as they stood elsewhere.
    fn state(&self, draft: &mut Draft, record: &mut Record, text: &str) {
        let operator = matches!(self.viewer.actor, Actor::System);
        if operator && self.there.is_none() && self.kind.states.contains(&text) {
            text.clone_into(&mut record.envelope.state);
            return;
        }
        let message = format!(
            "State: an import does not move a record from {} to another state",
            record.envelope.state
        );
        self.refuse(draft, "state", "state-differs", message);
    }

    fn label(&self, draft: &mut Draft, record: &mut Record, value: &Value) {
        let label = match allowed::read_label(self.viewer, value) {
            Ok(label) => label,
            Err(what) => {
                return self.refuse(draft, "label", "wrong-type", format!("Label: {what}"));
            }
        };
        let given = match self.there {
            // lowering a label or widening its release is no part of an import.
            Some(there) => {
                there.envelope.label == label || allowed::is_narrowest(self.viewer, &label)
            }
            None => allowed::may_give(self.viewer, &label),
        };
        if given {
            record.envelope.label = label;
        } else {
            let message = "Label: wider than you may give in an import; release it on its page";
            self.refuse(draft, "label", "label-too-wide", message);
        }
    }

    fn partner(&self, draft: &mut Draft, record: &mut Record, text: &str) {
        match text.to_ascii_uppercase().parse::<Iso3>() {
            _ if text.is_empty() => record.envelope.partner.clear(),
            Ok(iso3) => iso3.as_str().clone_into(&mut record.envelope.partner),
            Err(e) => self.refuse(draft, "partner", "wrong-type", format!("Partner: {e}")),
        }
    }

    fn body(&self, draft: &Draft, references: &BTreeMap<String, Named>, body: Value) -> Value {
        let Value::Object(mut body) = body else {
            return body;
        };
        for (name, given) in &draft.given {
            if self.kind.field(name).is_none() {
                continue;
            }
            match given {
                Given::Clear => {
                    body.remove(name);
                }
                Given::Reference(_) => {
                    if let Some(Named::One(id) | Named::Made(id)) = references.get(name) {
                        body.insert(name.clone(), json!(id));
                    }
                }
                Given::Value(value) => {
                    // White space around a text is no change.
                    let there = body.get(name).and_then(Value::as_str).map(str::trim);
                    if there.is_none() || there != value.as_str() {
                        body.insert(name.clone(), value.clone());
                    }
                }
            }
        }
        Value::Object(body)
    }

    /// The body checked and filled in. A value that does not fit and need not be there is dropped, and
    /// what stood there before stays.
    fn checked(&self, draft: &mut Draft, record: &Record, mut body: Value) -> Option<Value> {
        let on = record
            .envelope
            .valid
            .from
            .map_or(self.viewer.today, |known| known.day);
        loop {
            let faults = match self.kind.read(&body, on) {
                Ok(whole) => return Some(whole),
                Err(faults) => faults,
            };
            let mut dropped = false;
            for fault in faults {
                let said = draft.get(&fault.field).is_some();
                let must = self.kind.field(&fault.field).is_none_or(|f| f.required)
                    || self.kind.key.contains(&fault.field.as_str());
                let class = if said && !must {
                    Class::Dropped
                } else {
                    Class::Refused
                };
                let finding = finding(
                    draft,
                    class,
                    &fault.field,
                    fault.code,
                    fault.message.clone(),
                );
                draft.findings.push(finding);
                if class == Class::Refused {
                    return None;
                }
                dropped = true;
                draft.given.retain(|(name, _)| *name != fault.field);
                self.put_back(&mut body, &fault.field);
            }
            if !dropped {
                return None;
            }
        }
    }

    fn put_back(&self, body: &mut Value, field: &str) {
        let Value::Object(members) = body else { return };
        match self.there.and_then(|r| r.body.get(field)) {
            Some(before) => members.insert(field.to_owned(), before.clone()),
            None => members.remove(field),
        };
    }

    /// What must hold of the record as a whole, and what somebody should look at.
    fn whole(&self, draft: &mut Draft, record: &Record) {
        let e = &record.envelope;
        let told = draft.findings.iter().any(|f| f.column_name == "partner");
        if self.kind.of_partner && e.partner.is_empty() && !told {
            self.refuse(draft, "partner", "missing", "Partner: this must be given");
        }
        if let (Some(from), Some(to)) = (e.valid.from, e.valid.to)
            && to.day < from.day
        {
            self.refuse(
                draft,
                "valid_to",
                "conflict",
                "Valid to: it ends before it begins",
            );
        }
        let before = self
            .there
            .is_none_or(|r| allowed::may_write(self.world, self.viewer, &r.envelope));
        if !(before && allowed::may_write(self.world, self.viewer, e)) {
            self.refuse(draft, "", "not-permitted", "you may not write this record");
        }
        if self.there.is_none() && draft.get("label").is_none() {
            let message = format!(
                "no label is given: only your own nation sees it ({})",
                e.label.marking()
            );
            let finding = finding(draft, Class::Later, "label", "label-default", message);
            draft.findings.push(finding);
        }
        let future = e.valid.from.is_some_and(|f| f.day > self.viewer.today);
        if future && draft.get("valid_from").is_some() {
            let finding = finding(
                draft,
                Class::Later,
                "valid_from",
                "in-the-future",
                "Valid from: this day is still to come".to_owned(),
            );
            draft.findings.push(finding);
        }
    }

    /// No import goes around a gate, and what the program fills in stays as it is.
    fn gated(&self, draft: &mut Draft, record: &mut Record) {
        if let Some(message) = crate::gates::kept_out(self.app, self.kind, self.there, record) {
            self.refuse(draft, "state", "gate", message);
        }
    }

    /// Refuses a row made from a version that is no longer the newest, where it would change something.
    fn fresh(&self, draft: &mut Draft, record: &Record) {
        let (Some(there), Some(Given::Value(version))) = (self.there, draft.get("version")) else {
            return;
        };
        let same = there.body == record.body && there.envelope == record.envelope;
        let (given, now) = (version.as_i64().unwrap_or(0), there.envelope.version);
        if !same && given != now {
            let message = format!(
                "{} has changed since this file was made: version {given} there, {now} here",
                there.envelope.code
            );
            self.refuse(draft, "version", "stale-version", message);
        }
    }
}

impl Judged {
    /// The change a judged row asks for; none where it changes nothing.
    pub(super) fn change(&mut self, order: &Order<'_>, import: &str) -> Option<Change> {
        use super::pass::Outcome;
        if !matches!(self.outcome, Outcome::New | Outcome::Changed) {
            return None;
        }
        let record = self.record.take()?;
        Some(Change {
            action: format!("{}.import", order.kind.code),
            reason: format!(
                "import {import}, {}, line {}",
                order.file.name, self.draft.line
            ),
            envelope: record.envelope,
            body: record.body,
            saw: vec![],
        })
    }
}

/// The record of an import, as the change that makes it.
pub(super) fn import_record(
    app: &App,
    viewer: &Viewer,
    order: &Order<'_>,
    report: &Report,
) -> Result<Change> {
    let world = app.store.world()?;
    let partner = viewer
        .nation()
        .map(|n| n.as_str().to_owned())
        .unwrap_or_default();
    let label = allowed::narrowest(&world, viewer, "import", &partner)
        .unwrap_or_else(|| Label::internal("USA"));
    let id = RecordId::from_random(app.around.random());
    let mut envelope = crate::load::envelope("import", id, &drawn(app, "IMP"), label);
    if let Actor::Account { nation, .. } = &viewer.actor {
        nation.as_str().clone_into(&mut envelope.partner);
    }
    let c = report.counts;
    let n = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let mapping =
        serde_json::to_value(order.mapping).map_err(|e| AppError::Internal(e.to_string()))?;
    let body = json!({
        "target": order.kind.code, "file_name": order.file.name, "file_sha256": order.file.sha256,
        "file_bytes": n(order.file.bytes), "saved_mapping": order.saved.map(|(id, _)| id),
        "mapping_version": order.saved.map_or(0, |(_, v)| v), "mapping": mapping, "plan_sha256": report.plan,
        "rows": n(c.rows), "added": n(c.new), "changed": n(c.changed), "same": n(c.same), "left_out": n(c.refused),
    });
    Ok(Change {
        envelope,
        body,
        action: "import.take".to_owned(),
        reason: String::new(),
        saw: vec![],
    })
}
