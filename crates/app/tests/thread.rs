//! The programme thread: no path reaches a delivery without its gates, and every refusal names its rule.
#![allow(clippy::unwrap_used, reason = "tests stop where something is wrong")]

mod common;
#[path = "common/thread.rs"]
mod programme;

use common::{file, on_each_engine, on_sqlite};
use jiff::civil::date;
use programme::Thread;
use serde_json::json;
use symbolon_app::{AppError, intake::Consent};
use symbolon_domain::record::RecordId;

/// A case that is implemented, with its line and a shipment.
fn implemented(t: &Thread<'_>) -> (RecordId, RecordId, RecordId, RecordId) {
    let initiative = t.initiative();
    t.indicator(initiative);
    t.steps(&t.lawyer, "initiative", initiative, &["lock_baseline"]);
    let case = t.sale(initiative);
    t.set(
        &t.manager,
        "case",
        case,
        json!({"offered": "2025-10-01", "offer_expires": "2025-12-31"}),
    )
    .unwrap();
    t.steps(&t.manager, "case", case, &["offer"]);
    t.set(&t.manager, "case", case, json!({"accepted": "2025-11-15"}))
        .unwrap();
    t.steps(&t.manager, "case", case, &["accept", "implement"]);
    let unit = t.unit();
    let (line, shipment) = t.line_and_shipment(case, unit);
    (case, line, shipment, unit)
}

#[test]
fn a_gap_becomes_a_closed_case_and_every_shortcut_is_refused_by_its_rule() {
    on_each_engine(|app| {
        let t = Thread::new(app);
        let initiative = t.initiative();
        assert_eq!(
            t.refused(&t.lawyer, "initiative", initiative, "lock_baseline"),
            ["us.process.indicators-before-start"]
        );
        let case = t.sale(initiative);
        t.set(
            &t.manager,
            "case",
            case,
            json!({"offered": "2025-10-01", "offer_expires": "2025-12-31"}),
        )
        .unwrap();
        assert_eq!(
            t.refused(&t.manager, "case", case, "offer"),
            ["us.process.indicators-before-start"]
        );
        t.indicator(initiative);
        t.steps(&t.lawyer, "initiative", initiative, &["lock_baseline"]);
        t.steps(&t.manager, "case", case, &["offer"]);
        t.set(&t.manager, "case", case, json!({"accepted": "2025-11-15"}))
            .unwrap();
        t.steps(&t.manager, "case", case, &["accept", "implement"]);
        let unit = t.unit();
        let (line, shipment) = t.line_and_shipment(case, unit);
        let rules = t.refused(&t.manager, "shipment", shipment, "ship");
        assert_eq!(
            rules,
            [
                "us.process.vetted-before-delivery",
                "us.process.within-authorised"
            ]
        );
        t.steps(&t.manager, "case_line", line, &["order"]);
        assert_eq!(
            t.refused(&t.manager, "shipment", shipment, "ship"),
            ["us.process.vetted-before-delivery"]
        );
        t.vet(unit, true, date(2025, 1, 1), date(2025, 12, 25));
        t.steps(&t.manager, "shipment", shipment, &["ship"]);
        t.set(
            &t.manager,
            "shipment",
            shipment,
            json!({"arrived": "2025-12-27", "arrived_evidence": "Port log"}),
        )
        .unwrap();
        t.steps(&t.manager, "shipment", shipment, &["arrive"]);
        let handing = json!({"handed_over": "2025-12-29", "handed_over_evidence": "DD 1149", "received_by": "Cdr Otieno"});
        t.set(&t.manager, "shipment", shipment, handing).unwrap();
        // The result lapsed between the port and the hand-over.
        assert_eq!(
            t.refused(&t.manager, "shipment", shipment, "hand_over"),
            ["us.process.vetted-before-delivery"]
        );
        t.vet(unit, true, date(2025, 12, 26), date(2026, 12, 25));
        t.steps(&t.manager, "shipment", shipment, &["hand_over"]);
        assert_eq!(
            t.refused(&t.manager, "case", case, "complete"),
            ["us.process.delivered-before-closure"]
        );
        let rest = t.make(&t.manager, "shipment", json!({
            "title": "Two more", "line": line, "unit": unit, "quantity": 3, "shipped": "2025-12-28", "shipped_evidence": "Bill 13",
        }));
        assert_eq!(
            t.refused(&t.manager, "shipment", rest, "ship"),
            ["us.process.within-authorised"]
        );
        t.set(&t.manager, "shipment", rest, json!({
            "quantity": 2, "arrived": "2025-12-29", "arrived_evidence": "Port log", "handed_over": "2025-12-30",
            "handed_over_evidence": "DD 1149", "received_by": "Cdr Otieno",
        })).unwrap();
        t.steps(
            &t.manager,
            "shipment",
            rest,
            &["ship", "arrive", "hand_over"],
        );
        t.steps(&t.manager, "case", case, &["complete"]);
        let wrong = t.make(&t.manager, "discrepancy", json!({
            "title": "Radar mast bent", "shipment": rest, "discrepancy_type": "damaged", "reported": "2025-12-31",
        }));
        assert_eq!(
            t.refused(&t.manager, "case", case, "close_final"),
            ["us.process.settled-before-closure"]
        );
        t.set(
            &t.manager,
            "discrepancy",
            wrong,
            json!({"finding": "So it is", "settlement": "Replaced"}),
        )
        .unwrap();
        t.steps(
            &t.manager,
            "discrepancy",
            wrong,
            &["log", "evaluate", "approve", "close"],
        );
        t.steps(&t.manager, "case", case, &["close_final"]);
    });
}

#[test]
fn why_it_was_allowed_names_rules_that_exist_with_their_clauses() {
    on_sqlite(|app| {
        let t = Thread::new(app);
        let (_, line, shipment, unit) = implemented(&t);
        t.steps(&t.manager, "case_line", line, &["order"]);
        t.vet(unit, true, date(2025, 1, 1), date(2026, 12, 25));
        t.steps(&t.manager, "shipment", shipment, &["ship"]);
        let why = app
            .why_allowed(&t.lawyer, "shipment", &shipment.to_string())
            .unwrap();
        assert_eq!(why.len(), 1);
        let vetted = why[0]
            .rules
            .iter()
            .find(|r| r.rule == "us.process.vetted-before-delivery")
            .unwrap();
        assert_eq!((vetted.verdict.as_str(), vetted.decided), ("met", true));
        assert!(
            vetted
                .clauses
                .iter()
                .any(|c| c.at == "22 U.S.C. 2378d(a), (d)")
        );
        assert!(
            why[0].facts.contains(&"vetting_clear = true".to_owned()),
            "{:?}",
            why[0].facts
        );
    });
}

#[test]
fn a_clearance_under_another_law_than_that_of_the_money_is_none() {
    on_sqlite(|app| {
        let t = Thread::new(app);
        let initiative = t.initiative();
        t.indicator(initiative);
        t.steps(&t.lawyer, "initiative", initiative, &["lock_baseline"]);
        let unit = t.unit();
        t.vet(unit, true, date(2025, 1, 1), date(2026, 12, 31));
        t.put("vetting_candidate", &format!("defense-{unit}"), "suspended", json!({
            "request": RecordId::named("vetting_request", "defense"), "unit": unit, "law": "defense",
        }));
        let visit = |authority: &str| {
            t.make(&t.manager, "advisory_visit", json!({"title": format!("Talks {authority}"), "initiative": initiative,
                "authority": authority, "unit": unit, "actual_from": "2025-12-30", "aid": "training", "recipient": "military"}))
        };
        let vetted = "us.process.vetted-before-delivery".to_owned();
        assert!(
            t.refused(&t.manager, "advisory_visit", visit("s333"), "begin")
                .contains(&vetted)
        );
        let state = t.step(&t.manager, "advisory_visit", visit("incle"), "begin");
        let refused = matches!(&state, Err(AppError::Gate(shut)) if shut.refusals.iter().any(|r| r.rule == vetted));
        assert!(!refused, "{state:?}");
    });
}

#[test]
fn no_side_door_leads_past_a_gate() {
    on_sqlite(|app| {
        let t = Thread::new(app);
        let (case, line, shipment, unit) = implemented(&t);
        t.steps(&t.manager, "case_line", line, &["order"]);
        t.vet(unit, true, date(2025, 1, 1), date(2026, 12, 25));
        t.steps(&t.manager, "shipment", shipment, &["ship"]);
        let other = t.unit_named("2nd Boat Squadron");
        // What the gate looked at is not changed afterwards, by a form, many at once, or a file.
        for fields in [
            json!({"unit": other}),
            json!({"quantity": 40}),
            json!({"line": null}),
        ] {
            assert!(t.set(&t.manager, "shipment", shipment, fields).is_err());
        }
        let plan = app
            .bulk_plan(&t.manager, "shipment", &[shipment], "quantity", "40")
            .unwrap();
        let hash = plan.hash.clone();
        assert!(matches!(
            app.bulk_set(&t.manager, plan, &hash, ""),
            Err(AppError::Conflict(_))
        ));
        let code = t.get("shipment", shipment).envelope.code;
        let row = format!("code,title,quantity\n{code},Two boats,40\n");
        assert!(matches!(
            file("shipment", &row).take(app, &app.system(), &Consent::default()),
            Err(AppError::Refused(_))
        ));
        let line_code = t.get("case_line", line).envelope.code;
        let new = format!(
            "title,line,partner,label,state\nSmuggled,{line_code},KEN,internal,handed_over\n"
        );
        let taken = file("shipment", &new).take(app, &app.system(), &Consent::default());
        assert!(matches!(taken, Err(AppError::Refused(_))), "{taken:?}");
        // It is not deleted, and going back is undoing it, not jumping.
        let version = t.get("shipment", shipment).envelope.version;
        assert!(
            app.delete(&t.manager, ("shipment", shipment), version, "away")
                .is_err()
        );
        let seq = app
            .versions(&app.system(), "case", &case.to_string())
            .unwrap();
        let offered = seq
            .iter()
            .find(|v| {
                v.entry
                    .body
                    .as_ref()
                    .is_some_and(|b| b.action == "case.offer")
            })
            .unwrap();
        assert!(
            app.reverse(&t.manager, ("case", case), offered.entry.entry.seq, "again")
                .is_err()
        );
        // A determination does not state what only the thread knows.
        let stated = app.create(&t.desk, "determination", symbolon_app::Draft {
            partner: "KEN".into(),
            body: json!({"title": "All is well", "facts": ["vetting_clear = true", "partner = KEN"]}),
            ..symbolon_app::Draft::default()
        }, "", None).unwrap();
        t.set(
            &t.manager,
            "case",
            case,
            json!({"determination": stated.id}),
        )
        .unwrap();
        let second = t.make(&t.manager, "shipment", json!({
            "title": "One more", "line": line, "unit": other, "quantity": 1, "shipped": "2025-12-28", "shipped_evidence": "Bill 13",
        }));
        assert_eq!(
            t.refused(&t.manager, "shipment", second, "ship"),
            ["us.process.vetted-before-delivery"]
        );
    });
}

#[test]
fn a_capacity_programme_waits_its_days_after_the_notice() {
    on_sqlite(|app| {
        let t = Thread::new(app);
        let initiative = t.initiative();
        t.indicator(initiative);
        t.steps(&t.lawyer, "initiative", initiative, &["lock_baseline"]);
        let visit = t.make(&t.manager, "advisory_visit", json!({
            "title": "Staff talks", "initiative": initiative, "authority": "s333", "actual_from": "2025-12-30",
        }));
        let rules = t.refused(&t.manager, "advisory_visit", visit, "begin");
        assert!(
            rules.contains(&"us.armed-forces.notify-capacity-program".to_owned()),
            "{rules:?}"
        );
        let notice = t.make(&t.manager, "notice", json!({
            "title": "Coastal watch", "initiative": initiative, "notice_type": "dod-333e", "authority": "s333",
            "content": "Unit, cost, schedule", "interagency_cleared": "2025-12-01", "received": "2025-12-20",
        }));
        t.steps(
            &t.liaison,
            "notice",
            notice,
            &["draft", "clear_interagency", "notify"],
        );
        match t.step(&t.liaison, "notice", notice, "clear") {
            Err(AppError::Gate(shut)) => {
                assert_eq!(
                    shut.refusals[0].rule,
                    "us.armed-forces.notify-capacity-program"
                );
                assert_eq!(shut.refusals[0].earliest, "2026-01-04");
            }
            other => panic!("{other:?}"),
        }
        let rules = t.refused(&t.manager, "advisory_visit", visit, "begin");
        assert!(
            rules.contains(&"us.process.notice-before-step".to_owned()),
            "{rules:?}"
        );
    });
}

#[test]
fn an_override_opens_its_gate_until_it_expires_and_stays_on_the_record() {
    on_sqlite(|app| {
        let t = Thread::new(app);
        let initiative = t.initiative();
        let case = t.sale(initiative);
        t.set(
            &t.manager,
            "case",
            case,
            json!({"offered": "2025-10-01", "offer_expires": "2025-12-31"}),
        )
        .unwrap();
        let ask = |gate: &str, expires: &str| {
            let body = json!({"title": "Urgent", "gate": gate, "initiative": initiative, "grounds": "The season", "role": "Director", "expires": expires});
            t.try_make(&t.manager, "gate_override", body)
        };
        assert!(ask("us.process.vetted-before-delivery", "2026-06-01").is_err());
        let lapsed = ask("us.process.indicators-before-start", "2025-12-31")
            .unwrap()
            .id;
        t.steps(&t.lawyer, "gate_override", lapsed, &["grant"]);
        assert_eq!(
            t.refused(&t.manager, "case", case, "offer"),
            ["us.process.indicators-before-start"]
        );
        let good = ask("us.process.indicators-before-start", "2026-06-01")
            .unwrap()
            .id;
        assert!(t.step(&t.manager, "gate_override", good, "grant").is_err());
        t.steps(&t.lawyer, "gate_override", good, &["grant"]);
        t.steps(&t.manager, "case", case, &["offer"]);
        let why = app
            .why_allowed(&t.lawyer, "case", &case.to_string())
            .unwrap();
        assert!(
            why[0]
                .saw
                .iter()
                .any(|s| s.object == format!("gate_override/{good}"))
        );
    });
}
