//! Roll-ups: sums kept up to date with every fact, so that a question costs the size of its answer
//! and not the number of facts.

use std::collections::BTreeMap;

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
}

/// One view: the facts summed by some of the dimensions. Only cells that hold facts take room; they
/// lie in the order of their keys, so that a first key is one stretch.
#[derive(Clone, Debug)]
struct View<const D: usize, const M: usize> {
    dimensions: Vec<usize>,
    cells: BTreeMap<[u16; D], Sums<M>>,
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
        let views = views
            .iter()
            .map(|d| View {
                dimensions: d.to_vec(),
                cells: BTreeMap::new(),
            })
            .collect();
        Self { views }
    }

    /// Adds one fact, or the sums of several with the same key.
    pub fn add(&mut self, key: [u16; D], sums: &Sums<M>) {
        for view in &mut self.views {
            view.cells
                .entry(view_key(&view.dimensions, key))
                .or_default()
                .add(sums);
        }
    }

    /// Takes facts out again that were added.
    pub fn remove(&mut self, key: [u16; D], sums: &Sums<M>) {
        for view in &mut self.views {
            let key = view_key(&view.dimensions, key);
            let Some(cell) = view.cells.get_mut(&key) else {
                continue;
            };
            cell.count = cell.count.saturating_sub(sums.count);
            for (sum, less) in cell.measures.iter_mut().zip(sums.measures) {
                *sum -= less;
            }
            if cell.count == 0 {
                view.cells.remove(&key);
            }
        }
    }

    /// The cells of a view in the order of their keys; a key has the view's dimensions first.
    pub fn cells(
        &self,
        dimensions: &[usize],
    ) -> Result<impl Iterator<Item = (&[u16; D], &Sums<M>)>, NoView> {
        Ok(self.view(dimensions)?.cells.iter())
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
        Ok(self.view(dimensions)?.cells.range(from..=to))
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
            facts in proptest::collection::vec((0u16..4, 0u16..3, 0u16..5, -100i64..100, any::<bool>()), 0..80)
        ) {
            let mut rollup: Rollup<3, 1> = Rollup::new(&VIEWS);
            let mut kept = vec![];
            for (a, b, c, amount, take_back) in facts {
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
                    let found: BTreeMap<_, _> = rollup.cells(view).unwrap().map(|(k, s)| (*k, *s)).collect();
                    prop_assert_eq!(found, wanted);
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
