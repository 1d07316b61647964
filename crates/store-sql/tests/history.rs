//! What was known when, and requests that take effect once; the same on SQLite and on PostgreSQL.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{Opened, both, envelope, partner, system};
use serde_json::json;
use symbolon_access::Viewer;
use symbolon_domain::{
    date::{Known, ValidTime},
    kind::DELETED,
    label::Label,
    record::{Claim, Confidence},
};
use symbolon_store::{
    Change, Once, StoreError,
    query::{RecordQuery, Test, Value},
};

fn renamed(version: i64, name: &str) -> Change {
    let mut change = partner("MKD", name, Label::public("USA"));
    change.envelope.version = version;
    change
}

#[test]
fn a_list_can_be_read_as_it_was_recorded_before_a_moment() {
    both(|Opened { store, .. }| {
        store
            .write(&system(), vec![renamed(0, "Macedonia")])
            .unwrap();
        let first = store
            .versions(&system(), "partner", renamed(0, "").envelope.id)
            .unwrap();
        let moment = first[0].entry.entry.time;
        store
            .write(&system(), vec![renamed(1, "North Macedonia")])
            .unwrap();
        let name_before = |moment| {
            let query = RecordQuery {
                recorded_before: Some(moment),
                ..RecordQuery::default()
            };
            let found = store.list(&system(), "partner", &query).unwrap();
            assert_eq!(
                store.count(&system(), "partner", &query).unwrap(),
                found.len() as u64
            );
            found.first().map(|r| r.body["name"].clone())
        };
        assert_eq!(name_before(moment), None, "before is not at");
        assert_eq!(name_before(moment + 1), Some(json!("Macedonia")));
        assert_eq!(name_before(i64::MAX), Some(json!("North Macedonia")));
    });
}

#[test]
fn history_answers_the_same_questions_as_the_table() {
    both(|Opened { store, .. }| {
        for (code, name) in [("NGA", "Nigeria"), ("NER", "Niger"), ("TCD", "Chad 100%_")] {
            let change = partner(code, name, Label::public("USA"));
            store.write(&system(), vec![change]).unwrap();
        }
        let text = |s: &str| Value::Text(s.to_owned());
        let tests: Vec<(&str, Test)> = vec![
            ("code", Test::Is(text("NGA"))),
            ("name", Test::Begins("Nig".into())),
            ("name", Test::Holds("0%_".into())),
            ("name", Test::Holds("nIGER".into())),
            ("code", Test::Among(vec!["TCD".into(), "NER".into()])),
            ("code", Test::Among(vec![])),
            ("code", Test::From("NGA".into())),
            ("code", Test::UpTo("NGA".into())),
            ("region", Test::Is(text(""))),
            ("version", Test::AtLeast(1)),
            ("version", Test::OneOf(vec![2, 3])),
            ("valid_from", Test::Missing),
        ];
        for (column, test) in tests {
            for order in [None, Some(("name".to_owned(), true))] {
                let now = RecordQuery {
                    order,
                    ..RecordQuery::default()
                }
                .when(column, test.clone());
                let then = RecordQuery {
                    recorded_before: Some(i64::MAX),
                    ..now.clone()
                };
                let listed = |q| store.list(&system(), "partner", &q).unwrap();
                assert_eq!(listed(now), listed(then), "{column} {test:?}");
            }
        }
        for word in ["chad", "ner", "nigeria", "nothing"] {
            let now = RecordQuery {
                words: vec![word.into()],
                ..RecordQuery::default()
            };
            let then = RecordQuery {
                recorded_before: Some(i64::MAX),
                ..now.clone()
            };
            let listed = |q| store.list(&system(), "partner", &q).unwrap();
            assert_eq!(listed(now), listed(then), "{word}");
        }
    });
}

#[test]
fn a_record_holds_from_its_first_day_and_not_on_its_end() {
    both(|Opened { store, .. }| {
        let day = |d: &str| d.parse::<jiff::civil::Date>().unwrap();
        let mut change = partner("YUG", "Yugoslavia", Label::public("USA"));
        change.envelope.valid = ValidTime {
            from: Some(Known::on(day("1945-11-29"))),
            to: Some(Known::on(day("2003-02-04"))),
        };
        store.write(&system(), vec![change]).unwrap();
        for (on, there) in [
            ("1945-11-28", 0),
            ("1945-11-29", 1),
            ("2003-02-03", 1),
            ("2003-02-04", 0),
        ] {
            let query = RecordQuery {
                as_of: Some(day(on)),
                ..RecordQuery::default()
            };
            assert_eq!(
                store.count(&system(), "partner", &query).unwrap(),
                there,
                "{on}"
            );
        }
    });
}

#[test]
fn a_deleted_record_is_out_of_lists_and_keeps_its_history() {
    both(|Opened { store, .. }| {
        store
            .write(&system(), vec![renamed(0, "Macedonia")])
            .unwrap();
        let mut gone = renamed(1, "Macedonia");
        gone.envelope.state = DELETED.to_owned();
        let id = gone.envelope.id;
        store.write(&system(), vec![gone]).unwrap();
        let listed = |q: RecordQuery| store.count(&system(), "partner", &q).unwrap();
        assert_eq!(listed(RecordQuery::default()), 0);
        assert_eq!(
            listed(RecordQuery {
                deleted: true,
                ..RecordQuery::default()
            }),
            1
        );
        assert_eq!(
            store
                .get(&system(), "partner", id)
                .unwrap()
                .unwrap()
                .envelope
                .state,
            DELETED
        );
        assert_eq!(store.versions(&system(), "partner", id).unwrap().len(), 2);
    });
}

#[test]
fn a_version_the_viewer_may_not_see_comes_without_content() {
    both(|Opened { store, .. }| {
        let mut inner = renamed(0, "Working name");
        inner.envelope.label = Label::internal("USA");
        let id = inner.envelope.id;
        store.write(&system(), vec![inner]).unwrap();
        let public = Viewer::public(jiff::civil::date(2026, 1, 1));
        assert!(store.versions(&public, "partner", id).unwrap().is_empty());
        store
            .write(&system(), vec![renamed(1, "Macedonia")])
            .unwrap();
        let seen = store.versions(&public, "partner", id).unwrap();
        assert!(seen[0].record.is_none() && seen[0].entry.body.is_none());
        let body = seen[1].entry.body.as_ref().unwrap();
        assert!(body.before.is_null(), "what stood before was not released");
        assert_eq!(seen[1].record.as_ref().unwrap().body["name"], "Macedonia");
        // What was not released then stays hidden when asked for as it was.
        let then = RecordQuery {
            recorded_before: Some(seen[1].entry.entry.time),
            ..RecordQuery::default()
        };
        assert_eq!(store.count(&public, "partner", &then).unwrap(), 0);
    });
}

#[test]
fn conflicting_claims_stand_beside_the_value_in_use() {
    both(|Opened { store, .. }| {
        let mut change = renamed(0, "Macedonia");
        change.envelope.claims = vec![Claim {
            field: "name".into(),
            value: json!("FYROM"),
            sources: vec![symbolon_domain::record::Citation {
                document: "An invented list".into(),
                locator: "row 4".into(),
                url: String::new(),
                confidence: Confidence::Medium,
                field: "name".into(),
            }],
            note: String::new(),
        }];
        let id = change.envelope.id;
        store.write(&system(), vec![change.clone()]).unwrap();
        let read = store.get(&system(), "partner", id).unwrap().unwrap();
        assert_eq!(read.envelope.claims, change.envelope.claims);
        assert!(store.verify(None, None).unwrap().faults.is_empty());
    });
}

#[test]
fn a_request_under_a_key_takes_effect_once_r67() {
    both(|Opened { store, .. }| {
        let once = Once {
            id: "a".repeat(64),
            request: "b".repeat(64),
        };
        let both_records = || {
            vec![
                partner("NGA", "Nigeria", Label::public("USA")),
                partner("NER", "Niger", Label::public("USA")),
            ]
        };
        let first = store.write_once(&system(), both_records(), &once).unwrap();
        let after_one = store.revision().unwrap();
        store
            .write(
                &system(),
                vec![partner("TCD", "Chad", Label::public("USA"))],
            )
            .unwrap();
        assert_eq!(
            store.write_once(&system(), both_records(), &once).unwrap(),
            first
        );
        assert_eq!(store.revision().unwrap(), after_one + 1);
        let other = Once {
            request: "c".repeat(64),
            ..once.clone()
        };
        let refused = store.write_once(&system(), both_records(), &other);
        assert!(matches!(refused, Err(StoreError::Mismatch)));
        assert!(store.verify(None, None).unwrap().faults.is_empty());
    });
}

#[test]
fn a_key_that_was_taken_away_is_seen() {
    let opened = common::sqlite();
    let store = &opened.store;
    let once = Once {
        id: "a".repeat(64),
        request: "b".repeat(64),
    };
    let change = partner("NGA", "Nigeria", Label::public("USA"));
    store.write_once(&system(), vec![change], &once).unwrap();
    let raw = rusqlite::Connection::open(opened.file.as_ref().unwrap()).unwrap();
    raw.execute("DELETE FROM once", []).unwrap();
    assert!(!store.verify(None, None).unwrap().faults.is_empty());
}

#[test]
fn a_reference_to_nothing_is_refused() {
    both(|Opened { store, .. }| {
        let nothing = symbolon_domain::record::RecordId::named("unit", "nothing");
        let change = Change {
            envelope: envelope("unit_name", "UN-1", Label::internal("USA")),
            body: json!({"unit": nothing, "name": "1st Invented Battalion"}),
            action: "unit_name.create".into(),
            reason: String::new(),
            saw: vec![],
        };
        let refused = store.write(&system(), vec![change]);
        assert!(
            matches!(refused, Err(StoreError::Invalid(_))),
            "{refused:?}"
        );
    });
}
