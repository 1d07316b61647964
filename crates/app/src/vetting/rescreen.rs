//! What a new version of a list means for those who are vetted: hits recorded, renewed, or gone. Only entries
//! that changed are searched; the changes are written in the transaction that loads the version.

use super::{circle::text, decide::file_label, roster::Line};
use crate::{
    App, AppError, Result,
    lists::{ListDiff, ListEntry},
};
use std::collections::{BTreeMap, BTreeSet};
use symbolon_domain::{
    kinds::ScreeningHit,
    record::{Record, RecordId},
};
use symbolon_screening::{Delta, Hit, Index, Listed, Verdict};
use symbolon_store::{
    Change,
    query::{RecordQuery, Test, Value},
};

/// Hits of one name that are kept.
pub(super) const KEPT: usize = 10;

/// A version of a list, and the one before it.
pub(crate) struct Version<'a> {
    /// Code of the list.
    pub list: &'a str,
    /// Code of the version.
    pub edition: &'a str,
    /// Entries of the version before; none for the first.
    pub before: &'a [ListEntry],
    /// Entries of this one.
    pub after: &'a [ListEntry],
    /// What changed.
    pub diff: &'a ListDiff,
}

/// A hit and the name that was asked.
pub(super) struct Found {
    pub hit: Hit,
    pub asked: String,
}

/// By candidate and entry.
type Key = (String, String);

/// The changes that a version makes to the hits of every candidate.
pub(crate) fn rescreen(app: &App, version: &Version<'_>) -> Result<Vec<Change>> {
    let system = app.system();
    let of_list = Test::Is(Value::Text(version.list.to_owned()));
    let query = RecordQuery::default().when("list", of_list);
    let known = app.store.list(&system, "screening_hit", &query)?;
    let mut known: BTreeMap<Key, Record> = known
        .into_iter()
        .map(|r| {
            let key = (text(&r, "candidate"), text(&r, "entry_number"));
            ((key.0.to_owned(), key.1.to_owned()), r)
        })
        .collect();
    let roster = app.vetting_roster(&system)?;
    let (found, touched) = search(&roster, version);
    let mut changes = vec![];
    for line in &roster {
        let id = line.candidate.envelope.id.to_string();
        for (entry, found) in found.get(&id).into_iter().flatten() {
            let was = known.remove(&(id.clone(), entry.clone()));
            let of = (version.list, version.edition);
            changes.push(recorded(app, of, line, entry, found, was)?);
        }
    }
    let removed: BTreeSet<&str> = version.diff.removed.iter().map(|(n, _)| &**n).collect();
    let changed: BTreeSet<&str> = version.diff.changed.iter().map(|c| &*c.entry).collect();
    for ((_, entry), hit) in known {
        let no_longer = touched.contains(&entry) || removed.contains(entry.as_str());
        if no_longer && hit.envelope.state != "gone" {
            changes.push(again(hit, version.edition, "gone"));
        } else if changed.contains(entry.as_str()) && !no_longer {
            changes.push(again(hit, version.edition, "open"));
        }
    }
    Ok(changes)
}

/// For each candidate the best hit of each entry added or changed; and those entries.
fn search(
    roster: &[Line],
    version: &Version<'_>,
) -> (BTreeMap<String, BTreeMap<String, Found>>, BTreeSet<String>) {
    let listed = |entries: &[ListEntry]| -> Vec<Listed> {
        entries.iter().flat_map(ListEntry::listed).collect()
    };
    let (before, after) = (listed(version.before), listed(version.after));
    let delta = Delta::between(&before, &after);
    let touched: BTreeSet<String> = delta.added.iter().chain(&delta.changed).cloned().collect();
    let mut best: BTreeMap<String, BTreeMap<String, Found>> = BTreeMap::new();
    if touched.is_empty() || roster.is_empty() {
        return (best, touched);
    }
    // Words weigh as in the whole list, so that a score does not depend on what changed with it.
    let whole = Index::build(after.clone());
    let index = delta.index(&after, whole.weights());
    let asked = roster.iter().enumerate();
    let (lines, queries): (Vec<usize>, Vec<_>) = asked
        .flat_map(|(i, l)| l.queries.iter().map(move |q| (i, q.clone())))
        .unzip();
    for hits in index.screen(&queries, KEPT) {
        let id = roster[lines[hits.line]].candidate.envelope.id.to_string();
        for hit in hits.hits {
            let of = best.entry(id.clone()).or_default();
            let asked = queries[hits.line].name.clone();
            let better = of
                .get(&hit.entry)
                .is_none_or(|was| was.hit.score < hit.score);
            if better {
                of.insert(hit.entry.clone(), Found { hit, asked });
            }
        }
    }
    (best, touched)
}

/// A hit recorded, or an old one renewed: then it is open again, whatever was said of it before.
pub(super) fn recorded(
    app: &App,
    (list, edition): (&str, &str),
    line: &Line,
    entry: &str,
    found: &Found,
    was: Option<Record>,
) -> Result<Change> {
    let hit = &found.hit;
    let candidate = &line.candidate.envelope;
    let verdict = match hit.verdict {
        Verdict::Match => "match",
        _ => "not sure",
    };
    let body = ScreeningHit {
        candidate: candidate.id,
        list: list.to_owned(),
        edition: edition.to_owned(),
        entry_number: entry.to_owned(),
        listed_name: hit.name.clone(),
        asked_name: found.asked.clone(),
        score: (hit.score * 1000.0).round() as i64,
        verdict: verdict.to_owned(),
        reasons: hit.reasons.iter().map(|r| r.says.clone()).collect(),
        answer: None,
        grounds: String::new(),
        answered_by: None,
        confirmed_by: None,
        derogatory: was
            .as_ref()
            .and_then(|w| text(w, "derogatory").parse().ok()),
    };
    let body = serde_json::to_value(body).map_err(|e| AppError::Internal(e.to_string()))?;
    let envelope = match was {
        Some(was) => was.envelope,
        None => {
            let id = RecordId::from_random(app.around.random());
            let code = format!("SH-{}", &id.to_string()[..8]);
            let label = file_label(&candidate.label.originator);
            let mut new = crate::load::envelope("screening_hit", id, &code, label);
            new.partner = candidate.partner.clone();
            new
        }
    };
    Ok(change(envelope, body, "open", edition))
}

/// The same hit by another version.
pub(super) fn again(hit: Record, edition: &str, state: &str) -> Change {
    let mut body = hit.body;
    body["edition"] = edition.into();
    for said in ["answer", "answered_by", "confirmed_by"] {
        body[said] = serde_json::Value::Null;
    }
    change(hit.envelope, body, state, edition)
}

fn change(
    mut envelope: symbolon_domain::record::Envelope,
    body: serde_json::Value,
    state: &str,
    edition: &str,
) -> Change {
    envelope.state = state.to_owned();
    Change {
        envelope,
        body,
        action: "screening_hit.screen".to_owned(),
        reason: format!("screened against {edition}"),
        saw: vec![],
    }
}
