//! The label of a whole, as a table.

use super::*;
use crate::world::{Groups, Member};
use jiff::civil::date;

fn world() -> World {
    let members = ["USA", "FRA", "BEL"].map(|n| Member {
        nation: n.parse().unwrap(),
        from: None,
        to: None,
    });
    World {
        groups: Groups([("NATO".to_owned(), members.to_vec())].into()),
        ..World::default()
    }
}

fn cui(controls: &[&str], nations: &[&str], groups: &[&str]) -> Label {
    Label {
        level: "controlled".into(),
        controls: controls.iter().map(|c| (*c).to_owned()).collect(),
        rel_to: Audience {
            nations: nations.iter().map(|n| n.parse().unwrap()).collect(),
            groups: groups.iter().map(|g| (*g).to_owned()).collect(),
        },
        released_at: Some(date(2025, 1, 1)),
        ..Label::internal("USA")
    }
}

fn whole(parts: &[Label]) -> String {
    roll_up(&world(), parts, date(2026, 1, 1)).map_or("nobody".into(), |l| l.marking())
}

#[test]
fn the_whole_is_marked_as_high_as_its_highest_part_and_released_to_whom_all_are() {
    let plain = Label {
        level: "controlled".into(),
        ..Label::internal("USA")
    };
    let fra_bel = cui(&["REL TO"], &["FRA", "BEL"], &[]);
    let fra_mli = cui(&["REL TO"], &["FRA", "MLI"], &[]);
    let nato = cui(&["REL TO"], &[], &["NATO"]);
    for (parts, marking) in [
        (
            vec![Label::public("USA"), Label::internal("USA")],
            "UNCLASSIFIED - internal",
        ),
        (
            vec![Label::public("USA"), Label::public("FRA")],
            "UNCLASSIFIED - publicly released",
        ),
        (vec![Label::public("USA"), plain.clone()], "CUI"),
        (
            vec![Label::public("USA"), fra_bel.clone()],
            "CUI//REL TO USA, BEL, FRA",
        ),
        (
            vec![fra_bel.clone(), fra_mli.clone()],
            "CUI//REL TO USA, FRA",
        ),
        (vec![fra_mli.clone(), nato], "CUI//REL TO USA, FRA"),
        (vec![fra_bel.clone(), plain], "CUI"),
        (
            vec![fra_bel.clone(), cui(&["NOFORN"], &[], &[])],
            "CUI//NOFORN",
        ),
        (
            vec![fra_bel.clone(), cui(&["NOCON"], &[], &[])],
            "CUI//NOCON",
        ),
        (
            vec![cui(&["FED ONLY"], &[], &[]), cui(&["NOCON"], &[], &[])],
            "CUI//FED ONLY/NOCON",
        ),
    ] {
        assert_eq!(whole(&parts), marking);
    }
    assert_eq!(whole(&[]), "nobody");
    let unknown = Label {
        level: "ULTRA".into(),
        ..Label::internal("USA")
    };
    assert_eq!(whole(&[fra_bel, unknown]), "nobody");
}

#[test]
fn all_originators_are_kept() {
    let french = Label {
        originator: "FRA".into(),
        ..cui(&["REL TO"], &["USA"], &[])
    };
    let parts = [cui(&["REL TO"], &["FRA"], &[]), french];
    let whole = roll_up(&world(), &parts, date(2026, 1, 1)).unwrap();
    let originators: BTreeSet<&str> = whole.originators().collect();
    assert_eq!(originators, ["FRA", "USA"].into());
    assert_eq!(whole.parts.len(), 2);
    let owner_and_other = ["CUI//REL TO FRA, USA", "CUI//REL TO USA, FRA"];
    assert!(
        owner_and_other.contains(&whole.marking().as_str()),
        "{}",
        whole.marking()
    );
}
