//! Sums of students and cost over any set of rows, many rows at once.

use crate::{
    bits::{Bits, Ones},
    order::MISSING,
    rows::Rows,
};

/// Sums over rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Rows.
    pub rows: u64,
    /// Students in them.
    pub quantity: i64,
    /// Their cost in cents.
    pub cost_cents: i64,
    /// Rows among them without a cost.
    pub without_cost: u64,
}

impl Sums {
    /// Adds a row. Without a branch: which rows lack a value cannot be foretold.
    fn count(&mut self, rows: &Rows, i: usize) {
        let present = |n: i64| n & -i64::from(n != MISSING);
        self.rows += 1;
        self.quantity += present(rows.quantity[i]);
        self.cost_cents += present(rows.cost[i]);
        self.without_cost += u64::from(rows.cost[i] == MISSING);
    }

    /// Adds other sums.
    fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.quantity += other.quantity;
        self.cost_cents += other.cost_cents;
        self.without_cost += other.without_cost;
    }

    /// Takes other sums away.
    fn subtract(&mut self, other: &Self) {
        self.rows -= other.rows;
        self.quantity -= other.quantity;
        self.cost_cents -= other.cost_cents;
        self.without_cost -= other.without_cost;
    }
}

/// Words of a chunk of rows, and rows in it.
const WORDS: usize = 64;
const CHUNK: usize = WORDS * 64;

/// With fewer rows than this in a chunk, each is visited.
const FEW: u64 = 256;

/// A bit of every row of a chunk.
type Plane = [u64; WORDS];

/// A measure of the rows of a chunk, cut into bits: the sum over any rows is a few counts of bits,
/// and takes a fraction of the memory of the values.
#[derive(Debug)]
struct Measure {
    /// The least value; the planes hold what is above it.
    least: i64,
    /// What one stands for.
    unit: i64,
    /// Which rows have a value.
    present: Plane,
    /// Bits of the values, lowest first.
    planes: Vec<Plane>,
}

impl Measure {
    fn new(values: &[i64]) -> Self {
        let there = || values.iter().copied().filter(|v| *v != MISSING);
        let least = there().min().unwrap_or(0);
        let above = |v: i64| v.wrapping_sub(least).cast_unsigned();
        // Costs are whole dollars nearly everywhere.
        let unit: u64 = if there().all(|v| above(v) % 100 == 0) {
            100
        } else {
            1
        };
        let bits = there().map(|v| 64 - (above(v) / unit).leading_zeros());
        let mut planes = vec![[0; WORDS]; bits.max().unwrap_or(0) as usize];
        let mut present = [0; WORDS];
        for (i, value) in values.iter().enumerate().filter(|(_, v)| **v != MISSING) {
            let (word, bit) = (i / 64, 1 << (i % 64));
            present[word] |= bit;
            Ones(above(*value) / unit).for_each(|plane| planes[plane as usize][word] |= bit);
        }
        Self {
            least,
            unit: unit.cast_signed(),
            present,
            planes,
        }
    }

    /// The sum over the wanted rows, and how many of them have a value.
    fn over(&self, wanted: &Plane) -> (i64, u64) {
        let there = common(&self.present, wanted);
        let mut sum = 0i64;
        for (n, plane) in self.planes.iter().enumerate() {
            sum = sum.wrapping_add(common(plane, wanted).cast_signed() << n);
        }
        let least = self.least.wrapping_mul(there.cast_signed());
        (sum.wrapping_mul(self.unit).wrapping_add(least), there)
    }
}

/// How many bits two planes have in common.
fn common(a: &Plane, b: &Plane) -> u64 {
    let both = a
        .iter()
        .zip(b)
        .map(|(a, b)| u64::from((a & b).count_ones()));
    both.sum()
}

#[derive(Debug)]
struct Chunk {
    sums: Sums,
    quantity: Measure,
    cost: Measure,
}

impl Chunk {
    fn over(&self, wanted: &Plane, count: u64) -> Sums {
        let (quantity, _) = self.quantity.over(wanted);
        let (cost_cents, with_cost) = self.cost.over(wanted);
        Sums {
            rows: count,
            quantity,
            cost_cents,
            without_cost: count - with_cost,
        }
    }
}

/// What sums over any set of rows are made of, chunk by chunk.
#[derive(Debug, Default)]
pub(crate) struct Chunks(Vec<Chunk>);

impl Chunks {
    pub(crate) fn new(rows: &Rows) -> Self {
        let parts = rows.quantity.chunks(CHUNK).zip(rows.cost.chunks(CHUNK));
        let chunks = (0..).step_by(CHUNK).zip(parts);
        let chunk = |(first, (quantity, cost)): (usize, (&[i64], &[i64]))| {
            let mut sums = Sums::default();
            (first..first + cost.len()).for_each(|i| sums.count(rows, i));
            Chunk {
                sums,
                quantity: Measure::new(quantity),
                cost: Measure::new(cost),
            }
        };
        Self(chunks.map(chunk).collect())
    }

    /// Sums over the rows of a set: of a chunk all, those that few are in or few are missing from by
    /// visiting them, any others by their bits.
    pub(crate) fn over(&self, rows: &Rows, wanted: &Bits) -> Sums {
        let mut all = Sums::default();
        let parts = (0..).step_by(CHUNK).zip(wanted.words().chunks(WORDS));
        for ((first, words), chunk) in parts.zip(&self.0) {
            let count: u64 = words.iter().map(|w| u64::from(w.count_ones())).sum();
            let (many, few) = (count + FEW > chunk.sums.rows, count < FEW);
            if many {
                all.add(&chunk.sums);
                let end = first + chunk.sums.rows as usize;
                let others = places(first, words, true).filter(|i| *i < end);
                let mut less = Sums::default();
                others.for_each(|i| less.count(rows, i));
                all.subtract(&less);
            } else if few {
                places(first, words, false).for_each(|i| all.count(rows, i));
            } else {
                let mut plane = [0; WORDS];
                plane[..words.len()].copy_from_slice(words);
                all.add(&chunk.over(&plane, count));
            }
        }
        all
    }
}

/// The places of the ones in words, or of the zeros.
fn places(first: usize, words: &[u64], zeros: bool) -> impl Iterator<Item = usize> + '_ {
    let flip = if zeros { u64::MAX } else { 0 };
    let words = (first..).step_by(64).zip(words);
    words.flat_map(move |(at, word)| Ones(word ^ flip).map(move |b| at + b as usize))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::Row;
    use proptest::prelude::*;

    fn value() -> impl Strategy<Value = Option<i64>> {
        prop_oneof![
            1 => Just(None),
            3 => (-500i64..9_000_000).prop_map(Some),
            3 => (0i64..5_000_000).prop_map(|d| Some(d * 100)),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        #[test]
        fn sums_over_any_rows_are_those_of_a_walk(
            values in proptest::collection::vec((value(), value()), 1..60),
            count in 0usize..9000, one_in in 1u64..70, but in any::<bool>(), seed in any::<u64>(),
        ) {
            let mut rows = Rows::default();
            let mut wanted = Bits::below(count);
            let (mut walked, mut random) = (Sums::default(), seed | 1);
            for i in 0..count {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let (quantity, cost_cents) = values[(random >> 40) as usize % values.len()];
                rows.push(&Row { id: i as i64, quantity, cost_cents, ..Row::default() });
                if ((random >> 33) % one_in == 0) != but {
                    wanted.insert(i as u32);
                    walked.rows += 1;
                    walked.quantity += quantity.unwrap_or(0);
                    walked.cost_cents += cost_cents.unwrap_or(0);
                    walked.without_cost += u64::from(cost_cents.is_none());
                }
            }
            prop_assert_eq!(Chunks::new(&rows).over(&rows, &wanted), walked);
        }
    }
}
