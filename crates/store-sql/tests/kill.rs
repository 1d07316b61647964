//! Kill -9 at random moments: nothing that was acknowledged is lost, nothing is doubled, and the
//! journal is sound. The writer is this very test program, started again.
//!
//! `SYMBOLON_KILL_ROUNDS` says how many rounds (20 if it is not set).
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{partner, system};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use symbolon_domain::{label::Label, record::RecordId};
use symbolon_store::{
    Store,
    journal::JournalFilter,
    query::{RecordQuery, Test, Value},
};
use symbolon_store_sql::SqlStore;

/// Where the started writer finds its database; absent in the test itself.
const PLACE: &str = "SYMBOLON_KILL_PLACE";
/// The first number it writes.
const FIRST: &str = "SYMBOLON_KILL_FIRST";

fn open(place: &str, seed: u64) -> SqlStore {
    let around = symbolon_testkit::surroundings(seed);
    if place.starts_with("postgres:") {
        SqlStore::postgres(place, around).unwrap()
    } else {
        SqlStore::sqlite(Path::new(place), around).unwrap()
    }
}

/// The writer: one record a write, from four threads, each number printed when it is acknowledged.
#[test]
#[ignore = "started by the other tests of this file"]
fn writer() {
    let Ok(place) = std::env::var(PLACE) else {
        return;
    };
    let first: u64 = std::env::var(FIRST).unwrap().parse().unwrap();
    let store = open(&place, first + 1);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let store = &store;
            scope.spawn(move || {
                for number in (first + thread..).step_by(4) {
                    let mut change = partner("NGA", "A partner", Label::public("USA"));
                    change.envelope.code = format!("n{number}");
                    change.envelope.id = RecordId::named("partner", &number.to_string());
                    store.write(&system(), vec![change]).unwrap();
                    if number % 50 == 0 {
                        store.sign().unwrap();
                    }
                    let mut out = std::io::stdout().lock();
                    writeln!(out, "acknowledged {number}").unwrap();
                    out.flush().unwrap();
                }
            });
        }
    });
}

fn start(place: &str, first: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "writer", "--ignored", "--nocapture"])
        .env(PLACE, place)
        .env(FIRST, first.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Lets a writer work for a while and kills it; gives back what it was told is safe.
fn round(place: &str, first: u64, patience: Duration) -> BTreeSet<u64> {
    let mut child = start(place, first);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let reader = std::thread::spawn(move || {
        let mut heard = BTreeSet::new();
        while let Some(Ok(line)) = lines.next() {
            // Half a line at the end of a killed program is no acknowledgement.
            if let Some(number) = line.strip_prefix("acknowledged ") {
                heard.insert(number.parse().unwrap());
            }
        }
        heard
    });
    std::thread::sleep(patience);
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap()
}

fn rounds() -> u64 {
    let wanted = std::env::var("SYMBOLON_KILL_ROUNDS").ok();
    wanted.and_then(|n| n.parse().ok()).unwrap_or(20)
}

fn survives(place: &str) {
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let (mut safe, mut first) = (BTreeSet::new(), 0);
    drop(open(place, 1));
    for _ in 0..rounds() {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let heard = round(place, first, Duration::from_millis(40 + seed % 260));
        first = heard.last().map_or(first, |n| n + 100_000);
        safe.extend(heard);
        check(place, &safe);
    }
    println!("{} acknowledged writes over {} kills", safe.len(), rounds());
    assert!(safe.len() as u64 > rounds(), "the writer hardly wrote");
}

fn check(place: &str, safe: &BTreeSet<u64>) {
    let store = open(place, 99);
    for number in safe {
        let id = RecordId::named("partner", &number.to_string());
        let query = RecordQuery::default().when("id", Test::Is(Value::Text(id.to_string())));
        let there = store.count(&system(), "partner", &query).unwrap();
        assert_eq!(there, 1, "write {number} was acknowledged and is lost");
    }
    let rows = store
        .count(&system(), "partner", &RecordQuery::default())
        .unwrap();
    let filter = JournalFilter {
        object: "partner/".into(),
        limit: u32::MAX >> 1,
        ..JournalFilter::default()
    };
    let entries = store.entries(&system(), &filter).unwrap();
    let objects: BTreeSet<&str> = entries.iter().map(|e| e.entry.object.as_str()).collect();
    assert_eq!(objects.len(), entries.len(), "an entry was written twice");
    assert_eq!(entries.len() as u64, rows, "entries and rows differ");
    let verification = store.verify(None, None).unwrap();
    assert_eq!(verification.faults, Vec::<String>::new());
}

#[test]
fn no_acknowledged_write_is_lost_on_sqlite() {
    let directory = symbolon_testkit::directory();
    survives(directory.path().join("killed.sqlite").to_str().unwrap());
}

#[test]
fn no_acknowledged_write_is_lost_on_postgresql() {
    if let Some(url) = symbolon_testkit::postgres_database() {
        survives(&url);
    }
}
