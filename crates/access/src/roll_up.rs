//! The label of something made of parts: derived text, exports, bundles, pages.

use crate::world::World;
use jiff::civil::Date;
use std::collections::BTreeSet;
use symbolon_domain::{
    country::Iso3,
    label::{Audience, Label, Release, Rule},
};

/// The label of the whole: level = highest in each policy, controls = all of them, released to those
/// to whom every part is, all originators kept. `None` where there is no part, or a part's level is
/// unknown: then nobody may have the whole.
#[must_use]
pub fn roll_up<'a>(
    world: &World,
    parts: impl IntoIterator<Item = &'a Label>,
    day: Date,
) -> Option<Label> {
    let mut parts: Vec<&Label> = parts.into_iter().collect();
    parts.sort_unstable();
    parts.dedup();
    let (first, others) = parts.split_first()?;
    let mut whole = (*first).clone();
    levels(world, &mut whole, first)?;
    for part in others {
        levels(world, &mut whole, part)?;
        join(world, &mut whole, part);
    }
    if !others.is_empty() {
        releases(world, &mut whole, &parts, day);
    }
    Some(whole)
}

/// Raises the levels of the whole to those of a part.
fn levels(world: &World, whole: &mut Label, part: &Label) -> Option<()> {
    for (policy, level) in part.levels() {
        let known = world.markings.policy(policy)?;
        let rank = known.rank(level)?;
        let held = if whole.policy == policy {
            &mut whole.level
        } else {
            whole
                .also
                .entry(policy.to_owned())
                .or_insert_with(|| level.to_owned())
        };
        if known.rank(held)? < rank {
            level.clone_into(held);
        }
    }
    Some(())
}

fn join(world: &World, whole: &mut Label, part: &Label) {
    let named = |l: &Label| world.markings.has(l, Rule::NamedOnly);
    whole.named = match (named(whole), named(part)) {
        (true, true) => whole.named.intersection(&part.named).copied().collect(),
        (false, true) => part.named.clone(),
        _ => whole.named.clone(),
    };
    whole.categories.extend(part.categories.iter().cloned());
    whole.controls.extend(part.controls.iter().cloned());
    for originator in part.originators() {
        if whole.originator != originator {
            whole.co_originators.insert(originator.to_owned());
        }
    }
}

/// Keeps the release of every part, so that all bind, also when a nation leaves a group later; and
/// says in the banner who is in all of them on the day.
fn releases(world: &World, whole: &mut Label, parts: &[&Label], day: Date) {
    let of = |rule| {
        let codes = whole.controls.iter();
        let code = codes.filter(|c| world.markings.control(whole, c).map(|d| d.rule) == Some(rule));
        code.cloned().collect::<BTreeSet<String>>()
    };
    let (rel, noforn) = (of(Rule::ReleasableTo), of(Rule::OriginatorNation));
    // What is released to the public binds nobody.
    let closed = parts.iter().filter(|p| !world.is_open(p));
    whole.parts = closed.flat_map(|p| effective(world, p)).collect();
    whole.released_at = None;
    whole.rel_to = Audience::default();
    whole.display_to = Audience::default();
    if noforn.is_empty() && !rel.is_empty() {
        whole.rel_to.nations = common(world, &whole.parts, day);
    }
    if whole.rel_to.is_empty() {
        whole.controls.retain(|c| !rel.contains(c));
    }
}

/// The releases of a part, without lists its controls do not announce.
fn effective(world: &World, part: &Label) -> Vec<Release> {
    let has = |rule| world.markings.has(part, rule);
    let mut releases = part.releases();
    for release in &mut releases {
        if !has(Rule::ReleasableTo) {
            release.rel_to = Audience::default();
        }
        if !has(Rule::DisplayOnly) {
            release.display_to = Audience::default();
        }
    }
    releases
}

/// Nations that every release reaches on a day, owners among them.
fn common(world: &World, releases: &BTreeSet<Release>, day: Date) -> BTreeSet<Iso3> {
    let all = releases.iter().flat_map(|r| {
        // A group that owns something stands for its members.
        let group = world.groups.members(&r.originator, day);
        let owner = r.originator.parse::<Iso3>().ok();
        let members = r
            .rel_to
            .groups
            .iter()
            .flat_map(|g| world.groups.members(g, day));
        let named = r.rel_to.nations.iter().copied();
        named
            .chain(owner)
            .chain(group)
            .chain(members)
            .collect::<Vec<_>>()
    });
    let reached = |n: &Iso3| releases.iter().all(|r| world.reaches(r, *n, false, day));
    let reached: BTreeSet<Iso3> = all.filter(reached).collect();
    let owners: BTreeSet<&str> = releases.iter().map(|r| r.originator.as_str()).collect();
    let only_the_owner = owners.len() == 1 && reached.iter().all(|n| owners.contains(n.as_str()));
    if only_the_owner {
        BTreeSet::new()
    } else {
        reached
    }
}

#[cfg(test)]
mod tests;
