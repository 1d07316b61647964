//! What an authenticator app shows (RFC 6238), by another road than the program's: plain HMAC over SHA-1.

use sha1::{Digest, Sha1};

/// The six digits of a base32 key at a moment in milliseconds since 1970-01-01 UTC.
#[must_use]
pub fn totp(key: &str, now_ms: i64) -> String {
    let secret = unbase32(key);
    let mut block = [0_u8; 64];
    block.iter_mut().zip(&secret).for_each(|(b, s)| *b = *s);
    let step = (now_ms / 30_000).to_be_bytes();
    let inner = Sha1::new()
        .chain_update(block.map(|b| b ^ 0x36))
        .chain_update(step)
        .finalize();
    let tag = Sha1::new()
        .chain_update(block.map(|b| b ^ 0x5c))
        .chain_update(inner)
        .finalize();
    let at = usize::from(tag[19] & 15);
    let number = u32::from_be_bytes([tag[at] & 0x7f, tag[at + 1], tag[at + 2], tag[at + 3]]);
    format!("{:06}", number % 1_000_000)
}

fn unbase32(text: &str) -> Vec<u8> {
    let (mut bits, mut buffer, mut out) = (0, 0_u32, vec![]);
    for letter in text.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            other => other.wrapping_sub(b'2') + 26,
        };
        buffer = (buffer << 5) | u32::from(value);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push((buffer >> bits) as u8);
        }
    }
    out
}
