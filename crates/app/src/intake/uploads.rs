//! Uploads that wait to be decided, and the jobs that read them.
//!
//! The bytes lie in files without a name, which vanish with the program: nothing is left behind by an
//! upload that was refused, forgotten or killed. A job goes on when its reader leaves the page.

use super::{Report, saved::SavedMapping};
use crate::load::Progress;
use std::collections::HashMap;
use std::fs::File;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use symbolon_domain::kind::KindDef;
use symbolon_exchange::{
    guard::Refusal,
    import::records::{Beginning, Format, Mapping},
    limits::Limits,
};

/// What a job is doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Phase {
    /// Nothing yet.
    #[default]
    Waiting,
    /// Reading the file for its plan.
    Checking,
    /// The plan stands.
    Planned(Box<Report>),
    /// Writing.
    Taking,
    /// Done.
    Taken(Box<Report>),
    /// The records moved since the plan was shown; this is the plan now.
    Moved(Box<Report>),
    /// The file as a whole cannot be read.
    Broken(Box<Refusal>),
    /// It went wrong, in words.
    Failed(String),
}

/// A job over an upload, while it runs and after.
#[derive(Clone, Debug, Default)]
pub struct Job {
    /// What it is doing.
    pub phase: Phase,
    /// How far it is.
    pub progress: Progress,
    /// When the phase began.
    pub since: Option<Instant>,
}

/// An upload.
pub struct Upload {
    /// Random id, in its address.
    pub id: String,
    /// Who brought it: the account's id.
    pub owner: String,
    /// The kind of its rows.
    pub kind: &'static KindDef,
    /// The file.
    pub facts: super::FileFacts,
    /// Its form.
    pub format: Format,
    /// Columns and first rows.
    pub beginning: Beginning,
    /// Where its columns go.
    pub mapping: Mutex<(Mapping, Option<SavedMapping>)>,
    /// The job.
    pub job: Mutex<Job>,
    bytes: File,
    refused: Mutex<Option<File>>,
    since: Instant,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Upload {
    /// An upload whose bytes stand in a file.
    #[must_use]
    pub fn new(
        (id, owner): (String, String),
        kind: &'static KindDef,
        bytes: File,
        (facts, format): (super::FileFacts, Format),
        beginning: Beginning,
    ) -> Self {
        let mapping = Mapping::guess(kind, &beginning.heads);
        Self {
            id,
            owner,
            kind,
            facts,
            format,
            beginning,
            mapping: Mutex::new((mapping, None)),
            job: Mutex::default(),
            bytes,
            refused: Mutex::default(),
            since: Instant::now(),
        }
    }

    /// A reader of the bytes. There is one place in the file: one job at a time reads it.
    ///
    /// # Errors
    /// What the system says.
    pub fn reader(&self) -> std::io::Result<File> {
        self.bytes.try_clone()
    }

    /// The job as it is.
    #[must_use]
    pub fn job(&self) -> Job {
        lock(&self.job).clone()
    }

    /// Begins a phase, unless one is running; whether it was begun.
    pub fn begin(&self, phase: Phase) -> bool {
        let mut job = lock(&self.job);
        if matches!(job.phase, Phase::Checking | Phase::Taking) {
            return false;
        }
        *job = Job {
            phase,
            progress: Progress::default(),
            since: Some(Instant::now()),
        };
        true
    }

    /// Ends the running phase.
    pub fn end(&self, phase: Phase) {
        lock(&self.job).phase = phase;
    }

    /// The mapping and the saved one it came from.
    #[must_use]
    pub fn mapping(&self) -> (Mapping, Option<SavedMapping>) {
        lock(&self.mapping).clone()
    }

    /// Sets the mapping.
    pub fn map(&self, mapping: Mapping, saved: Option<SavedMapping>) {
        *lock(&self.mapping) = (mapping, saved);
    }

    /// Keeps the file of refused rows.
    pub fn keep_refused(&self, file: File) {
        *lock(&self.refused) = Some(file);
    }

    /// The file of refused rows, if a plan was made.
    #[must_use]
    pub fn refused(&self) -> Option<File> {
        lock(&self.refused)
            .as_ref()
            .and_then(|f| f.try_clone().ok())
    }
}

/// Uploads of everybody, in this program.
#[derive(Default)]
pub struct Uploads {
    all: Mutex<HashMap<String, Arc<Upload>>>,
}

impl Uploads {
    /// Keeps an upload; the oldest of the same owner makes room, and those that waited too long go.
    pub fn keep(&self, upload: Upload, limits: &Limits) -> Arc<Upload> {
        let upload = Arc::new(upload);
        let mut all = lock(&self.all);
        let most = Duration::from_secs(60 * limits.upload_minutes);
        all.retain(|_, u| u.since.elapsed() < most);
        loop {
            let mine = all.values().filter(|u| u.owner == upload.owner);
            let mut mine: Vec<_> = mine.map(|u| (u.since, u.id.clone())).collect();
            if (mine.len() as u64) < limits.uploads_kept {
                break;
            }
            mine.sort();
            all.remove(&mine.swap_remove(0).1);
        }
        all.insert(upload.id.clone(), Arc::clone(&upload));
        upload
    }

    /// An upload of this owner; nobody else's is told from one that is not there.
    #[must_use]
    pub fn get(&self, id: &str, owner: &str) -> Option<Arc<Upload>> {
        lock(&self.all)
            .get(id)
            .filter(|u| u.owner == owner)
            .cloned()
    }

    /// Uploads of an owner, newest first.
    #[must_use]
    pub fn of(&self, owner: &str) -> Vec<Arc<Upload>> {
        let all = lock(&self.all);
        let mut mine: Vec<_> = all.values().filter(|u| u.owner == owner).cloned().collect();
        mine.sort_by_key(|u| std::cmp::Reverse(u.since));
        mine
    }

    /// Forgets an upload.
    pub fn forget(&self, id: &str, owner: &str) {
        let mut all = lock(&self.all);
        if all.get(id).is_some_and(|u| u.owner == owner) {
            if let Some(upload) = all.remove(id) {
                upload.job().progress.stop();
            }
        }
    }
}
