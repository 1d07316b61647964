//! Signing checkpoints: never one that contradicts the last, which is kept outside the database.

use crate::Outcome;
use crate::exit::{Failure, TAMPERED};
use crate::keys::Keys;
use std::sync::atomic::{AtomicBool, Ordering};
use symbolon_app::App;
use symbolon_store::journal::{Checkpoint, root_of_proof};

/// Signs, and keeps what it signed.
pub struct Signer {
    keys: Keys,
    /// The tree was held against the kept checkpoint since this program began.
    checked: AtomicBool,
}

impl Signer {
    /// A signer that keeps its notes beside these keys.
    pub fn new(keys: Keys) -> Self {
        Self {
            keys,
            checked: AtomicBool::new(false),
        }
    }

    /// The checkpoint kept outside the database. One that cannot be read, or that another key
    /// signed, is a fault.
    pub fn witnessed(&self, app: &App) -> Outcome<Option<Checkpoint>> {
        let (Some(note), Some(key)) = (self.keys.last_note()?, &app.around.key) else {
            return Ok(None);
        };
        match key.verifying().open(&note) {
            Ok(checkpoint) => Ok(Some(checkpoint)),
            Err(e) => Err(Failure::new(
                TAMPERED,
                format!("{}: {e}", self.keys.note_file().display()),
            )
            .help("The key or the note was exchanged. Put back both from one backup.")),
        }
    }

    /// Holds the database against the kept checkpoint.
    pub fn check(&self, app: &App) -> Outcome<()> {
        let Some(kept) = self.witnessed(app)? else {
            return Ok(());
        };
        let there = app.store.checkpoint()?.map(|(c, _)| c);
        let sound = match there {
            Some(c) if c.origin != kept.origin || c.size < kept.size => false,
            None => false,
            Some(c) if c.size == kept.size => c.root == kept.root && self.leads_to(app, &kept)?,
            // Signed and not kept: the program was stopped between the two, or another node signed.
            Some(_) if self.checked.load(Ordering::Relaxed) => self.newest_is_signed(app)?,
            Some(_) => app.verify(Some(&kept))?.verification.faults.is_empty(),
        };
        if !sound {
            return Err(self.contradicts(&kept));
        }
        self.checked.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn contradicts(&self, kept: &Checkpoint) -> Failure {
        Failure::new(
            TAMPERED,
            format!(
                "the database does not hold what was signed before: {} entries with root {}",
                kept.size,
                hex::encode(kept.root)
            ),
        )
        .help(format!(
            "Nothing is written or signed. `symbolon journal verify` names the faults.\n\
             Where an older backup was put back on purpose, move {} away: outside witnesses will still see the gap.",
            self.keys.note_file().display()
        ))
    }

    /// Whether the leaves that are there lead to the kept root; once a run, since it walks them all.
    fn leads_to(&self, app: &App, kept: &Checkpoint) -> Outcome<bool> {
        if kept.size == 0 || self.checked.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let last = kept.size - 1;
        let Some(entry) = app.store.entry(&app.system(), last.cast_signed())? else {
            return Ok(false);
        };
        let leaf = hex::decode(&entry.leaf)
            .ok()
            .and_then(|l| l.try_into().ok());
        let path = app.store.proof(last.cast_signed())?;
        Ok(match (leaf, path) {
            (Some(leaf), Some((c, path))) if c.size == kept.size => {
                root_of_proof(last, kept.size, leaf, &path) == Some(kept.root)
            }
            // Another node signed in between; its note is signed by the same key.
            (Some(_), Some(_)) => self.newest_is_signed(app)?,
            _ => false,
        })
    }

    fn newest_is_signed(&self, app: &App) -> Outcome<bool> {
        let (Some((_, note)), Some(key)) = (app.store.checkpoint()?, &app.around.key) else {
            return Ok(false);
        };
        Ok(key.verifying().open(&note).is_ok())
    }

    /// Signs where there is news, and keeps the note.
    pub fn sign(&self, app: &App) -> Outcome<Option<Checkpoint>> {
        self.check(app)?;
        let signed = app.store.sign()?;
        if let Some((_, note)) = app.store.checkpoint()?
            && self.keys.last_note()?.as_deref() != Some(note.as_str())
        {
            self.keys.keep_note(&note)?;
        }
        Ok(signed)
    }
}
