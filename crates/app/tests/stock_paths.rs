//! What comes from stock, walked at random: no path leads past its gates.
#![allow(clippy::unwrap_used, reason = "tests stop where something is wrong")]

mod common;
#[path = "common/thread.rs"]
mod programme;
#[path = "common/stock.rs"]
mod stock;

use common::on_sqlite;
use jiff::civil::date;
use programme::Thread;
use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};
use serde_json::json;
use std::{cell::RefCell, collections::BTreeSet};
use stock::{authorisation, baseline, case, noticed, sets};
use symbolon_app::App;
use symbolon_domain::{kind::Transition, kinds, record::RecordId};

/// However the moves come, by whomever: nothing from stock is with the partner that was not released, vetted and
/// within what was authorised.
#[test]
fn no_path_leads_past_the_gates_of_stock() {
    let config = ProptestConfig {
        cases: 32,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let moves = prop::collection::vec((0_usize..3, 0_usize..12, 0_usize..3), 120);
    let world = (
        prop::bool::weighted(0.8),
        39_u32..43,
        7_999_999_u32..8_000_002,
        prop::bool::weighted(0.8),
    );
    let reached = RefCell::new(BTreeSet::new());
    // The same walks each time: whether they came far is asked at the end.
    let chance = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let run = TestRunner::new_with_rng(config, chance).run(&(world, moves), |(world, moves)| {
        on_sqlite(|app| walked(app, world, &moves, &mut reached.borrow_mut()));
        Ok(())
    });
    run.unwrap();
    let reached = reached.into_inner();
    for state in [
        "excess_article transferred",
        "case implemented",
        "drawdown shipped",
    ] {
        assert!(reached.contains(state), "{state}: {reached:?}");
    }
}

fn walked(
    app: &App,
    (noticed, authorized, value, cleared): (bool, u32, u32, bool),
    moves: &[(usize, usize, usize)],
    reached: &mut BTreeSet<String>,
) {
    let t = Thread::new(app);
    let m = Stock::new(&t, noticed, authorized, value);
    let by = [&t.manager, &t.lawyer, &t.desk];
    if cleared {
        t.vet(m.unit, true, date(2025, 12, 1), date(2026, 12, 1));
    }
    for (which, at, who) in moves {
        let (kind, id) = m.all[*which];
        let state = t.get(kind, id).envelope.state;
        reached.insert(format!("{kind} {state}"));
        let def = kinds::by_code(kind).unwrap();
        let way = |s: &&Transition| s.leads_from(&state) && (!s.reason || at + who == 12);
        let from: Vec<_> = def.transitions.iter().filter(way).collect();
        if let Some(step) = from.get(at % from.len().max(1)) {
            let _ = t.step(by[*who], kind, id, step.code);
        }
        m.holds(&t, noticed, authorized, value, cleared);
    }
}

/// An excess article with its case, and a drawdown, each as far filled in as its moves need.
struct Stock {
    all: [(&'static str, RecordId); 3],
    unit: RecordId,
}

impl Stock {
    fn new(t: &Thread<'_>, notices: bool, authorized: u32, value: u32) -> Self {
        let initiative = baseline(t);
        if notices {
            noticed(t, initiative, "eda-grant", "2025-11-10");
            noticed(t, initiative, "pda-506a1", "2025-12-04");
        }
        let case = case(t, initiative, "eda-grant", (40, "200000.00"));
        t.set(&t.manager, "case", case, json!({"accepted": "2025-12-28"}))
            .unwrap();
        let article = sets(t, initiative, "Night-vision sets", "200000.00");
        let unit = t.unit();
        let asked = json!({"quantity": 50, "case": case, "unit": unit, "collected": "2025-12-30",
            "transferred": "2025-12-31", "transfer_evidence": "Receipt"});
        t.set(&t.manager, "excess_article", article, asked).unwrap();
        let authorisation = authorisation(authorized, "200000.00");
        t.set(&t.manager, "excess_article", article, authorisation)
            .unwrap();
        let drawdown = t.make(&t.manager, "drawdown", json!({
            "title": "Boats", "initiative": initiative, "authority": "pda-506a1", "aid": "equipment",
            "recipient": "military", "purpose": "self-defence", "directive": "Determination", "directed": "2025-12-01",
            "ceiling": "8000000.00", "currency": "USD", "execution_order": "Order", "ordered": "2025-12-05",
            "sourcing": "A depot", "value": format!("{value}.00"), "valuation": "present_value",
            "valuation_note": "Prices of the year", "case": case, "shipped": "2025-12-28", "received": "2025-12-31",
            "reported": "2026-01-01", "report": "Letter",
        }));
        Self {
            all: [
                ("excess_article", article),
                ("case", case),
                ("drawdown", drawdown),
            ],
            unit,
        }
    }

    fn holds(&self, t: &Thread<'_>, noticed: bool, authorized: u32, value: u32, cleared: bool) {
        let [article, case, drawdown] = self.all.map(|(kind, id)| t.get(kind, id).envelope.state);
        let is = |state: &str, of: &[&str]| of.contains(&state);
        if is(
            &article,
            &["authorized", "offered", "pickup", "transferred"],
        ) {
            assert!(noticed, "authorised without notice");
        }
        if is(&article, &["offered", "pickup", "transferred"])
            || is(&case, &["offered", "accepted", "implemented"])
        {
            assert!(
                noticed && authorized >= 40,
                "{article} {case} beyond {authorized}"
            );
        }
        if is(&article, &["pickup", "transferred"]) {
            assert!(cleared, "{article} to a unit that was not cleared");
        }
        if is(
            &drawdown,
            &[
                "ordered", "sourced", "valued", "shipped", "received", "reported",
            ],
        ) {
            assert!(noticed, "{drawdown} without notice");
        }
        if is(&drawdown, &["shipped", "received", "reported"]) {
            assert!(value <= 8_000_000, "{drawdown} beyond its value");
        }
        // No line of the case was handed over, so nothing was received.
        assert!(!is(&drawdown, &["received", "reported"]), "{drawdown}");
    }
}
