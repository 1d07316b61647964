//! A candidate is screened when it is named: in the transaction that records it, against the newest version of
//! every list that is loaded. The index of a version is made once and kept while the version is the newest.

use super::{
    circle::text,
    rescreen::{Found, KEPT, recorded},
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

    /// Screens again, as the program, the candidates that are these persons and units: their names were written
    /// anew. What is found opens decisions again, as every hit does.
    pub(crate) fn screen_renamed(&self, named: &[(String, RecordId)]) -> Result<()> {
        if named.is_empty() || self.screened_against()?.is_empty() {
            return Ok(());
        }
        let system = self.system();
        let mut hits = vec![];
        let mut seen = BTreeSet::new();
        let same = self.same_units(&system)?;
        for (field, id) in named {
            let ids = match field.as_str() {
                "unit" => same.all(&id.to_string()).into_iter().collect(),
                _ => vec![id.to_string()],
            };
            let query = RecordQuery::default().when(field, Test::Among(ids));
            for candidate in self.store.list(&system, "vetting_candidate", &query)? {
                if candidate.envelope.state != "cancelled" && seen.insert(candidate.envelope.id) {
                    hits.extend(self.hits_on(candidate, &same)?);
                }
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
        Ok(changes)
    }
}

/// The person or unit whose names a change writes: the field of a candidate, and the id. A merge gives each of two
/// units the names of the other.
pub(crate) fn names_somebody(change: &Change) -> Option<(String, RecordId)> {
    let e = &change.envelope;
    match e.kind.as_str() {
        "person" | "unit" => Some((e.kind.clone(), e.id)),
        "unit_name" | "unit_merge" => {
            let field = if e.kind == "unit_name" {
                "unit"
            } else {
                "kept"
            };
            let unit = change.body[field].as_str()?.parse().ok()?;
            Some(("unit".to_owned(), unit))
        }
        _ => None,
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
