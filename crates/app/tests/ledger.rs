//! The ledger: stages follow each other, nothing goes below zero or beyond its days, four eyes certify.
#![allow(clippy::unwrap_used, reason = "tests stop where something is wrong")]

mod common;
#[path = "common/thread.rs"]
mod programme;

use common::{file, on_each_engine, on_sqlite};
use programme::Thread;
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;
use symbolon_app::{App, AppError, intake::Consent};
use symbolon_domain::{money::Amount, record::RecordId};
use symbolon_store::query::RecordQuery;

const STAGES: [&str; 5] = [
    "request",
    "commitment",
    "obligation",
    "disbursement",
    "liquidation",
];

fn cents(value: &serde_json::Value) -> i64 {
    value.as_str().map_or(0, |s| s.parse::<Amount>().unwrap().0)
}

#[test]
fn money_goes_from_request_to_liquidation_and_stops_at_what_is_left() {
    on_each_engine(|app| {
        let t = Thread::new(app);
        let fund = t.fund("1000.00");
        let mut last = None;
        for stage in STAGES {
            let entry = t.entry(stage, fund, None, last, "600.00");
            t.steps(&t.certifier, "ledger_entry", entry, &["certify"]);
            last = Some(entry);
        }
        let now = t.get("fund_source", fund).body;
        assert_eq!(
            (
                cents(&now["committed"]),
                cents(&now["obligated"]),
                cents(&now["disbursed"])
            ),
            (60_000, 60_000, 60_000)
        );
        let more = t.entry("commitment", fund, None, None, "400.01");
        assert_eq!(
            t.refused(&t.certifier, "ledger_entry", more, "certify"),
            ["us.appropriations.within-amount"]
        );
        let rest = t.entry("commitment", fund, None, None, "400.00");
        // Whoever wrote it does not certify it.
        assert!(matches!(
            t.step(&t.money, "ledger_entry", rest, "certify"),
            Err(AppError::Conflict(_))
        ));
        t.steps(&t.certifier, "ledger_entry", rest, &["certify"]);
        let owed = t.entry("obligation", fund, None, Some(rest), "400.00");
        t.steps(&t.certifier, "ledger_entry", owed, &["certify"]);
        assert!(matches!(
            t.step(&t.lawyer, "ledger_entry", rest, "reverse"),
            Err(AppError::Conflict(_))
        ));
        t.steps(&t.lawyer, "ledger_entry", owed, &["reverse"]);
        t.steps(&t.lawyer, "ledger_entry", rest, &["reverse"]);
        assert_eq!(cents(&t.get("fund_source", fund).body["committed"]), 60_000);
        // Nobody writes the totals by hand, and the money does not shrink below them.
        t.set(&t.money, "fund_source", fund, json!({"committed": "0.00"}))
            .unwrap();
        assert_eq!(cents(&t.get("fund_source", fund).body["committed"]), 60_000);
        assert!(
            t.set(&t.money, "fund_source", fund, json!({"amount": "599.99"}))
                .is_err()
        );
    });
}

#[test]
fn days_of_the_money_hold_for_each_stage() {
    on_sqlite(|app| {
        let t = Thread::new(app);
        let old = |obligate_by: &str, cancels: &str| {
            let id = t.make(&t.money, "fund_source", json!({
                "name": format!("until {obligate_by}, {cancels}"), "account": "0100", "fiscal_year": 2020, "purpose": "Capacity", "amount": "100.00",
                "currency": "USD", "available_from": "2019-10-01", "obligate_by": obligate_by, "cancels": cancels,
            }));
            t.steps(&t.certifier, "fund_source", id, &["open"]);
            id
        };
        let last_day = old("2026-01-01", "2031-09-30");
        let entry = t.entry("commitment", last_day, None, None, "1.00");
        t.steps(&t.certifier, "ledger_entry", entry, &["certify"]);
        let expired = old("2025-12-31", "2031-09-30");
        let entry = t.entry("commitment", expired, None, None, "1.00");
        assert_eq!(
            t.refused(&t.certifier, "ledger_entry", entry, "certify"),
            ["us.appropriations.within-period"]
        );
        let gone = old("2020-09-30", "2026-01-01");
        let entry = t.entry("commitment", gone, None, None, "1.00");
        let rules = t.refused(&t.certifier, "ledger_entry", entry, "certify");
        assert_eq!(
            rules,
            [
                "us.appropriations.account-open",
                "us.appropriations.within-period"
            ]
        );
    });
}

#[test]
fn another_currency_keeps_its_original_and_the_rate_of_its_day() {
    on_sqlite(|app| {
        let t = Thread::new(app);
        let fund = t.fund("1000.00");
        let body = |more: serde_json::Value| {
            let mut body = json!({"title": "Rent of a hall", "stage": "commitment", "fund_source": fund, "posted_on": "2026-01-01",
                "amount": "500.00", "currency": "EUR"});
            body.as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            body
        };
        assert!(
            t.try_make(&t.money, "ledger_entry", body(json!({})))
                .is_err()
        );
        assert!(
            t.try_make(&t.money, "ledger_entry", body(json!({"rate": "1.0853"})))
                .is_err()
        );
        let id = t.make(&t.money, "ledger_entry", body(json!({
            "rate": "1.0853", "rate_on": "2025-12-31", "rate_source": "Treasury", "in_fund_currency": "1.00",
        })));
        let entry = t.get("ledger_entry", id).body;
        assert_eq!(
            (entry["amount"].as_str(), entry["in_fund_currency"].as_str()),
            (Some("500.00"), Some("542.65"))
        );
        t.steps(&t.certifier, "ledger_entry", id, &["certify"]);
        assert_eq!(cents(&t.get("fund_source", fund).body["committed"]), 54_265);
    });
}

#[test]
fn a_file_brings_in_drafts_only_and_no_totals() {
    on_sqlite(|app| {
        let t = Thread::new(app);
        let fund = t.get("fund_source", t.fund("1000.00")).envelope.code;
        let bring = |state: &str| {
            let head = "title,stage,fund_source,posted_on,amount,currency,in_fund_currency,drawn,label,state";
            let text = format!(
                "{head}\nRent {state},commitment,{fund},2026-01-01,5.00,USD,999.00,3.00,internal,{state}\n"
            );
            file("ledger_entry", &text).take(app, &app.system(), &Consent::default())
        };
        assert!(matches!(bring("certified"), Err(AppError::Refused(_))));
        bring("draft").unwrap();
        let all = app
            .store
            .list(&app.system(), "ledger_entry", &RecordQuery::default())
            .unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!(
            (
                cents(&all[0].body["in_fund_currency"]),
                cents(&all[0].body["drawn"])
            ),
            (500, 0)
        );
    });
}

/// The books, added up anew from every entry: by stage, and what each entry was drawn by.
fn books_balance(app: &App, fund: RecordId) {
    let all = app
        .store
        .list(&app.system(), "ledger_entry", &RecordQuery::default())
        .unwrap();
    let certified: Vec<_> = all
        .iter()
        .filter(|e| e.envelope.state == "certified")
        .collect();
    let mut stages: BTreeMap<&str, i64> = BTreeMap::new();
    let mut drawn: BTreeMap<&str, i64> = BTreeMap::new();
    for e in &certified {
        let amount = cents(&e.body["in_fund_currency"]);
        *stages.entry(e.body["stage"].as_str().unwrap()).or_default() += amount;
        if let Some(parent) = e.body["follows"].as_str() {
            *drawn.entry(parent).or_default() += amount;
        }
    }
    for e in &all {
        let by = drawn
            .get(e.envelope.id.to_string().as_str())
            .copied()
            .unwrap_or(0);
        assert_eq!(cents(&e.body["drawn"]), by);
        assert!(by <= cents(&e.body["in_fund_currency"]) && by >= 0);
    }
    let money = app
        .store
        .get(&app.system(), "fund_source", fund)
        .unwrap()
        .unwrap()
        .body;
    let of = |stage: &str| stages.get(stage).copied().unwrap_or(0);
    assert_eq!(cents(&money["committed"]), of("commitment"));
    assert_eq!(cents(&money["obligated"]), of("obligation"));
    assert_eq!(cents(&money["disbursed"]), of("disbursement"));
    assert!(of("commitment") <= cents(&money["amount"]));
    assert!(of("obligation") <= of("commitment") && of("disbursement") <= of("obligation"));
    assert!(of("liquidation") <= of("disbursement"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_posted_the_books_balance(acts in prop::collection::vec((0_usize..5, 0_usize..8, 1_i64..70_000, 0_u8..4), 25)) {
        on_sqlite(|app| {
            let t = Thread::new(app);
            let fund = t.fund("1000.00");
            let mut made: Vec<RecordId> = vec![];
            for (stage, at, amount, act) in &acts {
                let some = made.get(*at).copied();
                if *act == 0 && let Some(id) = some {
                    let _ = t.step(&t.lawyer, "ledger_entry", id, "reverse");
                } else {
                    let parent = some.filter(|_| *stage > 0);
                    let entry = t.entry(STAGES[*stage], fund, None, parent, &Amount(*amount).to_string());
                    let _ = t.step(&t.certifier, "ledger_entry", entry, "certify");
                    made.insert(0, entry);
                }
                books_balance(app, fund);
            }
        });
    }
}
