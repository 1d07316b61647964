//! Random walks over the moves of a programme: none reaches a delivery without its gates.
#![allow(clippy::unwrap_used, reason = "tests stop where something is wrong")]

mod common;
#[path = "common/thread.rs"]
mod programme;

use common::on_sqlite;
use jiff::civil::date;
use programme::Thread;
use proptest::{
    prelude::*,
    test_runner::{TestCaseError, TestRunner},
};
use serde_json::json;
use std::cell::Cell;
use symbolon_app::{App, AppError};
use symbolon_domain::record::RecordId;

/// What must be so at the moment a delivery passes, looked up beside the gates.
fn nothing_stood_against(t: &Thread<'_>, kind: &str, id: RecordId, code: &str) {
    let body = t.get(kind, id).body;
    let up =
        |kind: &str, id: &serde_json::Value| t.get(kind, id.as_str().unwrap().parse().unwrap());
    let initiative = if kind == "shipment" {
        let line = up("case_line", &body["line"]);
        let case = up("case", &line.body["case"]);
        assert_eq!(
            (line.envelope.state.as_str(), case.envelope.state.as_str()),
            ("ordered", "implemented")
        );
        assert!(body["quantity"].as_i64() <= line.body["quantity"].as_i64());
        up("initiative", &case.body["initiative"])
    } else {
        up("initiative", &body["initiative"])
    };
    assert_eq!(initiative.envelope.state, "baseline_locked");
    let day = match code {
        "ship" => "shipped",
        "hand_over" => "handed_over",
        _ => "actual_from",
    };
    let day = body[day].as_str().unwrap().parse().unwrap();
    let unit = body["unit"].as_str().unwrap().parse().unwrap();
    assert!(t.is_vetted(unit, day), "{kind} {code}");
}

#[test]
fn no_path_of_moves_reaches_a_delivery_without_its_gates() {
    let config = ProptestConfig {
        cases: 48,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let acts = prop::collection::vec((0_usize..8, 0_usize..16, 0_u8..6), 60);
    let (delivered, refused) = (Cell::new(0), Cell::new(0));
    let run = TestRunner::new(config).run(&acts, |acts| {
        on_sqlite(|app| {
            let (d, r) = walked(app, &acts)?;
            delivered.set(delivered.get() + d);
            refused.set(refused.get() + r);
            Ok(())
        })
    });
    run.unwrap();
    // A walk that never arrives, or is never stopped, would prove nothing.
    assert!(
        delivered.get() > 2 && refused.get() > 50,
        "{delivered:?} deliveries, {refused:?} refusals"
    );
}

/// Makes moves drawn by lot, most of them such as lead on from where a record is; counts deliveries and
/// refusals by gates.
fn walked(app: &App, acts: &[(usize, usize, u8)]) -> Result<(usize, usize), TestCaseError> {
    let t = Thread::new(app);
    let initiative = t.initiative();
    let indicator = t.make(&t.desk, "indicator", json!({
        "title": "Hours", "initiative": initiative, "unit_of_measure": "hours", "baseline": "1", "baseline_on": "2025-06-01",
        "target": "2", "target_on": "2027-06-01",
    }));
    let case = t.sale(initiative);
    let offer =
        json!({"offered": "2025-10-01", "offer_expires": "2025-12-31", "accepted": "2025-11-15"});
    t.set(&t.manager, "case", case, offer).unwrap();
    let unit = t.unit();
    let (line, shipment) = t.line_and_shipment(case, unit);
    t.set(&t.manager, "shipment", shipment, json!({"arrived": "2025-12-27", "arrived_evidence": "Log",
        "handed_over": "2025-12-29", "handed_over_evidence": "DD 1149", "received_by": "Cdr Otieno"})).unwrap();
    let visit = t.make(
        &t.manager,
        "advisory_visit",
        json!({"title": "Talks", "initiative": initiative, "authority": "fms",
        "unit": unit, "actual_from": "2025-12-30"}),
    );
    let all = [
        ("initiative", initiative),
        ("indicator", indicator),
        ("case", case),
        ("case", case),
        ("case_line", line),
        ("shipment", shipment),
        ("shipment", shipment),
        ("advisory_visit", visit),
    ];
    // Half the walks begin near the end, where there is most to get past.
    if acts[0].1.is_multiple_of(2) {
        t.vet(unit, true, date(2025, 1, 1), date(2025, 12, 31));
        t.steps(&t.desk, "indicator", indicator, &["set"]);
        t.steps(&t.lawyer, "initiative", initiative, &["lock_baseline"]);
        t.steps(&t.manager, "case", case, &["offer", "accept", "implement"]);
        t.steps(&t.manager, "case_line", line, &["order"]);
    }
    let book = app.law.current().unwrap();
    let (mut delivered, mut refused) = (0, 0);
    for (which, at, chance) in acts {
        if *chance == 0 {
            t.vet(
                unit,
                at % 3 != 0,
                date(2025, 1, 1),
                date(2025, 12, if at % 2 == 0 { 25 } else { 31 }),
            );
            continue;
        }
        let (kind, id) = all[*which];
        let def = symbolon_domain::kinds::by_code(kind).unwrap();
        let state = t.get(kind, id).envelope.state;
        let leads: Vec<_> = def
            .transitions
            .iter()
            .filter(|m| *chance == 1 || (m.leads_from(&state) && !m.reason))
            .collect();
        let Some(code) = leads.get(at % leads.len().max(1)).map(|m| m.code) else {
            continue;
        };
        let by = match kind {
            "initiative" | "indicator" => [&t.desk, &t.lawyer][at % 2],
            _ => &t.manager,
        };
        match t.step(by, kind, id, code) {
            Ok(_) if ["ship", "hand_over", "begin"].contains(&code) => {
                nothing_stood_against(&t, kind, id, code);
                delivered += 1;
            }
            Err(AppError::Gate(shut)) => {
                refused += 1;
                prop_assert!(!shut.refusals.is_empty());
                for r in &shut.refusals {
                    prop_assert!(book.book.rules.iter().any(|b| b.id == r.rule), "{}", r.rule);
                    prop_assert!(!r.clauses.is_empty() && !r.opens.is_empty(), "{r}");
                }
            }
            _ => {}
        }
    }
    Ok((delivered, refused))
}
