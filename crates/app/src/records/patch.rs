//! JSON Merge Patch (RFC 7396): changing some fields of a record and leaving the rest.

use super::Draft;
use serde_json::{Map, Value};

/// Applies a merge patch: a member that is null is taken away, an object is merged, anything else
/// takes the place of what was there.
pub(super) fn merged(target: &Value, patch: &Value) -> Value {
    let Value::Object(changes) = patch else {
        return patch.clone();
    };
    let mut out = match target {
        Value::Object(members) => members.clone(),
        _ => Map::new(),
    };
    for (name, change) in changes {
        if change.is_null() {
            out.remove(name);
        } else {
            let before = out.get(name).unwrap_or(&Value::Null);
            let after = merged(before, change);
            out.insert(name.clone(), after);
        }
    }
    Value::Object(out)
}

impl Draft {
    /// The draft with a merge patch applied to its body.
    #[must_use]
    pub fn patched(mut self, patch: &Value) -> Self {
        self.body = merged(&self.body, patch);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_examples_of_the_standard_hold() {
        // RFC 7396, appendix A.
        for (original, patch, result) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (
                json!({"a": "b"}),
                json!({"b": "c"}),
                json!({"a": "b", "b": "c"}),
            ),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (
                json!({"a": {"b": "c"}}),
                json!({"a": {"b": "d", "c": null}}),
                json!({"a": {"b": "d"}}),
            ),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({"a": "foo"}), json!("bar"), json!("bar")),
            (
                json!({}),
                json!({"a": {"bb": {"ccc": null}}}),
                json!({"a": {"bb": {}}}),
            ),
        ] {
            assert_eq!(merged(&original, &patch), result);
        }
    }
}
