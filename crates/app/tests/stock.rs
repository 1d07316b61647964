//! What comes from stock: excess articles and drawdowns, each refused by its rule until what it needs is there.
#![allow(clippy::unwrap_used, reason = "tests stop where something is wrong")]

mod common;
#[path = "common/thread.rs"]
mod programme;
#[path = "common/stock.rs"]
mod stock;

use common::{on_each_engine, on_sqlite};
use jiff::civil::date;
use programme::Thread;
use serde_json::json;
use stock::{authorisation, baseline, case, noticed, sets, shut};
use symbolon_app::AppError;
use symbolon_domain::record::RecordId;

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
