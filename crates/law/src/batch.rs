//! Many packages at once: node by node over blocks of rows. What is the same for all packages is
//! computed once; what no rule needs is left out.

mod explain;
mod kernel;

pub use explain::{Explained, Line};

use crate::answer::Outcome;
use crate::book::Rulebook;
use crate::columns::{Column, Columns};
use crate::eval::Results;
use crate::node::{Node, NodeId};
use crate::rule::{Rule, RuleKind, Verdict, verdict};
use crate::schema::UNKNOWN;
use crate::tri::Tri;

/// Where a node's results stand in the buffers of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Nobody needs it as such.
    Nowhere,
    /// From this byte of the truths.
    Truths(usize),
    /// From this element of the numbers.
    Numbers(usize),
}

/// A batch, planned for one rulebook and the columns that are there.
pub struct Batch<'a> {
    book: &'a Rulebook,
    columns: &'a Columns,
    block: usize,
    steps: Vec<NodeId>,
    places: Vec<Place>,
    truths: Vec<u8>,
    numbers: Vec<i64>,
    /// Tables from (condition, lifted, test) to verdict, for each rule.
    tables: Vec<[u8; 64]>,
    verdicts: Vec<u8>,
}

/// The rows of one block after all nodes.
pub struct Block<'b> {
    /// First row.
    pub first: usize,
    /// Number of rows.
    pub rows: usize,
    stride: usize,
    verdicts: &'b [u8],
}

impl Block<'_> {
    /// The verdicts of a rule, as numbers of [`Verdict`].
    #[must_use]
    pub fn of(&self, rule: usize) -> &[u8] {
        &self.verdicts[rule * self.stride..rule * self.stride + self.rows]
    }
}

impl<'a> Batch<'a> {
    /// Plans a batch.
    #[must_use]
    pub fn new(book: &'a Rulebook, columns: &'a Columns) -> Self {
        let nodes = &book.tables.nodes;
        let block = if nodes.len() < 400 { 2048 } else { 256 };
        let needed = needed(book);
        let varies = varies(nodes, columns);
        let plain = plain_uses(nodes, &needed, columns);
        let mut batch = Self {
            book,
            columns,
            block,
            steps: vec![],
            places: vec![Place::Nowhere; nodes.len()],
            truths: vec![],
            numbers: vec![],
            tables: book.rules.iter().map(table).collect(),
            verdicts: vec![0; book.rules.len() * block],
        };
        let mut uniform = Results::default();
        book.tables.run(
            &vec![UNKNOWN; columns.facts.len()],
            columns.assume,
            &mut uniform,
        );
        for (i, node) in nodes.iter().enumerate().filter(|(i, _)| needed[*i]) {
            if plain[i] {
                continue;
            }
            batch.place(i, node, varies[i], &uniform);
        }
        batch
    }

    fn place(&mut self, i: usize, node: &Node, varies: bool, uniform: &Results) {
        let id = i as NodeId;
        let (truth, number) = if varies {
            self.steps.push(id);
            (0, UNKNOWN)
        } else if node.is_truth() {
            (uniform.truth(id).0, UNKNOWN)
        } else {
            (0, uniform.number(id).unwrap_or(UNKNOWN))
        };
        if node.is_truth() {
            self.places[i] = Place::Truths(self.truths.len());
            self.truths.resize(self.truths.len() + self.block, truth);
        } else {
            self.places[i] = Place::Numbers(self.numbers.len());
            self.numbers.resize(self.numbers.len() + self.block, number);
        }
    }

    /// Decides all rows, block by block.
    pub fn run(&mut self, mut each: impl FnMut(&Block<'_>)) {
        let mut first = 0;
        while first < self.columns.rows {
            let rows = self.block.min(self.columns.rows - first);
            for i in 0..self.steps.len() {
                self.step(self.steps[i], first, rows);
            }
            self.judge(rows);
            each(&Block {
                first,
                rows,
                stride: self.block,
                verdicts: &self.verdicts,
            });
            first += rows;
        }
    }

    /// Verdicts of a block from conditions, exceptions and tests.
    fn judge(&mut self, rows: usize) {
        for (i, rule) in self.book.rules.iter().enumerate() {
            let out = &mut self.verdicts[i * self.block..i * self.block + rows];
            let hit = truths(&self.truths, self.places[rule.hit as usize], rows);
            if rule.kind == RuleKind::Bar && rule.lifts.is_empty() {
                // Silent, unknown or refused, without a look-up: 0, 1 and 3 become 0, 5 and 6.
                for (o, h) in out.iter_mut().zip(hit) {
                    *o = (h & 1) * Verdict::Unknown as u8 + (h >> 1);
                }
                continue;
            }
            let lifted = truths(&self.truths, self.places[rule.lifted as usize], rows);
            let test = truths(&self.truths, self.places[rule.test as usize], rows);
            let table = &self.tables[i];
            for (((o, h), l), t) in out.iter_mut().zip(hit).zip(lifted).zip(test) {
                *o = table[usize::from((h | l << 2 | t << 4) & 63)];
            }
        }
    }

    /// The outcome of each row.
    pub fn outcomes(&mut self) -> Vec<Outcome> {
        const BY: [Outcome; 7] = {
            use Outcome::{Allowed, AllowedWithConditions, CannotTell, Refused};
            [
                Allowed,
                Allowed,
                Allowed,
                Allowed,
                AllowedWithConditions,
                CannotTell,
                Refused,
            ]
        };
        let stable: Vec<usize> = (0..self.book.rules.len())
            .filter(|i| self.book.rules[*i].stable())
            .collect();
        let mut out = Vec::with_capacity(self.columns.rows);
        self.run(|block| {
            let mut worst = [0_u8; 2048];
            for rule in &stable {
                for (w, v) in worst.iter_mut().zip(block.of(*rule)) {
                    *w = (*w).max(*v);
                }
            }
            out.extend(worst[..block.rows].iter().map(|w| BY[usize::from(*w)]));
        });
        out
    }
}

fn truths(buffer: &[u8], place: Place, rows: usize) -> &[u8] {
    match place {
        Place::Truths(at) => &buffer[at..at + rows],
        _ => &[],
    }
}

/// A table from three truths to the verdict of a rule.
fn table(rule: &Rule) -> [u8; 64] {
    let mut table = [0; 64];
    for (i, slot) in table.iter_mut().enumerate() {
        let part = |shift: usize| Tri((i >> shift & 3) as u8);
        *slot = verdict(rule.kind, rule.waits(), part(0), part(2), part(4)) as u8;
    }
    table
}

/// Nodes that some rule's verdict stands on.
fn needed(book: &Rulebook) -> Vec<bool> {
    let nodes = &book.tables.nodes;
    let mut needed = vec![false; nodes.len()];
    for rule in &book.rules {
        for root in [rule.hit, rule.lifted, rule.test] {
            needed[root as usize] = true;
        }
    }
    for i in (0..nodes.len()).rev() {
        if needed[i] {
            nodes[i].operands(|o| needed[o as usize] = true);
        }
    }
    needed
}

/// Nodes that can differ between packages.
fn varies(nodes: &[Node], columns: &Columns) -> Vec<bool> {
    let mut varies = vec![false; nodes.len()];
    for (i, node) in nodes.iter().enumerate() {
        varies[i] = match node {
            Node::Fact(f) | Node::Holds(f) => columns.facts[usize::from(*f)] != Column::Nothing,
            _ => {
                let mut any = false;
                node.operands(|o| any |= varies[o as usize]);
                any
            }
        };
    }
    varies
}

/// Facts that are only ever read straight from their column.
fn plain_uses(nodes: &[Node], needed: &[bool], columns: &Columns) -> Vec<bool> {
    let mut plain: Vec<bool> = nodes
        .iter()
        .map(|n| matches!(n, Node::Fact(f) if columns.facts[usize::from(*f)] != Column::Nothing))
        .collect();
    for (_, node) in nodes.iter().enumerate().filter(|(i, _)| needed[*i]) {
        if !matches!(node, Node::Against(..) | Node::Among(..)) {
            node.operands(|o| plain[o as usize] = false);
        }
    }
    plain
}

#[cfg(test)]
mod tests;
