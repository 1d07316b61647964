//! Blocks: the rows of one programme in one country, and the total printed for them.

use super::line::Line;
use symbolon_domain::training::{Column, RowKind};

/// A block within a section: a range of lines.
#[derive(Clone, Debug)]
pub(super) struct Work {
    pub from: usize,
    /// First line after the block.
    pub to: usize,
    /// Line of the printed total.
    pub total: Option<usize>,
    /// Whether the missing total is known to be lost with a page.
    pub page_lost: bool,
    /// Whether a cost was worked out from the printed total.
    pub deduced: bool,
}

/// Sums over the training rows of a block. Cost in cents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub rows: u32,
    pub quantity_before: i64,
    pub cost_before: i64,
    pub quantity: i64,
    pub cost: i64,
    /// Whether a row carries cents, so that the printed whole dollars are rounded.
    pub cents: bool,
}

impl Work {
    fn new(from: usize, to: usize, total: Option<usize>) -> Self {
        Self {
            from,
            to,
            total,
            page_lost: false,
            deduced: false,
        }
    }

    pub fn sums(&self, lines: &[Line]) -> Sums {
        let mut s = Sums::default();
        for l in lines[self.from..self.to].iter().filter(|l| l.training()) {
            s.rows += 1;
            s.quantity_before = s.quantity_before.saturating_add(l.quantity_before);
            s.cost_before = s.cost_before.saturating_add(l.cost_before);
            s.quantity = s.quantity.saturating_add(l.quantity.value().unwrap_or(0));
            let cost = l.cost.value().unwrap_or(0);
            s.cost = s.cost.saturating_add(cost);
            s.cents |= cost % 100 != 0;
        }
        s
    }

    /// The printed control totals: students, and cost in cents.
    pub fn printed(&self, lines: &[Line]) -> (Option<i64>, Option<i64>) {
        self.total.map_or((None, None), |t| {
            (lines[t].quantity.value(), lines[t].cost.value())
        })
    }
}

/// Whether a cost agrees with the printed whole dollars: exactly, or within a dollar where rows
/// carry cents.
pub(super) fn cost_agrees(sum: i64, cents: bool, printed: i64) -> bool {
    let off = (sum - printed).abs();
    off == 0 || (cents && off < 100)
}

/// Cuts a section into blocks and tells each line its block. A run of one country and programme is
/// one block, unless two totals are printed in it; then each total ends a block.
pub(super) fn build(lines: &[Line]) -> Vec<Work> {
    let mut out = Vec::new();
    let mut from = 0;
    while from < lines.len() {
        let mut to = from + 1;
        while to < lines.len() && same_block(&lines[from], &lines[to]) {
            to += 1;
        }
        cut(lines, from, to, &mut out);
        from = to;
    }
    out
}

fn same_block(a: &Line, b: &Line) -> bool {
    a.cell(Column::Program) == b.cell(Column::Program)
        && a.cell(Column::Country) == b.cell(Column::Country)
}

fn cut(lines: &[Line], mut from: usize, to: usize, out: &mut Vec<Work>) {
    let ours = |l: &Line| matches!(l.kind, RowKind::Training | RowKind::ProgramTotal);
    let last = (from..to)
        .rev()
        .find(|i| ours(&lines[*i]))
        .map_or(from, |i| i + 1);
    let totals: Vec<usize> = (from..last)
        .filter(|i| lines[*i].kind == RowKind::ProgramTotal)
        .collect();
    for (n, total) in totals.iter().enumerate() {
        let end = if n + 1 == totals.len() {
            last
        } else {
            total + 1
        };
        out.push(Work::new(from, end, Some(*total)));
        from = end;
    }
    if totals.is_empty() && from < last {
        out.push(Work::new(from, last, None));
    }
}
