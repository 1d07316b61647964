//! Determinations: forty dated rules over a hundred thousand cases, loaded from data, beside OpenFisca
//! and a generated Python function in the same run; and the whole rulebook.
//!
//! `symbolon-bench rules --rules DIR [--python PATH] [--rounds 3]`, with `rules.json` and `cases.csv` in DIR.

mod table;
mod whole;

use crate::figures::{load_average, number, option};
use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use symbolon_law::Rulebook;
use symbolon_law::answer::Desk;
use symbolon_law::batch::Batch;
use symbolon_law::columns::Columns;
use symbolon_law::package::Package;
use symbolon_law::rule::Verdict;

/// Batch over each peer's batch, at least.
const BATCH_BAR: f64 = 8.0;
/// Explained batch over OpenFisca's unexplained one, at least.
const EXPLAINED_BAR: f64 = 1.0;
/// Microseconds for one explained determination, at most.
const SINGLE_BAR: f64 = 20.0;
/// Cases answered one by one.
const SINGLES: usize = 20_000;

/// Seconds of the rounds.
#[derive(Default)]
struct Rounds {
    batch: Vec<f64>,
    explained: Vec<f64>,
    single: Vec<f64>,
    openfisca: Vec<f64>,
    openfisca_single: Vec<f64>,
    python: Vec<f64>,
}

pub(crate) fn run(args: &[String]) -> Result<(), Box<dyn Error>> {
    let mut missed = whole::run()?;
    let Some(folder) = option(args, "--rules") else {
        println!("without --rules DIR only the whole rulebook is measured");
        return done(missed);
    };
    let rounds = number(option(args, "--rounds").unwrap_or("3"))?;
    let folder = Path::new(folder);
    let book = table::book(&folder.join("rules.json"))?;
    let columns = table::cases(&book, &folder.join("cases.csv"))?;
    let packages: Vec<Package> = (0..SINGLES.min(columns.rows))
        .map(|row| columns.package(row))
        .collect();
    println!(
        "{} rules, {} cases; {}",
        book.rules.len(),
        columns.rows,
        load_average()
    );
    let mut times = Rounds::default();
    let fingerprint = fired(&book, &columns).1;
    for _ in 0..rounds {
        times.batch.push(fired(&book, &columns).0);
        times.explained.push(explained(&book, &columns));
        times.single.push(singles(&book, &packages));
        if let Some(python) = option(args, "--python") {
            peers(python, folder, fingerprint, &mut times)?;
        }
    }
    missed.extend(report(&times, columns.rows, packages.len()));
    done(missed)
}

fn done(missed: Vec<String>) -> Result<(), Box<dyn Error>> {
    if missed.is_empty() {
        Ok(())
    } else {
        Err(missed.join("\n").into())
    }
}

/// Seconds for the fired mask of every case, and a fingerprint over the masks.
fn fired(book: &Rulebook, columns: &Columns) -> (f64, u64) {
    let begun = Instant::now();
    let mut masks = vec![0_u64; columns.rows];
    Batch::new(book, columns).run(|block| {
        let masks = &mut masks[block.first..block.first + block.rows];
        for rule in 0..book.rules.len() {
            for (mask, verdict) in masks.iter_mut().zip(block.of(rule)) {
                *mask |= u64::from(*verdict == Verdict::Refused as u8) << rule;
            }
        }
    });
    let seconds = begun.elapsed().as_secs_f64();
    (
        seconds,
        masks
            .iter()
            .fold(0, |h: u64, m| h.wrapping_mul(1_000_003).wrapping_add(*m)),
    )
}

/// Seconds for every case with rule, value, dates, citation and facts.
fn explained(book: &Rulebook, columns: &Columns) -> f64 {
    let begun = Instant::now();
    let explained = Batch::new(book, columns).explain();
    let mut seen = 0;
    for line in &explained.lines {
        let rule = explained.rule(book, line);
        let cites = explained
            .values(book, line)
            .map(|v| v.cite.len() + v.from as usize % 2)
            .sum::<usize>();
        seen += rule.id.len() + cites + explained.facts(line).len();
    }
    std::hint::black_box(seen);
    begun.elapsed().as_secs_f64()
}

/// Seconds for packages answered one by one, explained.
fn singles(book: &Rulebook, packages: &[Package]) -> f64 {
    let mut desk = Desk::new(book);
    let begun = Instant::now();
    for package in packages {
        std::hint::black_box(desk.answer(package));
    }
    begun.elapsed().as_secs_f64()
}

/// One round of the peers; their masks must be ours.
fn peers(
    python: &str,
    folder: &Path,
    fingerprint: u64,
    times: &mut Rounds,
) -> Result<(), Box<dyn Error>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/rules_peers.py");
    let output = Command::new(python).arg(script).arg(folder).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let said = String::from_utf8(output.stdout)?;
    for line in said.lines() {
        let mut words = line.split_whitespace();
        let (Some(name), Some(seconds)) = (words.next(), words.next()) else {
            continue;
        };
        let seconds: f64 = seconds.parse()?;
        match name {
            "openfisca" => times.openfisca.push(seconds),
            "openfisca-single" => times.openfisca_single.push(seconds),
            "python" => times.python.push(seconds),
            _ => {}
        }
        if let Some(theirs) = words.next().filter(|f| **f != *fingerprint.to_string()) {
            return Err(
                format!("{name} does not agree on what fired: {theirs}, {fingerprint}").into(),
            );
        }
    }
    Ok(())
}

fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

fn report(times: &Rounds, rows: usize, singles: usize) -> Vec<String> {
    let (batch, explained) = (median(&times.batch), median(&times.explained));
    let single = median(&times.single) / singles as f64 * 1e6;
    let rate = |seconds: f64| rows as f64 / seconds / 1e6;
    println!(
        "batch, fired masks            {:8.2} M cases/s",
        rate(batch)
    );
    println!(
        "batch, everything explained   {:8.2} M cases/s",
        rate(explained)
    );
    println!("one explained determination   {single:8.2} us");
    let mut missed = vec![];
    if single > SINGLE_BAR {
        missed.push(format!("one explained determination takes {single:.1} us"));
    }
    if times.openfisca.is_empty() {
        println!("without --python PATH no peer is run");
        return missed;
    }
    let mut against = |what: &str, ours: f64, theirs: f64, bar: f64| {
        println!("{what}: {:.1} times (bar {bar})", theirs / ours);
        if theirs / ours < bar {
            missed.push(format!("{what}: {:.1} times, below {bar}", theirs / ours));
        }
    };
    let (openfisca, python) = (median(&times.openfisca), median(&times.python));
    println!(
        "OpenFisca, one vectorised period {:5.2} M cases/s; generated Python {:5.2}; all agree",
        rate(openfisca),
        rate(python)
    );
    against("batch over OpenFisca", batch, openfisca, BATCH_BAR);
    against("batch over generated Python", batch, python, BATCH_BAR);
    against(
        "explained batch over OpenFisca unexplained",
        explained,
        openfisca,
        EXPLAINED_BAR,
    );
    let one = median(&times.openfisca_single) * 1e6;
    println!(
        "one determination: OpenFisca {one:.0} us, {:.0} times ours",
        one / single
    );
    missed
}
