//! Making the extract anew from a checked-out copy of the RustSec advisory database (CC0).

use super::advisories::{Advisory, Extract, path};
use crate::shell;
use serde::Deserialize;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

#[derive(Deserialize)]
struct File {
    advisory: Head,
    #[serde(default)]
    versions: Versions,
}

#[derive(Deserialize)]
struct Head {
    id: String,
    package: String,
    withdrawn: Option<String>,
    #[serde(default)]
    informational: String,
}

#[derive(Default, Deserialize)]
struct Versions {
    #[serde(default)]
    patched: Vec<String>,
    #[serde(default)]
    unaffected: Vec<String>,
}

/// Reads every advisory under `crates/` of the copy and writes the extract.
pub(super) fn run(folder: &Path) -> Result<(), String> {
    let mut advisories = vec![];
    collect(&folder.join("crates"), &mut advisories)?;
    advisories.sort_by(|a, b| a.id.cmp(&b.id));
    let git = |format: &str| {
        shell::output(
            Command::new("git")
                .args(["log", "-1", "--date=short", format])
                .current_dir(folder),
        )
    };
    let accepted = Extract::read().map(|e| e.accepted).unwrap_or_default();
    let extract = Extract {
        date: git("--format=%cd")?.trim().to_owned(),
        commit: git("--format=%H")?.trim().to_owned(),
        accepted,
        advisories,
    };
    std::fs::write(path(), text(&extract)).map_err(|e| format!("xtask/advisories.toml: {e}"))?;
    println!(
        "{} advisories of {}",
        extract.advisories.len(),
        extract.date
    );
    Ok(())
}

fn collect(folder: &Path, advisories: &mut Vec<Advisory>) -> Result<(), String> {
    let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, advisories)?;
        } else if path.extension().is_some_and(|e| e == "md") {
            let text = std::fs::read_to_string(&path).map_err(|e| e.to_string())?;
            advisories.extend(advisory(&text).map_err(|e| format!("{}: {e}", path.display()))?);
        }
    }
    Ok(())
}

/// The advisory in a file; `None` where it was withdrawn.
fn advisory(text: &str) -> Result<Option<Advisory>, String> {
    let front = text
        .split_once("```toml")
        .and_then(|(_, rest)| rest.split_once("```"))
        .ok_or("no TOML block")?;
    let file: File = toml::from_str(front.0).map_err(|e| e.to_string())?;
    Ok(file.advisory.withdrawn.is_none().then_some(Advisory {
        id: file.advisory.id,
        package: file.advisory.package,
        informational: file.advisory.informational,
        patched: file.versions.patched,
        unaffected: file.versions.unaffected,
    }))
}

/// The extract as text: one line an advisory, so that differences can be read.
fn text(extract: &Extract) -> String {
    let quoted = |list: &[String]| {
        let items: Vec<String> = list.iter().map(|s| format!("{s:?}")).collect();
        items.join(", ")
    };
    let mut out = format!(
        "# Extract of the RustSec advisory database (CC0-1.0), made by `cargo xtask audit --update DIR`.\n\
         # `accepted` is ours: advisories we looked at, each with the reason it does not touch us.\n\
         date = {:?}\ncommit = {:?}\naccepted = [\n",
        extract.date, extract.commit
    );
    for a in &extract.accepted {
        let _ = writeln!(out, "  {{ id = {:?}, reason = {:?} }},", a.id, a.reason);
    }
    out.push_str("]\nadvisory = [\n");
    for a in &extract.advisories {
        let _ = write!(out, "  {{ id = {:?}, package = {:?}", a.id, a.package);
        if !a.informational.is_empty() {
            let _ = write!(out, ", informational = {:?}", a.informational);
        }
        for (name, list) in [("patched", &a.patched), ("unaffected", &a.unaffected)] {
            if !list.is_empty() {
                let _ = write!(out, ", {name} = [{}]", quoted(list));
            }
        }
        out.push_str(" },\n");
    }
    out.push_str("]\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "```toml\n[advisory]\nid = \"RUSTSEC-0000-0001\"\npackage = \"a\"\ndate = \"2026-01-01\"\n\
        [versions]\npatched = [\">= 1.0\"]\n```\n\n# A title\n";

    #[test]
    fn an_advisory_is_read_and_written_and_read_again() {
        let one = advisory(ONE).unwrap().unwrap();
        let extract = Extract {
            date: "2026-01-01".into(),
            commit: "0".into(),
            accepted: vec![],
            advisories: vec![one.clone()],
        };
        assert_eq!(Extract::parse(&text(&extract)).unwrap().advisories, [one]);
    }

    #[test]
    fn a_withdrawn_advisory_is_left_out() {
        let withdrawn = ONE.replace("[versions]", "withdrawn = \"2026-02-01\"\n[versions]");
        assert_eq!(advisory(&withdrawn), Ok(None));
    }
}
