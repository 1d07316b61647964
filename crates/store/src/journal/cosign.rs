//! Cosignatures of witnesses, C2SP `tlog-cosignature` (`cosignature/v1`): whoever cosigns a checkpoint says that it
//! is consistent with every one it has cosigned before, and when it saw it.

use super::checkpoint::{NoteError, parts};
use base64ct::{Base64, Encoding};
use ed25519_dalek::{Signature, Verifier};
use sha2::{Digest, Sha256};
use symbolon_domain::canonical::Hash;

/// Number of this sort of key in its published line.
const SORT: u8 = 4;

/// A witness: its name and public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosigner {
    name: String,
    key: ed25519_dalek::VerifyingKey,
}

impl Cosigner {
    /// A witness from the line it publishes, `name+id+base64`; `None` where that is no key of this sort.
    #[must_use]
    pub fn from_line(line: &str) -> Option<Self> {
        let [name, id, encoded] = line.splitn(3, '+').collect::<Vec<_>>()[..] else {
            return None;
        };
        let bytes = Base64::decode_vec(encoded).ok()?;
        let key: Hash = bytes.strip_prefix(&[SORT])?.try_into().ok()?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(&key).ok()?;
        let named = !name.is_empty() && !name.contains(char::is_whitespace);
        let cosigner = Self {
            name: name.to_owned(),
            key,
        };
        (named && hex::encode(cosigner.id()) == id).then_some(cosigner)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// First four bytes of SHA-256 over name, newline, sort and key.
    fn id(&self) -> [u8; 4] {
        let digest = Sha256::new()
            .chain_update(&self.name)
            .chain_update([b'\n', SORT])
            .chain_update(self.key.as_bytes())
            .finalize();
        [digest[0], digest[1], digest[2], digest[3]]
    }

    /// The line among these by which the witness cosigned a note, and when: seconds since 1970-01-01 UTC.
    ///
    /// # Errors
    /// [`NoteError::Signature`] where none of the lines is such a cosignature; [`NoteError::Form`] where the note is none.
    pub fn cosigned(&self, note: &str, lines: &str) -> Result<(String, u64), NoteError> {
        let (text, _) = parts(note)?;
        let begin = format!("\u{2014} {} ", self.name);
        let of_it = lines
            .lines()
            .filter_map(|line| Some((line, line.strip_prefix(&begin)?)));
        for (line, encoded) in of_it {
            let blob = Base64::decode_vec(encoded).unwrap_or_default();
            if let Some(time) = self.time_of(&text, &blob) {
                return Ok((line.to_owned(), time));
            }
        }
        Err(NoteError::Signature)
    }

    /// The time in a cosignature of a text, where it is this witness's.
    fn time_of(&self, text: &str, blob: &[u8]) -> Option<u64> {
        let (id, rest) = blob.split_at_checked(4)?;
        let (time, signature) = rest.split_at_checked(8)?;
        let time = u64::from_be_bytes(time.try_into().ok()?);
        let signature = Signature::from_slice(signature).ok()?;
        let signed = format!("cosignature/v1\ntime {time}\n{text}");
        let holds = self.key.verify(signed.as_bytes(), &signature).is_ok();
        (id == self.id() && holds).then_some(time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::Signer;

    const NOTE: &str = "log\n1\ncm9vdA==\n\n\u{2014} log sig\n";

    fn witness() -> (ed25519_dalek::SigningKey, Cosigner) {
        let secret = ed25519_dalek::SigningKey::from_bytes(&[5; 32]);
        let key = secret.verifying_key();
        let name = "witness.example".to_owned();
        (secret, Cosigner { name, key })
    }

    fn line(time: u64, stated: u64) -> String {
        let (secret, cosigner) = witness();
        let text = format!("cosignature/v1\ntime {time}\nlog\n1\ncm9vdA==\n");
        let mut blob = cosigner.id().to_vec();
        blob.extend(stated.to_be_bytes());
        blob.extend(secret.sign(text.as_bytes()).to_bytes());
        format!(
            "\u{2014} witness.example {}\n",
            Base64::encode_string(&blob)
        )
    }

    #[test]
    fn a_cosignature_holds_for_its_note_and_its_time_alone() {
        let (_, cosigner) = witness();
        let good = line(1_700_000_000, 1_700_000_000);
        let found = cosigner.cosigned(NOTE, &good);
        assert_eq!(found, Ok((good.trim_end().to_owned(), 1_700_000_000)));
        let other = NOTE.replace("\n1\n", "\n2\n");
        assert_eq!(cosigner.cosigned(&other, &good), Err(NoteError::Signature));
        let late = line(1_700_000_000, 1_700_000_001);
        assert_eq!(cosigner.cosigned(NOTE, &late), Err(NoteError::Signature));
        assert_eq!(cosigner.cosigned(NOTE, ""), Err(NoteError::Signature));
    }

    #[test]
    fn a_published_line_is_read_and_a_wrong_one_is_not() {
        let (_, cosigner) = witness();
        let key = [&[SORT][..], cosigner.key.as_bytes()].concat();
        let key = Base64::encode_string(&key);
        let good = format!("witness.example+{}+{key}", hex::encode(cosigner.id()));
        assert_eq!(Cosigner::from_line(&good), Some(cosigner));
        for wrong in [
            "witness.example",
            &good.replace("witness", "witless"),
            &good[..40],
        ] {
            assert_eq!(Cosigner::from_line(wrong), None, "{wrong}");
        }
    }
}
