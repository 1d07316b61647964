//! The hash tree of RFC 6962 section 2.1: SHA-256, leaf prefix 0x00, node prefix 0x01.

use super::tiles::TILE_HEIGHT;
use sha2::{Digest, Sha256};
use symbolon_domain::canonical::Hash;

/// Hash of a leaf's bytes.
#[must_use]
pub fn hash_leaf(bytes: &[u8]) -> Hash {
    Sha256::new()
        .chain_update([0])
        .chain_update(bytes)
        .finalize()
        .into()
}

/// Hash of an inner node.
#[must_use]
pub fn hash_node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// The root of a tree without leaves.
#[must_use]
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// The right edge of a growing tree: enough to append and to know the root, in 64 hashes at most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompactRange {
    size: u64,
    /// Roots of the full subtrees, largest first.
    edge: Vec<Hash>,
}

impl CompactRange {
    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// A right edge that was stored: one full subtree for each set bit of the size, largest first.
    pub(crate) fn from_edge(size: u64, edge: Vec<Hash>) -> Self {
        debug_assert_eq!(size.count_ones() as usize, edge.len());
        Self { size, edge }
    }

    /// Adds a leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        self.push_noting(leaf, &mut |_, _, _| {});
    }

    /// Adds a leaf hash and tells each full subtree that is to be stored: its row (1 stands for 256
    /// leaves, 2 for 65,536), its number in the row, its root.
    pub fn push_noting(&mut self, leaf: Hash, note: &mut dyn FnMut(u32, u64, Hash)) {
        let mut node = leaf;
        let mut height = 0;
        while self.size >> height & 1 == 1 {
            // INVARIANT: one edge hash for each set bit of the size.
            let Some(left) = self.edge.pop() else { break };
            node = hash_node(&left, &node);
            height += 1;
            if height % TILE_HEIGHT == 0 {
                note(height / TILE_HEIGHT, self.size >> height, node);
            }
        }
        self.edge.push(node);
        self.size += 1;
    }

    /// The root over all leaves so far.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut hashes = self.edge.iter().rev();
        let Some(last) = hashes.next() else {
            return empty_root();
        };
        hashes.fold(*last, |right, left| hash_node(left, &right))
    }
}

/// Root over rows that stream past: hashes each row's bytes as a leaf.
#[derive(Clone, Debug, Default)]
pub struct RootBuilder(CompactRange);

impl RootBuilder {
    /// Adds a row.
    pub fn push(&mut self, row: &[u8]) {
        self.0.push(hash_leaf(row));
    }

    /// Rows so far.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.0.size()
    }

    /// The root, hexadecimal.
    #[must_use]
    pub fn root(&self) -> String {
        hex::encode(self.0.root())
    }
}

/// Root over a slice of leaf hashes.
fn subtree(leaves: &[Hash]) -> Hash {
    let mut range = CompactRange::default();
    for leaf in leaves {
        range.push(*leaf);
    }
    range.root()
}

/// The largest power of two smaller than `n`, for `n > 1`.
fn split(n: usize) -> usize {
    1 << (usize::BITS - 1 - (n - 1).leading_zeros())
}

/// The audit path of RFC 6962 section 2.1.1 for the leaf at `index` in the tree over `leaves`.
#[must_use]
pub fn inclusion_proof(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() <= 1 || index >= leaves.len() {
        return vec![];
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut path, other) = if index < k {
        (inclusion_proof(index, left), subtree(right))
    } else {
        (inclusion_proof(index - k, right), subtree(left))
    };
    path.push(other);
    path
}

/// The root that a leaf and its audit path lead to in a tree of `size` leaves; `None` where the
/// path has the wrong length (RFC 9162 section 2.1.3.2).
#[must_use]
pub fn root_of_proof(index: u64, size: u64, leaf: Hash, path: &[Hash]) -> Option<Hash> {
    if index >= size {
        return None;
    }
    let (mut node, mut last, mut hash) = (index, size - 1, leaf);
    for sibling in path {
        if last == 0 {
            return None;
        }
        if node & 1 == 1 || node == last {
            hash = hash_node(sibling, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = hash_node(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn leaves(n: usize) -> Vec<Hash> {
        (0..n).map(|i| hash_leaf(&i.to_be_bytes())).collect()
    }

    #[test]
    fn roots_follow_the_test_vectors_of_certificate_transparency() {
        let inputs: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let mut tree = RootBuilder::default();
        assert_eq!(
            tree.root(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        tree.push(inputs[0]);
        assert_eq!(
            tree.root(),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
        );
        for input in &inputs[1..] {
            tree.push(input);
        }
        assert_eq!(
            tree.root(),
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
        );
    }

    proptest! {
        #[test]
        fn every_leaf_is_proved_and_no_other(n in 1usize..70, pick in 0usize..70) {
            let leaves = leaves(n);
            let index = pick % n;
            let path = inclusion_proof(index, &leaves);
            let root = subtree(&leaves);
            prop_assert_eq!(root_of_proof(index as u64, n as u64, leaves[index], &path), Some(root));
            prop_assert_ne!(root_of_proof(index as u64, n as u64, hash_leaf(b"other"), &path), Some(root));
        }
    }
}
