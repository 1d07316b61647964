//! The rulebook's files as texts: embedded in the program, or read from a folder. Nothing else in
//! this crate touches a file.

use crate::error::LawError;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// Names relative to the rulebook's folder, with `/`, and the texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    files: BTreeMap<String, String>,
}

/// The files of `law/` as they were when the program was built.
static EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rulebook.rs"));

impl Source {
    /// The rulebook the program carries.
    #[must_use]
    pub fn embedded() -> Self {
        let own = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
        Self {
            files: EMBEDDED.iter().map(own).collect(),
        }
    }

    /// A rulebook in a folder.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn folder(path: &Path) -> Result<Self, LawError> {
        let mut files = BTreeMap::new();
        read(path, path, &mut files)?;
        if files.is_empty() {
            let shown = path.display().to_string();
            return Err(LawError::of(&shown, "no rulebook is there"));
        }
        Ok(Self { files })
    }

    /// Files given one by one; for tests and for rules made from other tables.
    #[must_use]
    pub fn of<N: Into<String>, T: Into<String>>(files: impl IntoIterator<Item = (N, T)>) -> Self {
        Self {
            files: files
                .into_iter()
                .map(|(n, t)| (n.into(), t.into()))
                .collect(),
        }
    }

    /// The text of a file.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(String::as_str)
    }

    /// Every file with its text, by name.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(n, t)| (n.as_str(), t.as_str()))
    }

    /// Names of the folders that hold `file`, such as `rule.toml`.
    pub fn folders_with<'a>(&'a self, file: &'a str) -> impl Iterator<Item = &'a str> {
        self.files
            .keys()
            .filter_map(move |name| name.strip_suffix(file)?.strip_suffix('/'))
    }

    /// SHA-256 over names and texts in order: which law decided.
    #[must_use]
    pub fn hash(&self) -> String {
        let mut sha = Sha256::new();
        for (name, text) in &self.files {
            for part in [name, text] {
                sha.update((part.len() as u64).to_be_bytes());
                sha.update(part.as_bytes());
            }
        }
        hex::encode(sha.finalize())
    }
}

fn read(top: &Path, folder: &Path, files: &mut BTreeMap<String, String>) -> Result<(), LawError> {
    let fault =
        |path: &Path, e: std::io::Error| LawError::of(&path.display().to_string(), e.to_string());
    for entry in std::fs::read_dir(folder).map_err(|e| fault(folder, e))? {
        let path = entry.map_err(|e| fault(folder, e))?.path();
        if path.is_dir() {
            read(top, &path, files)?;
        } else if path.extension().is_some_and(|e| e == "toml" || e == "md") {
            let text = std::fs::read_to_string(&path).map_err(|e| fault(&path, e))?;
            let name = path.strip_prefix(top).unwrap_or(&path);
            let parts: Vec<_> = name.iter().map(|p| p.to_string_lossy()).collect();
            files.insert(parts.join("/"), text);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_changes_with_any_text() {
        let a = Source::of([("a", "1"), ("b", "2")]);
        let b = Source::of([("a", "12"), ("b", "")]);
        assert_ne!(a.hash(), b.hash());
    }
}
