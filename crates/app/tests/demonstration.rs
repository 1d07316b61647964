//! The demonstration programmes pass every gate, fill every kind of the thread, and are written once.
#![allow(clippy::unwrap_used, reason = "tests stop where something is wrong")]

mod common;

use common::{all, on_each_engine};
use symbolon_app::{App, DueAsk, LatenessAsk, NewAccount, load};
use symbolon_domain::{
    kinds::{self, Role},
    record::RecordId,
};

/// An account of each role, as the demonstration has.
fn people(app: &App) -> Vec<(Role, RecordId)> {
    let account = |role: Role| {
        let partner = matches!(role, Role::PartnerOfficer | Role::PartnerAdministrator);
        let new = NewAccount {
            name: format!("Demo {}", role.words()),
            role,
            nation: if partner { "SEN" } else { "USA" }.parse().unwrap(),
            standing: load::standing(role),
        };
        (role, app.add_account(&app.system(), &new).unwrap())
    };
    Role::ALL.into_iter().map(account).collect()
}

#[test]
fn the_demonstration_passes_every_gate_and_fills_every_kind_of_the_thread() {
    on_each_engine(|app| {
        let people = people(app);
        let made = load::programmes(app, &people).unwrap();
        assert!(made > 150, "{made}");
        assert_eq!(load::programmes(app, &people).unwrap(), 0);
        for kind in kinds::all() {
            if ["plan", "authority", "money", "delivery", "results"].contains(&kind.area) {
                assert!(!all(app, kind.code).is_empty(), "{}", kind.code);
            }
        }
        // A gate's own determination is told, not the one that the case refers to.
        let case = app
            .resolve(&app.system(), "case", "SEN-CASE")
            .unwrap()
            .unwrap();
        let why = app
            .why_allowed(&app.system(), "case", &case.to_string())
            .unwrap();
        assert_eq!(why.len(), 2);
        for allowed in why {
            assert_ne!(allowed.determination.1, "SEN-DETERMINATION");
            assert!(
                allowed.facts.iter().any(|f| f.starts_with("step = ")),
                "{:?}",
                allowed.facts
            );
        }
        let schedule = app
            .schedule(&app.system(), "case", &case.to_string())
            .unwrap();
        assert!(schedule.lines.iter().any(|l| !l.waits.is_empty()));
        assert!(schedule.lines.len() > 15, "{}", schedule.lines.len());
        let by_cause = LatenessAsk {
            by: "cause".into(),
            most: 10,
            ..LatenessAsk::default()
        };
        // What a person of each role is asked to do, and what is late, is not nothing.
        assert!(
            app.lateness(&app.system(), &by_cause, app.today())
                .unwrap()
                .bars
                .len()
                > 3
        );
        let due = DueAsk {
            ahead: 90,
            most: 100,
            ..DueAsk::default()
        };
        let work = app.my_work(&app.system(), &due).unwrap();
        assert!(work.late.total + work.ahead.total > 20, "{work:?}");
    });
}
