//! Letters that differ between two words: insertions, deletions, replacements, neighbours changed over
//! (optimal string alignment), bit-parallel after Hyyrö (2003). Words hold at most 60 letters.

/// A word made ready to be compared with many.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    places: [u64; 37],
    length: u32,
}

fn slot(c: u8) -> usize {
    match c {
        b'a'..=b'z' => usize::from(c - b'a'),
        b'0'..=b'9' => usize::from(c - b'0') + 26,
        _ => 36,
    }
}

impl Pattern {
    pub(crate) fn new(word: &str) -> Self {
        let mut places = [0; 37];
        for (i, c) in word.bytes().take(64).enumerate() {
            places[slot(c)] |= 1 << i;
        }
        Self {
            places,
            length: u32::try_from(word.len().min(64)).unwrap_or(64),
        }
    }

    /// Letters that differ.
    pub(crate) fn distance(&self, other: &str) -> u32 {
        if self.length == 0 {
            return u32::try_from(other.len()).unwrap_or(u32::MAX);
        }
        let (mut up, mut down, mut before, mut last) = (!0u64, 0u64, 0u64, 0u64);
        let mut score = self.length;
        let end = 1u64 << (self.length - 1);
        for c in other.bytes() {
            let at = self.places[slot(c)];
            let swapped = ((!before & at) << 1) & last;
            before = ((at & up).wrapping_add(up) ^ up) | at | down | swapped;
            let more = down | !(before | up);
            let less = before & up;
            score += u32::from(more & end != 0);
            score -= u32::from(less & end != 0);
            let more = (more << 1) | 1;
            up = (less << 1) | !(before | more);
            down = more & before;
            last = at;
        }
        score
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The textbook table, slow and plain.
    fn table(a: &[u8], b: &[u8]) -> u32 {
        let mut d = vec![vec![0u32; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                d[i][j] = match (i, j) {
                    (0, n) | (n, 0) => u32::try_from(n).unwrap_or(0),
                    _ => {
                        let cost = u32::from(a[i - 1] != b[j - 1]);
                        let mut best = (d[i - 1][j] + 1)
                            .min(d[i][j - 1] + 1)
                            .min(d[i - 1][j - 1] + cost);
                        if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                            best = best.min(d[i - 2][j - 2] + 1);
                        }
                        best
                    }
                };
            }
        }
        d[a.len()][b.len()]
    }

    #[test]
    fn neighbours_changed_over_count_once() {
        assert_eq!(Pattern::new("macron").distance("marcon"), 1);
        assert_eq!(Pattern::new("").distance("abc"), 3);
    }

    proptest! {
        #[test]
        fn bits_and_table_agree(a in "[a-d0-2]{0,14}", b in "[a-d0-2]{0,14}") {
            prop_assert_eq!(Pattern::new(&a).distance(&b), table(a.as_bytes(), b.as_bytes()));
        }
    }
}
