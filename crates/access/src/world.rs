//! What access is judged against besides label and viewer: dated groups, sharing agreements, regions.

use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use symbolon_domain::{
    country::Iso3,
    label::{Audience, Label, Markings, Release},
};

/// One nation in one group for a stretch of time, half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The nation.
    pub nation: Iso3,
    /// First day; absent: always.
    pub from: Option<Date>,
    /// First day no longer; absent: still.
    pub to: Option<Date>,
}

/// Groups of nations and their dated members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups(pub BTreeMap<String, Vec<Member>>);

impl Groups {
    /// Whether a nation is in a group on a day.
    #[must_use]
    pub fn holds(&self, group: &str, nation: Iso3, day: Date) -> bool {
        let in_force = |m: &Member| m.from.is_none_or(|f| f <= day) && m.to.is_none_or(|t| day < t);
        let members = self.0.get(group).map(Vec::as_slice).unwrap_or_default();
        members.iter().any(|m| m.nation == nation && in_force(m))
    }

    /// The nations of a group on a day.
    #[must_use]
    pub fn members(&self, group: &str, day: Date) -> BTreeSet<Iso3> {
        let members = self.0.get(group).map(Vec::as_slice).unwrap_or_default();
        let nations = members.iter().map(|m| m.nation);
        nations.filter(|n| self.holds(group, *n, day)).collect()
    }

    /// Whether a nation is in `Eff` of an audience: named, or in a named group both on the day
    /// of the release and now. A release without a day reaches no group.
    #[must_use]
    pub fn effective(
        &self,
        audience: &Audience,
        nation: Iso3,
        released_at: Option<Date>,
        now: Date,
    ) -> bool {
        let both =
            |group: &String, at| self.holds(group, nation, at) && self.holds(group, nation, now);
        audience.nations.contains(&nation)
            || released_at.is_some_and(|at| audience.groups.iter().any(|g| both(g, at)))
    }
}

/// A sharing agreement, as its record says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharingTerms {
    /// Title, for explanations.
    pub title: String,
    /// Nations and groups.
    pub parties: BTreeSet<String>,
    /// Marking policy it covers.
    pub policy: String,
    /// Highest level it covers.
    pub level: String,
    /// First day in force.
    pub from: Date,
    /// First day no longer in force.
    pub to: Option<Date>,
}

/// Everything dated that decisions depend on, as it stood at one revision of the store.
#[derive(Clone, Debug)]
pub struct World {
    /// Number of the newest journal entry when this was read.
    pub revision: i64,
    /// Marking policies.
    pub markings: &'static Markings,
    /// Groups and members.
    pub groups: Groups,
    /// Sharing agreements that were confirmed.
    pub agreements: Vec<SharingTerms>,
    /// Partners by region.
    pub regions: BTreeMap<String, BTreeSet<String>>,
}

impl Default for World {
    fn default() -> Self {
        Self {
            revision: -1,
            markings: Markings::shipped(),
            groups: Groups::default(),
            agreements: vec![],
            regions: BTreeMap::new(),
        }
    }
}

impl World {
    /// Whether a nation is an originator itself, or belongs to the group that is.
    #[must_use]
    pub fn is_originator(&self, originator: &str, nation: Iso3, day: Date) -> bool {
        originator == nation.as_str() || self.groups.holds(originator, nation, day)
    }

    /// Whether a label means: released to the public, nothing held back.
    #[must_use]
    pub fn is_open(&self, label: &Label) -> bool {
        self.markings.is_released(label)
            && label.controls.is_empty()
            && label.categories.is_empty()
            && label.parts.is_empty()
    }

    fn is_party(&self, terms: &SharingTerms, who: &str, day: Date) -> bool {
        let nation = who.parse::<Iso3>().ok();
        let within = |g: &String| nation.is_some_and(|n| self.groups.holds(g, n, day));
        terms.parties.contains(who) || terms.parties.iter().any(within)
    }

    /// The agreement in force on a day that lets an originator share a level with a nation.
    #[must_use]
    pub fn agreement(
        &self,
        originator: &str,
        nation: Iso3,
        (policy, level): (&str, &str),
        day: Date,
    ) -> Option<&SharingTerms> {
        let policy = self.markings.policy(policy)?;
        let rank = policy.rank(level)?;
        self.agreements.iter().find(|t| {
            t.policy == policy.code
                && policy.rank(&t.level).is_some_and(|top| rank <= top)
                && t.from <= day
                && t.to.is_none_or(|to| day < to)
                && self.is_party(t, originator, day)
                && self.is_party(t, nation.as_str(), day)
        })
    }

    /// Whether a release reaches a nation; `display` counts those it may only be shown to.
    pub(crate) fn reaches(
        &self,
        release: &Release,
        nation: Iso3,
        display: bool,
        day: Date,
    ) -> bool {
        let to = |a| self.groups.effective(a, nation, release.released_at, day);
        self.is_originator(&release.originator, nation, day)
            || to(&release.rel_to)
            || (display && to(&release.display_to))
    }
}

#[cfg(test)]
mod tests;
