//! What a kind of record is: one Rust struct, from which everything else is read.
//!
//! The struct derives `Serialize`, `Deserialize` and `JsonSchema`. Its doc comments are the help
//! texts; `#[schemars(title = "...")]` gives the label; `x-` members of the schema carry what JSON
//! Schema has no word for ([`FieldDef`] lists them). [`KindDef::of`] reads the schema once; storage,
//! forms, tables, imports, exports and reference pages are made from the result, so nothing about a
//! field is written twice.

mod check;
mod field;
mod lifecycle;
mod order;
mod text;

pub use check::Fault;
pub use field::{FieldDef, FieldType, sentence, within};
pub use lifecycle::{DELETED, Transition};

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
    /// Moves between the states; without any, the state is not moved by hand.
    const TRANSITIONS: &'static [Transition] = &[];
    /// Fields that together tell one record from another, beside the record's partner: the key by
    /// which a file of records finds what it changes. Empty: the code alone.
    const KEY: &'static [&'static str] = &[];
    /// Whether every record of the kind is about a partner.
    const OF_PARTNER: bool = false;
    /// Whether no record of the kind is ever deleted, by anybody; what the law wants gone is redacted by two.
    const PERMANENT: bool = false;

    /// What is wrong between fields, each of which is right alone.
    fn faults(&self) -> Vec<Fault> {
        vec![]
    }
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
    /// Moves between them.
    pub transitions: &'static [Transition],
    /// Natural key; empty: the code.
    pub key: &'static [&'static str],
    /// Whether every record is about a partner.
    pub of_partner: bool,
    /// Whether no record of it is ever deleted.
    pub permanent: bool,
    /// Fields in the order of the struct.
    pub fields: Vec<FieldDef>,
    /// The JSON Schema of the body.
    pub schema: Value,
    /// Reads a body into the struct and writes it back: checks it and fills in what was left out.
    pub normalise: fn(&Value) -> Result<Value, String>,
    /// What is wrong between the fields of a body that can be read.
    pub(crate) faults: fn(&Value) -> Vec<Fault>,
}

impl KindDef {
    /// Reads the definition of a kind from its struct.
    #[must_use]
    pub fn of<K: Kind>() -> Self {
        let generator = SchemaSettings::draft2020_12()
            .with(|s| s.inline_subschemas = true)
            .into_generator();
        let schema = generator.into_root_schema_for::<K>().to_value();
        Self {
            code: K::CODE,
            name: K::NAME,
            area: K::AREA,
            help: field::text(&schema, "description"),
            states: K::STATES,
            transitions: K::TRANSITIONS,
            key: K::KEY,
            of_partner: K::OF_PARTNER,
            permanent: K::PERMANENT,
            fields: fields::<K>(&schema),
            schema,
            normalise: normalise::<K>,
            faults: faults::<K>,
        }
    }

    /// The field of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&FieldDef> {
        self.fields.iter().find(|f| f.name == name)
    }

    /// The field that names a record for people: `name`, `title` or `statement`, else the first text.
    #[must_use]
    pub fn title_field(&self) -> Option<&FieldDef> {
        let named = ["name", "title", "statement"]
            .into_iter()
            .find_map(|n| self.field(n));
        named.or_else(|| {
            let text = |f: &&FieldDef| f.field_type == FieldType::Text;
            self.fields.iter().find(text)
        })
    }

    /// What a record is called: its title field, or its code.
    #[must_use]
    pub fn title_of<'a>(&self, code: &'a str, body: &'a Value) -> &'a str {
        let title = self.title_field().and_then(|f| body[&f.name].as_str());
        title.filter(|t| !t.is_empty()).unwrap_or(code)
    }

    /// Fields with a column in lists: those marked, else the first five that fit one.
    #[must_use]
    pub fn listed(&self) -> Vec<&FieldDef> {
        let marked: Vec<_> = self.fields.iter().filter(|f| f.listed).collect();
        if !marked.is_empty() {
            return marked;
        }
        let short = |f: &&FieldDef| f.fits_a_column();
        self.fields.iter().filter(short).take(5).collect()
    }

    /// The move of this code.
    #[must_use]
    pub fn transition(&self, code: &str) -> Option<&'static Transition> {
        self.transitions.iter().find(|t| t.code == code)
    }

    /// Whether records of the kind may be in a state.
    #[must_use]
    pub fn knows_state(&self, state: &str) -> bool {
        state == DELETED || self.states.contains(&state)
    }

    /// What its human codes begin with: `CG` for `capability_gap`, `UNIT` for `unit`.
    #[must_use]
    pub fn code_prefix(&self) -> String {
        let words: Vec<&str> = self.code.split('_').collect();
        let letters: String = match words.as_slice() {
            [one] => one.chars().take(4).collect(),
            many => many.iter().filter_map(|w| w.chars().next()).collect(),
        };
        letters.to_ascii_uppercase()
    }
}

fn fields<K: Kind>(schema: &Value) -> Vec<FieldDef> {
    let required: Vec<&str> = schema["required"]
        .as_array()
        .map(|r| r.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    order::fields_of::<K>()
        .iter()
        .map(|name| field::read(name, &schema["properties"][name], required.contains(name)))
        .collect()
}

fn normalise<K: Kind>(body: &Value) -> Result<Value, String> {
    let typed = K::deserialize(body).map_err(|e| format!("{}: {e}", K::NAME))?;
    serde_json::to_value(typed).map_err(|e| format!("{}: {e}", K::NAME))
}

fn faults<K: Kind>(body: &Value) -> Vec<Fault> {
    K::deserialize(body).map_or_else(|_| vec![], |typed| typed.faults())
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

    #[test]
    fn the_schema_has_the_fields_of_the_struct() {
        for kind in kinds::all() {
            let mut named: Vec<&str> = kind.fields.iter().map(|f| f.name.as_str()).collect();
            named.sort_unstable();
            let listed = kind.schema["properties"].as_object().unwrap();
            assert_eq!(named, listed.keys().collect::<Vec<_>>(), "{}", kind.code);
        }
    }

    #[test]
    fn lifecycles_name_only_what_exists() {
        for kind in kinds::all() {
            for t in kind.transitions {
                let known = |s: &&str| kind.states.contains(s);
                assert!(known(&t.to), "{}.{}: to {}", kind.code, t.code, t.to);
                assert!(t.from.iter().all(known), "{}.{}", kind.code, t.code);
                for field in t.needs {
                    assert!(kind.field(field).is_some(), "{}: {field}", kind.code);
                }
                assert!(["transition", "approve", "release"].contains(&t.by));
            }
            for state in &kind.states[1..] {
                let reached = kind.transitions.iter().any(|t| t.to == *state);
                let moved = !kind.transitions.is_empty();
                assert!(!moved || reached, "{}: nothing leads to {state}", kind.code);
            }
            for field in kind.key {
                let there = kind.field(field).is_some();
                assert!(there, "{}: key field {field}", kind.code);
            }
        }
    }

    #[test]
    fn references_and_code_lists_exist() {
        use crate::kind::FieldType;
        for kind in kinds::all() {
            for field in &kind.fields {
                match &field.field_type {
                    FieldType::Reference(to) => {
                        assert!(kinds::by_code(to).is_some(), "{}.{}", kind.code, field.name);
                    }
                    FieldType::Code(list) => {
                        assert!(crate::codes::list(list).is_some(), "{}.{list}", kind.code);
                    }
                    _ => {}
                }
            }
        }
    }
}
