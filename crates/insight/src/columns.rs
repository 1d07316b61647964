//! The rows of training reports as columns in memory: every filter of the explorer is one pass.

use crate::bits::Bits;

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
pub struct Found {
    /// How many rows match.
    pub rows: u64,
    /// Sum of students over matching rows.
    pub quantity: i64,
    /// Sum of cost in cents.
    pub cost_cents: i64,
    /// Rows among them without a cost.
    pub without_cost: u64,
    /// Ids of the page's rows.
    pub page: Vec<i64>,
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

    /// Positions of the rows that match, in order.
    pub fn matching<'a>(&'a self, filter: &'a Filter) -> impl Iterator<Item = usize> + 'a {
        let kinds = filter.kinds.iter().fold(0u16, |set, k| set | 1 << k);
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

    /// Counts, sums and one page of the rows that match.
    #[must_use]
    pub fn find(
        &self,
        filter: &Filter,
        sort: Sort,
        descending: bool,
        offset: usize,
        limit: usize,
    ) -> Found {
        let mut found = Found::default();
        let mut rows: Vec<u32> = vec![];
        let all = sort != Sort::Report || descending;
        for i in self.matching(filter) {
            if all || (found.rows as usize >= offset && rows.len() < limit) {
                rows.push(i as u32);
            }
            found.rows += 1;
            if self.quantity[i] != MISSING {
                found.quantity += self.quantity[i];
            }
            if self.cost[i] == MISSING {
                found.without_cost += 1;
            } else {
                found.cost_cents += self.cost[i];
            }
        }
        if all {
            rows = self.sorted_page(rows, sort, descending, offset, limit);
        }
        found.page = rows.into_iter().map(|i| self.id[i as usize]).collect();
        found
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
    pub fn top(
        &self,
        filter: &Filter,
        column: TextColumn,
        strings: usize,
        most: usize,
    ) -> Vec<(u32, Found)> {
        let text = self.text(column);
        let mut sums: Vec<Found> = vec![Found::default(); strings];
        let mut seen = vec![];
        for i in self.matching(filter) {
            let Some(sum) = sums.get_mut(text[i] as usize) else {
                continue;
            };
            if sum.rows == 0 {
                seen.push(text[i]);
            }
            sum.rows += 1;
            sum.quantity += self.quantity[i].max(0);
            sum.cost_cents += self.cost[i].max(0);
        }
        seen.sort_unstable_by_key(|s| (std::cmp::Reverse(sums[*s as usize].rows), *s));
        seen.truncate(most);
        seen.into_iter()
            .map(|s| (s, std::mem::take(&mut sums[s as usize])))
            .collect()
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

    /// Ids of all rows that match, for export.
    #[must_use]
    pub fn ids(&self, filter: &Filter) -> Vec<i64> {
        self.matching(filter).map(|i| self.id[i]).collect()
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
mod tests {
    use super::*;

    fn columns() -> Columns {
        let mut columns = Columns::default();
        for (n, (year, cost, unit)) in [
            (2001, Some(500), 1),
            (2002, None, 2),
            (2003, Some(100), 1),
            (2003, Some(900), 3),
        ]
        .into_iter()
        .enumerate()
        {
            columns.push(&Row {
                id: 1 << 32 | (n as i64 + 1),
                fiscal_year: year,
                quantity: Some(2),
                cost_cents: cost,
                unit,
                start_day: i32::MIN,
                ..Row::default()
            });
        }
        columns
    }

    fn filter() -> Filter {
        Filter {
            datasets: vec![1],
            ..Filter::default()
        }
    }

    #[test]
    fn sums_count_what_matches_and_say_what_has_no_cost() {
        let found = columns().find(&filter(), Sort::Report, false, 0, 2);
        assert_eq!(
            (
                found.rows,
                found.quantity,
                found.cost_cents,
                found.without_cost
            ),
            (4, 8, 1500, 1)
        );
        assert_eq!(found.page, [1 << 32 | 1, 1 << 32 | 2]);
    }

    #[test]
    fn pages_of_a_sort_join_without_gap_and_missing_comes_last() {
        let all: Vec<i64> = (0..4)
            .flat_map(|offset| columns().find(&filter(), Sort::Cost, true, offset, 1).page)
            .map(|id| id & 0xff)
            .collect();
        assert_eq!(all, [4, 1, 3, 2]);
    }

    #[test]
    fn rows_of_other_data_sets_are_never_counted() {
        let other = Filter {
            datasets: vec![2],
            ..Filter::default()
        };
        assert_eq!(
            columns().find(&other, Sort::Report, false, 0, 9),
            Found::default()
        );
    }

    #[test]
    fn filters_narrow_together() {
        let mut units = Bits::below(4);
        units.insert(1);
        let narrow = Filter {
            units: Some(units),
            years: Some((2003, 2003)),
            ..filter()
        };
        assert_eq!(columns().find(&narrow, Sort::Report, false, 0, 9).rows, 1);
        let cost = Filter {
            cost: Some((0, 600)),
            ..filter()
        };
        assert_eq!(columns().find(&cost, Sort::Report, false, 0, 9).rows, 2);
    }

    #[test]
    fn the_most_frequent_strings_come_first() {
        let top = columns().top(&filter(), TextColumn::Unit, 4, 2);
        assert_eq!((top[0].0, top[0].1.rows), (1, 2));
    }
}
