//! Which records of units are one unit: the merges in force, read as groups. Nothing was moved when units were merged,
//! so whoever reads by unit asks here first.

use super::circle::text;
use crate::{
    App, AppError, Result,
    search::{Hit, SearchResult},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use symbolon_access::{Action, Policy, Viewer};
use symbolon_domain::{
    kinds::UnitMerge,
    record::{Record, RecordId},
};
use symbolon_store::{
    Ask,
    query::{RecordQuery, Test},
};

/// So many units are named by a search.
const SEARCHED: u32 = 10;

/// Groups of records that are one unit, each with the one record that stays for all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Same {
    /// By id of a record that is in a group: the place of the group.
    group: BTreeMap<String, usize>,
    /// For each group the record that stays, and all.
    groups: Vec<(String, BTreeSet<String>)>,
    into: BTreeMap<String, String>,
}

/// Merges in force, whoever asks.
fn in_force() -> RecordQuery {
    let states = UnitMerge::IN_FORCE.iter().map(|s| (*s).to_owned());
    RecordQuery::default().when("state", Test::Among(states.collect()))
}

impl Same {
    /// What the merges say, each as the record that was merged and the one that stays. Merges that lead in a
    /// ring, which no use case makes, still give one record that stays: the one whose id is the first.
    pub fn of<'m>(merges: impl IntoIterator<Item = (&'m str, &'m str)>) -> Self {
        let mut same = Self::default();
        let mut beside: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut leads: BTreeSet<&str> = BTreeSet::new();
        for (merged, kept) in merges.into_iter().filter(|(m, k)| m != k) {
            beside.entry(merged).or_default().insert(kept);
            beside.entry(kept).or_default().insert(merged);
            leads.insert(merged);
            same.into.insert(merged.to_owned(), kept.to_owned());
        }
        for start in beside.keys() {
            if same.group.contains_key(*start) {
                continue;
            }
            let (mut all, mut edge) = (BTreeSet::from([*start]), vec![*start]);
            while let Some(at) = edge.pop() {
                let next = beside.get(at).into_iter().flatten();
                edge.extend(next.filter(|n| all.insert(n)).collect::<Vec<_>>());
            }
            let stays = all.iter().find(|id| !leads.contains(**id));
            let stays = stays.or(all.first()).map_or("", |id| id).to_owned();
            for id in &all {
                same.group.insert((*id).to_owned(), same.groups.len());
            }
            let all = all.into_iter().map(str::to_owned).collect();
            same.groups.push((stays, all));
        }
        same
    }

    /// What records of merges say; those whose fields the reader does not see say nothing.
    pub(super) fn of_records(merges: &[Record]) -> Self {
        let pairs = merges.iter().map(|m| (text(m, "merged"), text(m, "kept")));
        Self::of(pairs.filter(|(merged, kept)| !merged.is_empty() && !kept.is_empty()))
    }

    /// What the open transaction says.
    pub(super) fn asked(ask: Ask<'_>) -> symbolon_store::Result<Self> {
        Ok(Self::of_records(&ask("unit_merge", &in_force())?))
    }

    /// The record that stays for a unit: the unit itself where it was never merged.
    #[must_use]
    pub fn root<'a>(&'a self, unit: &'a str) -> &'a str {
        self.group.get(unit).map_or(unit, |g| &self.groups[*g].0)
    }

    /// Every record that is this unit, itself among them.
    #[must_use]
    pub fn all(&self, unit: &str) -> BTreeSet<String> {
        match self.group.get(unit) {
            Some(g) => self.groups[*g].1.clone(),
            None => BTreeSet::from([unit.to_owned()]),
        }
    }

    /// Adds to units every record that is one with one of them.
    pub(super) fn widen(&self, units: &mut BTreeSet<String>) {
        let more: Vec<String> = units
            .iter()
            .filter_map(|u| self.group.get(u))
            .flat_map(|g| self.groups[*g].1.iter().cloned())
            .collect();
        units.extend(more);
    }

    /// Whether one may be merged into the other.
    ///
    /// # Errors
    /// They are the same record or one unit already, or one was merged into a third: then that is the one to name.
    pub fn joins(&self, merged: &str, kept: &str) -> Result<()> {
        let why = if merged == kept {
            "a unit cannot be merged into itself"
        } else if self.root(merged) == self.root(kept) {
            "they are one unit already: to merge them again would lead in a ring"
        } else if self.into.contains_key(merged) {
            "the first was merged into a third unit already: merge that one, or split it first"
        } else {
            return Ok(());
        };
        Err(AppError::Conflict(why.to_owned()))
    }
}

impl App {
    /// Which records of units are one, as far as the viewer sees the merges.
    pub fn same_units(&self, viewer: &Viewer) -> Result<Same> {
        if !Policy::shipped().grants(viewer, Action::Read, "unit_merge") {
            return Ok(Same::default());
        }
        let merges = self.store.list(viewer, "unit_merge", &in_force())?;
        Ok(Same::of_records(&merges))
    }

    /// Of these records those that are units merged into another, with the name of the one that stays.
    pub fn units_that_stay(
        &self,
        viewer: &Viewer,
        records: &[Record],
    ) -> Result<HashMap<RecordId, String>> {
        if records.iter().all(|r| r.envelope.kind != "unit") {
            return Ok(HashMap::new());
        }
        let same = self.same_units(viewer)?;
        let stays = |id: RecordId| {
            let own = id.to_string();
            let stays = same.root(&own).to_owned();
            (stays != own).then_some((id, stays))
        };
        let moved: Vec<(RecordId, String)> = records
            .iter()
            .filter_map(|r| stays(r.envelope.id))
            .collect();
        let wanted = moved.iter().map(|(_, to)| to.clone()).collect();
        let names = self.names_among(viewer, "unit", &wanted)?;
        let name = |to: &String| names.get(to).map_or("another", |r| text(r, "name"));
        Ok(moved
            .iter()
            .map(|(id, to)| (*id, name(to).to_owned()))
            .collect())
    }

    /// Units on record that words are found in, or in a name of theirs; each once, as the one that stays.
    pub(crate) fn search_units(
        &self,
        viewer: &Viewer,
        words: &str,
        found: &mut SearchResult,
    ) -> Result<()> {
        if !Policy::shipped().grants(viewer, Action::Read, "unit") {
            return Ok(());
        }
        let query = RecordQuery {
            words: words.split_whitespace().map(str::to_owned).collect(),
            limit: SEARCHED,
            ..RecordQuery::default()
        };
        let same = self.same_units(viewer)?;
        let mut hits: Vec<(String, String)> = vec![];
        for (kind, field) in [("unit", "id"), ("unit_name", "unit")] {
            for record in self.store.list(viewer, kind, &query)? {
                let own = record.envelope.id.to_string();
                let unit = if field == "id" {
                    &own
                } else {
                    text(&record, field)
                };
                let stays = same.root(unit);
                if !stays.is_empty() && hits.iter().all(|(id, _)| id != stays) {
                    hits.push((stays.to_owned(), text(&record, "name").to_owned()));
                }
            }
        }
        let wanted = hits.iter().map(|(id, _)| id.clone()).collect();
        let units = self.names_among(viewer, "unit", &wanted)?;
        for (id, name) in hits {
            let Some(unit) = units.get(&id) else { continue };
            let title = text(unit, "name").to_owned();
            let partner = &unit.envelope.partner;
            let detail = match name == title {
                true => partner.clone(),
                false => format!("{partner}, also as {name}"),
            };
            found.hits.push(Hit {
                kind: "known_unit",
                href: format!("/units/{id}"),
                title,
                detail,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn name(unit: usize) -> String {
        format!("u{unit:02}")
    }

    fn of(merges: &[(usize, usize)]) -> Same {
        let named: Vec<(String, String)> =
            merges.iter().map(|(m, k)| (name(*m), name(*k))).collect();
        Same::of(named.iter().map(|(m, k)| (m.as_str(), k.as_str())))
    }

    #[test]
    fn a_chain_of_merges_leads_to_the_last_that_stays() {
        let same = of(&[(1, 2), (2, 3), (4, 3)]);
        for unit in 1..5 {
            assert_eq!(same.root(&name(unit)), "u03");
            assert_eq!(same.all(&name(unit)).len(), 4);
        }
        assert_eq!(same.root("u09"), "u09");
        assert_eq!(same.all("u09"), BTreeSet::from(["u09".to_owned()]));
    }

    #[test]
    fn a_ring_and_a_unit_merged_already_are_refused_with_the_reason() {
        let same = of(&[(1, 2), (2, 3)]);
        let why = |m: usize, k: usize| same.joins(&name(m), &name(k)).unwrap_err().to_string();
        assert!(why(3, 1).contains("in a ring"), "{}", why(3, 1));
        assert!(why(5, 5).contains("into itself"));
        assert!(why(1, 5).contains("merged into a third"));
        assert!(same.joins("u03", "u05").is_ok());
        // What no use case makes and a file from outside could: it still has one that stays.
        let ring = of(&[(1, 2), (2, 1)]);
        assert_eq!((ring.root("u01"), ring.root("u02")), ("u01", "u01"));
    }

    proptest! {
        /// Any sequence of merges that `joins` lets through is one that stays for each group, and the groups are
        /// those of a plain relabelling.
        #[test]
        fn any_sequence_of_merges_leads_to_one_that_stays(
            tried in prop::collection::vec((0usize..12, 0usize..12), 0..30),
        ) {
            let mut done: Vec<(usize, usize)> = vec![];
            let mut label: Vec<usize> = (0..12).collect();
            for (merged, kept) in tried {
                let same = of(&done);
                let together = label[merged] == label[kept];
                let elsewhere = done.iter().any(|(m, _)| *m == merged);
                let joined = same.joins(&name(merged), &name(kept)).is_ok();
                prop_assert_eq!(joined, !together && !elsewhere);
                if joined {
                    let (old, new) = (label[merged], label[kept]);
                    label.iter_mut().filter(|l| **l == old).for_each(|l| *l = new);
                    done.push((merged, kept));
                }
            }
            let same = of(&done);
            for unit in 0..12 {
                let id = name(unit);
                let (root, all) = (same.root(&id).to_owned(), same.all(&id));
                let wanted: BTreeSet<String> =
                    (0..12).filter(|u| label[*u] == label[unit]).map(name).collect();
                prop_assert!(all.contains(&root) && all.contains(&id));
                prop_assert_eq!(&all, &wanted);
                // The one that stays was merged into nothing.
                prop_assert!(done.iter().all(|(m, _)| name(*m) != root));
                prop_assert!(all.iter().all(|u| same.root(u) == root));
            }
        }

        /// A merge taken back leaves what was before it.
        #[test]
        fn a_split_leaves_what_was_before_the_merge(
            tried in prop::collection::vec((0usize..12, 0usize..12), 0..20), merged in 0usize..12, kept in 0usize..12,
        ) {
            let mut done: Vec<(usize, usize)> = vec![];
            for (m, k) in tried {
                if of(&done).joins(&name(m), &name(k)).is_ok() {
                    done.push((m, k));
                }
            }
            let before = of(&done);
            prop_assume!(before.joins(&name(merged), &name(kept)).is_ok());
            done.push((merged, kept));
            prop_assert_ne!(&of(&done), &before);
            done.pop();
            prop_assert_eq!(of(&done), before);
        }
    }
}
