//! Verification of a long journal, beside a chain check of the same entries in Python and sqlite3.

use crate::figures::{load_average, number, option};
use crate::instance::surroundings;
use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use symbolon_access::Viewer;
use symbolon_domain::{
    date::ValidTime,
    label::Label,
    record::{Envelope, RecordId},
};
use symbolon_store::{Change, Store, journal::Audit};
use symbolon_store_sql::SqlStore;

/// The log tree alone against Python.
const LOG_BAR: f64 = 3.0;
/// Entries a second with row binding: 10 million in ten minutes.
const BOUND_BAR: f64 = 10_000_000.0 / 600.0;
/// Memory at most, in MiB.
const MEMORY_BAR: u64 = 512;
/// Changes in one commit while the journal is made.
const BATCH: usize = 2000;

pub(crate) fn run(args: &[String]) -> Result<(), Box<dyn Error>> {
    let entries = number(option(args, "--entries").unwrap_or("1m"))?;
    let python = option(args, "--python").unwrap_or("python3");
    let directory = match option(args, "--on") {
        Some(place) => tempfile::tempdir_in(place)?,
        None => tempfile::tempdir()?,
    };
    let file = directory.path().join("journal.sqlite");
    let store = SqlStore::sqlite(&file, surroundings())?;
    let begun = Instant::now();
    fill(&store, entries)?;
    println!(
        "{}; {entries} entries made in {:.0} s",
        load_average(),
        begun.elapsed().as_secs_f64()
    );
    let (mut log, mut chain) = (vec![], vec![]);
    for _ in 0..3 {
        log.push(verified(&store, true)?);
        chain.push(python_chain(python, &file)?);
    }
    let bound = verified(&store, false)?;
    let (log, chain) = (middle(log), middle(chain));
    println!("log tree alone           {log:>10.0} entries/s");
    println!("Python and sqlite3 chain {chain:>10.0} entries/s");
    println!("with row binding         {bound:>10.0} entries/s (bar {BOUND_BAR:.0})");
    println!(
        "log tree against Python: {:.1} (bar {LOG_BAR})",
        log / chain
    );
    match peak() {
        Some(mib) => println!("memory at most: {mib} MiB (bar {MEMORY_BAR})"),
        None => println!("memory: the system does not say"),
    }
    Ok(())
}

fn middle(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

/// A journal in which each entry binds a row.
fn fill(store: &SqlStore, entries: usize) -> Result<(), Box<dyn Error>> {
    let today = jiff::civil::date(2026, 1, 1);
    let viewer = Viewer::system(today);
    let label = Label::public("USA");
    for from in (0..entries).step_by(BATCH) {
        let changes = (from..entries.min(from + BATCH))
            .map(|n| change(n, &label))
            .collect();
        store.write(&viewer, changes)?;
    }
    store.sign()?;
    Ok(())
}

fn change(n: usize, label: &Label) -> Change {
    let code = format!("bench-{n}");
    Change {
        envelope: Envelope {
            id: RecordId::named("source", &code),
            kind: "source".into(),
            version: 0,
            state: "current".into(),
            valid: ValidTime::default(),
            label: label.clone(),
            owner: "bench".into(),
            partner: String::new(),
            programme: String::new(),
            sources: vec![],
            claims: vec![],
            code,
        },
        body: serde_json::json!({"title": format!("Source {n}"), "publisher": "Bench", "url": "", "licence": "CC0"}),
        action: "source.create".into(),
        reason: String::new(),
        saw: vec![],
    }
}

fn verified(store: &SqlStore, log_only: bool) -> Result<f64, Box<dyn Error>> {
    let audit = Audit {
        log_only,
        ..Audit::default()
    };
    let begun = Instant::now();
    let found = store.audit(&audit)?;
    if found.exit_code() != 0 {
        return Err(format!("{:?} {:?}", found.faults, found.unknown).into());
    }
    Ok(found.entries as f64 / begun.elapsed().as_secs_f64())
}

/// The same entries hashed and chained in Python; entries a second.
fn python_chain(python: &str, file: &Path) -> Result<f64, Box<dyn Error>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/chain.py");
    let out = Command::new(python).arg(script).arg(file).output()?;
    let said = String::from_utf8(out.stdout)?;
    let rate = said.trim().parse();
    rate.map_err(|_| format!("{python}: {said}{}", String::from_utf8_lossy(&out.stderr)).into())
}

/// The most memory this process ever held, in MiB.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024)
}
