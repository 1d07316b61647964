//! Lists of the Office of Foreign Assets Control in its delimited form: primary names, alternate names,
//! addresses, and remarks that go on in another file. No header; `-0-` means nothing.

use super::{Entry, List, Standing, day, gender};
use crate::guard::{
    Result,
    delimited::{Delimited, Form},
};
use std::collections::{HashMap, HashSet};
use std::io::Read;

/// What a file of the list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Primary names: `sdn.csv`, `cons_prim.csv`.
    Names,
    /// Alternate names: `alt.csv`, `cons_alt.csv`.
    Alternates,
    /// Addresses: `add.csv`, `cons_add.csv`.
    Addresses,
    /// The rest of long remarks: `sdn_comments.csv`, `cons_comments.csv`.
    Remarks,
}

impl Part {
    /// What a file of this name holds; nothing where the name is none of theirs.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "sdn.csv" | "cons_prim.csv" => Some(Self::Names),
            "alt.csv" | "cons_alt.csv" => Some(Self::Alternates),
            "add.csv" | "cons_add.csv" => Some(Self::Addresses),
            "sdn_comments.csv" | "cons_comments.csv" => Some(Self::Remarks),
            _ => None,
        }
    }

    /// Columns after the entry's number.
    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Names => &[
                "name",
                "type",
                "program",
                "title",
                "call_sign",
                "vess_type",
                "tonnage",
                "grt",
                "vess_flag",
                "vess_owner",
                "remarks",
            ],
            Self::Alternates => &["alt_num", "alt_type", "alt_name", "alt_remarks"],
            Self::Addresses => &[
                "add_num",
                "address",
                "city_state_zip",
                "country",
                "add_remarks",
            ],
            Self::Remarks => &["remarks"],
        }
    }
}

/// What is known while the files are read.
#[derive(Default)]
struct Building {
    list: List,
    by_number: HashMap<String, usize>,
    seen: HashSet<String>,
}

/// Reads the files of one version: primary names first.
///
/// # Errors
/// A refusal with file, line and column where a file is not of the form. Rows that are of the form and make
/// no sense are doubts.
pub fn ofac<'a>(
    files: impl IntoIterator<Item = (Part, &'a str, Box<dyn Read + 'a>)>,
) -> Result<List> {
    let mut files: Vec<_> = files.into_iter().collect();
    files.sort_by_key(|(part, ..)| *part as u8);
    let mut building = Building::default();
    for (part, name, input) in files {
        building.file(part, name, input)?;
    }
    let mut list = building.list;
    list.entries.iter_mut().for_each(remarks);
    Ok(list)
}

impl Building {
    fn file(&mut self, part: Part, name: &str, input: Box<dyn Read + '_>) -> Result<()> {
        let columns = part.columns();
        let mut reader = Delimited::new(
            input,
            Form {
                delimiter: b',',
                cell: 1 << 20,
            },
        );
        while let Some(row) = reader.next(columns.len() + 1)? {
            let number = row.cell(0).trim();
            if number.trim_matches('\u{1a}').is_empty() && row.len() == 1 {
                let problem = "an end-of-file mark of an old system (0x1A), passed over";
                self.list
                    .doubt(name, (row.line, 1), "list.end-mark", problem);
                continue;
            }
            if row.len() <= columns.len() {
                let problem = format!(
                    "a row of {} cells where {} are due",
                    row.len(),
                    columns.len() + 1
                );
                self.list
                    .doubt(name, (row.line, 0), "list.short-row", &problem);
                continue;
            }
            if number.is_empty() || !number.bytes().all(|c| c.is_ascii_digit()) {
                let problem = format!("`{number}` is no number of an entry");
                self.list
                    .doubt(name, (row.line, 1), "list.no-number", &problem);
                continue;
            }
            let cells: Vec<&str> = (1..row.len()).map(|i| nothing(row.cell(i))).collect();
            self.row(part, name, row.line, number, &cells);
        }
        Ok(())
    }

    fn row(&mut self, part: Part, file: &str, line: u64, number: &str, cells: &[&str]) {
        if part == Part::Names {
            let mut entry = Entry {
                id: number.to_owned(),
                kind: kind(cells[1]),
                line,
                ..Entry::default()
            };
            entry.name(Standing::Primary, cells[0]);
            entry.countries.extend(filled(cells[8]));
            fields(&mut entry, part, cells);
            let before = self.list.entries.len();
            self.list.take(&mut self.seen, file, entry);
            if self.list.entries.len() > before {
                self.by_number.insert(number.to_owned(), before);
            }
            return;
        }
        let Some(entry) = self
            .by_number
            .get(number)
            .and_then(|i| self.list.entries.get_mut(*i))
        else {
            let problem = format!(
                "entry `{number}` is not in the file of primary names; is this file of another day?"
            );
            self.list.doubt(file, (line, 1), "list.orphan", &problem);
            return;
        };
        if part == Part::Alternates {
            let weak = cells[3].to_ascii_lowercase().contains("weak");
            entry.name(
                if weak {
                    Standing::Weak
                } else {
                    Standing::Alias
                },
                cells[2],
            );
        }
        if part == Part::Remarks {
            // The remark was cut in the middle of a word: what follows belongs to it at once.
            let rest = cells[0];
            match entry.fields.get_mut("remarks").and_then(|r| r.last_mut()) {
                Some(remark) => remark.push_str(rest),
                None => entry.field("remarks", rest),
            }
            return;
        }
        if part == Part::Addresses {
            entry.countries.extend(filled(cells[3]));
        }
        fields(entry, part, cells);
    }
}

fn fields(entry: &mut Entry, part: Part, cells: &[&str]) {
    for (name, value) in part.columns().iter().zip(cells) {
        entry.field(name, value);
    }
}

/// `-0-`, with or without a space, means nothing.
fn nothing(cell: &str) -> &str {
    match cell.trim() {
        "-0-" => "",
        cell => cell,
    }
}

fn filled(cell: &str) -> Option<String> {
    (!cell.is_empty()).then(|| cell.to_owned())
}

fn kind(printed: &str) -> &'static str {
    match printed {
        "individual" => "person",
        "vessel" => "vessel",
        "aircraft" => "aircraft",
        _ => "organisation",
    }
}

/// Reads birth, country, gender, weak names and numbers out of the remarks, which stay as they are.
fn remarks(entry: &mut Entry) {
    let remarks = entry
        .fields
        .get("remarks")
        .map(|r| r.join("; "))
        .unwrap_or_default();
    for part in remarks.split(';') {
        let part = part.trim().trim_end_matches('.');
        let after = |word: &str| {
            part.strip_prefix(word)
                .or_else(|| part.strip_prefix("alt. ")?.strip_prefix(word))
        };
        if let Some(born) = after("DOB ") {
            let first = born.split(" to ").next().unwrap_or(born);
            entry.born.extend(day(first));
        } else if let Some(country) = after("nationality ").or_else(|| after("citizen ")) {
            entry.countries.push(country.to_owned());
        } else if let Some(sex) = after("Gender ") {
            entry.gender = gender(sex);
        } else if let Some(name) = part
            .strip_prefix("a.k.a. '")
            .or_else(|| part.strip_prefix("f.k.a. '"))
        {
            entry.name(Standing::Weak, name.trim_end_matches('\''));
        } else if let Some(number) = number(part) {
            entry.identifiers.push(number.to_owned());
        }
    }
}

/// The number of a document: `Passport T123 (Country)`, `IMO 123`.
fn number(part: &str) -> Option<&str> {
    const DOCUMENTS: [&str; 12] = [
        "Passport ",
        "National ID No. ",
        "Cedula No. ",
        "R.F.C. ",
        "Tax ID No. ",
        "Registration ID ",
        "Identification Number ",
        "Vessel Registration Identification IMO ",
        "MMSI ",
        "Aircraft Manufacturer's Serial Number (MSN) ",
        "NIT # ",
        "C.U.R.P. ",
    ];
    let part = part.strip_prefix("alt. ").unwrap_or(part);
    let rest = DOCUMENTS.iter().find_map(|d| part.strip_prefix(d))?;
    rest.split_whitespace().next()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const NAMES: &str = "101,\"ORLOVTEST, Grigory\",\"individual\",\"TEST\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB circa 1962; alt. DOB 04 May 1963; nationality Ruritania; Gender Male; Passport T1234567 (Ruritania); a.k.a. 'GRISHATEST'; a long rem\"\r\n\
102,\"TESTSHIP\",\"vessel\",\"TEST\",-0- ,\"X1\",\"Tanker\",-0- ,-0- ,\"Freedonia\",-0- ,-0- \r\n101,\"ORLOVTEST, Again\",-0- ,\"TEST\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n\u{1a}";
    const ALTERNATES: &str =
        "101,1,\"aka\",\"ORLOVTEST, Grisha\",-0- \r\n999,2,\"aka\",\"NOBODYTEST\",-0- \r\n";
    const REMARKS: &str = "101,\"ark that goes on.\"\r\n";

    fn read(files: &[(Part, &'static str, &'static str)]) -> List {
        ofac(
            files
                .iter()
                .map(|(p, n, t)| (*p, *n, Box::new(t.as_bytes()) as Box<dyn Read>)),
        )
        .unwrap()
    }

    #[test]
    fn names_remarks_and_every_field_are_kept() {
        let list = read(&[
            (Part::Remarks, "sdn_comments.csv", REMARKS),
            (Part::Alternates, "alt.csv", ALTERNATES),
            (Part::Names, "sdn.csv", NAMES),
        ]);
        let [person, ship] = list.entries.as_slice() else {
            panic!("two entries")
        };
        let names: Vec<_> = person.names.iter().map(|(s, n)| (*s, n.as_str())).collect();
        assert_eq!(
            names,
            [
                (Standing::Primary, "ORLOVTEST, Grigory"),
                (Standing::Alias, "ORLOVTEST, Grisha"),
                (Standing::Weak, "GRISHATEST")
            ]
        );
        assert_eq!((person.kind, person.gender.as_str()), ("person", "male"));
        assert_eq!(person.born, ["1962", "1963-05-04"]);
        assert_eq!(person.countries, ["Ruritania"]);
        assert_eq!(person.identifiers, ["T1234567"]);
        assert!(person.fields["remarks"][0].ends_with("a long remark that goes on."));
        assert_eq!(
            (ship.kind, ship.fields["vess_flag"][0].as_str()),
            ("vessel", "Freedonia")
        );
    }

    #[test]
    fn orphans_twins_and_end_marks_are_reported_by_line() {
        let list = read(&[
            (Part::Names, "sdn.csv", NAMES),
            (Part::Alternates, "alt.csv", ALTERNATES),
        ]);
        let doubts: Vec<_> = list
            .doubts
            .iter()
            .map(|d| (d.file.as_str(), d.line, d.code))
            .collect();
        assert_eq!(
            doubts,
            [
                ("sdn.csv", 3, "list.number-twice"),
                ("sdn.csv", 4, "list.end-mark"),
                ("alt.csv", 2, "list.orphan")
            ]
        );
    }

    #[test]
    fn a_short_row_is_reported_and_not_taken() {
        let list = read(&[(Part::Names, "sdn.csv", "101,\"ORLOVTEST\"\n")]);
        assert!(list.entries.is_empty());
        assert_eq!(list.doubts[0].code, "list.short-row");
    }
}
