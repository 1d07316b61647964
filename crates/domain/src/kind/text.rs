//! Values as people write them in forms and sheets, and back.

use super::{FieldDef, FieldType};
use crate::{country::Iso3, money::Amount, record::RecordId, when::When};
use jiff::civil::Date;
use serde_json::Value;

impl FieldDef {
    /// Whether its values fit a column of a list.
    #[must_use]
    pub fn fits_a_column(&self) -> bool {
        !matches!(
            self.field_type,
            FieldType::Json | FieldType::Reference(_) | FieldType::LongText | FieldType::Texts
        ) && !self.name.ends_with("sha256")
    }

    /// The value a text stands for; nothing for an empty text. References take ids here: whoever knows
    /// the records turns codes into ids before.
    ///
    /// # Errors
    /// What is wrong and what to write instead.
    pub fn value_of(&self, text: &str) -> Result<Value, String> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Value::Null);
        }
        let plain = || Ok(Value::String(text.to_owned()));
        match &self.field_type {
            FieldType::Text | FieldType::LongText | FieldType::Code(_) => plain(),
            FieldType::Choice(words) if words.iter().any(|w| w == text) => plain(),
            FieldType::Choice(words) => Err(format!("choose one of {}", words.join(", "))),
            FieldType::Integer => text
                .replace([',', ' '], "")
                .parse::<i64>()
                .map(Value::from)
                .map_err(|_| "write a whole number".to_owned()),
            FieldType::Flag => flag(text),
            FieldType::Texts => Ok(lines(text)),
            FieldType::Date => text
                .parse::<Date>()
                .map(|d| Value::String(d.to_string()))
                .map_err(|_| "write the day as 2026-03-31".to_owned()),
            FieldType::When => as_text(text.parse::<When>()),
            FieldType::Amount => as_text(text.parse::<Amount>()),
            FieldType::Country => as_text(text.to_ascii_uppercase().parse::<Iso3>()),
            FieldType::Reference(kind) => text
                .parse::<RecordId>()
                .map(|id| Value::String(id.to_string()))
                .map_err(|_| {
                    format!(
                        "`{text}` is the id or code of no {}",
                        kind.replace('_', " ")
                    )
                }),
            FieldType::Json => serde_json::from_str(text)
                .map_err(|e| format!("write it as JSON; at column {} {e}", e.column())),
        }
    }

    /// The text of a value, as [`FieldDef::value_of`] reads it.
    #[must_use]
    pub fn text_of(&self, value: &Value) -> String {
        match value {
            Value::Null => String::new(),
            // Text, flags and lists inside JSON stay JSON: `""` and `true` must come back as they are.
            value if matches!(self.field_type, FieldType::Json) => value.to_string(),
            Value::String(s) => s.clone(),
            Value::Bool(true) => "yes".to_owned(),
            Value::Bool(false) => "no".to_owned(),
            Value::Array(items) if self.field_type == FieldType::Texts => {
                let texts = items.iter().filter_map(Value::as_str);
                texts.collect::<Vec<_>>().join("\n")
            }
            other => other.to_string(),
        }
    }
}

fn as_text<T: std::fmt::Display, E: std::fmt::Display>(
    read: Result<T, E>,
) -> Result<Value, String> {
    read.map(|v| Value::String(v.to_string()))
        .map_err(|e| e.to_string())
}

fn flag(text: &str) -> Result<Value, String> {
    match text.to_lowercase().as_str() {
        "yes" | "true" | "1" | "on" => Ok(Value::Bool(true)),
        "no" | "false" | "0" | "off" => Ok(Value::Bool(false)),
        _ => Err("answer yes or no".to_owned()),
    }
}

fn lines(text: &str) -> Value {
    let items = text.lines().map(str::trim).filter(|l| !l.is_empty());
    items.map(|l| Value::String(l.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use crate::kinds;
    use proptest::prelude::*;

    /// Any line, and what each type of field would take.
    fn text() -> impl Strategy<Value = String> {
        const TAKEN: &[&str] = &[
            "\"\"",
            "true",
            "null",
            "[1, \"a\"]",
            "{\"a\": null}",
            "\"no\"",
            "yes",
            "off",
            "-0",
            "1,000",
            "2026-03",
            "about 2019",
            "10.50 USD",
            "sen",
            " a \n\n b ",
            "\u{feff}",
        ];
        prop_oneof![
            ".{0,30}",
            proptest::sample::select(TAKEN).prop_map(str::to_owned)
        ]
    }

    proptest! {
        /// Whatever a form takes, it shows again, and takes again alike.
        #[test]
        fn values_survive_text(text in text()) {
            for kind in kinds::all() {
                for field in &kind.fields {
                    if let Ok(value) = field.value_of(&text) {
                        prop_assert_eq!(field.value_of(&field.text_of(&value)), Ok(value));
                    }
                }
            }
        }
    }
}
