//! The disk fails in the ways disks fail, injected with strace into a writer of its own: a sync before
//! each answer, a failed sync is final, a full disk refuses writes and is left again
//! without a restart.
//!
//! `SYMBOLON_FULL_PLACES` says at how many places the disk is full (20 if it is not set, 200 nightly).
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{partner, system};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use symbolon_domain::{label::Label, record::RecordId};
use symbolon_store::{
    Store, StoreError,
    query::{RecordQuery, Test, Value},
};
use symbolon_store_sql::SqlStore;

/// Where the started writer finds its database; absent in the test itself.
const PLACE: &str = "SYMBOLON_DURABLE_PLACE";
/// How many records it tries to write.
const WRITES: &str = "SYMBOLON_DURABLE_WRITES";

fn open(file: &Path, seed: u64) -> SqlStore {
    SqlStore::sqlite(file, symbolon_testkit::surroundings(seed)).unwrap()
}

fn id(number: u64) -> RecordId {
    RecordId::named("partner", &number.to_string())
}

/// The writer: one record after the other; each answer is a line of its own, written at once.
#[test]
#[ignore = "started by the other tests of this file"]
fn writer() {
    let Ok(place) = std::env::var(PLACE) else {
        return;
    };
    let writes: u64 = std::env::var(WRITES).unwrap().parse().unwrap();
    let store = open(Path::new(&place), 3);
    for number in 0..writes {
        let mut change = partner("NGA", "A partner", Label::public("USA"));
        change.envelope.code = format!("n{number}");
        change.envelope.id = id(number);
        let answer = match store.write(&system(), vec![change]) {
            Ok(_) => "acknowledged",
            Err(StoreError::Full) => "full",
            Err(StoreError::NotDurable) => "not-durable",
            Err(e) => {
                eprintln!("{e}");
                "failed"
            }
        };
        // Reads go on whatever became of the write.
        let all = store.count(&system(), "partner", &RecordQuery::default());
        let read = if all.is_ok() {
            "readable"
        } else {
            "unreadable"
        };
        let line = format!("{answer} {number} {read}\n");
        let mut out = std::io::stdout().lock();
        out.write_all(line.as_bytes()).unwrap();
        out.flush().unwrap();
    }
}

/// Whether strace can look into a program here.
fn strace() -> bool {
    let tried = Command::new("strace")
        .args(["-o", "/dev/null", "true"])
        .output();
    let works = tried.is_ok_and(|o| o.status.success());
    if !works {
        println!("SKIPPED: failures of the disk; strace is missing or may not trace");
    }
    works
}

/// Runs the writer under strace; its answers, and what was traced.
fn traced(file: &Path, writes: u64, options: &[&str]) -> (Vec<String>, String) {
    let trace = file.with_extension("trace");
    let Output { stdout, .. } = Command::new("strace")
        .args(["-f", "-o"])
        .arg(&trace)
        .args(options)
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "writer", "--ignored", "--nocapture"])
        .env(PLACE, file)
        .env(WRITES, writes.to_string())
        .stderr(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&stdout).into_owned();
    let words = ["acknowledged ", "full ", "not-durable ", "failed "];
    let answers = text
        .lines()
        .filter(|l| words.iter().any(|w| l.starts_with(w)));
    (
        answers.map(str::to_owned).collect(),
        std::fs::read_to_string(trace).unwrap_or_default(),
    )
}

/// After a run: what was acknowledged is there, what was refused is not, and the journal is sound.
fn agrees(file: &Path, answers: &[String]) {
    let store = open(file, 9);
    for line in answers {
        let mut words = line.split(' ');
        let (answer, number) = (words.next().unwrap(), words.next().unwrap());
        let wanted = id(number.parse().unwrap()).to_string();
        let query = RecordQuery::default().when("id", Test::Is(Value::Text(wanted)));
        let there = store.count(&system(), "partner", &query).unwrap();
        match answer {
            "acknowledged" => assert_eq!(there, 1, "{line}: it is lost"),
            // A commit whose sync failed may or may not have reached the disk.
            "not-durable" => {}
            _ => assert_eq!(there, 0, "{line}: it was refused and is there"),
        }
    }
    let verification = store.verify(None, None).unwrap();
    assert_eq!(verification.faults, Vec::<String>::new());
}

fn prepared(directory: &Path, name: &str) -> std::path::PathBuf {
    let file = directory.join(name);
    drop(open(&file, 1));
    file
}

#[test]
fn a_sync_comes_before_each_answer() {
    if !strace() {
        return;
    }
    let directory = symbolon_testkit::directory();
    let file = prepared(directory.path(), "synced.sqlite");
    let calls = ["-e", "trace=fdatasync,fsync,write"];
    let (answers, trace) = traced(&file, 40, &calls);
    assert_eq!(answers.len(), 40);
    let mut synced = false;
    let mut seen = 0;
    for line in trace.lines() {
        if (line.contains("fdatasync(") || line.contains("fsync(")) && line.contains("= 0") {
            synced = true;
        } else if line.contains("\"acknowledged ") {
            assert!(synced, "no sync before: {line}");
            synced = false;
            seen += 1;
        }
    }
    assert_eq!(seen, 40);
}

#[test]
fn a_failed_sync_is_final() {
    if !strace() {
        return;
    }
    let directory = symbolon_testkit::directory();
    let file = prepared(directory.path(), "eio.sqlite");
    // Only one sync fails; all the later ones would succeed, and must not be asked.
    let inject = [
        "-e",
        "trace=fsync,fdatasync",
        "-e",
        "inject=fsync,fdatasync:error=EIO:when=8",
    ];
    let (answers, trace) = traced(&file, 20, &inject);
    let first = answers.iter().position(|a| a.starts_with("not-durable"));
    let first = first.unwrap_or_else(|| panic!("{answers:?}\n{trace}"));
    assert!(first > 0, "{answers:?}");
    assert!(
        answers[..first]
            .iter()
            .all(|a| a.starts_with("acknowledged"))
    );
    assert!(
        answers[first..]
            .iter()
            .all(|a| a.starts_with("not-durable")),
        "{answers:?}"
    );
    assert!(
        answers.iter().all(|a| a.ends_with(" readable")),
        "{answers:?}"
    );
    let after = trace.split("INJECTED").nth(1).unwrap();
    assert!(!after.contains("sync("), "a sync was tried again");
    agrees(&file, &answers);
}

fn places() -> u64 {
    let wanted = std::env::var("SYMBOLON_FULL_PLACES").ok();
    wanted.and_then(|n| n.parse().ok()).unwrap_or(20)
}

#[test]
fn a_full_disk_refuses_writes_and_is_left_without_a_restart() {
    if !strace() {
        return;
    }
    let directory = symbolon_testkit::directory();
    let mut full = 0;
    for place in 0..places() {
        let file = prepared(directory.path(), &format!("full-{place}.sqlite"));
        // Later than what opening writes.
        let from = 12 + place * 200 / places();
        let inject = format!("inject=pwrite64:error=ENOSPC:when={from}..{}", from + 5);
        let (answers, _) = traced(&file, 30, &["-e", "trace=pwrite64", "-e", &inject]);
        assert_eq!(answers.len(), 30, "place {place}: {answers:?}");
        assert!(
            answers.iter().all(|a| a.ends_with(" readable")),
            "place {place}: {answers:?}"
        );
        assert!(
            !answers.iter().any(|a| a.starts_with("failed")),
            "place {place}: {answers:?}"
        );
        assert!(
            answers[29].starts_with("acknowledged"),
            "place {place}: {answers:?}"
        );
        full += answers.iter().filter(|a| a.starts_with("full")).count();
        agrees(&file, &answers);
    }
    println!("{full} writes refused at {} places", places());
    assert!(
        full as u64 >= places() / 2,
        "{full} writes met the full disk"
    );
}
