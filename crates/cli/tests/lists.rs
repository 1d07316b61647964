//! `lists`: a version loaded, listed, compared; what was refused is told with file and line.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::run;

#[test]
fn versions_are_loaded_listed_and_compared() {
    let place = tempfile::tempdir().unwrap();
    let home = place.path().join("home");
    let home = home.to_str().unwrap();
    run(&["init", "--data", home]).ended(0);
    let load = |name: &str, text: &str, day: &str| {
        let file = place.path().join(name);
        std::fs::write(&file, text).unwrap();
        let file = file.to_str().unwrap();
        run(&[
            "lists", "load", file, "--list", "denied", "--day", day, "--data", home,
        ])
    };
    let first = load(
        "a.csv",
        "id,name\n1,TESTBANK\n2,OTHERTEST\n,\n",
        "2025-01-01",
    )
    .ended(0);
    assert!(first.out.contains("2 entries; 2 added"), "{}", first.out);
    assert!(first.out.contains("a.csv:4:0"), "{}", first.out);
    load(
        "b.csv",
        "id,name\n1,TESTBANK LIMITED\n3,NEWTEST\n",
        "2026-01-01",
    )
    .ended(0);
    let all = run(&["lists", "--data", home, "--json"]).ended(0).json();
    assert_eq!(all[1]["code"], "denied.2026-01-01");
    assert_eq!(
        (&all[0]["current"], &all[1]["current"]),
        (&false.into(), &true.into())
    );
    let diff = run(&[
        "lists",
        "diff",
        "denied.2025-01-01",
        "denied",
        "--data",
        home,
    ])
    .ended(0);
    assert!(
        diff.out
            .starts_with("1 added, 1 changed, 1 removed\n+ 3 NEWTEST\n~ 1 TESTBANK LIMITED\n"),
        "{}",
        diff.out
    );
    let doubts = run(&[
        "lists",
        "doubts",
        "denied.2025-01-01",
        "--data",
        home,
        "--json",
    ]);
    assert_eq!(doubts.ended(0).json()[0]["line"], 4);
    // A day that is there already is refused, and nothing is half there.
    load("c.csv", "id,name\n9,LATETEST\n", "2026-01-01").ended(5);
    run(&["journal", "verify", "--data", home]).ended(0);
}
