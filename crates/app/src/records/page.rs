//! What the page of one record and the list of a kind show.

use super::Moment;
use crate::{App, AppError, Result, Visible};
use symbolon_access::{Action, Policy, Viewer};
use symbolon_domain::{
    kind::KindDef,
    kinds,
    record::{Record, RecordId},
};
use symbolon_store::{journal::EntryView, query::RecordQuery};

/// A record with what stands around it.
pub struct RecordPage {
    /// Its kind.
    pub kind: &'static KindDef,
    /// The record.
    pub record: Record,
    /// The entry of its last change.
    pub entry: Option<EntryView>,
    /// Who can see it.
    pub visible: Visible,
}

impl App {
    /// One record with its last entry and who can see it.
    pub fn record(&self, viewer: &Viewer, kind: &str, id: &str, at: Moment) -> Result<RecordPage> {
        let record = self.record_only(viewer, kind, id, at)?;
        let kind = kinds::by_code(kind).ok_or(AppError::NotFound("record"))?;
        let id = record.envelope.id;
        let entry = self
            .store
            .last_change(viewer, &format!("{}/{id}", kind.code))?;
        Ok(RecordPage {
            visible: self.visible(viewer, &record.envelope)?,
            kind,
            record,
            entry,
        })
    }

    /// One record at a moment, and nothing around it.
    pub fn record_only(&self, viewer: &Viewer, kind: &str, id: &str, at: Moment) -> Result<Record> {
        let kind = kinds::by_code(kind).ok_or(AppError::NotFound("record"))?;
        let id: RecordId = id.parse().map_err(|_| AppError::NotFound("record"))?;
        self.record_at(viewer, kind, id, at)
    }

    /// Records of a kind, one page, and how many there are.
    pub fn records(
        &self,
        viewer: &Viewer,
        kind: &str,
        query: &RecordQuery,
    ) -> Result<(Vec<Record>, u64)> {
        let kind = kinds::by_code(kind).ok_or(AppError::NotFound("kind of record"))?;
        if !Policy::shipped().grants(viewer, Action::Read, kind.code) {
            return Err(AppError::NotFound("kind of record"));
        }
        Ok((
            self.store.list(viewer, kind.code, query)?,
            self.store.count(viewer, kind.code, query)?,
        ))
    }
}
