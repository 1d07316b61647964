//! Planned days counted by group, and by the quarter in which they were due.

use super::Bar;
use crate::agenda::{day_of, number_of};
use jiff::civil::{Date, date};
use rustc_hash::FxHashMap;
use std::{collections::BTreeMap, sync::OnceLock};

/// Groups, each with its number, in the order in which they were met.
#[derive(Default)]
pub(super) struct Groups {
    all: Vec<(u32, Group)>,
    places: FxHashMap<u32, usize>,
}

/// What is counted of a group.
#[derive(Default)]
pub(super) struct Group {
    due: u64,
    open: u64,
    /// Days late, of the late ones.
    late: Vec<i32>,
}

impl Groups {
    /// The place of a group by its number.
    pub(super) fn place(&mut self, number: u32) -> usize {
        let next = self.all.len();
        let place = *self.places.entry(number).or_insert(next);
        if place == next {
            self.all.push((number, Group::default()));
        }
        place
    }

    /// The number of the group at a place.
    pub(super) fn number(&self, place: usize) -> u32 {
        self.all[place].0
    }

    /// Counts a planned day of the group at a place: so many days late, and whether it was not done yet.
    pub(super) fn add(&mut self, place: usize, late: i32, open: bool) {
        self.all[place].1.add(late, open);
    }

    /// Days counted.
    pub(super) fn due(&self) -> u64 {
        self.all.iter().map(|(_, g)| g.due).sum()
    }

    /// Bars by name; groups of one name are one.
    pub(super) fn bars(self, name: impl Fn(u32) -> String) -> Vec<Bar> {
        let mut named: BTreeMap<String, Group> = BTreeMap::new();
        for (number, group) in self.all {
            let one = named.entry(name(number)).or_default();
            one.due += group.due;
            one.open += group.open;
            one.late.extend(group.late);
        }
        named.into_iter().map(|(g, of)| of.bar(g)).collect()
    }
}

/// Groups by the quarter in which the day was.
#[derive(Default)]
pub(super) struct Quarters {
    /// The first quarter of those kept.
    first: u32,
    all: Vec<Group>,
}

impl Quarters {
    /// Counts a planned day of a quarter.
    pub(super) fn add(&mut self, quarter: u32, late: i32, open: bool) {
        if self.all.is_empty() {
            self.first = quarter;
        }
        if quarter < self.first {
            let more = (quarter..self.first).map(|_| Group::default());
            self.all.splice(0..0, more);
            self.first = quarter;
        }
        let at = (quarter - self.first) as usize;
        if at >= self.all.len() {
            self.all.resize_with(at + 1, Group::default);
        }
        self.all[at].add(late, open);
    }

    /// Bars of the quarters in which any day was, oldest first.
    pub(super) fn bars(self) -> Vec<Bar> {
        let all = (self.first..).zip(self.all);
        let met = all.filter(|(_, group)| group.due > 0);
        met.map(|(quarter, group)| group.bar(quarter_name(quarter)))
            .collect()
    }
}

impl Group {
    fn add(&mut self, late: i32, open: bool) {
        self.due += 1;
        if late > 0 {
            self.late.push(late);
            self.open += u64::from(open);
        }
    }

    fn bar(mut self, group: String) -> Bar {
        let middle = self.late.len() / 2;
        let median = match self.late.len() {
            0 => 0,
            _ => *self.late.select_nth_unstable(middle).1,
        };
        Bar {
            group,
            due: self.due,
            late: self.late.len() as u64,
            open: self.open,
            median: i64::from(median),
        }
    }
}

const FIRST: Date = date(1900, 1, 1);
const LAST: Date = date(2200, 1, 1);

/// The number of the quarter of a day: four times its year, and nought to three.
pub(super) fn quarter(day: i32) -> u32 {
    static ALL: OnceLock<Vec<u16>> = OnceLock::new();
    let first = number_of(FIRST);
    let all = ALL.get_or_init(|| {
        (first..number_of(LAST))
            .map(|n| numbered(day_of(n)))
            .collect()
    });
    let known = usize::try_from(day - first).ok().and_then(|n| all.get(n));
    u32::from(known.copied().unwrap_or_else(|| numbered(day_of(day))))
}

fn numbered(day: Date) -> u16 {
    let year = u16::try_from(day.year()).unwrap_or(0);
    year * 4 + u16::try_from((day.month() - 1) / 3).unwrap_or(0)
}

/// A quarter in words: `2026 Q1`.
pub(super) fn quarter_name(number: u32) -> String {
    format!("{} Q{}", number / 4, number % 4 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_has_three_months_and_a_name() {
        let name = |y, m, d| quarter_name(quarter(number_of(date(y, m, d))));
        assert_eq!(name(2026, 1, 1), "2026 Q1");
        assert_eq!(name(2026, 3, 31), "2026 Q1");
        assert_eq!(name(2026, 4, 1), "2026 Q2");
        assert_eq!(name(1899, 12, 31), "1899 Q4");
        assert_eq!(name(2300, 12, 31), "2300 Q4");
    }

    #[test]
    fn groups_of_one_name_are_one_bar_with_the_median_of_the_late() {
        let mut groups = Groups::default();
        for (group, late, open) in [(1, 5, true), (2, 1, false), (1, -3, false), (2, 9, false)] {
            let place = groups.place(group);
            groups.add(place, late, open);
        }
        assert_eq!(groups.due(), 4);
        let bars = groups.bars(|_| "One".to_owned());
        let wanted = Bar {
            group: "One".to_owned(),
            due: 4,
            late: 3,
            open: 1,
            median: 5,
        };
        assert_eq!(bars, [wanted]);
    }

    #[test]
    fn quarters_come_oldest_first_in_whatever_order_they_are_met() {
        let mut quarters = Quarters::default();
        for (year, late) in [(2026, 1), (2024, 2), (2025, 0), (2024, 4)] {
            quarters.add(year * 4, late, false);
        }
        let told: Vec<_> = quarters.bars().into_iter().collect();
        let told: Vec<_> = told
            .iter()
            .map(|b| (b.group.as_str(), b.due, b.late))
            .collect();
        let wanted = [("2024 Q1", 2, 2), ("2025 Q1", 1, 0), ("2026 Q1", 1, 1)];
        assert_eq!(told, wanted);
    }
}
