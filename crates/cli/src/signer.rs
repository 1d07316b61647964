//! Signing checkpoints: never one that contradicts the last, which is kept outside the database.

use crate::Outcome;
use crate::exit::{Failure, TAMPERED};
use crate::keys::Keys;
use symbolon_app::App;
use symbolon_store::journal::Checkpoint;

/// Signs, and keeps what it signed.
pub struct Signer {
    keys: Keys,
}

impl Signer {
    /// A signer that keeps its notes beside these keys.
    pub fn new(keys: Keys) -> Self {
        Self { keys }
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

    /// Holds the database against the kept checkpoint: its stored tree must pass through the kept
    /// root, and what it signed since must be signed by the key.
    pub fn check(&self, app: &App) -> Outcome<()> {
        let Some(kept) = self.witnessed(app)? else {
            return Ok(());
        };
        let Some((newest, note)) = app.store.checkpoint()? else {
            return Err(self.contradicts(&kept));
        };
        // Where more was signed than is kept (the program was stopped between the two, or another
        // node signed), both roots come out of one stored tree: so one is the beginning of the other.
        let sound = newest.origin == kept.origin
            && newest.size >= kept.size
            && app.store.root_at(kept.size)? == Some(kept.root)
            && app.store.root_at(newest.size)? == Some(newest.root)
            && signed(app, &note);
        if sound {
            Ok(())
        } else {
            Err(self.contradicts(&kept))
        }
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

/// Whether a note is signed by the key at hand.
fn signed(app: &App, note: &str) -> bool {
    let key = app.around.key.as_ref();
    key.is_some_and(|k| k.verifying().open(note).is_ok())
}
