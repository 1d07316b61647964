//! The documents tell the truth: what they name exists, and what must be named is.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{files, root, text};

/// Documents whose paths are checked.
fn documents() -> Vec<String> {
    let mut all: Vec<String> = files()
        .into_iter()
        .filter(|p| p.ends_with(".md") && (!p.contains('/') || p.starts_with("docs/")))
        .collect();
    all.retain(|p| p != "CHANGELOG.md");
    all
}

/// What stands between back ticks in running text, code blocks left out.
fn quoted(text: &str) -> Vec<&str> {
    let outside = text.split("```").step_by(2);
    outside
        .flat_map(|part| part.split('`').skip(1).step_by(2))
        .collect()
}

/// Targets of links.
fn links(text: &str) -> Vec<&str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')').map(|(target, _)| target))
        .collect()
}

/// Whether a quoted word is meant as a path of this project.
fn is_path(word: &str) -> bool {
    const TOPS: [&str; 8] = [
        "crates/",
        "docs/",
        "data/",
        "xtask/",
        ".ci/",
        ".cargo/",
        "tests-browser/",
        "law/",
    ];
    let placeholder = word.contains(['<', '>', '*', '{', ' ', '$']);
    TOPS.iter().any(|top| word.starts_with(top)) && !placeholder
}

fn exists(path: &str) -> bool {
    root().join(path.trim_end_matches('/')).exists()
}

#[test]
fn every_path_that_is_named_exists() {
    let mut gone = vec![];
    for document in documents() {
        let text = text(&document).unwrap();
        for word in quoted(&text).into_iter().filter(|w| is_path(w)) {
            if !exists(word) {
                gone.push(format!("{document}: `{word}`"));
            }
        }
    }
    assert_eq!(gone, Vec::<String>::new());
}

#[test]
fn every_link_within_the_project_leads_somewhere() {
    let mut broken = vec![];
    for document in documents() {
        let text = text(&document).unwrap();
        let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
        for link in links(&text) {
            let target = link.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            if !root().join(folder).join(target).exists() {
                broken.push(format!("{document}: {link}"));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn the_architecture_names_every_crate() {
    let text = text("ARCHITECTURE.md").unwrap();
    for entry in std::fs::read_dir(root().join("crates")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            text.contains(&format!("`crates/{name}`")),
            "ARCHITECTURE.md does not name crates/{name}"
        );
    }
}

#[test]
fn decisions_are_numbered_without_gaps_and_have_their_three_parts() {
    let mut decisions: Vec<String> = files()
        .into_iter()
        .filter(|p| p.starts_with("docs/decisions/") && !p.ends_with("README.md"))
        .collect();
    decisions.sort();
    assert!(!decisions.is_empty());
    for (i, path) in decisions.iter().enumerate() {
        let number = format!("docs/decisions/{:04}-", i + 1);
        assert!(path.starts_with(&number), "{path} should be {number}...");
        let text = text(path).unwrap();
        for part in ["\n## Context\n", "\n## Decision\n", "\n## Consequences\n"] {
            assert!(text.contains(part), "{path} has no {}", part.trim());
        }
        assert!(text.lines().count() <= 80, "{path} is too long");
    }
}

#[test]
fn what_a_reader_looks_for_is_there() {
    for path in [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "SECURITY.md",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        ".ci/run",
    ] {
        assert!(exists(path), "{path} is missing");
    }
    let readme = text("README.md").unwrap();
    for command in ["cargo run --release -- demo", "cargo xtask test"] {
        assert!(
            readme.contains(command),
            "README.md does not say `{command}`"
        );
    }
}

#[test]
fn every_data_set_that_ships_says_where_it_is_from() {
    for path in files() {
        let Some(folder) = path
            .strip_prefix("data/")
            .and_then(|p| p.split_once('/'))
            .map(|(folder, _)| folder)
        else {
            continue;
        };
        // A code list, marking policy or vetting policy names its source in its own file; their readers test it.
        // The demonstration is invented, and says so.
        if [
            "code-lists",
            "demonstration",
            "documents",
            "labels",
            "vetting",
        ]
        .contains(&folder)
        {
            continue;
        }
        let card = format!("data/{folder}/dataset.toml");
        assert!(exists(&card), "{path} has no {card}");
    }
}
