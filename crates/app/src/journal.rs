//! The journal for readers: entries, checkpoint, verification.

use crate::identity::events::{self, Event};
use crate::{App, AppError, Result};
use base64ct::{Base64, Encoding};
use schemars::JsonSchema;
use serde::Serialize;
use symbolon_access::Viewer;
use symbolon_domain::canonical::Hash;
use symbolon_store::journal::{Audit, Checkpoint, EntryView, JournalFilter, Verification};

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
        self.audit(&Audit {
            kept: witnessed.cloned(),
            ..Audit::default()
        })
    }

    /// The same with all that can be asked: notes of witnesses, or the log alone.
    pub fn audit(&self, audit: &Audit) -> Result<VerifyRun> {
        let begun = std::time::Instant::now();
        let mut verification = self.store.audit(audit)?;
        verification.milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let exit_code = verification.exit_code();
        if exit_code == 7 {
            events::send(Event::VerifyFailed, &self.system(), "journal");
        }
        Ok(VerifyRun {
            exit_code,
            verification,
        })
    }

    /// The proof of an entry as a C2SP `tlog-proof` file. Its extra data is the entry itself, whose
    /// leaf hash is to be proved, so that the file needs nothing beside it but the public key.
    pub fn proof_file(&self, viewer: &Viewer, seq: i64) -> Result<String> {
        let view = self.journal_entry(viewer, seq)?;
        let Some((_, path)) = self.store.proof(seq)? else {
            return Err(AppError::NotFound(
                "proof: no checkpoint covers the entry yet",
            ));
        };
        let note = self.store.checkpoint()?.map(|(_, n)| n).unwrap_or_default();
        let leaf = view
            .entry
            .leaf()
            .map_err(|e| AppError::Internal(e.to_string()))?;
        Ok(tlog_proof(&leaf, seq, &path, &note))
    }

    /// Proof that the journal of `new` entries begins with the one of `old`; `new` is the size of the
    /// newest checkpoint if absent.
    pub fn consistency(&self, old: u64, new: Option<u64>) -> Result<Consistency> {
        let (checkpoint, note) = self
            .store
            .checkpoint()?
            .ok_or(AppError::NotFound("checkpoint"))?;
        let new = new.unwrap_or(checkpoint.size);
        if new > checkpoint.size {
            // What no checkpoint covers is not said: its size would show activity.
            return Err(AppError::Invalid(format!(
                "the newest checkpoint covers {} entries",
                checkpoint.size
            )));
        }
        let path = self.store.consistency(old, new)?.ok_or_else(|| {
            AppError::Invalid("`old` must be 1 or more, and no more than `new`".to_owned())
        })?;
        Ok(Consistency {
            old,
            new,
            path: path.iter().map(hex::encode).collect(),
            checkpoint: note,
        })
    }
}

/// Proof that a log only grew.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Consistency {
    /// Entries of the older tree.
    pub old: u64,
    /// Entries of the newer tree.
    pub new: u64,
    /// Hashes from the older root to the newer (RFC 6962 section 2.1.2), hexadecimal.
    pub path: Vec<String>,
    /// The newest signed checkpoint.
    pub checkpoint: String,
}

impl Consistency {
    /// As text: `old N`, `new N`, the hashes in base64, and after a blank line the checkpoint.
    #[must_use]
    pub fn lines(&self) -> String {
        let hash = |h: &String| Base64::encode_string(&hex::decode(h).unwrap_or_default()) + "\n";
        let path: String = self.path.iter().map(hash).collect();
        format!(
            "old {}\nnew {}\n{path}\n{}",
            self.old, self.new, self.checkpoint
        )
    }
}

fn tlog_proof(extra: &[u8], index: i64, path: &[Hash], note: &str) -> String {
    let lines: String = path
        .iter()
        .map(|h| Base64::encode_string(h) + "\n")
        .collect();
    let extra = Base64::encode_string(extra);
    format!("c2sp.org/tlog-proof@v1\nextra {extra}\nindex {index}\n{lines}\n{note}")
}
