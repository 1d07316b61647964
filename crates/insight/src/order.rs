//! The order of rows by one column: the rows of each value, ranges of values as sets of rows, and
//! pages of a sort without sorting.

use crate::bits::Bits;

/// Marks a value that is missing.
pub const MISSING: i64 = i64::MIN;

/// Sets of rows kept along an order, so that a range of values is two sets and a few rows.
const MARKS: usize = 16;

/// A value is frequent if more than one row in so many has it.
const FREQUENT: usize = 64;

/// Rows by value, those of one value in the order of the rows. Missing values come last.
#[derive(Debug, Default)]
pub struct Order {
    /// Rows, one value after the other.
    rows: Vec<u32>,
    /// Where the rows of each value begin; the last values are "missing" and the end.
    starts: Vec<u32>,
    /// The values, in order; empty where values are numbered from 0 already.
    values: Vec<i64>,
    /// The first rows of the order as sets, in equal steps; empty where no ranges are asked.
    marks: Vec<Bits>,
    /// The rows of frequent values, as sets.
    sets: Vec<(u32, Bits)>,
}

impl Order {
    /// Rows by values that are numbered from 0 and below `bound`.
    #[must_use]
    pub fn by_number(rows: usize, bound: usize, number: impl Fn(usize) -> u32) -> Self {
        let place = |i: usize| (number(i) as usize).min(bound);
        let mut starts = vec![0u32; bound + 2];
        (0..rows).for_each(|i| starts[place(i) + 1] += 1);
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut next = starts.clone();
        let mut order = vec![0; rows];
        for i in 0..rows {
            let at = &mut next[place(i)];
            order[*at as usize] = i as u32;
            *at += 1;
        }
        Self {
            rows: order,
            starts,
            ..Self::default()
        }
    }

    /// Rows by any values.
    #[must_use]
    pub fn by_value(rows: usize, value: impl Fn(usize) -> i64) -> Self {
        let mut values: Vec<i64> = (0..rows).map(&value).filter(|v| *v != MISSING).collect();
        values.sort_unstable();
        values.dedup();
        values.shrink_to_fit();
        let number = |i: usize| {
            let value = value(i);
            if value == MISSING {
                values.len() as u32
            } else {
                values.partition_point(|v| *v < value) as u32
            }
        };
        let order = Self::by_number(rows, values.len(), number);
        Self { values, ..order }
    }

    /// The same, ready for ranges of values.
    #[must_use]
    pub fn ranged(mut self) -> Self {
        let mut set = Bits::below(self.rows.len());
        for n in 0..MARKS {
            self.marks.push(set.clone());
            let (from, to) = (self.mark_at(n), self.mark_at(n + 1));
            self.rows[from..to].iter().for_each(|r| set.insert(*r));
        }
        self.marks.push(set);
        self
    }

    /// The same, with the rows of frequent values at hand as sets.
    #[must_use]
    pub fn with_sets(mut self) -> Self {
        for number in 0..self.starts.len() as u32 {
            let own = self.rows_of(number);
            if own.len() > self.rows.len() / FREQUENT {
                let mut set = Bits::below(self.rows.len());
                own.iter().for_each(|row| set.insert(*row));
                self.sets.push((number, set));
            }
        }
        self
    }

    /// Where in the order a mark stands.
    fn mark_at(&self, mark: usize) -> usize {
        self.rows.len() * mark / MARKS
    }

    /// The rows of a numbered value, in order.
    #[must_use]
    pub fn rows_of(&self, number: u32) -> &[u32] {
        let n = number as usize;
        let (Some(from), Some(to)) = (self.starts.get(n), self.starts.get(n + 1)) else {
            return &[];
        };
        &self.rows[*from as usize..*to as usize]
    }

    /// The rows of any of these numbered values.
    #[must_use]
    pub fn rows_of_any(&self, numbers: &Bits) -> Bits {
        let mut rows = Bits::below(self.rows.len());
        for number in numbers.iter() {
            match self.sets.iter().find(|(n, _)| *n == number) {
                Some((_, set)) => rows.add(set),
                None => self.rows_of(number).iter().for_each(|r| rows.insert(*r)),
            }
        }
        rows
    }

    /// The rows whose value lies between two, both included.
    #[must_use]
    pub fn between(&self, from: i64, to: i64) -> Bits {
        let start = |n: usize| self.starts.get(n).map_or(0, |s| *s as usize);
        let first = start(self.values.partition_point(|v| *v < from));
        let last = start(self.values.partition_point(|v| *v <= to)).max(first);
        let mut rows = self.first(last);
        rows.drop_all(&self.first(first));
        rows
    }

    /// So many first rows of the order, as a set: the nearest mark, and what lies between.
    fn first(&self, count: usize) -> Bits {
        let step = (self.rows.len() / MARKS).max(1);
        let mark = (count + step / 2) / step;
        let mark = mark.min(self.marks.len().saturating_sub(1));
        let at = self.mark_at(mark);
        let Some(mut rows) = self.marks.get(mark).cloned() else {
            let mut rows = Bits::below(self.rows.len());
            self.rows[..count].iter().for_each(|r| rows.insert(*r));
            return rows;
        };
        if at <= count {
            self.rows[at..count].iter().for_each(|r| rows.insert(*r));
        } else {
            self.rows[count..at].iter().for_each(|r| rows.remove(*r));
        }
        rows
    }

    /// The groups of equal value in the order asked for; the missing ones last either way.
    fn groups(&self, descending: bool) -> impl DoubleEndedIterator<Item = &[u32]> {
        let missing = self.starts.len().saturating_sub(2);
        (0..=missing).map(move |n| {
            let turned = descending && n < missing;
            self.rows_of(if turned { missing - 1 - n } else { n } as u32)
        })
    }

    /// A page of the wanted rows in the order of their values, rows of one value as they stand. It
    /// is walked from the nearer end; `count` says how many are wanted in all.
    #[must_use]
    pub fn page(
        &self,
        (wanted, count): (&Bits, usize),
        descending: bool,
        offset: usize,
        limit: usize,
    ) -> Vec<u32> {
        let end = offset.saturating_add(limit).min(count);
        let Some(most) = end.checked_sub(offset) else {
            return vec![];
        };
        let groups = self.groups(descending);
        if offset <= count / 2 {
            let rows = groups.flatten().copied().filter(|r| wanted.has(*r));
            return rows.skip(offset).take(most).collect();
        }
        let rows = groups.rev().flat_map(|g| g.iter().rev().copied());
        let rows = rows.filter(|r| wanted.has(*r)).skip(count - end).take(most);
        let mut rows: Vec<u32> = rows.collect();
        rows.reverse();
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_range_holds_what_a_walk_over_all_rows_finds(
            values in proptest::collection::vec(prop_oneof![Just(MISSING), -5i64..20], 0..300),
            from in -8i64..22, to in -8i64..22, marked in any::<bool>(),
        ) {
            let order = Order::by_value(values.len(), |i| values[i]);
            let order = if marked { order.ranged() } else { order };
            let wanted: Vec<u32> = (0u32..).zip(&values)
                .filter(|(_, v)| **v != MISSING && (from..=to).contains(*v)).map(|(i, _)| i).collect();
            prop_assert_eq!(order.between(from, to).iter().collect::<Vec<_>>(), wanted);
        }

        #[test]
        fn a_page_is_the_part_of_a_full_sort(
            values in proptest::collection::vec((prop_oneof![Just(MISSING), -5i64..9], any::<bool>()), 0..200),
            descending in any::<bool>(), offset in 0usize..220, limit in 0usize..30,
        ) {
            let order = Order::by_value(values.len(), |i| values[i].0);
            let mut wanted = Bits::below(values.len());
            let mut all: Vec<u32> = (0..values.len() as u32).filter(|i| values[*i as usize].1).collect();
            all.iter().for_each(|i| wanted.insert(*i));
            all.sort_by_key(|i| {
                let value = values[*i as usize].0;
                (value == MISSING, if descending { value.wrapping_neg() } else { value }, *i)
            });
            let page: Vec<u32> = all.iter().copied().skip(offset).take(limit).collect();
            prop_assert_eq!(order.page((&wanted, all.len()), descending, offset, limit), page);
        }
    }

    #[test]
    fn the_rows_of_a_number_stand_in_order() {
        let numbers = [2, 0, 2, 9, 1];
        let order = Order::by_number(5, 3, |i| numbers[i]);
        assert_eq!(order.rows_of(2), [0, 2]);
        assert_eq!(order.rows_of(8), [0u32; 0]);
        assert_eq!(
            order.page((&Bits::stretch(5, 0..5), 5), false, 0, 9),
            [1, 4, 0, 2, 3]
        );
    }
}
