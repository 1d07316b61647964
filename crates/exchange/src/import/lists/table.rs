//! A list as a table with a header: our own template, the European Union's, the consolidated screening list,
//! denied persons, or any other with a column of names.

use super::{Entry, List, Standing, day, gender};
use crate::guard::{
    Code, Refusal, Result,
    delimited::{BOM, Delimited, Form},
};
use std::collections::HashSet;
use std::io::Read;

/// What a column says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Number,
    Kind,
    Name,
    Aliases,
    Weak,
    Born,
    Country,
    Gender,
    Identifier,
    Else,
}

/// Most columns of a table.
const COLUMNS: usize = 200;

fn says(head: &str) -> Says {
    let plain: String = head.chars().filter(char::is_ascii_alphanumeric).collect();
    match plain.to_ascii_lowercase().as_str() {
        "id" | "entrynumber" | "entitynumber" | "recordid" | "referencenumber" | "number" => {
            Says::Number
        }
        "schema" | "type" | "kind" => Says::Kind,
        "name" | "fullname" | "names" | "unitname" | "company" | "entity" | "entityname" => {
            Says::Name
        }
        "alias" | "aliases" | "acronym" | "altnames" | "previousname" | "othernames" => {
            Says::Aliases
        }
        "weakalias" | "weakaliases" => Says::Weak,
        "birthdate" | "datesofbirth" | "dateofbirth" | "dob" | "born" => Says::Born,
        "country" | "nationality" | "nationalities" | "citizenships" | "jurisdiction" | "flag"
        | "vesselflag" | "countries" => Says::Country,
        "gender" | "sex" => Says::Gender,
        "ids" | "identifiers" | "registrationnumber" | "leicode" | "imonumber" | "mmsi"
        | "passport" | "identifier" => Says::Identifier,
        _ => Says::Else,
    }
}

fn kind(printed: &str) -> &'static str {
    match printed.trim().to_ascii_lowercase().as_str() {
        "person" | "individual" => "person",
        "organization" | "organisation" | "company" | "legalentity" | "entity" | "publicbody" => {
            "organisation"
        }
        "unit" => "unit",
        "vessel" => "vessel",
        "aircraft" | "airplane" => "aircraft",
        _ => "unknown",
    }
}

/// Reads a table; the first line names the columns, and one of them must be the name. Without a column of
/// numbers an entry's number is made of its name, so that it stays the same from version to version.
///
/// # Errors
/// A refusal with line and column where the file is not of the form.
pub fn table(input: impl Read, file: &str) -> Result<List> {
    let mut bytes = vec![];
    let mut input = input;
    input.read_to_end(&mut bytes)?;
    let bytes = bytes.strip_prefix(&BOM).unwrap_or(&bytes);
    let mut reader = Delimited::new(bytes, Form::of(bytes, 1 << 20));
    let mut heads: Vec<(String, Says)> = vec![];
    if let Some(row) = reader.next(COLUMNS)? {
        heads.extend((0..row.len()).map(|i| (row.cell(i).trim().to_owned(), says(row.cell(i)))));
    }
    if heads.iter().all(|(_, s)| *s != Says::Name) {
        let help = "the first line names the columns, one of them `name`";
        return Err(
            Refusal::new(Code::UnknownFormat, "no column of names", help)
                .at(1, 0)
                .into(),
        );
    }
    let numbered = heads.iter().any(|(_, s)| *s == Says::Number);
    let (mut list, mut seen) = (List::default(), HashSet::new());
    while let Some(row) = reader.next(heads.len())? {
        if row.len() < heads.len() {
            let problem = format!("a row of {} cells where {} are due", row.len(), heads.len());
            list.doubt(file, (row.line, 0), "list.short-row", &problem);
            continue;
        }
        let mut entry = Entry {
            kind: "unknown",
            line: row.line,
            ..Entry::default()
        };
        for (i, (head, says)) in heads.iter().enumerate() {
            let cell = row.cell(i);
            entry.field(head, cell);
            read(&mut entry, *says, cell.trim());
        }
        entry.names.sort_by_key(|(standing, _)| *standing);
        if entry.id.is_empty()
            && let Some((_, name)) = entry.names.first()
        {
            entry.id.clone_from(name);
            if numbered {
                let problem = format!("`{name}` has no number; its name stands in");
                list.doubt(file, (row.line, 0), "list.no-number", &problem);
            }
        }
        put(&mut list, &mut seen, file, entry);
    }
    Ok(list)
}

/// Reads a roster from a table with a header: the names to be screened, one a row, none left out.
///
/// # Errors
/// A refusal with line and column where the file is not of the form.
pub fn roster(input: impl Read) -> Result<Vec<Entry>> {
    let mut bytes = vec![];
    let mut input = input;
    input.read_to_end(&mut bytes)?;
    let bytes = bytes.strip_prefix(&BOM).unwrap_or(&bytes);
    let mut reader = Delimited::new(bytes, Form::of(bytes, 1 << 20));
    let mut rows = vec![];
    while let Some(row) = reader.next(COLUMNS)? {
        rows.push((0..row.len()).map(|i| row.cell(i).to_owned()).collect());
    }
    roster_of(&rows)
}

/// Reads a roster from rows, of which the first names the columns.
///
/// # Errors
/// A refusal where no column holds names, or a row that has cells has no name.
pub fn roster_of(rows: &[Vec<String>]) -> Result<Vec<Entry>> {
    let heads: Vec<Says> = rows
        .first()
        .map_or(vec![], |r| r.iter().map(|h| says(h)).collect());
    if !heads.contains(&Says::Name) {
        let help = "the first row names the columns, one of them `name`";
        return Err(
            Refusal::new(Code::UnknownFormat, "no column of names", help)
                .at(1, 0)
                .into(),
        );
    }
    let mut roster = vec![];
    for (line, row) in (2..).zip(rows.iter().skip(1)) {
        if row.iter().all(|c| c.trim().is_empty()) {
            continue;
        }
        let mut entry = Entry {
            kind: "unknown",
            line,
            ..Entry::default()
        };
        for (says, cell) in heads.iter().zip(row) {
            read(&mut entry, *says, cell.trim());
        }
        if entry.names.is_empty() {
            let help = "every row of a roster has a name; none may be left out";
            return Err(Refusal::new(Code::Ragged, "a row without a name", help)
                .at(line, 0)
                .into());
        }
        roster.push(entry);
    }
    Ok(roster)
}

/// A table may give an entry several rows: one a programme, an address, a regulation.
fn put(list: &mut List, seen: &mut HashSet<String>, file: &str, entry: Entry) {
    let same = |e: &&mut Entry| e.id == entry.id && e.names.first() == entry.names.first();
    if seen.contains(&entry.id)
        && let Some(first) = list.entries.iter_mut().rev().find(same)
    {
        for (name, values) in entry.fields {
            let kept = first.fields.entry(name).or_default();
            values.into_iter().for_each(|v| {
                if !kept.contains(&v) {
                    kept.push(v)
                }
            });
        }
        entry.names.iter().for_each(|(s, n)| first.name(*s, n));
        return;
    }
    if seen.contains(&entry.id) {
        // Another bearer under a number that starts anew in each part of the file.
        let name = entry.names.first().map_or("", |(_, n)| n);
        let id = format!("{} {name}", entry.id);
        return list.take(seen, file, Entry { id, ..entry });
    }
    list.take(seen, file, entry);
}

fn read(entry: &mut Entry, says: Says, cell: &str) {
    let items = || cell.split(';').map(str::trim).filter(|i| !i.is_empty());
    match says {
        Says::Number => entry.id = cell.to_owned(),
        Says::Kind => entry.kind = kind(cell),
        Says::Name => entry.name(Standing::Primary, cell),
        Says::Aliases => items().for_each(|i| entry.name(Standing::Alias, i)),
        Says::Weak => items().for_each(|i| entry.name(Standing::Weak, i)),
        Says::Born => entry.born.extend(items().filter_map(day)),
        Says::Country => entry.countries.extend(items().map(str::to_owned)),
        Says::Gender => entry.gender = gender(cell),
        Says::Identifier => entry.identifiers.extend(items().map(str::to_owned)),
        Says::Else => {}
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_the_union_gives_people_with_aliases_and_dates() {
        let text = "recordId,schema,name,alias,birthDate,country\n1,Person,ORLOVTEST Grigory,Grishatest; Otest,11.8.1960,Ruritania\n1,Organization,OTHERTEST,,,\n";
        let list = table(text.as_bytes(), "eu.csv").unwrap();
        assert_eq!(list.entries.len(), 2);
        assert_eq!(list.entries[0].born, ["1960-08-11"]);
        assert_eq!(list.entries[0].names.len(), 3);
        assert_eq!(list.entries[1].id, "1 OTHERTEST");
    }

    #[test]
    fn denied_persons_with_tabs_and_leading_spaces_are_one_entry_a_name() {
        let text = "\"Name\"\t\"City\"\n\" GRIGORY ORLOVTEST\"\t\"SPRINGTEST\"\n\"GRIGORY ORLOVTEST\"\t\"OTHERTEST\"\n";
        let list = table(text.as_bytes(), "dpl.tsv").unwrap();
        assert_eq!(list.entries.len(), 1);
        assert_eq!(list.entries[0].id, "GRIGORY ORLOVTEST");
        assert_eq!(list.entries[0].fields["City"], ["SPRINGTEST", "OTHERTEST"]);
    }

    #[test]
    fn a_roster_keeps_every_row_and_refuses_one_without_a_name() {
        let list = roster(
            "name,kind,born\nGrigory Orlovtest,person,1962\nGrigory Orlovtest,person,1980\n,,\n"
                .as_bytes(),
        );
        let list = list.unwrap();
        assert_eq!(list.len(), 2);
        assert_eq!(list[1].born, ["1980"]);
        assert!(roster("name,born\n,1962\n".as_bytes()).is_err());
    }

    #[test]
    fn a_table_without_names_is_refused() {
        assert!(table("a,b\n1,2\n".as_bytes(), "x.csv").is_err());
    }
}
