//! As much CBOR (RFC 8949) as a passkey's public key needs: a map of small integers to integers and byte
//! strings, in definite lengths. Anything else is refused.

use super::signature::PublicKey;

struct Reader<'a>(&'a [u8]);

enum Item<'a> {
    Int(i64),
    Bytes(&'a [u8]),
    Map(u64),
}

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(n)?;
        self.0 = tail;
        Some(head)
    }

    fn item(&mut self) -> Option<Item<'a>> {
        let first = self.take(1)?[0];
        let number = match first & 31 {
            small @ 0..=23 => u64::from(small),
            24 => u64::from(self.take(1)?[0]),
            25 => u64::from(u16::from_be_bytes(self.take(2)?.try_into().ok()?)),
            26 => u64::from(u32::from_be_bytes(self.take(4)?.try_into().ok()?)),
            _ => return None,
        };
        Some(match first >> 5 {
            0 => Item::Int(i64::try_from(number).ok()?),
            1 => Item::Int(-1 - i64::try_from(number).ok()?),
            2 => Item::Bytes(self.take(usize::try_from(number).ok()?)?),
            5 => Item::Map(number),
            _ => return None,
        })
    }
}

/// A COSE key (RFC 9052) as a public key; `None` for a kind of key we do not take. What follows the key
/// (extensions) is not looked at.
pub(crate) fn cose_key(bytes: &[u8]) -> Option<PublicKey> {
    let mut reader = Reader(bytes);
    let Item::Map(members @ 1..=8) = reader.item()? else {
        return None;
    };
    let (mut ints, mut blobs) = (vec![], vec![]);
    for _ in 0..members {
        let Item::Int(name) = reader.item()? else {
            return None;
        };
        match reader.item()? {
            Item::Int(value) => ints.push((name, value)),
            Item::Bytes(value) => blobs.push((name, value)),
            Item::Map(_) => return None,
        }
    }
    let int = |name| ints.iter().find(|(n, _)| *n == name).map(|(_, v)| *v);
    let blob = |name| blobs.iter().find(|(n, _)| *n == name).map(|(_, v)| *v);
    // kty 1, alg 3, then by kind of key: crv -1, x -2, y -3; n -1, e -2.
    match (int(1)?, int(3)?, int(-1)) {
        (2, -7, Some(1)) => PublicKey::p256(blob(-2)?, blob(-3)?),
        (1, -8, Some(6)) => Some(PublicKey::Ed25519(blob(-2)?.to_vec())),
        (3, -257, None) => PublicKey::rsa(blob(-1)?, blob(-2)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_key_is_read_and_half_a_key_is_not() {
        let mut key = vec![0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32];
        key.extend([7; 32]);
        key.extend([0x22, 0x58, 32]);
        key.extend([8; 32]);
        assert_eq!(cose_key(&key), PublicKey::p256(&[7; 32], &[8; 32]));
        for cut in 0..key.len() {
            assert_eq!(cose_key(&key[..cut]), None, "{cut}");
        }
        // The same key under the algorithm of another kind.
        key[4] = 0x27;
        assert_eq!(cose_key(&key), None);
    }

    proptest! {
        #[test]
        fn r_48_any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = cose_key(&bytes);
        }
    }
}
