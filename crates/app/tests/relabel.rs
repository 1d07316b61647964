//! Labels: closed by one, opened by two of the nation that made the record.
#![allow(clippy::unwrap_used, reason = "tests stop where something is wrong")]

mod common;
#[path = "common/thread.rs"]
mod programme;

use common::on_each_engine;
use programme::{Thread, person};
use serde_json::json;
use std::sync::Arc;
use symbolon_access::{Actor, Viewer};
use symbolon_app::{App, AppError, Draft, NewAccount, WantedLabel};
use symbolon_domain::{
    kinds::{Role, Standing},
    record::RecordId,
};

/// The same person with another nation or standing, and an account of their own.
fn with(
    app: &App,
    viewer: Viewer,
    change: impl FnOnce(&mut symbolon_domain::country::Iso3, &mut Standing),
) -> Viewer {
    let Actor::Account {
        name,
        role,
        mut nation,
        standing,
        ..
    } = viewer.actor.clone()
    else {
        unreachable!("a person")
    };
    let mut held = (*standing).clone();
    change(&mut nation, &mut held);
    let new = NewAccount {
        name: name.clone(),
        role,
        nation,
        standing: Some(held.clone()),
    };
    let id = app.add_account(&app.system(), &new).unwrap();
    let standing = Arc::new(held);
    Viewer {
        actor: Actor::Account {
            id,
            name,
            role,
            nation,
            standing,
        },
        ..viewer
    }
}

fn officer(app: &App, name: &str) -> Viewer {
    with(app, person(app, Role::LegalReviewer, name), |_, held| {
        held.duties.insert("releasing_officer".into());
    })
}

fn partner(app: &App) -> Viewer {
    with(
        app,
        person(app, Role::PartnerOfficer, "Partner"),
        |nation, held| {
            *nation = "KEN".parse().unwrap();
            held.programmes.clear();
        },
    )
}

/// The programme with a desk officer who has an account.
fn thread(app: &App) -> Thread<'_> {
    let t = Thread::new(app);
    Thread {
        desk: with(app, t.desk.clone(), |_, _| {}),
        ..t
    }
}

/// An agreement with the partner in force, without which a release reaches nobody.
fn agreement(app: &App, by: &Viewer, other: &Viewer) {
    let draft = Draft {
        body: json!({"title": "Invented agreement", "parties": ["USA", "KEN"], "policy": "US",
            "level": "controlled", "in_force_from": "2020-01-01"}),
        ..Draft::default()
    };
    let id = app
        .create(by, "sharing_agreement", draft, "", None)
        .unwrap()
        .id;
    let of = ("sharing_agreement", id);
    app.transition(other, of, 1, "confirm", "signed").unwrap();
}

fn to(nations: &str) -> WantedLabel {
    WantedLabel {
        level: "internal".into(),
        released_to: nations.into(),
        ..WantedLabel::default()
    }
}

fn sees(app: &App, viewer: &Viewer, id: RecordId) -> bool {
    app.store
        .get(viewer, "capability_gap", id)
        .unwrap()
        .is_some()
}

fn gap(t: &Thread<'_>) -> RecordId {
    t.make(
        &t.desk,
        "capability_gap",
        json!({"title": "Invented gap", "domain": "training",
        "stated_by": "office", "baseline": "Nothing yet"}),
    )
}

#[test]
fn a_record_reaches_a_partner_once_two_of_its_nation_agree_r09() {
    on_each_engine(|app| {
        let t = thread(app);
        let (lawyer, other, ken) = (
            officer(app, "Releases"),
            officer(app, "Second"),
            partner(app),
        );
        agreement(app, &lawyer, &other);
        let id = gap(&t);
        let of = ("capability_gap", id);
        assert!(!sees(app, &ken, id));
        let plan = app.label_plan(&t.desk, of, &to("ken")).unwrap();
        assert!(
            plan.widens && plan.then.summary.contains("KEN"),
            "{}",
            plan.then.summary
        );
        assert!(matches!(
            app.set_label(&t.desk, of, 1, &to("KEN"), " "),
            Err(AppError::Invalid(_))
        ));
        assert!(matches!(
            app.set_label(&t.desk, of, 7, &to("KEN"), "asked"),
            Err(AppError::Conflict(_))
        ));
        let proposal = app
            .set_label(&t.desk, of, 1, &to("KEN"), "They asked")
            .unwrap()
            .unwrap();
        assert!(!sees(app, &ken, id), "proposed is not done");
        // Not alone, not without the duty, not without a fresh factor.
        let decide = |by: &Viewer| app.decide_label(by, proposal, true, "");
        assert!(matches!(decide(&t.desk), Err(AppError::NotPermitted(_))));
        assert!(matches!(decide(&t.manager), Err(AppError::NotPermitted(_))));
        assert!(matches!(decide(&ken), Err(AppError::NotFound(_))));
        let stale = Viewer {
            stepped_up: false,
            ..lawyer.clone()
        };
        assert!(matches!(decide(&stale), Err(AppError::StepUp)));
        assert!(!sees(app, &ken, id));
        decide(&lawyer).unwrap();
        assert!(sees(app, &ken, id));
        assert!(matches!(decide(&other), Err(AppError::Conflict(_))), "once");
        let label = app
            .store
            .get(&lawyer, of.0, id)
            .unwrap()
            .unwrap()
            .envelope
            .label;
        assert_eq!(label.released_at, Some(app.today()));
        assert_eq!(label.marking(), "UNCLASSIFIED - internal//REL TO USA, KEN");
        // Closing it again takes one, and binds at once.
        assert_eq!(
            app.set_label(&t.desk, of, 2, &to(""), "A mistake").unwrap(),
            None
        );
        assert!(!sees(app, &ken, id));
        app.store.sign().unwrap();
        assert_eq!(app.verify(None).unwrap().exit_code, 0);
    });
}

#[test]
fn what_was_looked_at_is_what_is_released() {
    on_each_engine(|app| {
        let t = thread(app);
        let lawyer = officer(app, "Releases");
        let id = gap(&t);
        let of = ("capability_gap", id);
        let proposal = app
            .set_label(&lawyer, of, 1, &to("KEN"), "asked")
            .unwrap()
            .unwrap();
        let own = app.decide_label(&lawyer, proposal, true, "");
        assert!(
            matches!(own, Err(AppError::NotPermitted(_))),
            "nobody decides their own"
        );
        t.set(
            &t.desk,
            "capability_gap",
            id,
            json!({"baseline": "Something else, secret to some"}),
        )
        .unwrap();
        let other = officer(app, "Second");
        let late = app.decide_label(&other, proposal, true, "");
        assert!(
            matches!(late, Err(AppError::Conflict(_))),
            "it changed since"
        );
        assert!(
            matches!(
                app.decide_label(&other, proposal, false, ""),
                Err(AppError::Invalid(_))
            ),
            "a no has a reason"
        );
        app.decide_label(&other, proposal, false, "Changed since")
            .unwrap();
        let lines = app.label_changes(&other, Some(id)).unwrap();
        assert_eq!(
            (lines[0].state.as_str(), lines[0].change.answer.as_str()),
            ("refused", "Changed since")
        );
        assert!(app.label_changes(&partner(app), None).unwrap().is_empty());
    });
}

#[test]
fn a_label_that_cannot_be_is_named_and_refused() {
    on_each_engine(|app| {
        let t = thread(app);
        let id = gap(&t);
        let of = ("capability_gap", id);
        let wrong = [
            (to("Atlantis"), "Atlantis"),
            (
                WantedLabel {
                    level: "secret".into(),
                    ..to("")
                },
                "R-04",
            ),
            (
                WantedLabel {
                    level: "cosmic".into(),
                    ..to("")
                },
                "cosmic",
            ),
            (
                WantedLabel {
                    controls: ["NOFORN".into()].into(),
                    ..to("KEN")
                },
                "foreign",
            ),
            (
                WantedLabel {
                    categories: ["NOPE".into()].into(),
                    ..to("")
                },
                "NOPE",
            ),
        ];
        for (wanted, says) in wrong {
            let error = app
                .label_plan(&t.desk, of, &wanted)
                .unwrap_err()
                .to_string();
            assert!(error.contains(says), "{error}");
        }
        let same = app.set_label(&t.desk, of, 1, &to(""), "why not");
        assert!(
            matches!(same, Err(AppError::Conflict(_))),
            "nothing would change"
        );
        let french = with(
            app,
            person(app, Role::DeskOfficer, "French"),
            |nation, _| *nation = "FRA".parse().unwrap(),
        );
        assert!(!app.may_relabel(&french, of) && app.may_relabel(&t.desk, of));
    });
}
