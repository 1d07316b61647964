//! One upload: its bytes, what is known of them, where its columns go, and the job that reads it.
//!
//! The bytes lie in a file without a name, which vanishes with the program: nothing is left behind by an
//! upload that was refused, forgotten or killed.

use super::{FileFacts, Report};
use crate::load::Progress;
use std::fs::File;
use std::sync::{Mutex, MutexGuard, PoisonError};
use symbolon_domain::{kind::KindDef, record::RecordId};
use symbolon_exchange::import::records::{Beginning, Format, Mapping};

/// What became of an upload so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Phase {
    /// Its columns are not mapped yet.
    #[default]
    Mapping,
    /// It is read for its plan.
    Checking,
    /// The plan stands.
    Planned {
        /// What the file would do.
        report: Box<Report>,
        /// Whether a plan that was agreed to no longer held: this is the new one.
        moved: bool,
        /// What was missing in the consent, in words; empty for nothing.
        wrong: String,
    },
    /// It is taken in.
    Taking,
    /// It was taken in.
    Taken(Box<Report>),
    /// The file or the mapping cannot be used, in words.
    Broken(String),
}

impl Phase {
    /// Whether a job is at work.
    #[must_use]
    pub fn runs(&self) -> bool {
        matches!(self, Self::Checking | Self::Taking)
    }
}

/// What can change about an upload.
#[derive(Clone, Debug, Default)]
pub(super) struct Inside {
    pub phase: Phase,
    pub progress: Progress,
    pub beginning: Beginning,
    pub mapping: Mapping,
    /// The remembered mapping in use, with its version.
    pub saved: Option<(RecordId, i64)>,
}

/// An upload.
pub struct Upload {
    /// Random id, in its address.
    pub id: String,
    /// The kind of its rows.
    pub kind: &'static KindDef,
    /// The file.
    pub facts: FileFacts,
    /// Its form.
    pub format: Format,
    /// Sheets of a workbook.
    pub sheets: Vec<String>,
    /// Account that brought it.
    pub(super) owner: RecordId,
    /// When, milliseconds since 1970-01-01 UTC.
    pub(super) since: i64,
    pub(super) inside: Mutex<Inside>,
    /// The bytes; none once they were taken in. Whoever reads them holds the lock.
    pub(super) bytes: Mutex<Option<File>>,
    pub(super) refused: Mutex<Option<File>>,
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Upload {
    /// What became of it so far.
    #[must_use]
    pub fn phase(&self) -> Phase {
        lock(&self.inside).phase.clone()
    }

    /// Rows a running job has done.
    #[must_use]
    pub fn rows(&self) -> u64 {
        lock(&self.inside).progress.now().1
    }

    /// Names of the columns and first rows.
    #[must_use]
    pub fn beginning(&self) -> Beginning {
        lock(&self.inside).beginning.clone()
    }

    /// Where the columns go.
    #[must_use]
    pub fn mapping(&self) -> Mapping {
        lock(&self.inside).mapping.clone()
    }

    /// The remembered mapping in use, with its version.
    #[must_use]
    pub fn saved(&self) -> Option<(RecordId, i64)> {
        lock(&self.inside).saved
    }

    /// The rows that cannot be taken, as a file; none before there is a plan.
    ///
    /// # Errors
    /// What the system says.
    pub fn refused_rows(&self) -> std::io::Result<Option<Vec<u8>>> {
        use std::io::{Read, Seek};
        let mut refused = lock(&self.refused);
        let Some(file) = refused.as_mut() else {
            return Ok(None);
        };
        let mut bytes = vec![];
        file.rewind()?;
        file.read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// Begins a job where `may` says so of the phase; its progress, or none where it may not begin.
    pub(super) fn begin(&self, phase: Phase, may: impl Fn(&Phase) -> bool) -> Option<Progress> {
        let mut inside = lock(&self.inside);
        if inside.phase.runs() || !may(&inside.phase) {
            return None;
        }
        inside.phase = phase;
        inside.progress = Progress::default();
        Some(inside.progress.clone())
    }

    pub(super) fn end(&self, phase: Phase) {
        lock(&self.inside).phase = phase;
    }

    /// Forgets the bytes and stops whoever reads them.
    pub(super) fn drop_bytes(&self) {
        lock(&self.inside).progress.stop();
        // A job that holds the lock lets go of the file itself.
        if let Ok(mut bytes) = self.bytes.try_lock() {
            *bytes = None;
        }
    }
}

/// Ends a job that did not come to its end itself: nobody waits for a thread that panicked.
pub(super) struct Watch<'a>(pub &'a Upload);

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if self.0.phase().runs() {
            let words = "reading the file failed on our side; nothing was written";
            self.0.end(Phase::Broken(words.to_owned()));
        }
    }
}
