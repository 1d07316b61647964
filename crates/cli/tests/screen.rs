//! `screen`: names against lists, exit codes and output.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{Said, run};

const SDN: &str = "101,\"ORLOVTEST, Grigory Pavlovich\",\"individual\",\"TEST\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB 04 May 1962\"\r\n\u{1a}";

/// Screens names against a list of one person.
fn screen(name: &str, text: &str, more: &[&str]) -> Said {
    let dir = tempfile::tempdir().unwrap();
    let (names, list) = (dir.path().join(name), dir.path().join("sdn.csv"));
    std::fs::write(&names, text).unwrap();
    std::fs::write(&list, SDN).unwrap();
    let mut args = vec![
        "screen",
        names.to_str().unwrap(),
        "--list",
        list.to_str().unwrap(),
    ];
    args.extend(more);
    run(&args)
}

#[test]
fn a_hit_ends_with_eight_and_gives_its_reasons() {
    let said = screen(
        "names.txt",
        "Григорий Орловтест\n",
        &["--kind", "person", "--json"],
    )
    .ended(8)
    .json();
    let hit = &said[0]["hits"][0];
    assert_eq!(hit["entry"], "101");
    assert!(
        hit["score"].as_f64().unwrap() > 0.42 && !hit["reasons"].as_array().unwrap().is_empty()
    );
}

#[test]
fn names_without_a_hit_end_with_nothing() {
    let said = screen("names.csv", "name,kind\nSomebody Elsetest,person\n", &[]).ended(0);
    assert_eq!(said.out, "Somebody Elsetest: no hit\n");
}

#[test]
fn another_generation_is_no_hit() {
    let text =
        "name,kind,born\nGrigory Orlovtest,person,1999\nGrigory Orlovtest,person,1962-05-04\n";
    let said = screen("names.csv", text, &["--json"]).ended(8).json();
    let score = |i: usize| said[i]["hits"][0]["score"].as_f64().unwrap_or(0.0);
    assert!(score(0) < score(1));
}

#[test]
fn a_roster_with_a_row_without_a_name_is_refused_with_its_line() {
    let said = screen("names.csv", "name,born\n,1962\n", &[]).ended(1);
    assert!(said.err.contains("line 2"), "{}", said.err);
}
