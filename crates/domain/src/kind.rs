//! What a kind of record is: one Rust struct, from which everything else is read.
//!
//! The struct derives `Serialize`, `Deserialize` and `JsonSchema`. Its doc comments are the help
//! texts; `#[schemars(title = "...")]` gives the label; `x-` members of the schema carry what JSON
//! Schema has no word for. [`KindDef::of`] reads the schema once; storage, forms, tables, exports and
//! reference pages are made from the result, so nothing about a field is written twice.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// A kind of record.
pub trait Kind: Serialize + DeserializeOwned + JsonSchema {
    /// Code in tables, addresses and the API: snake case, singular.
    const CODE: &'static str;
    /// Name for people, singular.
    const NAME: &'static str;
    /// Area of the thread it belongs to (DESIGN section 4).
    const AREA: &'static str;
    /// Lifecycle states; the first is the one a new record starts in.
    const STATES: &'static [&'static str];
}

/// How a field is stored and shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// Text.
    Text,
    /// One of a fixed set of words.
    Choice(Vec<String>),
    /// A whole number.
    Integer,
    /// Yes or no.
    Flag,
    /// A day.
    Date,
    /// An ISO 3166-1 alpha-3 code.
    Country,
    /// The id of a record of another kind.
    Reference(String),
    /// Anything structured, kept as canonical JSON.
    Json,
}

/// One field of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDef {
    /// Name in tables, the API and exports.
    pub name: String,
    /// Label for people.
    pub label: String,
    /// Help text.
    pub help: String,
    /// Type.
    pub field_type: FieldType,
    /// Whether it must be given.
    pub required: bool,
}

/// A kind, as read from its struct.
#[derive(Clone, Debug)]
pub struct KindDef {
    /// Code.
    pub code: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// Area of the thread.
    pub area: &'static str,
    /// What it is, from the struct's doc comment.
    pub help: String,
    /// States, first one initial.
    pub states: &'static [&'static str],
    /// Fields in the order of the struct.
    pub fields: Vec<FieldDef>,
    /// The JSON Schema of the body.
    pub schema: Value,
    /// Reads a body into the struct and writes it back: checks it and fills in what was left out.
    pub normalise: fn(&Value) -> Result<Value, String>,
}

impl KindDef {
    /// Reads the definition of a kind from its struct.
    #[must_use]
    pub fn of<K: Kind>() -> Self {
        let generator = SchemaSettings::draft2020_12()
            .with(|s| s.inline_subschemas = true)
            .into_generator();
        let schema = generator.into_root_schema_for::<K>().to_value();
        let required: Vec<&str> = schema["required"]
            .as_array()
            .map(|r| r.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default();
        let fields = schema["properties"]
            .as_object()
            .map(|p| {
                p.iter()
                    .map(|(name, s)| field(name, s, required.contains(&name.as_str())))
                    .collect()
            })
            .unwrap_or_default();
        Self {
            code: K::CODE,
            name: K::NAME,
            area: K::AREA,
            help: text(&schema, "description"),
            states: K::STATES,
            fields,
            schema,
            normalise: normalise::<K>,
        }
    }
}

fn normalise<K: Kind>(body: &Value) -> Result<Value, String> {
    let typed = K::deserialize(body).map_err(|e| format!("{}: {e}", K::NAME))?;
    serde_json::to_value(typed).map_err(|e| format!("{}: {e}", K::NAME))
}

fn text(schema: &Value, member: &str) -> String {
    schema[member]
        .as_str()
        .unwrap_or_default()
        .replace('\n', " ")
}

fn field(name: &str, schema: &Value, required: bool) -> FieldDef {
    let label = match schema["title"].as_str() {
        Some(title) => title.to_owned(),
        None => sentence(name),
    };
    FieldDef {
        name: name.to_owned(),
        label,
        help: text(schema, "description"),
        field_type: field_type(schema),
        required,
    }
}

fn sentence(name: &str) -> String {
    let mut words = name.replace('_', " ");
    if let Some(first) = words.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    words
}

fn field_type(schema: &Value) -> FieldType {
    if let Some(kind) = schema["x-reference"].as_str() {
        return FieldType::Reference(kind.to_owned());
    }
    if schema["x-type"] == "country" {
        return FieldType::Country;
    }
    if let Some(choices) = choices(schema) {
        return FieldType::Choice(choices);
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(s) => vec![s.as_str()],
        Value::Array(a) => a
            .iter()
            .filter_map(Value::as_str)
            .filter(|t| *t != "null")
            .collect(),
        _ => vec![],
    };
    match types.as_slice() {
        ["string"] if schema["format"] == "date" => FieldType::Date,
        ["string"] => FieldType::Text,
        ["integer"] => FieldType::Integer,
        ["boolean"] => FieldType::Flag,
        _ => FieldType::Json,
    }
}

/// An enum of unit variants comes as `enum`, or as `oneOf` of constants where variants are documented.
fn choices(schema: &Value) -> Option<Vec<String>> {
    let words = |items: &Vec<Value>, pick: fn(&Value) -> Option<&str>| {
        items
            .iter()
            .map(|v| pick(v).map(str::to_owned))
            .collect::<Option<Vec<_>>>()
    };
    if let Some(items) = schema["enum"].as_array() {
        return words(items, Value::as_str);
    }
    words(schema["oneOf"].as_array()?, |v| v["const"].as_str())
}

#[cfg(test)]
mod tests {
    use crate::kinds;

    #[test]
    fn every_kind_has_help_on_itself_and_on_each_field() {
        for kind in kinds::all() {
            assert!(!kind.help.is_empty(), "{} has no doc comment", kind.code);
            assert!(!kind.states.is_empty(), "{} has no state", kind.code);
            assert!(!kind.fields.is_empty(), "{} has no field", kind.code);
            for field in &kind.fields {
                assert!(
                    !field.help.is_empty(),
                    "{}.{} has no doc comment",
                    kind.code,
                    field.name
                );
            }
        }
    }

    #[test]
    fn kinds_have_different_codes() {
        let mut codes: Vec<_> = kinds::all().iter().map(|k| k.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), kinds::all().len());
    }
}
