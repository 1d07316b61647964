//! `cargo xtask audit`: what we depend on, checked without the network.
//!
//! Licences against a list of allowed ones, sources (the package registry only), the number of crates,
//! a committed lock file, and every locked version against a dated extract of the RustSec advisory
//! database (`xtask/advisories.toml`). `--update DIR` makes the extract anew from a checked-out copy.

mod advisories;
mod graph;
mod licences;
mod update;

use crate::shell;
use advisories::Extract;
use graph::Graph;
use std::process::Command;

/// more crates than this in what we ship need a decision.
const MOST_CRATES: usize = 400;

/// Runs the command.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    match args {
        [] => check(),
        [flag, folder] if flag == "--update" => update::run(folder.as_ref()),
        _ => Err("usage: cargo xtask audit [--update DIR]".to_owned()),
    }
}

fn check() -> Result<(), String> {
    let graph = Graph::read()?;
    let lock = locked()?;
    let extract = Extract::read()?;
    let mut faults: Vec<String> = lock_file_committed().into_iter().collect();
    faults.extend(graph.foreign_sources());
    faults.extend(licences::faults(&graph.packages));
    let crates = graph.shipped();
    if crates > MOST_CRATES {
        faults.push(format!(
            "{crates} crates are built into what we ship; {MOST_CRATES} is the limit (R-95)"
        ));
    }
    let (hits, notes) = extract.hits(&lock);
    faults.extend(hits);
    for note in notes {
        println!("note: {note}");
    }
    println!(
        "{} packages locked, {crates} crates in what we ship, {} advisories of {} ({})",
        lock.len(),
        extract.advisories.len(),
        extract.date,
        &extract.commit.get(..12).unwrap_or_default(),
    );
    if faults.is_empty() {
        println!("audit: nothing found");
        return Ok(());
    }
    Err(format!("audit:\n  {}", faults.join("\n  ")))
}

/// Name and version of every package in the lock file.
fn locked() -> Result<Vec<(String, semver::Version)>, String> {
    #[derive(serde::Deserialize)]
    struct Lock {
        package: Vec<Package>,
    }
    #[derive(serde::Deserialize)]
    struct Package {
        name: String,
        version: semver::Version,
    }
    let path = shell::root().join("Cargo.lock");
    let text = std::fs::read_to_string(path).map_err(|e| format!("Cargo.lock: {e}"))?;
    let lock: Lock = toml::from_str(&text).map_err(|e| format!("Cargo.lock: {e}"))?;
    Ok(lock
        .package
        .into_iter()
        .map(|p| (p.name, p.version))
        .collect())
}

fn lock_file_committed() -> Option<String> {
    let listed = Command::new("git")
        .args(["ls-files", "--error-unmatch", "Cargo.lock"])
        .current_dir(shell::root())
        .output();
    match listed {
        Ok(output) if !output.status.success() => Some("Cargo.lock is not committed".to_owned()),
        _ => None,
    }
}
