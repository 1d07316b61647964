//! `journal verify`: 0 sound, 7 tampering found, 8 cannot tell; a damaged file never makes it panic.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{HEADER, Instance, ROW};
use std::path::Path;

/// An instance with a little of everything, checkpointed, its log folded into the file.
fn filled() -> Instance {
    let instance = Instance::new();
    let file = instance.file("one.tsv", format!("{HEADER}{}", ROW.repeat(40)));
    instance.run(&["import", "fmtr", &file]).ended(0);
    instance
}

#[test]
fn a_sound_instance_is_sound() {
    let instance = filled();
    let said = instance
        .run(&["journal", "verify", "--json"])
        .ended(0)
        .json();
    assert_eq!(said["faults"], serde_json::json!([]));
    assert!(said["rows"].as_i64() > Some(40));
    let said = instance.run(&["journal", "verify"]).ended(0);
    assert!(said.out.starts_with("Sound: "), "{said:?}");
}

#[test]
fn without_the_key_it_cannot_tell() {
    let instance = filled();
    std::fs::rename(instance.key(), instance.dir.path().join("away")).unwrap();
    let said = instance
        .run(&["journal", "verify", "--json"])
        .ended(8)
        .json();
    assert!(!said["unknown"].as_array().unwrap().is_empty(), "{said}");
    // And nothing is written that would not verify.
    let said = instance.run(&["journal", "checkpoint"]).ended(3);
    assert!(said.err.contains("signing key is missing"), "{said:?}");
    // Reading still works.
    instance.run(&["dataset", "list"]).ended(0);
}

/// Every place of a text in a file, exchanged for another of the same length.
fn exchange(path: &Path, from: &[u8], to: &[u8]) -> usize {
    let mut bytes = std::fs::read(path).unwrap();
    let places: Vec<usize> = bytes
        .windows(from.len())
        .enumerate()
        .filter(|(_, w)| *w == from)
        .map(|(i, _)| i)
        .collect();
    for at in &places {
        bytes[*at..*at + to.len()].copy_from_slice(to);
    }
    std::fs::write(path, bytes).unwrap();
    places.len()
}

#[test]
fn a_changed_cell_is_named() {
    let instance = filled();
    assert!(exchange(&instance.database(), b"Bamako", b"Bamaco") > 0);
    let said = instance.run(&["journal", "verify"]).ended(7);
    assert!(
        said.out.contains("TAMPERING FOUND") && said.out.contains("training_text"),
        "{said:?}"
    );
    let json = instance
        .run(&["journal", "verify", "--json"])
        .ended(7)
        .json();
    assert_eq!(json["exit_code"], 7);
}

#[test]
fn flipped_bytes_never_make_it_panic() {
    let instance = filled();
    let good = std::fs::read(instance.database()).unwrap();
    let mut state: u64 = 0x5eed;
    for _ in 0..60 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let at = (state >> 20) as usize % good.len();
        let mut bytes = good.clone();
        bytes[at] ^= 1 << (state >> 61);
        remove_log(&instance);
        std::fs::write(instance.database(), bytes).unwrap();
        let said = instance.run(&["journal", "verify"]);
        assert!([0, 7, 8].contains(&said.code), "byte {at}: {said:?}");
        assert!(!said.err.contains("panicked"), "byte {at}: {said:?}");
    }
}

fn remove_log(instance: &Instance) {
    for end in ["-wal", "-shm"] {
        let mut path = instance.database().into_os_string();
        path.push(end);
        let _ = std::fs::remove_file(path);
    }
}

#[test]
fn what_is_no_database_or_gone_is_not_what_was_signed() {
    for bytes in [
        &b"this is no database, only text that is long enough to be read"[..],
        b"",
        &[0; 8192],
    ] {
        let instance = filled();
        remove_log(&instance);
        std::fs::write(instance.database(), bytes).unwrap();
        let said = instance.run(&["journal", "verify", "--json"]).ended(7);
        assert!(
            !said.json()["faults"].as_array().unwrap().is_empty(),
            "{said:?}"
        );
        assert!(!said.err.contains("panicked"), "{said:?}");
    }
    let instance = filled();
    std::fs::remove_file(instance.database()).unwrap();
    remove_log(&instance);
    instance.run(&["journal", "verify"]).ended(7);
    // Where nothing was ever signed, there is nothing to be missed.
    std::fs::remove_file(instance.data().join("keys/last-checkpoint")).unwrap();
    instance.run(&["journal", "verify"]).ended(3);
    std::fs::write(instance.database(), "text").unwrap();
    instance.run(&["journal", "verify"]).ended(8);
}

#[test]
fn an_older_database_under_the_key_is_not_signed() {
    let instance = filled();
    let old = std::fs::read(instance.database()).unwrap();
    let file = instance.file(
        "two.tsv",
        format!("{HEADER}{}", ROW.replace("Bamako", "Gao")),
    );
    instance.run(&["import", "fmtr", &file]).ended(0);
    remove_log(&instance);
    std::fs::write(instance.database(), old).unwrap();
    let said = instance.run(&["journal", "checkpoint"]).ended(7);
    assert!(
        said.err.contains("does not hold what was signed before"),
        "{said:?}"
    );
    instance.run(&["import", "reference"]).ended(7);
    instance.run(&["journal", "verify"]).ended(7);
    // An operator who means it moves the kept note away.
    std::fs::remove_file(instance.data().join("keys/last-checkpoint")).unwrap();
    instance.run(&["journal", "checkpoint"]).ended(0);
}

#[test]
fn a_witness_sees_a_history_that_was_cut() {
    let instance = filled();
    let witness = instance.dir.path().join("witness");
    let witness = witness.to_str().unwrap();
    let cut = std::fs::read(instance.database()).unwrap();
    instance
        .run(&["journal", "witness", "--to", witness])
        .ended(0);
    instance.run(&["import", "reference"]).ended(0);
    instance
        .run(&["journal", "witness", "--to", witness])
        .ended(0);
    let again = instance
        .run(&["journal", "witness", "--to", witness, "--json"])
        .ended(0)
        .json();
    assert_eq!(again["appended"], false);
    instance
        .run(&["journal", "verify", "--witness", witness])
        .ended(0);
    remove_log(&instance);
    std::fs::write(instance.database(), cut).unwrap();
    std::fs::remove_file(instance.data().join("keys/last-checkpoint")).unwrap();
    instance.run(&["journal", "verify"]).ended(0);
    let said = instance
        .run(&["journal", "verify", "--witness", witness])
        .ended(7);
    assert!(said.out.contains("witness note 2"), "{said:?}");
}
