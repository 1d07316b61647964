//! `restore`: a backup into an empty place, verified, with an entry that says what is lost.

use super::backup::{stated, verified};
use crate::Outcome;
use crate::config::Global;
use crate::exit::{CONFLICT, Failure, NOT_FOUND, OK, TAMPERED, io};
use crate::instance::Place;
use crate::output::{Out, grouped};
use crate::surroundings;
use clap::Args;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use symbolon_app::{App, Manifest};
use symbolon_store::{
    Store,
    journal::{Checkpoint, SigningKey},
};

/// Restore a backup into an empty place.
#[derive(Debug, Args)]
#[command(
    before_help = "Example:\n  symbolon restore /mnt/backup/2026-01-31 --data ./new --key /mnt/usb/signing.key --witness /mnt/usb/witness",
    after_help = "The restored journal begins an epoch: its first entry names the backup and the newest checkpoint that is known\n(the one of the old instance, if --kept names it, and the notes of --witness). What lies between is lost, and said to be."
)]
pub struct Restore {
    /// The folder of the backup
    backup: PathBuf,
    /// The signing key, from its own backup; not needed where it lies in --data already
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The last checkpoint that the lost instance kept (its `keys/last-checkpoint`)
    #[arg(long, value_name = "FILE")]
    kept: Option<PathBuf>,
    /// Notes kept elsewhere
    #[arg(long, value_name = "FILE")]
    witness: Vec<PathBuf>,
}

impl Restore {
    /// Restores; the exit code is the verdict of the verification.
    pub fn run(self, global: &Global) -> Outcome {
        let place = Place::of(global);
        if place.database.is_none() && place.file().exists() {
            return Err(Failure::new(
                CONFLICT,
                format!("{}: an instance is here already", place.file().display()),
            )
            .help(
                "Restore into an empty place, verify, then put it in the place of the old one.",
            ));
        }
        let manifest = Manifest::read(&self.backup)?;
        crate::keys::make_directory(&place.data)?;
        let key = Arc::new(self.key(&place)?);
        let last_known = self.last_known(&place, &key, &manifest)?;
        let around = || {
            let mut around = surroundings::real(None, None);
            around.key = Some(Arc::clone(&key));
            around
        };
        let dir = self.backup.clone();
        place
            .store(around())?
            .fill(Box::new(|each| manifest.rows(&dir, each)))?;
        let app = App::new(Arc::new(place.store(around())?), around());
        let run = verified(&app, &manifest)?;
        if run.exit_code == TAMPERED {
            super::journal::report(Out::of(global), &run)?;
            return Ok(run.exit_code);
        }
        drop(app);
        let store = place.store(around())?;
        let epoch = store.begin_epoch(
            &App::new(Arc::new(place.store(around())?), around()).system(),
            last_known.as_ref(),
        )?;
        drop(store);
        let store = place.store(around())?;
        if let Some((_, note)) = store.checkpoint()? {
            place.keys().keep_note(&note)?;
        }
        self.say(global, &manifest, last_known.as_ref(), &epoch)?;
        Ok(OK)
    }

    fn say(
        &self,
        global: &Global,
        manifest: &Manifest,
        last_known: Option<&Checkpoint>,
        epoch: &Checkpoint,
    ) -> Outcome<()> {
        let known = last_known.map_or(0, |c| c.size);
        let lost = known.saturating_sub(manifest.entries);
        let json = serde_json::json!({
            "entries": manifest.entries, "lost": lost, "origin": epoch.origin, "last_known": known,
        });
        let lines = [
            format!(
                "Restored {} entries from {}; verified",
                grouped(manifest.entries.cast_signed()),
                self.backup.display()
            ),
            match lost {
                0 => "No signed entry is known to be lost.".to_owned(),
                n => format!(
                    "{} signed entries are lost; the first new entry says so.",
                    grouped(n.cast_signed())
                ),
            },
            format!("The log goes on as {}.", epoch.origin),
        ];
        Out::of(global).lines(&json, &lines)
    }

    fn key(&self, place: &Place) -> Outcome<SigningKey> {
        if let Some(from) = &self.key {
            place.keys().put(from)?;
        }
        place.keys().read()?.ok_or_else(|| {
            Failure::new(
                NOT_FOUND,
                "the signing key is not at hand: a backup does not hold it",
            )
            .help("Give it with --key FILE.")
        })
    }

    /// The newest checkpoint that anybody kept and the key signed.
    fn last_known(
        &self,
        place: &Place,
        key: &SigningKey,
        manifest: &Manifest,
    ) -> Outcome<Option<Checkpoint>> {
        let mut known: Vec<Checkpoint> = stated(manifest).into_iter().collect();
        let mut notes = vec![];
        notes.extend(place.keys().last_note()?);
        notes.extend(self.kept.as_deref().map(read).transpose()?);
        for path in &self.witness {
            notes.extend(super::journal::witness::notes_of(path, false)?);
        }
        for note in notes {
            let checkpoint = key.verifying().open(&note).map_err(|e| {
                Failure::new(TAMPERED, format!("a note that was kept: {e}"))
                    .help("The note or the key is another one's.")
            })?;
            if checkpoint.origin == manifest.origin {
                known.push(checkpoint);
            }
        }
        Ok(known.into_iter().max_by_key(|c| c.size))
    }
}

fn read(path: &Path) -> Outcome<String> {
    std::fs::read_to_string(path).map_err(io(path))
}
