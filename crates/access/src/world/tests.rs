//! Groups as they were on a day, and who a release reaches.

use super::*;
use jiff::{Timestamp, civil::date, tz::TimeZone};

fn iso(code: &str) -> Iso3 {
    code.parse().unwrap()
}

/// The memberships that ship with the program, from their file.
fn shipped() -> Groups {
    let file = include_str!("../../../../data/bodies/memberships.csv");
    let mut groups = Groups::default();
    for line in file.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let member = Member {
            nation: iso(cells[1]),
            from: cells[2].parse().ok(),
            to: cells[3].parse().ok(),
        };
        groups
            .0
            .entry(cells[0].to_owned())
            .or_default()
            .push(member);
    }
    groups
}

#[test]
fn groups_are_as_they_were_on_the_day() {
    let groups = shipped();
    for (group, nation, day, inside) in [
        ("NATO", "FIN", date(2023, 4, 3), false),
        ("NATO", "FIN", date(2023, 4, 4), true),
        ("NATO", "SWE", date(2024, 3, 6), false),
        ("NATO", "SWE", date(2024, 3, 7), true),
        ("ECOWAS", "BFA", date(2025, 1, 28), true),
        ("ECOWAS", "BFA", date(2025, 1, 29), false),
        ("ECOWAS", "MLI", date(2025, 1, 29), false),
        ("ECOWAS", "NER", date(2025, 1, 29), false),
        ("ECOWAS", "NGA", date(2025, 1, 29), true),
    ] {
        assert_eq!(
            groups.holds(group, iso(nation), day),
            inside,
            "{group} {nation} {day}"
        );
    }
}

#[test]
fn joining_later_brings_no_old_release_and_leaving_ends_all_at_the_boundary_second() {
    let groups = shipped();
    let to = |group: &str| Audience {
        groups: [group.to_owned()].into(),
        ..Audience::default()
    };
    let at = |second: &str| {
        let moment: Timestamp = second.parse().unwrap();
        moment.to_zoned(TimeZone::UTC).date()
    };
    let sees = |group, nation, released, now| {
        groups.effective(&to(group), iso(nation), Some(at(released)), at(now))
    };
    // Finland joined on 2023-04-04: what was released the second before stays closed for ever.
    assert!(!sees(
        "NATO",
        "FIN",
        "2023-04-03T23:59:59Z",
        "2026-01-01T00:00:00Z"
    ));
    assert!(sees(
        "NATO",
        "FIN",
        "2023-04-04T00:00:00Z",
        "2026-01-01T00:00:00Z"
    ));
    // Mali left on 2025-01-29: it sees until the second before.
    assert!(sees(
        "ECOWAS",
        "MLI",
        "2020-01-01T00:00:00Z",
        "2025-01-28T23:59:59Z"
    ));
    assert!(!sees(
        "ECOWAS",
        "MLI",
        "2020-01-01T00:00:00Z",
        "2025-01-29T00:00:00Z"
    ));
    assert!(!groups.effective(&to("NATO"), iso("FRA"), None, date(2026, 1, 1)));
}

#[test]
fn an_agreement_binds_its_parties_its_policy_its_level_and_its_days() {
    let world = World {
        groups: shipped(),
        agreements: vec![SharingTerms {
            title: "An invented agreement".into(),
            parties: ["USA".to_owned(), "ECOWAS".to_owned()].into(),
            policy: "US".into(),
            level: "internal".into(),
            from: date(2020, 1, 1),
            to: Some(date(2026, 1, 1)),
        }],
        ..World::default()
    };
    let covers = |nation, level, day| {
        world
            .agreement("USA", iso(nation), ("US", level), day)
            .is_some()
    };
    assert!(covers("NGA", "internal", date(2025, 6, 1)));
    assert!(!covers("NGA", "controlled", date(2025, 6, 1)));
    assert!(!covers("NGA", "internal", date(2019, 12, 31)));
    assert!(!covers("NGA", "internal", date(2026, 1, 1)));
    assert!(covers("MLI", "internal", date(2025, 1, 28)));
    assert!(!covers("MLI", "internal", date(2025, 1, 29)));
    assert!(
        world
            .agreement("FRA", iso("NGA"), ("US", "internal"), date(2025, 6, 1))
            .is_none()
    );
    assert!(
        world
            .agreement(
                "USA",
                iso("NGA"),
                ("NATO", "unclassified"),
                date(2025, 6, 1)
            )
            .is_none()
    );
}
