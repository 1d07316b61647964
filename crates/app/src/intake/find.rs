//! Looking up many records at once: by id, by code, by natural key; and what references lead to.

use crate::{App, Result};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use symbolon_access::Viewer;
use symbolon_domain::{
    kind::{DELETED, FieldType, KindDef},
    kinds,
    record::{Record, RecordId},
};
use symbolon_store::query::{RecordQuery, Test};

/// Resolutions kept between batches.
const KEPT: usize = 50_000;

/// What a text that names a record leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// One record the viewer can see.
    One(RecordId),
    /// A record made by an earlier row of the same file.
    Made(RecordId),
    /// None that the viewer can see.
    None,
    /// Several.
    Several,
}

/// References looked up, by kind and text.
#[derive(Default)]
pub(super) struct Names {
    known: HashMap<(String, String), Named>,
}

impl Names {
    /// Looks up all texts of a kind that are not known yet.
    pub(super) fn resolve(
        &mut self,
        app: &App,
        viewer: &Viewer,
        kind: &str,
        texts: &BTreeSet<String>,
    ) -> Result<()> {
        if self.known.len() > KEPT {
            self.known.clear();
        }
        let Some(kind) = kinds::by_code(kind) else {
            return Ok(());
        };
        let new: Vec<String> = texts
            .iter()
            .filter(|t| {
                !self
                    .known
                    .contains_key(&(kind.code.to_owned(), (*t).clone()))
            })
            .cloned()
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        let mut found: HashMap<&str, BTreeSet<RecordId>> = HashMap::new();
        let ids: Vec<String> = new
            .iter()
            .filter(|t| t.parse::<RecordId>().is_ok())
            .cloned()
            .collect();
        for (column, texts) in columns(kind, &ids, &new) {
            let query = RecordQuery::default().when(&column, Test::Among(texts.to_vec()));
            for record in app.store.list(viewer, kind.code, &query)? {
                if record.envelope.state == DELETED {
                    continue;
                }
                let value = value_of(&record, &column);
                if let Some(text) = new.iter().find(|t| **t == value) {
                    found.entry(text).or_default().insert(record.envelope.id);
                }
            }
        }
        for text in &new {
            let ids = found.remove(text.as_str()).unwrap_or_default();
            let mut ids = ids.into_iter();
            let named = match (ids.next(), ids.next()) {
                (None, _) => Named::None,
                (Some(id), None) => Named::One(id),
                _ => Named::Several,
            };
            self.known
                .insert((kind.code.to_owned(), text.clone()), named);
        }
        Ok(())
    }

    /// A record made by a row: later rows may name it.
    pub(super) fn made(&mut self, kind: &str, code: &str, id: RecordId) {
        self.known
            .insert((kind.to_owned(), code.to_owned()), Named::Made(id));
    }

    pub(super) fn get(&self, kind: &str, text: &str) -> Named {
        let found = self.known.get(&(kind.to_owned(), text.to_owned()));
        found.cloned().unwrap_or(Named::None)
    }
}

/// Columns in which a text that names a record may stand.
fn columns<'a>(
    kind: &KindDef,
    ids: &'a [String],
    texts: &'a [String],
) -> Vec<(String, &'a [String])> {
    let mut columns = vec![("code".to_owned(), texts)];
    if !ids.is_empty() {
        columns.push(("id".to_owned(), ids));
    }
    if let [one] = kind.key
        && let Some(field) = kind.field(one)
        && matches!(
            field.field_type,
            FieldType::Text | FieldType::LongText | FieldType::Country
        )
    {
        columns.push((field.name.clone(), texts));
    }
    columns
}

fn value_of(record: &Record, column: &str) -> String {
    match column {
        "code" => record.envelope.code.clone(),
        "id" => record.envelope.id.to_string(),
        field => record.body[field].as_str().unwrap_or_default().to_owned(),
    }
}

/// Records of a kind that rows may be about.
#[derive(Default)]
pub(super) struct Existing {
    pub(super) by_id: HashMap<RecordId, Record>,
    pub(super) by_code: HashMap<String, Vec<RecordId>>,
    pub(super) by_key: HashMap<String, Vec<RecordId>>,
}

impl Existing {
    /// Looks up records, deleted ones too: a file does not bring back what was deleted.
    pub(super) fn find(
        app: &App,
        viewer: &Viewer,
        kind: &KindDef,
        wanted: &Wanted,
    ) -> Result<Self> {
        let mut all = Self::default();
        let mut questions: Vec<Vec<(String, Test)>> = vec![];
        let one = |column: &str, texts: &BTreeSet<String>| {
            vec![(
                column.to_owned(),
                Test::Among(texts.iter().cloned().collect()),
            )]
        };
        if !wanted.ids.is_empty() {
            questions.push(one("id", &wanted.ids));
        }
        if !wanted.codes.is_empty() {
            questions.push(one("code", &wanted.codes));
        }
        if let Some(tests) = wanted.key_tests(kind) {
            questions.push(tests);
        }
        for tests in questions {
            let query = RecordQuery {
                tests,
                deleted: true,
                ..RecordQuery::default()
            };
            for record in app.store.list(viewer, kind.code, &query)? {
                all.add(kind, record);
            }
        }
        Ok(all)
    }

    fn add(&mut self, kind: &KindDef, record: Record) {
        let id = record.envelope.id;
        if self.by_id.contains_key(&id) {
            return;
        }
        self.by_code
            .entry(record.envelope.code.clone())
            .or_default()
            .push(id);
        if let Some(key) = key_of(kind, &record.envelope.partner, &record.body) {
            self.by_key.entry(key).or_default().push(id);
        }
        self.by_id.insert(id, record);
    }
}

/// What a batch of rows asks for.
#[derive(Default)]
pub(super) struct Wanted {
    pub(super) ids: BTreeSet<String>,
    pub(super) codes: BTreeSet<String>,
    /// Bodies with the fields of the key filled, and partners.
    pub(super) keys: Vec<(String, Value)>,
}

impl Wanted {
    /// Tests that let through all records with one of the keys, and few others.
    fn key_tests(&self, kind: &KindDef) -> Option<Vec<(String, Test)>> {
        if kind.key.is_empty() || self.keys.is_empty() {
            return None;
        }
        let mut tests = vec![];
        for name in kind.key {
            let texts: Option<BTreeSet<String>> = self
                .keys
                .iter()
                .map(|(_, body)| body[*name].as_str().map(str::to_owned))
                .collect();
            // A part of the key that is empty in some row, or no text, narrows nothing here.
            if let Some(texts) = texts {
                tests.push(((*name).to_owned(), Test::Among(texts.into_iter().collect())));
            }
        }
        let partners: BTreeSet<String> = self.keys.iter().map(|(p, _)| p.clone()).collect();
        tests.push((
            "partner".to_owned(),
            Test::Among(partners.into_iter().collect()),
        ));
        Some(tests)
    }
}

/// The natural key of a record as one text; none where the kind has none, or all of it is empty.
pub(super) fn key_of(kind: &KindDef, partner: &str, body: &Value) -> Option<String> {
    let parts: Vec<&Value> = kind.key.iter().map(|name| &body[*name]).collect();
    let empty = |v: &&Value| v.is_null() || v.as_str() == Some("");
    if parts.iter().all(empty) {
        return None;
    }
    let parts: Vec<String> = parts
        .iter()
        .map(|v| {
            if empty(v) {
                "null".to_owned()
            } else {
                v.to_string()
            }
        })
        .collect();
    Some(format!("{partner} {}", parts.join(" ")))
}
