//! Chain of command as of a day: who stood over a unit and under it, from dated links held in memory.
//!
//! Units are numbers that the caller gives out, from 0. A link holds from its first day to the day before its
//! end, as valid time does. Several parents at once are normal, and rings in the data do no harm: a unit is reached once,
//! by the shortest way.

/// A unit's place under another for a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The unit.
    pub unit: u32,
    /// The unit above it.
    pub parent: u32,
    /// First day it held, days since 1970-01-01; the smallest number: unknown or always.
    pub from: i32,
    /// First day it no longer held; the largest number: still.
    pub to: i32,
}

impl Link {
    fn holds_on(&self, day: i32) -> bool {
        self.from <= day && day < self.to
    }
}

/// A unit reached from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The unit.
    pub unit: u32,
    /// How many links away.
    pub depth: u32,
    /// The link it was reached by: its place in the list the index was made from.
    pub link: u32,
}

/// Dated links, indexed by the unit below and by the unit above.
#[derive(Clone, Debug, Default)]
pub struct Chain {
    links: Vec<Link>,
    up: Side,
    down: Side,
}

/// For each unit the places of its links, one after the other.
#[derive(Clone, Debug, Default)]
struct Side {
    starts: Vec<u32>,
    places: Vec<u32>,
}

impl Side {
    /// Sorts the links by one of their ends, by counting.
    fn of(links: &[Link], units: usize, end: impl Fn(&Link) -> u32) -> Self {
        let mut starts = vec![0_u32; units + 1];
        for link in links {
            starts[end(link) as usize + 1] += 1;
        }
        for i in 0..units {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let mut places = vec![0; links.len()];
        for (place, link) in (0_u32..).zip(links) {
            let at = &mut next[end(link) as usize];
            places[*at as usize] = place;
            *at += 1;
        }
        Self { starts, places }
    }

    fn get(&self, unit: u32) -> &[u32] {
        let at = unit as usize;
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(from), Some(to)) => &self.places[*from as usize..*to as usize],
            _ => &[],
        }
    }
}

impl Chain {
    /// Indexes links; in time and room linear in their number and the largest number of a unit.
    #[must_use]
    pub fn build(links: Vec<Link>) -> Self {
        let largest = links.iter().map(|l| l.unit.max(l.parent)).max();
        let units = largest.map_or(0, |n| n as usize + 1);
        Self {
            up: Side::of(&links, units, |l| l.unit),
            down: Side::of(&links, units, |l| l.parent),
            links,
        }
    }

    /// The link at a place.
    #[must_use]
    pub fn link(&self, place: u32) -> Option<&Link> {
        self.links.get(place as usize)
    }

    /// Everybody over a unit on a day, nearest first; the unit itself is not among them.
    #[must_use]
    pub fn above(&self, unit: u32, day: i32) -> Vec<Step> {
        self.walk(unit, day, &self.up, |link| link.parent)
    }

    /// Everybody under a unit on a day, nearest first; the unit itself is not among them.
    #[must_use]
    pub fn below(&self, unit: u32, day: i32) -> Vec<Step> {
        self.walk(unit, day, &self.down, |link| link.unit)
    }

    fn walk(&self, unit: u32, day: i32, side: &Side, to: impl Fn(&Link) -> u32) -> Vec<Step> {
        let units = side.starts.len().saturating_sub(1);
        if unit as usize >= units {
            return vec![];
        }
        let mut seen = vec![false; units];
        seen[unit as usize] = true;
        let mut steps: Vec<Step> = vec![];
        let (mut at, mut depth, mut next) = (unit, 0, 0);
        loop {
            for &place in side.get(at) {
                let link = &self.links[place as usize];
                let other = to(link);
                if link.holds_on(day) && !std::mem::replace(&mut seen[other as usize], true) {
                    steps.push(Step {
                        unit: other,
                        depth: depth + 1,
                        link: place,
                    });
                }
            }
            let Some(step) = steps.get(next) else {
                return steps;
            };
            (at, depth) = (step.unit, step.depth);
            next += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    const EVER: (i32, i32) = (i32::MIN, i32::MAX);

    fn link(unit: u32, parent: u32, (from, to): (i32, i32)) -> Link {
        Link {
            unit,
            parent,
            from,
            to,
        }
    }

    fn units(steps: &[Step]) -> Vec<(u32, u32)> {
        steps.iter().map(|s| (s.unit, s.depth)).collect()
    }

    #[test]
    fn a_battalion_changes_its_brigade_and_the_day_tells_which() {
        // 0 army, 1 and 2 brigades, 3 battalion: under 1 to day 100, then under 2.
        let chain = Chain::build(vec![
            link(1, 0, EVER),
            link(2, 0, EVER),
            link(3, 1, (0, 100)),
            link(3, 2, (100, i32::MAX)),
        ]);
        assert_eq!(units(&chain.above(3, 99)), [(1, 1), (0, 2)]);
        assert_eq!(units(&chain.above(3, 100)), [(2, 1), (0, 2)]);
        assert_eq!(units(&chain.above(3, -1)), []);
        assert_eq!(units(&chain.below(0, 50)), [(1, 1), (2, 1), (3, 2)]);
        assert_eq!(units(&chain.below(9, 50)), []);
    }

    #[test]
    fn two_parents_at_once_are_both_there_and_a_ring_ends() {
        let chain = Chain::build(vec![link(1, 0, EVER), link(1, 2, EVER), link(0, 1, EVER)]);
        assert_eq!(units(&chain.above(1, 0)), [(0, 1), (2, 1)]);
    }

    proptest! {
        /// Against distances found by trying all links again and again.
        #[test]
        fn every_unit_is_reached_by_the_shortest_way(
            raw in prop::collection::vec((0u32..12, 0u32..12, -5i32..5, 0i32..6), 0..30),
            start in 0u32..12, day in -6i32..8,
        ) {
            let links: Vec<Link> = raw.iter().map(|(u, p, f, n)| link(*u, *p, (*f, f + n))).collect();
            let mut far: BTreeMap<u32, u32> = BTreeMap::from([(start, 0)]);
            for _ in 0..12 {
                for l in links.iter().filter(|l| l.holds_on(day)) {
                    if let Some(d) = far.get(&l.unit).copied() {
                        let known = far.entry(l.parent).or_insert(d + 1);
                        *known = (*known).min(d + 1);
                    }
                }
            }
            far.remove(&start);
            let chain = Chain::build(links);
            let above: BTreeMap<u32, u32> = units(&chain.above(start, day)).into_iter().collect();
            prop_assert_eq!(&above, &far);
            for (other, depth) in above {
                let back = chain.below(other, day);
                prop_assert!(back.iter().any(|s| s.unit == start && s.depth == depth));
            }
        }
    }
}
