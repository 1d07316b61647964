//! Proofs out of stored hashes: the leaves, and above them the root of every full run of 256, 65,536,
//! ... leaves, as C2SP `tlog-tiles` lays them out. A proof reads a few short runs, however large the
//! tree is.

use super::merkle::{CompactRange, empty_root, hash_node};
use symbolon_domain::canonical::Hash;

/// Levels of the tree between two stored rows: each stored hash stands for 256 of the row below.
pub const TILE_HEIGHT: u32 = 8;

/// Reads stored hashes: row (0 is the leaves), first, how many.
pub type ReadHashes<'a, E> = dyn FnMut(u32, u64, u64) -> Result<Vec<Hash>, E> + 'a;

/// A tree whose leaves and rows of full subtrees can be read.
pub struct StoredTree<'a, E> {
    read: &'a mut ReadHashes<'a, E>,
}

/// The largest power of two smaller than `n`, for `n > 1`.
fn split(n: u64) -> u64 {
    1 << (u64::BITS - 1 - (n - 1).leading_zeros())
}

impl<'a, E> StoredTree<'a, E> {
    /// A tree over what `read` gives. It must give exactly as many hashes as it is asked for, or fail.
    pub fn new(read: &'a mut ReadHashes<'a, E>) -> Self {
        Self { read }
    }

    /// Root of the full subtree over `width` leaves (a power of two) from `begin`, which it divides.
    fn full(&mut self, begin: u64, width: u64) -> Result<Hash, E> {
        let height = width.trailing_zeros();
        let row = height / TILE_HEIGHT;
        let each = row * TILE_HEIGHT;
        let hashes = (self.read)(row, begin >> each, width >> each)?;
        let mut range = CompactRange::default();
        hashes.into_iter().for_each(|h| range.push(h));
        Ok(range.root())
    }

    fn range(&mut self, begin: u64, end: u64) -> Result<Hash, E> {
        let n = end - begin;
        if n.is_power_of_two() {
            return self.full(begin, n);
        }
        let k = split(n);
        let left = self.full(begin, k)?;
        Ok(hash_node(&left, &self.range(begin + k, end)?))
    }

    /// Root over the first `size` leaves.
    pub fn root(&mut self, size: u64) -> Result<Hash, E> {
        if size == 0 {
            return Ok(empty_root());
        }
        self.range(0, size)
    }

    /// The right edge after `size` leaves, to go on appending.
    pub fn edge(&mut self, size: u64) -> Result<CompactRange, E> {
        let (mut edge, mut begin) = (vec![], 0);
        for bit in (0..u64::BITS).rev().filter(|b| size >> b & 1 == 1) {
            edge.push(self.full(begin, 1 << bit)?);
            begin += 1 << bit;
        }
        Ok(CompactRange::from_edge(size, edge))
    }

    /// The audit path of a leaf in the tree of `size` leaves (RFC 6962 section 2.1.1); `None` where
    /// the tree has no such leaf.
    pub fn inclusion(&mut self, index: u64, size: u64) -> Result<Option<Vec<Hash>>, E> {
        if index >= size {
            return Ok(None);
        }
        let (mut begin, mut end, mut path) = (0, size, vec![]);
        while end - begin > 1 {
            let middle = begin + split(end - begin);
            if index < middle {
                path.push(self.range(middle, end)?);
                end = middle;
            } else {
                path.push(self.range(begin, middle)?);
                begin = middle;
            }
        }
        path.reverse();
        Ok(Some(path))
    }

    /// Proof that the tree of `new` leaves begins with the tree of `old` (RFC 6962 section 2.1.2);
    /// `None` where it cannot, because `old` is none or more than `new`.
    pub fn consistency(&mut self, old: u64, new: u64) -> Result<Option<Vec<Hash>>, E> {
        if old == 0 || old > new {
            return Ok(None);
        }
        let (mut begin, mut end, mut path) = (0, new, vec![]);
        let mut whole = true;
        while end > old {
            let middle = begin + split(end - begin);
            if old <= middle {
                path.push(self.range(middle, end)?);
                end = middle;
            } else {
                path.push(self.range(begin, middle)?);
                begin = middle;
                whole = false;
            }
        }
        if !whole {
            path.push(self.range(begin, end)?);
        }
        path.reverse();
        Ok(Some(path))
    }
}

/// Whether a proof leads from the root over `old` leaves to the root over `new` (RFC 9162 section
/// 2.1.4.2).
#[must_use]
pub fn consistent(old: (u64, &Hash), new: (u64, &Hash), path: &[Hash]) -> bool {
    let ((first, first_root), (second, second_root)) = (old, new);
    if first == second {
        return path.is_empty() && first_root == second_root;
    }
    if first == 0 || first > second {
        return false;
    }
    let begun: Vec<Hash> = if first.is_power_of_two() {
        std::iter::once(*first_root)
            .chain(path.iter().copied())
            .collect()
    } else {
        path.to_vec()
    };
    let Some((seed, rest)) = begun.split_first() else {
        return false;
    };
    let (mut node, mut last) = (first - 1, second - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (mut old, mut new) = (*seed, *seed);
    for hash in rest {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            old = hash_node(hash, &old);
            new = hash_node(hash, &new);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new = hash_node(&new, hash);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && old == *first_root && new == *second_root
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{hash_leaf, inclusion_proof, root_of_proof};
    use proptest::prelude::*;
    use std::cell::Cell;
    use std::convert::Infallible;

    /// Rows of a tree, filled the way a store fills them.
    fn rows(n: u64) -> (Vec<Vec<Hash>>, CompactRange) {
        let mut rows = vec![vec![]; 4];
        let mut range = CompactRange::default();
        for i in 0..n {
            let leaf = hash_leaf(&i.to_be_bytes());
            rows[0].push(leaf);
            range.push_noting(leaf, &mut |row, number, hash| {
                assert_eq!(rows[row as usize].len() as u64, number);
                rows[row as usize].push(hash);
            });
        }
        (rows, range)
    }

    fn with<T>(
        rows: &[Vec<Hash>],
        f: impl FnOnce(&mut StoredTree<'_, Infallible>) -> T,
    ) -> (T, usize) {
        let reads = Cell::new(0);
        let mut read = |row: u32, from: u64, count: u64| {
            reads.set(reads.get() + 1);
            assert!(count <= 128, "a proof reads short runs only");
            Ok(rows[row as usize][from as usize..(from + count) as usize].to_vec())
        };
        let value = f(&mut StoredTree::new(&mut read));
        (value, reads.get())
    }

    #[test]
    fn a_large_tree_is_proved_in_few_reads() {
        let (rows, range) = rows(70_001);
        for index in [0, 255, 256, 65_535, 65_536, 70_000] {
            let (path, reads) = with(&rows, |t| t.inclusion(index, 70_001).unwrap().unwrap());
            let leaf = rows[0][index as usize];
            assert_eq!(
                root_of_proof(index, 70_001, leaf, &path),
                Some(range.root())
            );
            assert!(reads <= 34, "{reads} reads");
        }
        assert_eq!(with(&rows, |t| t.edge(70_001).unwrap()).0, range);
    }

    proptest! {
        #[test]
        fn stored_hashes_prove_what_the_leaves_prove(n in 1u64..900, a in 0u64..900, b in 1u64..900) {
            let (rows, range) = rows(n);
            let (index, old) = (a % n, 1 + b % n);
            let (path, _) = with(&rows, |t| t.inclusion(index, n).unwrap().unwrap());
            prop_assert_eq!(&path, &inclusion_proof(index as usize, &rows[0]));
            let (root, _) = with(&rows, |t| t.root(n).unwrap());
            prop_assert_eq!(root, range.root());
            let (before, _) = with(&rows, |t| t.root(old).unwrap());
            let (path, _) = with(&rows, |t| t.consistency(old, n).unwrap().unwrap());
            prop_assert!(consistent((old, &before), (n, &root), &path));
            prop_assert!(!consistent((old, &[9; 32]), (n, &root), &path));
            prop_assert!(!consistent((old, &before), (n, &[9; 32]), &path));
            prop_assert!(old == n || !consistent((old, &before), (n, &root), &path[1..]));
        }

        #[test]
        fn any_path_is_judged_without_panic(old in any::<u64>(), new in any::<u64>(), n in 0usize..70) {
            let path = vec![[1; 32]; n];
            prop_assert!(old == new || !consistent((old, &[2; 32]), (new, &[3; 32]), &path));
        }
    }
}
