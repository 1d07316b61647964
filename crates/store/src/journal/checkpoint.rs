//! Signed checkpoints: C2SP `tlog-checkpoint` notes with Ed25519 signatures.

use base64ct::{Base64, Encoding};
use ed25519_dalek::{Signature, Signer, Verifier};
use sha2::{Digest, Sha256};
use symbolon_domain::canonical::Hash;

/// Why a note does not hold.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NoteError {
    /// It is not a note.
    #[error("not a checkpoint note: {0}")]
    Form(&'static str),
    /// No signature of the key is on it.
    #[error("the signature on the checkpoint is not this key's")]
    Signature,
}

/// Size and root of the tree at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Name of the log: the origin line.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    /// Root over them.
    pub root: Hash,
}

impl Checkpoint {
    fn text(&self) -> String {
        format!(
            "{}\n{}\n{}\n",
            self.origin,
            self.size,
            Base64::encode_string(&self.root)
        )
    }
}

/// The key that signs checkpoints and seals entries. Kept outside the database and its backups.
pub struct SigningKey {
    key: ed25519_dalek::SigningKey,
    seal: Hash,
}

/// The public half.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyingKey(ed25519_dalek::VerifyingKey);

impl SigningKey {
    /// A key from its 32 secret bytes.
    #[must_use]
    pub fn from_bytes(secret: &Hash) -> Self {
        let seal = Sha256::new()
            .chain_update(b"symbolon seal v1")
            .chain_update(secret)
            .finalize()
            .into();
        Self {
            key: ed25519_dalek::SigningKey::from_bytes(secret),
            seal,
        }
    }

    /// The public half.
    #[must_use]
    pub fn verifying(&self) -> VerifyingKey {
        VerifyingKey(self.key.verifying_key())
    }

    /// HMAC-SHA-256 (RFC 2104) of a leaf hash: without the key nobody can add an entry, not even one
    /// that no checkpoint covers yet.
    #[must_use]
    pub fn seal(&self, leaf: &Hash) -> Hash {
        let pad = |byte: u8| {
            let mut block = [byte; 64];
            block.iter_mut().zip(self.seal).for_each(|(b, k)| *b ^= k);
            block
        };
        let inner = Sha256::new()
            .chain_update(pad(0x36))
            .chain_update(leaf)
            .finalize();
        Sha256::new()
            .chain_update(pad(0x5c))
            .chain_update(inner)
            .finalize()
            .into()
    }

    /// The signed note of a checkpoint.
    #[must_use]
    pub fn sign(&self, checkpoint: &Checkpoint) -> String {
        let text = checkpoint.text();
        let signature = self.key.sign(text.as_bytes());
        let mut blob = self.verifying().id(&checkpoint.origin).to_vec();
        blob.extend_from_slice(&signature.to_bytes());
        format!(
            "{text}\n\u{2014} {} {}\n",
            checkpoint.origin,
            Base64::encode_string(&blob)
        )
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

    /// Key id of a signed note: first four bytes of SHA-256 over name, newline, type 1 and the key.
    fn id(&self, name: &str) -> [u8; 4] {
        let digest = Sha256::new()
            .chain_update(name)
            .chain_update([b'\n', 1])
            .chain_update(self.0.as_bytes())
            .finalize();
        [digest[0], digest[1], digest[2], digest[3]]
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
        let (text, signatures) = note
            .split_once("\n\n")
            .ok_or(NoteError::Form("no signature block"))?;
        let text = format!("{text}\n");
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
}

fn parse(text: &str) -> Result<Checkpoint, NoteError> {
    let mut lines = text.lines();
    let origin = lines
        .next()
        .filter(|o| !o.is_empty())
        .ok_or(NoteError::Form("no origin line"))?;
    let size = lines
        .next()
        .filter(|s| *s == "0" || !s.starts_with(['0', '+']))
        .and_then(|s| s.parse().ok())
        .ok_or(NoteError::Form("no tree size"))?;
    let root = lines
        .next()
        .and_then(|r| Base64::decode_vec(r).ok())
        .and_then(|r| Hash::try_from(r).ok())
        .ok_or(NoteError::Form("no root hash"))?;
    Ok(Checkpoint {
        origin: origin.to_owned(),
        size,
        root,
    })
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
