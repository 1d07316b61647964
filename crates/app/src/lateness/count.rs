//! Planned days counted by group, and by the quarter in which they were due.

use super::Bar;
use crate::agenda::day_of;
use jiff::civil::Date;
use rustc_hash::FxHashMap;
use std::{collections::BTreeMap, sync::OnceLock};

/// Groups, each with its number, in the order in which they were named.
#[derive(Default)]
pub(super) struct Groups {
    all: Vec<(u32, Group)>,
    places: FxHashMap<u32, u32>,
}

/// What is counted of a group.
#[derive(Default)]
pub(super) struct Group {
    due: u64,
    open: u64,
    late: DaysLate,
}

/// How many are late by how many days. Counted rather than listed: a median is asked of a million.
#[derive(Default)]
struct DaysLate {
    /// By days late, up to those that are far.
    near: Vec<u32>,
    /// Days of the others.
    far: Vec<i32>,
}

/// So many days late are far: eleven years.
const FAR: usize = 4096;

impl Groups {
    /// The place of a group by its number.
    pub(super) fn place(&mut self, number: u32) -> u32 {
        let next = u32::try_from(self.all.len()).unwrap_or(0);
        let place = *self.places.entry(number).or_insert(next);
        if place == next {
            self.all.push((number, Group::default()));
        }
        place
    }

    /// Counts a planned day of the group at a place: so many days late, and whether it was not done yet.
    pub(super) fn add(&mut self, place: u32, late: i32, open: bool) {
        self.all[place as usize].1.add(late, open);
    }

    /// Bars by name, of groups in which any day was; groups of one name are one.
    pub(super) fn bars(self, name: impl Fn(u32) -> String) -> Vec<Bar> {
        let mut named: BTreeMap<String, Group> = BTreeMap::new();
        for (number, group) in self.all.into_iter().filter(|(_, g)| g.due > 0) {
            let one = named.entry(name(number)).or_default();
            one.due += group.due;
            one.open += group.open;
            one.late.take(group.late);
        }
        named.into_iter().map(|(g, of)| of.bar(g)).collect()
    }
}

/// Groups by the quarter in which the day was.
pub(super) struct Quarters {
    /// The first quarter of those kept.
    first: u32,
    all: Vec<Group>,
    /// Quarters of the days of three centuries.
    known: &'static [u16],
}

impl Default for Quarters {
    fn default() -> Self {
        Self {
            first: 0,
            all: vec![],
            known: known(),
        }
    }
}

impl Quarters {
    /// The number of the quarter of a day: four times its year, and nought to three.
    pub(super) fn of_day(&self, day: i32) -> u32 {
        let place = usize::try_from(day - FIRST).ok();
        let known = place.and_then(|n| self.known.get(n));
        u32::from(known.copied().unwrap_or_else(|| numbered(day_of(day))))
    }

    /// Counts a planned day of a quarter.
    pub(super) fn add(&mut self, quarter: u32, late: i32, open: bool) {
        let at = quarter.wrapping_sub(self.first) as usize;
        if at < self.all.len() {
            self.all[at].add(late, open);
        } else {
            self.reach(quarter);
            self.all[(quarter - self.first) as usize].add(late, open);
        }
    }

    /// Makes room for a quarter.
    fn reach(&mut self, quarter: u32) {
        if self.all.is_empty() {
            self.first = quarter;
        }
        if quarter < self.first {
            let more = (quarter..self.first).map(|_| Group::default());
            self.all.splice(0..0, more);
            self.first = quarter;
        }
        let needed = (quarter - self.first) as usize + 1;
        if needed > self.all.len() {
            self.all.resize_with(needed, Group::default);
        }
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
            self.late.add(late);
            self.open += u64::from(open);
        }
    }

    fn bar(self, group: String) -> Bar {
        Bar {
            group,
            due: self.due,
            late: self.late.count(),
            open: self.open,
            median: self.late.median(),
        }
    }
}

impl DaysLate {
    fn add(&mut self, late: i32) {
        let days = usize::try_from(late).unwrap_or(0);
        if let Some(count) = self.near.get_mut(days) {
            *count += 1;
        } else if days < FAR {
            self.near.resize((days + 1).next_power_of_two(), 0);
            self.near[days] += 1;
        } else {
            self.far.push(late);
        }
    }

    fn take(&mut self, other: Self) {
        if self.near.len() < other.near.len() {
            self.near.resize(other.near.len(), 0);
        }
        for (count, more) in self.near.iter_mut().zip(other.near) {
            *count += more;
        }
        self.far.extend(other.far);
    }

    fn near(&self) -> u64 {
        self.near.iter().copied().map(u64::from).sum()
    }

    fn count(&self) -> u64 {
        self.near() + self.far.len() as u64
    }

    /// The middle one, the later of two; nought of none.
    fn median(mut self) -> i64 {
        let mut before = self.count() / 2;
        for (days, count) in (0..).zip(&self.near) {
            if before < u64::from(*count) {
                return days;
            }
            before -= u64::from(*count);
        }
        self.far.sort_unstable();
        let far = usize::try_from(before).ok().and_then(|n| self.far.get(n));
        far.map_or(0, |days| i64::from(*days))
    }
}

/// The first day of 1900.
const FIRST: i32 = -25_567;
/// The first day of 2200.
const LAST: i32 = 84_006;

fn known() -> &'static [u16] {
    static ALL: OnceLock<Vec<u16>> = OnceLock::new();
    ALL.get_or_init(|| (FIRST..LAST).map(|n| numbered(day_of(n))).collect())
}

fn numbered(day: Date) -> u16 {
    let year = u16::try_from(day.year()).unwrap_or(0);
    year * 4 + u16::try_from((day.month() - 1) / 3).unwrap_or(0)
}

/// A quarter in words: `2026 Q1`.
pub(super) fn quarter_name(number: u32) -> String {
    format!("{} Q{}", number / 4, number % 4 + 1)
}

/// The number of a quarter as [`quarter_name`] writes it; of anything else, a number that no quarter has.
pub(super) fn asked_quarter(words: &str) -> Option<u32> {
    if words.is_empty() {
        return None;
    }
    let found = words.split_once(" Q").and_then(|(year, quarter)| {
        let quarter: u32 = quarter.parse().ok()?;
        (1..=4)
            .contains(&quarter)
            .then_some(year.parse::<u32>().ok()?.checked_mul(4)? + quarter - 1)
    });
    Some(found.unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agenda::number_of;
    use jiff::civil::date;

    #[test]
    fn a_quarter_has_three_months_and_a_name() {
        assert_eq!(day_of(FIRST), date(1900, 1, 1));
        assert_eq!(day_of(LAST), date(2200, 1, 1));
        let quarters = Quarters::default();
        let name = |y, m, d| quarter_name(quarters.of_day(number_of(date(y, m, d))));
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
        groups.place(3);
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

    #[test]
    fn the_median_is_of_the_near_and_the_far() {
        let median = |days: &[i32]| {
            let mut late = DaysLate::default();
            days.iter().for_each(|d| late.add(*d));
            (late.count(), late.median())
        };
        assert_eq!(median(&[]), (0, 0));
        assert_eq!(median(&[7]), (1, 7));
        assert_eq!(median(&[9, 1]), (2, 9));
        assert_eq!(median(&[4096, 1, 4095]), (3, 4095));
        assert_eq!(median(&[9000, 1, 4097]), (3, 4097));
        assert_eq!(median(&[9000, 5000]), (2, 9000));
    }
}
