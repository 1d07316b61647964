//! One package through all nodes: one pass, no allocation beyond the buffer that is handed in.

use crate::dated::{Dated, List};
use crate::day;
use crate::expr::Arith;
use crate::node::{Node, NodeId};
use crate::schema::UNKNOWN;
use crate::tri::Tri;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Everything an evaluation reads besides the facts.
#[derive(Clone, Debug)]
pub struct Tables {
    /// Nodes in order.
    pub nodes: Vec<Node>,
    /// Dated values by number.
    pub values: Vec<Dated>,
    /// Lists by number.
    pub lists: Arc<[List]>,
}

/// Results of one pass: a number, or the bits of a [`Tri`], for each node.
#[derive(Clone, Debug, Default)]
pub struct Results(Vec<i64>);

impl Results {
    /// The number a node gave; `None` where unknown.
    #[must_use]
    pub fn number(&self, node: NodeId) -> Option<i64> {
        let n = self.0[node as usize];
        (n != UNKNOWN).then_some(n)
    }

    /// The truth a node gave.
    #[must_use]
    pub fn truth(&self, node: NodeId) -> Tri {
        Tri(self.0[node as usize] as u8)
    }

    fn raw(&self, node: NodeId) -> i64 {
        self.0[node as usize]
    }
}

/// Something that is not known and matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gap {
    /// A fact that the package does not state.
    Fact(u16),
    /// A list that is not complete on the day, or has only a draft row.
    List(u16),
    /// A value that is not known for the day.
    Value(u32),
}

/// Two numbers combined where both are known and the result has a place.
pub(crate) fn both(a: i64, b: i64, f: impl Fn(i64, i64) -> Option<i64>) -> i64 {
    if a == UNKNOWN || b == UNKNOWN {
        return UNKNOWN;
    }
    f(a, b).unwrap_or(UNKNOWN)
}

/// Sum, difference or product.
pub(crate) fn arith(op: Arith, a: i64, b: i64) -> i64 {
    both(a, b, |a, b| match op {
        Arith::Add => a.checked_add(b),
        Arith::Sub => a.checked_sub(b),
        Arith::Mul => a.checked_mul(b),
    })
}

/// An amount times a rate in millionths, rounded half up to the cent.
pub(crate) fn share(a: i64, b: i64) -> i64 {
    both(a, b, |a, b| {
        let exact = i128::from(a) * i128::from(b);
        i64::try_from((exact + 500_000).div_euclid(1_000_000)).ok()
    })
}

fn single(a: i64, f: impl Fn(i64) -> Option<i64>) -> i64 {
    both(a, 0, |a, _| f(a))
}

fn compared(a: i64, b: i64, holds: impl Fn(i64, i64) -> bool) -> i64 {
    if a == UNKNOWN || b == UNKNOWN {
        return i64::from(Tri::UNKNOWN.0);
    }
    i64::from(Tri::of(holds(a, b)).0)
}

impl Tables {
    /// Evaluates every node for one package.
    pub fn run(&self, facts: &[i64], assume: bool, out: &mut Results) {
        out.0.clear();
        for node in &self.nodes {
            let result = self.step(node, facts, assume, out);
            out.0.push(result);
        }
    }

    /// What is certain already while facts may still become known: a value that is derived only where
    /// none is stated waits until one is.
    pub(crate) fn certain(&self, facts: &[i64], out: &mut Results) {
        out.0.clear();
        for node in &self.nodes {
            let result = match node {
                Node::Otherwise(a, ..) => out.raw(*a),
                Node::OtherwiseTruth(a, ..) => out.raw(*a),
                _ => self.step(node, facts, false, out),
            };
            out.0.push(result);
        }
    }

    /// Evaluates some nodes only: all that they stand on must be among them ([`Tables::needed`]).
    pub fn run_some(&self, some: &[NodeId], facts: &[i64], assume: bool, out: &mut Results) {
        out.0.resize(self.nodes.len(), UNKNOWN);
        for id in some {
            let at = *id as usize;
            out.0[at] = self.step(&self.nodes[at], facts, assume, out);
        }
    }

    /// For each fact the nodes that read it, straight or through others, in order.
    #[must_use]
    pub fn readers(&self) -> Vec<Vec<NodeId>> {
        let mut read: Vec<BTreeSet<u16>> = vec![];
        let mut readers: Vec<Vec<NodeId>> = vec![];
        for (id, node) in (0..).zip(&self.nodes) {
            let mut facts = BTreeSet::new();
            if let Node::Fact(f) | Node::Holds(f) = node {
                facts.insert(*f);
            }
            node.operands(|o| facts.extend(&read[o as usize]));
            for fact in &facts {
                let at = usize::from(*fact);
                readers.resize(readers.len().max(at + 1), vec![]);
                readers[at].push(id);
            }
            read.push(facts);
        }
        readers
    }

    /// The nodes that some nodes stand on, with themselves, in order.
    #[must_use]
    pub fn needed(&self, of: impl IntoIterator<Item = NodeId>) -> Vec<NodeId> {
        let mut wanted: Vec<NodeId> = of.into_iter().collect();
        let mut found = BTreeSet::new();
        while let Some(node) = wanted.pop() {
            if found.insert(node) {
                self.nodes[node as usize].operands(|o| wanted.push(o));
            }
        }
        found.into_iter().collect()
    }

    fn step(&self, node: &Node, facts: &[i64], assume: bool, r: &Results) -> i64 {
        match node {
            Node::Number(n) => *n,
            Node::Truth(t) => i64::from(t.0),
            Node::Fact(f) => facts[usize::from(*f)],
            Node::Holds(f) => compared(facts[usize::from(*f)], 0, |a, b| a != b),
            Node::Value(v, on) => single(r.raw(*on), |d| self.value(*v, d)),
            Node::Compare(cmp, a, b) => compared(r.raw(*a), r.raw(*b), |a, b| cmp.holds(a, b)),
            Node::Against(cmp, a, n) => compared(r.raw(*a), *n, |a, b| cmp.holds(a, b)),
            Node::Among(a, some) => compared(r.raw(*a), 0, |a, _| some.contains(&a)),
            Node::Listed(a, list, on) => self.listed(*list, r.raw(*a), r.raw(*on)),
            Node::Not(a) => i64::from(r.truth(*a).negated().0),
            Node::All(parts) => parts.iter().fold(3, |t, p| t & r.raw(*p)),
            Node::Any(parts) => parts.iter().fold(0, |t, p| t | r.raw(*p)),
            Node::Arith(op, a, b) => arith(*op, r.raw(*a), r.raw(*b)),
            Node::Share(a, b) => share(r.raw(*a), r.raw(*b)),
            Node::Larger(a, b) => both(r.raw(*a), r.raw(*b), |a, b| Some(a.max(b))),
            Node::Choose(c, a, b) => chosen(r.truth(*c), r.raw(*a), r.raw(*b), UNKNOWN),
            Node::ChooseTruth(c, a, b) => chosen(r.truth(*c), r.raw(*a), r.raw(*b), 1),
            Node::FiscalYear(a) => single(r.raw(*a), |d| Some(day::fiscal_year(d))),
            Node::FiscalStart(a) => single(r.raw(*a), day::fiscal_start),
            Node::MonthsLater(a, b) => both(r.raw(*a), r.raw(*b), day::months_later),
            Node::Otherwise(a, b, clear) => {
                let clear = clear.filter(|_| assume).unwrap_or(UNKNOWN);
                first(r.raw(*a), b.map(|b| r.raw(b)), clear, UNKNOWN)
            }
            Node::OtherwiseTruth(a, b, clear) => {
                let clear = clear.filter(|_| assume).map_or(1, |t| i64::from(t.0));
                first(r.raw(*a), b.map(|b| r.raw(b)), clear, 1)
            }
        }
    }

    /// A dated value on a day.
    #[must_use]
    pub fn value(&self, id: u32, day: i64) -> Option<i64> {
        let dated = &self.values[id as usize];
        dated.row(day).map(|i| dated.rows[i].value)
    }

    fn listed(&self, list: u16, member: i64, day: i64) -> i64 {
        if member == UNKNOWN || day == UNKNOWN {
            return 1;
        }
        i64::from(self.lists[usize::from(list)].holds(member, day).0)
    }

    /// What is not known and keeps a node unknown.
    pub fn gaps(&self, node: NodeId, r: &Results, out: &mut BTreeSet<Gap>) {
        let here = &self.nodes[node as usize];
        let unknown = if here.is_truth() {
            r.truth(node).known().is_none()
        } else {
            r.raw(node) == UNKNOWN
        };
        if !unknown {
            return;
        }
        let before = out.len();
        match here {
            Node::Fact(f) | Node::Holds(f) => {
                out.insert(Gap::Fact(*f));
            }
            Node::Otherwise(a, Some(b), _) | Node::OtherwiseTruth(a, Some(b), _) => {
                self.gaps(*b, r, out);
                self.gaps(*a, r, out);
            }
            _ => here.operands(|o| self.gaps(o, r, out)),
        }
        if out.len() == before {
            match here {
                Node::Listed(_, list, _) => out.insert(Gap::List(*list)),
                Node::Value(v, _) => out.insert(Gap::Value(*v)),
                _ => false,
            };
        }
    }
}

fn chosen(c: Tri, a: i64, b: i64, unknown: i64) -> i64 {
    match c.known() {
        Some(true) => a,
        Some(false) => b,
        None if a == b => a,
        None => unknown,
    }
}

fn first(stated: i64, derived: Option<i64>, clear: i64, unknown: i64) -> i64 {
    let known = |n: &i64| *n != unknown;
    Some(stated)
        .filter(known)
        .or(derived.filter(known))
        .unwrap_or(clear)
}
