//! `rebuild`: the journal replayed into an empty database, and both compared.

use crate::Outcome;
use crate::config::Global;
use crate::exit::{CONFLICT, Failure, OK, TAMPERED};
use crate::instance::Place;
use crate::output::{Out, grouped};
use crate::surroundings;
use clap::Args;
use std::path::PathBuf;

/// Replay the journal into an empty database.
#[derive(Debug, Args)]
#[command(
    before_help = "Examples:\n  symbolon rebuild --data ./d --into ./again\n  symbolon rebuild --data ./d --into ./again --into-database postgres://...   moves from SQLite to PostgreSQL",
    after_help = "Exit code 0: every table is the same as before; 7: it is not, so something stands in a table that the journal did not record."
)]
pub struct Rebuild {
    /// Directory of the new instance
    #[arg(long, value_name = "DIR")]
    into: PathBuf,
    /// PostgreSQL for the new instance
    #[arg(long, value_name = "URL")]
    into_database: Option<String>,
}

impl Rebuild {
    /// Runs it.
    pub fn run(self, global: &Global) -> Outcome {
        let from = Place::of(global);
        let into = Place {
            data: self.into,
            database: self.into_database,
        };
        if into.database.is_none() && into.file().exists() {
            return Err(Failure::new(
                CONFLICT,
                format!("{}: an instance is here already", into.file().display()),
            ));
        }
        from.open_reader()?;
        crate::keys::make_directory(&into.data)?;
        let (old, new) = (
            from.store(surroundings::real(from.keys().read()?, None))?,
            into.store(surroundings::real(None, None))?,
        );
        new.rebuild_from(&old)?;
        let (before, after) = (old.digests()?, new.digests()?);
        let differ: Vec<&String> = before
            .iter()
            .filter(|(table, content)| after.get(*table) != Some(*content))
            .map(|(table, _)| table)
            .collect();
        let rows: u64 = after.values().map(|(rows, _)| rows).sum();
        let json = serde_json::json!({"tables": after.len(), "rows": rows, "differ": differ});
        let mut lines = vec![format!(
            "Rebuilt {} rows in {} tables",
            grouped(rows.cast_signed()),
            after.len()
        )];
        lines.extend(
            differ
                .iter()
                .map(|t| format!("fault: table {t} is not what the journal recorded")),
        );
        if differ.is_empty() {
            lines.push(
                "Every table is the same. Copy the folder `keys` before it is used.".to_owned(),
            );
        }
        Out::of(global).lines(&json, &lines)?;
        Ok(if differ.is_empty() { OK } else { TAMPERED })
    }
}
