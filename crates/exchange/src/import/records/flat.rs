//! Objects of JSON as named cells: records as the API gives them, or plain objects of fields.

use super::Cell;
use serde_json::{Map, Value};

/// Members of a row. A record of the API has its fields within `body`; they come out beside the others.
pub(super) fn cells(object: Map<String, Value>) -> Vec<(String, Cell)> {
    let mut out = vec![];
    let record = object.get("body").is_some_and(Value::is_object);
    for (name, value) in object {
        match value {
            Value::Object(fields) if record && name == "body" => {
                out.extend(fields.into_iter().map(|(n, v)| (n, cell(v))));
            }
            Value::Object(mut time) if name == "valid" => {
                for end in ["from", "to"] {
                    let known = time.remove(end).unwrap_or(Value::Null);
                    out.push((format!("valid_{end}"), cell(known)));
                }
            }
            value => out.push((name, cell(value))),
        }
    }
    out
}

fn cell(value: Value) -> Cell {
    Cell::Value(value)
}
