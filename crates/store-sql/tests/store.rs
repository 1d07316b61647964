//! What every store must do; the same tests run on SQLite and on PostgreSQL.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{Opened, both, desk_officer, partner, system};
use serde_json::json;
use symbolon_access::{Action, Viewer};
use symbolon_domain::{label::Label, record::RecordId};
use symbolon_store::{
    Change, Loader, Store, StoreError,
    facts::{Cell, NOTIFICATION, OBSERVATION},
    journal::{JournalFilter, root_of_proof},
    query::{FactQuery, RecordQuery, Test, Value},
};

#[test]
fn a_record_comes_back_as_it_was_written() {
    both(|Opened { store, .. }| {
        let change = partner("NGA", "Nigeria", Label::public("USA"));
        let written = store.write(&system(), vec![change.clone()]).unwrap();
        assert_eq!((written[0].version, written[0].changed), (1, true));
        let record = store
            .get(&system(), "partner", written[0].id)
            .unwrap()
            .unwrap();
        assert_eq!(record.body["name"], "Nigeria");
        assert_eq!(record.body["other_names"], json!([]));
        assert_eq!(record.envelope.label, Label::public("USA"));
    });
}

#[test]
fn a_change_on_an_old_version_is_refused_and_leaves_nothing() {
    both(|Opened { store, .. }| {
        let mut change = partner("NGA", "Nigeria", Label::public("USA"));
        store.write(&system(), vec![change.clone()]).unwrap();
        let before = store.revision().unwrap();
        let stale = store.write(&system(), vec![change.clone()]);
        assert!(matches!(
            stale,
            Err(StoreError::Stale {
                given: 0,
                current: 1
            })
        ));
        assert_eq!(store.revision().unwrap(), before);
        change.envelope.version = 1;
        change.body["name"] = json!("Federal Republic of Nigeria");
        assert_eq!(store.write(&system(), vec![change]).unwrap()[0].version, 2);
    });
}

#[test]
fn writing_the_same_again_changes_nothing() {
    both(|Opened { store, .. }| {
        let mut change = partner("NGA", "Nigeria", Label::public("USA"));
        store.write(&system(), vec![change.clone()]).unwrap();
        let before = store.revision().unwrap();
        change.envelope.version = 1;
        assert!(!store.write(&system(), vec![change]).unwrap()[0].changed);
        assert_eq!(store.revision().unwrap(), before);
    });
}

#[test]
fn changes_are_written_all_or_none() {
    both(|Opened { store, .. }| {
        let good = partner("NGA", "Nigeria", Label::public("USA"));
        let mut bad = partner("MLI", "Mali", Label::public("USA"));
        bad.body["surprise"] = json!(1);
        assert!(matches!(
            store.write(&system(), vec![good, bad]),
            Err(StoreError::Invalid(_))
        ));
        assert_eq!(
            store
                .count(&system(), "partner", &RecordQuery::default())
                .unwrap(),
            0
        );
        assert_eq!(store.revision().unwrap(), -1);
    });
}

#[test]
fn a_reference_to_nothing_is_refused() {
    both(|Opened { store, .. }| {
        let mut change = partner("NGA", "x", Label::public("USA"));
        change.envelope.kind = "membership".into();
        change.envelope.state = "recorded".into();
        change.body = json!({"body": RecordId::named("regional_body", "AU"), "member": RecordId::named("partner", "NGA"), "iso3": "NGA"});
        assert!(matches!(
            store.write(&system(), vec![change]),
            Err(StoreError::Invalid(_))
        ));
    });
}

#[test]
fn the_public_sees_only_released_records_and_totals_agree() {
    both(|Opened { store, .. }| {
        let open = partner("NGA", "Nigeria", Label::public("USA"));
        let closed = partner("MLI", "Mali", Label::internal("USA"));
        let written = store.write(&system(), vec![open, closed]).unwrap();
        let public = Viewer::public(system().today);
        let seen = store
            .list(&public, "partner", &RecordQuery::default())
            .unwrap();
        assert_eq!(
            seen.len() as u64,
            store
                .count(&public, "partner", &RecordQuery::default())
                .unwrap()
        );
        assert_eq!(seen.len(), 1);
        assert!(
            store
                .get(&public, "partner", written[1].id)
                .unwrap()
                .is_none()
        );
        assert!(
            store
                .get(&desk_officer("USA"), "partner", written[1].id)
                .unwrap()
                .is_some()
        );
        assert!(
            store
                .get(&desk_officer("FRA"), "partner", written[1].id)
                .unwrap()
                .is_none()
        );
    });
}

#[test]
fn a_viewer_without_the_right_cannot_write() {
    both(|Opened { store, .. }| {
        let public = Viewer::public(system().today);
        let change = partner("NGA", "Nigeria", Label::public("USA"));
        assert!(matches!(
            store.write(&public, vec![change]),
            Err(StoreError::NotPermitted(_))
        ));
    });
}

#[test]
fn sixty_four_writers_leave_a_gap_free_journal() {
    both(|Opened { store, .. }| {
        std::thread::scope(|scope| {
            for thread in 0..64 {
                let store = &store;
                scope.spawn(move || {
                    let code = format!(
                        "{}{}A",
                        char::from(b'A' + thread / 8),
                        char::from(b'A' + thread % 8)
                    );
                    store
                        .write(&system(), vec![partner(&code, "P", Label::public("USA"))])
                        .unwrap();
                });
            }
        });
        assert_eq!(
            store
                .count(&system(), "partner", &RecordQuery::default())
                .unwrap(),
            64
        );
        store.sign().unwrap();
        let verification = store.verify(None, None).unwrap();
        assert_eq!(verification.faults, Vec::<String>::new());
        // Sixty-four partners, the first use of their label, and the signing itself.
        assert_eq!(verification.entries, 66);
    });
}

fn load_two(store: &dyn Store, label: Label) -> symbolon_store::Result<RecordId> {
    let source = common::source();
    let source_id = source.envelope.id;
    if store.get(&system(), "source", source_id)?.is_none() {
        store.write(&system(), vec![source])?;
    }
    let written = store.load(
        &system(),
        Box::new(move |loader: &mut dyn Loader| {
            for (row, value) in [(1, "1.5"), (2, "-2")] {
                let t = Cell::Text;
                loader.put(
                    &OBSERVATION,
                    row,
                    &[
                        t("NGA"),
                        t("Nigeria"),
                        Cell::Int(2010),
                        t("2010"),
                        t("m"),
                        t(value),
                        Cell::Null,
                        t("a\tb\\\n\u{e9}"),
                    ],
                )?;
            }
            Ok(common::dataset(
                loader.dataset(),
                source_id,
                loader.roots()?,
                label,
            ))
        }),
    )?;
    Ok(written.id)
}

#[test]
fn a_bulk_load_is_read_back_and_bound() {
    both(|Opened { store, .. }| {
        let id = load_two(&*store, Label::public("USA")).unwrap();
        let rows = store
            .facts(
                &system(),
                Action::Read,
                &FactQuery::all(&OBSERVATION).of(id),
            )
            .unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[1].cells[7].text(), "a\tb\\\n\u{e9}");
        let one = FactQuery::all(&OBSERVATION).when("value", Test::Is(Value::Text("-2".into())));
        assert_eq!(store.count_facts(&system(), &one).unwrap(), 1);
        store.sign().unwrap();
        assert_eq!(
            store.verify(None, None).unwrap().faults,
            Vec::<String>::new()
        );
    });
}

#[test]
fn rows_of_a_hidden_data_set_are_absent_for_others() {
    both(|Opened { store, .. }| {
        let id = load_two(&*store, Label::internal("USA")).unwrap();
        let public = Viewer::public(system().today);
        let query = FactQuery::all(&OBSERVATION);
        assert!(
            store
                .facts(&public, Action::Read, &query)
                .unwrap()
                .is_empty()
        );
        assert!(
            store
                .facts(&public, Action::Read, &query.clone().of(id))
                .unwrap()
                .is_empty()
        );
        assert_eq!(store.count_facts(&public, &query).unwrap(), 0);
        assert_eq!(store.count_facts(&desk_officer("USA"), &query).unwrap(), 2);
    });
}

#[test]
fn a_bulk_load_that_fails_leaves_nothing_behind() {
    both(|Opened { store, .. }| {
        let result = store.load(
            &system(),
            Box::new(|loader: &mut dyn Loader| {
                loader.put(&NOTIFICATION, 1, &[Cell::Null; 16])?;
                Err(StoreError::Cancelled("stopped".into()))
            }),
        );
        assert!(matches!(result, Err(StoreError::Cancelled(_))));
        assert_eq!(
            store
                .count_facts(&system(), &FactQuery::all(&NOTIFICATION))
                .unwrap(),
            0
        );
        assert_eq!(store.revision().unwrap(), -1);
        load_two(&*store, Label::public("USA")).unwrap();
        store.sign().unwrap();
        assert_eq!(
            store.verify(None, None).unwrap().faults,
            Vec::<String>::new()
        );
    });
}

#[test]
fn the_journal_says_who_did_what_and_every_entry_can_be_proved() {
    both(|Opened { store, .. }| {
        for code in ["NGA", "MLI", "TCD"] {
            store
                .write(&system(), vec![partner(code, code, Label::public("USA"))])
                .unwrap();
        }
        let signed = store.sign().unwrap().unwrap();
        let filter = JournalFilter {
            action: "partner.".into(),
            limit: 10,
            ..JournalFilter::default()
        };
        let entries = store.entries(&system(), &filter).unwrap();
        assert_eq!(entries.len(), 3);
        assert_eq!(
            entries[0].body.as_ref().unwrap().after["body"]["name"],
            "TCD"
        );
        for entry in entries {
            let (checkpoint, path) = store.proof(entry.entry.seq).unwrap().unwrap();
            assert_eq!(checkpoint, signed);
            let leaf = hex::decode(&entry.leaf).unwrap().try_into().unwrap();
            let root = root_of_proof(entry.entry.seq as u64, checkpoint.size, leaf, &path);
            assert_eq!(root, Some(checkpoint.root));
        }
    });
}

#[test]
fn the_public_cannot_list_the_journal_but_can_see_entries_of_released_records() {
    both(|Opened { store, .. }| {
        let open = partner("NGA", "Nigeria", Label::public("USA"));
        let closed = partner("MLI", "Mali", Label::internal("USA"));
        let written = store.write(&system(), vec![open, closed]).unwrap();
        let public = Viewer::public(system().today);
        assert!(store.entries(&public, &JournalFilter::default()).is_err());
        assert!(store.entry(&public, written[0].seq).unwrap().is_some());
        assert!(store.entry(&public, written[1].seq).unwrap().is_none());
    });
}

#[test]
fn a_store_is_found_again_after_it_is_closed() {
    let directory = symbolon_testkit::directory();
    let file = directory.path().join("symbolon.sqlite");
    let open = |seed| {
        symbolon_store_sql::SqlStore::sqlite(&file, symbolon_testkit::surroundings(seed)).unwrap()
    };
    let first = open(1);
    first
        .write(
            &system(),
            vec![partner("NGA", "Nigeria", Label::public("USA"))],
        )
        .unwrap();
    let origin = first.origin().to_owned();
    drop(first);
    let second = open(2);
    assert_eq!(second.origin(), origin);
    let change: Change = partner("MLI", "Mali", Label::public("USA"));
    second.write(&system(), vec![change]).unwrap();
    second.sign().unwrap();
    assert_eq!(
        second.verify(None, None).unwrap().faults,
        Vec::<String>::new()
    );
}
