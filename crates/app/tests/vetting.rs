//! Vetting: two persons decide, for a purpose, and no decision survives a change of its facts.
#![allow(clippy::unwrap_used, reason = "tests stop where something is wrong")]

mod common;

use common::{on_each_engine, on_sqlite};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use symbolon_access::{Actor, Viewer};
use symbolon_app::{
    App, AppError, Draft,
    vetting::{Proposal, VettingFile},
};
use symbolon_domain::{
    kinds::{Outcome, Role, Standing},
    record::RecordId,
};

/// Somebody of a role, freshly proved, read in to vetting files.
fn person(app: &App, name: &str, role: Role) -> Viewer {
    let standing = Standing {
        clearances: [("US".to_owned(), "controlled".to_owned())].into(),
        programmes: ["*".to_owned()].into(),
        categories: ["VETTING".to_owned()].into(),
        ..Standing::default()
    };
    Viewer {
        actor: Actor::Account {
            id: RecordId::named("account", name),
            name: name.to_owned(),
            role,
            nation: "USA".parse().unwrap(),
            standing: Arc::new(standing),
        },
        stepped_up: true,
        ..app.public()
    }
}

fn put(app: &App, kind: &str, body: Value) -> RecordId {
    let label = Some(symbolon_domain::label::Label::internal("USA"));
    let draft = Draft {
        partner: "MLI".to_owned(),
        label,
        body,
        ..Draft::default()
    };
    app.create(&app.system(), kind, draft, "", None).unwrap().id
}

fn unit(app: &App, name: &str) -> RecordId {
    put(app, "unit", json!({"name": name}))
}

fn request(app: &App, analyst: &Viewer) -> RecordId {
    account(app, "analyst");
    account(app, "reviewer");
    let body = json!({"title": "Course", "purpose": "Training", "law": "state", "post": "Bamako",
        "needed_by": "2026-09-01", "assigned_to": analyst.account()});
    put(app, "vetting_request", body)
}

/// The record of an account, which decisions refer to.
fn account(app: &App, name: &str) {
    let id = RecordId::named("account", name);
    let kind = symbolon_domain::kinds::by_code("account").unwrap();
    let mut body = symbolon_testkit::builder::body(kind, 0);
    body["standing"] = serde_json::to_value(Standing::default()).unwrap();
    let mut envelope = envelope("account", id, name);
    envelope.state = kind.states[0].to_owned();
    write(app, envelope, body, "account.create");
}

fn envelope(kind: &str, id: RecordId, code: &str) -> symbolon_domain::record::Envelope {
    let json = json!({"id": id, "kind": kind, "code": code, "version": 0, "state": "", "valid": {},
        "label": {"policy": "US", "level": "internal", "originator": "USA"}, "owner": "instance", "partner": "MLI"});
    serde_json::from_value(json).unwrap()
}

fn write(app: &App, envelope: symbolon_domain::record::Envelope, body: Value, action: &str) {
    let (action, reason, saw) = (action.to_owned(), String::new(), vec![]);
    let change = symbolon_store::Change {
        envelope,
        body,
        action,
        reason,
        saw,
    };
    app.store.write(&app.system(), vec![change]).unwrap();
}

fn candidate(app: &App, request: RecordId, unit: RecordId) -> RecordId {
    put(
        app,
        "vetting_candidate",
        json!({"request": request, "unit": unit, "law": "state"}),
    )
}

/// Clears a candidate as two persons do.
fn clear(app: &App, request: RecordId, candidate: RecordId) -> RecordId {
    let (analyst, reviewer) = pair(app);
    let file = app
        .open_vetting_file(&analyst, request, "Decide on the course")
        .unwrap();
    check(app, candidate);
    let proposal = Proposal {
        candidate,
        outcome: Outcome::Cleared,
        grounds: "Nothing found".to_owned(),
    };
    let decision = app.propose_vetting(&file, &proposal).unwrap();
    let file = app
        .open_vetting_file(&reviewer, request, "Confirm")
        .unwrap();
    app.confirm_vetting(&file, decision).unwrap();
    decision
}

fn check(app: &App, candidate: RecordId) {
    put(
        app,
        "vetting_check",
        json!({"candidate": candidate, "consulted": "consular",
        "consulted_on": "2026-01-01", "result": "nothing"}),
    );
}

fn pair(app: &App) -> (Viewer, Viewer) {
    (
        person(app, "analyst", Role::VettingAnalyst),
        person(app, "reviewer", Role::LegalReviewer),
    )
}

fn state(app: &App, kind: &str, id: RecordId) -> String {
    app.store
        .get(&app.system(), kind, id)
        .unwrap()
        .unwrap()
        .envelope
        .state
}

fn incident_against(app: &App, unit: RecordId) {
    let incident = put(
        app,
        "incident",
        json!({"title": "Alleged beating", "violation": "torture",
        "began": "2024-03", "alleged_by": "An invented monitor"}),
    );
    put(
        app,
        "incident_party",
        json!({"incident": incident, "unit": unit, "part": "perpetrator"}),
    );
}

#[test]
fn a_clearance_takes_two_persons_and_what_was_consulted_and_runs_out() {
    on_each_engine(|app| {
        let (analyst, reviewer) = pair(app);
        let request = request(app, &analyst);
        let one = candidate(app, request, unit(app, "1 Test Company"));
        let file = app.open_vetting_file(&analyst, request, "Decide").unwrap();
        let cleared = |grounds: &str| Proposal {
            candidate: one,
            outcome: Outcome::Cleared,
            grounds: grounds.to_owned(),
        };
        assert!(matches!(
            app.propose_vetting(&file, &cleared(" ")),
            Err(AppError::Faults(_))
        ));
        assert!(
            matches!(
                app.propose_vetting(&file, &cleared("fine")),
                Err(AppError::Conflict(_))
            ),
            "nothing consulted"
        );
        check(app, one);
        let found = put(
            app,
            "derogatory_record",
            json!({"candidate": one, "statement": "A like name"}),
        );
        assert!(
            matches!(
                app.propose_vetting(&file, &cleared("fine")),
                Err(AppError::Conflict(_))
            ),
            "unresolved"
        );
        let system = app.system();
        let mut record = app
            .store
            .get(&system, "derogatory_record", found)
            .unwrap()
            .unwrap();
        record.body["resolution"] = "not_the_same".into();
        write(app, record.envelope, record.body, "derogatory_record.edit");
        let decision = app
            .propose_vetting(&file, &cleared("Consulted; another unit"))
            .unwrap();
        assert_eq!(state(app, "vetting_candidate", one), "nominated");
        assert!(
            matches!(
                app.confirm_vetting(&file, decision),
                Err(AppError::Conflict(_))
            ),
            "four eyes"
        );
        let other = app
            .open_vetting_file(&reviewer, request, "Confirm")
            .unwrap();
        let tired = VettingFile {
            viewer: Viewer {
                stepped_up: false,
                ..other.viewer.clone()
            },
            ..other.clone()
        };
        assert!(matches!(
            app.confirm_vetting(&tired, decision),
            Err(AppError::NotPermitted(_))
        ));
        app.confirm_vetting(&other, decision).unwrap();
        assert_eq!(state(app, "vetting_candidate", one), "cleared");
        let shown = app
            .store
            .get(&system, "vetting_candidate", one)
            .unwrap()
            .unwrap();
        assert_eq!(shown.body["cleared_until"], "2027-01-01");
        assert_eq!(
            app.expire_vetting(jiff::civil::date(2026, 12, 31)).unwrap(),
            0
        );
        assert_eq!(
            app.expire_vetting(jiff::civil::date(2027, 1, 1)).unwrap(),
            1
        );
        assert_eq!(state(app, "vetting_decision", decision), "expired");
    });
}

#[test]
fn r_86_a_file_is_read_for_a_purpose_by_who_is_assigned_and_the_journal_knows() {
    on_sqlite(|app| {
        let (analyst, _) = pair(app);
        let request = request(app, &analyst);
        let one = candidate(app, request, unit(app, "1 Test Company"));
        let decision = clear(app, request, one);
        assert!(matches!(
            app.open_vetting_file(&analyst, request, " "),
            Err(AppError::Faults(_))
        ));
        let desk = person(app, "desk", Role::DeskOfficer);
        assert!(matches!(
            app.open_vetting_file(&desk, request, "curious"),
            Err(AppError::NotPermitted(_))
        ));
        // Without an open file the decision is not there at all; the status is, and no more.
        for closed in [&analyst, &desk] {
            assert!(
                app.store
                    .get(closed, "vetting_decision", decision)
                    .unwrap()
                    .is_none()
            );
            let status = app
                .store
                .get(closed, "vetting_candidate", one)
                .unwrap()
                .unwrap();
            assert_eq!(status.envelope.state, "cleared");
        }
        let file = app
            .open_vetting_file(&analyst, request, "Answer a question")
            .unwrap();
        assert_eq!(
            app.in_vetting_file(&file, "vetting_decision", one)
                .unwrap()
                .len(),
            1
        );
        let closed_again = app
            .store
            .get(&analyst, "vetting_decision", decision)
            .unwrap();
        assert!(
            closed_again.is_none(),
            "a filter of an open file must not serve a closed one"
        );
        let last = app
            .store
            .last_entry(&app.system(), &format!("vetting_request/{request}"))
            .unwrap()
            .unwrap();
        assert_eq!(last.body.unwrap().reason, "Answer a question");
    });
}

#[test]
fn what_is_only_proposed_cannot_be_confirmed_after_a_new_incident() {
    on_sqlite(|app| {
        let (analyst, reviewer) = pair(app);
        let request = request(app, &analyst);
        let group = unit(app, "1 Test Company");
        let one = candidate(app, request, group);
        let file = app.open_vetting_file(&analyst, request, "Decide").unwrap();
        check(app, one);
        let proposal = Proposal {
            candidate: one,
            outcome: Outcome::Cleared,
            grounds: "Nothing found".to_owned(),
        };
        let decision = app.propose_vetting(&file, &proposal).unwrap();
        incident_against(app, group);
        let other = app
            .open_vetting_file(&reviewer, request, "Confirm")
            .unwrap();
        assert!(matches!(
            app.confirm_vetting(&other, decision),
            Err(AppError::Conflict(_))
        ));
    });
}

#[test]
fn a_commanders_posting_opens_the_decision_again_and_says_so() {
    on_each_engine(|app| {
        let (analyst, _) = pair(app);
        let request = request(app, &analyst);
        let group = unit(app, "1 Test Company");
        let one = candidate(app, request, group);
        let decision = clear(app, request, one);
        let who = put(app, "person", json!({"name": "Colonel Invented"}));
        let student = put(
            app,
            "posting",
            json!({"person": who, "unit": group, "position": "student"}),
        );
        assert_eq!(
            state(app, "vetting_decision", decision),
            "in_force",
            "{student}"
        );
        let posting = put(
            app,
            "posting",
            json!({"person": who, "unit": group, "position": "commander", "commands": true}),
        );
        assert_eq!(state(app, "vetting_decision", decision), "reopened");
        assert_eq!(state(app, "vetting_candidate", one), "reopened");
        let file = app
            .open_vetting_file(&analyst, request, "Look again")
            .unwrap();
        let again = app.reopened(&file).unwrap();
        assert_eq!(again[0].by, [format!("posting/{posting}")]);
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// A forest of eight units by parent numbers, decisions on some, then incidents against some.
    #[test]
    fn no_stale_decision_survives(
        parents in prop::collection::vec(any::<u8>(), 8),
        cleared in prop::collection::btree_set(0usize..8, 1..6),
        hit in prop::collection::vec(0usize..8, 1..3),
    ) {
        on_sqlite(|app| {
            let (analyst, _) = pair(app);
            let request = request(app, &analyst);
            let units: Vec<RecordId> = (0..8).map(|i| unit(app, &format!("{i} Test Battalion"))).collect();
            // A unit stands under an earlier one, or under none.
            let parent = |i: usize| (i > 0).then(|| usize::from(parents[i]) % (i + 1)).filter(|p| *p < i);
            for i in 0..8 {
                if let Some(p) = parent(i) {
                    put(app, "unit_parent", json!({"unit": units[i], "parent": units[p], "relation": "command"}));
                }
            }
            let decided: Vec<(usize, RecordId, RecordId)> = cleared.iter().map(|i| {
                let of = candidate(app, request, units[*i]);
                (*i, of, clear(app, request, of))
            }).collect();
            for i in &hit {
                incident_against(app, units[*i]);
            }
            let above = |mut i: usize| {
                let mut all = BTreeSet::from([i]);
                while let Some(p) = parent(i) {
                    all.insert(p);
                    i = p;
                }
                all
            };
            for (i, of, decision) in decided {
                let touched = hit.iter().any(|h| above(i).contains(h) || above(*h).contains(&i));
                let wanted = if touched { ["reopened", "reopened"] } else { ["in_force", "cleared"] };
                let now = [state(app, "vetting_decision", decision), state(app, "vetting_candidate", of)];
                assert_eq!(now, wanted, "unit {i}, hits {hit:?}, parents {parents:?}");
            }
        });
    }
}
