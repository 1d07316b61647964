//! An entry of a list as its row holds it.

use crate::{AppError, Result};
use serde::Serialize;
use std::collections::BTreeMap;
use symbolon_exchange::import::lists::Entry;
use symbolon_screening::{Attributes, Kind, Listed};
use symbolon_store::query::FactRow;

/// An entry of a version of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ListEntry {
    /// Number its list gives it.
    pub entry: String,
    /// `person`, `organisation`, `unit`, `vessel`, `aircraft` or `unknown`.
    pub kind: String,
    /// Its names: `primary`, `alias` or `weak`, and the name; the primary one first.
    pub names: Vec<(String, String)>,
    /// Days of birth, as far as known.
    pub born: Vec<String>,
    /// Countries, as printed.
    pub countries: Vec<String>,
    /// `male`, `female` or empty.
    pub gender: String,
    /// Numbers of documents and registrations.
    pub identifiers: Vec<String>,
    /// Every field it came with.
    pub fields: BTreeMap<String, Vec<String>>,
    /// Line on which it begins.
    pub line: i64,
}

impl From<&Entry> for ListEntry {
    fn from(e: &Entry) -> Self {
        let name = |(standing, name): &(symbolon_exchange::import::lists::Standing, String)| {
            (standing.name().to_owned(), name.clone())
        };
        Self {
            entry: e.id.clone(),
            kind: e.kind.to_owned(),
            names: e.names.iter().map(name).collect(),
            born: e.born.clone(),
            countries: e.countries.clone(),
            gender: e.gender.clone(),
            identifiers: e.identifiers.clone(),
            fields: e.fields.clone(),
            line: e.line.cast_signed(),
        }
    }
}

fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| AppError::Internal(format!("an entry of a list: {e}")))
}

impl ListEntry {
    /// Its primary name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.names.first().map_or("", |(_, n)| n.as_str())
    }

    /// Reads it from its row.
    pub(super) fn of(row: &FactRow) -> Result<Self> {
        let text = |i: usize| row.cells[i].text();
        Ok(Self {
            entry: text(0).to_owned(),
            kind: text(1).to_owned(),
            names: json(text(3))?,
            born: json(text(4))?,
            countries: json(text(5))?,
            gender: text(6).to_owned(),
            identifiers: json(text(7))?,
            fields: json(text(8))?,
            line: row.cells[9].int().unwrap_or(0),
        })
    }

    /// The texts of its row that are JSON: names, births, countries, identifiers, fields.
    pub(crate) fn texts(&self) -> Result<[String; 5]> {
        let wrong = |e: serde_json::Error| AppError::Internal(e.to_string());
        Ok([
            serde_json::to_string(&self.names).map_err(wrong)?,
            serde_json::to_string(&self.born).map_err(wrong)?,
            serde_json::to_string(&self.countries).map_err(wrong)?,
            serde_json::to_string(&self.identifiers).map_err(wrong)?,
            serde_json::to_string(&self.fields).map_err(wrong)?,
        ])
    }

    /// Its names as the index takes them.
    #[must_use]
    pub fn listed(&self) -> Vec<Listed> {
        let attributes = Attributes {
            born: self.born.clone(),
            countries: self.countries.clone(),
            gender: self.gender.clone(),
            identifiers: self.identifiers.clone(),
        };
        let kind = bearer(&self.kind);
        let one = |(_, name): &(String, String)| Listed {
            attributes: attributes.clone(),
            ..Listed::new(self.entry.clone(), kind, name.clone())
        };
        self.names.iter().map(one).collect()
    }
}

/// The sort of bearer by its word.
fn bearer(word: &str) -> Kind {
    let all = [
        Kind::Person,
        Kind::Organisation,
        Kind::Unit,
        Kind::Vessel,
        Kind::Aircraft,
    ];
    let found = all.into_iter().find(|k| k.word() == word);
    found.unwrap_or_default()
}
