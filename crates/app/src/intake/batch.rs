//! A batch of rows judged against what is there.

use super::{
    Order,
    apply::Target,
    find::{Existing, Named, Names, Wanted, key_of},
    pass::{Judged, Outcome},
};
use crate::{App, Result};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use symbolon_access::{Viewer, World};
use symbolon_domain::{
    kind::{DELETED, FieldType, KindDef},
    record::{Record, RecordId},
};
use symbolon_exchange::import::records::{Class, Draft, Finding, draft::Given};

/// What is kept from batch to batch.
#[derive(Default)]
pub(super) struct Batches {
    names: Names,
}

/// A finding of a whole row, or of one of its columns.
pub(super) fn finding(
    draft: &Draft,
    class: Class,
    column: &str,
    code: &str,
    message: String,
) -> Finding {
    let text = draft.text(column).map(symbolon_exchange::guard::quoted);
    Finding {
        class,
        line: draft.line,
        column: 0,
        column_name: column.to_owned(),
        code: code.to_owned(),
        message,
        text: text.unwrap_or_default(),
    }
}

impl Batches {
    /// Judges rows, in order.
    pub(super) fn judge(
        &mut self,
        app: &App,
        viewer: &Viewer,
        order: &Order<'_>,
        drafts: Vec<Draft>,
    ) -> Result<Vec<Judged>> {
        let kind = order.kind;
        self.look_up(app, viewer, kind, &drafts)?;
        // A row may name a record that a row just before it makes: those rows are settled one by one.
        let keyed: Vec<(String, Value)> = drafts.iter().map(|d| self.keyed(kind, d)).collect();
        let mut wanted = Wanted::default();
        for (draft, (partner, body)) in drafts.iter().zip(&keyed) {
            if let Some(id) = draft.text("id").filter(|t| t.parse::<RecordId>().is_ok()) {
                wanted.ids.insert(id.to_owned());
            }
            if let Some(code) = draft.text("code") {
                wanted.codes.insert(code.to_owned());
            }
            if key_of(kind, partner, body).is_some() {
                wanted.keys.push((partner.clone(), body.clone()));
            }
        }
        let world = app.store.world()?;
        let existing = Existing::find(app, viewer, kind, &wanted)?;
        let mut out = Vec::with_capacity(drafts.len());
        for (draft, (partner, body)) in drafts.into_iter().zip(keyed) {
            out.push(self.one(
                (app, viewer, &world),
                kind,
                &existing,
                draft,
                (&partner, &body),
            ));
        }
        Ok(out)
    }

    fn look_up(
        &mut self,
        app: &App,
        viewer: &Viewer,
        kind: &KindDef,
        drafts: &[Draft],
    ) -> Result<()> {
        for field in &kind.fields {
            let FieldType::Reference(to) = &field.field_type else {
                continue;
            };
            let texts: BTreeSet<String> = drafts
                .iter()
                .filter_map(|d| match d.get(&field.name) {
                    Some(Given::Reference(text)) => Some(text.clone()),
                    _ => None,
                })
                .collect();
            self.names.resolve(app, viewer, to, &texts)?;
        }
        Ok(())
    }

    /// Partner and key fields as the row gives them, references resolved.
    fn keyed(&self, kind: &KindDef, draft: &Draft) -> (String, Value) {
        let mut body = Map::new();
        for name in kind.key {
            let Some(field) = kind.field(name) else {
                continue;
            };
            let value = match (draft.get(name), &field.field_type) {
                (Some(Given::Value(value)), _) => value.clone(),
                (Some(Given::Reference(text)), FieldType::Reference(to)) => {
                    match self.names.get(to, text) {
                        Named::One(id) | Named::Made(id) => Value::String(id.to_string()),
                        _ => Value::Null,
                    }
                }
                _ => Value::Null,
            };
            body.insert((*name).to_owned(), value);
        }
        let partner = draft
            .text("partner")
            .unwrap_or_default()
            .to_ascii_uppercase();
        (partner, Value::Object(body))
    }

    fn one(
        &mut self,
        (app, viewer, world): (&App, &Viewer, &World),
        kind: &'static KindDef,
        existing: &Existing,
        draft: Draft,
        (partner, key): (&str, &Value),
    ) -> Judged {
        let mut judged = Judged {
            outcome: Outcome::Refused,
            draft,
            record: None,
            keys: vec![],
            says: String::new(),
        };
        if judged.draft.refused() {
            return judged;
        }
        let key = key_of(kind, partner, key);
        let found = match which(kind, existing, &judged.draft, key.as_deref()) {
            Ok(found) => found,
            Err(finding) => {
                judged.refuse(*finding);
                return judged;
            }
        };
        let mut references = BTreeMap::new();
        if !self.references(kind, &mut judged, &mut references) {
            return judged;
        }
        let target = Target {
            app,
            viewer,
            kind,
            there: found,
            world,
        };
        if let Some(record) = target.applied(&mut judged.draft, &references) {
            self.settle(kind, found, record, key, &mut judged);
        }
        judged
    }

    /// What each reference of the row leads to; false where the row cannot be taken for it.
    fn references(
        &self,
        kind: &KindDef,
        judged: &mut Judged,
        out: &mut BTreeMap<String, Named>,
    ) -> bool {
        for field in &kind.fields {
            let FieldType::Reference(to) = &field.field_type else {
                continue;
            };
            let Some(Given::Reference(text)) = judged.draft.get(&field.name) else {
                continue;
            };
            let named = self.names.get(to, text);
            let what = to.replace('_', " ");
            let (code, message) = match &named {
                Named::One(_) | Named::Made(_) => {
                    out.insert(field.name.clone(), named);
                    continue;
                }
                Named::None => (
                    "unknown-reference",
                    format!(
                        "{}: there is no such {what}; give its code, name or id, and import it first",
                        field.label
                    ),
                ),
                Named::Several => (
                    "several-records",
                    format!(
                        "{}: several {what} records have this code or name; give the id",
                        field.label
                    ),
                ),
            };
            let must = field.required || kind.key.contains(&field.name.as_str());
            let class = if must { Class::Refused } else { Class::Dropped };
            let finding = finding(&judged.draft, class, &field.name, code, message);
            if must {
                judged.refuse(finding);
                return false;
            }
            judged.draft.findings.push(finding);
        }
        true
    }

    fn settle(
        &mut self,
        kind: &KindDef,
        found: Option<&Record>,
        record: Record,
        key: Option<String>,
        judged: &mut Judged,
    ) {
        let e = &record.envelope;
        let mut keys: Vec<String> = key.into_iter().map(|k| format!("key {k}")).collect();
        match found {
            Some(there) => keys.push(format!("id {}", there.envelope.id)),
            None if judged.draft.text("code").is_some() => keys.push(format!("code {}", e.code)),
            None => {}
        }
        judged.keys = keys.iter().map(|k| short_hash(k)).collect();
        // Codes and ids drawn for new records are no part of the plan; what the row says is in the file.
        let seen = found.map(|r| format!("{} {}", r.envelope.id, r.envelope.version));
        judged.says = seen.unwrap_or_default();
        judged.outcome = match found {
            None => Outcome::New,
            Some(there) if there.body == record.body && there.envelope == record.envelope => {
                Outcome::Same
            }
            Some(_) => Outcome::Changed,
        };
        if judged.outcome == Outcome::New {
            self.names.made(kind.code, &e.code, e.id);
            if let [one] = kind.key
                && let Some(text) = record.body[*one].as_str()
            {
                self.names.made(kind.code, text, e.id);
            }
        }
        judged.record = Some(record);
    }
}

fn short_hash(text: &str) -> [u8; 16] {
    let mut out = [0; 16];
    out.copy_from_slice(&Sha256::digest(text.as_bytes())[..16]);
    out
}

/// The record a row is about, of those there: by id, else by code, else by natural key.
fn which<'a>(
    kind: &KindDef,
    existing: &'a Existing,
    draft: &Draft,
    key: Option<&str>,
) -> std::result::Result<Option<&'a Record>, Box<Finding>> {
    let refuse = |code: &str, message: String| {
        Err(Box::new(finding(
            draft,
            Class::Refused,
            "code",
            code,
            message,
        )))
    };
    let id = draft.text("id").and_then(|t| t.parse::<RecordId>().ok());
    let by_id = id.and_then(|id| existing.by_id.get(&id));
    let with_code = draft.text("code").and_then(|c| existing.by_code.get(c));
    let with_key = key.and_then(|k| existing.by_key.get(k));
    let several = |ids: &Vec<RecordId>| ids.len() > 1;
    let pick = |ids: Option<&Vec<RecordId>>| ids.and_then(|ids| existing.by_id.get(ids.first()?));
    let found = match (by_id, with_code, with_key) {
        (Some(found), ..) => Some(found),
        (None, Some(ids), _) if several(ids) => {
            return refuse(
                "several-records",
                "several records have this code; give the id".to_owned(),
            );
        }
        (None, Some(ids), _) => pick(Some(ids)),
        (None, None, Some(ids)) if several(ids) => {
            let what = kind.key.join(", ").replace('_', " ");
            return refuse(
                "several-records",
                format!("several records have this {what}; give code or id"),
            );
        }
        (None, None, ids) => pick(ids),
    };
    if let Some(there) = found {
        if there.envelope.state == DELETED {
            let message = format!(
                "{} was deleted; restore it on its page first",
                there.envelope.code
            );
            return refuse("deleted", message);
        }
        if kind.key.is_empty() && draft.text("code").is_none() && id.is_none() {
            return refuse("missing", "Code: this must be given".to_owned());
        }
    }
    Ok(found)
}
