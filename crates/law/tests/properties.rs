//! What holds for any package: stating a fact that was not known never turns a definite answer round,
//! and the same question gets the same answer.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

use proptest::prelude::*;
use std::sync::OnceLock;
use symbolon_law::Rulebook;
use symbolon_law::answer::{Desk, Outcome};
use symbolon_law::package::Package;
use symbolon_law::rule::Verdict;
use symbolon_law::schema::{Type, UNKNOWN};

fn book() -> &'static Rulebook {
    static BOOK: OnceLock<Rulebook> = OnceLock::new();
    BOOK.get_or_init(|| Rulebook::embedded().unwrap())
}

/// A value of a fact from a random number; amounts near thresholds, days near changes.
fn value(fact: usize, seed: u64) -> i64 {
    let schema = &book().schema;
    match schema.facts[fact].kind {
        Type::Bool => (seed % 2) as i64,
        Type::Word(v) => (seed % schema.vocabularies[usize::from(v)].words.len() as u64) as i64,
        Type::Date => {
            let days: Vec<i64> = book()
                .tables
                .values
                .iter()
                .flat_map(|v| &v.rows)
                .map(|r| r.from)
                .collect();
            days[seed as usize % days.len()] + (seed / 7 % 3) as i64 - 1
        }
        Type::Money => {
            [0, 700_000_000, 1_400_000_000, 2_500_000_000, 10_000_000_000][seed as usize % 5]
                + (seed % 3) as i64 * 100
                - 100
        }
        Type::Int => (seed % 30) as i64 + 2_000 * (seed % 2) as i64,
        Type::Rate => (seed % 100_000) as i64,
    }
}

fn package(seeds: &[(bool, u64)], assume: bool) -> Package {
    let mut package = Package::empty(&book().schema);
    for (i, (known, seed)) in seeds.iter().enumerate().take(package.facts.len()) {
        if *known {
            package.facts[i] = value(i, *seed);
        }
    }
    package.assume = assume;
    package
}

fn seeds() -> impl Strategy<Value = Vec<(bool, u64)>> {
    let n = book().schema.facts.len();
    proptest::collection::vec((proptest::bool::weighted(0.6), any::<u64>()), n)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn stating_a_fact_never_turns_a_definite_answer_round(seeds in seeds(), at in any::<prop::sample::Index>(), seed in any::<u64>()) {
        let before = package(&seeds, false);
        let unknown: Vec<usize> = (0..before.facts.len()).filter(|i| before.facts[*i] == UNKNOWN).collect();
        prop_assume!(!unknown.is_empty());
        let fact = unknown[at.index(unknown.len())];
        let mut after = before.clone();
        after.facts[fact] = value(fact, seed);
        // A derived fact that is stated replaces what was derived: only facts without derivation add knowledge.
        prop_assume!(book().schema.facts[fact].derive.is_none());
        let mut desk = Desk::new(book());
        let (a, b) = (desk.answer(&before).outcome, desk.answer(&after).outcome);
        prop_assert!(a != Outcome::Refused || b == Outcome::Refused, "refused, then {b:?}");
        prop_assert!(a != Outcome::Allowed || b == Outcome::Allowed, "allowed, then {b:?}");
        let (va, vb) = (desk.verdicts(&before), desk.verdicts(&after));
        for (i, (x, y)) in va.iter().zip(&vb).enumerate() {
            let settled = matches!(x, Verdict::Refused | Verdict::Lifted | Verdict::Met);
            prop_assert!(!settled || x == y, "{}: {x:?}, then {y:?}", book().rules[i].id);
        }
    }

    #[test]
    fn the_same_question_gets_the_same_answer(seeds in seeds(), assume in any::<bool>()) {
        let p = package(&seeds, assume);
        let (mut one, mut other) = (Desk::new(book()), Desk::new(book()));
        prop_assert_eq!(one.verdicts(&p), other.verdicts(&p));
        prop_assert_eq!(one.answer(&p).outcome, other.outcome(&p));
    }

    #[test]
    fn an_unknown_answer_always_says_what_would_settle_it(seeds in seeds()) {
        let p = package(&seeds, false);
        let mut desk = Desk::new(book());
        let answer = desk.answer(&p);
        if answer.outcome == Outcome::CannotTell {
            prop_assert!(!answer.missing().is_empty());
        }
    }
}
