//! Roll-ups: sums kept up to date with every fact, so that a question costs the size of its answer
//! and not the number of facts.

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

/// One view: the facts summed by some of the dimensions, dense, in row-major order.
#[derive(Clone, Debug)]
struct View<const M: usize> {
    dimensions: Vec<usize>,
    sizes: Vec<usize>,
    cells: Vec<Sums<M>>,
}

/// Facts of `D` dimensions and `M` measures, summed along every registered view.
#[derive(Clone, Debug)]
pub struct Rollup<const D: usize, const M: usize> {
    sizes: [usize; D],
    views: Vec<View<M>>,
}

/// A key or view that does not fit the roll-up.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum RollupError {
    /// A key is at or over the size of its dimension.
    #[error("key {key} is outside dimension {dimension}")]
    Outside {
        /// The dimension.
        dimension: usize,
        /// The key.
        key: usize,
    },
    /// No view was registered with these dimensions.
    #[error("no view has the dimensions {0:?}")]
    NoView(Vec<usize>),
}

impl<const D: usize, const M: usize> Rollup<D, M> {
    /// A roll-up whose dimensions have these sizes, with a view for each list of dimensions.
    #[must_use]
    pub fn new(sizes: [usize; D], views: &[&[usize]]) -> Self {
        let views = views
            .iter()
            .map(|dimensions| {
                let sizes: Vec<usize> = dimensions.iter().map(|d| sizes[*d]).collect();
                let cells = vec![
                    Sums {
                        count: 0,
                        measures: [0; M]
                    };
                    sizes.iter().product()
                ];
                View {
                    dimensions: dimensions.to_vec(),
                    sizes,
                    cells,
                }
            })
            .collect();
        Self { sizes, views }
    }

    /// Adds one fact.
    pub fn add(&mut self, key: [usize; D], measures: [i64; M]) -> Result<(), RollupError> {
        self.change(key, |cell| cell.add(&Sums { count: 1, measures }))
    }

    /// Takes one fact out again.
    pub fn remove(&mut self, key: [usize; D], measures: [i64; M]) -> Result<(), RollupError> {
        self.change(key, |cell| {
            cell.count = cell.count.saturating_sub(1);
            for (sum, less) in cell.measures.iter_mut().zip(measures) {
                *sum -= less;
            }
        })
    }

    fn change(&mut self, key: [usize; D], f: impl Fn(&mut Sums<M>)) -> Result<(), RollupError> {
        for (dimension, (key, size)) in key.iter().zip(self.sizes).enumerate() {
            if *key >= size {
                return Err(RollupError::Outside {
                    dimension,
                    key: *key,
                });
            }
        }
        for view in &mut self.views {
            let at = view
                .dimensions
                .iter()
                .zip(&view.sizes)
                .fold(0, |at, (d, size)| at * size + key[*d]);
            f(&mut view.cells[at]);
        }
        Ok(())
    }

    fn view(&self, dimensions: &[usize]) -> Result<&View<M>, RollupError> {
        let found = self.views.iter().find(|v| v.dimensions == dimensions);
        found.ok_or_else(|| RollupError::NoView(dimensions.to_vec()))
    }

    /// Every cell of a view that holds facts, with its keys in the view's order.
    pub fn cells(&self, dimensions: &[usize]) -> Result<Vec<(Vec<usize>, Sums<M>)>, RollupError> {
        let view = self.view(dimensions)?;
        Ok(view.filled(0, view.cells.len()).collect())
    }

    /// As [`Self::cells`], for three dimensions, without a list for each key.
    pub fn cells3(&self, dimensions: [usize; 3]) -> Result<Vec<([u32; 3], Sums<M>)>, RollupError> {
        let view = self.view(&dimensions)?;
        let (b, c) = (view.sizes[1].max(1), view.sizes[2].max(1));
        let filled = view
            .cells
            .iter()
            .enumerate()
            .filter(|(_, cell)| cell.count > 0);
        Ok(filled
            .map(|(at, cell)| {
                (
                    [(at / c / b) as u32, (at / c % b) as u32, (at % c) as u32],
                    *cell,
                )
            })
            .collect())
    }

    /// The cells of a view whose first key is fixed; keys come without it.
    pub fn slice(
        &self,
        dimensions: &[usize],
        first: usize,
    ) -> Result<Vec<(Vec<usize>, Sums<M>)>, RollupError> {
        let view = self.view(dimensions)?;
        let size = view.sizes.first().copied().unwrap_or(0);
        if first >= size {
            return Err(RollupError::Outside {
                dimension: dimensions.first().copied().unwrap_or(0),
                key: first,
            });
        }
        let step = view.cells.len() / size;
        let cells = view.filled(first * step, (first + 1) * step);
        Ok(cells
            .map(|(mut keys, sums)| {
                keys.remove(0);
                (keys, sums)
            })
            .collect())
    }
}

impl<const M: usize> View<M> {
    fn filled(&self, from: usize, to: usize) -> impl Iterator<Item = (Vec<usize>, Sums<M>)> + '_ {
        let cells = self.cells[from..to]
            .iter()
            .enumerate()
            .filter(|(_, cell)| cell.count > 0);
        cells.map(move |(i, cell)| {
            let mut at = from + i;
            let mut keys = vec![0; self.sizes.len()];
            for (key, size) in keys.iter_mut().zip(&self.sizes).rev() {
                *key = at % size;
                at /= size;
            }
            (keys, *cell)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    const SIZES: [usize; 3] = [4, 3, 5];
    const VIEWS: [&[usize]; 3] = [&[0, 1, 2], &[1, 0], &[2]];

    proptest! {
        #[test]
        fn every_write_keeps_every_view_right(
            facts in proptest::collection::vec((0usize..4, 0usize..3, 0usize..5, -100i64..100, any::<bool>()), 0..80)
        ) {
            let mut rollup: Rollup<3, 1> = Rollup::new(SIZES, &VIEWS);
            let mut kept = vec![];
            for (a, b, c, amount, take_back) in facts {
                rollup.add([a, b, c], [amount]).unwrap();
                if take_back {
                    rollup.remove([a, b, c], [amount]).unwrap();
                } else {
                    kept.push(([a, b, c], amount));
                }
                for view in VIEWS {
                    let mut wanted: BTreeMap<Vec<usize>, Sums<1>> = BTreeMap::new();
                    for (key, amount) in &kept {
                        let key = view.iter().map(|d| key[*d]).collect();
                        wanted.entry(key).or_default().add(&Sums { count: 1, measures: [*amount] });
                    }
                    let found: BTreeMap<_, _> = rollup.cells(view).unwrap().into_iter().collect();
                    prop_assert_eq!(found, wanted);
                }
            }
        }
    }

    impl Default for Rollup<3, 1> {
        fn default() -> Self {
            Self::new(SIZES, &VIEWS)
        }
    }

    #[test]
    fn a_slice_holds_the_cells_of_its_first_key() {
        let mut rollup: Rollup<3, 1> = Rollup::default();
        rollup.add([1, 2, 3], [7]).unwrap();
        rollup.add([2, 2, 3], [9]).unwrap();
        let sums = Sums {
            count: 1,
            measures: [9],
        };
        assert_eq!(rollup.slice(&[0, 1, 2], 2).unwrap(), [(vec![2, 3], sums)]);
        assert_eq!(rollup.cells3([0, 1, 2]).unwrap()[1], ([2, 2, 3], sums));
    }

    #[test]
    fn keys_and_views_that_do_not_fit_are_refused() {
        let mut rollup: Rollup<3, 1> = Rollup::default();
        assert_eq!(
            rollup.add([0, 3, 0], [1]),
            Err(RollupError::Outside {
                dimension: 1,
                key: 3
            })
        );
        assert!(rollup.cells(&[0]).is_err());
        assert!(rollup.slice(&[1, 0], 3).is_err());
    }
}
