//! What changed between two versions of a list, and who on a roster it can touch.

use crate::index::{Hit, Index, Listed, Query, Searcher};
use crate::weights::Weights;
use rustc_hash::FxHashMap;

/// What changed between two versions of a list, by entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delta {
    /// Entries that are new.
    pub added: Vec<String>,
    /// Entries of which a name or an attribute changed.
    pub changed: Vec<String>,
    /// Entries that are gone.
    pub removed: Vec<String>,
}

/// What a new version means for one line of a roster.
#[derive(Clone, Debug, PartialEq)]
pub struct Touched {
    /// Number of the line.
    pub line: usize,
    /// Hits among entries added or changed, from the threshold on.
    pub hits: Vec<Hit>,
}

fn by_entry(listed: &[Listed]) -> FxHashMap<&str, Vec<&Listed>> {
    let mut entries: FxHashMap<&str, Vec<&Listed>> = FxHashMap::default();
    for name in listed {
        entries.entry(&name.entry).or_default().push(name);
    }
    for names in entries.values_mut() {
        names.sort_by(|a, b| a.name.cmp(&b.name));
    }
    entries
}

impl Delta {
    /// What changed from `before` to `after`. The order of names does not matter.
    #[must_use]
    pub fn between(before: &[Listed], after: &[Listed]) -> Self {
        let (old, new) = (by_entry(before), by_entry(after));
        let mut delta = Self::default();
        for (entry, names) in &new {
            match old.get(entry) {
                None => delta.added.push((*entry).to_owned()),
                Some(was) if was != names => delta.changed.push((*entry).to_owned()),
                Some(_) => {}
            }
        }
        let gone = old.keys().filter(|e| !new.contains_key(*e));
        delta.removed.extend(gone.map(|e| (*e).to_owned()));
        for list in [&mut delta.added, &mut delta.changed, &mut delta.removed] {
            list.sort_unstable();
        }
        delta
    }

    /// The names of `after` that are new or changed, ready for searching, with words weighed as in the whole list.
    #[must_use]
    pub fn index(&self, after: &[Listed], weights: &Weights) -> Index {
        let touched = |e: &String| {
            self.added.binary_search(e).is_ok() || self.changed.binary_search(e).is_ok()
        };
        let names = after.iter().filter(|l| touched(&l.entry)).cloned();
        Index::with_weights(names.collect(), weights)
    }
}

impl Index {
    /// Screens a roster against this index; lines without a hit from the threshold on are left out.
    #[must_use]
    pub fn screen(&self, roster: &[Query], limit: usize) -> Vec<Touched> {
        let mut searcher = Searcher::new(self);
        let mut touched = vec![];
        for (line, query) in roster.iter().enumerate() {
            let mut hits = searcher.search(query, limit);
            hits.retain(|h| h.verdict != crate::Verdict::No);
            if !hits.is_empty() {
                touched.push(Touched { line, hits });
            }
        }
        touched
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    fn list(names: &[(&str, &str)]) -> Vec<Listed> {
        let one = |(entry, name): &(&str, &str)| Listed::new(*entry, Kind::Person, *name);
        names.iter().map(one).collect()
    }

    #[test]
    fn what_was_added_changed_and_removed_is_told_apart() {
        let before = list(&[
            ("1", "ORLOVTEST, Grigory"),
            ("2", "BANDATEST, Kofi"),
            ("3", "VEGATEST, Ines"),
        ]);
        let after = list(&[
            ("3", "VEGATEST, Ines Maria"),
            ("1", "ORLOVTEST, Grigory"),
            ("4", "OKAFORTEST, Ada"),
        ]);
        let delta = Delta::between(&before, &after);
        assert_eq!(delta.added, ["4"]);
        assert_eq!(delta.changed, ["3"]);
        assert_eq!(delta.removed, ["2"]);
    }

    #[test]
    fn only_lines_the_change_can_touch_come_back() {
        let before = list(&[("1", "ORLOVTEST, Grigory")]);
        let after = list(&[("1", "ORLOVTEST, Grigory"), ("2", "BANDATEST, Kofi")]);
        let full = Index::build(after.clone());
        let index = Delta::between(&before, &after).index(&after, full.weights());
        let roster = ["Grigory Orlovtest", "Kofi Bandatest", "Somebody Elsetest"]
            .map(|n| Query::new(Kind::Person, n));
        let touched = index.screen(&roster, 5);
        assert_eq!(touched.len(), 1);
        assert_eq!(
            (touched[0].line, touched[0].hits[0].entry.as_str()),
            (1, "2")
        );
        // The score is the one the whole list would give.
        assert_eq!(
            touched[0].hits[0].score,
            full.search(&roster[1], 1)[0].score
        );
    }
}
