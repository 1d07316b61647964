//! The project's files, for the tests over all of them.
#![allow(dead_code, reason = "each test file uses its share")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// The project's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// Paths of every file of ours, committed or about to be, from the project's folder.
pub fn files() -> Vec<String> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "-z",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "git ls-files");
    let text = String::from_utf8(output.stdout).unwrap();
    let there = |path: &&str| !path.is_empty() && root().join(path).is_file();
    text.split('\0').filter(there).map(str::to_owned).collect()
}

/// Text of a file; `None` where it is not text.
pub fn text(path: &str) -> Option<String> {
    std::fs::read_to_string(root().join(path)).ok()
}

/// Every Rust file with its text.
pub fn sources() -> Vec<(String, String)> {
    files()
        .into_iter()
        .filter(|path| path.ends_with(".rs"))
        .filter_map(|path| {
            let text = text(&path)?;
            Some((path, text))
        })
        .collect()
}
