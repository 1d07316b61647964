//! Everybody who is vetted, with every name they are known by, as questions to a list.

use super::circle::text;
use crate::{App, Result};
use std::collections::HashMap;
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
        let candidates = all("vetting_candidate")?.into_iter();
        let open = candidates.filter(|c| c.envelope.state != "cancelled");
        Ok(open.map(|c| line(c, &persons, &units, &dated)).collect())
    }
}

/// One candidate with every name its unit or person has.
pub(super) fn line_of(app: &App, candidate: Record) -> Result<Line> {
    use symbolon_store::query::{Test, Value};
    let system = app.system();
    let one = |kind: &str| -> Result<ById> {
        let id = text(&candidate, kind).to_owned();
        let query = RecordQuery::default().when("id", Test::Is(Value::Text(id.clone())));
        let found = app.store.list(&system, kind, &query)?;
        Ok(found.into_iter().map(|r| (id.clone(), r)).collect())
    };
    let (persons, units) = (one("person")?, one("unit")?);
    let unit = text(&candidate, "unit").to_owned();
    let of = RecordQuery::default().when("unit", Test::Is(Value::Text(unit.clone())));
    let mut names = vec![];
    for name in app.store.list(&system, "unit_name", &of)? {
        names.extend(["name", "transliteration"].map(|f| text(&name, f).to_owned()));
    }
    let dated = HashMap::from([(unit, names)]);
    Ok(line(candidate, &persons, &units, &dated))
}

fn line(
    candidate: Record,
    persons: &ById,
    units: &ById,
    dated: &HashMap<String, Vec<String>>,
) -> Line {
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
    if let Some(found) = units.get(unit) {
        let more = dated.get(unit).into_iter().flatten().cloned();
        let names = names(found).chain(more.filter(|n| !n.is_empty()));
        queries.extend(names.map(|n| asked(Kind::Unit, n, &Attributes::default())));
    }
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
