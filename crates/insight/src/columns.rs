//! Rows of training reports with everything that makes a question to them quick: orders by column,
//! sums by chunk, rankings by partner. A filter joins sets of rows; no question walks all of them.

use crate::{
    bits::Bits,
    order::{MISSING, Order},
    rows::Rows,
    sums::{Chunks, Sums},
    tallies::{Tallies, Tally},
};
use std::borrow::Cow;

pub use crate::rows::{Row, TextColumn};

/// Rows and their indexes. Beside the 67 bytes of a row the indexes take about 45.
#[derive(Debug, Default)]
pub struct Columns {
    rows: Rows,
    partner: Order,
    account: Order,
    year: Order,
    cost: Order,
    quantity: Order,
    start: Order,
    course: Order,
    us_unit: Order,
    unit: Order,
    location: Order,
    /// Rows of each phase and kind there is.
    phase_kinds: Vec<(u8, Bits)>,
    /// Rows with findings, in order.
    found: Vec<u32>,
    chunks: Chunks,
    tallies: Tallies,
}

/// How many partners, accounts and strings there are: their numbers are below.
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Bounds {
    pub partners: usize,
    pub accounts: usize,
    pub strings: usize,
}

/// Which rows are wanted. An absent part does not narrow.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Data set numbers; rows of others are never counted.
    pub datasets: Vec<i64>,
    /// Kinds of row.
    pub kinds: Vec<u8>,
    /// Phases.
    pub phase: Option<u8>,
    /// Partner numbers.
    pub partners: Option<Bits>,
    /// Account numbers.
    pub accounts: Option<Bits>,
    /// First and last fiscal year.
    pub years: Option<(i16, i16)>,
    /// Numbers of course strings.
    pub courses: Option<Bits>,
    /// Numbers of strings of the training unit.
    pub us_units: Option<Bits>,
    /// Numbers of strings of the unit trained.
    pub units: Option<Bits>,
    /// Numbers of location strings.
    pub locations: Option<Bits>,
    /// Strings any of which may stand in course, unit, training unit or location.
    pub anywhere: Option<Bits>,
    /// Lowest and highest cost in cents; rows without cost fall out.
    pub cost: Option<(i64, i64)>,
    /// Findings of which a row must have one.
    pub findings: u32,
}

/// Sort column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// As printed.
    #[default]
    Report,
    /// By cost.
    Cost,
    /// By number of students.
    Quantity,
    /// By first day.
    Start,
    /// By fiscal year.
    Year,
    /// By partner number (callers number partners by name).
    Partner,
    /// By account number.
    Account,
    /// By a text column (callers number strings by their order).
    Text(TextColumn),
}

/// What a filter found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matched {
    /// Positions of the rows.
    rows: Bits,
    /// Sums over them.
    pub sums: Sums,
}

impl Matched {
    /// Bytes it takes, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.rows.words().len() * 8
    }
}

impl Columns {
    /// Indexes rows, once all are in.
    #[must_use]
    pub fn new(rows: Rows, bounds: Bounds) -> Self {
        let n = rows.len();
        let text = |column: TextColumn| {
            let text = rows.text(column);
            Order::by_number(n, bounds.strings, |i| text[i])
        };
        let partner = Order::by_number(n, bounds.partners, |i| rows.partner[i].into());
        Self {
            account: Order::by_number(n, bounds.accounts, |i| rows.account[i].into()).with_sets(),
            year: Order::by_value(n, |i| rows.fiscal_year[i].into()).ranged(),
            cost: Order::by_value(n, |i| rows.cost[i]).ranged(),
            quantity: Order::by_value(n, |i| rows.quantity[i]),
            start: Order::by_value(n, |i| rows.start(i)),
            course: text(TextColumn::Course),
            us_unit: text(TextColumn::UsUnit),
            unit: text(TextColumn::Unit),
            location: text(TextColumn::Location),
            phase_kinds: phase_kinds(&rows),
            found: (0..n as u32)
                .filter(|i| rows.findings[*i as usize] != 0)
                .collect(),
            chunks: Chunks::new(&rows),
            tallies: Tallies::new(&rows, &partner, bounds.partners, bounds.strings),
            partner,
            rows,
        }
    }

    /// The rows.
    #[must_use]
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// The rows that match, as a set, and their sums.
    #[must_use]
    pub fn matched(&self, filter: &Filter) -> Matched {
        let rows = self.wanted(filter);
        let sums = self.chunks.over(&self.rows, &rows);
        Matched { rows, sums }
    }

    fn wanted(&self, filter: &Filter) -> Bits {
        let mut wanted = self.of_datasets(&filter.datasets);
        let mut narrow = |rows: Bits| wanted.keep(&rows);
        if !filter.kinds.is_empty() || filter.phase.is_some() {
            narrow(self.of_phase_and_kind(filter));
        }
        if let Some((from, to)) = filter.years {
            narrow(self.year.between(from.into(), to.into()));
        }
        if let Some((from, to)) = filter.cost {
            narrow(self.cost.between(from, to));
        }
        if filter.findings != 0 {
            narrow(self.with_findings(filter.findings));
        }
        let by_number = [
            (&filter.partners, &self.partner),
            (&filter.accounts, &self.account),
            (&filter.units, &self.unit),
            (&filter.courses, &self.course),
            (&filter.locations, &self.location),
            (&filter.us_units, &self.us_unit),
        ];
        for (numbers, order) in by_number {
            if let Some(numbers) = numbers {
                narrow(order.rows_of_any(numbers));
            }
        }
        if let Some(strings) = &filter.anywhere {
            narrow(self.with_any(strings));
        }
        wanted
    }

    fn none(&self) -> Bits {
        Bits::below(self.rows.len())
    }

    fn of_datasets(&self, datasets: &[i64]) -> Bits {
        let mut rows = self.none();
        for dataset in datasets {
            rows.add(&Bits::stretch(self.rows.len(), self.rows.stretch(*dataset)));
        }
        rows
    }

    fn of_phase_and_kind(&self, filter: &Filter) -> Bits {
        let mut rows = self.none();
        for (phase_kind, own) in &self.phase_kinds {
            let (phase, kind) = (phase_kind >> 4, phase_kind & 15);
            if filter.phase.is_none_or(|p| p == phase)
                && (filter.kinds.is_empty() || filter.kinds.contains(&kind))
            {
                rows.add(own);
            }
        }
        rows
    }

    fn with_findings(&self, findings: u32) -> Bits {
        let mut rows = self.none();
        let wanted = |row: &&u32| self.rows.findings[**row as usize] & findings != 0;
        let found = self.found.iter().filter(wanted);
        found.for_each(|row| rows.insert(*row));
        rows
    }

    fn with_any(&self, strings: &Bits) -> Bits {
        let mut rows = self.none();
        for order in [&self.unit, &self.course, &self.location, &self.us_unit] {
            rows.add(&order.rows_of_any(strings));
        }
        rows
    }

    /// Ids of one page of what matched. Missing values come last.
    #[must_use]
    pub fn page(
        &self,
        matched: &Matched,
        sort: Sort,
        descending: bool,
        offset: usize,
        limit: usize,
    ) -> Vec<i64> {
        let count = matched.sums.rows as usize;
        let page: Vec<u32> = match self.order(sort) {
            None if descending => {
                let end = offset.saturating_add(limit).min(count);
                let rows = matched.rows.after(count - end);
                let mut rows: Vec<u32> = rows.take(end.saturating_sub(offset)).collect();
                rows.reverse();
                rows
            }
            None => matched.rows.after(offset).take(limit).collect(),
            // Few rows are sorted sooner than they are found along the order of all.
            Some(_) if count < self.rows.len() / 32 => {
                self.sorted(matched, sort, descending, offset, limit)
            }
            Some(order) => order.page((&matched.rows, count), descending, offset, limit),
        };
        page.into_iter().map(|i| self.rows.id[i as usize]).collect()
    }

    /// The order of a sort; `None` for that of the report.
    fn order(&self, sort: Sort) -> Option<&Order> {
        Some(match sort {
            Sort::Report | Sort::Text(TextColumn::Program) => return None,
            Sort::Cost => &self.cost,
            Sort::Quantity => &self.quantity,
            Sort::Start => &self.start,
            Sort::Year => &self.year,
            Sort::Partner => &self.partner,
            Sort::Account => &self.account,
            Sort::Text(TextColumn::Course) => &self.course,
            Sort::Text(TextColumn::UsUnit) => &self.us_unit,
            Sort::Text(TextColumn::Unit) => &self.unit,
            Sort::Text(TextColumn::Location) => &self.location,
        })
    }

    fn value(&self, sort: Sort, i: usize) -> i64 {
        match sort {
            Sort::Report => i as i64,
            Sort::Cost => self.rows.cost[i],
            Sort::Quantity => self.rows.quantity[i],
            Sort::Start => self.rows.start(i),
            Sort::Year => self.rows.fiscal_year[i].into(),
            Sort::Partner => self.rows.partner[i].into(),
            Sort::Account => self.rows.account[i].into(),
            Sort::Text(column) => self.rows.text(column)[i].into(),
        }
    }

    fn sorted(
        &self,
        matched: &Matched,
        sort: Sort,
        descending: bool,
        offset: usize,
        limit: usize,
    ) -> Vec<u32> {
        let mut rows: Vec<(bool, i64, u32)> = matched
            .rows
            .iter()
            .map(|row| match self.value(sort, row as usize) {
                MISSING => (true, 0, row),
                value if descending => (false, -value, row),
                value => (false, value, row),
            })
            .collect();
        let end = offset.saturating_add(limit).min(rows.len());
        if offset >= end {
            return vec![];
        }
        if end < rows.len() {
            rows.select_nth_unstable(end - 1);
            rows.truncate(end);
        }
        rows.sort_unstable();
        rows.split_off(offset)
            .into_iter()
            .map(|(_, _, row)| row)
            .collect()
    }

    /// How often each string stands in a column of the rows of training reported as done, of one
    /// partner or of all, with students and cost: most rows first.
    #[must_use]
    pub fn ranking(
        &self,
        datasets: &[i64],
        partner: Option<u16>,
        column: TextColumn,
    ) -> Cow<'_, [(u32, Tally)]> {
        self.tallies.ranking(datasets, partner, column)
    }

    /// Ids of what matched, in order, for export.
    #[must_use]
    pub fn ids(&self, matched: &Matched) -> Vec<i64> {
        let rows = matched.rows.iter();
        rows.map(|i| self.rows.id[i as usize]).collect()
    }
}

fn phase_kinds(rows: &Rows) -> Vec<(u8, Bits)> {
    let mut sets: Vec<(u8, Bits)> = vec![];
    for (row, own) in (0..).zip(&rows.phase_kind) {
        let at = sets.iter().position(|(n, _)| n == own).unwrap_or_else(|| {
            sets.push((*own, Bits::below(rows.len())));
            sets.len() - 1
        });
        sets[at].1.insert(row);
    }
    sets
}

#[cfg(test)]
mod tests;
