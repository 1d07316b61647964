//! The whole rulebook over its own worked cases, repeated.

use crate::figures::load_average;
use std::error::Error;
use std::time::Instant;
use symbolon_law::batch::Batch;
use symbolon_law::columns::Columns;
use symbolon_law::package::Package;
use symbolon_law::{Rulebook, Source, cases, lint};

/// Packages asked.
const PACKAGES: usize = 50_000;
/// Packages a second without and with explanations, at least.
const BARS: (f64, f64) = (100_000.0, 20_000.0);
/// Seconds for the lint, at most.
const LINT_BAR: f64 = 2.0;

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
    let mut missed = vec![];
    if plain < BARS.0 || explained < BARS.1 {
        missed.push("the whole rulebook is too slow".to_owned());
    }
    if linted > LINT_BAR || faults > 0 {
        missed.push("the lint is too slow or finds faults".to_owned());
    }
    Ok(missed)
}
