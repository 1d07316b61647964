//! Who can see something, and why one viewer can: in words, for the panel on each page.

use crate::{
    decision::{Subject, decide},
    policy::Policy,
    viewer::{Action, Actor, Viewer},
    world::World,
};
use jiff::civil::Date;
use std::collections::BTreeSet;
use symbolon_domain::{
    country::Iso3,
    label::{Label, Rule},
};

/// Who a record is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audience {
    /// One sentence.
    pub summary: String,
    /// Roles and duties whose rows grant reading, and conditions of label and nation.
    pub who: Vec<String>,
    /// Nations that a reader may expect here and that are not, with the rule that keeps them out.
    pub not: Vec<String>,
}

/// Who may read a record of a kind with a label on a day.
#[must_use]
pub fn audience(policy: &Policy, world: &World, kind: &str, label: &Label, day: Date) -> Audience {
    let roles = policy.holders(Action::Read, kind);
    let roles = roles.iter().filter(|r| **r != "system");
    let open = world.is_open(label);
    let mut found = Audience {
        who: roles
            .filter(|r| open || **r != "public")
            .map(|r| r.replace('_', " "))
            .collect(),
        ..Audience::default()
    };
    if open && found.who.iter().any(|r| r == "public") {
        found.summary = "Anyone, signed in or not: it is released.".to_owned();
        return found;
    }
    let owners: Vec<&str> = label.originators().collect();
    let (reached, kept) = nations(world, label, day);
    found.summary = if reached.is_empty() {
        format!(
            "Those of {} with one of these roles, cleared for it.",
            owners.join(" and ")
        )
    } else {
        let others: Vec<&str> = reached.iter().map(Iso3::as_str).collect();
        format!(
            "Those of {} and, as released, of {}, with one of these roles, cleared for it.",
            owners.join(" and "),
            others.join(", ")
        )
    };
    for code in &label.controls {
        if let Some(control) = world.markings.control(label, code) {
            found
                .who
                .push(format!("only if {}: {}", control.code, control.meaning));
        }
    }
    found.not = kept;
    found
}

/// Nations besides the owners that a label reaches, and those its groups name that it does not.
fn nations(world: &World, label: &Label, day: Date) -> (BTreeSet<Iso3>, Vec<String>) {
    let (mut reached, mut kept) = (BTreeSet::new(), vec![]);
    if !world.markings.has(label, Rule::ReleasableTo) {
        return (reached, kept);
    }
    let releases = label.releases();
    for release in &releases {
        let named = release.rel_to.nations.iter().copied();
        let groups = release.rel_to.groups.iter();
        let now = groups.flat_map(|g| world.groups.members(g, day));
        for nation in named.chain(now).collect::<BTreeSet<_>>() {
            match keeps_out(world, label, nation, day) {
                None => {
                    reached.insert(nation);
                }
                Some(why) if !kept.contains(&why) => kept.push(why),
                Some(_) => {}
            }
        }
    }
    reached.retain(|n| !releases.iter().all(|r| r.originator == n.as_str()));
    (reached, kept)
}

/// Why a nation that a list names or implies is not reached.
fn keeps_out(world: &World, label: &Label, nation: Iso3, day: Date) -> Option<String> {
    for release in &label.releases() {
        if world.is_originator(&release.originator, nation, day) {
            continue;
        }
        if !world.reaches(release, nation, false, day) {
            let groups = release.rel_to.groups.iter();
            let joined = groups.clone().find(|g| world.groups.holds(g, nation, day));
            return Some(match (joined, release.released_at) {
                (Some(group), Some(at)) => format!(
                    "{nation} is in {group} now and was not on {at}, the day of the release: it needs a new release"
                ),
                _ => format!("{nation} is not in the release of {}", release.originator),
            });
        }
        let missing = label.levels().find(|l| {
            world
                .agreement(&release.originator, nation, *l, day)
                .is_none()
        });
        if let Some((policy, level)) = missing {
            return Some(format!(
                "{nation}: no sharing agreement with {} in force covers {policy} {level}",
                release.originator
            ));
        }
    }
    None
}

/// Why a viewer may do something, or the first rule that says no: one sentence a condition.
#[must_use]
pub fn explain(
    policy: &Policy,
    world: &World,
    viewer: &Viewer,
    action: Action,
    subject: Subject<'_>,
) -> Vec<String> {
    let decision = decide(policy, world, viewer, action, subject);
    if !decision.allowed {
        return vec![format!(
            "condition {}: {}",
            decision.condition, decision.because
        )];
    }
    let role = viewer.policy_row().replace('_', " ");
    let mut why = vec![format!(
        "the role {role} may {} this kind of record",
        action.name()
    )];
    if let Actor::Account {
        nation, standing, ..
    } = &viewer.actor
        && !world.is_open(subject.label)
    {
        why.extend(clearances(
            world,
            viewer,
            subject.label,
            &standing.clearances,
        ));
        why.extend(
            subject
                .label
                .releases()
                .iter()
                .map(|r| by_release(world, r, subject.label, *nation, viewer.today)),
        );
        if !subject.programme.is_empty() {
            why.push(format!(
                "you belong to the programme {} or oversee it",
                subject.programme
            ));
        }
        if !subject.partner.is_empty() {
            why.push(format!(
                "{} is among the partners you work on",
                subject.partner
            ));
        }
    } else {
        why.push(decision.because.into_owned());
    }
    why
}

fn clearances(
    world: &World,
    viewer: &Viewer,
    label: &Label,
    held: &std::collections::BTreeMap<String, String>,
) -> Vec<String> {
    let line = |(policy, level): (&str, &str)| {
        let by = held.iter().find(|(p, l)| {
            world
                .markings
                .reaches((p.as_str(), l.as_str()), (policy, level), viewer.today)
        });
        by.map(|(p, l)| format!("your clearance {p} {l} reaches {policy} {level}"))
    };
    label.levels().filter_map(line).collect()
}

fn by_release(
    world: &World,
    release: &symbolon_domain::label::Release,
    label: &Label,
    nation: Iso3,
    day: Date,
) -> String {
    let owner = &release.originator;
    if world.is_originator(owner, nation, day) {
        return format!("{owner} made it and you serve {nation}");
    }
    let by = if release.rel_to.nations.contains(&nation) {
        "by name".to_owned()
    } else {
        let mut groups = release.rel_to.groups.iter();
        let group = groups.find(|g| world.groups.holds(g, nation, day));
        group.map_or_else(
            || "to look at".to_owned(),
            |g| format!("as a member of {g}"),
        )
    };
    let terms = world.agreement(owner, nation, (&label.policy, &label.level), day);
    let terms = terms.map_or(String::new(), |t| {
        format!(", under the agreement \"{}\"", t.title)
    });
    format!("{owner} released it to {nation} {by}{terms}")
}
