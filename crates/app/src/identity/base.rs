//! Encodings of identity protocols: base64url without padding (RFC 4648 section 5), base32 of secrets.

use base64ct::{Base64UrlUnpadded, Encoding};

/// Bytes as base64url.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// Bytes from base64url; `None` where it is none, with padding or with stray bits at its end.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}

/// Bytes in base32 (RFC 4648 section 6) without padding, as authenticator apps read keys.
pub(crate) fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut out = String::new();
    let (mut buffer, mut bits) = (0_u32, 0);
    for byte in bytes {
        buffer = (buffer << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(ALPHABET[(buffer >> bits & 31) as usize].into());
        }
    }
    if bits > 0 {
        out.push(ALPHABET[(buffer << (5 - bits) & 31) as usize].into());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_as_in_rfc_4648() {
        for (plain, coded) in [
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
        ] {
            assert_eq!(base32(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn base64url_is_strict() {
        assert_eq!(decode(&encode(&[0, 255, 17])), Some(vec![0, 255, 17]));
        for bad in ["AA==", "A", "AB", "A+8", " AA", "AA\n"] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }
}
