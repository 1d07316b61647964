//! What a partner's officer sees of a record that another nation wrote: the fields on the allow-list,
//! in lists, at past moments and in the history, and no way to ask by another.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{Opened, both, envelope, system};
use serde_json::json;
use symbolon_access::{Actor, Viewer};
use symbolon_domain::{
    kinds::{Role, Standing},
    label::Label,
    record::{Envelope, RecordId},
};
use symbolon_store::{
    Change, StoreError,
    query::{RecordQuery, Test, Value},
};

fn officer() -> Viewer {
    let actor = Actor::Account {
        id: RecordId::named("account", "officer"),
        name: "An Officer".into(),
        role: Role::PartnerOfficer,
        nation: "MLI".parse().unwrap(),
        standing: Standing::of_staff().into(),
    };
    Viewer { actor, ..system() }
}

/// A gap about Mali that the United States wrote down and released to it, with a field that is not for
/// partners.
fn released(opened: &Opened) -> RecordId {
    let body = json!({"title": "Invented", "parties": ["USA", "MLI"], "policy": "US", "level": "internal",
        "in_force_from": "2020-01-01"});
    let sharing = Change {
        envelope: Envelope {
            state: "in_force".into(),
            ..envelope("sharing_agreement", "A", Label::public("USA"))
        },
        body,
        ..common::source()
    };
    let mut label = Label::internal("USA");
    label.controls.insert("REL TO".into());
    label.rel_to.nations.insert("MLI".parse().unwrap());
    label.released_at = Some(jiff::civil::date(2025, 1, 1));
    let gap = Change {
        envelope: Envelope {
            partner: "MLI".into(),
            ..envelope("capability_gap", "G", label)
        },
        body: json!({"title": "Boats", "domain": "materiel", "stated_by": "office", "threat": "canary-threat"}),
        reason: "canary-reason".into(),
        action: "capability_gap.create".into(),
        ..common::source()
    };
    let id = gap.envelope.id;
    opened.store.write(&system(), vec![sharing]).unwrap();
    opened.store.write(&system(), vec![gap]).unwrap();
    id
}

#[test]
fn a_partner_sees_the_fields_on_its_list_and_no_others_wherever_it_looks() {
    both(|opened| {
        let (store, viewer) = (&opened.store, officer());
        let id = released(&opened);
        let whole = store.get(&system(), "capability_gap", id).unwrap().unwrap();
        assert_eq!(whole.body["threat"], "canary-threat");
        let then = RecordQuery {
            recorded_before: Some(i64::MAX),
            ..RecordQuery::default()
        };
        for query in [RecordQuery::default(), then] {
            let seen = store.list(&viewer, "capability_gap", &query).unwrap();
            assert_eq!(seen.len(), 1);
            assert_eq!(seen[0].body["title"], "Boats");
            assert!(seen[0].body.get("threat").is_none(), "{}", seen[0].body);
        }
        let versions = store.versions(&viewer, "capability_gap", id).unwrap();
        let last = store
            .last_entry(&viewer, &format!("capability_gap/{id}"))
            .unwrap()
            .unwrap();
        let entry = store.entry(&viewer, last.entry.seq).unwrap().unwrap();
        let told = format!("{versions:?} {last:?} {entry:?}");
        assert!(told.contains("Boats") && !told.contains("canary"), "{told}");
    });
}

#[test]
fn nobody_asks_by_a_field_that_is_withheld() {
    both(|opened| {
        let (store, viewer) = (&opened.store, officer());
        released(&opened);
        let kind = symbolon_domain::kinds::by_code("capability_gap").unwrap();
        for field in kind.fields.iter().filter(|f| !f.partner_visible) {
            let test = Test::Is(Value::Text("canary-threat".into()));
            let sorted = RecordQuery {
                order: Some((field.name.clone(), false)),
                ..RecordQuery::default()
            };
            for query in [RecordQuery::default().when(&field.name, test), sorted] {
                let listed = store.list(&viewer, kind.code, &query).unwrap_err();
                let wanted = format!("`{}` is no field of {}", field.name, kind.code);
                assert!(matches!(listed, StoreError::Invalid(w) if w == wanted));
                assert!(store.count(&viewer, kind.code, &query).is_err());
            }
        }
        let words = RecordQuery {
            words: vec!["canary".into()],
            ..RecordQuery::default()
        };
        assert_eq!(store.count(&viewer, kind.code, &words).unwrap(), 0);
        assert_eq!(store.count(&system(), kind.code, &words).unwrap(), 1);
    });
}
