//! The thread of a record: what it rests on, up to the partner, and what rests on it, down to the receipt.

use crate::{App, AppError, Moment, Result};
use std::collections::BTreeSet;
use symbolon_access::Viewer;
use symbolon_domain::{
    kind::{DELETED, FieldType, KindDef},
    kinds,
    record::{Record, RecordId},
};

/// Areas whose records make a thread.
const AREAS: &[&str] = &[
    "plan",
    "authority",
    "money",
    "delivery",
    "results",
    "vetting",
    "custody",
];
/// Links are followed so far, and so many records are shown; the lists of each kind have the rest.
const DEEPEST: usize = 6;
const MOST: usize = 300;

/// A record of a thread.
#[derive(Clone, Debug)]
pub struct Knot {
    /// Its kind.
    pub kind: &'static KindDef,
    /// The record.
    pub record: Record,
    /// How many links away, 1 for the next.
    pub depth: usize,
    /// The field of the link.
    pub by: String,
}

/// A record with its thread.
#[derive(Clone, Debug)]
pub struct Thread {
    /// Its kind.
    pub kind: &'static KindDef,
    /// The record.
    pub here: Record,
    /// What it rests on, nearest first.
    pub up: Vec<Knot>,
    /// What rests on it, in the order of the links.
    pub down: Vec<Knot>,
    /// Whether there is more than is shown.
    pub cut: bool,
}

impl App {
    /// The thread of a record, of what the viewer may see.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the viewer sees no such record.
    pub fn thread(&self, viewer: &Viewer, kind: &str, id: &str) -> Result<Thread> {
        let def = kinds::by_code(kind).ok_or(AppError::NotFound("record"))?;
        let here = self.record_only(viewer, kind, id, Moment::default())?;
        let mut seen = BTreeSet::from([here.envelope.id]);
        let mut up = vec![];
        self.climb(viewer, def, &here, 1, &mut seen, &mut up)?;
        let mut down = vec![];
        let cut = self.descend(viewer, def, here.envelope.id, 1, &mut seen, &mut down)?;
        Ok(Thread {
            kind: def,
            here,
            up,
            down,
            cut,
        })
    }

    fn climb(
        &self,
        viewer: &Viewer,
        kind: &KindDef,
        record: &Record,
        depth: usize,
        seen: &mut BTreeSet<RecordId>,
        out: &mut Vec<Knot>,
    ) -> Result<()> {
        if depth > DEEPEST {
            return Ok(());
        }
        for field in &kind.fields {
            let FieldType::Reference(to) = &field.field_type else {
                continue;
            };
            let (Some(to), Some(id)) = (
                kinds::by_code(to),
                crate::gates::reference(&record.body, &field.name),
            ) else {
                continue;
            };
            let Some(found) = self.store.get(viewer, to.code, id)? else {
                continue;
            };
            if !seen.insert(id) {
                continue;
            }
            out.push(Knot {
                kind: to,
                record: found.clone(),
                depth,
                by: field.label.clone(),
            });
            self.climb(viewer, to, &found, depth + 1, seen, out)?;
        }
        Ok(())
    }

    fn descend(
        &self,
        viewer: &Viewer,
        kind: &KindDef,
        id: RecordId,
        depth: usize,
        seen: &mut BTreeSet<RecordId>,
        out: &mut Vec<Knot>,
    ) -> Result<bool> {
        let mut cut = false;
        for back in self.backlinks(viewer, kind.code, id)? {
            if !AREAS.contains(&back.kind.area) {
                continue;
            }
            cut |= back.total > back.records.len() as u64;
            for record in back.records {
                let next = record.envelope.id;
                if record.envelope.state == DELETED || !seen.insert(next) {
                    continue;
                }
                if out.len() >= MOST {
                    return Ok(true);
                }
                out.push(Knot {
                    kind: back.kind,
                    record,
                    depth,
                    by: back.field.label.clone(),
                });
                if depth < DEEPEST {
                    cut |= self.descend(viewer, back.kind, next, depth + 1, seen, out)?;
                }
            }
        }
        Ok(cut)
    }
}
