//! Whoever's names change is compared with the lists at once: names in files, names taken away by a split.
#![allow(clippy::unwrap_used, reason = "tests stop where something is wrong")]

mod common;

use common::vetted::*;
use common::{Given, counts, file, on_each_engine, on_sqlite};
use serde_json::json;
use symbolon_app::{App, vetting::MergeVerdict};
use symbolon_domain::record::RecordId;
use symbolon_store::query::RecordQuery;

const LISTED: &str = "1,entity,Zanzibartest Guard Battalion,A\n";

/// States of the hits of a candidate, with the name that was asked.
fn hits(app: &App, candidate: RecordId) -> Vec<(String, String)> {
    let all = app
        .store
        .list(&app.system(), "screening_hit", &RecordQuery::default())
        .unwrap();
    let mine = all
        .into_iter()
        .filter(|h| h.body["candidate"] == candidate.to_string());
    mine.map(|h| {
        (
            h.envelope.state.clone(),
            h.body["asked_name"].as_str().unwrap().to_owned(),
        )
    })
    .collect()
}

#[test]
fn a_name_that_comes_with_a_split_off_record_takes_its_hits_along() {
    on_each_engine(|app| {
        let (analyst, reviewer) = pair(app);
        let request = request(app, &analyst);
        list(app, (2025, 1), LISTED).unwrap();
        let (kept, merged) = (
            unit(app, "Quixotest Company"),
            unit(app, "Zanzibartest Guard Battalion"),
        );
        let (one, other) = (
            candidate(app, request, kept),
            candidate(app, request, merged),
        );
        assert!(hits(app, one).is_empty());
        assert_eq!(hits(app, other).len(), 1);
        let version = |u| {
            app.store
                .get(&app.system(), "unit", u)
                .unwrap()
                .unwrap()
                .envelope
                .version
        };
        let merge = app
            .propose_merge(
                &analyst,
                (merged, version(merged)),
                (kept, version(kept)),
                "One garrison",
            )
            .unwrap();
        app.decide_merge(&reviewer, (merge, 1), MergeVerdict::Confirm, "")
            .unwrap();
        assert_eq!(hits(app, one)[0].0, "open", "it has the name now");
        let now = || app.merge(&analyst, merge).unwrap().0.envelope.version;
        app.propose_split(&analyst, (merge, now()), "Two after all")
            .unwrap();
        app.decide_merge(&reviewer, (merge, now()), MergeVerdict::Confirm, "")
            .unwrap();
        assert_eq!(hits(app, one)[0].0, "gone", "it has not the name any more");
        assert_eq!(hits(app, other)[0].0, "open", "its own name");
    });
}

#[test]
fn names_in_a_file_are_compared_at_once_and_open_decisions_again() {
    on_each_engine(|app| {
        let (analyst, _) = pair(app);
        let request = request(app, &analyst);
        list(app, (2025, 1), LISTED).unwrap();
        let group = unit(app, "Quixotest Company");
        let one = candidate(app, request, group);
        let decision = clear(app, request, one);
        let text = "unit,name\nQuixotest Company,Zanzibartest Guard Battalion\n";
        let given = Given {
            defaults: vec![("label", "internal"), ("partner", "MLI")],
            ..file("unit_name", text)
        };
        assert_eq!(counts(&given.taken(app)).0, 1);
        let asked = "Zanzibartest Guard Battalion".to_owned();
        assert_eq!(hits(app, one), [("open".to_owned(), asked)]);
        assert_eq!(state(app, "vetting_decision", decision), "reopened");
    });
}

#[test]
fn a_decision_opened_again_lists_what_stood_on_it_in_the_same_entry() {
    on_sqlite(|app| {
        let (analyst, _) = pair(app);
        let request = request(app, &analyst);
        let group = unit(app, "Quixotest Company");
        let one = candidate(app, request, group);
        let decision = clear(app, request, one);
        let line = write_plain(app, "training_line", json!({"unit": group}));
        let before = app.store.revision().unwrap();
        incident_against(app, group);
        let found = app
            .store
            .get(&app.system(), "vetting_decision", decision)
            .unwrap()
            .unwrap();
        assert_eq!(found.envelope.state, "reopened");
        assert_eq!(
            found.body["affected"],
            json!([format!("training_line/{line}")])
        );
        let entry = app
            .store
            .last_entry(&app.system(), &format!("vetting_decision/{decision}"))
            .unwrap()
            .unwrap();
        assert!(entry.body.unwrap().action.ends_with("reopen"));
        assert!(app.store.revision().unwrap() > before);
    });
}
