//! Who may need whom: read from the manifests, so that a shortcut fails the build.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{root, text};
use std::collections::{BTreeMap, BTreeSet};

/// Each crate, and the crates of ours it may be built on. Nothing that is not named is allowed.
const LAYERS: [(&str, &[&str]); 14] = [
    ("domain", &[]),
    ("access", &["domain"]),
    ("exchange", &["domain"]),
    ("insight", &["domain"]),
    ("law", &["domain"]),
    ("screening", &["domain"]),
    ("report", &[]),
    ("store", &["domain", "access"]),
    ("store-sql", &["domain", "access", "store"]),
    (
        "app",
        &[
            "domain",
            "access",
            "store",
            "exchange",
            "insight",
            "law",
            "screening",
        ],
    ),
    (
        "web",
        &[
            "domain",
            "access",
            "store",
            "exchange",
            "insight",
            "law",
            "screening",
            "app",
            "report",
        ],
    ),
    (
        "cli",
        &[
            "domain",
            "access",
            "store",
            "store-sql",
            "exchange",
            "insight",
            "law",
            "screening",
            "app",
            "web",
        ],
    ),
    ("testkit", &["domain", "access", "store"]),
    (
        "bench",
        &[
            "domain",
            "access",
            "store",
            "store-sql",
            "exchange",
            "insight",
            "law",
            "screening",
            "app",
            "web",
        ],
    ),
];

/// Foreign crates that only some of ours may name.
const ONLY_IN: [(&str, &[&str]); 8] = [
    ("rusqlite", &["store-sql", "testkit", "bench"]),
    ("postgres", &["store-sql", "testkit"]),
    ("axum", &["web", "cli"]),
    ("tower", &["web", "cli"]),
    ("tower-http", &["web", "cli"]),
    ("askama", &["web"]),
    ("clap", &["cli"]),
    ("getrandom", &["cli"]),
];

fn crates() -> BTreeMap<String, toml::Table> {
    let folder = std::fs::read_dir(root().join("crates")).unwrap();
    folder
        .map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let manifest = text(&format!("crates/{name}/Cargo.toml")).unwrap();
            (name, manifest.parse().unwrap())
        })
        .collect()
}

fn needs(manifest: &toml::Table, section: &str) -> BTreeSet<String> {
    let table = manifest.get(section).and_then(toml::Value::as_table);
    table.into_iter().flat_map(|t| t.keys().cloned()).collect()
}

fn ours(needs: &BTreeSet<String>) -> BTreeSet<&str> {
    needs
        .iter()
        .filter_map(|n| n.strip_prefix("symbolon-"))
        .collect()
}

#[test]
fn every_crate_has_its_layer() {
    let there: Vec<String> = crates().into_keys().collect();
    let mut named: Vec<&str> = LAYERS.iter().map(|(name, _)| *name).collect();
    named.sort_unstable();
    assert_eq!(there, named);
}

#[test]
fn crates_need_only_what_lies_below() {
    let crates = crates();
    for (name, below) in LAYERS {
        for section in ["dependencies", "build-dependencies"] {
            let needs = needs(&crates[name], section);
            for needed in ours(&needs) {
                assert!(
                    below.contains(&needed),
                    "{name} must not need {needed} ({section})"
                );
            }
        }
    }
}

#[test]
fn the_test_kit_is_never_part_of_the_program() {
    for (name, manifest) in crates() {
        assert!(
            !ours(&needs(&manifest, "dependencies")).contains("testkit"),
            "{name} needs testkit outside its tests"
        );
    }
}

#[test]
fn drivers_and_http_stay_where_they_belong() {
    for (name, manifest) in crates() {
        for section in ["dependencies", "build-dependencies"] {
            for needed in needs(&manifest, section) {
                let only = ONLY_IN.iter().find(|(foreign, _)| *foreign == needed);
                if let Some((foreign, allowed)) = only {
                    assert!(
                        allowed.contains(&name.as_str()),
                        "{name} must not name {foreign}"
                    );
                }
            }
        }
    }
}

#[test]
fn every_crate_takes_the_common_lints() {
    let mut manifests = crates();
    manifests.insert(
        "xtask".to_owned(),
        text("xtask/Cargo.toml").unwrap().parse().unwrap(),
    );
    for (name, manifest) in manifests {
        let lints = manifest.get("lints").and_then(|l| l.get("workspace"));
        assert_eq!(lints, Some(&toml::Value::Boolean(true)), "{name}");
    }
    let workspace: toml::Table = text("Cargo.toml").unwrap().parse().unwrap();
    assert_eq!(
        workspace["workspace"]["lints"]["rust"]["unsafe_code"].as_str(),
        Some("forbid")
    );
}

/// The order of a kind's columns and the text of a journal entry's body follow the order of JSON
/// maps; a dependency that turns this feature on would change both, and old databases would fail
/// verification.
#[test]
fn json_maps_keep_their_sorted_order() {
    let map: serde_json::Value = serde_json::from_str(r#"{"b":1,"a":2}"#).unwrap();
    assert_eq!(map.to_string(), r#"{"a":2,"b":1}"#);
}
