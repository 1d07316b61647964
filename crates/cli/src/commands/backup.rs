//! `backup`: everything but the keys, of one moment, while others go on writing.

use crate::Outcome;
use crate::config::Global;
use crate::exit::{CANNOT_VERIFY, Failure, OK, USAGE};
use crate::instance::Place;
use crate::output::{Out, grouped};
use crate::surroundings;
use clap::Args;
use std::path::{Path, PathBuf};
use symbolon_app::{App, Manifest, VerifyRun};
use symbolon_store::journal::{Audit, Checkpoint};
use symbolon_store_sql::SqlStore;

/// Write a backup, or check one.
#[derive(Debug, Args)]
#[command(
    before_help = "Examples:\n  symbolon backup --data ./d --to /mnt/backup/2026-01-31\n  symbolon backup --data ./d --check /mnt/backup/2026-01-31      restores it aside and verifies",
    after_help = "The signing key is not in a backup: keep it elsewhere. Exit codes of --check: 0 sound, 7 tampering found, 8 cannot tell."
)]
pub struct Backup {
    /// New folder for the backup
    #[arg(
        long,
        value_name = "DIR",
        conflicts_with = "check",
        required_unless_present = "check"
    )]
    to: Option<PathBuf>,
    /// Restore this backup aside, verify it, and remove what was restored
    #[arg(long, value_name = "DIR")]
    check: Option<PathBuf>,
}

impl Backup {
    /// Runs it.
    pub fn run(self, global: &Global) -> Outcome {
        match (self.to, self.check) {
            (Some(to), _) => write(global, &to).map(|()| OK),
            (_, Some(dir)) => check(global, &dir),
            _ => Err(Failure::new(USAGE, "give --to DIR or --check DIR")),
        }
    }
}

fn write(global: &Global, to: &Path) -> Outcome<()> {
    let instance = Place::of(global).open_writer()?;
    // So that a checkpoint covers what the backup holds.
    instance.signer.sign(&instance.app)?;
    let manifest = instance.app.backup(to)?;
    let rows: u64 = manifest.tables.iter().map(|t| t.rows).sum();
    let line = format!(
        "Wrote {} entries, {} rows in {} tables to {}",
        grouped(manifest.entries.cast_signed()),
        grouped(rows.cast_signed()),
        manifest.tables.len(),
        to.display()
    );
    Out::of(global).lines(&manifest, &[line])
}

/// The checkpoint that a backup says it holds.
pub fn stated(manifest: &Manifest) -> Option<Checkpoint> {
    Checkpoint::unverified(&manifest.checkpoint).ok()
}

/// Verifies what was restored: it must hold the checkpoint that the backup names.
pub fn verified(app: &App, manifest: &Manifest) -> Outcome<VerifyRun> {
    let audit = Audit {
        kept: stated(manifest),
        ..Audit::default()
    };
    let mut run = app.audit(&audit)?;
    let entries = app.store.revision()?.saturating_add(1).cast_unsigned();
    if entries != manifest.entries {
        let fault = format!(
            "the manifest names {} entries, {entries} are there",
            manifest.entries
        );
        run.verification.faults.push(fault);
    }
    run.exit_code = run.verification.exit_code();
    Ok(run)
}

fn check(global: &Global, dir: &Path) -> Outcome {
    let place = Place::of(global);
    let manifest = Manifest::read(dir)?;
    let mut suffix = [0; 8];
    surroundings::random(&mut suffix);
    let aside = std::env::temp_dir().join(format!("symbolon-check-{}", hex::encode(suffix)));
    crate::keys::make_directory(&aside)?;
    let run = restored_aside(&place, dir, &manifest, &aside);
    let _ = std::fs::remove_dir_all(&aside);
    let run = match run {
        Err(e) if e.code == crate::exit::TAMPERED => return Err(e),
        other => other?,
    };
    super::journal::report(Out::of(global), &run)?;
    if run.exit_code == CANNOT_VERIFY {
        eprintln!("note: give --data of the instance, so that its key is at hand.");
    }
    Ok(run.exit_code)
}

fn restored_aside(
    place: &Place,
    dir: &Path,
    manifest: &Manifest,
    aside: &Path,
) -> Outcome<VerifyRun> {
    let around = surroundings::real(place.keys().read()?, None);
    let file = aside.join("check.sqlite");
    let store = SqlStore::sqlite(&file, around.clone())?;
    store.fill(Box::new(|each| manifest.rows(dir, each)))?;
    drop(store);
    let store = SqlStore::sqlite(&file, around.clone())?;
    verified(&App::new(std::sync::Arc::new(store), around), manifest)
}
