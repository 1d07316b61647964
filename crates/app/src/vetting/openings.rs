//! Vetting files open for work: a purpose is stated once, holds for the minutes that the policy gives, and stands
//! in the journal with every look. Kept in memory of one server, by session; nothing of it is in an address.

use super::{Policy, VettingFile};
use crate::{App, Result};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use symbolon_access::Viewer;
use symbolon_domain::record::RecordId;

/// Purposes and when they end (milliseconds since 1970), by session and what is open.
#[derive(Default)]
pub(crate) struct Openings(Mutex<HashMap<(String, String), (String, i64)>>);

impl Openings {
    pub(super) fn keep(&self, viewer: &Viewer, what: &str, purpose: &str, until: i64, now: i64) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, (_, until)| *until > now);
        if !viewer.session.is_empty() {
            let key = (viewer.session.clone(), what.to_owned());
            all.insert(key, (purpose.to_owned(), until));
        }
    }

    pub(super) fn purpose(&self, viewer: &Viewer, what: &str, now: i64) -> Option<String> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (viewer.session.clone(), what.to_owned());
        let (purpose, until) = all.get(&key)?;
        (*until > now).then(|| purpose.clone())
    }

    pub(super) fn forget(&self, viewer: &Viewer, what: &str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&(viewer.session.clone(), what.to_owned()));
    }
}

impl App {
    pub(super) fn open_until(&self) -> i64 {
        let minutes = Policy::shipped().open_minutes(self.today());
        self.around.now_ms().saturating_add(minutes * 60_000)
    }

    /// Opens the file of a request and keeps it open for this session.
    ///
    /// # Errors
    /// As [`App::open_vetting_file`].
    pub fn work_on_file(
        &self,
        viewer: &Viewer,
        request: RecordId,
        purpose: &str,
    ) -> Result<VettingFile> {
        let file = self.open_vetting_file(viewer, request, purpose)?;
        let now = self.around.now_ms();
        let what = request.to_string();
        self.openings
            .keep(viewer, &what, purpose.trim(), self.open_until(), now);
        Ok(file)
    }

    /// The file of a request, where this session has it open: looked at again, which the journal keeps.
    ///
    /// # Errors
    /// As [`App::open_vetting_file`]: who lost the role or the case no longer opens it.
    pub fn file_at_work(&self, viewer: &Viewer, request: RecordId) -> Result<Option<VettingFile>> {
        let now = self.around.now_ms();
        match self.openings.purpose(viewer, &request.to_string(), now) {
            Some(purpose) => self.open_vetting_file(viewer, request, &purpose).map(Some),
            None => Ok(None),
        }
    }

    /// Puts the file of a request away.
    pub fn put_file_away(&self, viewer: &Viewer, request: RecordId) {
        self.openings.forget(viewer, &request.to_string());
    }
}
