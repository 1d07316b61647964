//! The rows of training reports as columns in memory: every filter of the explorer is one pass.

use crate::bits::Bits;
use std::collections::HashMap;

/// A row on its way into the columns. Numbers of strings are the caller's.
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "the names are those of the reading")]
pub struct Row {
    pub id: i64,
    pub partner: u16,
    pub fiscal_year: i16,
    pub account: u16,
    pub phase: u8,
    pub kind: u8,
    pub start_day: i32,
    pub end_day: i32,
    pub quantity: Option<i64>,
    pub cost_cents: Option<i64>,
    pub program: u32,
    pub course: u32,
    pub us_unit: u32,
    pub unit: u32,
    pub location: u32,
    pub findings: u32,
}

/// Marks a number that is missing.
pub const MISSING: i64 = i64::MIN;

/// Columns over rows, in the order they were added.
#[derive(Debug, Default)]
pub struct Columns {
    id: Vec<i64>,
    partner: Vec<u16>,
    fiscal_year: Vec<i16>,
    account: Vec<u16>,
    phase_kind: Vec<u8>,
    start_day: Vec<i32>,
    end_day: Vec<i32>,
    quantity: Vec<i64>,
    cost: Vec<i64>,
    program: Vec<u32>,
    course: Vec<u32>,
    us_unit: Vec<u32>,
    unit: Vec<u32>,
    location: Vec<u32>,
    findings: Vec<u32>,
    /// Positions of the rows of each partner, one after the other; made by [`Columns::settle`].
    partner_rows: Vec<u32>,
    /// Where each partner's positions begin.
    partner_starts: Vec<u32>,
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
    /// Numbers of programme strings.
    pub programs: Option<Bits>,
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
    /// Positions of the rows, in the order printed.
    pub rows: Vec<u32>,
    /// Sum of students over matching rows.
    pub quantity: i64,
    /// Sum of cost in cents.
    pub cost_cents: i64,
    /// Rows among them without a cost.
    pub without_cost: u64,
}

/// A string's sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows that hold it.
    pub rows: u64,
    /// Students in them.
    pub quantity: i64,
    /// Their cost in cents.
    pub cost_cents: i64,
}

impl Columns {
    /// Adds a row.
    pub fn push(&mut self, row: &Row) {
        self.id.push(row.id);
        self.partner.push(row.partner);
        self.fiscal_year.push(row.fiscal_year);
        self.account.push(row.account);
        self.phase_kind.push(row.phase << 4 | row.kind);
        self.start_day.push(row.start_day);
        self.end_day.push(row.end_day);
        self.quantity.push(row.quantity.unwrap_or(MISSING));
        self.cost.push(row.cost_cents.unwrap_or(MISSING));
        self.program.push(row.program);
        self.course.push(row.course);
        self.us_unit.push(row.us_unit);
        self.unit.push(row.unit);
        self.location.push(row.location);
        self.findings.push(row.findings);
    }

    /// Marks findings on a row by its id; rows must have been added in order of id.
    pub fn mark(&mut self, id: i64, findings: u32) {
        if let Ok(at) = self.id.binary_search(&id) {
            self.findings[at] |= findings;
        }
    }

    /// Replaces the string of a column on a row: a cell read differently from how it is printed.
    pub fn reread(&mut self, id: i64, column: TextColumn, string: u32) {
        if let Ok(at) = self.id.binary_search(&id) {
            self.text_mut(column)[at] = string;
        }
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.id.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.id.is_empty()
    }

    fn text_mut(&mut self, column: TextColumn) -> &mut Vec<u32> {
        match column {
            TextColumn::Program => &mut self.program,
            TextColumn::Course => &mut self.course,
            TextColumn::UsUnit => &mut self.us_unit,
            TextColumn::Unit => &mut self.unit,
            TextColumn::Location => &mut self.location,
        }
    }

    fn text(&self, column: TextColumn) -> &[u32] {
        match column {
            TextColumn::Program => &self.program,
            TextColumn::Course => &self.course,
            TextColumn::UsUnit => &self.us_unit,
            TextColumn::Unit => &self.unit,
            TextColumn::Location => &self.location,
        }
    }

    /// Indexes rows by partner, once all are in; partners are numbered below `partners`.
    pub fn settle(&mut self, partners: usize) {
        let mut starts = vec![0u32; partners + 2];
        let place = |p: u16| usize::from(p).min(partners);
        for partner in &self.partner {
            starts[place(*partner) + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut next = starts.clone();
        self.partner_rows = vec![0; self.partner.len()];
        for (row, partner) in (0u32..).zip(&self.partner) {
            let at = &mut next[place(*partner)];
            self.partner_rows[*at as usize] = row;
            *at += 1;
        }
        self.partner_starts = starts;
    }

    /// The rows of the only partner asked for, if one is and rows are indexed.
    fn of_partner(&self, filter: &Filter) -> Option<&[u32]> {
        let mut partners = filter.partners.as_ref()?.iter();
        let (only, more) = (partners.next(), partners.next());
        let Some(only) = only else { return Some(&[]) };
        let (from, to) = (
            self.partner_starts.get(only as usize)?,
            self.partner_starts.get(only as usize + 1)?,
        );
        if more.is_some() {
            None
        } else {
            self.partner_rows.get(*from as usize..*to as usize)
        }
    }

    /// Positions of the rows that match, in order.
    pub fn matching<'a>(&'a self, filter: &'a Filter) -> Box<dyn Iterator<Item = usize> + 'a> {
        let kinds = filter.kinds.iter().fold(0u16, |set, k| set | 1 << k);
        if let Some(rows) = self.of_partner(filter) {
            let ours = |i: &usize| filter.datasets.contains(&(self.id[*i] >> 32));
            return Box::new(
                rows.iter()
                    .map(|r| *r as usize)
                    .filter(ours)
                    .filter(move |i| self.matches(filter, kinds, *i)),
            );
        }
        Box::new(self.walk(filter, kinds))
    }

    fn walk<'a>(&'a self, filter: &'a Filter, kinds: u16) -> impl Iterator<Item = usize> + 'a {
        // Rows of a data set lie together: only their stretches are walked.
        let stretches = filter.datasets.iter().map(|d| {
            let from = self.id.partition_point(|id| *id < d << 32);
            let to = self.id.partition_point(|id| *id < (d + 1) << 32);
            from..to
        });
        stretches
            .flatten()
            .filter(move |i| self.matches(filter, kinds, *i))
    }

    fn matches(&self, filter: &Filter, kinds: u16, i: usize) -> bool {
        let kind = self.phase_kind[i] & 15;
        (kinds == 0 || kinds >> kind & 1 == 1)
            && filter.phase.is_none_or(|p| self.phase_kind[i] >> 4 == p)
            && filter
                .years
                .is_none_or(|(from, to)| (from..=to).contains(&self.fiscal_year[i]))
            && has(filter.partners.as_ref(), self.partner[i].into())
            && has(filter.accounts.as_ref(), self.account[i].into())
            && (filter.findings == 0 || self.findings[i] & filter.findings != 0)
            && filter.cost.is_none_or(|(from, to)| {
                self.cost[i] != MISSING && (from..=to).contains(&self.cost[i])
            })
            && has(filter.units.as_ref(), self.unit[i])
            && has(filter.courses.as_ref(), self.course[i])
            && has(filter.locations.as_ref(), self.location[i])
            && has(filter.us_units.as_ref(), self.us_unit[i])
            && has(filter.programs.as_ref(), self.program[i])
            && filter.anywhere.as_ref().is_none_or(|set| {
                set.has(self.unit[i])
                    || set.has(self.course[i])
                    || set.has(self.location[i])
                    || set.has(self.us_unit[i])
            })
    }

    /// Counts, sums and positions of all rows that match, in the order printed.
    #[must_use]
    pub fn matched(&self, filter: &Filter) -> Matched {
        let mut matched = Matched::default();
        self.matching(filter).for_each(|i| {
            matched.rows.push(i as u32);
            if self.quantity[i] != MISSING {
                matched.quantity += self.quantity[i];
            }
            if self.cost[i] == MISSING {
                matched.without_cost += 1;
            } else {
                matched.cost_cents += self.cost[i];
            }
        });
        matched.rows.shrink_to_fit();
        matched
    }

    /// Ids of one page of what matched.
    #[must_use]
    pub fn page(
        &self,
        matched: &Matched,
        sort: Sort,
        descending: bool,
        offset: usize,
        limit: usize,
    ) -> Vec<i64> {
        let end = offset.saturating_add(limit).min(matched.rows.len());
        let rows = match (sort, descending) {
            _ if offset >= end => vec![],
            (Sort::Report, false) => matched.rows[offset..end].to_vec(),
            _ => self.sorted_page(matched.rows.clone(), sort, descending, offset, limit),
        };
        rows.into_iter().map(|i| self.id[i as usize]).collect()
    }

    /// The page of a sort, without sorting what lies behind it. Missing values come last.
    fn sorted_page(
        &self,
        mut rows: Vec<u32>,
        sort: Sort,
        descending: bool,
        offset: usize,
        limit: usize,
    ) -> Vec<u32> {
        let key = |row: &u32| {
            let i = *row as usize;
            let value = match sort {
                Sort::Report => i64::from(*row),
                Sort::Cost => self.cost[i],
                Sort::Quantity => self.quantity[i],
                Sort::Start => {
                    if self.start_day[i] == i32::MIN {
                        MISSING
                    } else {
                        self.start_day[i].into()
                    }
                }
                Sort::Year => self.fiscal_year[i].into(),
                Sort::Partner => self.partner[i].into(),
                Sort::Account => self.account[i].into(),
                Sort::Text(column) => self.text(column)[i].into(),
            };
            let missing = value == MISSING;
            (
                missing,
                if descending {
                    value.wrapping_neg()
                } else {
                    value
                },
                *row,
            )
        };
        let end = (offset + limit).min(rows.len());
        if offset >= end {
            return vec![];
        }
        if end < rows.len() {
            rows.select_nth_unstable_by_key(end - 1, key);
            rows.truncate(end);
        }
        rows.sort_unstable_by_key(key);
        rows.split_off(offset)
    }

    /// How often each string stands in a column of the matching rows, with students and cost: most
    /// rows first.
    #[must_use]
    pub fn top(&self, matched: &Matched, column: TextColumn, most: usize) -> Vec<(u32, Tally)> {
        let text = self.text(column);
        let mut tallies: HashMap<u32, Tally> = HashMap::new();
        for row in &matched.rows {
            let i = *row as usize;
            let tally = tallies.entry(text[i]).or_default();
            tally.rows += 1;
            tally.quantity += self.quantity[i].max(0);
            tally.cost_cents += self.cost[i].max(0);
        }
        let mut all: Vec<(u32, Tally)> = tallies.into_iter().collect();
        all.sort_unstable_by_key(|(s, t)| (std::cmp::Reverse(t.rows), *s));
        all.truncate(most);
        all
    }

    /// A row as it stands in the columns.
    #[must_use]
    pub fn row(&self, id: i64) -> Option<Row> {
        let i = self.id.binary_search(&id).ok()?;
        let present = |n: i64| (n != MISSING).then_some(n);
        Some(Row {
            id,
            partner: self.partner[i],
            fiscal_year: self.fiscal_year[i],
            account: self.account[i],
            phase: self.phase_kind[i] >> 4,
            kind: self.phase_kind[i] & 15,
            start_day: self.start_day[i],
            end_day: self.end_day[i],
            quantity: present(self.quantity[i]),
            cost_cents: present(self.cost[i]),
            program: self.program[i],
            course: self.course[i],
            us_unit: self.us_unit[i],
            unit: self.unit[i],
            location: self.location[i],
            findings: self.findings[i],
        })
    }

    /// Ids of what matched, in order, for export.
    #[must_use]
    pub fn ids(&self, matched: &Matched) -> Vec<i64> {
        matched.rows.iter().map(|i| self.id[*i as usize]).collect()
    }

    /// The rows before and after an id within its data set.
    #[must_use]
    pub fn neighbours(&self, id: i64) -> (Option<i64>, Option<i64>) {
        let Ok(at) = self.id.binary_search(&id) else {
            return (None, None);
        };
        let same = |other: &i64| other >> 32 == id >> 32;
        let before = at.checked_sub(1).and_then(|i| self.id.get(i)).copied();
        (
            before.filter(same),
            self.id.get(at + 1).copied().filter(same),
        )
    }
}

/// A column of strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextColumn {
    /// Programme as printed.
    Program,
    /// Course title.
    Course,
    /// Unit that trains.
    UsUnit,
    /// Unit trained.
    Unit,
    /// Place.
    Location,
}

fn has(set: Option<&Bits>, n: u32) -> bool {
    set.is_none_or(|set| set.has(n))
}

#[cfg(test)]
mod tests;
