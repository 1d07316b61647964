//! Explanations of a batch: for each row every rule that spoke, with its values and facts, in flat
//! tables that point into the rulebook.

use super::{Batch, Block};
use crate::answer::UsedValue;
use crate::book::Rulebook;
use crate::columns::{Column, Columns};
use crate::dated::ValueRow;
use crate::node::Node;
use crate::rule::{Rule, Verdict};
use crate::schema::UNKNOWN;

/// One rule that spoke about one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Row.
    pub row: u32,
    /// Number of the rule.
    pub rule: u16,
    /// What it said.
    pub verdict: Verdict,
    values: (u32, u32),
    facts: (u32, u32),
}

/// What every rule said about every row.
#[derive(Debug, Default)]
pub struct Explained {
    /// By row, then rule.
    pub lines: Vec<Line>,
    values: Vec<UsedValue>,
    facts: Vec<(u16, i64)>,
}

impl Explained {
    /// The rule, its citations and its text.
    #[must_use]
    pub fn rule<'b>(&self, book: &'b Rulebook, line: &Line) -> &'b Rule {
        &book.rules[usize::from(line.rule)]
    }

    /// The rows of the values it stood on: value, dates, citation.
    pub fn values<'b>(
        &self,
        book: &'b Rulebook,
        line: &Line,
    ) -> impl Iterator<Item = &'b ValueRow> {
        let used = &self.values[line.values.0 as usize..line.values.1 as usize];
        used.iter().filter_map(|u| {
            book.tables.values[u.value as usize]
                .rows
                .get(u.row? as usize)
        })
    }

    /// The facts it read that are known: number and value.
    #[must_use]
    pub fn facts(&self, line: &Line) -> &[(u16, i64)] {
        &self.facts[line.facts.0 as usize..line.facts.1 as usize]
    }
}

/// How the day of a rule is found for a row.
enum Day<'c> {
    Column(&'c Column),
    Each,
}

impl Batch<'_> {
    /// Decides all rows and says why.
    pub fn explain(&mut self) -> Explained {
        let (book, columns) = (self.book, self.columns);
        let days: Vec<Day<'_>> = book
            .rules
            .iter()
            .map(|r| day_of(book, columns, r))
            .collect();
        let facts: Vec<Vec<(u16, &Column)>> =
            book.rules.iter().map(|r| columns_of(columns, r)).collect();
        let mut out = Explained::default();
        let mut desk = crate::answer::Desk::new(book);
        let mut spoken: Vec<(u32, u16, u8)> = vec![];
        let mut starts: Vec<u32> = vec![];
        self.run(|block| {
            by_row(block, book.rules.len(), &mut spoken, &mut starts);
            for (row, rule, verdict) in &spoken {
                let at = block.first + *row as usize;
                let number = usize::from(*rule);
                let day = match &days[number] {
                    Day::Column(c) => c.get(at),
                    Day::Each => desk
                        .day_of(&book.rules[number], &columns.package(at))
                        .unwrap_or(UNKNOWN),
                };
                let values = values(book, &book.rules[number], day, &mut out.values);
                let from = out.facts.len() as u32;
                out.facts.extend(
                    facts[number]
                        .iter()
                        .map(|(f, c)| (*f, c.get(at)))
                        .filter(|(_, v)| *v != UNKNOWN),
                );
                out.lines.push(Line {
                    row: at as u32,
                    rule: *rule,
                    verdict: Verdict::ALL[usize::from(*verdict)],
                    values,
                    facts: (from, out.facts.len() as u32),
                });
            }
        });
        out
    }
}

/// What was said in a block, by row: counted, then placed.
fn by_row(block: &Block<'_>, rules: usize, out: &mut Vec<(u32, u16, u8)>, starts: &mut Vec<u32>) {
    starts.clear();
    starts.resize(block.rows + 1, 0);
    for rule in 0..rules {
        for (start, v) in starts[1..].iter_mut().zip(block.of(rule)) {
            *start += u32::from(*v != 0);
        }
    }
    for i in 1..starts.len() {
        starts[i] += starts[i - 1];
    }
    out.clear();
    out.resize(starts[block.rows] as usize, (0, 0, 0));
    for rule in 0..rules {
        for (row, v) in block.of(rule).iter().enumerate().filter(|(_, v)| **v != 0) {
            out[starts[row] as usize] = (row as u32, rule as u16, *v);
            starts[row] += 1;
        }
    }
}

fn values(book: &Rulebook, rule: &Rule, day: i64, out: &mut Vec<UsedValue>) -> (u32, u32) {
    let from = out.len() as u32;
    for value in &rule.values {
        let row = book.tables.values[*value as usize]
            .row(day)
            .map(|r| r as u32);
        out.push(UsedValue { value: *value, row });
    }
    (from, out.len() as u32)
}

fn day_of<'c>(book: &Rulebook, columns: &'c Columns, rule: &Rule) -> Day<'c> {
    match &book.tables.nodes[rule.day as usize] {
        Node::Fact(f) => Day::Column(&columns.facts[usize::from(*f)]),
        _ => Day::Each,
    }
}

fn columns_of<'c>(columns: &'c Columns, rule: &Rule) -> Vec<(u16, &'c Column)> {
    let there = |f: &u16| {
        Some((*f, &columns.facts[usize::from(*f)])).filter(|(_, c)| **c != Column::Nothing)
    };
    rule.facts.iter().filter_map(there).collect()
}
