//! The whole rulebook over its own worked cases, repeated.

use crate::figures::load_average;
use std::error::Error;
use std::time::Instant;
use symbolon_law::batch::Batch;
use symbolon_law::columns::Columns;
use symbolon_law::package::Package;
use symbolon_law::replay::{Plan, Row, replay, span};
use symbolon_law::{Rulebook, Source, cases, lint};

/// Packages asked.
const PACKAGES: usize = 50_000;
/// Packages a second without and with explanations, at least.
const BARS: (f64, f64) = (100_000.0, 20_000.0);
/// Seconds for the lint, at most.
const LINT_BAR: f64 = 2.0;

/// Rows of the past: as many as the training report has.
const PAST: usize = 244_413;
/// Seconds for their replay, at most.
const REPLAY_BAR: f64 = 5.0;

/// Seconds for the replay of made-up rows over twenty years, every partner and four accounts.
fn replayed(source: &Source, book: &Rulebook) -> Result<f64, Box<dyn Error>> {
    let plan = Plan::read(source, book).map_err(|f| f.to_string())?;
    let partners = book.schema.vocabularies[0].words.len();
    let accounts = ["IMET", "FMF", "PKO", "S333"].map(|a| plan.authority(a));
    let row = |i: usize| {
        let year = 1999 + (i % 20) as i64;
        let start = (!i.is_multiple_of(3)).then_some(10_500 + (i % 7_300) as i64);
        let (first, last) = span(start, Some(year));
        Row {
            partner: (i % partners) as i64,
            authority: accounts[i / 7 % 4],
            first,
            last,
        }
    };
    let rows: Vec<Row> = (0..PAST).map(row).collect();
    let begun = Instant::now();
    let hits = replay(book, &plan, &rows).len();
    let seconds = begun.elapsed().as_secs_f64();
    if hits == 0 {
        return Err("nothing was found in the past".into());
    }
    Ok(seconds)
}

/// Measures; what fell short.
pub(super) fn run() -> Result<Vec<String>, Box<dyn Error>> {
    let source = Source::embedded();
    let book = Rulebook::load(&source).map_err(|f| f[0].to_string())?;
    let cases = cases::read(&source, &book.schema).map_err(|f| f[0].to_string())?;
    let packages: Vec<Package> = cases
        .iter()
        .map(|c| Package {
            assume: true,
            ..c.package.clone()
        })
        .cycle()
        .take(PACKAGES)
        .collect();
    let columns = Columns::of(&book.schema, &packages);
    let begun = Instant::now();
    let outcomes = Batch::new(&book, &columns).outcomes();
    let plain = outcomes.len() as f64 / begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    let lines = Batch::new(&book, &columns).explain().lines.len();
    let explained = outcomes.len() as f64 / begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    let faults = lint::lint(&source).len();
    let linted = begun.elapsed().as_secs_f64();
    println!(
        "whole rulebook: {} rules, {} nodes; {}",
        book.rules.len(),
        book.tables.nodes.len(),
        load_average()
    );
    println!(
        "  {plain:.0} packages/s (bar {:.0}); with explanations {explained:.0} (bar {:.0}), {lines} lines",
        BARS.0, BARS.1
    );
    println!("  lint {linted:.2} s (bar {LINT_BAR} s), {faults} faults");
    let seconds = replayed(&source, &book)?;
    println!(
        "  replay of {PAST} rows {seconds:.2} s, reading of the report not counted (bar {REPLAY_BAR} s)"
    );
    let mut missed = vec![];
    if seconds > REPLAY_BAR {
        missed.push("the replay is too slow".to_owned());
    }
    if plain < BARS.0 || explained < BARS.1 {
        missed.push("the whole rulebook is too slow".to_owned());
    }
    if linted > LINT_BAR || faults > 0 {
        missed.push("the lint is too slow or finds faults".to_owned());
    }
    Ok(missed)
}
