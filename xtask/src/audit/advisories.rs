//! The dated extract of the RustSec advisory database, and the search in it.

use crate::shell;
use semver::{Version, VersionReq};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Where the extract is kept.
pub(super) fn path() -> PathBuf {
    shell::root().join("xtask/advisories.toml")
}

/// The extract.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Extract {
    /// Day of the newest change in the copy it was made from.
    pub(super) date: String,
    /// Commit of that copy.
    pub(super) commit: String,
    /// Advisories we have looked at and accept, each with the reason.
    #[serde(default)]
    pub(super) accepted: Vec<Accepted>,
    /// Every advisory that was not withdrawn.
    #[serde(default, rename = "advisory")]
    pub(super) advisories: Vec<Advisory>,
}

/// An advisory that does not fail the check.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Accepted {
    pub(super) id: String,
    pub(super) reason: String,
}

/// One advisory: the facts that decide whether a version is touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Advisory {
    pub(super) id: String,
    pub(super) package: String,
    /// `unmaintained`, `unsound` or `notice`; empty for a weakness.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) informational: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) patched: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) unaffected: Vec<String>,
}

impl Advisory {
    /// Whether a version of its package is touched. A requirement we cannot read protects nobody.
    pub(super) fn touches(&self, version: &Version) -> bool {
        !self
            .patched
            .iter()
            .chain(&self.unaffected)
            .any(|r| meets(r, version))
    }

    fn only_a_note(&self) -> bool {
        matches!(self.informational.as_str(), "unmaintained" | "notice")
    }
}

/// Pre-releases are judged by their numbers: `1.0.0-rc.1` counts as 1.0.0 in a comparison.
fn meets(requirement: &str, version: &Version) -> bool {
    let Ok(wanted) = VersionReq::parse(requirement) else {
        return false;
    };
    let plain = Version::new(version.major, version.minor, version.patch);
    wanted.matches(version) || (!version.pre.is_empty() && wanted.matches(&plain))
}

impl Extract {
    pub(super) fn read() -> Result<Self, String> {
        let text =
            std::fs::read_to_string(path()).map_err(|e| format!("xtask/advisories.toml: {e}"))?;
        Self::parse(&text)
    }

    pub(super) fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|e| format!("xtask/advisories.toml: {e}"))
    }

    /// Faults, and notes that do not fail the check.
    pub(super) fn hits(&self, lock: &[(String, Version)]) -> (Vec<String>, Vec<String>) {
        let (mut faults, mut notes) = (vec![], vec![]);
        for (name, version) in lock {
            for advisory in self.advisories.iter().filter(|a| a.package == *name) {
                if !advisory.touches(version) {
                    continue;
                }
                let what = match advisory.informational.as_str() {
                    "" => "weakness",
                    other => other,
                };
                let text = format!(
                    "{}: {what} in {name} {version}; patched: {}",
                    advisory.id,
                    advisory.patched.join(" or ")
                );
                match self.accepted.iter().find(|a| a.id == advisory.id) {
                    Some(a) => notes.push(format!("{text} (accepted: {})", a.reason)),
                    None if advisory.only_a_note() => notes.push(text),
                    None => faults.push(text),
                }
            }
        }
        (faults, notes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLANTED: &str = r#"
        date = "2026-01-01"
        commit = "0"
        [[advisory]]
        id = "RUSTSEC-0000-0001"
        package = "planted"
        patched = [">= 1.2.3", "^1.1.9"]
        unaffected = ["< 0.5"]
    "#;

    fn lock(version: &str) -> Vec<(String, Version)> {
        vec![("planted".to_owned(), version.parse().unwrap())]
    }

    #[test]
    fn a_planted_advisory_is_found() {
        let extract = Extract::parse(PLANTED).unwrap();
        assert_eq!(extract.hits(&lock("1.0.0")).0.len(), 1);
        assert_eq!(extract.hits(&lock("1.0.0-rc.1")).0.len(), 1);
        for safe in ["1.2.3", "1.1.9", "0.4.9", "2.0.0"] {
            assert!(extract.hits(&lock(safe)).0.is_empty(), "{safe}");
        }
    }

    #[test]
    fn an_accepted_advisory_is_a_note_with_its_reason() {
        let text = PLANTED.replace(
            "[[advisory]]",
            "[[accepted]]\nid = \"RUSTSEC-0000-0001\"\nreason = \"not reached\"\n[[advisory]]",
        );
        let (faults, notes) = Extract::parse(&text).unwrap().hits(&lock("1.0.0"));
        assert!(faults.is_empty());
        assert!(notes[0].contains("not reached"));
    }

    #[test]
    fn the_extract_that_ships_is_whole_and_each_acceptance_has_a_reason() {
        let extract = Extract::read().unwrap();
        assert!(extract.advisories.len() > 500);
        assert!(extract.accepted.iter().all(|a| a.reason.len() > 20));
        let touched = extract
            .advisories
            .iter()
            .find(|a| a.id == "RUSTSEC-2020-0071");
        assert!(touched.unwrap().touches(&Version::new(0, 2, 22)));
        assert!(!touched.unwrap().touches(&Version::new(0, 2, 23)));
    }
}
