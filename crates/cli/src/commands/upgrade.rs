//! `upgrade`: a database of an older program brought up to this one, after a backup.

use crate::Outcome;
use crate::config::Global;
use crate::exit::{CONFLICT, Failure, NOT_FOUND, OK};
use crate::instance::Place;
use crate::output::{Out, grouped};
use crate::surroundings;
use clap::Args;
use std::path::{Path, PathBuf};
use symbolon_access::Viewer;
use symbolon_app::Manifest;
use symbolon_store_sql::Needs;

/// Bring a database of an older program up to this one.
#[derive(Debug, Args)]
#[command(
    before_help = "Examples:\n  symbolon upgrade --data ./d --check                      what it would do; changes nothing\n  symbolon upgrade --data ./d --to /mnt/backup/before      a backup first, then the upgrade",
    after_help = "Everything is added in one transaction: a program that is stopped in the middle leaves the old database. \
                  An older program refuses the new one. Stop other programs on the database first; --check may run beside them. \
                  Exit codes: 0 done, or nothing to do; 5 it cannot be upgraded."
)]
pub struct Upgrade {
    /// Only say what would be done
    #[arg(long)]
    check: bool,
    /// New folder for the backup that is written first
    #[arg(
        long,
        value_name = "DIR",
        conflicts_with = "check",
        required_unless_present = "check"
    )]
    to: Option<PathBuf>,
}

impl Upgrade {
    /// Runs it.
    pub fn run(self, global: &Global) -> Outcome {
        let place = Place::of(global);
        if !place.exists() {
            return Err(place.none_here());
        }
        place.refuse_empty_file()?;
        let key = place.keys().read()?;
        if !self.check && key.is_none() {
            let path = place.keys().key_file();
            return Err(Failure::new(NOT_FOUND, format!("{}: the signing key is missing", path.display()))
                .help("Put it back from its own backup: an upgrade is an entry in the journal, and is sealed."));
        }
        let older = place.older(surroundings::real(key, None))?;
        let needs = older.needs()?;
        if !needs.hindered.is_empty() {
            return Err(refused(&needs));
        }
        let Some(to) = self.to.filter(|_| !needs.added.is_empty()) else {
            return say(global, &needs, None);
        };
        let around = surroundings::real(None, None);
        let manifest = Manifest::write(&to, around.now_ms(), |each| older.dump(each))?;
        let today = (around.now)().to_zoned(jiff::tz::TimeZone::UTC).date();
        let added = older.upgrade(&Viewer::system(today))?;
        drop(older);
        // Opened as always: it holds what was last signed, and a checkpoint covers the upgrade.
        let instance = place.open_writer()?;
        instance.signer.sign(&instance.app)?;
        let needs = Needs {
            added,
            hindered: vec![],
        };
        say(global, &needs, Some((&to, &manifest)))
    }
}

fn refused(needs: &Needs) -> Failure {
    let reasons: Vec<String> = needs.hindered.iter().map(|h| format!("  {h}")).collect();
    Failure::new(
        CONFLICT,
        format!("this database cannot be upgraded:\n{}", reasons.join("\n")),
    )
    .help(
        "A newer program made it, or it was changed by hand: use the program that made it, and compare \
         with a backup (`symbolon backup --check DIR`).",
    )
}

fn say(global: &Global, needs: &Needs, done: Option<(&Path, &Manifest)>) -> Outcome {
    let mut lines = vec![];
    if let Some((to, manifest)) = done {
        let entries = grouped(manifest.entries.cast_signed());
        lines.push(format!(
            "Wrote a backup of {entries} entries to {}",
            to.display()
        ));
    }
    lines.push(match (needs.added.len(), done) {
        (0, _) => "Nothing to do: the database is of this program.".to_owned(),
        (n, None) => format!("{n} would be added; nothing was changed:"),
        (n, Some(_)) => format!("Added {n}:"),
    });
    lines.extend(needs.added.iter().map(|a| format!("  {a}")));
    let json = serde_json::json!({
        "added": needs.added, "changed": done.is_some(), "backup": done.map(|(to, _)| to),
    });
    Out::of(global).lines(&json, &lines)?;
    Ok(OK)
}
