//! Vetting: two persons decide, for a purpose, and no decision survives a change of its facts.
#![allow(clippy::unwrap_used, reason = "tests stop where something is wrong")]

mod common;

use common::vetted::*;
use common::{on_each_engine, on_sqlite};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeSet;
use symbolon_access::Viewer;
use symbolon_app::{
    AppError,
    vetting::{Proposal, VettingFile},
};
use symbolon_domain::{
    kinds::{Outcome, Role},
    record::RecordId,
};

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
