//! Backup, restore, rebuild and a key handed over, with the real program.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{Instance, run};
use std::path::Path;
use symbolon_testkit::behind;

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// An instance with accounts, and a backup of it.
fn backed_up() -> (Instance, String, String) {
    let instance = Instance::new();
    let data = text(&instance.data()).to_owned();
    let backup = text(&instance.dir.path().join("backup")).to_owned();
    run(&["backup", "--to", &backup, "--data", &data]).ended(0);
    (instance, data, backup)
}

#[test]
fn a_backup_is_checked_restored_and_says_what_was_lost() {
    let (instance, data, backup) = backed_up();
    run(&["backup", "--check", &backup, "--data", &data]).ended(0);
    let key = std::fs::read_to_string(format!("{data}/keys/signing.key")).unwrap();
    for file in std::fs::read_dir(&backup).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let unpacked = zstd::decode_all(&bytes[..]).unwrap_or(bytes);
        assert!(
            !String::from_utf8_lossy(&unpacked).contains(key.trim()),
            "the key is in it"
        );
    }
    // More is written and signed after the backup; then the disk is lost.
    let add = [
        "account", "add", "--name", "Later", "--role", "auditor", "--nation", "USA",
    ];
    run(&[&add[..], &["--data", &data]].concat()).ended(0);
    run(&["journal", "checkpoint", "--data", &data]).ended(0);
    let witness = text(&instance.dir.path().join("witness")).to_owned();
    run(&["journal", "witness", "--to", &witness, "--data", &data]).ended(0);

    let new = text(&instance.dir.path().join("new")).to_owned();
    let key_file = format!("{data}/keys/signing.key");
    let restore = [
        "restore",
        &backup,
        "--data",
        &new,
        "--key",
        &key_file,
        "--witness",
        &witness,
    ];
    let said = run(&[&restore[..], &["--json"]].concat()).ended(0).json();
    assert!(said["lost"].as_u64().unwrap() >= 2, "{said}");
    let verify = run(&["journal", "verify", "--witness", &witness, "--data", &new]).ended(0);
    assert!(verify.out.contains("restored from a backup"), "{verify:?}");
    run(&restore).ended(5);
    let list = run(&["account", "list", "--json", "--data", &new]).ended(0);
    assert!(!list.out.contains("Later"), "{list:?}");
}

#[test]
fn an_older_copy_put_back_in_silence_is_tampering() {
    let (_instance, data, _) = backed_up();
    let file = format!("{data}/symbolon.sqlite");
    let old = std::fs::read(&file).unwrap();
    let add = [
        "account", "add", "--name", "Later", "--role", "auditor", "--nation", "USA",
    ];
    run(&[&add[..], &["--data", &data]].concat()).ended(0);
    run(&["journal", "checkpoint", "--data", &data]).ended(0);
    std::fs::write(&file, old).unwrap();
    for end in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{file}{end}"));
    }
    run(&["journal", "verify", "--data", &data]).ended(7);
    run(&["journal", "checkpoint", "--data", &data]).ended(7);
}

#[test]
fn a_damaged_backup_is_not_restored() {
    let (instance, data, backup) = backed_up();
    let journal = std::fs::read_dir(&backup)
        .unwrap()
        .map(|f| f.unwrap().path())
        .find(|p| text(p).ends_with("journal.ndjson.zst"))
        .unwrap();
    let mut bytes = std::fs::read(&journal).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&journal, bytes).unwrap();
    run(&["backup", "--check", &backup, "--data", &data]).ended(7);
    let new = text(&instance.dir.path().join("new")).to_owned();
    let key = format!("{data}/keys/signing.key");
    run(&["restore", &backup, "--data", &new, "--key", &key]).ended(7);
}

#[test]
fn the_journal_rebuilds_the_tables() {
    let (instance, data, _) = backed_up();
    let again = text(&instance.dir.path().join("again")).to_owned();
    let said = run(&["rebuild", "--into", &again, "--data", &data]).ended(0);
    assert!(said.out.contains("Every table is the same"), "{said:?}");
}

#[test]
fn a_new_key_takes_over_and_the_old_entries_still_verify() {
    let (_instance, data, _) = backed_up();
    let before = std::fs::read_to_string(format!("{data}/keys/signing.key")).unwrap();
    run(&["journal", "rotate-key", "--data", &data]).ended(0);
    let after = std::fs::read_to_string(format!("{data}/keys/signing.key")).unwrap();
    assert!(!after.contains(before.trim()), "the old secret is kept");
    let add = [
        "account", "add", "--name", "Later", "--role", "auditor", "--nation", "USA",
    ];
    run(&[&add[..], &["--data", &data]].concat()).ended(0);
    run(&["journal", "rotate-key", "--data", &data]).ended(0);
    let verify = run(&["journal", "verify", "--data", &data]).ended(0);
    assert_eq!(verify.out.matches("handed over").count(), 2, "{verify:?}");
    // The old key, put back, can write nothing that would not verify.
    std::fs::write(format!("{data}/keys/signing.key"), before).unwrap();
    assert_ne!(run(&[&add[..], &["--data", &data]].concat()).code, 0);
}

#[test]
fn an_older_database_is_upgraded_after_a_backup() {
    let (instance, data, _) = backed_up();
    let current = run(&["upgrade", "--check", "--data", &data]).ended(0);
    assert!(current.out.contains("Nothing to do"), "{current:?}");
    let older = [
        "ALTER TABLE account DROP COLUMN language",
        "DROP INDEX case_seen",
        "DELETE FROM instance WHERE name = 'shape'",
    ];
    behind(&format!("{data}/symbolon.sqlite"), &older).unwrap();
    let refused = run(&["account", "list", "--data", &data]).ended(5);
    assert!(refused.err.contains("symbolon upgrade"), "{refused:?}");
    let check = run(&["upgrade", "--check", "--json", "--data", &data])
        .ended(0)
        .json();
    assert_eq!(
        check["added"],
        serde_json::json!(["column account.language", "index case_seen"])
    );
    assert_eq!(check["changed"], false);
    run(&["account", "list", "--data", &data]).ended(5);
    let before = text(&instance.dir.path().join("before")).to_owned();
    let done = run(&["upgrade", "--to", &before, "--data", &data]).ended(0);
    assert!(done.out.contains("column account.language"), "{done:?}");
    run(&["account", "list", "--data", &data]).ended(0);
    run(&["journal", "verify", "--data", &data]).ended(0);
    // What was written before the upgrade is a backup this program restores.
    run(&["backup", "--check", &before, "--data", &data]).ended(0);
    // Again: nothing is lacking, so no second backup is written.
    let again = text(&instance.dir.path().join("again")).to_owned();
    run(&["upgrade", "--to", &again, "--data", &data]).ended(0);
    assert!(!Path::new(&again).exists());
}

#[test]
fn a_database_of_a_newer_program_is_not_touched() {
    let (instance, data, _) = backed_up();
    let newer = [
        "ALTER TABLE account ADD COLUMN of_later TEXT",
        "UPDATE instance SET value = 'x' WHERE name = 'shape'",
    ];
    behind(&format!("{data}/symbolon.sqlite"), &newer).unwrap();
    let refused = run(&["account", "list", "--data", &data]).ended(5);
    assert!(refused.err.contains("account.of_later"), "{refused:?}");
    let before = text(&instance.dir.path().join("before")).to_owned();
    let refused = run(&["upgrade", "--to", &before, "--data", &data]).ended(5);
    assert!(refused.err.contains("account.of_later"), "{refused:?}");
    assert!(!Path::new(&before).exists());
}
