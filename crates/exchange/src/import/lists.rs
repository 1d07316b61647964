//! Lists of people, bodies and ships that somebody published: sanctions, denied parties, barred units.
//!
//! Every entry keeps every field it came with, by the name its publisher gives it. What is no entry, or
//! belongs to none, is reported with its line and never passed over in silence.

mod files;
mod ftm;
mod ofac;
mod table;
mod un;

pub use files::{ListFile, read};
pub use ftm::ftm;
pub use ofac::{Part, ofac};
pub use table::{roster, roster_of, table};
pub use un::un;

use crate::guard::quoted;
use std::collections::BTreeMap;

/// How good a name is, as its publisher says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// The name it is listed by.
    Primary,
    /// Another name.
    Alias,
    /// A name its publisher calls weak or of low quality.
    Weak,
}

/// An entry of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Number or reference its publisher gives it.
    pub id: String,
    /// `person`, `organisation`, `unit`, `vessel`, `aircraft` or `unknown`.
    pub kind: &'static str,
    /// Its names, the primary one first.
    pub names: Vec<(Standing, String)>,
    /// Days of birth as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub born: Vec<String>,
    /// Nationalities and countries, as printed.
    pub countries: Vec<String>,
    /// `male`, `female` or empty.
    pub gender: String,
    /// Numbers of documents, registrations, ships.
    pub identifiers: Vec<String>,
    /// Every field it came with, by its published name.
    pub fields: BTreeMap<String, Vec<String>>,
    /// Line on which it begins.
    pub line: u64,
}

/// What is wrong with a row that was not taken, or was taken with a doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// File within the list.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// Column, from 1; 0 where the whole row is meant.
    pub column: u64,
    /// Fixed code.
    pub code: &'static str,
    /// What is wrong.
    pub problem: String,
}

/// A list as read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// Its entries, in the order of the file.
    pub entries: Vec<Entry>,
    /// What is doubted.
    pub doubts: Vec<Doubt>,
    /// Day the file itself says it was made; empty where it does not.
    pub made: String,
}

impl Standing {
    /// The word in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Alias => "alias",
            Self::Weak => "weak",
        }
    }
}

impl Entry {
    /// Adds a field; blank values are no values.
    pub(super) fn field(&mut self, name: &str, value: &str) {
        let value = value.trim();
        if !value.is_empty() {
            self.fields
                .entry(name.to_owned())
                .or_default()
                .push(value.to_owned());
        }
    }

    /// Adds a name that is not there yet.
    pub(super) fn name(&mut self, standing: Standing, name: &str) {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if !name.is_empty() && self.names.iter().all(|(_, n)| *n != name) {
            self.names.push((standing, name));
        }
    }
}

impl List {
    pub(super) fn doubt(&mut self, file: &str, at: (u64, u64), code: &'static str, problem: &str) {
        self.doubts.push(Doubt {
            file: file.to_owned(),
            line: at.0,
            column: at.1,
            code,
            problem: quoted_long(problem),
        });
    }

    /// Takes an entry, or says why not: an entry needs a number and a name, and no number stands twice.
    pub(super) fn take(
        &mut self,
        seen: &mut std::collections::HashSet<String>,
        file: &str,
        entry: Entry,
    ) {
        let at = (entry.line, 0);
        if entry.names.is_empty() {
            self.doubt(
                file,
                at,
                "list.no-name",
                &format!("entry `{}` has no name", entry.id),
            );
        } else if entry.id.is_empty() {
            self.doubt(file, at, "list.no-number", "an entry without a number");
        } else if !seen.insert(entry.id.clone()) {
            self.doubt(
                file,
                at,
                "list.number-twice",
                &format!("entry `{}` stands twice; the first is kept", entry.id),
            );
        } else {
            self.entries.push(entry);
        }
    }
}

fn quoted_long(problem: &str) -> String {
    problem
        .split('`')
        .enumerate()
        .fold(String::new(), |mut out, (i, part)| {
            let piece = if i % 2 == 1 {
                format!("`{}`", quoted(part))
            } else {
                part.to_owned()
            };
            out.push_str(&piece);
            out
        })
}

/// A date of the forms lists use, as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; nothing where it is none of them.
/// `circa` and its like are passed over: the year is what is known.
pub(super) fn day(text: &str) -> Option<String> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let lower = text.trim().to_ascii_lowercase();
    let pieces = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = pieces
        .filter(|w| !w.is_empty() && !matches!(*w, "circa" | "ca" | "about"))
        .collect();
    let month = |w: &str| {
        let named = MONTHS.iter().position(|m| w.starts_with(m) && w.len() >= 3);
        let number = w.parse::<usize>().ok().filter(|n| (1..=12).contains(n));
        named.map(|m| m + 1).or(number)
    };
    let year = |w: &str| w.len() == 4 && w.bytes().all(|c| c.is_ascii_digit());
    let date = |w: &str| w.parse::<u8>().ok().filter(|d| (1..=31).contains(d));
    match words.as_slice() {
        [y] if year(y) => Some((*y).to_owned()),
        [y, m] if year(y) => Some(format!("{y}-{:02}", month(m)?)),
        [m, y] if year(y) => Some(format!("{y}-{:02}", month(m)?)),
        [y, m, d] if year(y) => Some(format!("{y}-{:02}-{:02}", month(m)?, date(d)?)),
        [d, m, y] if year(y) => Some(format!("{y}-{:02}-{:02}", month(m)?, date(d)?)),
        _ => None,
    }
}

/// `male`, `female` or nothing.
pub(super) fn gender(text: &str) -> String {
    match text.trim().to_ascii_lowercase().as_str() {
        "male" | "m" => "male".to_owned(),
        "female" | "f" => "female".to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use proptest::prelude::*;
    use std::io::Read;

    /// Every reader is fed; whatever is read has a number and a name, and no number twice.
    fn feed(bytes: &[u8]) {
        let part = (Part::Names, "a", Box::new(bytes) as Box<dyn Read>);
        let lists = [
            ofac([part]),
            un(bytes, "a", Limits::shipped()),
            table(bytes, "a"),
            ftm(bytes, "a", Limits::shipped()),
        ];
        for list in lists.into_iter().flatten() {
            let mut numbers = std::collections::HashSet::new();
            for entry in &list.entries {
                assert!(!entry.names.is_empty() && numbers.insert(&entry.id));
            }
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            feed(&bytes);
        }

        #[test]
        fn no_table_makes_a_reader_panic(text in "(name|id|alias|[0-9]{1,3}|-0- |,|;|\t|\n|\"|DOB 1|\u{1a}|<A>|<CONSOLIDATED_LIST>|<ENTITY>|</A>|\\{|\"id\":\"1\"){0,60}") {
            feed(text.as_bytes());
        }
    }

    #[test]
    fn dates_of_every_list_are_read() {
        for (printed, read) in [
            ("circa 1962", "1962"),
            ("04 May 1962", "1962-05-04"),
            ("May 1962", "1962-05"),
            ("4.5.1962", "1962-05-04"),
            ("1962-05-04", "1962-05-04"),
        ] {
            assert_eq!(day(printed).as_deref(), Some(read), "{printed}");
        }
        assert_eq!(day("unknown"), None);
        assert_eq!(day("1962-13-40"), None);
    }
}
