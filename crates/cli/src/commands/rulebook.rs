//! `--law DIR`: a rulebook in a folder, taken up again whenever somebody edits it, without a restart. An
//! edit that breaks it is said in the log with file, line and column; the law before it stays.

use crate::Outcome;
use crate::exit::{FAILED, Failure, NOT_FOUND};
use clap::Args;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime};
use symbolon_app::App;
use symbolon_law::{LawError, Source};

/// How long an edit may go unseen.
const LOOK: Duration = Duration::from_secs(1);

/// The rulebook an instance is served with.
#[derive(Clone, Debug, Default, Args)]
pub struct Rulebook {
    /// A rulebook in a folder instead of the one the program carries; edits are taken up while it runs
    #[arg(long, value_name = "DIR")]
    law: Option<PathBuf>,
}

/// What shows that a folder was edited: each file's name, size and time.
type Look = Vec<(PathBuf, u64, Option<SystemTime>)>;

fn told(faults: &[LawError]) -> String {
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

impl Rulebook {
    /// Takes the rulebook into use and goes on watching it for as long as the application lives.
    pub fn put(&self, app: &Arc<App>) -> Outcome<()> {
        let Some(folder) = self.law.clone() else {
            return Ok(());
        };
        let seen = look(&folder);
        let source = Source::folder(&folder).map_err(|e| Failure::new(NOT_FOUND, e.to_string()))?;
        let put = app.law.put(source);
        put.map_err(|f| Failure::new(FAILED, told(&f)).help("The rulebook was not loaded."))?;
        let app = Arc::downgrade(app);
        std::thread::spawn(move || watch(&folder, seen, &app));
        Ok(())
    }
}

fn watch(folder: &Path, mut seen: Look, app: &Weak<App>) {
    loop {
        std::thread::sleep(LOOK);
        let Some(app) = app.upgrade() else { return };
        let now = look(folder);
        if now != seen {
            seen = now;
            take_up(folder, &app);
        }
    }
}

/// Reads the folder again; what is wrong with it is logged.
fn take_up(folder: &Path, app: &App) {
    let put = Source::folder(folder)
        .map_err(|e| vec![e])
        .and_then(|s| app.law.put(s));
    match put {
        Ok(true) => tracing::info!("the rulebook was edited: the new one is in use"),
        Ok(false) => {}
        Err(faults) => {
            for fault in faults {
                tracing::error!(%fault, "the rulebook was edited and cannot be read; the old one stays in use");
            }
        }
    }
}

fn look(folder: &Path) -> Look {
    let mut all = vec![];
    walk(folder, &mut all);
    all.sort();
    all
}

fn walk(folder: &Path, all: &mut Look) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(meta) = entry.metadata() else { continue };
        if meta.is_dir() {
            walk(&entry.path(), all);
        } else {
            all.push((entry.path(), meta.len(), meta.modified().ok()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(source: &Source, to: &Path) {
        for (name, text) in source.files() {
            let path = to.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }

    #[test]
    fn an_edit_in_the_folder_is_taken_up_and_a_broken_one_is_not() {
        let folder = symbolon_testkit::directory();
        let (around, _) = symbolon_testkit::clocked(1);
        let file = folder.path().join("s.sqlite");
        let store = symbolon_store_sql::SqlStore::sqlite(&file, around.clone()).unwrap();
        let app = Arc::new(App::new(Arc::new(store), around));
        let law = folder.path().join("law");
        copy(&Source::embedded(), &law);
        let rulebook = Rulebook {
            law: Some(law.clone()),
        };
        rulebook.put(&app).unwrap();
        let before = app.law.current().unwrap().book.hash.clone();
        let values = law.join("us/arms-export-control/certify-offer/text.md");
        let text = std::fs::read_to_string(&values).unwrap();
        let seen = look(&law);
        std::fs::write(&values, format!("{text}\nOne more sentence.\n")).unwrap();
        assert_ne!(look(&law), seen);
        take_up(&law, &app);
        let edited = app.law.current().unwrap().book.hash.clone();
        assert_ne!(edited, before);
        std::fs::write(law.join("facts.toml"), "[words]\n[[fact]]\nname = 1\n").unwrap();
        take_up(&law, &app);
        assert_eq!(app.law.current().unwrap().book.hash, edited);
    }
}
