//! Commands, exit codes and contracts of the output.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{HEADER, Instance, ROW, run};
use std::os::unix::fs::PermissionsExt;

#[test]
fn without_a_command_it_shows_help_with_examples_first() {
    let said = run(&[]).ended(2);
    assert!(said.err.starts_with("Examples:"), "{said:?}");
    for command in [
        "demo", "init", "serve", "import", "export", "dataset", "journal", "account",
    ] {
        let said = run(&["help", command]).ended(0);
        assert!(said.out.starts_with("Examples:"), "{command}: {}", said.out);
        assert!(!run(&[command, "--help"]).ended(0).out.is_empty());
    }
    run(&["help", "nonsense"]).ended(2);
    run(&["nonsense"]).ended(2);
}

#[test]
fn exit_codes_are_a_topic_of_help() {
    let said = run(&["help", "exit-codes"]).ended(0);
    assert_eq!(said.out.lines().count(), 9);
    let json = run(&["help", "exit-codes", "--json"]).ended(0).json();
    assert_eq!(json[7]["name"], "tampering found");
}

#[test]
fn exit_codes_say_what_happened() {
    let instance = Instance::new();
    instance.run(&["init"]).ended(5);
    instance.run(&["dataset", "show", "nothing"]).ended(3);
    instance.run(&["journal", "show", "999"]).ended(3);
    instance.run(&["account", "link", "0"]).ended(3);
    instance
        .run(&["import", "fmtr", "/nowhere/file.tsv"])
        .ended(3);
    instance.run(&["import", "fmtr"]).ended(2);
    instance
        .run(&[
            "account", "add", "--name", "A", "--role", "king", "--nation", "USA",
        ])
        .ended(2);
    instance
        .run(&[
            "export", "training", "--kind", "nothing", "--format", "csv", "-o", "-",
        ])
        .ended(2);
    instance.run(&["serve", "--listen", "0.0.0.0:0"]).ended(6);
    let none = tempfile::tempdir().unwrap();
    let said = run(&["dataset", "list", "--data", none.path().to_str().unwrap()]).ended(3);
    assert!(said.err.contains("symbolon init"), "{said:?}");
    let said = run(&[
        "dataset",
        "list",
        "--json",
        "--data",
        none.path().to_str().unwrap(),
    ])
    .ended(3);
    let error: serde_json::Value = serde_json::from_str(&said.err).unwrap();
    assert_eq!(error["error"]["code"], 3);
}

#[test]
fn a_key_that_others_read_and_a_directory_that_others_write_are_refused() {
    let instance = Instance::new();
    std::fs::set_permissions(instance.key(), PermissionsExt::from_mode(0o644)).unwrap();
    let said = instance.run(&["journal", "checkpoint"]).ended(6);
    assert!(said.err.contains("chmod 600"), "{said:?}");
    instance.run(&["doctor"]).ended(1);
    std::fs::set_permissions(instance.key(), PermissionsExt::from_mode(0o600)).unwrap();
    std::fs::set_permissions(instance.data(), PermissionsExt::from_mode(0o777)).unwrap();
    let said = instance.run(&["serve"]).ended(6);
    assert!(said.err.contains("chmod 700"), "{said:?}");
}

#[test]
fn the_key_lies_outside_the_database_and_only_its_owner_reads_it() {
    let instance = Instance::new();
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&instance.key()), 0o600);
    assert_eq!(mode(instance.key().parent().unwrap()), 0o700);
    assert_eq!(mode(&instance.data()), 0o700);
    let secret = std::fs::read_to_string(instance.key()).unwrap();
    let raw: Vec<u8> = (0..64)
        .step_by(2)
        .map(|i| u8::from_str_radix(&secret[i..i + 2], 16).unwrap())
        .collect();
    let database = std::fs::read(instance.database()).unwrap();
    let holds = |what: &[u8]| database.windows(what.len()).any(|w| w == what);
    assert!(!holds(secret.trim().as_bytes()) && !holds(&raw));
}

#[test]
fn accounts_are_added_listed_and_given_links() {
    let instance = Instance::new();
    let first = instance.run(&["account", "list", "--json"]).ended(0).json();
    assert_eq!(
        first.as_array().unwrap().len(),
        1,
        "only the administrator of the set-up link"
    );
    let add = [
        "account",
        "add",
        "--name",
        "Ada Byron",
        "--role",
        "desk-officer",
        "--nation",
        "USA",
        "--json",
    ];
    let added = instance.run(&add).ended(0).json();
    assert!(
        added["link"]
            .as_str()
            .unwrap()
            .starts_with("http://127.0.0.1:7600/sign-in/")
    );
    let id = added["account"].as_str().unwrap();
    let link = instance.run(&["account", "link", id]).ended(0);
    assert_ne!(Some(link.out.trim()), added["link"].as_str());
    let plain = instance.run(&["account", "list", "--plain"]).ended(0);
    assert!(
        plain
            .out
            .lines()
            .any(|l| l.starts_with(&format!("{id}\tAda Byron\tdesk_officer\tUSA"))),
        "{plain:?}"
    );
}

#[test]
fn json_is_json_and_stdout_holds_nothing_else() {
    let instance = Instance::new();
    let file = instance.file("one.tsv", format!("{HEADER}{ROW}"));
    instance
        .run(&["import", "fmtr", &file, "--json"])
        .ended(0)
        .json();
    for args in [
        &["dataset", "list"][..],
        &["dataset", "show", "one"],
        &["dataset", "findings", "one"],
        &["dataset", "blocks", "one"],
        &["journal", "list"],
        &["journal", "show", "0"],
        &["journal", "proof", "0"],
        &["journal", "checkpoint"],
        &["journal", "verify"],
        &["account", "list"],
        &["doctor"],
        &["import", "reference"],
    ] {
        let said = instance.run(&[args, &["--json"]].concat()).ended(0);
        said.json();
        let human = instance.run(args).ended(0);
        assert!(
            !human.out.contains('\u{1b}'),
            "no colour outside a terminal: {args:?}"
        );
    }
}

#[test]
fn the_doctor_names_what_is_wrong() {
    let instance = Instance::new();
    let json = instance.run(&["doctor", "--json"]).ended(0).json();
    let looked: Vec<&str> = json
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["what"].as_str().unwrap())
        .collect();
    for what in [
        "data",
        "key",
        "room",
        "clock",
        "file",
        "database",
        "checkpoint",
    ] {
        assert!(looked.contains(&what), "{what}: {json}");
    }
    std::fs::remove_file(instance.key()).unwrap();
    let said = instance.run(&["doctor"]).ended(1);
    assert!(said.out.contains("fault  key"), "{said:?}");
    std::fs::write(instance.database(), "not a database").unwrap();
    instance.run(&["doctor"]).ended(1);
    let none = tempfile::tempdir().unwrap();
    run(&["doctor", "--data", none.path().join("x").to_str().unwrap()]).ended(1);
}

#[test]
fn a_password_among_the_arguments_is_warned_of() {
    let said = run(&[
        "dataset",
        "list",
        "--database",
        "postgres://me:secret@127.0.0.1:1/x",
        "--data",
        "/nowhere",
    ])
    .ended(3);
    assert!(said.err.contains("SYMBOLON_DATABASE"), "{said:?}");
    assert!(!said.err.contains("secret") && !said.out.contains("secret"));
}
