//! Attacks with SQL and with a hex editor: every table, every column, rows, numbers, tails, schema and
//! bytes. Verification must see each one, and must find nothing in a database that nobody touched.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

#[path = "tamper/attacks.rs"]
mod attacks;
#[path = "tamper/bench.rs"]
mod bench;
mod common;
#[path = "tamper/fixture.rs"]
mod fixture;
#[path = "tamper/forgery.rs"]
mod forgery;
#[path = "tamper/raw.rs"]
mod raw;

use attacks::{Attack, Random};
use bench::{Bench, Tally};

/// Runs a test on every engine there is.
fn both(test: impl Fn(&mut Bench)) {
    both_with(0, test);
}

/// The same over a journal that is longer by so many entries.
fn both_with(more: usize, test: impl Fn(&mut Bench)) {
    test(&mut Bench::sqlite(more));
    if let Some(mut bench) = Bench::postgres(more) {
        test(&mut bench);
    }
}

fn run(bench: &mut Bench, attacks: Vec<Attack>) -> Tally {
    let mut tally = Tally::default();
    for attack in bench.choose(attacks) {
        let outcome = bench.attack(&attack);
        tally.take(&attack, outcome);
    }
    tally.report(bench.engine());
    tally
}

#[test]
fn an_untouched_database_is_sound() {
    both(|bench| {
        let verification = bench.verify().unwrap();
        assert_eq!(verification.faults, Vec::<String>::new());
        assert_eq!(verification.exit_code(), 0);
        assert!(verification.rows > 60, "{} rows", verification.rows);
    });
}

#[test]
fn every_column_of_every_table_is_watched() {
    both(|bench| {
        let tables = bench.tables();
        let attacks = tables.iter().flat_map(attacks::on_columns).collect();
        let tally = run(bench, attacks);
        assert_eq!(tally.unseen, Vec::<String>::new());
        let columns: usize = tables.iter().map(|t| t.columns.len()).sum();
        let wanted = if bench.engine() == "SQLite" {
            columns * 9 / 10
        } else {
            30
        };
        assert!(
            tally.seen >= wanted,
            "{} seen, {columns} columns",
            tally.seen
        );
    });
}

#[test]
fn rows_cannot_be_removed_added_swapped_or_renumbered() {
    both(|bench| {
        let attacks = bench.tables().iter().flat_map(attacks::on_rows).collect();
        let tally = run(bench, attacks);
        assert_eq!(tally.unseen, Vec::<String>::new());
        assert!(tally.seen >= 30, "{} seen", tally.seen);
    });
}

#[test]
fn stored_hashes_of_the_tree_are_watched() {
    both_with(540, |bench| {
        assert_eq!(bench.verify().unwrap().faults, Vec::<String>::new());
        let tables = bench.tables();
        let table = tables.iter().find(|t| t.name == "journal_tile").unwrap();
        let mut attacks = attacks::on_columns(table);
        attacks.extend(attacks::on_rows(table));
        let tally = run(bench, attacks);
        assert_eq!(tally.unseen, Vec::<String>::new());
        assert!(tally.seen >= 4, "{} seen", tally.seen);
    });
}

#[test]
fn the_tail_cannot_be_cut_or_rolled_back_behind_a_witness() {
    both(|bench| {
        let attacks = attacks::on_the_tail(bench.sizes(), bench.changed_partner());
        let tally = run(bench, attacks);
        assert_eq!(tally.unseen, Vec::<String>::new());
        assert!(tally.seen >= 6, "{} seen", tally.seen);
    });
}

#[test]
fn an_entry_cannot_be_forged_without_the_key() {
    both(|bench| {
        let attacks = forgery::all(bench);
        let tally = run(bench, attacks);
        assert_eq!(tally.unseen, Vec::<String>::new());
        assert!(tally.seen >= 4, "{} seen", tally.seen);
    });
}

#[test]
fn the_schema_is_the_programs_own() {
    both(|bench| {
        let attacks = attacks::on_schema(bench.engine(), &bench.tables());
        let tally = run(bench, attacks);
        assert_eq!(tally.unseen, Vec::<String>::new());
        assert!(tally.seen >= 12, "{} seen", tally.seen);
    });
}

#[test]
fn no_random_cell_can_be_changed_unseen() {
    both(|bench| {
        let tables = bench.tables();
        let mut random = Random::new(7600);
        let mut tally = Tally::default();
        let mut tries = 0;
        let wanted = if bench.engine() == "SQLite" { 300 } else { 60 };
        while tally.seen < wanted && tries < 3000 {
            tries += 1;
            let attack = attacks::random_cell(&tables, &mut random);
            let outcome = bench.attack(&attack);
            tally.take(&attack, outcome);
        }
        tally.report(bench.engine());
        assert_eq!(tally.unseen, Vec::<String>::new());
        assert!(tally.seen >= wanted, "{} seen", tally.seen);
    });
}

#[test]
fn three_hundred_flipped_bytes_that_change_what_can_be_read_are_seen() {
    let mut bench = Bench::sqlite(0);
    let mut random = Random::new(36);
    let (mut flips, mut readable, mut unseen) = (0, 0, vec![]);
    while readable < 300 && flips < 6000 {
        flips += 1;
        let at = random.below(bench.bytes().len());
        let mask = 1 << random.below(8);
        let outcome = bench.flip(at, mask);
        readable += usize::from(outcome.readable);
        if outcome.readable && !outcome.seen {
            unseen.push(format!("byte {at} xor {mask:#x}: {}", outcome.said));
        }
    }
    println!("{flips} flips, {readable} of them readable");
    assert_eq!(unseen, Vec::<String>::new());
    assert_eq!(readable, 300);
}
