//! Roll-ups: sums kept up to date with every fact, so that a question costs the size of its answer
//! and not the number of facts.

use std::collections::{BTreeMap, btree_map};
use std::iter::Peekable;

/// What is summed in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sums<const M: usize> {
    /// How many facts.
    pub count: u64,
    /// The measures.
    pub measures: [i64; M],
}

impl<const M: usize> Default for Sums<M> {
    fn default() -> Self {
        Self {
            count: 0,
            measures: [0; M],
        }
    }
}

impl<const M: usize> Sums<M> {
    /// Adds another cell.
    pub fn add(&mut self, other: &Self) {
        self.count += other.count;
        for (sum, more) in self.measures.iter_mut().zip(other.measures) {
            *sum += more;
        }
    }

    /// Takes another cell out again.
    fn subtract(&mut self, other: &Self) {
        self.count = self.count.saturating_sub(other.count);
        for (sum, less) in self.measures.iter_mut().zip(other.measures) {
            *sum -= less;
        }
    }
}

/// One view: the facts summed by some of the dimensions. Only cells that hold facts take room; they
/// lie one behind the other in the order of their keys, so that an answer is one stretch of memory.
#[derive(Clone, Debug)]
struct View<const D: usize, const M: usize> {
    dimensions: Vec<usize>,
    /// Cells in order; one whose facts were all taken out again counts none until it is swept out.
    settled: Vec<Cell<D, M>>,
    /// Cells with new keys, until they are worth putting in their places.
    fresh: BTreeMap<[u16; D], Sums<M>>,
}

/// A key and its sums.
type Cell<const D: usize, const M: usize> = ([u16; D], Sums<M>);

impl<const D: usize, const M: usize> View<D, M> {
    fn new(dimensions: &[usize]) -> Self {
        Self {
            dimensions: dimensions.to_vec(),
            settled: vec![],
            fresh: BTreeMap::new(),
        }
    }

    fn add(&mut self, key: [u16; D], sums: &Sums<M>) {
        if let Ok(at) = self.settled.binary_search_by_key(&key, |(k, _)| *k) {
            self.settled[at].1.add(sums);
            return;
        }
        self.fresh.entry(key).or_default().add(sums);
        if self.fresh.len() > 64 + self.settled.len() / 8 {
            self.settle();
        }
    }

    fn remove(&mut self, key: [u16; D], sums: &Sums<M>) {
        if let Ok(at) = self.settled.binary_search_by_key(&key, |(k, _)| *k) {
            self.settled[at].1.subtract(sums);
        } else if let Some(cell) = self.fresh.get_mut(&key) {
            cell.subtract(sums);
            if cell.count == 0 {
                self.fresh.remove(&key);
            }
        }
    }

    /// Puts the fresh cells in their places and sweeps out the empty ones.
    fn settle(&mut self) {
        let fresh = std::mem::take(&mut self.fresh);
        self.settled.retain(|(_, sums)| sums.count > 0);
        self.settled.extend(fresh);
        // Two runs in order: the sort joins them.
        self.settled.sort_by_key(|(key, _)| *key);
    }

    /// Cells with keys between two, in order.
    fn between(&self, from: [u16; D], to: [u16; D]) -> impl Iterator<Item = (&[u16; D], &Sums<M>)> {
        let first = self.settled.partition_point(|(key, _)| *key < from);
        let last = self.settled.partition_point(|(key, _)| *key <= to);
        Joined {
            settled: &self.settled[first..last.max(first)],
            fresh: self.fresh.range(from..=to).peekable(),
            most: last.saturating_sub(first) + self.fresh.len(),
        }
    }
}

/// Settled and fresh cells in one order, without the empty ones.
struct Joined<'a, const D: usize, const M: usize> {
    settled: &'a [Cell<D, M>],
    fresh: Peekable<btree_map::Range<'a, [u16; D], Sums<M>>>,
    /// No more cells than this are left.
    most: usize,
}

impl<'a, const D: usize, const M: usize> Iterator for Joined<'a, D, M> {
    type Item = (&'a [u16; D], &'a Sums<M>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (key, sums) = match (self.settled.split_first(), self.fresh.peek()) {
                (Some(((a, _), _)), Some((b, _))) if *b < a => self.fresh.next()?,
                (None, _) => self.fresh.next()?,
                (Some(((key, sums), rest)), _) => {
                    self.settled = rest;
                    (key, sums)
                }
            };
            self.most = self.most.saturating_sub(1);
            if sums.count > 0 {
                return Some((key, sums));
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.most))
    }
}

/// Facts of `D` dimensions and `M` measures, summed along every registered view.
#[derive(Clone, Debug)]
pub struct Rollup<const D: usize, const M: usize> {
    views: Vec<View<D, M>>,
}

/// No view was registered with these dimensions.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("no view has the dimensions {0:?}")]
pub struct NoView(Vec<usize>);

impl<const D: usize, const M: usize> Rollup<D, M> {
    /// A roll-up with a view for each list of dimensions, each named once and in any order.
    #[must_use]
    pub fn new(views: &[&[usize]]) -> Self {
        let views = views.iter().map(|d| View::new(d)).collect();
        Self { views }
    }

    /// Adds one fact, or the sums of several with the same key.
    pub fn add(&mut self, key: [u16; D], sums: &Sums<M>) {
        for view in &mut self.views {
            view.add(view_key(&view.dimensions, key), sums);
        }
    }

    /// Takes facts out again that were added.
    pub fn remove(&mut self, key: [u16; D], sums: &Sums<M>) {
        for view in &mut self.views {
            view.remove(view_key(&view.dimensions, key), sums);
        }
    }

    /// Puts every cell in its place: once after a load, so that answers need not join two lists.
    pub fn settle(&mut self) {
        self.views.iter_mut().for_each(View::settle);
    }

    /// The cells of a view in the order of their keys; a key has the view's dimensions first.
    pub fn cells(
        &self,
        dimensions: &[usize],
    ) -> Result<impl Iterator<Item = (&[u16; D], &Sums<M>)>, NoView> {
        Ok(self.view(dimensions)?.between([0; D], [u16::MAX; D]))
    }

    /// The cells of a view whose first key is fixed.
    pub fn slice(
        &self,
        dimensions: &[usize],
        first: u16,
    ) -> Result<impl Iterator<Item = (&[u16; D], &Sums<M>)>, NoView> {
        let mut from = [0; D];
        let mut to = [u16::MAX; D];
        (from[0], to[0]) = (first, first);
        Ok(self.view(dimensions)?.between(from, to))
    }

    fn view(&self, dimensions: &[usize]) -> Result<&View<D, M>, NoView> {
        let found = self.views.iter().find(|v| v.dimensions == dimensions);
        found.ok_or_else(|| NoView(dimensions.to_vec()))
    }
}

fn view_key<const D: usize>(dimensions: &[usize], key: [u16; D]) -> [u16; D] {
    let mut out = [0; D];
    for (place, dimension) in out.iter_mut().zip(dimensions) {
        *place = key[*dimension];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const VIEWS: [&[usize]; 3] = [&[0, 1, 2], &[1, 0], &[2]];

    fn one(amount: i64) -> Sums<1> {
        Sums {
            count: 1,
            measures: [amount],
        }
    }

    proptest! {
        #[test]
        fn every_write_keeps_every_view_right(
            facts in proptest::collection::vec((0u16..9, 0u16..5, 0u16..9, -100i64..100, any::<bool>(), 0u8..20), 0..160)
        ) {
            let mut rollup: Rollup<3, 1> = Rollup::new(&VIEWS);
            let mut kept = vec![];
            for (a, b, c, amount, take_back, settle) in facts {
                if settle == 0 {
                    rollup.settle();
                }
                rollup.add([a, b, c], &one(amount));
                if take_back {
                    rollup.remove([a, b, c], &one(amount));
                } else {
                    kept.push(([a, b, c], amount));
                }
                for view in VIEWS {
                    let mut wanted: BTreeMap<[u16; 3], Sums<1>> = BTreeMap::new();
                    for (key, amount) in &kept {
                        wanted.entry(view_key(view, *key)).or_default().add(&one(*amount));
                    }
                    let found: Vec<_> = rollup.cells(view).unwrap().map(|(k, s)| (*k, *s)).collect();
                    prop_assert_eq!(found, wanted.into_iter().collect::<Vec<_>>());
                }
            }
        }
    }

    #[test]
    fn a_slice_holds_the_cells_of_its_first_key() {
        let mut rollup: Rollup<3, 1> = Rollup::new(&VIEWS);
        rollup.add([1, 2, 3], &one(7));
        rollup.add([2, 2, 3], &one(9));
        let slice: Vec<_> = rollup.slice(&[0, 1, 2], 2).unwrap().collect();
        assert_eq!(slice, [(&[2, 2, 3], &one(9))]);
    }

    #[test]
    fn a_view_nobody_registered_is_refused() {
        let rollup: Rollup<3, 1> = Rollup::new(&VIEWS);
        assert!(rollup.cells(&[0]).is_err());
    }
}
