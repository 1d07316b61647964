//! The journal for readers: entries, checkpoint, verification.

use crate::{App, AppError, Result};
use serde::Serialize;
use symbolon_access::Viewer;
use symbolon_store::journal::{Checkpoint, EntryView, JournalFilter, Verification};

/// The newest checkpoint.
#[derive(Clone, Debug, Serialize)]
pub struct JournalHead {
    /// Entries it covers.
    pub size: u64,
    /// Root, hexadecimal.
    pub root: String,
    /// The signed note.
    pub note: String,
    /// The public key as one line; empty without a key.
    pub key: String,
}

/// A verification and what it means.
#[derive(Clone, Debug, Serialize)]
pub struct VerifyRun {
    /// What was found.
    #[serde(flatten)]
    pub verification: Verification,
    /// 0 sound, 7 tampering found, 8 cannot tell.
    pub exit_code: u8,
}

impl App {
    /// The newest checkpoint, signed now if there is news.
    pub fn journal_head(&self) -> Result<Option<JournalHead>> {
        let key = self.around.key.as_ref().map(|k| k.verifying());
        Ok(self
            .store
            .checkpoint()?
            .map(|(checkpoint, note)| JournalHead {
                size: checkpoint.size,
                root: hex::encode(checkpoint.root),
                note,
                key: key.map(|k| k.line(&checkpoint.origin)).unwrap_or_default(),
            }))
    }

    /// Entries that match, newest first; only for those who read the journal.
    pub fn journal_entries(
        &self,
        viewer: &Viewer,
        filter: &JournalFilter,
    ) -> Result<Vec<EntryView>> {
        let filter = JournalFilter {
            limit: filter.limit.clamp(1, 200),
            ..filter.clone()
        };
        Ok(self.store.entries(viewer, &filter)?)
    }

    /// How many entries match.
    pub fn journal_count(&self, viewer: &Viewer, filter: &JournalFilter) -> Result<u64> {
        Ok(self.store.count_entries(viewer, filter)?)
    }

    /// One entry, for those who read the journal or may see what it is about.
    pub fn journal_entry(&self, viewer: &Viewer, seq: i64) -> Result<EntryView> {
        self.store
            .entry(viewer, seq)?
            .ok_or(AppError::NotFound("journal entry"))
    }

    /// Checks the whole journal and every row.
    pub fn verify(&self, witnessed: Option<&Checkpoint>) -> Result<VerifyRun> {
        let begun = std::time::Instant::now();
        let mut verification = self.store.verify(None, witnessed)?;
        verification.milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        Ok(VerifyRun {
            exit_code: verification.exit_code(),
            verification,
        })
    }
}
