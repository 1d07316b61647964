//! Checking the body of a record: every fault at once, each named for its field.

use super::{FieldDef, FieldType, KindDef};
use crate::codes;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value};

/// Something wrong with one field, in words for the person who filled it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The field; empty: the record as a whole.
    pub field: String,
    /// Fixed code: `missing`, `wrong-type`, `unknown-field`, `unknown-code`, `too-long`, `out-of-range`,
    /// `conflict`.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

impl Fault {
    /// A fault of a field.
    #[must_use]
    pub fn new(field: &str, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            field: field.to_owned(),
            code,
            message: message.into(),
        }
    }
}

impl KindDef {
    /// Reads a body: checks each field, then the fields against each other, and fills in what was left
    /// out. Codes must be in force on the day.
    ///
    /// # Errors
    /// Every fault found, in the order of the fields.
    pub fn read(&self, body: &Value, on: Date) -> Result<Value, Vec<Fault>> {
        let Value::Object(given) = body else {
            return Err(vec![Fault::new(
                "",
                "wrong-type",
                "The record is not an object",
            )]);
        };
        let mut faults: Vec<Fault> = given
            .keys()
            .filter(|name| self.field(name).is_none())
            .map(|name| {
                let message = format!("{} has no field `{name}`", self.name);
                Fault::new(name, "unknown-field", message)
            })
            .collect();
        let mut kept = Map::new();
        for field in &self.fields {
            match given.get(&field.name) {
                Some(value) if !blank(value) => {
                    faults.extend(field.fault(value, on));
                    kept.insert(field.name.clone(), value.clone());
                }
                _ if field.required => {
                    let message = format!("{}: this must be given", field.label);
                    faults.push(Fault::new(&field.name, "missing", message));
                }
                _ => {}
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let whole = (self.normalise)(&Value::Object(kept))
            .map_err(|e| vec![Fault::new("", "wrong-type", e)])?;
        let between = (self.faults)(&whole);
        if between.is_empty() {
            Ok(whole)
        } else {
            Err(between)
        }
    }
}

fn blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(s) => s.trim().is_empty(),
        _ => false,
    }
}

impl FieldDef {
    /// What is wrong with a value of this field, if anything.
    fn fault(&self, value: &Value, on: Date) -> Option<Fault> {
        let wrong = |what: &str| {
            let message = format!("{}: {what}", self.label);
            Some(Fault::new(&self.name, "wrong-type", message))
        };
        match (&self.field_type, value) {
            (FieldType::Integer, Value::Number(n)) => self.number_fault(n.as_i64()),
            (FieldType::Integer, _) => wrong("write a whole number"),
            (FieldType::Flag, Value::Bool(_)) | (FieldType::Json, _) => None,
            (FieldType::Flag, _) => wrong("answer yes or no"),
            (FieldType::Texts, Value::Array(items)) => self.texts_fault(items),
            (FieldType::Texts, _) => wrong("give a list of texts"),
            (FieldType::Code(list), Value::String(code)) => self.code_fault(list, code, on),
            (_, Value::String(s)) => self.text_fault(s),
            _ => wrong("write a text"),
        }
    }

    fn number_fault(&self, n: Option<i64>) -> Option<Fault> {
        let at = |code, what: String| {
            let message = format!("{}: {what}", self.label);
            Some(Fault::new(&self.name, code, message))
        };
        let Some(n) = n else {
            return at("wrong-type", "write a whole number".to_owned());
        };
        match self.range {
            (Some(low), _) if n < low => at("out-of-range", format!("{n} is less than {low}")),
            (_, Some(high)) if n > high => at("out-of-range", format!("{n} is more than {high}")),
            _ => None,
        }
    }

    fn texts_fault(&self, items: &[Value]) -> Option<Fault> {
        let text = |v: &Value| v.as_str().is_some_and(|s| s.len() <= self.longest);
        if items.len() <= 10_000 && items.iter().all(text) {
            return None;
        }
        let message = format!(
            "{}: give at most 10,000 texts, each within limits",
            self.label
        );
        Some(Fault::new(&self.name, "wrong-type", message))
    }

    fn code_fault(&self, list: &str, code: &str, on: Date) -> Option<Fault> {
        let list = codes::list(list)?;
        if list.in_force(code, on) {
            return None;
        }
        let message = format!(
            "{}: `{code}` is not in the list *{}* on {on}",
            self.label, list.name
        );
        Some(Fault::new(&self.name, "unknown-code", message))
    }

    fn text_fault(&self, s: &str) -> Option<Fault> {
        let at = |code, what: String| {
            let message = format!("{}: {what}", self.label);
            Some(Fault::new(&self.name, code, message))
        };
        if s.chars().count() > self.longest {
            return at("too-long", format!("at most {} characters", self.longest));
        }
        if s.contains('\0') {
            return at("wrong-type", "a NUL character is not text".to_owned());
        }
        match self.value_of(s) {
            Ok(_) => None,
            Err(what) => at("wrong-type", what),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::kinds;
    use jiff::civil::date;
    use serde_json::json;

    fn codes(kind: &str, body: serde_json::Value) -> Vec<(String, &'static str)> {
        let kind = kinds::by_code(kind).unwrap();
        match kind.read(&body, date(2026, 1, 1)) {
            Ok(_) => vec![],
            Err(faults) => faults.into_iter().map(|f| (f.field, f.code)).collect(),
        }
    }

    #[test]
    fn every_fault_is_named_at_once() {
        let found = codes(
            "capability_gap",
            json!({"title": " ", "domain": "nonsense", "priority": 0, "colour": "red"}),
        );
        for wanted in [
            ("colour", "unknown-field"),
            ("title", "missing"),
            ("domain", "unknown-code"),
            ("priority", "out-of-range"),
        ] {
            assert!(
                found.contains(&(wanted.0.to_owned(), wanted.1)),
                "{wanted:?} in {found:?}"
            );
        }
    }

    #[test]
    fn what_is_left_out_is_filled_in() {
        let kind = kinds::by_code("source").unwrap();
        let body = json!({"title": "Report", "publisher": "Office", "licence": "public domain"});
        let whole = kind.read(&body, date(2026, 1, 1)).unwrap();
        assert_eq!(whole["url"], "");
    }
}
