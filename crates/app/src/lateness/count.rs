//! Planned days counted by group, and by the quarter in which they were due.

use super::Bar;
use crate::agenda::{day_of, number_of};
use jiff::civil::{Date, date};
use rustc_hash::FxHashMap;
use std::{collections::BTreeMap, sync::OnceLock};

/// Groups by their number.
#[derive(Default)]
pub(super) struct Groups(FxHashMap<u32, Group>);

/// What is counted of a group.
#[derive(Default)]
pub(super) struct Group {
    due: u64,
    open: u64,
    /// Days late, of the late ones.
    late: Vec<i32>,
}

impl Groups {
    /// Counts a planned day: so many days late, and whether it was not done yet.
    pub(super) fn add(&mut self, group: u32, late: i32, open: bool) {
        let group = self.0.entry(group).or_default();
        group.due += 1;
        if late > 0 {
            group.late.push(late);
            group.open += u64::from(open);
        }
    }

    /// Days counted.
    pub(super) fn due(&self) -> u64 {
        self.0.values().map(|g| g.due).sum()
    }

    /// Bars by name; groups of one name are one.
    pub(super) fn bars(self, name: impl Fn(u32) -> String) -> Vec<Bar> {
        let mut named: BTreeMap<String, Group> = BTreeMap::new();
        for (number, group) in self.0 {
            let one = named.entry(name(number)).or_default();
            one.due += group.due;
            one.open += group.open;
            one.late.extend(group.late);
        }
        named.into_iter().map(|(g, of)| of.bar(g)).collect()
    }
}

impl Group {
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
            groups.add(group, late, open);
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
}
