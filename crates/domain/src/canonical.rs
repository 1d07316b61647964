//! Canonical JSON (RFC 8785), the one byte form that is hashed and signed.
//!
//! Only what the scheme can carry without loss is accepted: no floating-point numbers, since two
//! machines may print them differently. Amounts are integers of minor units or decimal strings.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// A value that has no canonical form.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum CanonicalError {
    /// A number with a fraction or outside 64 bits.
    #[error("the number `{0}` has no canonical form; use an integer or a decimal string")]
    Number(String),
    /// The value could not be turned into JSON at all.
    #[error("the value is not JSON: {0}")]
    NotJson(String),
}

/// The canonical bytes of any serialisable value.
///
/// ```
/// let bytes = symbolon_domain::canonical::to_vec(&serde_json::json!({"b": 1, "a": "é"})).unwrap();
/// assert_eq!(bytes, "{\"a\":\"é\",\"b\":1}".as_bytes());
/// ```
pub fn to_vec<T: Serialize>(value: &T) -> Result<Vec<u8>, CanonicalError> {
    let value = serde_json::to_value(value).map_err(|e| CanonicalError::NotJson(e.to_string()))?;
    let mut out = Vec::with_capacity(256);
    write(&value, &mut out)?;
    Ok(out)
}

/// `SHA-256(salt || canonical(value))`: what an entry keeps of a row or a body (security.md section 3).
pub fn salted_hash<T: Serialize>(salt: &Hash, value: &T) -> Result<Hash, CanonicalError> {
    let bytes = to_vec(value)?;
    Ok(Sha256::new()
        .chain_update(salt)
        .chain_update(bytes)
        .finalize()
        .into())
}

fn write(value: &Value, out: &mut Vec<u8>) -> Result<(), CanonicalError> {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(b) => out.extend_from_slice(if *b { b"true" } else { b"false" }),
        Value::Number(n) if n.is_i64() || n.is_u64() => {
            out.extend_from_slice(n.to_string().as_bytes());
        }
        Value::Number(n) => return Err(CanonicalError::Number(n.to_string())),
        Value::String(s) => write_string(s, out),
        Value::Array(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write(item, out)?;
            }
            out.push(b']');
        }
        Value::Object(map) => {
            // RFC 8785 section 3.2.3: members sorted by UTF-16 code units of their names.
            let mut members: Vec<_> = map.iter().collect();
            members.sort_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16()));
            out.push(b'{');
            for (i, (name, member)) in members.into_iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write_string(name, out);
                out.push(b':');
                write(member, out)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}

fn write_string(s: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for c in s.chars() {
        match c {
            '"' => out.extend_from_slice(b"\\\""),
            '\\' => out.extend_from_slice(b"\\\\"),
            '\u{8}' => out.extend_from_slice(b"\\b"),
            '\t' => out.extend_from_slice(b"\\t"),
            '\n' => out.extend_from_slice(b"\\n"),
            '\u{c}' => out.extend_from_slice(b"\\f"),
            '\r' => out.extend_from_slice(b"\\r"),
            c if (c as u32) < 0x20 => {
                out.extend_from_slice(format!("\\u{:04x}", c as u32).as_bytes());
            }
            c => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn members_are_sorted_and_control_characters_escaped() {
        let bytes = to_vec(&json!({"z": [1, null, true], "a": "x\u{1}\n\"\\"})).unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "{\"a\":\"x\\u0001\\n\\\"\\\\\",\"z\":[1,null,true]}"
        );
    }

    #[test]
    fn fractions_are_refused() {
        assert_eq!(
            to_vec(&json!(1.5)),
            Err(CanonicalError::Number("1.5".to_owned()))
        );
    }

    #[test]
    fn the_salt_changes_the_hash() {
        let row = json!({"a": 1});
        assert_ne!(salted_hash(&[0; 32], &row), salted_hash(&[1; 32], &row));
    }
}
