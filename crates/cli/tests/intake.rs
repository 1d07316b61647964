//! Files of records on the command line: once, whole or not at all, also when it is killed half way.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{Instance, command};
use std::fmt::Write as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

const HEAD: &str = "title,domain,stated_by,baseline,partner\n";

/// A list of so many gaps, invented.
fn gaps(rows: usize) -> String {
    (0..rows).fold(HEAD.to_owned(), |mut out, i| {
        let _ = writeln!(out, "Gap number {i},training,office,Nobody is trained,MLI");
        out
    })
}

/// How many gaps there are.
fn stored(instance: &Instance) -> usize {
    let args = ["export", "records", "capability_gap", "--format", "ndjson"];
    let said = instance.run(&[&args[..], &["-o", "-"]].concat()).ended(0);
    said.out.lines().count()
}

/// Number of the newest entry that is not of an export.
fn entries(instance: &Instance) -> usize {
    let args = ["journal", "list", "--action", "capability_gap.import"];
    let args = [&args[..], &["--limit", "10000", "--json"]].concat();
    let said = instance.run(&args).ended(0).json();
    let list = said.as_array().or_else(|| said["entries"].as_array());
    list.map_or(0, Vec::len)
}

#[test]
fn the_same_list_twice_changes_nothing_and_a_dry_run_says_what_the_import_does() {
    let instance = Instance::new();
    let file = instance.file("gaps.csv", gaps(40));
    let import = ["import", "records", "capability_gap", &file, "--json"];
    let dry = instance
        .run(&[&import[..], &["--dry-run"]].concat())
        .ended(0)
        .json();
    assert_eq!(dry["counts"]["new"], 40);
    assert_eq!(stored(&instance), 0);
    let plan = dry["plan"].as_str().unwrap();
    let first = instance
        .run(&[&import[..], &["--plan", plan]].concat())
        .ended(0)
        .json();
    assert_eq!(
        (&first["counts"], &first["plan"]),
        (&dry["counts"], &dry["plan"])
    );
    assert_eq!((stored(&instance), entries(&instance)), (40, 40));
    let second = instance.run(&import).ended(0).json();
    assert_eq!(second["counts"]["same"], 40);
    assert_eq!(
        second["import"], "",
        "nothing was written, not even an import"
    );
    assert_eq!((stored(&instance), entries(&instance)), (40, 40));
    // The plan of before is not the plan of now.
    let stale = instance.run(&[&import[..], &["--plan", plan]].concat());
    assert_ne!(stale.code, 0, "{stale:?}");
    instance.run(&["journal", "verify"]).ended(0);
}

#[test]
fn refused_rows_go_to_a_file_that_can_be_corrected_and_given_again() {
    let instance = Instance::new();
    let bad = format!("{}Gap of nobody,swimming,office,None,MLI\n", gaps(3));
    let file = instance.file("gaps.csv", bad);
    let rest = instance.file("rest.csv", "");
    let import = ["import", "records", "capability_gap", &file];
    let said = instance.run(&[&import[..], &["--refused", &rest]].concat());
    assert_ne!(said.code, 0);
    assert!(said.err.contains("nothing was"), "{said:?}");
    assert_eq!(stored(&instance), 0, "all or nothing");
    let plan = said.err.split("--plan ").nth(1).unwrap();
    let plan = plan.split_whitespace().next().unwrap();
    let agreed = ["--plan", plan, "--leave-out-bad"];
    instance.run(&[&import[..], &agreed].concat()).ended(0);
    assert_eq!(stored(&instance), 3);
    let text = std::fs::read_to_string(&rest).unwrap();
    assert!(
        text.contains("import_reason") && text.contains("Gap of nobody"),
        "{text}"
    );
    let corrected = instance.file("rest.csv", text.replace("swimming", "training"));
    instance
        .run(&["import", "records", "capability_gap", &corrected])
        .ended(0);
    assert_eq!(stored(&instance), 4);
}

#[test]
fn an_import_of_records_killed_at_any_moment_leaves_all_or_nothing_r50() {
    const ROWS: usize = 1_500;
    let instance = Instance::new();
    let (file, data) = (instance.file("gaps.csv", gaps(ROWS)), instance.data());
    let args = ["import", "records", "capability_gap", &file, "--data"];
    let args = [&args[..], &[data.to_str().unwrap()]].concat();
    // A dry run tells how long reading takes; the import takes that twice, and writes.
    let begun = Instant::now();
    let dry = instance
        .run(&[&args[..4], &["--dry-run"]].concat())
        .ended(0);
    let whole = begun.elapsed();
    assert!(dry.out.contains("new 1,500"), "{dry:?}");
    let mut killed = 0;
    for eighth in 1_u32..=10 {
        let mut child = command(&args)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep((whole * eighth / 4).max(Duration::from_millis(20)));
        let over = child.try_wait().unwrap().is_some();
        child.kill().unwrap();
        child.wait().unwrap();
        let there = stored(&instance);
        assert!(
            there == 0 || there == ROWS,
            "killed at {eighth}/4: {there} of {ROWS}"
        );
        assert_eq!(entries(&instance), there, "killed at {eighth}/4");
        instance.run(&["journal", "checkpoint"]).ended(0);
        instance.run(&["journal", "verify"]).ended(0);
        if over || there == ROWS {
            break;
        }
        killed += 1;
    }
    assert!(
        killed > 0,
        "every import was over before it could be killed"
    );
    instance.run(&args[..4]).ended(0);
    assert_eq!(stored(&instance), ROWS);
    instance.run(&["journal", "verify"]).ended(0);
}
