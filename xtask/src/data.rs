//! `cargo xtask data --from DIR`: builds everything under `data/` from a folder of raw public files.
//!
//! The raw files are not part of the project; each `dataset.toml` says where they come from. Texts
//! and hand-kept tables (bodies, measures, descriptions) stay as they are: this command writes the
//! files that are made by rule, and counts and seals every file.

mod body;
mod country;
mod map;
mod notification;
mod observation;
mod report;
mod seal;
mod table;

use std::path::{Path, PathBuf};

/// A builder of one folder under `data/`.
type Build = fn(&Folders) -> Result<(), String>;

/// Where raw files are read and where the data of the project is written.
struct Folders {
    raw: PathBuf,
    out: PathBuf,
}

impl Folders {
    fn raw(&self, path: &str) -> PathBuf {
        self.raw.join(path)
    }
    fn out(&self, path: &str) -> PathBuf {
        self.out.join(path)
    }
}

/// Folders in building order: observations need the country tables.
const FOLDERS: [(&str, Build); 8] = [
    ("countries", build_countries),
    ("bodies", body::build),
    ("aid", observation::aid::build),
    ("budget", observation::budget::build),
    ("governance", observation::governance::build),
    ("conflict", observation::conflict::build),
    ("notifications", notification::build),
    ("training-report", report::build),
];

fn build_countries(folders: &Folders) -> Result<(), String> {
    country::build(folders)?;
    map::build(folders)
}

/// Runs the command: `--from DIR` and, if wanted, `--only FOLDER`.
///
/// # Errors
/// A text for the person at the terminal: which file is missing, or which row does not fit.
pub fn run(args: &[String]) -> Result<(), String> {
    let raw = option(args, "--from")
        .ok_or("usage: cargo xtask data --from DIR [--only FOLDER]; DIR holds the raw files")?;
    let folders = Folders {
        raw: PathBuf::from(raw),
        out: Path::new(env!("CARGO_MANIFEST_DIR")).join("../data"),
    };
    let only = option(args, "--only");
    for (name, build) in FOLDERS {
        if only.is_some_and(|o| o != name) {
            continue;
        }
        std::fs::create_dir_all(folders.out(name)).map_err(|e| format!("{name}: {e}"))?;
        build(&folders).map_err(|e| format!("{name}: {e}"))?;
        let sealed = seal::seal(&folders.out(name)).map_err(|e| format!("{name}: {e}"))?;
        for file in sealed {
            println!(
                "{name}/{}: {} rows, {} bytes",
                file.name, file.rows, file.bytes
            );
        }
    }
    Ok(())
}

fn option<'a>(args: &'a [String], name: &str) -> Option<&'a str> {
    let at = args.iter().position(|a| a == name)?;
    args.get(at + 1).map(String::as_str)
}
