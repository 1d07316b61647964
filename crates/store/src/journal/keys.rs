//! Keys: what signs checkpoints, what seals entries, and what checks them.

use super::checkpoint::{Checkpoint, NoteError, parse, parts};
use base64ct::{Base64, Encoding};
use ed25519_dalek::{Signature, Signer, Verifier};
use sha2::{Digest, Sha256};
use symbolon_domain::canonical::Hash;

/// Seals leaves: HMAC-SHA-256 (RFC 2104) under a secret derived from a signing key.
#[derive(Clone)]
pub struct Sealer {
    secret: Hash,
    /// Hash states after the two padded keys.
    inner: Sha256,
    outer: Sha256,
}

impl Sealer {
    /// A sealer from its secret.
    #[must_use]
    pub fn from_bytes(secret: &Hash) -> Self {
        let pad = |byte: u8| {
            let mut block = [byte; 64];
            block.iter_mut().zip(secret).for_each(|(b, k)| *b ^= k);
            Sha256::new().chain_update(block)
        };
        Self {
            secret: *secret,
            inner: pad(0x36),
            outer: pad(0x5c),
        }
    }

    /// Its secret; kept when the signing key it came from is destroyed.
    #[must_use]
    pub fn to_bytes(&self) -> Hash {
        self.secret
    }

    /// The seal of a leaf hash.
    #[must_use]
    pub fn seal(&self, leaf: &Hash) -> Hash {
        let inner = self.inner.clone().chain_update(leaf).finalize();
        self.outer.clone().chain_update(inner).finalize().into()
    }
}

/// The key that signs checkpoints and seals entries. Kept outside the database and its backups.
pub struct SigningKey {
    key: ed25519_dalek::SigningKey,
    sealer: Sealer,
    /// Keys that were handed over, of which only the seal was kept.
    retired: Vec<(VerifyingKey, Sealer)>,
}

/// The public half.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyingKey(ed25519_dalek::VerifyingKey);

impl SigningKey {
    /// A key from its 32 secret bytes.
    #[must_use]
    pub fn from_bytes(secret: &Hash) -> Self {
        let seal: Hash = Sha256::new()
            .chain_update(b"symbolon seal v1")
            .chain_update(secret)
            .finalize()
            .into();
        Self {
            key: ed25519_dalek::SigningKey::from_bytes(secret),
            sealer: Sealer::from_bytes(&seal),
            retired: vec![],
        }
    }

    /// With the seals of keys that were handed over to this one, so that old entries can be checked.
    #[must_use]
    pub fn with_retired(mut self, retired: Vec<(VerifyingKey, Sealer)>) -> Self {
        self.retired = retired;
        self
    }

    /// The public half.
    #[must_use]
    pub fn verifying(&self) -> VerifyingKey {
        VerifyingKey(self.key.verifying_key())
    }

    /// The seal of a leaf hash: without the key nobody can add an entry, not even one that no
    /// checkpoint covers yet.
    #[must_use]
    pub fn seal(&self, leaf: &Hash) -> Hash {
        self.sealer.seal(leaf)
    }

    /// The seal of this key.
    #[must_use]
    pub fn sealer(&self) -> &Sealer {
        &self.sealer
    }

    /// The seal that entries bear which were written under `key`: this one, or a retired one.
    #[must_use]
    pub fn sealer_of(&self, key: &VerifyingKey) -> Option<&Sealer> {
        if *key == self.verifying() {
            return Some(&self.sealer);
        }
        self.retired.iter().find(|(k, _)| k == key).map(|(_, s)| s)
    }

    /// The signed note of a checkpoint.
    #[must_use]
    pub fn sign(&self, checkpoint: &Checkpoint) -> String {
        let text = checkpoint.text();
        format!("{text}\n{}", self.line(&checkpoint.origin, &text))
    }

    /// The note with this key's signature added: a hand-over is signed by both keys.
    #[must_use]
    pub fn sign_too(&self, checkpoint: &Checkpoint, note: &str) -> String {
        format!(
            "{note}{}",
            self.line(&checkpoint.origin, &checkpoint.text())
        )
    }

    fn line(&self, name: &str, text: &str) -> String {
        let signature = self.key.sign(text.as_bytes());
        let mut blob = self.verifying().id(name).to_vec();
        blob.extend_from_slice(&signature.to_bytes());
        format!("\u{2014} {name} {}\n", Base64::encode_string(&blob))
    }

    /// Signature over a statement, base64.
    #[must_use]
    pub fn state(&self, statement: &str) -> String {
        Base64::encode_string(&self.key.sign(statement.as_bytes()).to_bytes())
    }
}

impl VerifyingKey {
    /// A key from its 32 bytes; `None` where they are no point on the curve.
    #[must_use]
    pub fn from_bytes(bytes: &Hash) -> Option<Self> {
        ed25519_dalek::VerifyingKey::from_bytes(bytes)
            .ok()
            .map(Self)
    }

    /// A key from the line of [`Self::line`].
    #[must_use]
    pub fn from_line(line: &str) -> Option<Self> {
        let [name, _, encoded] = line.splitn(3, '+').collect::<Vec<_>>()[..] else {
            return None;
        };
        let bytes = Base64::decode_vec(encoded).ok()?;
        let key: Hash = bytes.strip_prefix(&[1])?.try_into().ok()?;
        Self::from_bytes(&key).filter(|k| k.line(name) == line)
    }

    /// Key id of a signed note: first four bytes of SHA-256 over name, newline, type 1 and the key.
    fn id(&self, name: &str) -> [u8; 4] {
        let digest = Sha256::new()
            .chain_update(name)
            .chain_update([b'\n', 1])
            .chain_update(self.0.as_bytes())
            .finalize();
        [digest[0], digest[1], digest[2], digest[3]]
    }

    /// The 32 bytes, hexadecimal.
    #[must_use]
    pub fn hex(&self) -> String {
        hex::encode(self.0.as_bytes())
    }

    /// The key as one line to publish: `name+id+base64`.
    #[must_use]
    pub fn line(&self, name: &str) -> String {
        let mut bytes = vec![1];
        bytes.extend_from_slice(self.0.as_bytes());
        format!(
            "{name}+{}+{}",
            hex::encode(self.id(name)),
            Base64::encode_string(&bytes)
        )
    }

    /// Checks a note and reads its checkpoint.
    pub fn open(&self, note: &str) -> Result<Checkpoint, NoteError> {
        let (text, signatures) = parts(note)?;
        let checkpoint = parse(&text)?;
        let wanted = format!("\u{2014} {} ", checkpoint.origin);
        let ours = signatures
            .lines()
            .filter_map(|l| l.strip_prefix(wanted.as_str()))
            .filter_map(|b| Base64::decode_vec(b).ok())
            .any(|blob| self.signed(&checkpoint.origin, text.as_bytes(), &blob));
        if ours {
            Ok(checkpoint)
        } else {
            Err(NoteError::Signature)
        }
    }

    fn signed(&self, name: &str, text: &[u8], blob: &[u8]) -> bool {
        let Some((id, signature)) = blob.split_at_checked(4) else {
            return false;
        };
        id == self.id(name)
            && Signature::from_slice(signature).is_ok_and(|s| self.0.verify(text, &s).is_ok())
    }

    /// Whether this key signed a statement.
    #[must_use]
    pub fn stated(&self, statement: &str, signature: &str) -> bool {
        Base64::decode_vec(signature)
            .ok()
            .and_then(|s| Signature::from_slice(&s).ok())
            .is_some_and(|s| self.0.verify(statement.as_bytes(), &s).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkpoint() -> Checkpoint {
        Checkpoint {
            origin: "symbolon.example/log".into(),
            size: 42,
            root: [7; 32],
        }
    }

    #[test]
    fn a_signed_note_opens_with_its_key_and_no_other() {
        let key = SigningKey::from_bytes(&[1; 32]);
        let note = key.sign(&checkpoint());
        assert_eq!(key.verifying().open(&note), Ok(checkpoint()));
        let other = SigningKey::from_bytes(&[2; 32]);
        assert_eq!(other.verifying().open(&note), Err(NoteError::Signature));
    }

    #[test]
    fn a_changed_size_breaks_the_signature() {
        let key = SigningKey::from_bytes(&[1; 32]);
        let note = key.sign(&checkpoint()).replace("\n42\n", "\n41\n");
        assert_eq!(key.verifying().open(&note), Err(NoteError::Signature));
    }

    #[test]
    fn the_seal_needs_the_key() {
        let leaf = [3; 32];
        assert_ne!(
            SigningKey::from_bytes(&[1; 32]).seal(&leaf),
            SigningKey::from_bytes(&[2; 32]).seal(&leaf)
        );
    }

    #[test]
    fn a_published_key_is_read_back() {
        for n in 0..64 {
            let key = SigningKey::from_bytes(&[n; 32]).verifying();
            let line = key.line("symbolon/0a");
            assert_eq!(VerifyingKey::from_line(&line), Some(key));
            assert_eq!(VerifyingKey::from_line(&line.replace("0a", "0b")), None);
        }
        for line in ["", "a", "a+b", "a+b+c", "+++", "a+00000000+AQ=="] {
            assert_eq!(VerifyingKey::from_line(line), None);
        }
    }

    #[test]
    fn a_retired_key_leaves_its_seal() {
        let old = SigningKey::from_bytes(&[1; 32]);
        let kept = Sealer::from_bytes(&old.sealer().to_bytes());
        let new = SigningKey::from_bytes(&[2; 32]).with_retired(vec![(old.verifying(), kept)]);
        let sealed = new.sealer_of(&old.verifying()).unwrap().seal(&[3; 32]);
        assert_eq!(sealed, old.seal(&[3; 32]));
        assert!(old.sealer_of(&new.verifying()).is_none());
    }

    #[test]
    fn rubbish_is_refused_without_panic() {
        let key = SigningKey::from_bytes(&[1; 32]).verifying();
        for note in [
            "",
            "\n\n",
            "a\n1\n\n",
            "a\nx\ny\n\n\u{2014} a !!\n",
            "a\n01\nAA==\n\n",
        ] {
            assert!(key.open(note).is_err());
        }
    }
}
