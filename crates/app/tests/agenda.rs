//! Lateness and My work are counted in memory: what is counted is what the records say, for each viewer, and
//! stays so whatever is written.
#![allow(clippy::unwrap_used, reason = "tests stop where something is wrong")]

mod common;

use common::{all, on_each_engine};
use std::sync::Arc;
use symbolon_access::{Actor, Viewer};
use symbolon_app::{App, DueAsk, LatenessAsk, NewAccount, load};
use symbolon_domain::{
    kind::DELETED,
    kinds::Role,
    label::Label,
    record::{Record, RecordId},
};
use symbolon_store::Change;

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

fn viewers(app: &App, people: &[(Role, RecordId)]) -> Vec<Viewer> {
    let viewer = |(role, id): &(Role, RecordId)| Viewer {
        actor: Actor::Account {
            id: *id,
            name: role.words().to_owned(),
            role: *role,
            nation: if *role == Role::PartnerOfficer {
                "SEN"
            } else {
                "USA"
            }
            .parse()
            .unwrap(),
            standing: load::standing(*role).unwrap_or_default().into(),
        },
        ..app.public()
    };
    let mut all: Vec<Viewer> = people.iter().map(viewer).collect();
    all.extend([app.system(), app.public()]);
    all
}

/// Everything that is said to a viewer.
fn said(app: &App, viewer: &Viewer) -> String {
    let mut out = String::new();
    for by in [
        "authority",
        "agency",
        "partner",
        "commodity",
        "cause",
        "kind",
    ] {
        let ask = LatenessAsk {
            by: by.into(),
            most: 1000,
            ..LatenessAsk::default()
        };
        let mut found = app.lateness(viewer, &ask, app.today()).unwrap();
        found.behind.sort_by_key(|d| (d.id, d.what.clone()));
        out.push_str(&format!("{by}: {found:?}\n"));
    }
    let ask = DueAsk {
        ahead: 400,
        most: 1000,
        ..DueAsk::default()
    };
    let mut due = app.my_work(viewer, &ask).unwrap();
    for part in [&mut due.late, &mut due.ahead] {
        part.list.sort_by_key(|d| (d.by, d.id, d.clock));
    }
    out.push_str(&format!("{due:?}"));
    out
}

/// The store as one who starts now reads it.
fn anew(app: &App) -> App {
    App::new(Arc::clone(&app.store), app.around.clone())
}

fn rewritten(app: &App, kind: &str, n: usize, change: impl FnOnce(&mut Record)) {
    let mut record = all(app, kind).remove(n);
    change(&mut record);
    let change = Change {
        envelope: record.envelope,
        body: record.body,
        action: format!("{kind}.edit"),
        reason: "as a test".into(),
        saw: vec![],
    };
    app.store.write(&app.system(), vec![change]).unwrap();
}

#[test]
fn what_follows_the_journal_says_what_one_made_anew_says() {
    on_each_engine(|app| {
        let people = people(app);
        let viewers = viewers(app, &people);
        let before = said(app, &app.system());
        load::programmes(app, &people).unwrap();
        assert_ne!(said(app, &app.system()), before, "nothing is due");
        let same = |app: &App, last: &mut Vec<String>, what: &str| {
            let fresh = anew(app);
            let now: Vec<String> = viewers.iter().map(|v| said(app, v)).collect();
            assert!(now != *last, "{what} changed nothing");
            for (viewer, said_now) in viewers.iter().zip(&now) {
                assert_eq!(*said_now, said(&fresh, viewer), "{what}: {viewer:?}");
            }
            *last = now;
        };
        let mut last = vec![];
        same(app, &mut last, "the demonstration");
        rewritten(app, "case", 0, |r| r.body["authority"] = "eda-grant".into());
        same(app, &mut last, "another authority");
        rewritten(app, "case_line", shipped(app), |r| {
            r.body["commodity"] = "invented".into();
        });
        same(app, &mut last, "another class of article");
        rewritten(app, "shipment", 0, |r| {
            r.body["planned_shipped"] = "2001-01-01".into();
        });
        same(app, &mut last, "another day");
        rewritten(app, "milestone", due(app, "milestone", "planned"), |r| {
            r.envelope.state = DELETED.into();
        });
        same(app, &mut last, "a milestone deleted");
        rewritten(app, "case_line", shipped(app), |r| {
            r.envelope.label = Label::internal("FRA");
        });
        same(app, &mut last, "a line closed");
    });
}

/// The place of a record whose day has come.
fn due(app: &App, kind: &str, field: &str) -> usize {
    let today = app.today().to_string();
    let due = |r: &Record| r.body[field].as_str().is_some_and(|d| *d <= *today);
    all(app, kind).iter().position(due).unwrap()
}

/// The place of a line whose shipment is due.
fn shipped(app: &App) -> usize {
    let shipment = &all(app, "shipment")[due(app, "shipment", "planned_shipped")];
    let of = |l: &Record| shipment.body["line"] == l.envelope.id.to_string();
    all(app, "case_line").iter().position(of).unwrap()
}

#[test]
fn days_are_counted_as_the_records_have_them() {
    on_each_engine(|app| {
        let people = people(app);
        load::programmes(app, &people).unwrap();
        let today = app.today().to_string();
        for viewer in viewers(app, &people) {
            let ask = LatenessAsk {
                by: "kind".into(),
                most: 1,
                ..LatenessAsk::default()
            };
            let found = app.lateness(&viewer, &ask, app.today()).unwrap();
            let bar = |kind: &str| {
                found
                    .bars
                    .iter()
                    .find(|b| b.group == kind)
                    .map(|b| (b.due, b.late))
            };
            assert_eq!(
                bar("milestone").unwrap_or_default(),
                counted(app, &viewer, "milestone", &today)
            );
            assert_eq!(
                bar("training_line").unwrap_or_default(),
                counted(app, &viewer, "training_line", &today)
            );
            assert!(found.behind.len() <= 1);
            let late: u64 = found.bars.iter().map(|b| b.late).sum();
            assert_eq!(found.behind_total, late);
            let due: u64 = found.trend.iter().map(|b| b.due).sum();
            assert_eq!(found.due, due);
        }
    });
}

/// Planned days that have come, and the late ones, from the records that a viewer is given.
fn counted(app: &App, viewer: &Viewer, kind: &str, today: &str) -> (u64, u64) {
    let (planned, actual, over) = match kind {
        "milestone" => ("planned", "actual", "dropped"),
        _ => ("planned_from", "actual_from", "cancelled"),
    };
    let listed = app.store.list(viewer, kind, &Default::default()).unwrap();
    let (mut due, mut late) = (0, 0);
    for record in listed {
        let day = |f: &str| record.body[f].as_str().map(str::to_owned);
        let Some(plan) = day(planned).filter(|p| p.as_str() <= today) else {
            continue;
        };
        let was = day(actual);
        if record.envelope.state == over && was.is_none() {
            continue;
        }
        due += 1;
        let was = was.filter(|w| w.as_str() <= today);
        late += u64::from(was.unwrap_or_else(|| today.to_owned()) > plan);
    }
    (due, late)
}

#[test]
fn the_list_behind_a_bar_is_of_that_bar() {
    on_each_engine(|app| {
        let people = people(app);
        load::programmes(app, &people).unwrap();
        let ask = LatenessAsk {
            by: "cause".into(),
            most: 500,
            ..LatenessAsk::default()
        };
        let found = app.lateness(&app.system(), &ask, app.today()).unwrap();
        for bar in &found.bars {
            let ask = LatenessAsk {
                group: bar.group.clone(),
                ..ask.clone()
            };
            let behind = app.lateness(&app.system(), &ask, app.today()).unwrap();
            assert_eq!(behind.behind_total, bar.late, "{}", bar.group);
            assert!(behind.behind.windows(2).all(|w| w[0].late >= w[1].late));
        }
        for bar in &found.trend {
            let ask = LatenessAsk {
                quarter: bar.group.clone(),
                ..ask.clone()
            };
            let behind = app.lateness(&app.system(), &ask, app.today()).unwrap();
            assert_eq!(behind.behind_total, bar.late, "{}", bar.group);
        }
        let none = LatenessAsk {
            quarter: "soon".into(),
            ..ask
        };
        assert_eq!(
            app.lateness(&app.system(), &none, app.today())
                .unwrap()
                .behind_total,
            0
        );
    });
}

#[test]
fn an_empty_portfolio_has_nothing_due() {
    on_each_engine(|app| {
        let ask = LatenessAsk {
            by: "partner".into(),
            most: 10,
            ..LatenessAsk::default()
        };
        assert_eq!(
            app.lateness(&app.system(), &ask, app.today()).unwrap().due,
            0
        );
    });
}
