//! Hits on lists: found when a candidate is named, answered with grounds, and by two where the policy wants it.
#![allow(clippy::unwrap_used, reason = "tests stop where something is wrong")]

mod common;

use common::{on_each_engine, vetted::*};
use serde_json::json;
use symbolon_access::Viewer;
use symbolon_app::{
    App, AppError,
    vetting::{Answered, HitReply, Proposal, VettingFile},
};
use symbolon_domain::{
    kinds::{HitAnswer, Outcome},
    record::{Record, RecordId},
};

/// A student named to a request after a list was loaded that has a like name.
fn named(app: &App) -> (RecordId, RecordId) {
    let (analyst, _) = pair(app);
    let request = request(app, &analyst);
    list(
        app,
        (2025, 1),
        "1,person,Grigory Pavlovich Orlovtest,A\n2,person,Somebody Elsetest,A\n",
    )
    .unwrap();
    let person = put(app, "person", json!({"name": "Grigoriy Orlovtest"}));
    let file = app.open_vetting_file(&analyst, request, "Name").unwrap();
    let made = app
        .nominate(&file, "MLI", json!({"person": person}))
        .unwrap();
    (request, made.id)
}

fn open(app: &App, viewer: &Viewer, request: RecordId) -> VettingFile {
    app.open_vetting_file(viewer, request, "Look at the hit")
        .unwrap()
}

fn hit(app: &App, file: &VettingFile, candidate: RecordId) -> Record {
    let mut hits = app
        .in_vetting_file(file, "screening_hit", candidate)
        .unwrap();
    assert_eq!(hits.len(), 1, "the like name, and nobody else");
    hits.remove(0)
}

fn reply(hit: &Record, answer: HitAnswer, grounds: &str) -> HitReply {
    HitReply {
        hit: hit.envelope.id,
        version: hit.envelope.version,
        answer,
        grounds: grounds.to_owned(),
    }
}

fn clearing(candidate: RecordId) -> Proposal {
    Proposal {
        candidate,
        outcome: Outcome::Cleared,
        grounds: "Another with a like name".to_owned(),
    }
}

#[test]
fn whoever_is_named_is_compared_with_the_lists_in_the_same_entry_of_the_journal() {
    on_each_engine(|app| {
        let (request, candidate) = named(app);
        let (analyst, _) = pair(app);
        let file = open(app, &analyst, request);
        let found = hit(app, &file, candidate);
        assert_eq!(found.envelope.state, "open");
        assert_eq!(found.body["list"], "test");
        assert_eq!(found.body["edition"], "test.2025-01-01");
        assert_eq!(found.body["entry_number"], "1");
        assert!(!found.body["reasons"].as_array().unwrap().is_empty());
        let bench = app.vetting_bench(&file, candidate).unwrap();
        let entry = bench.hits[0].entry.as_ref().unwrap();
        assert_eq!(
            entry.fields["program"],
            ["A"],
            "the entry with what its list says"
        );
        // Without an open file, nobody sees that there is a hit.
        for closed in [
            &analyst,
            &person(app, "desk", symbolon_domain::kinds::Role::DeskOfficer),
        ] {
            let seen = app
                .store
                .get(closed, "screening_hit", found.envelope.id)
                .unwrap();
            assert!(seen.is_none());
        }
    });
}

#[test]
fn that_a_strong_hit_is_another_takes_grounds_and_two_persons() {
    on_each_engine(|app| {
        let (request, candidate) = named(app);
        let (analyst, reviewer) = pair(app);
        let (mine, theirs) = (open(app, &analyst, request), open(app, &reviewer, request));
        let found = hit(app, &mine, candidate);
        check(app, candidate);
        let score = found.body["score"].as_i64().unwrap();
        assert!(score >= 800, "a strong hit: {score}");
        let say = |file: &VettingFile, answer, grounds: &str| {
            let now = hit(app, file, candidate);
            app.answer_hit(file, &reply(&now, answer, grounds))
        };
        assert!(matches!(
            say(&mine, HitAnswer::Different, " "),
            Err(AppError::Faults(_))
        ));
        assert!(
            matches!(
                say(&theirs, HitAnswer::Different, "x"),
                Err(AppError::NotPermitted(_))
            ),
            "who only confirms does not answer"
        );
        assert_eq!(
            say(&mine, HitAnswer::NotSure, "No date of birth").unwrap(),
            Answered::Open
        );
        assert!(matches!(
            app.propose_vetting(&mine, &clearing(candidate)),
            Err(AppError::Conflict(_))
        ));
        assert!(
            matches!(
                app.answer_hit(&mine, &reply(&found, HitAnswer::Same, "x")),
                Err(AppError::Conflict(_))
            ),
            "an older version was looked at"
        );
        assert_eq!(
            say(&mine, HitAnswer::Different, "Born 1990, not 1950").unwrap(),
            Answered::Waits
        );
        assert!(matches!(
            app.propose_vetting(&mine, &clearing(candidate)),
            Err(AppError::Conflict(_))
        ));
        let waits = hit(app, &mine, candidate);
        let (id, version) = (waits.envelope.id, waits.envelope.version);
        assert!(matches!(
            app.confirm_hit(&mine, id, version),
            Err(AppError::Conflict(_) | AppError::NotPermitted(_))
        ));
        let tired = VettingFile {
            viewer: Viewer {
                stepped_up: false,
                ..theirs.viewer.clone()
            },
            ..theirs.clone()
        };
        assert!(matches!(
            app.confirm_hit(&tired, id, version),
            Err(AppError::StepUp)
        ));
        app.send_back_hit(&theirs, id, version, "Which document says so?")
            .unwrap();
        assert_eq!(hit(app, &mine, candidate).envelope.state, "open");
        say(&mine, HitAnswer::Different, "Passport: born 1990").unwrap();
        let waits = hit(app, &mine, candidate);
        app.confirm_hit(&theirs, waits.envelope.id, waits.envelope.version)
            .unwrap();
        let settled = hit(app, &mine, candidate);
        assert_eq!(settled.envelope.state, "resolved");
        assert_eq!(
            settled.body["confirmed_by"],
            reviewer.account().unwrap().to_string()
        );
        assert!(app.propose_vetting(&mine, &clearing(candidate)).is_ok());
    });
}

#[test]
fn that_it_is_the_candidate_is_a_finding_to_resolve_and_one_that_stands_bars() {
    on_each_engine(|app| {
        let (request, candidate) = named(app);
        let (analyst, _) = pair(app);
        let file = open(app, &analyst, request);
        check(app, candidate);
        let found = hit(app, &file, candidate);
        let said = app
            .answer_hit(&file, &reply(&found, HitAnswer::Same, "Same passport"))
            .unwrap();
        assert_eq!(said, Answered::Settled);
        let found = app
            .in_vetting_file(&file, "derogatory_record", candidate)
            .unwrap()
            .remove(0);
        assert!(
            found.body["statement"]
                .as_str()
                .unwrap()
                .contains("entry 1 of test")
        );
        assert!(matches!(
            app.propose_vetting(&file, &clearing(candidate)),
            Err(AppError::Conflict(_))
        ));
        let key = (found.envelope.id, found.envelope.version);
        assert!(app.resolve_derogatory(&file, key, "stands", " ").is_err());
        app.resolve_derogatory(&file, key, "stands", "It is credible and gross")
            .unwrap();
        assert!(matches!(
            app.propose_vetting(&file, &clearing(candidate)),
            Err(AppError::Conflict(_))
        ));
        let rejected = Proposal {
            outcome: Outcome::Rejected,
            ..clearing(candidate)
        };
        assert!(app.propose_vetting(&file, &rejected).is_ok());
    });
}

#[test]
fn a_renamed_candidate_is_compared_anew_and_an_unchanged_one_keeps_its_answer() {
    on_each_engine(|app| {
        let (request, candidate) = named(app);
        let (analyst, _) = pair(app);
        let file = open(app, &analyst, request);
        let found = hit(app, &file, candidate);
        app.answer_hit(&file, &reply(&found, HitAnswer::NotSure, "Asked the post"))
            .unwrap();
        let rename = |as_named: &str| {
            let now = app
                .store
                .get(&file.viewer, "vetting_candidate", candidate)
                .unwrap()
                .unwrap();
            let mut draft = symbolon_app::Draft::of(&now);
            draft.body["as_named"] = as_named.into();
            let key = ("vetting_candidate", candidate);
            app.edit(&file.viewer, key, now.envelope.version, draft, "", None)
                .unwrap();
        };
        rename("Orlovtest, G.");
        let hits = app
            .in_vetting_file(&file, "screening_hit", candidate)
            .unwrap();
        assert_eq!(hits[0].body["answer"], "not_sure");
        rename("Somebody Elsetest");
        let hits = app
            .in_vetting_file(&file, "screening_hit", candidate)
            .unwrap();
        assert_eq!(hits.len(), 2, "the other name is found too");
    });
}

#[test]
fn an_incident_of_a_unit_reaches_who_then_held_a_post_in_it_and_nobody_who_came_later() {
    on_each_engine(|app| {
        let (request, candidate) = named(app);
        let (analyst, _) = pair(app);
        let person = app
            .store
            .get(&app.system(), "vetting_candidate", candidate)
            .unwrap()
            .unwrap()
            .body["person"]
            .clone();
        let posted = |unit: RecordId, from: &str| {
            let draft = symbolon_app::Draft {
                partner: "MLI".to_owned(),
                label: Some(symbolon_domain::label::Label::internal("USA")),
                valid: symbolon_domain::date::ValidTime {
                    from: Some(symbolon_domain::date::Known::on(from.parse().unwrap())),
                    to: None,
                },
                body: json!({"person": person, "unit": unit, "position": "officer"}),
                ..symbolon_app::Draft::default()
            };
            app.create(&app.system(), "posting", draft, "", None)
                .unwrap();
        };
        let (then, later) = (unit(app, "1 Test Company"), unit(app, "2 Test Company"));
        posted(then, "2020-01-01");
        posted(later, "2025-01-01");
        // Of March 2024: before the second post.
        incident_against(app, then);
        let second = json!({"title": "Alleged theft", "violation": "torture", "began": "2024-03", "alleged_by": "A monitor"});
        let second = put(app, "incident", second);
        put(
            app,
            "incident_party",
            json!({"incident": second, "unit": later, "part": "perpetrator"}),
        );
        let file = open(app, &analyst, request);
        let reached = app.vetting_bench(&file, candidate).unwrap().reached;
        let [one] = reached.as_slice() else {
            panic!("{reached:?}")
        };
        assert_eq!(
            one.through,
            symbolon_app::vetting::Through::Served(then.to_string())
        );
        assert_eq!(
            one.confidence,
            symbolon_domain::record::Confidence::Low,
            "no source says so"
        );
    });
}

#[test]
fn another_name_of_a_cleared_person_or_unit_is_compared_and_opens_the_decision_again() {
    on_each_engine(|app| {
        let (analyst, _) = pair(app);
        let request = request(app, &analyst);
        list(
            app,
            (2025, 1),
            "1,person,Grigory Pavlovich Orlovtest,A\n2,unit,Freedonian Mountain Regiment,A\n",
        )
        .unwrap();
        let who = put(app, "person", json!({"name": "Somebody Harmless"}));
        let student = put(
            app,
            "vetting_candidate",
            json!({"request": request, "person": who, "law": "state"}),
        );
        let group = unit(app, "12 Signals Squadron");
        let squadron = candidate(app, request, group);
        let decided = [clear(app, request, student), clear(app, request, squadron)];
        let now = app
            .store
            .get(&app.system(), "person", who)
            .unwrap()
            .unwrap();
        let mut draft = symbolon_app::Draft::of(&now);
        draft.body["other_names"] = json!(["Grigoriy Orlovtest"]);
        app.edit(
            &app.system(),
            ("person", who),
            now.envelope.version,
            draft,
            "",
            None,
        )
        .unwrap();
        assert_eq!(state(app, "vetting_decision", decided[0]), "reopened");
        assert_eq!(state(app, "vetting_decision", decided[1]), "in_force");
        put(
            app,
            "unit_name",
            json!({"unit": group, "name": "Freedonian Mountain Regiment"}),
        );
        assert_eq!(state(app, "vetting_decision", decided[1]), "reopened");
        assert_eq!(state(app, "vetting_candidate", squadron), "reopened");
    });
}
