//! Opening a vetting file: for who is assigned, for a stated purpose, journalled.

use crate::{App, AppError, Result};
use symbolon_access::{Action, Policy, Viewer};
use symbolon_domain::{
    kind::Fault,
    record::{Record, RecordId},
};
use symbolon_store::query::{RecordQuery, Test, Value};

/// An open vetting file: the request, and the viewer with the file open.
#[derive(Clone, Debug)]
pub struct VettingFile {
    /// The request.
    pub request: Record,
    /// Its candidates.
    pub candidates: Vec<Record>,
    /// The viewer, who now reads the parts of this file.
    pub viewer: Viewer,
}

impl App {
    /// Opens the file of a request. Who opened it, when and what for is in the journal.
    ///
    /// # Errors
    /// No purpose; a role that opens no file; a request assigned to somebody else.
    pub fn open_vetting_file(
        &self,
        viewer: &Viewer,
        request: RecordId,
        purpose: &str,
    ) -> Result<VettingFile> {
        let purpose = purpose.trim();
        if purpose.is_empty() {
            let fault = Fault::new("purpose", "missing", "Purpose: say what you read it for");
            return Err(AppError::Faults(vec![fault]));
        }
        // The compartment's role: incidents are read by those alone who vet.
        if !Policy::shipped().grants(viewer, Action::Read, "incident") {
            return Err(AppError::NotPermitted(
                "your role opens no vetting file".to_owned(),
            ));
        }
        let found = self.store.get(viewer, "vetting_request", request)?;
        let found = found.ok_or(AppError::NotFound("vetting request"))?;
        let assigned = found.body["assigned_to"].as_str();
        let mine = viewer.account().map(|id| id.to_string());
        if (assigned.is_none() || assigned != mine.as_deref()) && !super::confirms(viewer) {
            return Err(AppError::NotPermitted(
                "the request is not assigned to you".to_owned(),
            ));
        }
        let object = format!("vetting_request/{request}");
        let parts = serde_json::json!({"purpose": purpose, "parts": ["candidates", "checks", "derogatory records", "decisions"]});
        self.store
            .note(viewer, &object, "vetting_file.read", parts, purpose)?;
        let viewer = viewer.with_file(purpose);
        let query =
            RecordQuery::default().when("request", Test::Is(Value::Text(request.to_string())));
        Ok(VettingFile {
            candidates: self.store.list(&viewer, "vetting_candidate", &query)?,
            request: found,
            viewer,
        })
    }

    /// Records of a kind of the file about one candidate.
    pub fn in_vetting_file(
        &self,
        file: &VettingFile,
        kind: &str,
        candidate: RecordId,
    ) -> Result<Vec<Record>> {
        if file.candidates.iter().all(|c| c.envelope.id != candidate) {
            return Err(AppError::NotFound("vetting candidate"));
        }
        let query =
            RecordQuery::default().when("candidate", Test::Is(Value::Text(candidate.to_string())));
        Ok(self.store.list(&file.viewer, kind, &query)?)
    }
}
