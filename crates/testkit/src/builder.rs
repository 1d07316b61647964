//! Bodies of any kind, built from its definition: every field filled with something that fits.

use symbolon_domain::{
    codes,
    kind::{FieldDef, FieldType, KindDef},
    kinds,
    label::{MarkingPolicy, Markings},
    record::RecordId,
};

/// The id of the `n`th built record of a kind.
#[must_use]
pub fn id(kind: &str, n: usize) -> RecordId {
    RecordId::named(kind, &code(kind, n))
}

/// Its code.
#[must_use]
pub fn code(kind: &str, n: usize) -> String {
    let prefix = kinds::by_code(kind).map_or_else(String::new, KindDef::code_prefix);
    format!("{prefix}-{n}")
}

/// The body of the `n`th record of a kind, with every field filled. References lead to the `n`th
/// record of the kind they refer to; a kind that refers to itself twice gets two different ones, and a
/// record refers to one of its own kind only where there is an earlier one.
#[must_use]
pub fn body(kind: &KindDef, n: usize) -> serde_json::Value {
    let mut seen: Vec<&str> = vec![];
    let mut body = serde_json::Map::new();
    for (i, field) in kind.fields.iter().enumerate() {
        if let FieldType::Reference(to) = &field.field_type {
            let times = seen.iter().filter(|k| *k == to).count();
            seen.push(to);
            match (to == kind.code, n) {
                (true, 0) => {}
                (true, n) => {
                    drop(body.insert(field.name.clone(), id(to, n - 1).to_string().into()))
                }
                (false, n) => {
                    let n = if times == 0 { n } else { (n + times) % 2 };
                    body.insert(field.name.clone(), id(to, n).to_string().into());
                }
            }
            continue;
        }
        body.insert(field.name.clone(), value(field, n, i));
    }
    body.into()
}

fn value(field: &FieldDef, n: usize, i: usize) -> serde_json::Value {
    match &field.field_type {
        FieldType::Choice(words) => words[n % words.len()].clone().into(),
        FieldType::Code(list) => {
            let items = codes::list(list).map(|l| &l.items);
            let in_use = items.into_iter().flatten().filter(|i| i.to.is_none());
            let codes: Vec<&str> = in_use.map(|i| i.code.as_str()).collect();
            codes[n % codes.len()].into()
        }
        FieldType::Integer => field.range.0.map_or(n as i64, |low| low + n as i64).into(),
        FieldType::Amount => format!("{}.50", 1000 + n).into(),
        FieldType::Flag => n.is_multiple_of(2).into(),
        // Days run on with the fields: the dates of a fund stand in their order.
        FieldType::Date | FieldType::When => {
            format!("2026-{:02}-{:02}", 1 + n % 12, 1 + i % 28).into()
        }
        FieldType::Country => ["NGA", "MLI"][n % 2].into(),
        FieldType::Texts => serde_json::json!([format!("{} {n}", field.label), "second"]),
        FieldType::Json | FieldType::Reference(_) => serde_json::Value::Null,
        FieldType::Text if field.name == "policy" => marking().code.clone().into(),
        FieldType::Text if field.name == "level" => marking().levels[0].code.clone().into(),
        FieldType::Text | FieldType::LongText => words(field, n).into(),
    }
}

/// The field's label and the number; the number alone, with zeros, where both would be too long.
fn words(field: &FieldDef, n: usize) -> String {
    let whole = format!("{} {n}", field.label);
    if whole.chars().count() <= field.longest {
        return whole;
    }
    format!("{n:0width$}", width = field.longest.min(3))
}

/// The first marking policy there is.
fn marking() -> &'static MarkingPolicy {
    &Markings::shipped().all()[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_body_fits_its_kind() {
        let day = jiff::civil::date(2026, 6, 1);
        for kind in kinds::all()
            .iter()
            .filter(|k| !["exchange", "administration"].contains(&k.area))
        {
            for n in 0..4 {
                let read = kind.read(&body(kind, n), day);
                assert!(read.is_ok(), "{}: {:?}", kind.code, read.unwrap_err());
            }
        }
    }
}
