//! One node over one block of rows: plain loops over slices, which the compiler turns into wide
//! instructions.

use super::{Batch, Place};
use crate::columns::{Column, NO_DAY, NO_WORD};
use crate::dated::Dated;
use crate::day;
use crate::eval::{arith, both, share};
use crate::expr::Cmp;
use crate::node::{Node, NodeId};
use crate::schema::UNKNOWN;

impl Batch<'_> {
    pub(super) fn step(&mut self, id: NodeId, first: usize, rows: usize) {
        let nodes = &self.book.tables.nodes;
        let node = &nodes[id as usize];
        match self.places[id as usize] {
            // Operands stand before their node, so the buffer splits between them.
            Place::Truths(at) => {
                let (before, rest) = self.truths.split_at_mut(at);
                let reader = Reader {
                    places: &self.places,
                    truths: before,
                    numbers: &self.numbers,
                    rows,
                    assume: self.columns.assume,
                };
                let out = &mut rest[..rows];
                truth(
                    node,
                    out,
                    &reader,
                    self.book,
                    &self.columns.facts,
                    nodes,
                    first,
                );
            }
            Place::Numbers(at) => {
                let (before, rest) = self.numbers.split_at_mut(at);
                let reader = Reader {
                    places: &self.places,
                    truths: &self.truths,
                    numbers: before,
                    rows,
                    assume: self.columns.assume,
                };
                number(
                    node,
                    &mut rest[..rows],
                    &reader,
                    self.book,
                    &self.columns.facts,
                    first,
                );
            }
            Place::Nowhere => {}
        }
    }
}

/// The results of earlier nodes.
struct Reader<'a> {
    places: &'a [Place],
    truths: &'a [u8],
    numbers: &'a [i64],
    rows: usize,
    assume: bool,
}

impl<'a> Reader<'a> {
    fn truth(&self, id: NodeId) -> &'a [u8] {
        match self.places[id as usize] {
            Place::Truths(at) => &self.truths[at..at + self.rows],
            _ => &[],
        }
    }

    fn number(&self, id: NodeId) -> &'a [i64] {
        match self.places[id as usize] {
            Place::Numbers(at) => &self.numbers[at..at + self.rows],
            _ => &[],
        }
    }
}

fn truth(
    node: &Node,
    out: &mut [u8],
    r: &Reader<'_>,
    book: &crate::book::Rulebook,
    facts: &[Column],
    nodes: &[Node],
    first: usize,
) {
    let rows = out.len();
    match node {
        Node::Truth(t) => out.fill(t.0),
        Node::Holds(f) => match &facts[usize::from(*f)] {
            Column::Truths(v) => out.copy_from_slice(&v[first..first + rows]),
            _ => out.fill(1),
        },
        Node::Against(cmp, a, n) => match column(nodes, *a, facts, r) {
            Some(column) => against_column(*cmp, column, *n, first, out),
            None => against(*cmp, r.number(*a), *n, UNKNOWN, out),
        },
        Node::Among(a, some) => match column(nodes, *a, facts, r) {
            Some(Column::Words(v)) => among_words(&v[first..first + rows], some, out),
            Some(column) => each(out, |i| among(column.get(first + i), some)),
            None => {
                let a = r.number(*a);
                each(out, |i| among(a[i], some));
            }
        },
        Node::Compare(cmp, a, b) => compared(*cmp, r.number(*a), r.number(*b), out),
        Node::Listed(a, list, on) => {
            let (a, on) = (r.number(*a), r.number(*on));
            let list = &book.tables.lists[usize::from(*list)];
            each(out, |i| {
                if a[i] == UNKNOWN || on[i] == UNKNOWN {
                    1
                } else {
                    list.holds(a[i], on[i]).0
                }
            });
        }
        Node::Not(a) => {
            for (o, t) in out.iter_mut().zip(r.truth(*a)) {
                *o = ((t << 1) | (t >> 1)) & 3 ^ 3;
            }
        }
        Node::All(parts) => joined(parts, out, r, |a, b| a & b),
        Node::Any(parts) => joined(parts, out, r, |a, b| a | b),
        Node::ChooseTruth(c, a, b) => {
            let (c, a, b) = (r.truth(*c), r.truth(*a), r.truth(*b));
            each(out, |i| match c[i] {
                3 => a[i],
                0 => b[i],
                _ if a[i] == b[i] => a[i],
                _ => 1,
            });
        }
        Node::OtherwiseTruth(a, b, clear) => {
            let a = r.truth(*a);
            let b = b.map(|b| r.truth(b));
            let clear = clear.filter(|_| r.assume).map_or(1, |t| t.0);
            each(out, |i| match (a[i], b.map_or(1, |b| b[i])) {
                (1, 1) => clear,
                (1, derived) => derived,
                (stated, _) => stated,
            });
        }
        _ => out.fill(1),
    }
}

fn number(
    node: &Node,
    out: &mut [i64],
    r: &Reader<'_>,
    book: &crate::book::Rulebook,
    facts: &[Column],
    first: usize,
) {
    match node {
        Node::Number(n) => out.fill(*n),
        Node::Fact(f) => {
            let column = &facts[usize::from(*f)];
            for (i, o) in out.iter_mut().enumerate() {
                *o = column.get(first + i);
            }
        }
        Node::Value(v, on) => dated(&book.tables.values[*v as usize], r.number(*on), out),
        Node::Arith(op, a, b) => pairs(r.number(*a), r.number(*b), out, |a, b| arith(*op, a, b)),
        Node::Share(a, b) => pairs(r.number(*a), r.number(*b), out, share),
        Node::Larger(a, b) => pairs(r.number(*a), r.number(*b), out, |a, b| {
            both(a, b, |a, b| Some(a.max(b)))
        }),
        Node::MonthsLater(a, b) => {
            pairs(r.number(*a), r.number(*b), out, |a, b| {
                both(a, b, day::months_later)
            });
        }
        Node::FiscalYear(a) => singles(r.number(*a), out, |d| Some(day::fiscal_year(d))),
        Node::FiscalStart(a) => singles(r.number(*a), out, day::fiscal_start),
        Node::Choose(c, a, b) => {
            let (c, a, b) = (r.truth(*c), r.number(*a), r.number(*b));
            for (i, o) in out.iter_mut().enumerate() {
                *o = match c[i] {
                    3 => a[i],
                    0 => b[i],
                    _ if a[i] == b[i] => a[i],
                    _ => UNKNOWN,
                };
            }
        }
        Node::Otherwise(a, b, clear) => {
            let a = r.number(*a);
            let b = b.map(|b| r.number(b));
            let clear = clear.filter(|_| r.assume).unwrap_or(UNKNOWN);
            for (i, o) in out.iter_mut().enumerate() {
                *o = match (a[i], b.map_or(UNKNOWN, |b| b[i])) {
                    (UNKNOWN, UNKNOWN) => clear,
                    (UNKNOWN, derived) => derived,
                    (stated, _) => stated,
                };
            }
        }
        _ => out.fill(UNKNOWN),
    }
}

/// The column a node reads, where it is a fact that was not put into a buffer.
fn column<'a>(
    nodes: &[Node],
    id: NodeId,
    facts: &'a [Column],
    r: &Reader<'_>,
) -> Option<&'a Column> {
    match (&nodes[id as usize], r.places[id as usize]) {
        (Node::Fact(f), Place::Nowhere) => Some(&facts[usize::from(*f)]),
        _ => None,
    }
}

fn each(out: &mut [u8], f: impl Fn(usize) -> u8) {
    for (i, o) in out.iter_mut().enumerate() {
        *o = f(i);
    }
}

fn among(value: i64, some: &[i64]) -> u8 {
    match value {
        UNKNOWN => 1,
        v if some.contains(&v) => 3,
        _ => 0,
    }
}

fn among_words(values: &[u16], some: &[i64], out: &mut [u8]) {
    if some.len() <= 6 {
        marked(values, NO_WORD, out, |_| false);
        for s in some {
            let word = u16::try_from(*s).unwrap_or(NO_WORD - 1);
            for (o, v) in out.iter_mut().zip(values) {
                *o |= 3 * u8::from(*v == word);
            }
        }
        return;
    }
    let mut table = [0_u8; 1024];
    for s in some {
        if let Some(slot) = usize::try_from(*s).ok().and_then(|i| table.get_mut(i)) {
            *slot = 3;
        }
    }
    for (o, v) in out.iter_mut().zip(values) {
        *o = if *v == NO_WORD {
            1
        } else {
            table[usize::from(*v) & 1023]
        };
    }
}

fn against_column(cmp: Cmp, column: &Column, n: i64, first: usize, out: &mut [u8]) {
    let rows = out.len();
    match column {
        Column::Numbers(v) => against(cmp, &v[first..first + rows], n, UNKNOWN, out),
        Column::Days(v) => match i32::try_from(n) {
            Ok(n) => against(cmp, &v[first..first + rows], n, NO_DAY, out),
            Err(_) => each(out, |i| known(column.get(first + i), |x| cmp.holds(x, n))),
        },
        Column::Words(v) => match u16::try_from(n) {
            Ok(n) => against(cmp, &v[first..first + rows], n, NO_WORD, out),
            Err(_) => each(out, |i| known(column.get(first + i), |x| cmp.holds(x, n))),
        },
        _ => each(out, |i| known(column.get(first + i), |x| cmp.holds(x, n))),
    }
}

fn known(value: i64, holds: impl Fn(i64) -> bool) -> u8 {
    if value == UNKNOWN {
        1
    } else {
        3 * u8::from(holds(value))
    }
}

/// Values against a constant.
fn against<T: Copy + PartialOrd>(cmp: Cmp, values: &[T], n: T, unknown: T, out: &mut [u8]) {
    match cmp {
        Cmp::Eq => marked(values, unknown, out, |v| v == n),
        Cmp::Ne => marked(values, unknown, out, |v| v != n),
        Cmp::Lt => marked(values, unknown, out, |v| v < n),
        Cmp::Le => marked(values, unknown, out, |v| v <= n),
        Cmp::Gt => marked(values, unknown, out, |v| v > n),
        Cmp::Ge => marked(values, unknown, out, |v| v >= n),
    }
}

fn marked<T: Copy + PartialOrd>(
    values: &[T],
    unknown: T,
    out: &mut [u8],
    holds: impl Fn(T) -> bool,
) {
    for (o, v) in out.iter_mut().zip(values) {
        let missing = u8::from(*v == unknown);
        *o = (3 * u8::from(holds(*v))) & missing.wrapping_sub(1) | missing;
    }
}

fn compared(cmp: Cmp, a: &[i64], b: &[i64], out: &mut [u8]) {
    for ((o, a), b) in out.iter_mut().zip(a).zip(b) {
        *o = if *a == UNKNOWN || *b == UNKNOWN {
            1
        } else {
            3 * u8::from(cmp.holds(*a, *b))
        };
    }
}

fn joined(parts: &[NodeId], out: &mut [u8], r: &Reader<'_>, join: impl Fn(u8, u8) -> u8) {
    let mut parts = parts.iter();
    if let Some(part) = parts.next() {
        out.copy_from_slice(r.truth(*part));
    }
    for part in parts {
        for (o, t) in out.iter_mut().zip(r.truth(*part)) {
            *o = join(*o, *t);
        }
    }
}

fn pairs(a: &[i64], b: &[i64], out: &mut [i64], f: impl Fn(i64, i64) -> i64) {
    for ((o, a), b) in out.iter_mut().zip(a).zip(b) {
        *o = f(*a, *b);
    }
}

fn singles(a: &[i64], out: &mut [i64], f: impl Fn(i64) -> Option<i64>) {
    for (o, a) in out.iter_mut().zip(a) {
        *o = both(*a, 0, |a, _| f(a));
    }
}

/// A dated value for each row's day.
fn dated(dated: &Dated, days: &[i64], out: &mut [i64]) {
    out.fill(UNKNOWN);
    for row in &dated.rows {
        for (o, day) in out.iter_mut().zip(days) {
            if *day >= row.from && *day < row.to && *day != UNKNOWN {
                *o = row.value;
            }
        }
    }
}
