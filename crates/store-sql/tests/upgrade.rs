//! A database of an older program: refused, backed up, brought up to this one, whole or not at all.
//!
//! Older databases are made from new ones by taking away what a later program would have added: any column a kind has
//! of its own that may be empty, any table nothing refers to, any index.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;
#[path = "tamper/fixture.rs"]
mod fixture;

use common::{partner, system};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use symbolon_domain::{kind::FieldType, label::Label};
use symbolon_store::{Heading, Store, StoreError, query::Value};
use symbolon_store_sql::{Older, SqlStore};
use symbolon_testkit::behind;

/// Where the started program finds the database it upgrades; absent in the test itself.
const PLACE: &str = "SYMBOLON_UPGRADE_PLACE";

/// What every older database lacks: a column, an index, a table that is only counted.
const LATER: [&str; 3] = [
    "ALTER TABLE \"account\" DROP COLUMN \"language\"",
    "DROP INDEX \"case_seen\"",
    "DROP TABLE \"tally\"",
];

fn open(place: &str) -> Result<SqlStore, StoreError> {
    let around = symbolon_testkit::surroundings(7);
    if place.starts_with("postgres:") {
        SqlStore::postgres(place, around)
    } else {
        SqlStore::sqlite(Path::new(place), around)
    }
}

fn older(place: &str) -> Older {
    let around = symbolon_testkit::surroundings(8);
    if place.starts_with("postgres:") {
        Older::postgres(place, around).unwrap()
    } else {
        Older::sqlite(Path::new(place), around).unwrap()
    }
}

/// Takes away what a later program would have added.
fn age(place: &str, statements: &[&str]) {
    behind(place, statements).unwrap();
    behind(
        place,
        &["UPDATE instance SET value = 'an older one' WHERE name = 'shape'"],
    )
    .unwrap();
}

/// A filled database on every engine there is: its place.
fn both(test: impl Fn(&str)) {
    let directory = symbolon_testkit::directory();
    let file = directory.path().join("s.sqlite");
    let places = [
        Some(file.to_str().unwrap().to_owned()),
        symbolon_testkit::postgres_database(),
    ];
    for place in places.into_iter().flatten() {
        let store = open(&place).unwrap();
        fixture::fill(&store, 300);
        drop(store);
        test(&place);
    }
}

fn sound(place: &str) {
    let verification = open(place).unwrap().verify(None, None).unwrap();
    assert_eq!(verification.faults, Vec::<String>::new());
}

#[test]
fn an_older_database_is_refused_and_upgraded_on_request() {
    both(|place| {
        let before = open(place).unwrap().digests().unwrap();
        age(place, &LATER);
        assert!(matches!(open(place), Err(StoreError::Older { .. })));
        let needs = older(place).needs().unwrap();
        let expected = ["column account.language", "index case_seen", "table tally"];
        for what in expected {
            assert!(needs.added.iter().any(|a| a == what), "{what}: {needs:?}");
        }
        assert_eq!(needs.hindered, Vec::<String>::new());
        // Asking changed nothing.
        assert!(matches!(open(place), Err(StoreError::Older { .. })));
        assert_eq!(older(place).upgrade(&system()).unwrap(), needs.added);
        sound(place);
        let store = open(place).unwrap();
        let after = store.digests().unwrap();
        for (table, content) in before {
            if table != "journal" && table != "journal_tile" {
                assert_eq!(after.get(&table), Some(&content), "{table}");
            }
        }
        store
            .write(&system(), vec![partner("TGO", "New", Label::public("USA"))])
            .unwrap();
        drop(store);
        sound(place);
    });
}

#[test]
fn an_upgrade_is_an_entry_and_is_made_once() {
    both(|place| {
        age(place, &LATER);
        let size = |place: &str| open(place).unwrap().revision().unwrap();
        older(place).upgrade(&system()).unwrap();
        let after = size(place);
        assert_eq!(
            older(place).upgrade(&system()).unwrap(),
            Vec::<String>::new()
        );
        assert_eq!(size(place), after);
        let entries = open(place)
            .unwrap()
            .entries(
                &system(),
                &symbolon_store::journal::JournalFilter {
                    object: "schema/".into(),
                    limit: 10,
                    ..Default::default()
                },
            )
            .unwrap();
        assert_eq!(entries.len(), 1);
        let told = format!("{:?}", entries[0]);
        assert!(told.contains("column account.language"), "{told}");
    });
}

#[test]
fn a_database_of_a_newer_program_is_refused() {
    both(|place| {
        let newer = ["ALTER TABLE \"case\" ADD COLUMN thought_of_later TEXT"];
        age(place, &newer);
        let refused = open(place).err().unwrap().to_string();
        assert!(refused.contains("case.thought_of_later"), "{refused}");
        let needs = older(place).needs().unwrap();
        assert!(!needs.hindered.is_empty());
        assert!(matches!(
            older(place).upgrade(&system()),
            Err(StoreError::Foreign(_))
        ));
        behind(
            place,
            &["ALTER TABLE \"case\" DROP COLUMN thought_of_later"],
        )
        .unwrap();
        assert_eq!(
            older(place).upgrade(&system()).unwrap(),
            Vec::<String>::new()
        );
        sound(place);
    });
}

#[test]
fn a_column_that_must_be_filled_hinders_the_upgrade_and_nothing_is_changed() {
    both(|place| {
        age(place, &["ALTER TABLE \"once\" DROP COLUMN \"request\""]);
        let needs = older(place).needs().unwrap();
        assert!(
            needs.hindered.iter().any(|h| h.contains("once.request")),
            "{needs:?}"
        );
        assert!(older(place).upgrade(&system()).is_err());
        assert_eq!(older(place).needs().unwrap(), needs);
    });
}

#[test]
fn the_backup_of_an_older_database_is_restored_by_this_program() {
    both(|place| {
        let before = open(place).unwrap().digests().unwrap();
        age(place, &LATER);
        let mut rows: Vec<(Heading, Vec<Value>)> = vec![];
        older(place)
            .dump(&mut |heading, row| {
                rows.push((heading.clone(), row.to_vec()));
                Ok(())
            })
            .unwrap();
        let directory = symbolon_testkit::directory();
        let file = directory.path().join("restored.sqlite");
        let restored = SqlStore::sqlite(&file, symbolon_testkit::surroundings(9)).unwrap();
        let feed: symbolon_store_sql::Feed<'static> = Box::new(move |each| {
            rows.iter()
                .try_for_each(|(heading, row)| each(heading, row))
        });
        restored.fill(feed).unwrap();
        drop(restored);
        sound(file.to_str().unwrap());
        let mut after = open(file.to_str().unwrap()).unwrap().digests().unwrap();
        let mut before = before;
        // The shape it was dumped with is not the one it is restored to.
        before.remove("instance");
        after.remove("instance");
        assert_eq!(after, before);
    });
}

/// The program that is killed: upgrades, having said that it begins.
#[test]
#[ignore = "started by another test of this file"]
fn upgrader() {
    if let Ok(place) = std::env::var(PLACE) {
        let older = older(&place);
        println!("begins");
        older.upgrade(&system()).unwrap();
        println!("done");
    }
}

#[test]
fn an_upgrade_that_is_killed_leaves_the_old_database_or_the_new() {
    both(|place| {
        let (mut old, mut new) = (0, 0);
        for round in 0..9_u64 {
            age(place, &LATER);
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "upgrader", "--ignored", "--nocapture"])
                .env(PLACE, place)
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
            while !lines.next().unwrap().unwrap().contains("begins") {}
            std::thread::sleep(Duration::from_millis(round * round));
            child.kill().unwrap();
            child.wait().unwrap();
            match open(place) {
                Err(StoreError::Older { missing }) => {
                    old += 1;
                    assert!(missing > LATER.len());
                    older(place).upgrade(&system()).unwrap();
                }
                Ok(_) => new += 1,
                Err(e) => panic!("{e}"),
            }
            sound(place);
        }
        println!("killed: {old} old, {new} new");
        assert!(old > 0, "no kill was before the commit");
    });
}

/// What an older program may not have had, and how it is taken away: columns of a kind's own, kinds nothing refers to.
fn parts() -> Vec<(String, String)> {
    let kinds = symbolon_domain::kinds::all();
    let referred: Vec<&str> = kinds
        .iter()
        .flat_map(|k| &k.fields)
        .filter_map(|f| match &f.field_type {
            FieldType::Reference(to) => Some(to.as_str()),
            _ => None,
        })
        .collect();
    let mut parts = vec![];
    for kind in kinds {
        let code = kind.code;
        // Its indexes go with it.
        if !referred.contains(&code) {
            parts.push((format!("table {code}"), format!("DROP TABLE \"{code}\"")));
            continue;
        }
        let reference = |t: &FieldType| matches!(t, FieldType::Reference(_));
        for field in kind.fields.iter().filter(|f| !reference(&f.field_type)) {
            let name = &field.name;
            let drop = format!("ALTER TABLE \"{code}\" DROP COLUMN \"{name}\"");
            parts.push((format!("column {code}.{name}"), drop));
        }
    }
    parts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever columns and kinds an older program did not have, the upgrade makes the schema of this one.
    #[test]
    fn any_older_shape_becomes_this_one(picks in proptest::collection::vec(any::<prop::sample::Index>(), 1..30)) {
        let directory = symbolon_testkit::directory();
        let file = directory.path().join("s.sqlite");
        let place = file.to_str().unwrap();
        drop(open(place).unwrap());
        let parts = parts();
        let gone: BTreeSet<&(String, String)> = picks.iter().map(|p| p.get(&parts)).collect();
        let statements: Vec<&str> = gone.iter().map(|(_, drop)| &**drop).collect();
        age(place, &statements);
        let added: BTreeSet<String> = older(place).upgrade(&system()).unwrap().into_iter().collect();
        let expected: BTreeSet<String> = gone.iter().map(|(what, _)| what.clone()).collect();
        prop_assert!(expected.is_subset(&added), "{:?} of {:?}", added, expected);
        let more: Vec<&String> = added.difference(&expected).collect();
        prop_assert!(more.iter().all(|m| m.starts_with("index ")), "{:?}", more);
        sound(place);
    }
}
