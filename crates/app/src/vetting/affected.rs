//! What stood on a decision: the deliveries, students and travel orders that a re-opening affects.

use crate::{App, Result};
use std::collections::BTreeMap;
use symbolon_access::{Action, Policy, Viewer};
use symbolon_domain::{
    kind::{FieldType, KindDef},
    kinds,
    record::{Record, RecordId},
};
use symbolon_store::query::{RecordQuery, Test, Value};

/// Records of one kind that stand on a candidate, its unit or its person.
pub struct Affected {
    /// The kind.
    pub kind: &'static KindDef,
    /// The records, those the viewer may see.
    pub records: Vec<Record>,
}

impl App {
    /// What of the area *delivery* refers to a candidate, its unit or its person. Kinds are found by what
    /// they refer to, so a new kind is affected without a line here.
    pub fn affected_by(&self, viewer: &Viewer, candidate: RecordId) -> Result<Vec<Affected>> {
        let found = self.store.get(viewer, "vetting_candidate", candidate)?;
        let found = found.ok_or(crate::AppError::NotFound("vetting candidate"))?;
        let own = candidate.to_string();
        let mut targets = vec![("vetting_candidate", own.as_str())];
        if let Some(id) = found.body["person"].as_str() {
            targets.push(("person", id));
        }
        let units = match found.body["unit"].as_str() {
            Some(id) => self.same_units(viewer)?.all(id),
            None => Default::default(),
        };
        targets.extend(units.iter().map(|id| ("unit", id.as_str())));
        self.referring(viewer, &targets)
    }

    /// What of the area *delivery* refers to any of these records, given by kind and id.
    pub(super) fn referring(
        &self,
        viewer: &Viewer,
        targets: &[(&str, &str)],
    ) -> Result<Vec<Affected>> {
        let mut affected = vec![];
        for kind in kinds::all().iter().filter(|k| k.area == "delivery") {
            if !Policy::shipped().grants(viewer, Action::Read, kind.code) {
                continue;
            }
            let mut records: BTreeMap<RecordId, Record> = BTreeMap::new();
            for field in &kind.fields {
                let FieldType::Reference(to) = &field.field_type else {
                    continue;
                };
                for (_, id) in targets.iter().filter(|(kind, _)| kind == to) {
                    let query = RecordQuery::default()
                        .when(&field.name, Test::Is(Value::Text((*id).to_owned())));
                    let of = self.store.list(viewer, kind.code, &query)?;
                    records.extend(of.into_iter().map(|r| (r.envelope.id, r)));
                }
            }
            if !records.is_empty() {
                let records = records.into_values().collect();
                affected.push(Affected { kind, records });
            }
        }
        Ok(affected)
    }
}
