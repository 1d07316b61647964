//! What changed between two versions of a list, entry by entry and field by field.

use super::ListEntry;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangedField {
    /// Its published name; `names`, `line` and the like are ours.
    pub field: String,
    /// Values before.
    pub before: Vec<String>,
    /// Values after.
    pub after: Vec<String>,
}

/// An entry that is in both versions and differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangedEntry {
    /// Number of the entry.
    pub entry: String,
    /// Its name now.
    pub name: String,
    /// What differs.
    pub fields: Vec<ChangedField>,
}

/// What changed between two versions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ListDiff {
    /// Number and name of entries that are new.
    pub added: Vec<(String, String)>,
    /// Entries that differ.
    pub changed: Vec<ChangedEntry>,
    /// Number and name of entries that are gone.
    pub removed: Vec<(String, String)>,
}

/// Compares two versions; the order of entries and the lines they stand on do not matter.
#[must_use]
pub fn diff(before: &[ListEntry], after: &[ListEntry]) -> ListDiff {
    let by = |list: &[ListEntry]| -> BTreeMap<String, usize> {
        let numbered = list.iter().enumerate();
        numbered.map(|(i, e)| (e.entry.clone(), i)).collect()
    };
    let (old, new) = (by(before), by(after));
    let named = |e: &ListEntry| (e.entry.clone(), e.name().to_owned());
    let mut diff = ListDiff::default();
    for (number, i) in &new {
        let now = &after[*i];
        let Some(was) = old.get(number).map(|i| &before[*i]) else {
            diff.added.push(named(now));
            continue;
        };
        let fields = differing(was, now);
        if !fields.is_empty() {
            diff.changed.push(ChangedEntry {
                entry: number.clone(),
                name: now.name().to_owned(),
                fields,
            });
        }
    }
    let gone = old.iter().filter(|(number, _)| !new.contains_key(*number));
    diff.removed.extend(gone.map(|(_, i)| named(&before[*i])));
    diff
}

/// The fields in which two entries differ: names, what was read of them, and every published field.
fn differing(was: &ListEntry, now: &ListEntry) -> Vec<ChangedField> {
    let names = |e: &ListEntry| -> Vec<String> {
        let names: BTreeSet<&String> = e.names.iter().map(|(_, n)| n).collect();
        names.into_iter().cloned().collect()
    };
    let mut pairs = vec![("names".to_owned(), names(was), names(now))];
    let keys: BTreeSet<&String> = was.fields.keys().chain(now.fields.keys()).collect();
    for key in keys {
        let of = |e: &ListEntry| {
            let mut values = e.fields.get(key).cloned().unwrap_or_default();
            values.sort_unstable();
            values
        };
        pairs.push((key.clone(), of(was), of(now)));
    }
    let differ = pairs.into_iter().filter(|(_, a, b)| a != b);
    differ
        .map(|(field, before, after)| ChangedField {
            field,
            before,
            after,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: &str, name: &str, programme: &str) -> ListEntry {
        ListEntry {
            entry: number.to_owned(),
            names: vec![("primary".to_owned(), name.to_owned())],
            fields: [("program".to_owned(), vec![programme.to_owned()])].into(),
            ..ListEntry::default()
        }
    }

    #[test]
    fn entries_are_told_apart_by_number_and_fields_by_name() {
        let before = [entry("1", "ORLOVTEST", "A"), entry("2", "BANDATEST", "A")];
        let after = [entry("3", "VEGATEST", "A"), entry("1", "ORLOVTEST", "B")];
        let diff = diff(&before, &after);
        assert_eq!(diff.added, [("3".to_owned(), "VEGATEST".to_owned())]);
        assert_eq!(diff.removed, [("2".to_owned(), "BANDATEST".to_owned())]);
        assert_eq!(diff.changed[0].fields[0].field, "program");
        assert_eq!(diff.changed[0].fields[0].after, ["B"]);
    }
}
