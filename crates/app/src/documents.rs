//! Documents of a programme: facts and tables in order, from the records as the reader may see them. One
//! definition (`data/documents`) makes the page, the PDF, the workbook and the CSV, so no figure can differ.

mod build;
mod rows;

use crate::{AppError, Result};
use serde::Deserialize;
use std::sync::OnceLock;
use symbolon_domain::{label::Label, money::Amount};

/// What is documented of which kind of record.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentKind {
    /// As in addresses.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// Kind of record it is of.
    pub kind: String,
    /// Whether it is of one fiscal year.
    #[serde(default)]
    pub yearly: bool,
    part: Vec<PartKind>,
}

/// A part of a document.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartKind {
    title: String,
    fields: Vec<String>,
    /// Fields that lead to the record the part is of.
    #[serde(default)]
    up: String,
    /// Fields that lead to the record whose rows are listed.
    #[serde(default)]
    at: String,
    /// Kind of the rows; empty: the part is of one record.
    #[serde(default)]
    of: String,
    /// Field of the rows that refers to the record.
    #[serde(default)]
    by: String,
    /// Whether the rows are those about the partner that the document is of, in place of `by`.
    #[serde(default)]
    of_partner: bool,
    /// Field of the rows that holds the fiscal year of the document.
    #[serde(default)]
    year: String,
    /// Field by which rows are added up, one row a value; empty: each row by itself.
    #[serde(default)]
    group: String,
    #[serde(default)]
    through: Option<Through>,
    #[serde(default)]
    sum: Vec<String>,
}

/// Records between the record and the rows.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Through {
    kind: String,
    by: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    document: Vec<DocumentKind>,
}

/// The documents that there are; none if the file is damaged (a test reads it).
#[must_use]
pub fn shipped() -> &'static [DocumentKind] {
    static SHIPPED: OnceLock<Vec<DocumentKind>> = OnceLock::new();
    let text = include_str!("../../../data/documents/documents.toml");
    SHIPPED.get_or_init(|| toml::from_str::<File>(text).map_or(vec![], |f| f.document))
}

/// The documents of a kind of record.
pub fn of_kind(kind: &str) -> impl Iterator<Item = &'static DocumentKind> + use<'_> {
    shipped().iter().filter(move |d| d.kind == kind)
}

pub(crate) fn named(kind: &str, code: &str) -> Result<&'static DocumentKind> {
    let found = of_kind(kind).find(|d| d.code == code);
    found.ok_or(AppError::NotFound("document"))
}

/// A value, with the words that every form of the document shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Worth {
    /// Nothing is recorded: never a zero.
    Blank,
    /// A whole number.
    Count(i64),
    /// An amount.
    Money(Amount),
    /// Anything else, in words.
    Words(String),
}

impl Worth {
    /// As it is shown.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Blank => String::new(),
            Self::Count(n) => n.to_string(),
            Self::Money(a) => a.to_string(),
            Self::Words(w) => w.clone(),
        }
    }

    /// Whether it is a number.
    #[must_use]
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Count(_) | Self::Money(_))
    }
}

/// A part: facts in two columns, or a table with heads.
#[derive(Clone, Debug)]
pub struct Part {
    /// Heading.
    pub title: String,
    /// Names of the columns; whether the column is of numbers.
    pub heads: Vec<(String, bool)>,
    /// Rows, each as long as the heads.
    pub rows: Vec<Vec<Worth>>,
    /// Whether the first column names the rows: a part of facts.
    pub facts: bool,
    /// Whether the last row adds up.
    pub summed: bool,
}

/// A document as it was made.
#[derive(Clone, Debug)]
pub struct Document {
    /// Which it is.
    pub kind: &'static DocumentKind,
    /// What it is of.
    pub title: String,
    /// Code of the record.
    pub code: String,
    /// Version of the record.
    pub version: i64,
    /// Hash of the record's row, as its journal entry holds it.
    pub hash: String,
    /// State of the record, in words.
    pub state: String,
    /// Marking of all it holds.
    pub marking: String,
    /// Day it was made.
    pub made: jiff::civil::Date,
    /// The fiscal year it is of; none: all years.
    pub year: Option<i64>,
    /// Its parts.
    pub parts: Vec<Part>,
    /// Labels of what it holds.
    pub labels: Vec<Label>,
}

impl Document {
    /// What it is called, with its year.
    #[must_use]
    pub fn heading(&self) -> String {
        match self.year {
            Some(year) => format!("{}, fiscal year {year}: {}", self.kind.name, self.title),
            None => format!("{}: {}", self.kind.name, self.title),
        }
    }

    /// The line at the foot of every page.
    #[must_use]
    pub fn foot(&self) -> String {
        format!("{}, version {}, {}", self.code, self.version, self.hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use symbolon_domain::{kind::FieldType, kinds};

    fn led(from: &str, path: &str) -> &'static symbolon_domain::kind::KindDef {
        let mut kind = kinds::by_code(from).unwrap();
        for step in path.split('.').filter(|s| !s.is_empty()) {
            let FieldType::Reference(to) = &kind.field(step).unwrap().field_type else {
                panic!("{from}: {step} refers to nothing");
            };
            kind = kinds::by_code(to).unwrap();
        }
        kind
    }

    fn refers(kind: &str, field: &str, to: &str) -> bool {
        let field = kinds::by_code(kind).and_then(|k| k.field(field)).unwrap();
        field.field_type == FieldType::Reference(to.to_owned())
    }

    #[test]
    fn every_document_names_fields_that_exist() {
        let text = include_str!("../../../data/documents/documents.toml");
        toml::from_str::<File>(text).unwrap();
        assert_eq!(shipped().len(), 7);
        for document in shipped() {
            for part in &document.part {
                let here = led(&document.kind, &format!("{}{}", part.up, part.at));
                let of = match part.of.as_str() {
                    "" => here,
                    of => kinds::by_code(of).unwrap(),
                };
                let named = part.fields.iter().chain(&part.sum);
                for path in named
                    .chain([&part.year, &part.group])
                    .filter(|f| !f.is_empty())
                {
                    let (steps, field) = path.rsplit_once('.').unwrap_or(("", path));
                    let of = led(of.code, steps);
                    assert!(of.field(field).is_some(), "{}: {path}", document.code);
                }
                assert_eq!(part.year.is_empty(), !document.yearly || part.of.is_empty());
                if part.of_partner {
                    assert!(of.of_partner && document.kind == "partner");
                } else if !part.of.is_empty() {
                    let to = part.through.as_ref().map_or(here.code, |t| t.kind.as_str());
                    assert!(refers(&part.of, &part.by, to), "{}", part.title);
                }
                if let Some(through) = &part.through {
                    assert!(refers(&through.kind, &through.by, here.code));
                }
            }
        }
    }
}
