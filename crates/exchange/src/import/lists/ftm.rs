//! A list as FollowTheMoney entities: one JSON object a line, or a list of them, with `id`, `schema` and
//! `properties`.

use super::{Entry, List, Standing, day, gender};
use crate::guard::{Result, json_rows::JsonRows};
use crate::limits::Limits;
use serde_json::Value;
use std::collections::HashSet;
use std::io::Read;

/// Reads entities that have names; others (addresses, links) are reported.
///
/// # Errors
/// A refusal with line and column where the file is not of the form.
pub fn ftm(input: impl Read, file: &str, limits: &Limits) -> Result<List> {
    let mut rows = JsonRows::new(input, limits);
    let (mut list, mut seen) = (List::default(), HashSet::new());
    while let Some((line, row)) = rows.next_row()? {
        let text = |name: &str| {
            row.get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let mut entry = Entry {
            id: text("id"),
            kind: kind(&text("schema")),
            line,
            ..Entry::default()
        };
        entry.field("schema", &text("schema"));
        let properties = row.get("properties").and_then(Value::as_object);
        for (name, values) in properties.into_iter().flatten() {
            let values = values
                .as_array()
                .map_or(std::slice::from_ref(values), Vec::as_slice);
            for value in values.iter().filter_map(Value::as_str) {
                entry.field(name, value);
                read(&mut entry, name, value);
            }
        }
        entry.names.sort_by_key(|(standing, _)| *standing);
        list.take(&mut seen, file, entry);
    }
    Ok(list)
}

fn kind(schema: &str) -> &'static str {
    match schema {
        "Person" => "person",
        "Organization" | "Company" | "LegalEntity" | "PublicBody" => "organisation",
        "Vessel" => "vessel",
        "Airplane" => "aircraft",
        _ => "unknown",
    }
}

fn read(entry: &mut Entry, name: &str, value: &str) {
    match name {
        "name" => entry.name(Standing::Primary, value),
        "alias" | "previousName" => entry.name(Standing::Alias, value),
        "weakAlias" => entry.name(Standing::Weak, value),
        "birthDate" => entry.born.extend(day(value)),
        "nationality" | "country" | "citizenship" | "jurisdiction" | "flag" => {
            entry.countries.push(value.to_owned())
        }
        "gender" => entry.gender = gender(value),
        "passportNumber" | "idNumber" | "registrationNumber" | "imoNumber" | "mmsi" | "leiCode"
        | "taxNumber" => {
            entry.identifiers.push(value.to_owned());
        }
        _ => {}
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn entities_with_names_are_entries_and_others_are_reported() {
        let text = "{\"id\":\"t-1\",\"schema\":\"Person\",\"properties\":{\"name\":[\"Grigory Orlovtest\"],\"alias\":[\"Grishatest\"],\"birthDate\":[\"1962-05\"],\"passportNumber\":[\"T1\"]}}\n{\"id\":\"t-2\",\"schema\":\"Address\",\"properties\":{\"full\":[\"1 Test Street\"]}}\n";
        let list = ftm(text.as_bytes(), "l.json", Limits::shipped()).unwrap();
        assert_eq!(list.entries.len(), 1);
        assert_eq!(list.entries[0].born, ["1962-05"]);
        assert_eq!(
            (list.doubts[0].line, list.doubts[0].code),
            (2, "list.no-name")
        );
    }
}
