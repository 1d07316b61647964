//! The banner line: a table of right and wrong ones, and that what is written is read again.

use super::*;
use jiff::civil::date;
use proptest::prelude::*;

const NATIONS: [&str; 5] = ["USA", "BEL", "FRA", "GBR", "MLI"];
const GROUPS: [&str; 3] = ["ECOWAS", "GCC", "NATO"];

fn read(policy: &str, originator: &str, text: &str) -> Result<Label, LabelFault> {
    let given = Given {
        policy,
        originator,
        released_at: Some(date(2025, 3, 1)),
        day: date(2026, 1, 1),
    };
    let codes = Codes {
        nation: &|n| NATIONS.contains(&n.as_str()),
        group: &|g| GROUPS.contains(&g),
    };
    Label::parse(Markings::shipped(), &given, &codes, text)
}

#[test]
fn banners_are_read_and_printed_in_one_form() {
    for (policy, owner, text, printed) in [
        ("US", "USA", "CUI", "CUI"),
        ("US", "USA", "CUI//NOFORN", "CUI//NOFORN"),
        (
            "US",
            "USA",
            "CUI//EXPT/PRVCY//FED ONLY/NOCON",
            "CUI//EXPT/PRVCY//FED ONLY/NOCON",
        ),
        (
            "US",
            "USA",
            "CUI//REL TO USA, FRA, BEL",
            "CUI//REL TO USA, BEL, FRA",
        ),
        (
            "US",
            "USA",
            "CUI//REL TO NATO, FRA, USA, GCC, BEL",
            "CUI//REL TO USA, BEL, FRA, GCC, NATO",
        ),
        (
            "US",
            "USA",
            "CUI//DISPLAY ONLY USA, MLI",
            "CUI//DISPLAY ONLY USA, MLI",
        ),
        (
            "US",
            "USA",
            "UNCLASSIFIED - internal",
            "UNCLASSIFIED - internal",
        ),
        ("NATO", "NATO", "NATO UNCLASSIFIED", "NATO UNCLASSIFIED"),
        (
            "UK",
            "GBR",
            "OFFICIAL-SENSITIVE//UK EYES ONLY",
            "OFFICIAL-SENSITIVE//UK EYES ONLY",
        ),
    ] {
        assert_eq!(
            read(policy, owner, text).unwrap().marking(),
            printed,
            "{text}"
        );
    }
}

#[test]
fn cui_never_has_unclassified_before_it() {
    assert!(matches!(
        read("US", "USA", "UNCLASSIFIED//CUI"),
        Err(LabelFault::Unknown(_))
    ));
    let us = Markings::shipped().policy("US").unwrap();
    let marking = &us.level("controlled").unwrap().1.marking;
    assert_eq!(marking, "CUI");
}

#[test]
fn what_is_wrong_is_refused_and_named() {
    use LabelFault as F;
    let unknown = |s: &str| F::Unknown(s.to_owned());
    for (text, fault) in [
        ("CUI//REL TO", F::TooFew),
        ("CUI//REL TO USA", F::TooFew),
        ("CUI//REL TO FRA, BEL", F::Owner),
        ("CUI//REL TO USA, ZZZ", unknown("ZZZ")),
        ("CUI//REL TO USA, WARSAW PACT", unknown("WARSAW PACT")),
        ("CUI//NOFORN/REL TO USA, FRA", F::Contradiction),
        ("CUI//NOFORN USA", F::ListAndControl),
        ("CUI//DL ONLY", F::NamesAndControl),
        ("CUI//ORCON", unknown("ORCON")),
        ("COSMIC TOP SECRET", unknown("COSMIC TOP SECRET")),
    ] {
        assert_eq!(read("US", "USA", text), Err(fault), "{text}");
    }
}

#[test]
fn a_list_without_its_control_and_a_code_before_its_day_are_refused() {
    let codes = Codes {
        nation: &|_| true,
        group: &|_| false,
    };
    let mut label = read("US", "USA", "CUI//REL TO USA, FRA").unwrap();
    let check = |l: &Label, day| l.check(Markings::shipped(), &codes, day);
    assert_eq!(check(&label, date(2026, 1, 1)), Ok(()));
    let early = check(&label, date(2016, 11, 13));
    assert_eq!(early, Err(LabelFault::NotInForce("controlled".into())));
    label.controls.clear();
    assert_eq!(
        check(&label, date(2026, 1, 1)),
        Err(LabelFault::ListAndControl)
    );
    let undated = Label {
        released_at: None,
        ..read("US", "USA", "CUI//REL TO USA, FRA").unwrap()
    };
    assert_eq!(check(&undated, date(2026, 1, 1)), Err(LabelFault::NoDay));
}

fn any_label() -> impl Strategy<Value = Label> {
    let audience = (
        proptest::collection::btree_set(1..NATIONS.len(), 0..4),
        proptest::collection::btree_set(0..GROUPS.len(), 0..3),
    );
    let controls =
        proptest::sample::subsequence(vec!["FED ONLY", "FEDCON", "NOCON", "NOFORN"], 0..4);
    let categories = proptest::sample::subsequence(vec!["EXPT", "PRVCY", "VETTING"], 0..3);
    (0..3usize, audience, controls, categories, any::<bool>()).prop_map(
        |(level, (nations, groups), controls, categories, display)| {
            let words = |w: Vec<&str>| w.into_iter().map(str::to_owned).collect();
            let us = Markings::shipped().policy("US").unwrap();
            let mut label = Label {
                level: us.levels[level].code.clone(),
                controls: words(controls),
                categories: words(categories),
                ..Label::internal("USA")
            };
            let audience = Audience {
                nations: nations
                    .iter()
                    .map(|i| NATIONS[*i].parse().unwrap())
                    .collect(),
                groups: groups.iter().map(|i| GROUPS[*i].to_owned()).collect(),
            };
            if !audience.is_empty() && !label.controls.contains("NOFORN") {
                label.released_at = Some(date(2025, 3, 1));
                let code = if display { "DISPLAY ONLY" } else { "REL TO" };
                label.controls.insert(code.to_owned());
                *(if display {
                    &mut label.display_to
                } else {
                    &mut label.rel_to
                }) = audience;
            }
            label
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]
    #[test]
    fn what_is_printed_is_read_again(label in any_label()) {
        prop_assert_eq!(read("US", "USA", &label.marking()), Ok(label));
    }

    #[test]
    fn any_text_is_a_label_or_refused(text in "(CUI|UNCLASSIFIED - internal)?[A-Z/, ]{0,40}") {
        let _ = read("US", "USA", &text);
    }
}
