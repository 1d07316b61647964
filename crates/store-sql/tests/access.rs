//! Decision and databases: what the function allows is what each engine returns, and what
//! changes access binds at once.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{Opened, both, envelope, partner, system};
use jiff::civil::{Date, date};
use serde_json::json;
use std::collections::BTreeSet;
use symbolon_access::{Action, Policy, Subject, Viewer, World, decide};
use symbolon_domain::{
    date::{Known, ValidTime},
    label::Label,
    record::RecordId,
};
use symbolon_store::{
    Change, Store, StoreError,
    query::{RecordQuery, Test, Value},
};
use symbolon_testkit::cases::{self, Dice, GROUPS, NATIONS, PARTNERS, PROGRAMMES, REGIONS};

fn change(kind: &str, code: &str, label: Label, body: serde_json::Value) -> Change {
    Change {
        envelope: envelope(kind, code, label),
        body,
        action: format!("{kind}.create"),
        ..source()
    }
}

fn source() -> Change {
    common::source()
}

fn region(code: &str) -> &'static str {
    let of = REGIONS
        .iter()
        .find(|(_, partners)| partners.contains(&code));
    of.map_or("", |(name, _)| name)
}

/// The world as records: partners with their regions, bodies, memberships, agreements.
fn records_of(world: &World) -> Vec<Change> {
    let open = || Label::public("USA");
    let codes: BTreeSet<&str> = NATIONS
        .iter()
        .chain(&PARTNERS)
        .copied()
        .filter(|c| !c.is_empty())
        .collect();
    let mut changes: Vec<Change> = codes
        .iter()
        .map(|code| {
            let body = json!({"name": code, "iso3": code, "partner_type": "state", "region": region(code)});
            change("partner", code, open(), body)
        })
        .collect();
    for group in GROUPS {
        let body = json!({"name": group, "abbreviation": group, "body_type": "alliance", "completeness": "invented"});
        changes.push(change("regional_body", group, open(), body));
        for (i, member) in world.groups.0[group].iter().enumerate() {
            let body = json!({
                "body": RecordId::named("regional_body", group),
                "member": RecordId::named("partner", member.nation.as_str()), "iso3": member.nation,
            });
            let mut change = change("membership", &format!("{group}-{i}"), open(), body);
            change.envelope.valid = ValidTime {
                from: member.from.map(Known::on),
                to: member.to.map(Known::on),
            };
            changes.push(change);
        }
    }
    for (i, terms) in world.agreements.iter().enumerate() {
        let body = json!({
            "title": terms.title, "parties": terms.parties, "policy": terms.policy, "level": terms.level,
            "in_force_from": terms.from, "in_force_to": terms.to,
        });
        let mut change = change("sharing_agreement", &i.to_string(), open(), body);
        change.envelope.state = "in_force".into();
        changes.push(change);
    }
    changes
}

/// Records to be looked at: labels that can be stored, partners and programmes at random.
fn subjects(dice: &mut Dice, n: usize) -> Vec<Change> {
    let mut labels: Vec<Label> = (0..60).map(|_| cases::label(dice)).collect();
    let markings = symbolon_domain::label::Markings::shipped();
    labels.retain(|l| markings.under_ceiling(l));
    (0..n)
        .map(|i| {
            let label = labels[dice.under(labels.len())].clone();
            let mut change = change("source", &format!("S{i}"), label, source().body);
            change.envelope.partner = dice.pick(&PARTNERS).to_owned();
            change.envelope.programme = dice.pick(&PROGRAMMES).to_owned();
            change
        })
        .collect()
}

fn allowed(world: &World, viewer: &Viewer, subjects: &[Change]) -> BTreeSet<RecordId> {
    let may = |c: &&Change| {
        let e = &c.envelope;
        let subject = Subject {
            kind: "source",
            label: &e.label,
            partner: &e.partner,
            programme: &e.programme,
        };
        decide(Policy::shipped(), world, viewer, Action::Read, subject).allowed
    };
    subjects.iter().filter(may).map(|c| c.envelope.id).collect()
}

#[test]
fn each_engine_returns_exactly_what_the_decision_allows() {
    both(|Opened { store, .. }| {
        let mut dice = Dice::new(7);
        let world = cases::world(&mut dice);
        store.write(&system(), records_of(&world)).unwrap();
        let subjects = subjects(&mut dice, 1000);
        store.write(&system(), subjects.clone()).unwrap();
        let read = store.world().unwrap();
        let by_nation = |w: &World| {
            let mut groups = w.groups.clone();
            groups
                .0
                .values_mut()
                .for_each(|m| m.sort_by_key(|m| m.nation));
            groups.0.retain(|_, m| !m.is_empty());
            groups
        };
        assert_eq!(by_nation(&read), by_nation(&world));
        assert_eq!(read.agreements.len(), world.agreements.len());
        assert_eq!(read.regions, world.regions);
        let (mut done, mut seen) = (0, 0);
        while done < cases::cases() {
            let viewer = cases::viewer(&mut dice);
            let wanted = allowed(&world, &viewer, &subjects);
            let rows = store
                .list(&viewer, "source", &RecordQuery::default())
                .unwrap();
            let found: BTreeSet<RecordId> = rows.iter().map(|r| r.envelope.id).collect();
            assert_eq!(found, wanted, "{viewer:?}");
            let total = store
                .count(&viewer, "source", &RecordQuery::default())
                .unwrap();
            assert_eq!(total, wanted.len() as u64);
            done += subjects.len();
            seen += wanted.len();
        }
        assert!(seen * 20 > done && seen * 2 < done, "{seen} of {done} seen");
    });
}

fn french(today: Date) -> Viewer {
    Viewer {
        today,
        ..common::desk_officer("FRA")
    }
}

fn released_to(group: &str, day: Date) -> Label {
    let mut label = Label::internal("USA");
    label.controls.insert("REL TO".into());
    label.rel_to.groups.insert(group.to_owned());
    label.released_at = Some(day);
    label
}

#[test]
fn a_new_agreement_opens_and_its_end_closes_at_once() {
    both(|Opened { store, .. }| {
        let world = World {
            groups: symbolon_access::Groups(GROUPS.map(|g| (g.to_owned(), vec![])).into()),
            ..World::default()
        };
        store.write(&system(), records_of(&world)).unwrap();
        let fra = json!({"body": RecordId::named("regional_body", "NATO"),
            "member": RecordId::named("partner", "FRA"), "iso3": "FRA"});
        store
            .write(
                &system(),
                vec![change("membership", "NATO-FRA", Label::public("USA"), fra)],
            )
            .unwrap();
        let secret = partner("TCD", "x", released_to("NATO", date(2025, 1, 1)));
        let secret = Change {
            envelope: symbolon_domain::record::Envelope {
                code: "HELD".into(),
                id: RecordId::named("partner", "held"),
                ..secret.envelope
            },
            ..secret
        };
        let id = store.write(&system(), vec![secret]).unwrap()[0].id;
        let sees = |store: &dyn Store| {
            store
                .get(&french(date(2026, 1, 1)), "partner", id)
                .unwrap()
                .is_some()
        };
        assert!(!sees(&*store));
        let mut terms = change(
            "sharing_agreement",
            "A",
            Label::public("USA"),
            json!({
                "title": "Invented", "parties": ["USA", "FRA"], "policy": "US", "level": "internal", "in_force_from": "2020-01-01",
            }),
        );
        store.write(&system(), vec![terms.clone()]).unwrap();
        assert!(!sees(&*store), "a draft opens nothing");
        (terms.envelope.version, terms.envelope.state) = (1, "in_force".into());
        store.write(&system(), vec![terms.clone()]).unwrap();
        assert!(sees(&*store));
        (terms.envelope.version, terms.envelope.state) = (2, "ended".into());
        terms.body["in_force_to"] = "2026-01-01".into();
        store.write(&system(), vec![terms]).unwrap();
        assert!(!sees(&*store));
        assert!(
            store
                .get(&french(date(2025, 12, 31)), "partner", id)
                .unwrap()
                .is_some()
        );
    });
}

#[test]
fn another_nodes_change_of_access_binds_within_a_second() {
    let Some(opened) = common::postgres() else {
        return;
    };
    let url = opened.url.clone().unwrap();
    let other =
        symbolon_store_sql::SqlStore::postgres(&url, symbolon_testkit::surroundings(2)).unwrap();
    let mut record = partner("NGA", "Nigeria", Label::public("USA"));
    let id = opened.store.write(&system(), vec![record.clone()]).unwrap()[0].id;
    let public = Viewer::public(date(2026, 1, 1));
    assert!(other.get(&public, "partner", id).unwrap().is_some());
    record.envelope.version = 1;
    record.envelope.label = Label::internal("USA");
    opened.store.write(&system(), vec![record]).unwrap();
    assert!(other.get(&public, "partner", id).unwrap().is_none());
    std::thread::sleep(std::time::Duration::from_millis(900));
    assert!(
        other
            .get(&common::desk_officer("USA"), "partner", id)
            .unwrap()
            .is_some()
    );
}

#[test]
fn a_label_above_the_ceiling_is_refused_and_leaves_no_trace() {
    both(|Opened { store, file, .. }| {
        let before = store.revision().unwrap();
        for (policy, level) in [
            ("US", "top_secret"),
            ("NATO", "restricted"),
            ("US", "MAGIC-CANARY"),
        ] {
            let label = Label {
                policy: policy.into(),
                level: level.into(),
                ..Label::internal("USA")
            };
            let change = partner("NGA", "CANARY-TEXT", label);
            let refused = store.write(&system(), vec![change]).unwrap_err();
            assert!(matches!(refused, StoreError::AboveCeiling));
            assert!(!refused.to_string().contains("CANARY"));
        }
        assert_eq!(store.revision().unwrap(), before);
        if let Some(file) = file {
            for file in std::fs::read_dir(file.parent().unwrap()).unwrap() {
                let bytes = std::fs::read(file.unwrap().path()).unwrap();
                assert!(!bytes.windows(6).any(|w| w == b"CANARY"));
            }
        }
    });
}

#[test]
fn whoever_only_received_a_record_cannot_change_it_and_lowering_takes_a_releasing_officer() {
    both(|Opened { store, .. }| {
        let mut record = partner("NGA", "Nigeria", Label::internal("USA"));
        store.write(&system(), vec![record.clone()]).unwrap();
        record.envelope.version = 1;
        record.body["name"] = "Changed".into();
        let hidden = store
            .write(&common::desk_officer("FRA"), vec![record.clone()])
            .unwrap_err();
        assert!(
            matches!(hidden, StoreError::Stale { current: 0, .. }),
            "{hidden}"
        );
        record.envelope.label = Label::public("USA");
        let desk = common::desk_officer("USA");
        let lowered = store.write(&desk, vec![record.clone()]).unwrap_err();
        assert!(matches!(lowered, StoreError::NotPermitted(_)), "{lowered}");
        record.envelope.label = Label::internal("USA");
        assert!(store.write(&desk, vec![record]).unwrap()[0].changed);
    });
}

#[test]
fn a_code_of_a_hidden_record_of_another_owner_answers_as_a_fresh_one() {
    both(|Opened { store, .. }| {
        let hidden = partner("NGA", "Nigeria", Label::internal("FRA"));
        store.write(&system(), vec![hidden]).unwrap();
        let mut same = partner("NGA", "Nigeria again", Label::internal("USA"));
        same.envelope.id = RecordId::named("partner", "another");
        same.envelope.owner = "another owner".into();
        let mut fresh = partner("TCD", "Chad", Label::internal("USA"));
        fresh.envelope.owner = "another owner".into();
        let desk = common::desk_officer("USA");
        let (same, fresh) = (
            store.write(&desk, vec![same]),
            store.write(&desk, vec![fresh]),
        );
        let answer = |w: symbolon_store::Result<Vec<symbolon_store::Written>>| {
            let w = w.unwrap();
            (w.len(), w[0].version, w[0].changed)
        };
        assert_eq!(answer(same), answer(fresh));
        let all = RecordQuery::default().when("code", Test::Is(Value::Text("NGA".into())));
        assert_eq!(store.count(&desk, "partner", &all).unwrap(), 1);
    });
}
