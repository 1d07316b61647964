//! Random viewers, labels and worlds from a seed, for the tests that hold the decision, the row filter
//! and the databases together.

use jiff::civil::{Date, date};
use std::collections::BTreeSet;
use symbolon_access::{Actor, Groups, Member, SharingTerms, Viewer, World};
use symbolon_domain::{
    country::Iso3,
    kinds::{Employment, Mandate, Role, Standing},
    label::{Audience, Label, Markings, Rule},
    record::RecordId,
};

/// Nations in play.
pub const NATIONS: [&str; 6] = ["USA", "FRA", "GBR", "NGA", "MLI", "NER"];
/// Groups in play.
pub const GROUPS: [&str; 3] = ["NATO", "ECOWAS", "AES"];
/// Programmes in play; blank is none.
pub const PROGRAMMES: [&str; 4] = ["", "P1", "P2", "P3"];
/// Partners a record may be about; blank is none.
pub const PARTNERS: [&str; 6] = ["", "NGA", "MLI", "NER", "FRA", "TCD"];
/// Regions and the partners in each.
pub const REGIONS: [(&str, &[&str]); 2] = [("Sahel", &["MLI", "NER", "TCD"]), ("Coast", &["NGA"])];

const ROLES: [Role; 6] = [
    Role::DeskOfficer,
    Role::CooperationOfficer,
    Role::LegalReviewer,
    Role::PartnerOfficer,
    Role::Administrator,
    Role::Auditor,
];

/// How many random decisions a test makes: 100,000, or what `SYMBOLON_CASES` says (nightly: a
/// million).
#[must_use]
pub fn cases() -> usize {
    let wanted = std::env::var("SYMBOLON_CASES").ok();
    wanted.and_then(|n| n.parse().ok()).unwrap_or(100_000)
}

/// A stream of choices that is the same for the same seed.
#[derive(Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice with a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number under `n`.
    pub fn under(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    /// True once in `n`.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.under(n) == 0
    }

    /// One of several.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.under(of.len())]
    }

    /// Some of several, none more likely than not.
    pub fn some<T: Copy>(&mut self, of: &[T], one_in: usize) -> Vec<T> {
        of.iter()
            .copied()
            .filter(|_| self.once_in(one_in))
            .collect()
    }

    /// A day around the changes that matter.
    pub fn day(&mut self) -> Date {
        date(2020 + self.under(7) as i16, 1 + self.under(12) as i8, 1)
    }

    /// A stretch of time, half-open, perhaps without an end.
    pub fn stretch(&mut self) -> (Date, Option<Date>) {
        let (a, b) = (self.day(), self.day());
        let ends = self.once_in(2);
        (a.min(b), (ends && a != b).then(|| a.max(b)))
    }
}

fn nations(dice: &mut Dice, one_in: usize) -> BTreeSet<Iso3> {
    let some = dice.some(&NATIONS, one_in);
    some.iter().filter_map(|n| n.parse().ok()).collect()
}

fn words<T: ToString>(some: Vec<T>) -> BTreeSet<String> {
    some.iter().map(ToString::to_string).collect()
}

/// A world with dated groups and agreements.
pub fn world(dice: &mut Dice) -> World {
    let mut groups = Groups::default();
    for group in GROUPS {
        let mut members = vec![];
        for nation in nations(dice, 2) {
            let (from, to) = dice.stretch();
            members.push(Member {
                nation,
                from: Some(from),
                to,
            });
        }
        groups.0.insert(group.to_owned(), members);
    }
    let agreements = (0..8).map(|i| {
        let (from, to) = dice.stretch();
        let policy = &Markings::shipped().all()[dice.under(3)];
        let mut parties = words(dice.some(&NATIONS, 2));
        parties.extend(dice.some(&GROUPS, 4).iter().map(ToString::to_string));
        parties.extend(["USA".to_owned(), "FRA".to_owned()]);
        SharingTerms {
            title: format!("Invented agreement {i}"),
            parties,
            policy: policy.code.clone(),
            level: policy.levels[dice.under(3)].code.clone(),
            from,
            to,
        }
    });
    let agreements = agreements.collect();
    let region =
        |(name, partners): &(&str, &[&str])| ((*name).to_owned(), words(partners.to_vec()));
    World {
        groups,
        agreements,
        regions: REGIONS.iter().map(region).collect(),
        ..World::default()
    }
}

/// A label: often public or plain, sometimes with every control there is, now and then of a policy or
/// with a code that nobody knows.
pub fn label(dice: &mut Dice) -> Label {
    let policies = Markings::shipped().all();
    let policy = &policies[dice.pick(&[0, 0, 0, 1, 2])];
    let mut label = Label {
        policy: policy.code.clone(),
        level: policy.levels[dice.under(3)].code.clone(),
        originator: dice.pick(&["USA", "USA", "FRA", "MLI", "NATO"]).to_owned(),
        ..Label::default()
    };
    if dice.once_in(3) {
        return label;
    }
    for control in &policy.controls {
        let odds = if matches!(control.rule, Rule::ReleasableTo) {
            2
        } else {
            8
        };
        if dice.once_in(odds) {
            label.controls.insert(control.code.clone());
        }
    }
    if dice.once_in(8) && !policy.categories.is_empty() {
        let i = dice.under(policy.categories.len());
        label.categories.insert(policy.categories[i].code.clone());
    }
    label.rel_to = audience(dice);
    label.display_to = audience(dice);
    label.released_at = (!dice.once_in(6)).then(|| dice.day());
    label.named = (0..3).filter(|_| dice.once_in(2)).map(account_id).collect();
    match dice.under(40) {
        0 => label.level = "no such level".to_owned(),
        1 => label.policy = "no such policy".to_owned(),
        2 => {
            label.controls.insert("NO SUCH CONTROL".to_owned());
        }
        _ => {}
    }
    label
}

fn audience(dice: &mut Dice) -> Audience {
    Audience {
        nations: nations(dice, 4),
        groups: words(dice.some(&GROUPS, 3)),
    }
}

fn account_id(i: usize) -> RecordId {
    RecordId::named("account", &i.to_string())
}

/// A viewer on a day: mostly accounts with every sort of standing.
pub fn viewer(dice: &mut Dice) -> Viewer {
    let today = dice.day();
    let actor = match dice.under(12) {
        0 => Actor::Public,
        1 => Actor::System,
        _ => Actor::Account {
            id: account_id(dice.under(3)),
            name: "Invented Person".to_owned(),
            role: dice.pick(&ROLES),
            nation: nation(dice),
            standing: standing(dice).into(),
        },
    };
    Viewer {
        actor,
        active: !dice.once_in(20),
        stepped_up: dice.once_in(2),
        ..Viewer::public(today)
    }
}

#[expect(clippy::expect_used, reason = "the codes stand above")]
fn nation(dice: &mut Dice) -> Iso3 {
    dice.pick(&NATIONS).parse().expect("a nation")
}

fn standing(dice: &mut Dice) -> Standing {
    let mut clearances = std::collections::BTreeMap::new();
    for policy in Markings::shipped().all() {
        if !dice.once_in(4) {
            let level = policy.levels[dice.under(3)].code.clone();
            clearances.insert(policy.code.clone(), level);
        }
    }
    let (from, to) = dice.stretch();
    let mandate = Mandate {
        programmes: words(dice.some(&["P1", "P3", "*"], 2)),
        from,
        to,
        reference: "An invented order".to_owned(),
    };
    let narrow = dice.once_in(3);
    let employments = [
        Employment::Government,
        Employment::Government,
        Employment::Contractor,
        Employment::Unstated,
    ];
    Standing {
        clearances,
        employment: dice.pick(&employments),
        programmes: words(dice.some(&["P1", "P2", "*"], 2)),
        partners: if narrow {
            nations(dice, 3)
        } else {
            BTreeSet::new()
        },
        regions: if narrow {
            words(dice.some(&["Sahel", "Coast"], 2))
        } else {
            BTreeSet::new()
        },
        mandates: if dice.once_in(4) {
            [mandate].into()
        } else {
            BTreeSet::new()
        },
        categories: words(dice.some(&["VETTING", "SOURCE-ID"], 3)),
        duties: words(dice.some(&["releasing_officer"], 4)),
        denied_partners: nations(dice, 12),
        denied_programmes: words(dice.some(&["P1", "P2"], 12)),
    }
}
