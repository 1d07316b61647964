//! Mappings that are kept for the next file of the same sort: records, with versions.

use crate::{App, AppError, Result};
use symbolon_access::Viewer;
use symbolon_domain::{
    kind::KindDef,
    kinds::ImportMapping,
    label::Label,
    record::{Record, RecordId},
};
use symbolon_exchange::import::records::Mapping;
use symbolon_store::{
    Change,
    query::{RecordQuery, Test, Value},
};

/// A saved mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedMapping {
    /// Its record.
    pub id: RecordId,
    /// Version of the record.
    pub version: i64,
    /// What it is for.
    pub title: String,
    /// The mapping.
    pub mapping: Mapping,
}

fn read(record: Record) -> Option<SavedMapping> {
    let body: ImportMapping = serde_json::from_value(record.body).ok()?;
    Some(SavedMapping {
        id: record.envelope.id,
        version: record.envelope.version,
        title: body.title,
        mapping: serde_json::from_value(body.mapping).ok()?,
    })
}

impl App {
    /// Mappings saved for a kind, of those the viewer can see, by title.
    pub fn saved_mappings(&self, viewer: &Viewer, kind: &KindDef) -> Result<Vec<SavedMapping>> {
        let query = RecordQuery::default()
            .when("target", Test::Is(Value::Text(kind.code.to_owned())))
            .when("state", Test::Is(Value::Text("current".to_owned())));
        let records = self.store.list(viewer, "import_mapping", &query)?;
        let mut all: Vec<SavedMapping> = records.into_iter().filter_map(read).collect();
        all.sort_by(|a, b| a.title.cmp(&b.title));
        Ok(all)
    }

    /// Saves a mapping under a title: a new version where the viewer sees one of that title.
    ///
    /// # Errors
    /// An empty title; what storage says.
    pub fn save_mapping(
        &self,
        viewer: &Viewer,
        kind: &KindDef,
        title: &str,
        mapping: &Mapping,
    ) -> Result<SavedMapping> {
        let title = title.trim();
        if title.is_empty() || title.chars().count() > 200 {
            return Err(AppError::Invalid(
                "give the mapping a name of at most 200 characters".into(),
            ));
        }
        let there = self
            .saved_mappings(viewer, kind)?
            .into_iter()
            .find(|m| m.title == title);
        let json = |e: serde_json::Error| AppError::Internal(e.to_string());
        let body = ImportMapping {
            title: title.to_owned(),
            target: kind.code.to_owned(),
            mapping: serde_json::to_value(mapping).map_err(json)?,
        };
        let envelope = match &there {
            Some(saved) => {
                let found = self.store.get(viewer, "import_mapping", saved.id)?;
                found.ok_or(AppError::NotFound("mapping"))?.envelope
            }
            None => {
                let id = RecordId::from_random(self.around.random());
                let code = format!("MAP-{}", &id.to_string()[..8]);
                let nation = viewer
                    .nation()
                    .map_or("USA".to_owned(), |n| n.as_str().to_owned());
                let label = Label::internal(&nation);
                crate::load::envelope("import_mapping", id, &code, label)
            }
        };
        let id = envelope.id;
        let change = Change {
            action: "import_mapping.save".to_owned(),
            envelope,
            body: serde_json::to_value(body).map_err(json)?,
            reason: String::new(),
            saw: vec![],
        };
        let written = self.store.write(viewer, vec![change])?;
        let version = written.first().map_or(1, |w| w.version);
        Ok(SavedMapping {
            id,
            version,
            title: title.to_owned(),
            mapping: mapping.clone(),
        })
    }
}
