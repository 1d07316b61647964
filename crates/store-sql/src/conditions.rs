//! Questions as SQL: which rows a viewer may see, and the tests of a query.

use crate::schema::ENVELOPE;
use symbolon_access::{FieldView, RowFilter};
use symbolon_domain::kind::{DELETED, FieldDef, FieldType, KindDef};
use symbolon_store::{
    Result, StoreError,
    query::{RecordQuery, Test, Value},
};

/// A `WHERE` with its arguments.
#[derive(Default)]
pub(crate) struct Where {
    parts: Vec<String>,
    pub(crate) args: Vec<Value>,
}

impl Where {
    pub(crate) fn arg(&mut self, value: Value) -> String {
        self.args.push(value);
        format!("${}", self.args.len())
    }

    /// One test on a column, whose name the caller has checked.
    pub(crate) fn test(&mut self, column: &str, test: &Test) {
        let part = match test {
            Test::Is(value) => format!("{column} = {}", self.arg(value.clone())),
            Test::AtLeast(n) => format!("{column} >= {}", self.arg(Value::Int(*n))),
            Test::AtMost(n) => format!("{column} <= {}", self.arg(Value::Int(*n))),
            Test::Missing => format!("{column} IS NULL"),
            Test::OneOf(numbers) if numbers.is_empty() => "1 = 0".to_owned(),
            Test::OneOf(numbers) => {
                let list: Vec<String> = numbers.iter().map(i64::to_string).collect();
                format!("{column} IN ({})", list.join(","))
            }
            Test::Among(texts) if texts.is_empty() => "1 = 0".to_owned(),
            Test::Among(texts) => {
                let marks: Vec<String> = texts
                    .iter()
                    .map(|t| self.arg(Value::Text(t.clone())))
                    .collect();
                format!("{column} IN ({})", marks.join(","))
            }
            Test::From(text) => format!("{column} >= {}", self.arg(Value::Text(text.clone()))),
            Test::UpTo(text) => format!("{column} <= {}", self.arg(Value::Text(text.clone()))),
            Test::Holds(text) => self.holds(column, text),
            Test::Begins(text) => {
                let from = self.arg(Value::Text(text.clone()));
                let to = self.arg(Value::Text(format!("{text}\u{10ffff}")));
                format!("({column} >= {from} AND {column} < {to})")
            }
        };
        self.parts.push(part);
    }

    /// The text stands somewhere in the column, whatever the case of its letters.
    fn holds(&mut self, column: &str, text: &str) -> String {
        let escaped = text
            .to_lowercase()
            .replace('!', "!!")
            .replace('%', "!%")
            .replace('_', "!_");
        let pattern = self.arg(Value::Text(format!("%{escaped}%")));
        format!("lower({column}) LIKE {pattern} ESCAPE '!'")
    }

    /// Rows that held true on a day; half-open, as everywhere.
    fn held_on(&mut self, day: jiff::civil::Date) {
        let from = self.arg(Value::Text(day.to_string()));
        self.parts
            .push(format!("(valid_from IS NULL OR valid_from <= {from})"));
        let to = self.arg(Value::Text(day.to_string()));
        self.parts
            .push(format!("(valid_to IS NULL OR valid_to > {to})"));
    }

    /// A part without arguments.
    pub(crate) fn plain(&mut self, part: String) {
        self.parts.push(part);
    }

    pub(crate) fn sql(&self) -> String {
        if self.parts.is_empty() {
            String::new()
        } else {
            format!(" WHERE {}", self.parts.join(" AND "))
        }
    }
}

/// A column of a kind, quoted; refused where the kind has none of that name.
pub(crate) fn column(kind: &KindDef, name: &str) -> Result<String> {
    let known =
        ENVELOPE.iter().any(|(n, _)| *n == name) || kind.fields.iter().any(|f| f.name == name);
    if known {
        Ok(format!("\"{name}\""))
    } else {
        Err(no_field(kind, name))
    }
}

/// Refuses to test or sort by a field that the viewer does not see, in the words for one that is not
/// there.
pub(crate) fn asks_only_what_shows(
    kind: &KindDef,
    fields: FieldView,
    query: &RecordQuery,
) -> Result<()> {
    let tested = query.tests.iter().map(|(name, _)| name);
    let sorted = query.order.iter().map(|(name, _)| name);
    for name in tested.chain(sorted) {
        if kind.field(name).is_some_and(|f| !fields.shows(f)) {
            return Err(no_field(kind, name));
        }
    }
    Ok(())
}

fn no_field(kind: &KindDef, name: &str) -> StoreError {
    StoreError::Invalid(format!("`{name}` is no field of {}", kind.code))
}

/// Whether the search box of a list looks into a field.
fn searched(field: &FieldDef) -> bool {
    matches!(
        field.field_type,
        FieldType::Text | FieldType::LongText | FieldType::Texts | FieldType::Code(_)
    )
}

/// Whether a query names the records it is after, or what they refer to, or walks along their ids: an index finds
/// them.
fn points(kind: &KindDef, query: &RecordQuery) -> bool {
    let by_id = query.order.as_ref().is_some_and(|(name, _)| name == "id");
    by_id
        || query.tests.iter().any(|(name, test)| {
            let refers = |f: &FieldDef| matches!(f.field_type, FieldType::Reference(_));
            matches!(test, Test::Is(_) | Test::Among(_))
                && (name == "id" || name == "code" || kind.field(name).is_some_and(refers))
        })
}

/// Conditions of a record query.
pub(crate) fn conditions(
    kind: &KindDef,
    filter: &RowFilter,
    fields: FieldView,
    query: &RecordQuery,
) -> Result<Where> {
    let mut conditions = Where::default();
    if points(kind, query) {
        conditions.visible_of_few(filter);
    } else {
        conditions.visible(filter);
    }
    for (name, test) in &query.tests {
        conditions.test(&column(kind, name)?, test);
    }
    for word in &query.words {
        let texts = kind
            .fields
            .iter()
            .filter(|f| searched(f) && fields.shows(f));
        let mut columns = vec!["code".to_owned()];
        columns.extend(texts.map(|f| format!("\"{}\"", f.name)));
        let ways: Vec<String> = columns.iter().map(|c| conditions.holds(c, word)).collect();
        conditions.parts.push(format!("({})", ways.join(" OR ")));
    }
    if let Some(day) = query.as_of {
        conditions.held_on(day);
    }
    // Whoever asks for one record by its id is shown that it was deleted.
    let by_id = query.tests.iter().any(|(name, _)| name == "id");
    if !query.deleted && !by_id {
        conditions.plain(format!("state <> '{DELETED}'"));
    }
    Ok(conditions)
}
