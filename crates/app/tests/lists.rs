//! Lists: versions kept and compared, and the decisions that a new version opens again.
#![allow(clippy::unwrap_used, reason = "tests stop where something is wrong")]

mod common;

use common::on_each_engine;
use common::vetted::{
    candidate, clear, list as load, pair, put, request, state, unit, write_plain,
};
use serde_json::json;
use symbolon_app::{AppError, vetting::Proposal};
use symbolon_domain::kinds::Outcome;

#[test]
fn versions_are_kept_with_every_field_and_compared() {
    on_each_engine(|app| {
        let first = load(
            app,
            (2025, 1),
            "1,unit,Ruritanian Guard Regiment,A\n2,person,Grigory Orlovtest,A\n,,,\n",
        )
        .unwrap();
        assert_eq!(
            (first.code.as_str(), first.entries, first.added),
            ("test.2025-01-01", 2, 2)
        );
        assert_eq!(
            (first.doubts[0].file.as_str(), first.doubts[0].line),
            ("test.csv", 4)
        );
        let again = load(
            app,
            (2025, 1),
            "1,unit,Ruritanian Guard Regiment,A\n2,person,Grigory Orlovtest,A\n,,,\n",
        );
        assert!(!again.unwrap().changed);
        let second = load(
            app,
            (2026, 1),
            "1,unit,Ruritanian Guard Regiment,B\n3,person,Ines Vegatest,A\n",
        )
        .unwrap();
        assert_eq!(
            (second.added, second.changed_entries, second.removed),
            (1, 1, 1)
        );
        let system = app.system();
        let diff = app.list_diff(&system, "test.2025-01-01", "test").unwrap();
        assert_eq!(diff.changed[0].fields[0].field, "program");
        let kept = app.list_version(&system, "test.2025-01-01").unwrap();
        assert!(!kept.current, "the newer one is");
        let entry = &app.list_entries(&system, &kept).unwrap()[0];
        assert_eq!(entry.fields["program"], ["A"]);
        // An older one is for comparison only.
        let older = load(app, (2020, 1), "9,unit,Old Test Guard,A\n").unwrap();
        assert_eq!(older.hits, 0);
        assert_eq!(
            app.list_version(&system, "test").unwrap().code,
            "test.2026-01-01"
        );
    });
}

#[test]
fn a_list_without_a_day_or_of_a_day_that_is_there_is_refused_whole() {
    on_each_engine(|app| {
        load(app, (2025, 1), "1,unit,Ruritanian Guard,A\n").unwrap();
        assert!(load(app, (2025, 1), "2,unit,Freedonian Guard,A\n").is_err());
        assert_eq!(app.list_versions(&app.system()).unwrap().len(), 1);
    });
}

#[test]
fn a_new_version_opens_the_decision_again_and_names_the_travel_orders() {
    on_each_engine(|app| {
        let (analyst, _) = pair(app);
        let request = request(app, &analyst);
        load(app, (2025, 1), "1,person,Somebody Elsetest,A\n").unwrap();
        let group = unit(app, "Ruritanian Guard Regiment");
        let person = put(
            app,
            "person",
            json!({"name": "Grigory Pavlovich Orlovtest"}),
        );
        let of = |body| put(app, "vetting_candidate", body);
        let student =
            of(json!({"request": request, "unit": group, "person": person, "law": "state"}));
        let other = candidate(app, request, unit(app, "9 Signals Test Squadron"));
        let decision = clear(app, request, student);
        let untouched = clear(app, request, other);
        let course = write_plain(
            app,
            "training_line",
            json!({"title": "Course", "unit": group}),
        );
        write_plain(
            app,
            "travel_order",
            json!({"line": course, "person": person, "number": "T-1"}),
        );
        let rows = "1,person,Somebody Elsetest,A\n2,person,ORLOVTEST Grigory Pavlovich,A\n";
        let loaded = load(app, (2026, 1), rows).unwrap();
        assert_eq!(state(app, "vetting_decision", decision), "reopened");
        assert_eq!(state(app, "vetting_decision", untouched), "in_force");
        let [one] = loaded.opened_again.as_slice() else {
            panic!("{:?}", loaded.opened_again)
        };
        assert_eq!(one.candidate, student);
        let kinds: Vec<&str> = one.affected.iter().map(|(k, _)| k.as_str()).collect();
        assert_eq!(kinds, ["Training line", "Travel order"]);
        // Until somebody says who it is, nothing is cleared; a match is never decided by the program.
        let file = app
            .open_vetting_file(&analyst, request, "Look again")
            .unwrap();
        let hit = app
            .in_vetting_file(&file, "screening_hit", student)
            .unwrap()
            .remove(0);
        assert_eq!(hit.body["entry_number"], "2");
        assert!(!hit.body["reasons"].as_array().unwrap().is_empty());
        let proposal = Proposal {
            candidate: student,
            outcome: Outcome::Cleared,
            grounds: "A like name".to_owned(),
        };
        assert!(matches!(
            app.propose_vetting(&file, &proposal),
            Err(AppError::Conflict(_))
        ));
        // The entry is gone from the next version: the hit says so, and a decision on it would open again.
        load(app, (2026, 2), "1,person,Somebody Elsetest,B\n").unwrap();
        let hit = app
            .in_vetting_file(&file, "screening_hit", student)
            .unwrap()
            .remove(0);
        assert_eq!(hit.envelope.state, "gone");
        assert!(app.propose_vetting(&file, &proposal).is_ok());
    });
}
