//! Records that refer to a record: every arrow walked the other way.

use crate::{App, Result};
use symbolon_access::{Action, FieldView, Policy, Viewer};
use symbolon_domain::{
    kind::{FieldDef, FieldType, KindDef},
    kinds,
    record::{Record, RecordId},
};
use symbolon_store::query::{RecordQuery, Test, Value};

/// So many are shown of each; the rest is a list away.
const SHOWN: u32 = 10;

/// Records of one kind that refer to a record by one field.
pub struct Backlink {
    /// Their kind.
    pub kind: &'static KindDef,
    /// The field that refers.
    pub field: &'static FieldDef,
    /// The first of them.
    pub records: Vec<Record>,
    /// How many there are that the viewer may see.
    pub total: u64,
}

impl App {
    /// What refers to a record, of what the viewer may see, by kind in the order of the thread.
    pub fn backlinks(&self, viewer: &Viewer, kind: &str, id: RecordId) -> Result<Vec<Backlink>> {
        let mut found = vec![];
        for from in kinds::all() {
            if from.area == "administration"
                || !Policy::shipped().grants(viewer, Action::Read, from.code)
            {
                continue;
            }
            let fields = FieldView::of(Policy::shipped(), viewer, from.code);
            for field in from.fields.iter().filter(|f| fields.shows(f)) {
                if field.field_type != FieldType::Reference(kind.to_owned()) {
                    continue;
                }
                let query = RecordQuery {
                    limit: SHOWN,
                    ..RecordQuery::default()
                };
                let query = query.when(&field.name, Test::Is(Value::Text(id.to_string())));
                let records = self.store.list(viewer, from.code, &query)?;
                if records.is_empty() {
                    continue;
                }
                let total = self.store.count(viewer, from.code, &query)?;
                found.push(Backlink {
                    kind: from,
                    field,
                    records,
                    total,
                });
            }
        }
        Ok(found)
    }
}
