//! A database as a whole: copied out under load, restored, rebuilt from its journal, redacted, its key
//! handed over, and what verification says of each.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;
#[path = "tamper/fixture.rs"]
mod fixture;

use common::{partner, system};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use symbolon_domain::{label::Label, record::RecordId};
use symbolon_store::{
    Heading, Redaction, Store, StoreError, Surroundings,
    journal::{Audit, Checkpoint, Sealer, SigningKey},
    query::{RecordQuery, Value},
};
use symbolon_store_sql::SqlStore;

/// Runs a test on every engine there is.
fn both(test: impl Fn(SqlStore)) {
    let directory = symbolon_testkit::directory();
    let file = directory.path().join("s.sqlite");
    test(open(
        file.to_str().unwrap(),
        symbolon_testkit::surroundings(1),
    ));
    if let Some(url) = symbolon_testkit::postgres_database() {
        test(open(&url, symbolon_testkit::surroundings(1)));
    }
}

/// A fresh place of the same engine as a store's.
fn fresh(store: &SqlStore, directory: &Path, name: &str) -> (SqlStore, String) {
    let place = if store.local() {
        directory.join(name).to_str().unwrap().to_owned()
    } else {
        symbolon_testkit::postgres_database().unwrap()
    };
    (open(&place, symbolon_testkit::surroundings(5)), place)
}

fn open(place: &str, around: Surroundings) -> SqlStore {
    if place.starts_with("postgres:") {
        SqlStore::postgres(place, around).unwrap()
    } else {
        SqlStore::sqlite(Path::new(place), around).unwrap()
    }
}

fn rows(store: &dyn Store) -> Vec<(Heading, Vec<Value>)> {
    let mut all = vec![];
    store
        .dump(&mut |table, row| {
            all.push((table.clone(), row.to_vec()));
            Ok(())
        })
        .unwrap();
    all
}

fn feed(rows: Vec<(Heading, Vec<Value>)>) -> symbolon_store_sql::Feed<'static> {
    Box::new(move |each| rows.iter().try_for_each(|(table, row)| each(table, row)))
}

fn faults(store: &dyn Store, kept: Option<&Checkpoint>) -> Vec<String> {
    store.verify(None, kept).unwrap().faults
}

#[test]
fn a_rebuilt_database_has_the_same_tables() {
    let directory = symbolon_testkit::directory();
    both(|store| {
        fixture::fill(&store, 300);
        let (again, _) = fresh(&store, directory.path(), "rebuilt.sqlite");
        again.rebuild_from(&store).unwrap();
        assert_eq!(again.digests().unwrap(), store.digests().unwrap());
        let (full, place) = fresh(&store, directory.path(), "full.sqlite");
        drop(full);
        let full = open(&place, symbolon_testkit::surroundings(6));
        full.write(&system(), vec![partner("NGA", "x", Label::public("USA"))])
            .unwrap();
        assert!(matches!(
            full.rebuild_from(&store),
            Err(StoreError::Duplicate(_))
        ));
    });
}

#[test]
fn a_database_moves_from_sqlite_to_postgresql_and_back() {
    let directory = symbolon_testkit::directory();
    let around = symbolon_testkit::surroundings(1);
    let sqlite = SqlStore::sqlite(&directory.path().join("a.sqlite"), around).unwrap();
    let signed = fixture::fill(&sqlite, 0);
    let Some(url) = symbolon_testkit::postgres_database() else {
        return;
    };
    let postgres = open(&url, symbolon_testkit::surroundings(2));
    postgres.rebuild_from(&sqlite).unwrap();
    assert_eq!(postgres.digests().unwrap(), sqlite.digests().unwrap());
    drop(postgres);
    let postgres = open(&url, symbolon_testkit::surroundings(3));
    assert_eq!(faults(&postgres, signed.last()), Vec::<String>::new());
    let back = SqlStore::sqlite(
        &directory.path().join("b.sqlite"),
        symbolon_testkit::surroundings(4),
    )
    .unwrap();
    back.fill(feed(rows(&postgres))).unwrap();
    assert_eq!(back.digests().unwrap(), sqlite.digests().unwrap());
}

#[test]
fn a_copy_under_load_holds_every_row_acknowledged_before_it_began() {
    let directory = symbolon_testkit::directory();
    both(|store| {
        let (stop, acknowledged) = (AtomicBool::new(false), AtomicU64::new(0));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for number in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let mut change = partner("NGA", "A partner", Label::public("USA"));
                    change.envelope.code = format!("n{number}");
                    change.envelope.id = RecordId::named("partner", &number.to_string());
                    store.write(&system(), vec![change]).unwrap();
                    acknowledged.store(number + 1, Ordering::SeqCst);
                }
            });
            while acknowledged.load(Ordering::SeqCst) < 40 {
                std::thread::yield_now();
            }
            let before = acknowledged.load(Ordering::SeqCst);
            let copy = rows(&store);
            stop.store(true, Ordering::Relaxed);
            let (restored, place) = fresh(&store, directory.path(), "restored.sqlite");
            restored.fill(feed(copy)).unwrap();
            drop(restored);
            let restored = open(&place, symbolon_testkit::surroundings(6));
            assert_eq!(faults(&restored, None), Vec::<String>::new());
            let there = restored
                .count(&system(), "partner", &RecordQuery::default())
                .unwrap();
            assert!(there >= before, "{there} of {before}");
        });
    });
}

#[test]
fn a_restore_names_what_is_lost_and_a_silent_roll_back_is_tampering() {
    let directory = symbolon_testkit::directory();
    both(|store| {
        fixture::fill(&store, 10);
        let key = store.audit(&Audit::default()).unwrap();
        assert_eq!(key.exit_code(), 0);
        let copy = rows(&store);
        store
            .write(
                &system(),
                vec![partner("NER", "Niger", Label::public("USA"))],
            )
            .unwrap();
        let lost = store.sign().unwrap().unwrap();
        let (_, note) = store.checkpoint().unwrap().unwrap();
        let (rolled_back, place) = fresh(&store, directory.path(), "old.sqlite");
        rolled_back.fill(feed(copy)).unwrap();
        drop(rolled_back);
        let rolled_back = open(&place, symbolon_testkit::surroundings(7));
        let before = rolled_back.origin().to_owned();
        let seen = rolled_back.verify(None, Some(&lost)).unwrap();
        assert_eq!(seen.exit_code(), 7, "{:?}", seen.faults);

        let signed = rolled_back.begin_epoch(&system(), Some(&lost)).unwrap();
        drop(rolled_back);
        let restored = open(&place, symbolon_testkit::surroundings(8));
        assert_eq!(restored.origin(), format!("{before}/2"));
        restored
            .write(
                &system(),
                vec![partner("NER", "Niger", Label::public("USA"))],
            )
            .unwrap();
        let after = restored.sign().unwrap().unwrap();
        assert!(after.size > signed.size);
        let notes = vec![("a witness".to_owned(), note)];
        let seen = restored
            .audit(&Audit {
                kept: Some(after),
                notes,
                ..Audit::default()
            })
            .unwrap();
        assert_eq!(seen.faults, Vec::<String>::new());
        assert_eq!(seen.turnings.len(), 2, "{:?}", seen.turnings);
        assert!(seen.turnings[0].contains("signed entries lost"));
    });
}

#[test]
fn a_key_is_handed_over_and_both_stretches_verify() {
    let directory = symbolon_testkit::directory();
    both(|store| {
        fixture::fill(&store, 0);
        let (copy, place) = fresh(&store, directory.path(), "rotated.sqlite");
        copy.fill(feed(rows(&store))).unwrap();
        drop(copy);
        let around = symbolon_testkit::surroundings(9);
        let old = around.key.clone().unwrap();
        let copy = open(&place, around.clone());
        let kept = Sealer::from_bytes(&old.sealer().to_bytes());
        let new = SigningKey::from_bytes(&[8; 32]).with_retired(vec![(old.verifying(), kept)]);
        let new = Arc::new(new);
        copy.hand_over(&system(), &new).unwrap();
        // Who still has only the old key may not write on top: it would not be sealed by the new one.
        let stale = copy.write(
            &system(),
            vec![partner("NER", "Niger", Label::public("USA"))],
        );
        assert!(stale.is_err());
        drop(copy);
        let copy = open(
            &place,
            Surroundings {
                key: Some(Arc::clone(&new)),
                ..around.clone()
            },
        );
        copy.write(
            &system(),
            vec![partner("NER", "Niger", Label::public("USA"))],
        )
        .unwrap();
        copy.sign().unwrap();
        let seen = copy.verify(None, None).unwrap();
        assert_eq!((seen.faults.clone(), seen.exit_code()), (vec![], 0));
        assert!(seen.turnings[0].contains("handed over"));
        // Without the seal of the retired key it cannot tell; with a foreign key it says so.
        let bare = Arc::new(SigningKey::from_bytes(&[8; 32]));
        let again = open(
            &place,
            Surroundings {
                key: Some(bare),
                ..around.clone()
            },
        );
        assert_eq!(again.verify(None, None).unwrap().exit_code(), 8);
        let foreign = SigningKey::from_bytes(&[3; 32]).verifying();
        assert_eq!(copy.verify(Some(&foreign), None).unwrap().exit_code(), 7);
        assert_eq!(
            copy.verify(Some(&old.verifying()), None)
                .unwrap()
                .exit_code(),
            0
        );
    });
}

/// Words that stand nowhere else.
const SECRET: &str = "Quillfeather-Mombasa-7731";

fn redaction(entries: Vec<i64>, by: &str) -> Redaction {
    Redaction {
        id: RecordId::named("redaction", "1"),
        entries,
        basis: "an invented data protection act, article 17".into(),
        reason: "the person asked for it".into(),
        proposed_by: "account-1".into(),
        confirmed_by: by.into(),
    }
}

#[test]
fn what_was_redacted_is_gone_and_verification_shows_it() {
    let directory = symbolon_testkit::directory();
    both(|store| {
        let (store, place) = fresh(&store, directory.path(), "redacted.sqlite");
        let mut change = partner("NGA", SECRET, Label::public("USA"));
        let first = store.write(&system(), vec![change.clone()]).unwrap()[0].seq;
        change.envelope.version = 1;
        change.body["name"] = "Nigeria".into();
        let second = store.write(&system(), vec![change]).unwrap()[0].seq;
        store.sign().unwrap();
        assert!(raw(&store, &place).contains(SECRET));

        assert!(matches!(
            store.redact(&system(), &redaction(vec![first], "account-1")),
            Err(StoreError::NotPermitted(_))
        ));
        assert!(
            store
                .redact(&system(), &redaction(vec![first, 99_999], "account-2"))
                .is_err()
        );
        assert!(raw(&store, &place).contains(SECRET), "refused as a whole");
        // The first entry says the name, the second says it again as what was before.
        store
            .redact(&system(), &redaction(vec![first, second], "account-2"))
            .unwrap();
        store.sign().unwrap();
        let seen = store.verify(None, None).unwrap();
        assert_eq!((seen.faults.clone(), seen.redacted), (vec![], 2));
        assert!(!raw(&store, &place).contains(SECRET), "bytes are left");
        let copy = format!("{:?}", rows(&store));
        assert!(!copy.contains(SECRET) && copy.contains("Nigeria"));

        let (again, _) = fresh(&store, directory.path(), "again.sqlite");
        again.rebuild_from(&store).unwrap();
        assert_eq!(again.digests().unwrap(), store.digests().unwrap());
        let twice = store.redact(&system(), &redaction(vec![first], "account-2"));
        assert!(twice.is_err());
    });
}

/// The bytes of the database: its files, or on PostgreSQL the file of the journal.
fn raw(store: &SqlStore, place: &str) -> String {
    if store.local() {
        let files = ["", "-wal", "-shm"];
        let bytes = |end: &&str| std::fs::read(format!("{place}{end}")).unwrap_or_default();
        let all: Vec<u8> = files.iter().flat_map(bytes).collect();
        return String::from_utf8_lossy(&all).into_owned();
    }
    let mut client = postgres::Client::connect(place, postgres::NoTls).unwrap();
    client.batch_execute("CHECKPOINT").unwrap();
    let sql = "SELECT pg_read_binary_file(pg_relation_filepath('journal'))";
    let bytes: Vec<u8> = client.query_one(sql, &[]).unwrap().get(0);
    String::from_utf8_lossy(&bytes).into_owned()
}
