//! Random decisions by the hundred thousand: the filter is the decision, and no label of a whole
//! shows it to somebody who may not see a part.

use symbolon_access::{Action, Policy, Subject, decide, roll_up, row_filter};
use symbolon_domain::label::Label;
use symbolon_testkit::cases::{self, Dice, PARTNERS, PROGRAMMES};

const KINDS: [&str; 4] = ["partner", "initiative", "account", "sharing_agreement"];

#[test]
fn the_filter_passes_exactly_what_the_decision_allows() {
    let mut dice = Dice::new(1);
    let (mut done, mut allowed) = (0, 0);
    while done < cases::cases() {
        let world = cases::world(&mut dice);
        let labels: Vec<(i64, Label)> = (0..20).map(|i| (i, cases::label(&mut dice))).collect();
        for _ in 0..10 {
            let viewer = cases::viewer(&mut dice);
            let (kind, action) = (dice.pick(&KINDS), dice.pick(&Action::ALL));
            let all = labels.iter().map(|(i, l)| (*i, l));
            let filter = row_filter(Policy::shipped(), &world, &viewer, action, kind, all);
            for (id, label) in &labels {
                let (partner, programme) = (dice.pick(&PARTNERS), dice.pick(&PROGRAMMES));
                let subject = Subject {
                    kind,
                    label,
                    partner,
                    programme,
                };
                let decision = decide(Policy::shipped(), &world, &viewer, action, subject);
                let passes = filter.passes(*id, partner, programme);
                assert_eq!(
                    passes, decision.allowed,
                    "{viewer:?} {action:?} {subject:?} {decision:?}"
                );
                done += 1;
                allowed += usize::from(passes);
            }
        }
    }
    // A generator that allows nothing, or all, would prove nothing.
    assert!(
        allowed * 20 > done && allowed * 2 < done,
        "{allowed} of {done} allowed"
    );
}

#[test]
fn whoever_sees_the_whole_sees_each_part_today_and_later() {
    let mut dice = Dice::new(2);
    let (mut seen, mut done) = (0, 0);
    while done < cases::cases() {
        let world = cases::world(&mut dice);
        let n = 2 + dice.under(3);
        // Often of one nation and released to the same, as the parts of one work are.
        let mut parts: Vec<Label> = (0..n).map(|_| cases::label(&mut dice)).collect();
        if dice.once_in(2) {
            let first = parts[0].clone();
            for part in &mut parts[1..] {
                part.originator.clone_from(&first.originator);
                part.rel_to.nations.extend(&first.rel_to.nations);
            }
        }
        let Some(whole) = roll_up(&world, &parts, dice.day()) else {
            done += 1;
            continue;
        };
        for _ in 0..10 {
            let viewer = cases::viewer(&mut dice);
            let action = dice.pick(&[Action::Read, Action::Read, Action::Export]);
            let may = |label| {
                let subject = Subject {
                    kind: "initiative",
                    label,
                    partner: "",
                    programme: "",
                };
                decide(Policy::shipped(), &world, &viewer, action, subject)
            };
            done += 1;
            if !may(&whole).allowed {
                continue;
            }
            seen += usize::from(!matches!(viewer.actor, symbolon_access::Actor::System));
            for part in &parts {
                assert!(
                    may(part).allowed,
                    "{viewer:?} {action:?}\n{whole:?}\n{part:?} {:?}",
                    may(part)
                );
            }
        }
    }
    assert!(seen * 50 > done, "only {seen} of {done} saw a whole");
}
