//! A row as values of a kind, with what could not be read.
//!
//! Three classes (ux.md section 4): the row *cannot be taken*; *this value is dropped* and the row goes
//! on; *taken, fix later*. References stay texts here: who knows the records resolves them.

use super::{Cell, Mapping, Row, Target, columns, text};
use crate::guard::quoted;
use serde::Serialize;
use serde_json::Value;
use symbolon_domain::{
    codes,
    date::Known,
    kind::{FieldDef, FieldType, KindDef},
    when::When,
};

/// What becomes of a row with a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// The row cannot be taken.
    Refused,
    /// This value is dropped; the rest of the row is taken.
    Dropped,
    /// Taken as it is; somebody should look at it.
    Later,
}

impl Class {
    /// For people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Refused => "cannot be taken",
            Self::Dropped => "this value dropped",
            Self::Later => "taken, fix later",
        }
    }
}

/// Something found in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Finding {
    /// What becomes of the row.
    pub class: Class,
    /// Physical line of a text, row of a sheet.
    pub line: u64,
    /// Column, from 1; 0 for the whole row.
    pub column: u64,
    /// Name of the column in the file.
    pub column_name: String,
    /// Fixed code.
    pub code: String,
    /// What is wrong and what to do.
    pub message: String,
    /// The text that offends, at most 40 characters, escaped.
    pub text: String,
}

/// What a row says of one column.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// A value.
    Value(Value),
    /// A text naming another record: its code, id or natural key.
    Reference(String),
    /// The value shall be cleared.
    Clear,
}

/// A row as values: only what the row says; what it does not say is left as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Physical line.
    pub line: u64,
    /// What is said, by column of the kind.
    pub given: Vec<(String, Given)>,
    /// What was found while reading.
    pub findings: Vec<Finding>,
    /// The row as it stood, for the file of refused rows.
    pub cells: Vec<String>,
}

impl Draft {
    /// What the row says of a column.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Given> {
        self.given.iter().find(|(n, _)| n == name).map(|(_, g)| g)
    }

    /// The text the row gives for a column; none where it says nothing.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Given::Value(Value::String(s)) | Given::Reference(s) => Some(s),
            _ => None,
        }
    }

    /// Whether the row cannot be taken.
    #[must_use]
    pub fn refused(&self) -> bool {
        self.findings.iter().any(|f| f.class == Class::Refused)
    }

    /// Bytes it holds, roughly; for the meter.
    #[must_use]
    pub fn size(&self) -> u64 {
        let cells: usize = self.cells.iter().map(String::len).sum();
        // The values repeat the cells; findings repeat a part.
        (3 * cells + 64 * (self.cells.len() + self.given.len()) + 256 * self.findings.len()) as u64
    }
}

/// Where each column of a file goes, looked up once.
pub struct Reader<'a> {
    kind: &'a KindDef,
    mapping: &'a Mapping,
    /// By position in the file.
    targets: Vec<Option<(Target<'a>, bool)>>,
    defaults: Vec<(Target<'a>, &'a str)>,
}

impl<'a> Reader<'a> {
    /// A reader of rows of a kind.
    #[must_use]
    pub fn new(kind: &'a KindDef, mapping: &'a Mapping) -> Self {
        let given = mapping.defaults.iter();
        let defaults = given.filter_map(|(n, v)| Some((columns::named(kind, n)?, v.as_str())));
        Self {
            kind,
            mapping,
            targets: vec![],
            defaults: defaults.collect(),
        }
    }

    /// A row as a draft.
    pub fn draft(&mut self, row: &Row<'_>) -> Draft {
        // Members of JSON rows come up one after the other.
        for head in &row.heads[self.targets.len()..] {
            let column = self.mapping.column(head).filter(|c| !c.to.is_empty());
            let target = column.and_then(|c| Some((columns::named(self.kind, &c.to)?, c.clear)));
            self.targets.push(target);
        }
        let mut draft = Draft {
            line: row.line,
            given: vec![],
            findings: vec![],
            cells: row.cells.iter().map(text).collect(),
        };
        for (i, cell) in row.cells.iter().enumerate() {
            let Some(Some((target, clear))) = self.targets.get(i) else {
                self.unknown(row, i, cell, &mut draft);
                continue;
            };
            match read(target, cell) {
                Ok(None) if *clear && *cell != Cell::Absent => {
                    draft.given.push((target.name().to_owned(), Given::Clear));
                }
                Ok(None) => {}
                Ok(Some(given)) => draft.given.push((target.name().to_owned(), given)),
                Err(wrong) => self.wrong(target, row, i, cell, wrong, &mut draft),
            }
        }
        self.fill(&mut draft);
        draft
    }

    /// A member of JSON that no column was mapped for: refused, not passed over.
    fn unknown(&self, row: &Row<'_>, i: usize, cell: &Cell, draft: &mut Draft) {
        let head = &row.heads[i];
        if self.mapping.column(head).is_none() && *cell != Cell::Absent {
            let message = format!("{} has no field `{}`", self.kind.name, quoted(head));
            draft.findings.push(Finding {
                class: Class::Refused,
                ..finding(row, i, cell, "unknown-field", message)
            });
        }
    }

    fn wrong(
        &self,
        target: &Target<'_>,
        row: &Row<'_>,
        i: usize,
        cell: &Cell,
        wrong: Wrong,
        draft: &mut Draft,
    ) {
        let class = match target {
            Target::Field(f) if f.required || self.kind.key.contains(&f.name.as_str()) => {
                Class::Refused
            }
            Target::Field(_) => Class::Dropped,
            // What identifies a record, times it and says who sees it is never guessed.
            Target::Envelope(_) => Class::Refused,
        };
        let message = format!("{}: {}", target.label(), wrong.message);
        draft.findings.push(Finding {
            class,
            ..finding(row, i, cell, wrong.code, message)
        });
    }

    /// Texts of the mapping for what the row does not say.
    fn fill(&self, draft: &mut Draft) {
        for (target, text) in &self.defaults {
            if draft.get(target.name()).is_none()
                && let Ok(Some(given)) = read(target, &Cell::Text((*text).to_owned()))
            {
                draft.given.push((target.name().to_owned(), given));
            }
        }
    }
}

fn finding(row: &Row<'_>, i: usize, cell: &Cell, code: &str, message: String) -> Finding {
    Finding {
        class: Class::Refused,
        line: row.line,
        column: i as u64 + 1,
        column_name: row.heads.get(i).cloned().unwrap_or_default(),
        code: code.to_owned(),
        message,
        text: quoted(&text(cell)),
    }
}

/// Why a value was not read.
struct Wrong {
    code: &'static str,
    message: String,
}

fn wrong(code: &'static str, message: impl Into<String>) -> Wrong {
    Wrong {
        code,
        message: message.into(),
    }
}

fn read(target: &Target<'_>, cell: &Cell) -> Result<Option<Given>, Wrong> {
    match target {
        Target::Field(field) => field_value(field, cell),
        Target::Envelope(column) => envelope_value(column.name, cell),
    }
}

fn empty(cell: &Cell) -> bool {
    match cell {
        Cell::Absent | Cell::Value(Value::Null) => true,
        Cell::Text(text) | Cell::Value(Value::String(text)) => text.trim().is_empty(),
        Cell::Value(_) => false,
    }
}

fn field_value(field: &FieldDef, cell: &Cell) -> Result<Option<Given>, Wrong> {
    if empty(cell) {
        return Ok(None);
    }
    let value = match (&field.field_type, cell) {
        (FieldType::Reference(_), cell) => {
            return Ok(Some(Given::Reference(text(cell).trim().to_owned())));
        }
        (FieldType::Json, Cell::Value(value)) if !value.is_string() => value.clone(),
        (FieldType::Texts, Cell::Value(Value::Array(items))) => Value::Array(items.clone()),
        (FieldType::Flag, Cell::Value(Value::Bool(b))) => Value::Bool(*b),
        (FieldType::Integer, Cell::Value(Value::Number(n))) if n.is_i64() => n.clone().into(),
        (_, Cell::Value(Value::Array(_) | Value::Object(_))) => {
            return Err(wrong(
                "wrong-type",
                "one value is wanted, not a list or object",
            ));
        }
        (FieldType::Texts, cell) => texts(&text(cell)).unwrap_or_else(|| lines(field, cell)),
        (FieldType::Choice(words), cell) => choice(words, &text(cell))?,
        (FieldType::Code(list), cell) => code(list, &text(cell)),
        (FieldType::Text | FieldType::LongText, cell) => {
            Value::String(text(cell).trim().to_owned())
        }
        (_, cell) => field
            .value_of(&text(cell))
            .map_err(|m| wrong("wrong-type", m))?,
    };
    Ok(Some(Given::Value(value)))
}

/// A list of texts written as JSON, as exports do where lines will not do.
fn texts(text: &str) -> Option<Value> {
    let items: Vec<String> = text
        .trim_start()
        .starts_with('[')
        .then(|| serde_json::from_str(text).ok())??;
    Some(items.into())
}

fn lines(field: &FieldDef, cell: &Cell) -> Value {
    field.value_of(&text(cell)).unwrap_or_default()
}

/// A choice by its word, whatever the case, with spaces for underscores.
fn choice(words: &[String], given: &str) -> Result<Value, Wrong> {
    let plain = |s: &str| s.trim().to_lowercase().replace([' ', '-'], "_");
    let found = words.iter().find(|w| plain(w) == plain(given));
    found.map(|w| Value::String(w.clone())).ok_or_else(|| {
        wrong(
            "unknown-code",
            format!("choose one of {}", words.join(", ")),
        )
    })
}

/// A code of a list, by code or by name; what is neither is left for the check of the record.
fn code(list: &str, given: &str) -> Value {
    let given = given.trim();
    let items = codes::list(list)
        .map(|l| l.items.as_slice())
        .unwrap_or_default();
    let exact = items.iter().find(|i| i.code == given);
    let fits = |i: &&codes::CodeItem| {
        i.code.eq_ignore_ascii_case(given) || i.name.eq_ignore_ascii_case(given)
    };
    let found = exact.or_else(|| items.iter().find(fits));
    Value::String(found.map_or(given, |i| &i.code).to_owned())
}

fn envelope_value(name: &str, cell: &Cell) -> Result<Option<Given>, Wrong> {
    if empty(cell) {
        return Ok(None);
    }
    let plain = text(cell);
    let value = match name {
        "version" => {
            let n = plain
                .trim()
                .parse::<i64>()
                .map_err(|_| wrong("wrong-type", "write a whole number"))?;
            n.into()
        }
        "valid_from" | "valid_to" => known(cell)?,
        "sources" | "label" => structure(name, cell)?,
        _ => Value::String(plain.trim().to_owned()),
    };
    Ok(Some(Given::Value(value)))
}

/// A date as the envelope keeps it.
fn known(cell: &Cell) -> Result<Value, Wrong> {
    let known: Known = match cell {
        Cell::Value(value @ Value::Object(_)) => {
            serde_json::from_value(value.clone()).map_err(|e| wrong("wrong-type", e.to_string()))?
        }
        cell => {
            let text = text(cell);
            match serde_json::from_str::<Known>(&text) {
                Ok(known) => known,
                Err(_) => {
                    text.parse::<When>()
                        .map_err(|e| wrong("wrong-type", e.to_string()))?
                        .0
                }
            }
        }
    };
    serde_json::to_value(known).map_err(|e| wrong("wrong-type", e.to_string()))
}

/// JSON, as itself or as text; a label may also be its marking in words.
fn structure(name: &str, cell: &Cell) -> Result<Value, Wrong> {
    match cell {
        Cell::Value(value) if !value.is_string() => Ok(value.clone()),
        cell => {
            let text = text(cell);
            match serde_json::from_str(&text) {
                Ok(value) => Ok(value),
                Err(_) if name == "label" => Ok(Value::String(text.trim().to_owned())),
                Err(e) => Err(wrong(
                    "wrong-type",
                    format!("write it as JSON; at column {} {e}", e.column()),
                )),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use symbolon_domain::kinds;

    fn draft(kind: &str, columns: &[(&str, &str)], cells: &[Cell]) -> Draft {
        let kind = kinds::by_code(kind).unwrap();
        let mapping = Mapping {
            columns: columns
                .iter()
                .map(|(head, to)| super::super::MappedColumn {
                    head: (*head).into(),
                    to: (*to).into(),
                    clear: *head == "clear",
                })
                .collect(),
            ..Mapping::default()
        };
        let heads: Vec<String> = columns.iter().map(|(h, _)| (*h).to_owned()).collect();
        Reader::new(kind, &mapping).draft(&Row {
            line: 7,
            heads: &heads,
            cells,
        })
    }

    fn t(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    #[test]
    fn an_empty_cell_says_nothing_unless_the_mapping_says_clear() {
        let columns = [("a", "name"), ("b", "region"), ("clear", "note"), ("c", "")];
        let d = draft(
            "partner",
            &columns,
            &[t("Mali"), t(" "), t(""), t("whatever")],
        );
        assert_eq!(d.get("name"), Some(&Given::Value("Mali".into())));
        assert_eq!(d.get("region"), None);
        assert_eq!(d.get("note"), Some(&Given::Clear));
        assert!(d.findings.is_empty());
    }

    #[test]
    fn a_wrong_value_is_dropped_and_a_wrong_key_refuses_the_row() {
        let columns = [
            ("iso", "iso3"),
            ("type", "partner_type"),
            ("from", "valid_from"),
        ];
        let d = draft("partner", &columns, &[t("Atlantis"), t("State"), t("soon")]);
        let got: Vec<_> = d
            .findings
            .iter()
            .map(|f| (f.class, f.column, f.text.as_str()))
            .collect();
        assert_eq!(
            got,
            [(Class::Refused, 1, "Atlantis"), (Class::Refused, 3, "soon")]
        );
        assert_eq!(d.text("partner_type"), Some("state"));
        let gap = kinds::by_code("capability_gap").unwrap();
        let optional = gap
            .fields
            .iter()
            .find(|f| !f.required && f.field_type == FieldType::Integer);
        if let Some(field) = optional {
            let d = draft("capability_gap", &[("n", &field.name)], &[t("many")]);
            assert_eq!(d.findings[0].class, Class::Dropped);
            assert!(!d.refused());
        }
    }

    #[test]
    fn a_member_of_json_that_is_no_field_refuses_the_row() {
        let kind = kinds::by_code("partner").unwrap();
        let mapping = Mapping::guess(kind, &["name".to_owned()]);
        let heads = ["name".to_owned(), "colour".to_owned()];
        let row = Row {
            line: 1,
            heads: &heads,
            cells: &[t("Mali"), Cell::Value("red".into())],
        };
        let d = Reader::new(kind, &mapping).draft(&row);
        assert_eq!(d.findings[0].code, "unknown-field");
        assert!(d.refused());
    }
}
