//! Killed half way, nothing is there.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{Instance, command, shipped};
use std::process::Stdio;
use std::time::Duration;

/// Moments after the start, milliseconds, from a fixed seed: the same in every run.
fn moments(n: usize) -> Vec<u64> {
    let mut state: u64 = 0x5eed_2026;
    let next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        50 + (state >> 33) % 2_000
    };
    std::iter::repeat_with(next).take(n).collect()
}

#[test]
fn an_import_killed_at_any_moment_leaves_all_or_nothing() {
    let instance = Instance::new();
    let (file, data) = (shipped(), instance.data());
    let args = [
        "import",
        "fmtr",
        file.to_str().unwrap(),
        "--data",
        data.to_str().unwrap(),
    ];
    let mut before = instance.state();
    let mut killed = 0;
    for moment in moments(6) {
        let mut child = command(&args)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(moment));
        if child.try_wait().unwrap().is_none() {
            killed += 1;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let after = instance.state();
        let rows = after
            .0
            .as_array()
            .unwrap()
            .first()
            .map(|d| d["dataset"]["rows"].as_i64());
        match rows {
            None => assert_eq!(after, before, "killed after {moment} ms"),
            Some(rows) => assert_eq!(rows, Some(253_929), "killed after {moment} ms"),
        }
        instance.run(&["journal", "checkpoint"]).ended(0);
        instance.run(&["journal", "verify"]).ended(0);
        before = instance.state();
    }
    assert!(
        killed > 0,
        "every import was over before it could be killed"
    );
    instance.run(&args[..3]).ended(0);
    let said = instance
        .run(&["journal", "verify", "--json"])
        .ended(0)
        .json();
    assert!(said["rows"].as_i64().is_some_and(|n| n > 253_929), "{said}");
}
