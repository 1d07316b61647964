//! A set of small numbers, one bit each.

/// A set of numbers below a bound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bits(Vec<u64>);

impl Bits {
    /// An empty set of numbers below `bound`.
    #[must_use]
    pub fn below(bound: usize) -> Self {
        Self(vec![0; bound.div_ceil(64)])
    }

    /// The numbers of a stretch, as a set of numbers below `bound`.
    #[must_use]
    pub fn stretch(bound: usize, stretch: std::ops::Range<usize>) -> Self {
        let mut bits = Self::below(bound);
        let (from, to) = (stretch.start, stretch.end.min(bound));
        let (first, last) = (from.div_ceil(64), to / 64);
        if first <= last {
            bits.0[first..last].fill(u64::MAX);
            (from..first * 64).for_each(|n| bits.insert(n as u32));
            (last * 64..to).for_each(|n| bits.insert(n as u32));
        } else {
            (from..to).for_each(|n| bits.insert(n as u32));
        }
        bits
    }

    /// Adds a number; numbers at or over the bound are passed over.
    pub fn insert(&mut self, n: u32) {
        if let Some(word) = self.0.get_mut(n as usize / 64) {
            *word |= 1 << (n % 64);
        }
    }

    /// Takes a number out.
    pub fn remove(&mut self, n: u32) {
        if let Some(word) = self.0.get_mut(n as usize / 64) {
            *word &= !(1 << (n % 64));
        }
    }

    /// Whether the number is in the set.
    #[must_use]
    pub fn has(&self, n: u32) -> bool {
        self.0
            .get(n as usize / 64)
            .is_some_and(|word| word >> (n % 64) & 1 == 1)
    }

    /// Keeps what is in both.
    pub fn keep(&mut self, other: &Self) {
        let shared = self.0.len().min(other.0.len());
        for (word, both) in self.0.iter_mut().zip(&other.0) {
            *word &= both;
        }
        self.0[shared..].fill(0);
    }

    /// Adds what is in the other.
    pub fn add(&mut self, other: &Self) {
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    /// Takes out what is in the other.
    pub fn drop_all(&mut self, other: &Self) {
        for (word, less) in self.0.iter_mut().zip(&other.0) {
            *word &= !less;
        }
    }

    /// How many are in the set.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.iter().map(|w| w.count_ones() as usize).sum()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|w| *w == 0)
    }

    /// The numbers in the set, smallest first.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.after(0)
    }

    /// The numbers in the set behind the first `skipped` of them, smallest first.
    pub fn after(&self, mut skipped: usize) -> impl Iterator<Item = u32> + '_ {
        let mut at = 0;
        while let Some(word) = self.0.get(at)
            && word.count_ones() as usize <= skipped
        {
            skipped -= word.count_ones() as usize;
            at += 1;
        }
        let words = (at as u32..).zip(self.0.iter().skip(at));
        words
            .flat_map(|(i, word)| Ones(*word).map(move |b| i * 64 + b))
            .skip(skipped)
    }

    /// The words that hold the set, 64 numbers each.
    #[must_use]
    pub fn words(&self) -> &[u64] {
        &self.0
    }
}

/// The places of the ones in a word.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ones(pub(crate) u64);

impl Iterator for Ones {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        if self.0 == 0 {
            return None;
        }
        let place = self.0.trailing_zeros();
        self.0 &= self.0 - 1;
        Some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn what_goes_in_comes_out() {
        let mut bits = Bits::below(130);
        for n in [0, 63, 64, 129, 500] {
            bits.insert(n);
        }
        assert_eq!(bits.iter().collect::<Vec<_>>(), [0, 63, 64, 129]);
        assert_eq!(bits.len(), 4);
        assert!(!bits.has(1) && bits.has(129) && !bits.has(500));
        bits.remove(64);
        assert_eq!(bits.after(1).collect::<Vec<_>>(), [63, 129]);
    }

    proptest! {
        #[test]
        fn a_stretch_holds_each_of_its_numbers(from in 0usize..300, len in 0usize..300, bound in 0usize..400) {
            let wanted: Vec<u32> = (from..(from + len).min(bound)).map(|n| n as u32).collect();
            let bits = Bits::stretch(bound, from..from + len);
            prop_assert_eq!(bits.iter().collect::<Vec<_>>(), wanted);
        }

        #[test]
        fn sets_join_part_and_are_counted_as_sets_are(
            a in proptest::collection::btree_set(0u32..400, 0..200),
            b in proptest::collection::btree_set(0u32..400, 0..200),
            skipped in 0usize..220,
        ) {
            let bits = |set: &BTreeSet<u32>| {
                let mut bits = Bits::below(400);
                set.iter().for_each(|n| bits.insert(*n));
                bits
            };
            let list = |bits: &Bits| bits.iter().collect::<BTreeSet<u32>>();
            let (x, y) = (bits(&a), bits(&b));
            let (mut both, mut any, mut only) = (x.clone(), x.clone(), x.clone());
            both.keep(&y);
            any.add(&y);
            only.drop_all(&y);
            prop_assert_eq!(list(&both), &a & &b);
            prop_assert_eq!(list(&any), &a | &b);
            prop_assert_eq!(list(&only), &a - &b);
            prop_assert_eq!(x.after(skipped).collect::<Vec<_>>(), a.iter().copied().skip(skipped).collect::<Vec<_>>());
        }
    }
}
