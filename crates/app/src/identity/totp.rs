//! Codes from an authenticator app: TOTP (RFC 6238) over SHA-1, 30 seconds, six digits, as every app
//! knows it. One step of clock difference is forgiven; a step is taken once.

use ring::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};

/// Seconds of a step.
const STEP: i64 = 30;

/// The code of a step.
pub(crate) fn code(secret: &[u8], step: i64) -> String {
    let key = Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let at = usize::from(tag[19] & 15);
    let number = u32::from_be_bytes([tag[at] & 0x7f, tag[at + 1], tag[at + 2], tag[at + 3]]);
    format!("{:06}", number % 1_000_000)
}

/// The step a typed code is of: the one now, the one before or the one after, if later than the last used.
pub(crate) fn step_of(secret: &[u8], typed: &str, now_ms: i64, last: i64) -> Option<i64> {
    let typed: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect();
    let now = now_ms.div_euclid(1000).div_euclid(STEP);
    // All three are computed, so that the time says nothing.
    let fits = [now - 1, now, now + 1].map(|s| {
        (
            super::password::same(code(secret, s).as_bytes(), typed.as_bytes()),
            s,
        )
    });
    fits.into_iter()
        .find(|(fits, s)| *fits && *s > last)
        .map(|(_, s)| s)
}

/// The address an authenticator app reads.
pub(crate) fn address(secret: &[u8], account: &str) -> String {
    let name: String = account
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    let key = super::base::base32(secret);
    format!(
        "otpauth://totp/Symbolon:{name}?secret={key}&issuer=Symbolon&algorithm=SHA1&digits=6&period=30"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238 appendix B, last six digits.
    #[test]
    fn r_37_codes_are_those_of_rfc_6238() {
        let secret = b"12345678901234567890";
        for (time, wanted) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(secret, time / STEP), wanted);
        }
    }

    #[test]
    fn r_37_a_code_works_once_and_within_a_step() {
        let secret = b"12345678901234567890";
        let now = 1_234_567_890_000;
        let step = now / 30_000;
        assert_eq!(step_of(secret, "005 924", now, 0), Some(step));
        assert_eq!(step_of(secret, "005924", now, step), None);
        assert_eq!(step_of(secret, "005924", now + 30_000, 0), Some(step));
        assert_eq!(step_of(secret, "005924", now + 60_000, 0), None);
        assert_eq!(step_of(secret, "", now, 0), None);
    }
}
