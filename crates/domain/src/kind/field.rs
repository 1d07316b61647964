//! One field of a kind, read from the JSON Schema of its struct.

use serde_json::Value;

/// How a field is stored and shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// One line of text.
    Text,
    /// Text of several lines (`x-type: long-text`).
    LongText,
    /// Several short texts, one a line.
    Texts,
    /// One of a fixed set of words.
    Choice(Vec<String>),
    /// A code of a dated code list (`x-code-list`).
    Code(String),
    /// A whole number.
    Integer,
    /// An amount of money in hundredths, as a decimal string in JSON (`x-type: amount`).
    Amount,
    /// Yes or no.
    Flag,
    /// A day.
    Date,
    /// A date as far as it is known (`x-type: when`): ISO 8601-2 text.
    When,
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
    /// Unit of a number (`x-unit`); empty for none.
    pub unit: String,
    /// The group it stands in on forms (`x-section`); empty: the first.
    pub section: String,
    /// Whether it has a column in lists (`x-list`); where a kind marks none, the first few short ones.
    pub listed: bool,
    /// Compartment of the field (`x-marking`), as `personal` or `source-identity`; empty for none.
    pub marking: String,
    /// Whether a partner's view shows it (`x-partner`, an allow-list: R-12).
    pub partner_visible: bool,
    /// What each choice means, in the order of the choices.
    pub choice_help: Vec<String>,
    /// Smallest and largest whole number.
    pub range: (Option<i64>, Option<i64>),
    /// Most characters of a text.
    pub longest: usize,
}

/// A text field holds at most this many characters unless it says otherwise (security.md section 5).
const LONGEST: usize = 65_536;

/// Reads a field from its schema.
pub(super) fn read(name: &str, schema: &Value, required: bool) -> FieldDef {
    let label = match schema["title"].as_str() {
        Some(title) => title.to_owned(),
        None => sentence(name),
    };
    let longest = schema["maxLength"].as_u64().map_or(LONGEST, |n| n as usize);
    FieldDef {
        name: name.to_owned(),
        label,
        help: text(schema, "description"),
        field_type: field_type(schema),
        required,
        unit: text(schema, "x-unit"),
        section: text(schema, "x-section"),
        listed: schema["x-list"] == true,
        marking: text(schema, "x-marking"),
        partner_visible: schema["x-partner"] == true,
        choice_help: choice_help(schema),
        range: (schema["minimum"].as_i64(), schema["maximum"].as_i64()),
        longest,
    }
}

/// A text member of a schema, on one line; empty where there is none.
pub(super) fn text(schema: &Value, member: &str) -> String {
    schema[member]
        .as_str()
        .unwrap_or_default()
        .replace('\n', " ")
}

/// A code in snake or kebab case as words: `head_of_office` reads "Head of office".
///
/// ```
/// assert_eq!(symbolon_domain::kind::sentence("valid_from"), "Valid from");
/// ```
#[must_use]
pub fn sentence(name: &str) -> String {
    let mut words = name.replace(['_', '-'], " ");
    if let Some(first) = words.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    words
}

/// Words as they stand within a sentence: the first letter small, unless the first word is an abbreviation.
///
/// ```
/// use symbolon_domain::kind::within;
/// assert_eq!(within("Notice to Congress"), "notice to Congress");
/// assert_eq!(within("API token"), "API token");
/// ```
#[must_use]
pub fn within(words: &str) -> String {
    let mut letters = words.chars();
    let (first, second) = (letters.next(), letters.next());
    match first {
        Some(first) if !second.is_some_and(char::is_uppercase) => {
            let rest = &words[first.len_utf8()..];
            first.to_lowercase().chain(rest.chars()).collect()
        }
        _ => words.to_owned(),
    }
}

fn field_type(schema: &Value) -> FieldType {
    if let Some(kind) = schema["x-reference"].as_str() {
        return FieldType::Reference(kind.to_owned());
    }
    if let Some(list) = schema["x-code-list"].as_str() {
        return FieldType::Code(list.to_owned());
    }
    match schema["x-type"].as_str() {
        Some("country") => return FieldType::Country,
        Some("when") => return FieldType::When,
        Some("amount") => return FieldType::Amount,
        Some("long-text") => return FieldType::LongText,
        _ => {}
    }
    match inner(schema) {
        Some(choices) => FieldType::Choice(choices),
        None => plain_type(schema),
    }
}

fn plain_type(schema: &Value) -> FieldType {
    match types(schema).as_slice() {
        ["string"] if schema["format"] == "date" => FieldType::Date,
        ["string"] => FieldType::Text,
        ["integer"] => FieldType::Integer,
        ["boolean"] => FieldType::Flag,
        ["array"] if types(&schema["items"]) == ["string"] && inner(&schema["items"]).is_none() => {
            FieldType::Texts
        }
        // An optional newtype comes as `anyOf: [it, null]`.
        [] => match present(schema) {
            Some(one) => field_type(one),
            None => FieldType::Json,
        },
        _ => FieldType::Json,
    }
}

fn types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(s) => vec![s.as_str()],
        Value::Array(a) => a
            .iter()
            .filter_map(Value::as_str)
            .filter(|t| *t != "null")
            .collect(),
        _ => vec![],
    }
}

/// The one branch of an `anyOf` that is not null.
fn present(schema: &Value) -> Option<&Value> {
    let branches = schema["anyOf"].as_array()?;
    let mut real = branches.iter().filter(|b| b["type"] != "null");
    let first = real.next()?;
    real.next().is_none().then_some(first)
}

/// An enum of unit variants comes as `enum`, or as `oneOf` of constants where variants are documented.
fn inner(schema: &Value) -> Option<Vec<String>> {
    let words = |items: &Vec<Value>, pick: fn(&Value) -> Option<&str>| {
        let known = items.iter().filter(|v| !v.is_null());
        known
            .map(|v| pick(v).map(str::to_owned))
            .collect::<Option<Vec<_>>>()
    };
    if let Some(items) = schema["enum"].as_array() {
        return words(items, Value::as_str);
    }
    words(schema["oneOf"].as_array()?, |v| v["const"].as_str())
}

fn choice_help(schema: &Value) -> Vec<String> {
    let schema = present(schema).unwrap_or(schema);
    let Some(items) = schema["oneOf"].as_array() else {
        return vec![];
    };
    items.iter().map(|v| text(v, "description")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds;

    #[test]
    fn optional_fields_keep_their_type() {
        let of = |kind: &str, field: &str| {
            let kind = kinds::by_code(kind).unwrap();
            kind.field(field).unwrap().field_type.clone()
        };
        assert_eq!(of("source", "published"), FieldType::When);
        assert_eq!(of("initiative", "budget"), FieldType::Amount);
        assert_eq!(
            of("initiative", "gap"),
            FieldType::Reference("capability_gap".into())
        );
        assert_eq!(of("objective", "due"), FieldType::Date);
        assert_eq!(of("capability_gap", "priority"), FieldType::Integer);
        assert_eq!(of("person", "nationality"), FieldType::Country);
        assert_eq!(of("source", "title"), FieldType::Text);
        assert_eq!(of("body", "other_names"), FieldType::Texts);
        assert!(matches!(of("unit_site", "precision"), FieldType::Choice(c) if c.len() == 4));
        // Nothing of the parties and plan kinds is left as bare JSON.
        for kind in kinds::all()
            .iter()
            .filter(|k| ["parties", "plan", "money"].contains(&k.area))
        {
            for field in &kind.fields {
                assert_ne!(
                    field.field_type,
                    FieldType::Json,
                    "{}.{}",
                    kind.code,
                    field.name
                );
            }
        }
    }
}
