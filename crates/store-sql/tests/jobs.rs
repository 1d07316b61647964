//! Jobs: one node at a time, a second time after the first fell silent, an effect once.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{partner, system};
use serde_json::json;
use std::sync::Arc;
use symbolon_domain::label::Label;
use symbolon_store::{
    Changes, Store, StoreError, Surroundings,
    jobs::{Jobs, NewJob, Taken},
    journal::JournalFilter,
    query::RecordQuery,
};
use symbolon_store_sql::SqlStore;
use symbolon_testkit::Clock;

const MINUTE: i64 = 60_000;

fn job(input: Option<&[u8]>) -> NewJob {
    NewJob {
        id: "0123456789abcdef0123456789abcdef".to_owned(),
        work: "import".to_owned(),
        asked: json!({"kind": "partner"}),
        input: input.map(<[u8]>::to_vec),
    }
}

/// Two stores over one database, as two nodes have it, and the clock of both.
fn nodes(test: impl Fn(&SqlStore, &SqlStore, &Clock)) {
    let directory = symbolon_testkit::directory();
    let file = directory.path().join("db");
    two(&test, |around| SqlStore::sqlite(&file, around).unwrap());
    if let Some(url) = symbolon_testkit::postgres_database() {
        two(&test, |around| SqlStore::postgres(&url, around).unwrap());
    }
}

fn two(test: &impl Fn(&SqlStore, &SqlStore, &Clock), open: impl Fn(Surroundings) -> SqlStore) {
    let (around, clock) = symbolon_testkit::clocked(1);
    test(&open(around.clone()), &open(around), &clock);
}

fn mali() -> Changes<'static> {
    Box::new(|put| put(partner("MLI", "Mali", Label::public("USA"))).map(drop))
}

fn actions(store: &SqlStore) -> Vec<String> {
    let filter = JournalFilter {
        limit: 50,
        ..JournalFilter::default()
    };
    let entries = store.entries(&system(), &filter).unwrap();
    let about = entries
        .iter()
        .filter(|e| e.entry.object.starts_with("job/"));
    let mut actions: Vec<String> = about
        .map(|e| e.body.as_ref().unwrap().action.clone())
        .collect();
    actions.reverse();
    actions
}

#[test]
fn r_77_a_job_is_held_by_one_node_until_its_lease_has_run_out() {
    nodes(|a, b, clock| {
        let held = a
            .begin_job(&system(), &job(Some(b"rows")), "a", MINUTE)
            .unwrap();
        assert_eq!(held.begun, 1);
        assert_eq!(b.take_job(&system(), "b", MINUTE).unwrap(), None);
        clock.pass(50);
        assert!(a.renew_job(&system(), &held, MINUTE).unwrap());
        clock.pass(50);
        assert_eq!(b.take_job(&system(), "b", MINUTE).unwrap(), None);
        clock.pass(11);
        let Taken { turn, job: same } = b.take_job(&system(), "b", MINUTE).unwrap().unwrap();
        assert_eq!(
            (turn.holder.as_str(), turn.begun, same),
            ("b", 2, job(Some(b"rows")))
        );
        assert!(
            !a.renew_job(&system(), &held, MINUTE).unwrap(),
            "it is lost"
        );
        let late = a.end_job(&system(), &held, &json!({}), mali());
        assert!(matches!(late, Err(StoreError::Lost)), "{late:?}");
        b.end_job(&system(), &turn, &json!({"rows": 1}), mali())
            .unwrap();
        let again = b.end_job(&system(), &turn, &json!({}), mali());
        assert!(matches!(again, Err(StoreError::Lost)), "{again:?}");
        let all = b
            .list(&system(), "partner", &RecordQuery::default())
            .unwrap();
        assert_eq!(
            (all.len(), all[0].envelope.version),
            (1, 1),
            "it took effect once"
        );
        assert_eq!(
            actions(a),
            ["job.begin", "job.renew", "job.begin", "job.end"]
        );
        assert!(a.jobs().unwrap().is_empty());
    });
}

#[test]
fn r_77_a_job_is_begun_twice_and_no_more_and_without_its_bytes_once() {
    nodes(|a, b, clock| {
        a.begin_job(&system(), &job(Some(b"rows")), "a", MINUTE)
            .unwrap();
        clock.pass(61);
        assert!(b.take_job(&system(), "b", MINUTE).unwrap().is_some());
        clock.pass(61);
        assert_eq!(a.take_job(&system(), "a", MINUTE).unwrap(), None);
        assert!(a.jobs().unwrap().is_empty());
        a.begin_job(&system(), &job(None), "a", MINUTE).unwrap();
        clock.pass(61);
        assert_eq!(b.take_job(&system(), "b", MINUTE).unwrap(), None);
        let told = ["begin", "begin", "give_up", "begin", "give_up"];
        assert_eq!(actions(a), told.map(|t| format!("job.{t}")));
    });
}

#[test]
fn r_77_of_many_that_reach_for_a_job_one_gets_it() {
    nodes(|a, b, clock| {
        a.begin_job(&system(), &job(Some(b"rows")), "c", MINUTE)
            .unwrap();
        clock.pass(61);
        let reach = &|n: usize| {
            let store = if n.is_multiple_of(2) { a } else { b };
            store.take_job(&system(), &n.to_string(), MINUTE).unwrap()
        };
        let taken = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..16).map(|n| scope.spawn(move || reach(n))).collect();
            threads
                .into_iter()
                .filter_map(|t| t.join().unwrap())
                .count()
        });
        assert_eq!(taken, 1);
    });
}

#[test]
fn r_77_what_cannot_be_written_leaves_the_job_held_and_nothing_behind() {
    nodes(|a, _, _| {
        let held = a
            .begin_job(&system(), &job(Some(b"rows")), "a", MINUTE)
            .unwrap();
        let fails: Changes<'_> = Box::new(|put| {
            put(partner("MLI", "Mali", Label::public("USA")))?;
            Err(StoreError::Cancelled("stop".into()))
        });
        assert!(a.end_job(&system(), &held, &json!({}), fails).is_err());
        let all = a
            .list(&system(), "partner", &RecordQuery::default())
            .unwrap();
        assert!(all.is_empty());
        assert!(a.renew_job(&system(), &held, MINUTE).unwrap());
        let sound = a.verify(Some(&key()), None).unwrap();
        assert!(sound.faults.is_empty(), "{sound:?}");
    });
}

fn key() -> symbolon_store::journal::VerifyingKey {
    let around = symbolon_testkit::surroundings(1);
    Arc::clone(around.key.as_ref().unwrap()).verifying()
}
