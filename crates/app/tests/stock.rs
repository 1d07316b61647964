//! What comes from stock: excess articles and drawdowns, each refused by its rule until what it needs is there.
#![allow(clippy::unwrap_used, reason = "tests stop where something is wrong")]

mod common;
#[path = "common/thread.rs"]
mod programme;

use common::{on_each_engine, on_sqlite};
use jiff::civil::date;
use programme::Thread;
use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Value, json};
use std::{cell::RefCell, collections::BTreeSet};
use symbolon_app::{App, AppError};
use symbolon_domain::{kind::Transition, kinds, record::RecordId};

/// An initiative with a locked baseline.
fn baseline(t: &Thread<'_>) -> RecordId {
    let initiative = t.initiative();
    t.indicator(initiative);
    t.steps(&t.lawyer, "initiative", initiative, &["lock_baseline"]);
    t.put(
        "agreement",
        "promises",
        "in_force",
        json!({"title": "Promises of use", "agreement_type": "section-505", "parties": ["USA", "KEN"]}),
    );
    initiative
}

/// Night-vision sets that are significant military equipment, up to the review between departments.
fn sets(t: &Thread<'_>, initiative: RecordId, title: &str, worth: &str) -> RecordId {
    let id = t.make(&t.manager, "excess_article", json!({
        "title": title, "initiative": initiative, "basis": "grant", "recipient": "military",
        "purpose": "self-defence", "agency": "B", "quantity": 40, "sme": true,
        "original_cost": "600000.00", "present_value": worth, "currency": "USD", "nsn": "5855-01-000-0001",
        "masl": "E4NVG", "condition": "Tubes worn, cases whole", "requested": "2025-09-01",
    }));
    t.steps(
        &t.manager,
        "excess_article",
        id,
        &["request", "screen", "prepare", "send"],
    );
    id
}

fn authorisation(quantity: u32, value: &str) -> Value {
    json!({"authorized": "2025-12-20", "memorandum": "Memorandum 12, invented", "authorized_quantity": quantity,
        "authorized_value": value, "collect_by": "2026-02-18"})
}

/// The rules that shut a move to a lawyer, who authorises.
fn shut(t: &Thread<'_>, kind: &str, id: RecordId, code: &str) -> Vec<String> {
    t.refused(&t.lawyer, kind, id, code)
}

/// A case for what comes from stock, proposed, with one line of excess.
fn case(t: &Thread<'_>, initiative: RecordId, authority: &str, line: (u32, &str)) -> RecordId {
    let id = t.make(&t.manager, "case", json!({
        "title": "From stock", "designator": format!("KE-B-{authority}"), "initiative": initiative,
        "programme_kind": "from_stock", "authority": authority, "aid": "equipment", "recipient": "military",
        "purpose": "self-defence", "total_value": line.1, "mde_value": "0.00", "currency": "USD",
        "request_complete": "2025-11-01", "offered": "2025-12-22", "offer_expires": "2026-03-01",
        "evaluation": "not_needed", "evaluation_note": "Below the line of the year",
    }));
    t.make(
        &t.manager,
        "case_line",
        json!({"title": "Sets", "case": id, "number": "001", "commodity": "other",
        "source_of_supply": "E", "quantity": line.0, "value": line.1, "sme": true}),
    );
    t.steps(&t.manager, "case", id, &["write", "review", "propose"]);
    id
}

/// A notice of a transfer, with its day, up to its clearing.
fn noticed(t: &Thread<'_>, initiative: RecordId, authority: &str, received: &str) -> RecordId {
    let notice = t.make(&t.manager, "notice", json!({
        "title": format!("Notice for {authority}"), "initiative": initiative, "notice_type": "other",
        "authority": authority, "content": "Articles, purpose, values", "interagency_cleared": "2025-10-01",
        "received": received,
    }));
    t.steps(
        &t.liaison,
        "notice",
        notice,
        &["draft", "clear_interagency", "notify", "clear"],
    );
    notice
}

#[test]
fn excess_articles_go_after_notice_authorisation_and_an_offer_within_it() {
    on_each_engine(|app| {
        let t = Thread::new(app);
        let initiative = baseline(&t);
        let article = sets(&t, initiative, "Night-vision sets", "200000.00");
        t.set(
            &t.manager,
            "excess_article",
            article,
            authorisation(40, "200000.00"),
        )
        .unwrap();
        let rules = shut(&t, "excess_article", article, "authorize");
        assert!(
            rules.contains(&"us.foreign-assistance.notify-excess-articles".to_owned()),
            "{rules:?}"
        );
        let notice = noticed(&t, initiative, "eda-grant", "2025-11-10");
        t.set(
            &t.manager,
            "excess_article",
            article,
            json!({"notification": notice}),
        )
        .unwrap();
        t.steps(&t.manager, "excess_article", article, &["notify"]);
        // Who wrote the record does not authorise it.
        assert!(
            t.step(&t.manager, "excess_article", article, "authorize")
                .is_err()
        );
        let too_many = case(&t, initiative, "eda-grant", (41, "205000.00"));
        assert!(
            t.refused(&t.manager, "case", too_many, "offer")
                .contains(&"us.process.released-before-offer".to_owned())
        );
        t.steps(&t.lawyer, "excess_article", article, &["authorize"]);
        t.set(
            &t.manager,
            "excess_article",
            article,
            json!({"case": too_many}),
        )
        .unwrap();
        assert_eq!(
            t.refused(&t.manager, "case", too_many, "offer"),
            ["us.process.excess-within-authorised"]
        );
        assert_eq!(
            t.refused(&t.manager, "excess_article", article, "offer"),
            ["us.process.excess-within-authorised"]
        );
        // What was authorised is not changed afterwards.
        let more = json!({"authorized_quantity": 41});
        assert!(t.set(&t.manager, "excess_article", article, more).is_err());
        let line = t.app.store.list(
            &app.system(),
            "case_line",
            &symbolon_store::query::RecordQuery::default(),
        );
        let line = line.unwrap()[0].envelope.id;
        t.set(
            &t.manager,
            "case_line",
            line,
            json!({"quantity": 40, "value": "200000.00"}),
        )
        .unwrap();
        t.steps(&t.manager, "case", too_many, &["offer"]);
        t.set(
            &t.manager,
            "case",
            too_many,
            json!({"accepted": "2025-12-28"}),
        )
        .unwrap();
        t.steps(&t.manager, "case", too_many, &["accept", "implement"]);
        t.steps(&t.manager, "excess_article", article, &["offer"]);
        let unit = t.unit();
        t.set(
            &t.manager,
            "excess_article",
            article,
            json!({"unit": unit, "collected": "2025-12-30"}),
        )
        .unwrap();
        assert_eq!(
            t.refused(&t.manager, "excess_article", article, "collect"),
            ["us.process.vetted-before-delivery"]
        );
        t.vet(unit, true, date(2025, 12, 1), date(2026, 12, 1));
        t.steps(&t.manager, "excess_article", article, &["collect"]);
        t.set(
            &t.manager,
            "excess_article",
            article,
            json!({"transferred": "2025-12-31", "transfer_evidence": "Receipt of both, invented"}),
        )
        .unwrap();
        t.steps(&t.manager, "excess_article", article, &["transfer"]);
        let why = app
            .why_allowed(&t.lawyer, "excess_article", &article.to_string())
            .unwrap();
        assert!(why.iter().any(|w| {
            w.rules
                .iter()
                .any(|r| r.rule == "us.foreign-assistance.notify-excess-articles")
        }));
    });
}

#[test]
fn a_grant_of_excess_articles_counts_what_went_before_in_the_year() {
    on_sqlite(|app| {
        let t = Thread::new(app);
        let initiative = baseline(&t);
        noticed(&t, initiative, "eda-grant", "2025-11-10");
        let cap = "us.foreign-assistance.excess-articles-cap".to_owned();
        let first = sets(&t, initiative, "Much of the year", "499800000.00");
        t.set(
            &t.manager,
            "excess_article",
            first,
            authorisation(40, "499800000.00"),
        )
        .unwrap();
        t.steps(&t.lawyer, "excess_article", first, &["authorize"]);
        let second = sets(&t, initiative, "One too many", "400000.00");
        t.set(
            &t.manager,
            "excess_article",
            second,
            authorisation(40, "400000.00"),
        )
        .unwrap();
        assert_eq!(shut(&t, "excess_article", second, "authorize"), [cap]);
        // Before October is another year.
        let early = json!({"authorized": "2025-09-30"});
        t.set(&t.manager, "excess_article", second, early).unwrap();
        let rules = shut(&t, "excess_article", second, "authorize");
        assert_eq!(
            rules,
            ["us.foreign-assistance.notify-excess-articles"],
            "the notice came later"
        );
    });
}

#[test]
fn a_drawdown_is_ordered_after_notice_drawn_within_its_value_and_received_before_it_is_reported() {
    on_each_engine(|app| {
        let t = Thread::new(app);
        let initiative = baseline(&t);
        let drawdown = t.make(&t.manager, "drawdown", json!({
            "title": "Boats and spares", "initiative": initiative, "authority": "pda-506a1", "aid": "equipment",
            "recipient": "military", "purpose": "self-defence", "directive": "Determination 2026-3, invented", "directed": "2025-12-01", "ceiling": "9000000.00",
            "currency": "USD", "execution_order": "Order 7, invented", "ordered": "2025-12-05",
            "sourcing": "Two depots; readiness not touched", "planned_received": "2026-01-15",
        }));
        let rules = shut(&t, "drawdown", drawdown, "order");
        assert_eq!(rules, ["us.foreign-assistance.notify-emergency-drawdown"]);
        noticed(&t, initiative, "pda-506a1", "2025-12-04");
        t.steps(&t.lawyer, "drawdown", drawdown, &["order"]);
        t.steps(&t.manager, "drawdown", drawdown, &["source"]);
        let valued = json!({"value": "9000001.00", "valuation": "replacement", "valuation_note": "Prices new, wrong basis"});
        t.set(&t.manager, "drawdown", drawdown, valued).unwrap();
        t.steps(&t.manager, "drawdown", drawdown, &["value"]);
        let case = case(&t, initiative, "pda-506a1", (2, "8000000.00"));
        t.set(
            &t.manager,
            "drawdown",
            drawdown,
            json!({"case": case, "shipped": "2025-12-28"}),
        )
        .unwrap();
        t.steps(&t.manager, "case", case, &["offer"]);
        t.set(&t.manager, "case", case, json!({"accepted": "2025-12-23"}))
            .unwrap();
        t.steps(&t.manager, "case", case, &["accept", "implement"]);
        assert_eq!(
            t.refused(&t.manager, "drawdown", drawdown, "ship"),
            ["us.process.within-authorised"]
        );
        t.steps(&t.manager, "drawdown", drawdown, &["revalue"]);
        let right = json!({"value": "8000000.00", "valuation": "present_value", "valuation_note": "Present value and repair"});
        t.set(&t.manager, "drawdown", drawdown, right).unwrap();
        t.steps(&t.manager, "drawdown", drawdown, &["value", "ship"]);
        t.set(
            &t.manager,
            "drawdown",
            drawdown,
            json!({"received": "2026-01-01"}),
        )
        .unwrap();
        // Shipped is not received: not one line is with the partner.
        assert_eq!(
            t.refused(&t.manager, "drawdown", drawdown, "receive"),
            ["us.process.delivered-before-closure"]
        );
        handed_over(&t, case);
        t.steps(&t.manager, "drawdown", drawdown, &["receive"]);
        t.set(
            &t.manager,
            "drawdown",
            drawdown,
            json!({"reported": "2026-01-01", "report": "Letter 3, invented"}),
        )
        .unwrap();
        t.steps(&t.manager, "drawdown", drawdown, &["report"]);
    });
}

/// Both boats of a case handed over.
fn handed_over(t: &Thread<'_>, case: RecordId) {
    let lines = t.app.store.list(
        &t.app.system(),
        "case_line",
        &symbolon_store::query::RecordQuery::default(),
    );
    let lines = lines.unwrap();
    let line = lines
        .iter()
        .find(|l| l.body["case"] == case.to_string())
        .unwrap();
    let line = line.envelope.id;
    t.steps(&t.manager, "case_line", line, &["order"]);
    let unit = t.unit();
    t.vet(unit, true, date(2025, 12, 1), date(2026, 12, 1));
    let shipment = t.make(&t.manager, "shipment", json!({
        "title": "Both boats", "line": line, "unit": unit, "quantity": 2, "shipped": "2025-12-28",
        "shipped_evidence": "Bill 9", "arrived": "2025-12-30", "arrived_evidence": "Port log",
        "handed_over": "2025-12-31", "handed_over_evidence": "Receipt", "received_by": "Cdr Otieno",
    }));
    t.steps(
        &t.manager,
        "shipment",
        shipment,
        &["ship", "arrive", "hand_over"],
    );
}

#[test]
fn drawdowns_of_a_year_stay_under_its_limit() {
    on_sqlite(|app| {
        let t = Thread::new(app);
        let initiative = baseline(&t);
        noticed(&t, initiative, "pda-506a1", "2025-10-04");
        let drawn = |title: &str, ceiling: &str| {
            t.make(&t.manager, "drawdown", json!({
                "title": title, "initiative": initiative, "authority": "pda-506a1", "directive": title,
                "aid": "equipment", "recipient": "military", "purpose": "self-defence",
                "directed": "2025-12-01", "ceiling": ceiling, "currency": "USD", "execution_order": "Order",
                "ordered": "2025-12-05",
            }))
        };
        let first = drawn("First", "99000000.00");
        let second = drawn("Second", "1000001.00");
        t.steps(&t.lawyer, "drawdown", first, &["order"]);
        assert_eq!(
            shut(&t, "drawdown", second, "order"),
            ["us.foreign-assistance.emergency-drawdown-cap"]
        );
        t.set(
            &t.manager,
            "drawdown",
            second,
            json!({"ceiling": "1000000.00"}),
        )
        .unwrap();
        let done = t.step(&t.lawyer, "drawdown", second, "order");
        assert!(!matches!(done, Err(AppError::Gate(_))), "{done:?}");
    });
}

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
