//! Who is touched by a fact about a unit or person: those above and below it, and those commanded.
//!
//! Dates are left out of account on purpose: sources know them to the year or not at all, and a decision
//! opened once too often costs a look, one not opened costs the law. Siblings are not touched.

use super::same::Same;
use std::collections::BTreeSet;
use symbolon_domain::record::Record;
use symbolon_store::{
    Ask, Result,
    query::{RecordQuery, Test, Value},
};

/// So many ids go into one question.
const AT_ONCE: usize = 200;

/// Units and persons, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Circle {
    pub units: BTreeSet<String>,
    pub persons: BTreeSet<String>,
}

/// A text field of a record's body; empty where there is none.
pub(super) fn text<'a>(record: &'a Record, field: &str) -> &'a str {
    record.body[field].as_str().unwrap_or("")
}

/// Records of a kind whose field is one of several ids.
pub(super) fn among(
    ask: Ask<'_>,
    kind: &str,
    field: &str,
    ids: &BTreeSet<String>,
) -> Result<Vec<Record>> {
    let ids: Vec<&String> = ids.iter().collect();
    let mut found = vec![];
    for part in ids.chunks(AT_ONCE) {
        let part = part.iter().map(|s| Value::Text((*s).clone()));
        let texts = part.map(|v| v.text().to_owned()).collect();
        found.extend(ask(
            kind,
            &RecordQuery::default().when(field, Test::Among(texts)),
        )?);
    }
    Ok(found)
}

/// Everything reached from units by walking `unit_parent` from one field to the other; records that are one
/// unit are reached together.
fn walk(
    ask: Ask<'_>,
    same: &Same,
    start: &BTreeSet<String>,
    (from, to): (&str, &str),
) -> Result<BTreeSet<String>> {
    let mut reached = start.clone();
    let mut edge = start.clone();
    while !edge.is_empty() {
        let links = among(ask, "unit_parent", from, &edge)?;
        edge = links
            .iter()
            .map(|link| text(link, to).to_owned())
            .filter(|id| !id.is_empty())
            .collect();
        same.widen(&mut edge);
        edge.retain(|id| reached.insert(id.clone()));
    }
    Ok(reached)
}

impl Circle {
    /// Adds the unit and person that a record names.
    pub(super) fn add(&mut self, record: &Record) {
        for field in ["unit", "parent", "kept", "merged"] {
            let id = text(record, field);
            if !id.is_empty() {
                self.units.insert(id.to_owned());
            }
        }
        let person = text(record, "person");
        if !person.is_empty() {
            self.persons.insert(person.to_owned());
        }
    }

    /// Widens it: a person's units; of every unit the records that are one with it, those above, and those below;
    /// and whoever commands one.
    pub(super) fn widen(&mut self, ask: Ask<'_>) -> Result<()> {
        let postings = among(ask, "posting", "person", &self.persons)?;
        self.units.extend(
            postings
                .iter()
                .map(|p| text(p, "unit").to_owned())
                .filter(|u| !u.is_empty()),
        );
        let same = Same::asked(ask)?;
        same.widen(&mut self.units);
        let above = walk(ask, &same, &self.units, ("unit", "parent"))?;
        let below = walk(ask, &same, &self.units, ("parent", "unit"))?;
        self.units.extend(above);
        self.units.extend(below);
        Ok(())
    }
}
