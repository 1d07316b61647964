//! A candidate is screened when it is named: in the transaction that records it, against the newest version of
//! every list that is loaded. The index of a version is made once and kept while the version is the newest.

use super::{
    circle::{among, text},
    rescreen::{Found, KEPT, again, recorded},
    roster::line_of,
    same::Same,
};
use crate::{
    App, Result,
    lists::{ListEntry, ListVersion},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, PoisonError};
use symbolon_domain::{
    kind::DELETED,
    record::{Record, RecordId},
};
use symbolon_screening::{Index, Listed};
use symbolon_store::{
    Change,
    query::{RecordQuery, Test, Value},
};

/// The newest version of every list, ready for searching.
#[derive(Default)]
pub(crate) struct Indexes {
    lists: Vec<(ListVersion, Index)>,
}

impl App {
    /// The newest version of every list that is loaded: what every candidate is screened against.
    pub fn screened_against(&self) -> Result<Vec<ListVersion>> {
        let mut all = self.list_versions(&self.system())?;
        all.retain(|v| v.current);
        Ok(all)
    }

    fn indexes(&self) -> Result<Arc<Indexes>> {
        let versions = self.screened_against()?;
        let mut kept = self.indexes.lock().unwrap_or_else(PoisonError::into_inner);
        let ids = |v: &[ListVersion]| v.iter().map(|v| v.id).collect::<Vec<_>>();
        let of: Vec<RecordId> = kept.lists.iter().map(|(v, _)| v.id).collect();
        if ids(&versions) != of {
            let mut lists = vec![];
            for version in versions {
                let entries = self.list_entries(&self.system(), &version)?;
                let names: Vec<Listed> = entries.iter().flat_map(ListEntry::listed).collect();
                lists.push((version, Index::build(names)));
            }
            *kept = Arc::new(Indexes { lists });
        }
        Ok(Arc::clone(&kept))
    }

    /// The hits that are recorded beside candidates being named, or named otherwise. Candidates that go are
    /// not screened; a hit that is the same as before stays as it was answered.
    pub(crate) fn screened(&self, changes: &[Change]) -> Result<Vec<Change>> {
        let named = |c: &&Change| {
            c.envelope.kind == "vetting_candidate"
                && ![DELETED, "cancelled"].contains(&c.envelope.state.as_str())
        };
        let mut hits = vec![];
        if !changes.iter().any(|c| named(&c)) {
            return Ok(hits);
        }
        let same = self.same_units(&self.system())?;
        for change in changes.iter().filter(named) {
            let candidate = Record {
                envelope: change.envelope.clone(),
                body: change.body.clone(),
            };
            if self.is_named_anew(&candidate)? {
                hits.extend(self.hits_on(candidate, &same)?);
            }
        }
        Ok(hits)
    }

    /// Whether the candidate is new, or names another unit, person or name than before.
    fn is_named_anew(&self, candidate: &Record) -> Result<bool> {
        let system = self.system();
        let kind = "vetting_candidate";
        let before = self.store.get(&system, kind, candidate.envelope.id)?;
        let same = |b: &Record| {
            ["unit", "person", "as_named"]
                .iter()
                .all(|f| text(b, f) == text(candidate, f))
        };
        Ok(before.is_none_or(|b| !same(&b)))
    }

    /// Screens again, as the program, the candidates that are these persons and units, or that came with a file:
    /// their names were written anew. What is found opens decisions again, as every hit does.
    pub(crate) fn screen_renamed(&self, named: &[(String, RecordId)]) -> Result<()> {
        if named.is_empty() || self.screened_against()?.is_empty() {
            return Ok(());
        }
        let system = self.system();
        let same = self.same_units(&system)?;
        let mut fields: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (field, id) in named {
            fields.entry(field).or_default().insert(id.to_string());
        }
        if let Some(units) = fields.get_mut("unit") {
            same.widen(units);
        }
        let mut ask = |kind: &str, query: &RecordQuery| self.store.list(&system, kind, query);
        let mut candidates = BTreeMap::new();
        for (field, ids) in fields {
            for found in among(&mut ask, "vetting_candidate", field, &ids)? {
                candidates.insert(found.envelope.id, found);
            }
        }
        let mut hits = vec![];
        for candidate in candidates.into_values() {
            if candidate.envelope.state != "cancelled" {
                hits.extend(self.hits_on(candidate, &same)?);
            }
        }
        if !hits.is_empty() {
            self.store.write(&system, hits)?;
            self.refresh();
        }
        Ok(())
    }

    fn hits_on(&self, candidate: Record, same: &Same) -> Result<Vec<Change>> {
        let indexes = self.indexes()?;
        if indexes.lists.is_empty() {
            return Ok(vec![]);
        }
        let system = self.system();
        let id = candidate.envelope.id.to_string();
        let of = RecordQuery::default().when("candidate", Test::Is(Value::Text(id)));
        let known = self.store.list(&system, "screening_hit", &of)?;
        let mut known: HashMap<(String, String), Record> = known
            .into_iter()
            .map(|h| {
                let key = (text(&h, "list"), text(&h, "entry_number"));
                ((key.0.to_owned(), key.1.to_owned()), h)
            })
            .collect();
        let line = line_of(self, candidate, same)?;
        let mut changes = vec![];
        for (version, index) in &indexes.lists {
            for (entry, found) in best(index, &line.queries) {
                let was = known.remove(&(version.list.clone(), entry.clone()));
                let same = |w: &Record| {
                    w.envelope.state != "gone"
                        && text(w, "asked_name") == found.asked
                        && text(w, "listed_name") == found.hit.name
                };
                if was.as_ref().is_some_and(same) {
                    continue;
                }
                let of = (version.list.as_str(), version.code.as_str());
                changes.push(recorded(self, of, &line, &entry, &found, was)?);
            }
        }
        // A name that is no longer the candidate's, after a split or a correction, is like nobody's any more. That it
        // is the candidate was said by a person and stays.
        for ((list, _), hit) in known {
            let asked = line
                .queries
                .iter()
                .any(|q| q.name == text(&hit, "asked_name"));
            let stays = asked || hit.envelope.state == "gone" || text(&hit, "answer") == "same";
            let of = indexes.lists.iter().find(|(v, _)| v.list == list);
            if let Some((version, _)) = of.filter(|_| !stays) {
                changes.push(again(hit, &version.code, "gone"));
            }
        }
        Ok(changes)
    }
}

/// The persons or units whose names a change writes: the field of a candidate, and the id. A merge gives each of two
/// units the names of the other, and a split takes them away.
pub(crate) fn names_somebody(change: &Change) -> Vec<(String, RecordId)> {
    let e = &change.envelope;
    let unit = |field: &str| {
        let id = change.body[field].as_str()?.parse().ok()?;
        Some(("unit".to_owned(), id))
    };
    match e.kind.as_str() {
        "person" | "unit" => vec![(e.kind.clone(), e.id)],
        "unit_name" => unit("unit").into_iter().collect(),
        "unit_merge" => ["kept", "merged"].into_iter().filter_map(unit).collect(),
        _ => vec![],
    }
}

/// Whom to screen after a change that came with a file: whoever it names, or the candidate it is.
pub(crate) fn names_in_file(change: &Change) -> Vec<(String, RecordId)> {
    match change.envelope.kind.as_str() {
        "vetting_candidate" => vec![("id".to_owned(), change.envelope.id)],
        _ => names_somebody(change),
    }
}

/// The best hit of each entry.
fn best(index: &Index, queries: &[symbolon_screening::Query]) -> BTreeMap<String, Found> {
    let mut best: BTreeMap<String, Found> = BTreeMap::new();
    for hits in index.screen(queries, KEPT) {
        let asked = &queries[hits.line].name;
        for hit in hits.hits {
            let better = best
                .get(&hit.entry)
                .is_none_or(|was| was.hit.score < hit.score);
            if better {
                let asked = asked.clone();
                best.insert(hit.entry.clone(), Found { hit, asked });
            }
        }
    }
    best
}
