//! JSON behind a guard: depth, texts, lists, no member twice, no NUL, no number that cannot be kept.

use super::{Code, Refusal};
use crate::limits::Limits;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::cell::Cell;
use std::fmt;

/// Whole numbers are exact in every reader up to here.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Reads one JSON value.
///
/// # Errors
/// A refusal with line and column.
pub fn value(bytes: &[u8], limits: &Limits) -> Result<Value, Refusal> {
    let bytes = bytes.strip_prefix(&super::delimited::BOM).unwrap_or(bytes);
    if bytes.len() as u64 > limits.json_body {
        let problem = format!("more than {} bytes of JSON", limits.json_body);
        return Err(Refusal::new(Code::TooLarge, problem, "send it in parts"));
    }
    let text = std::str::from_utf8(bytes).map_err(|e| not_utf8(bytes, e.valid_up_to()))?;
    let found = Cell::new(None);
    let seed = Seed {
        limits,
        depth: 0,
        found: &found,
    };
    let mut reader = serde_json::Deserializer::from_str(text);
    // The guard has its own limit of depth, which is lower than the one of the parser (128).
    let read = seed
        .deserialize(&mut reader)
        .and_then(|v| reader.end().map(|()| v));
    read.map_err(|e| refusal(found.get(), &e))
}

fn not_utf8(bytes: &[u8], at: usize) -> Refusal {
    let before = &bytes[..at];
    let line = memchr::memchr_iter(b'\n', before).count() as u64 + 1;
    let column = at - memchr::memrchr(b'\n', before).map_or(0, |i| i + 1) + 1;
    let problem = format!("byte 0x{:02X} is not UTF-8", bytes[at]);
    Refusal::new(Code::NotUtf8, problem, "send the text as UTF-8").at(line, column as u64)
}

fn refusal(found: Option<Code>, error: &serde_json::Error) -> Refusal {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    let code = found.unwrap_or(match text {
        "recursion limit exceeded" => Code::TooDeep,
        "number out of range" => Code::NumberTooLarge,
        _ => Code::BadJson,
    });
    let help = match code {
        Code::BadJson => "check the place for a missing quote, comma or bracket",
        Code::DuplicateKey => "name each member once",
        Code::NumberTooLarge => "write it as a text",
        _ => "keep within the limit",
    };
    let place = (error.line() as u64, error.column() as u64);
    Refusal::new(code, super::quoted(text), help).at(place.0, place.1)
}

/// Builds a value and checks it while it is built.
#[derive(Clone, Copy)]
struct Seed<'a> {
    limits: &'a Limits,
    depth: u64,
    found: &'a Cell<Option<Code>>,
}

impl<'a> Seed<'a> {
    fn refuse<E: Error>(self, code: Code, what: &str) -> E {
        self.found.set(Some(code));
        E::custom(what)
    }

    fn deeper<E: Error>(self) -> Result<Seed<'a>, E> {
        let depth = self.depth + 1;
        if depth > self.limits.json_depth {
            let what = format!("nested deeper than {} levels", self.limits.json_depth);
            return Err(self.refuse(Code::TooDeep, &what));
        }
        Ok(Self { depth, ..self })
    }

    fn text<E: Error>(self, text: &str) -> Result<(), E> {
        if text.len() as u64 > self.limits.string {
            let what = format!("a text longer than {} bytes", self.limits.string);
            return Err(self.refuse(Code::TooLong, &what));
        }
        if text.contains('\0') {
            return Err(self.refuse(Code::Nul, "a NUL character"));
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, b: bool) -> Result<Value, E> {
        Ok(b.into())
    }

    fn visit_i64<E: Error>(self, n: i64) -> Result<Value, E> {
        Ok(n.into())
    }

    fn visit_u64<E: Error>(self, n: u64) -> Result<Value, E> {
        Ok(n.into())
    }

    fn visit_f64<E: Error>(self, n: f64) -> Result<Value, E> {
        if n.fract() == 0.0 && n.abs() > EXACT {
            return Err(self.refuse(Code::NumberTooLarge, "a number that cannot be kept exactly"));
        }
        Number::from_f64(n)
            .map(Value::Number)
            .ok_or_else(|| self.refuse(Code::NumberTooLarge, "a number without value"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        self.text(text)?;
        Ok(text.into())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
        self.text(&text)?;
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut list = vec![];
        while let Some(item) = items.next_element_seed(inner)? {
            if list.len() as u64 == self.limits.array {
                let what = format!("a list of more than {} items", self.limits.array);
                return Err(self.refuse(Code::TooMany, &what));
            }
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut map = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            self.text(&name)?;
            if map.contains_key(&name) {
                let what = format!("`{}` stands twice", super::quoted(&name));
                return Err(self.refuse(Code::DuplicateKey, &what));
            }
            if map.len() as u64 == self.limits.array {
                let what = format!("an object of more than {} members", self.limits.array);
                return Err(self.refuse(Code::TooMany, &what));
            }
            map.insert(name, members.next_value_seed(inner)?);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn code(text: &str) -> Option<Code> {
        value(text.as_bytes(), Limits::shipped())
            .err()
            .map(|r| r.code)
    }

    #[test]
    fn values_come_through_as_they_are() {
        let text = "\u{feff} {\"a\": [1, -2, 0.5, true, null, \"\\u00e9\\n\"], \"b\": {}}\n";
        let got = value(text.as_bytes(), Limits::shipped()).unwrap();
        assert_eq!(got, json!({"a": [1, -2, 0.5, true, null, "é\n"], "b": {}}));
    }

    #[test]
    fn what_two_readers_would_read_differently_is_refused() {
        assert_eq!(code(r#"{"a":1,"a":2}"#), Some(Code::DuplicateKey));
        assert_eq!(
            code(r#"{"a":{"b":1,"\u0062":2}}"#),
            Some(Code::DuplicateKey)
        );
        assert_eq!(
            code("123456789012345678901234567890"),
            Some(Code::NumberTooLarge)
        );
        assert_eq!(code("1e999"), Some(Code::NumberTooLarge));
        assert_eq!(code(r#""\u0000""#), Some(Code::Nul));
        for text in [
            "",
            "{",
            "[1,]",
            "{} {}",
            "nul",
            "'a'",
            "\"\u{1}\"",
            "01",
            "NaN",
        ] {
            assert_eq!(code(text), Some(Code::BadJson), "{text}");
        }
        let bad = value(b"[\n \"\xff\"]", Limits::shipped()).unwrap_err();
        assert_eq!((bad.code, bad.line, bad.column), (Code::NotUtf8, 2, 3));
    }

    #[test]
    fn each_limit_holds_at_its_last_value_and_not_beyond() {
        let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert_eq!(code(&nested(64)), None);
        assert_eq!(code(&nested(65)), Some(Code::TooDeep));
        assert_eq!(code(&nested(100_000)), Some(Code::TooDeep));
        let text = |n: usize| format!("\"{}\"", "x".repeat(n));
        assert_eq!(code(&text(65_536)), None);
        assert_eq!(code(&text(65_537)), Some(Code::TooLong));
        let list = |n: usize| format!("[{}]", vec!["1"; n].join(","));
        assert_eq!(code(&list(10_000)), None);
        assert_eq!(code(&list(10_001)), Some(Code::TooMany));
        let body = |n: usize| format!("{}1", " ".repeat(n - 1));
        assert_eq!(code(&body(1_048_576)), None);
        assert_eq!(code(&body(1_048_577)), Some(Code::TooLarge));
    }
}
