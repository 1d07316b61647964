//! Tags of answers: 128 bits over their bytes, with a key of this process. A tag tells two versions of
//! one page apart for one reader and proves nothing to anybody, so it need not be a digest; who does
//! not know the key cannot make two pages with one tag.

/// The key.
#[derive(Clone, Copy)]
pub(crate) struct TagKey([u64; 4]);

impl std::fmt::Debug for TagKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TagKey")
    }
}

impl TagKey {
    /// A key from random bytes.
    pub(crate) fn new(random: [u8; 32]) -> Self {
        Self(std::array::from_fn(|n| word(&random[n * 8..n * 8 + 8])))
    }

    /// The tag of some bytes, quoted as in the header.
    pub(crate) fn tag(&self, bytes: &[u8]) -> String {
        let [a, b, c, d] = self.0;
        let length = bytes.len() as u64;
        let (mut left, mut right) = (a ^ length, b ^ length);
        let mut parts = bytes.chunks_exact(32);
        let mut step = |part: &[u8]| {
            left = mixed(left ^ word(&part[..8]), word(&part[8..16]) ^ c);
            right = mixed(right ^ word(&part[16..24]), word(&part[24..]) ^ d);
        };
        parts.by_ref().for_each(&mut step);
        let mut last = [0; 32];
        last[..parts.remainder().len()].copy_from_slice(parts.remainder());
        step(&last);
        let (x, y) = (mixed(left ^ c, right ^ b), mixed(right ^ d, left ^ a));
        format!("\"{x:016x}{y:016x}\"")
    }
}

fn word(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |word, byte| word << 8 | u64::from(*byte))
}

/// Both halves of a product, which every bit of both factors moves.
fn mixed(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_bit_and_the_length_change_the_tag() {
        let key = TagKey::new(std::array::from_fn(|n| (n * 37 + 11) as u8));
        let page: Vec<u8> = (0..200u8).collect();
        let mut tags = BTreeSet::from([key.tag(&page)]);
        for bit in 0..page.len() * 8 {
            let mut other = page.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            tags.insert(key.tag(&other));
        }
        for length in 0..200 {
            tags.insert(key.tag(&page[..length]));
        }
        tags.insert(TagKey::new([7; 32]).tag(&page));
        assert_eq!(tags.len(), 1 + 1600 + 200 + 1);
        assert_eq!(key.tag(&page).len(), 34);
    }
}
