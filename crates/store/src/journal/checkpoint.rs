//! Checkpoints: size and root of the tree as C2SP `tlog-checkpoint` notes.

use base64ct::{Base64, Encoding};
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
    pub(crate) fn text(&self) -> String {
        format!(
            "{}\n{}\n{}\n",
            self.origin,
            self.size,
            Base64::encode_string(&self.root)
        )
    }
}

pub(crate) fn parse(text: &str) -> Result<Checkpoint, NoteError> {
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

/// A note in its two parts: text and signatures.
pub(crate) fn parts(note: &str) -> Result<(String, &str), NoteError> {
    let (text, signatures) = note
        .split_once("\n\n")
        .ok_or(NoteError::Form("no signature block"))?;
    Ok((format!("{text}\n"), signatures))
}

impl Checkpoint {
    /// What a note says, whoever signed it. Trust nothing of it before a key opened it.
    pub fn unverified(note: &str) -> Result<Self, NoteError> {
        parse(&parts(note)?.0)
    }
}
