//! Everybody who is vetted, with every name they are known by, as questions to a list.

use super::{
    circle::{among, text},
    same::Same,
};
use crate::{App, Result};
use std::collections::{BTreeSet, HashMap};
use symbolon_access::Viewer;
use symbolon_domain::record::Record;
use symbolon_screening::{Attributes, Kind, Query};
use symbolon_store::query::RecordQuery;

/// A candidate, and the questions that ask for it: one for each of its names.
pub struct Line {
    /// The candidate.
    pub candidate: Record,
    /// Its names, with what else is known.
    pub queries: Vec<Query>,
}

/// Records of a kind by id.
type ById = HashMap<String, Record>;

impl App {
    /// Candidates of every request that is not cancelled, with the names of their persons and units.
    pub fn vetting_roster(&self, viewer: &Viewer) -> Result<Vec<Line>> {
        let all = |kind: &str| self.store.list(viewer, kind, &RecordQuery::default());
        let by_id = |kind: &str| -> Result<ById> {
            let records = all(kind)?.into_iter();
            Ok(records.map(|r| (r.envelope.id.to_string(), r)).collect())
        };
        let (persons, units) = (by_id("person")?, by_id("unit")?);
        let mut dated: HashMap<String, Vec<String>> = HashMap::new();
        for name in all("unit_name")? {
            let of = dated.entry(text(&name, "unit").to_owned()).or_default();
            of.extend(["name", "transliteration"].map(|f| text(&name, f).to_owned()));
        }
        let same = self.same_units(viewer)?;
        let candidates = all("vetting_candidate")?.into_iter();
        let open = candidates.filter(|c| c.envelope.state != "cancelled");
        let known = (&persons, &units, &dated);
        Ok(open.map(|c| line(c, known, &same)).collect())
    }
}

/// One candidate with every name its unit or person has; a unit has those of every record that is one with it.
pub(super) fn line_of(app: &App, candidate: Record, same: &Same) -> Result<Line> {
    let system = app.system();
    let mut ask = |kind: &str, query: &RecordQuery| app.store.list(&system, kind, query);
    let mut by_id = |kind: &str, ids: &BTreeSet<String>| -> Result<ById> {
        let found = among(&mut ask, kind, "id", ids)?.into_iter();
        Ok(found.map(|r| (r.envelope.id.to_string(), r)).collect())
    };
    let own = same.all(text(&candidate, "unit"));
    let person = BTreeSet::from([text(&candidate, "person").to_owned()]);
    let (persons, units) = (by_id("person", &person)?, by_id("unit", &own)?);
    let mut dated: HashMap<String, Vec<String>> = HashMap::new();
    for name in among(&mut ask, "unit_name", "unit", &own)? {
        let of = dated.entry(text(&name, "unit").to_owned()).or_default();
        of.extend(["name", "transliteration"].map(|f| text(&name, f).to_owned()));
    }
    Ok(line(candidate, (&persons, &units, &dated), same))
}

/// Persons and units by id, and the dated names of units.
type Known<'k> = (&'k ById, &'k ById, &'k HashMap<String, Vec<String>>);

fn line(candidate: Record, (persons, units, dated): Known<'_>, same: &Same) -> Line {
    let mut queries = vec![];
    let (person, unit) = (text(&candidate, "person"), text(&candidate, "unit"));
    if let Some(found) = persons.get(person) {
        let known = Attributes {
            born: said(text(found, "birth")),
            countries: said(text(found, "nationality")),
            gender: text(found, "gender").to_owned(),
            identifiers: said(text(found, "identifier")),
        };
        queries.extend(names(found).map(|n| asked(Kind::Person, n, &known)));
    }
    let own = same.all(unit);
    let records = own.iter().filter_map(|id| units.get(id));
    let more = own.iter().filter_map(|id| dated.get(id)).flatten().cloned();
    let mut of_unit: Vec<String> = records.flat_map(names).collect();
    of_unit.extend(more.filter(|n| !n.is_empty()));
    of_unit.dedup();
    queries.extend(
        of_unit
            .into_iter()
            .map(|n| asked(Kind::Unit, n, &Attributes::default())),
    );
    let named = text(&candidate, "as_named").trim();
    if !named.is_empty() {
        let kind = if unit.is_empty() && person.is_empty() {
            Kind::Unknown
        } else {
            Kind::Person
        };
        queries.push(asked(kind, named.to_owned(), &Attributes::default()));
    }
    Line { candidate, queries }
}

fn asked(kind: Kind, name: String, attributes: &Attributes) -> Query {
    Query {
        kind,
        name,
        attributes: attributes.clone(),
    }
}

fn said(text: &str) -> Vec<String> {
    Some(text.to_owned())
        .filter(|t| !t.is_empty())
        .into_iter()
        .collect()
}

/// The name and the other names of a person or unit.
fn names(record: &Record) -> impl Iterator<Item = String> + '_ {
    let others = record.body["other_names"].as_array().into_iter().flatten();
    let others = others.filter_map(|n| n.as_str());
    let all = std::iter::once(text(record, "name")).chain(others);
    all.filter(|n| !n.trim().is_empty()).map(str::to_owned)
}
