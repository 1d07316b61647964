//! The rulebook that ships: it loads, and every worked case comes out as written.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

use symbolon_law::{Rulebook, Source, cases};

fn shown(faults: &[symbolon_law::LawError]) -> String {
    faults.iter().map(|f| format!("{f}\n")).collect()
}

#[test]
fn every_worked_case_comes_out_as_written() {
    let source = Source::embedded();
    let book = Rulebook::load(&source).map_err(|e| shown(&e)).unwrap();
    let cases = cases::read(&source, &book.schema)
        .map_err(|e| shown(&e))
        .unwrap();
    let failed = cases::run(&book, &cases);
    assert!(
        failed.is_empty(),
        "{} of {} cases:\n{}",
        failed.len(),
        cases.len(),
        shown(&failed)
    );
}

#[test]
fn the_rulebook_passes_its_own_lint() {
    let faults = symbolon_law::lint::lint(&Source::embedded());
    assert!(faults.is_empty(), "{}", shown(&faults));
}

#[test]
fn no_mutant_of_a_stable_rule_survives() {
    let outcome = symbolon_law::mutate::mutate(&Source::embedded())
        .map_err(|e| shown(&e))
        .unwrap();
    assert!(outcome.mutants > 500, "only {} mutants", outcome.mutants);
    let survivors: Vec<String> = outcome
        .survivors
        .iter()
        .map(|s| format!("{}: {}\n", s.rule, s.change))
        .collect();
    assert!(
        survivors.is_empty(),
        "{} of {}:\n{}",
        survivors.len(),
        outcome.mutants,
        survivors.concat()
    );
}
