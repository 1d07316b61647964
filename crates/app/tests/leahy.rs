//! The two laws on gross violations: each bars by itself, is remedied by itself, and reaches its own money.
#![allow(clippy::unwrap_used, reason = "tests stop where something is wrong")]

mod common;
#[path = "common/thread.rs"]
mod programme;

use common::on_sqlite;
use common::vetted::*;
use jiff::civil::date;
use programme::Thread;
use serde_json::{Value, json};
use symbolon_app::{
    App, AppError,
    vetting::{Near, Proposal},
};
use symbolon_domain::{
    kinds::{Outcome, VettingLaw},
    record::RecordId,
};

const VETTED: &str = "us.process.vetted-before-delivery";
const NEAR: &str = "us.process.near-bars-before-delivery";
const BARS: [&str; 2] = [
    "us.foreign-assistance.unit-gross-violation",
    "us.armed-forces.unit-gross-violation",
];

/// The initiative and a unit cleared under both laws.
fn ready(t: &Thread<'_>) -> (RecordId, RecordId) {
    let initiative = t.initiative();
    t.indicator(initiative);
    t.steps(&t.lawyer, "initiative", initiative, &["lock_baseline"]);
    let unit = t.unit();
    t.vet(unit, true, date(2025, 1, 1), date(2026, 12, 31));
    (initiative, unit)
}

/// The rules of vetting that keep advisers of an authority from a unit; nothing where none does.
fn kept(t: &Thread<'_>, initiative: RecordId, unit: RecordId, authority: &str) -> Vec<String> {
    let body = json!({"title": format!("Talks {authority}"), "initiative": initiative, "authority": authority,
        "unit": unit, "actual_from": "2025-12-30", "aid": "training", "recipient": "military"});
    let visit = t.make(&t.manager, "advisory_visit", body);
    let asked = [VETTED, NEAR, BARS[0], BARS[1]];
    let rules = match t.step(&t.manager, "advisory_visit", visit, "begin") {
        Err(AppError::Gate(shut)) => shut.refusals.into_iter().map(|r| r.rule).collect(),
        Ok(_) => vec![],
        Err(other) => panic!("{other:?}"),
    };
    rules
        .into_iter()
        .filter(|r: &String| asked.contains(&r.as_str()))
        .collect()
}

fn barred(app: &App, unit: RecordId, law: &str, on: &str) -> RecordId {
    put(
        app,
        "barred_unit",
        json!({"unit": unit, "law": law, "listed_on": on}),
    )
}

/// Writes a record in a state, whatever it was.
fn set_state(app: &App, kind: &str, id: RecordId, state: &str, fields: Value) {
    let mut now = app.store.get(&app.system(), kind, id).unwrap().unwrap();
    now.envelope.state = state.to_owned();
    for (name, value) in fields.as_object().unwrap() {
        now.body[name] = value.clone();
    }
    write(app, now.envelope, now.body, &format!("{kind}.edit"));
}

#[test]
fn each_law_bars_its_own_money_and_no_other() {
    on_sqlite(|app| {
        let t = Thread::new(app);
        let (initiative, unit) = ready(&t);
        for authority in ["incle", "s333"] {
            assert_eq!(
                kept(&t, initiative, unit, authority),
                [""; 0],
                "{authority}"
            );
        }
        barred(app, unit, "state", "2025-06-01");
        // Clearances are written again past the re-opening, so that only the bar is looked at.
        t.vet(unit, true, date(2025, 1, 1), date(2026, 12, 31));
        let state = kept(&t, initiative, unit, "incle");
        assert!(
            state.contains(&VETTED.to_owned()) && state.contains(&BARS[0].to_owned()),
            "{state:?}"
        );
        assert!(!state.contains(&BARS[1].to_owned()), "{state:?}");
        assert_eq!(kept(&t, initiative, unit, "s333"), [""; 0]);
    });
}

#[test]
fn what_one_law_finds_remedied_the_other_does_not() {
    on_sqlite(|app| {
        let t = Thread::new(app);
        let (initiative, unit) = ready(&t);
        for law in ["state", "defense"] {
            let id = RecordId::named("vetting_candidate", &format!("{law}-{unit}"));
            set_state(app, "vetting_candidate", id, "rejected", json!({}));
        }
        // A new request clears it under both: what was refused before stands against it still.
        for law in ["state", "defense"] {
            let body = json!({"request": RecordId::named("vetting_request", law), "unit": unit, "law": law,
                "cleared_from": "2025-11-01", "cleared_until": "2026-11-01"});
            t.put(
                "vetting_candidate",
                &format!("again-{law}"),
                "cleared",
                body,
            );
        }
        assert!(kept(&t, initiative, unit, "incle").contains(&BARS[0].to_owned()));
        assert!(kept(&t, initiative, unit, "s333").contains(&BARS[1].to_owned()));
        let steps = |law: &str, state: &str, reported: Value| {
            let body = json!({"unit": unit, "law": law, "steps": "An inquiry and a trial", "reference": "Memo",
                "found_on": "2025-10-01", "reported_on": reported});
            t.put("remediation", law, state, body)
        };
        steps("defense", "under_way", Value::Null);
        assert!(
            !kept(&t, initiative, unit, "s333").is_empty(),
            "only found counts"
        );
        steps("defense", "found", Value::Null);
        assert_eq!(kept(&t, initiative, unit, "s333"), [""; 0]);
        assert!(
            kept(&t, initiative, unit, "incle").contains(&BARS[0].to_owned()),
            "not under the other law"
        );
        steps("state", "found", Value::Null);
        assert!(
            !kept(&t, initiative, unit, "incle").is_empty(),
            "not before it is reported"
        );
        steps("state", "found", json!("2025-10-02"));
        assert_eq!(kept(&t, initiative, unit, "incle"), [""; 0]);
    });
}

#[test]
fn a_remedy_of_one_incident_answers_no_other() {
    on_sqlite(|app| {
        let group = unit(app, "1 Test Company");
        let (analyst, _) = pair(app);
        let request = request(app, &analyst);
        let one = candidate(app, request, group);
        let stands = |n: u8| {
            let incident = put(
                app,
                "incident",
                json!({"title": format!("Alleged beating {n}"), "violation": "torture",
                "began": "2024-03", "alleged_by": "An invented monitor"}),
            );
            put(
                app,
                "derogatory_record",
                json!({"candidate": one, "statement": "It stands", "incident": incident,
                "resolution": "stands", "grounds": "Credible"}),
            );
            incident
        };
        let incidents = [stands(1), stands(2)];
        set_state(app, "vetting_candidate", one, "rejected", json!({}));
        let remedied = || {
            let unit = app.under_law_now("unit", group, VettingLaw::State).unwrap();
            unit.remedied()
        };
        for (n, incident) in incidents.into_iter().enumerate() {
            assert!(!remedied(), "after {n} of 2");
            let id = put(
                app,
                "remediation",
                json!({"unit": group, "law": "state", "incident": incident,
                "steps": "A trial", "found_on": "2025-10-01", "reported_on": "2025-10-02", "reference": "Memo"}),
            );
            set_state(app, "remediation", id, "found", json!({}));
        }
        assert!(remedied());
    });
}

#[test]
fn a_bar_on_a_parent_asks_for_a_new_look_and_one_beside_asks_nothing() {
    on_sqlite(|app| {
        let t = Thread::new(app);
        let (initiative, unit) = ready(&t);
        let [over, beside, under] =
            ["Flotilla", "2nd Boat Squadron", "Boat Team"].map(|n| t.unit_named(n));
        let link = |unit: RecordId, parent: RecordId| {
            put(
                app,
                "unit_parent",
                json!({"unit": unit, "parent": parent, "relation": "command"}),
            );
        };
        link(unit, over);
        link(beside, over);
        link(under, unit);
        let again = |from| t.vet(unit, true, from, date(2026, 12, 31));
        again(date(2025, 1, 1));
        for other in [beside, under] {
            let bar = barred(app, other, "defense", "2025-06-01");
            again(date(2025, 1, 1));
            assert_eq!(kept(&t, initiative, unit, "s333"), [""; 0]);
            set_state(app, "barred_unit", bar, "lifted", json!({}));
        }
        barred(app, over, "defense", "2025-06-01");
        assert_eq!(
            kept(&t, initiative, unit, "s333"),
            [NEAR.to_owned()],
            "cleared before the bar"
        );
        assert_eq!(
            kept(&t, initiative, unit, "incle"),
            [""; 0],
            "the other law"
        );
        again(date(2025, 6, 1));
        assert_eq!(
            kept(&t, initiative, unit, "s333"),
            [""; 0],
            "looked at with the bar known"
        );
        let bars = app
            .under_law_now("unit", unit, VettingLaw::Defense)
            .unwrap()
            .bars;
        assert_eq!(
            bars.iter().map(|b| b.near).collect::<Vec<_>>(),
            [Near::Over(1)]
        );
    });
}

#[test]
fn a_refusal_opens_again_the_other_law_and_those_under_but_not_those_beside() {
    on_sqlite(|app| {
        let (analyst, reviewer) = pair(app);
        let asked = request(app, &analyst);
        let [over, own, under, beside] =
            ["Brigade", "Battalion", "Company", "Other Battalion"].map(|n| unit(app, n));
        for (low, high) in [(own, over), (under, own), (beside, over)] {
            put(
                app,
                "unit_parent",
                json!({"unit": low, "parent": high, "relation": "command"}),
            );
        }
        let of = |unit: RecordId, law: &str| {
            let body = json!({"request": asked, "unit": unit, "law": law, "as_named": ""});
            put(app, "vetting_candidate", body)
        };
        let rejected = of(own, "state");
        let others: Vec<(RecordId, bool)> = vec![
            (of(under, "state"), true),
            (of(over, "state"), true),
            (of(beside, "state"), false),
        ];
        for (one, _) in &others {
            clear(app, asked, *one);
        }
        let file = app.open_vetting_file(&analyst, asked, "Decide").unwrap();
        let proposal = Proposal {
            candidate: rejected,
            outcome: Outcome::Rejected,
            grounds: "It stands".to_owned(),
        };
        let decision = app.propose_vetting(&file, &proposal).unwrap();
        let file = app.open_vetting_file(&reviewer, asked, "Confirm").unwrap();
        app.confirm_vetting(&file, decision).unwrap();
        assert_eq!(state(app, "vetting_candidate", rejected), "rejected");
        assert_eq!(state(app, "vetting_decision", decision), "in_force");
        for (n, (one, touched)) in others.into_iter().enumerate() {
            let wanted = if touched { "reopened" } else { "cleared" };
            assert_eq!(state(app, "vetting_candidate", one), wanted, "{n}");
        }
    });
}

#[test]
fn nobody_is_cleared_as_remedied_by_a_finding_under_the_other_law() {
    on_sqlite(|app| {
        let (analyst, _) = pair(app);
        let asked = request(app, &analyst);
        let group = unit(app, "1 Test Company");
        let one = candidate(app, asked, group);
        check(app, one);
        put(
            app,
            "derogatory_record",
            json!({"candidate": one, "statement": "It was so",
            "resolution": "remedied", "grounds": "A trial"}),
        );
        let file = app.open_vetting_file(&analyst, asked, "Decide").unwrap();
        let proposal = Proposal {
            candidate: one,
            outcome: Outcome::Cleared,
            grounds: "Remedied".to_owned(),
        };
        let finds = |law: &str| {
            let id = put(
                app,
                "remediation",
                json!({"unit": group, "law": law, "steps": "A trial",
                "found_on": "2025-10-01", "reported_on": "2025-10-02", "reference": "Memo"}),
            );
            set_state(app, "remediation", id, "found", json!({}));
        };
        let refused = app.propose_vetting(&file, &proposal);
        assert!(
            matches!(refused, Err(AppError::Conflict(_))),
            "nothing found"
        );
        finds("defense");
        let refused = app.propose_vetting(&file, &proposal);
        assert!(
            matches!(refused, Err(AppError::Conflict(_))),
            "found under the other law"
        );
        finds("state");
        app.propose_vetting(&file, &proposal).unwrap();
    });
}
