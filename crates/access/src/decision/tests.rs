//! Each condition of security.md section 2 alone: the one that fails is named.

use super::*;
use crate::world::{Groups, Member, SharingTerms};
use jiff::civil::date;
use symbolon_domain::kinds::{Employment, Role};

fn world() -> World {
    let member = |nation: &str| Member {
        nation: nation.parse().unwrap(),
        from: None,
        to: None,
    };
    World {
        groups: Groups([("NATO".to_owned(), vec![member("FRA"), member("USA")])].into()),
        agreements: vec![SharingTerms {
            title: "An invented agreement".into(),
            parties: ["USA".to_owned(), "FRA".to_owned()].into(),
            policy: "US".into(),
            level: "controlled".into(),
            from: date(2020, 1, 1),
            to: None,
        }],
        ..World::default()
    }
}

fn viewer(nation: &str, change: impl FnOnce(&mut Standing)) -> Viewer {
    let mut standing = Standing::of_staff();
    standing.clearances.insert("US".into(), "controlled".into());
    change(&mut standing);
    Viewer {
        actor: Actor::Account {
            id: RecordId::named("account", "x"),
            name: "X".into(),
            role: Role::DeskOfficer,
            nation: nation.parse().unwrap(),
            standing: standing.into(),
        },
        ..Viewer::public(date(2026, 1, 1))
    }
}

fn cui(controls: &[&str]) -> Label {
    Label {
        level: "controlled".into(),
        controls: controls.iter().map(|c| (*c).to_owned()).collect(),
        ..Label::internal("USA")
    }
}

fn rel_to(nation: &str) -> Label {
    let mut label = cui(&["REL TO"]);
    label.rel_to.nations.insert(nation.parse().unwrap());
    label.released_at = Some(date(2025, 1, 1));
    label
}

fn failed(viewer: &Viewer, action: Action, label: &Label) -> u8 {
    let subject = Subject {
        kind: "initiative",
        label,
        partner: "NGA",
        programme: "P1",
    };
    decide(Policy::shipped(), &world(), viewer, action, subject).condition
}

#[test]
fn every_condition_is_needed() {
    use Action::{Export, Read, Release, Write};
    let own = viewer("USA", |_| {});
    let closed = Viewer {
        active: false,
        ..own.clone()
    };
    let releasing = viewer("USA", |s| {
        s.duties.insert("releasing_officer".into());
    });
    let stepped = Viewer {
        stepped_up: true,
        ..releasing.clone()
    };
    let french = viewer("FRA", |_| {});
    let (plain, noforn) = (cui(&[]), cui(&["NOFORN"]));
    for (condition, viewer, action, label) in [
        (0, &own, Read, &plain),
        (1, &closed, Read, &plain),
        (2, &own, Release, &plain),
        (3, &viewer("USA", |s| s.programmes.clear()), Read, &plain),
        (
            3,
            &viewer("USA", |s| {
                s.partners.insert("MLI".parse().unwrap());
            }),
            Read,
            &plain,
        ),
        (4, &viewer("USA", |s| s.clearances.clear()), Read, &plain),
        (
            4,
            &viewer("USA", |s| {
                s.clearances.insert("US".into(), "internal".into());
            }),
            Read,
            &plain,
        ),
        (5, &french, Read, &noforn),
        (5, &own, Export, &cui(&["DISPLAY ONLY"])),
        (6, &french, Read, &plain),
        (0, &french, Read, &rel_to("FRA")),
        (0, &french, Export, &rel_to("FRA")),
        (6, &french, Write, &rel_to("FRA")),
        (6, &viewer("MLI", |_| {}), Read, &rel_to("MLI")),
        (
            7,
            &viewer("USA", |s| {
                s.denied_partners.insert("NGA".parse().unwrap());
            }),
            Read,
            &plain,
        ),
        (
            7,
            &viewer("USA", |s| {
                s.denied_programmes.insert("P1".into());
            }),
            Read,
            &plain,
        ),
        (8, &releasing, Release, &plain),
        (0, &stepped, Release, &plain),
    ] {
        assert_eq!(
            failed(viewer, action, label),
            condition,
            "{action:?} {}",
            label.marking()
        );
    }
}

#[test]
fn each_control_of_the_registry_asks_what_it_says() {
    let employed = |nation, employment| viewer(nation, |s| s.employment = employment);
    let government = employed("USA", Employment::Government);
    let contractor = employed("USA", Employment::Contractor);
    let unstated = employed("USA", Employment::Unstated);
    for (control, passes) in [
        ("NOFORN", [true, true, true]),
        ("FED ONLY", [true, false, false]),
        ("FEDCON", [true, true, false]),
        ("NOCON", [true, false, false]),
        ("DL ONLY", [false, false, false]),
        ("NO SUCH CONTROL", [false, false, false]),
    ] {
        let found = [&government, &contractor, &unstated]
            .map(|v| failed(v, Action::Read, &cui(&[control])) == 0);
        assert_eq!(found, passes, "{control}");
    }
    let mut named = cui(&["DL ONLY"]);
    named.named.insert(RecordId::named("account", "x"));
    assert_eq!(failed(&government, Action::Read, &named), 0);
}

#[test]
fn display_only_is_shown_on_a_screen_and_leaves_by_no_door() {
    let french = viewer("FRA", |_| {});
    let mut label = cui(&["DISPLAY ONLY"]);
    label.display_to.nations.insert("FRA".parse().unwrap());
    label.released_at = Some(date(2025, 1, 1));
    assert_eq!(failed(&french, Action::Read, &label), 0);
    assert_ne!(failed(&french, Action::Export, &label), 0);
    assert_ne!(failed(&viewer("USA", |_| {}), Action::Export, &label), 0);
}

#[test]
fn an_alliance_shares_with_its_members_and_a_compartment_with_those_read_in() {
    let nato = Label {
        policy: "NATO".into(),
        level: "unclassified".into(),
        ..Label::internal("NATO")
    };
    assert_eq!(failed(&viewer("USA", |_| {}), Action::Read, &nato), 0);
    assert_eq!(failed(&viewer("MLI", |_| {}), Action::Read, &nato), 6);
    let mut vetting = cui(&[]);
    vetting.categories.insert("VETTING".into());
    assert_eq!(failed(&viewer("USA", |_| {}), Action::Read, &vetting), 4);
    let read_in = viewer("USA", |s| {
        s.categories.insert("VETTING".into());
    });
    assert_eq!(failed(&read_in, Action::Read, &vetting), 0);
}

#[test]
fn a_mandate_covers_its_programmes_for_its_days() {
    let over = |from, to| {
        viewer("USA", |s| {
            s.programmes.clear();
            s.mandates.insert(symbolon_domain::kinds::Mandate {
                programmes: ["P1".to_owned()].into(),
                from,
                to,
                reference: "An invented order".into(),
            });
        })
    };
    let read = |v: &Viewer| failed(v, Action::Read, &cui(&[]));
    assert_eq!(read(&over(date(2026, 1, 1), None)), 0);
    assert_eq!(read(&over(date(2026, 1, 2), None)), 3);
    assert_eq!(read(&over(date(2025, 1, 1), Some(date(2026, 1, 1)))), 3);
}
