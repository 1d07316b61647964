//! How the agenda is made, and how it follows the journal.

use super::Agenda;
use crate::{App, Result, lateness, work};
use std::collections::{BTreeMap, BTreeSet};
use symbolon_domain::record::RecordId;
use symbolon_store::{
    journal::JournalFilter,
    query::{RecordQuery, Test},
};

/// Records read at a time.
const PAGE: u32 = 5_000;
/// Entries read at a time.
const ENTRIES: u32 = 1_000;
/// Further behind than so many entries it is made anew.
const FAR: i64 = 50_000;

/// Brings the agenda of an application from the entries before one of the journal to those before another.
pub(super) fn follow(app: &App, from: i64, until: i64) -> Result<()> {
    if from == 0 || until - from > FAR {
        let mut new = Agenda::of(&kinds());
        for place in 0..new.kinds.len() {
            load(app, &mut new, place)?;
        }
        new.frame_all();
        new.until = until;
        *app.agenda.write() = new;
        return Ok(());
    }
    let touched = touched(app, from, until)?;
    let mut read = vec![];
    for (place, ids) in touched {
        let code = app.agenda.read().kinds[place].def.code;
        let records = app.these(&app.system(), code, ids.iter().copied())?;
        read.push((place, ids, records));
    }
    let mut agenda = app.agenda.write();
    let mut below = false;
    for (place, ids, records) in &read {
        for gone in ids.iter().filter(|id| !records.contains_key(id)) {
            below |= agenda.forget(*place, *gone);
        }
        for record in records.values() {
            below |= agenda.put(*place, record);
        }
    }
    if below {
        agenda.frame_all();
    }
    agenda.until = until;
    Ok(())
}

/// Kinds with a clock or a planned day.
fn kinds() -> Vec<&'static str> {
    let all: BTreeSet<&str> = work::clocked().chain(lateness::planned()).collect();
    all.into_iter().collect()
}

/// Every record of a kind, page by page in the order of their ids.
fn load(app: &App, agenda: &mut Agenda, place: usize) -> Result<()> {
    let kind = agenda.kinds[place].def.code;
    let mut last = None;
    loop {
        let query = RecordQuery {
            limit: PAGE,
            order: Some(("id".to_owned(), false)),
            ..RecordQuery::default()
        };
        let query = match last {
            // It is the first of the page again.
            Some(id) => query.when("id", Test::From(RecordId::to_string(&id))),
            None => query,
        };
        let page = app.store.list(&app.system(), kind, &query)?;
        for record in &page {
            agenda.put(place, record);
        }
        last = page.last().map(|r| r.envelope.id);
        if page.len() < PAGE as usize {
            return Ok(());
        }
    }
}

/// Records that entries of the journal are about, by the place of their kind.
fn touched(app: &App, from: i64, until: i64) -> Result<BTreeMap<usize, BTreeSet<RecordId>>> {
    let places: BTreeMap<&str, usize> = {
        let agenda = app.agenda.read();
        let kinds = agenda.kinds.iter().enumerate();
        kinds.map(|(place, k)| (k.def.code, place)).collect()
    };
    let mut all: BTreeMap<usize, BTreeSet<RecordId>> = BTreeMap::new();
    let mut before = until;
    while before > from {
        let filter = JournalFilter {
            before: Some(before),
            limit: ENTRIES,
            ..JournalFilter::default()
        };
        let entries = app.store.entries(&app.system(), &filter)?;
        let Some(oldest) = entries.last().map(|e| e.entry.seq) else {
            break;
        };
        for entry in entries.iter().filter(|e| e.entry.seq >= from) {
            let (kind, id) = entry.entry.object.split_once('/').unwrap_or_default();
            if let (Some(place), Ok(id)) = (places.get(kind), id.parse()) {
                all.entry(*place).or_default().insert(id);
            }
        }
        before = oldest;
    }
    Ok(all)
}
