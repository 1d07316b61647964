//! Files of Security Force Monitor: units, postings, sources as research sheets; units, postings, parents and
//! incidents as exports of its platform, linked by number.
//!
//! A unit stands on many rows: a blank cell there says "the same unit", not "nothing". Every claim keeps its
//! sources and its confidence. What cannot be read is reported with file and line.

mod cells;
mod platform;
mod sheets;

use crate::guard::{
    Code, Refusal, Result,
    delimited::{BOM, Delimited, Form},
};
pub use cells::date;
use std::collections::BTreeMap;
use symbolon_domain::{date::Known, record::Confidence};

/// Most columns of a file.
const COLUMNS: usize = 200;

/// What somebody claims, and on what ground.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ground {
    /// Numbers of the sources.
    pub sources: Vec<String>,
    /// How sure, where the file says.
    pub confidence: Option<Confidence>,
}

/// A stretch of time as the file has it: first and last citation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cited {
    /// First day it is cited for.
    pub first: Option<Known>,
    /// Last day it is cited for.
    pub last: Option<Known>,
    /// Whether it ended: the flag of an open end is `N`. Otherwise nobody knows or it goes on.
    pub ended: bool,
}

/// A unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unit {
    /// Name.
    pub name: String,
    /// Other names.
    pub others: Vec<String>,
    /// Sorts of force.
    pub classes: Vec<String>,
    /// Country as the file has it: two letters.
    pub country: String,
    /// On what ground it is named so.
    pub ground: Ground,
    /// A remark of the researchers.
    pub note: String,
}

/// A unit's place under another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parent {
    /// The unit's key.
    pub unit: String,
    /// The parent's key.
    pub parent: String,
    /// `Command`, `Administrative`, `Informal` or nothing.
    pub relation: String,
    /// When.
    pub cited: Cited,
    /// On what ground.
    pub ground: Ground,
}

/// A place of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The unit's key.
    pub unit: String,
    /// The place.
    pub place: String,
    /// Province, state or region.
    pub area: String,
    /// Whether it is an area of operations, not a base.
    pub operations: bool,
    /// When.
    pub cited: Cited,
    /// On what ground.
    pub ground: Ground,
}

/// A person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Other names.
    pub others: Vec<String>,
    /// Country: two letters.
    pub country: String,
    /// On what ground.
    pub ground: Ground,
}

/// A post somebody held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The person's key.
    pub person: String,
    /// The unit's key.
    pub unit: String,
    /// Role: `Commander`.
    pub role: String,
    /// Official title.
    pub title: String,
    /// Rank.
    pub rank: String,
    /// When.
    pub cited: Cited,
    /// On what ground.
    pub ground: Ground,
}

/// An alleged act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// Its number with the publisher.
    pub id: String,
    /// First day.
    pub began: Known,
    /// Last day.
    pub ended: Option<Known>,
    /// First day it was alleged.
    pub alleged: Option<Known>,
    /// Kinds of act as named.
    pub kinds: Vec<String>,
    /// Where.
    pub place: String,
    /// Town and region of the place.
    pub area: String,
    /// Country: two letters.
    pub country: String,
    /// Sorts of force it is alleged against; no unit is named.
    pub classes: Vec<String>,
}

/// A source document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Title.
    pub title: String,
    /// Publication.
    pub publication: String,
    /// Day it was published, as printed.
    pub published: String,
    /// Address.
    pub url: String,
}

/// Something that was not taken, or was read with a doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// File.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// Fixed code.
    pub code: &'static str,
    /// What is wrong.
    pub problem: String,
}

/// Everything in a folder of files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folder {
    /// Units by key: name and country, or the platform's number.
    pub units: BTreeMap<String, Unit>,
    /// Parents.
    pub parents: Vec<Parent>,
    /// Places.
    pub sites: Vec<Site>,
    /// Persons by key.
    pub persons: BTreeMap<String, Person>,
    /// Postings.
    pub postings: Vec<Posting>,
    /// Alleged acts.
    pub incidents: Vec<Incident>,
    /// Sources by number.
    pub sources: BTreeMap<String, Source>,
    /// What is doubted.
    pub doubts: Vec<Doubt>,
    /// Files that are none of theirs, passed over.
    pub passed: Vec<String>,
}

impl Folder {
    /// Adds a file: what it is, its header tells. False where it is none of theirs.
    ///
    /// # Errors
    /// A refusal with line and column where it is not of the form it seems to be.
    pub fn read(&mut self, name: &str, bytes: &[u8]) -> Result<bool> {
        let table = Table::of(bytes)?;
        let taken = self.sheet(name, &table) || self.export(name, &table);
        if !taken {
            self.passed.push(name.to_owned());
        }
        Ok(taken)
    }

    /// Says of references that lead nowhere, once every file is read.
    pub fn close(&mut self) {
        let known = |key: &String| self.units.contains_key(key);
        let mut lost: Vec<(String, &'static str)> = vec![];
        let unknown = |key: &String| (!known(key)).then(|| key.clone());
        for p in &self.parents {
            for key in [&p.unit, &p.parent] {
                lost.extend(unknown(key).map(|k| (k, "sfm.unknown-unit")));
            }
        }
        lost.extend(
            self.postings
                .iter()
                .filter_map(|p| unknown(&p.unit))
                .map(|k| (k, "sfm.unknown-unit")),
        );
        lost.sort_unstable();
        lost.dedup();
        for (key, code) in lost {
            let problem = format!(
                "`{}` is named and has no row of its own",
                cells::shown(&key)
            );
            self.doubt("", 0, code, &problem);
        }
    }

    fn doubt(&mut self, file: &str, line: u64, code: &'static str, problem: &str) {
        self.doubts.push(Doubt {
            file: file.to_owned(),
            line,
            code,
            problem: problem.to_owned(),
        });
    }
}

/// A delimited file in memory: heads, and rows with their lines.
pub(crate) struct Table {
    heads: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
}

impl Table {
    fn of(bytes: &[u8]) -> Result<Self> {
        let bytes = bytes.strip_prefix(&BOM).unwrap_or(bytes);
        let head = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
        if head.contains(&b'\t') {
            return Self::tabbed(bytes);
        }
        let mut reader = Delimited::new(bytes, Form::of(bytes, 1 << 20));
        let (mut heads, mut rows) = (vec![], vec![]);
        while let Some(row) = reader.next(COLUMNS)? {
            let cells = (0..row.len()).map(|i| row.cell(i).trim().to_owned());
            let cells: Vec<String> = cells.collect();
            if heads.is_empty() {
                heads = cells;
            } else {
                rows.push((row.line, cells));
            }
        }
        Ok(Self { heads, rows })
    }

    /// With tabs a quote is a letter like any other: units are called '"One" Brigade'.
    fn tabbed(bytes: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(bytes).map_err(|e| {
            let before = bytes[..e.valid_up_to()].iter().filter(|b| **b == b'\n');
            let help = "save it as UTF-8";
            let line = before.count() as u64 + 1;
            Refusal::new(Code::NotUtf8, "not UTF-8 text", help).at(line, 0)
        })?;
        let cells = |line: &str| line.split('\t').map(|c| c.trim().to_owned()).collect();
        let mut lines = (1..).zip(text.lines().map(cells));
        let heads = lines.next().map_or(vec![], |(_, heads)| heads);
        let blank = |(_, cells): &(u64, Vec<String>)| cells.iter().any(|c| !c.is_empty());
        Ok(Self {
            heads,
            rows: lines.filter(blank).collect(),
        })
    }

    fn has(&self, heads: &[&str]) -> bool {
        heads.iter().all(|h| self.heads.iter().any(|own| own == h))
    }

    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let row = |(line, cells): &'_ (u64, Vec<String>)| Row {
            table: self,
            line: *line,
            cells: cells.clone(),
        };
        self.rows.iter().map(row)
    }
}

/// A row, its cells by head.
pub(crate) struct Row<'a> {
    table: &'a Table,
    line: u64,
    cells: Vec<String>,
}

impl Row<'_> {
    /// The cell below a head; nothing where there is none.
    fn get(&self, head: &str) -> &str {
        let at = self.table.heads.iter().position(|h| h == head);
        at.and_then(|i| self.cells.get(i))
            .map_or("", String::as_str)
    }

    /// Sources and confidence of a claim.
    fn ground(&self, claim: &str) -> Ground {
        Ground {
            sources: cells::items(self.get(&format!("Source: {claim}"))),
            confidence: cells::confidence(self.get(&format!("Confidence: {claim}"))),
        }
    }
}

#[cfg(test)]
mod tests;
