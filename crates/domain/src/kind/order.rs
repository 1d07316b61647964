//! The fields of a struct in the order they stand in the source.
//!
//! A JSON Schema lists properties by name. The order comes from what the derived `Deserialize` asks
//! for: it names its fields, in order, before it reads a byte.

use serde::de::{self, DeserializeOwned, Deserializer, Visitor};
use std::fmt;

/// Field names of a struct, in the order of its definition; empty where it is no struct.
pub(super) fn fields_of<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    // Reading stops at once: the names are all that is wanted.
    drop(T::deserialize(Asked(&mut names)));
    names
}

struct Asked<'a>(&'a mut &'static [&'static str]);

#[derive(Debug)]
struct Stop;

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("only the names of the fields were asked for")
    }
}

impl std::error::Error for Stop {}

impl de::Error for Stop {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl<'de> Deserializer<'de> for Asked<'_> {
    type Error = Stop;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Stop> {
        Err(Stop)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Stop> {
        *self.0 = fields;
        Err(Stop)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    #[allow(dead_code)]
    struct Shipment {
        vessel: String,
        arrived: String,
        lines: Vec<i64>,
    }

    #[test]
    fn fields_come_in_the_order_of_the_struct() {
        assert_eq!(fields_of::<Shipment>(), ["vessel", "arrived", "lines"]);
        assert!(fields_of::<String>().is_empty());
    }
}
