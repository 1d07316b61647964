//! Turning points of a log: a key handed over to the next, an epoch begun after a restore.

use super::{SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

/// Object of an entry about a key: this and the public key.
pub const KEY: &str = "key/";
/// Object of an entry that begins an epoch: this and its number.
pub const EPOCH: &str = "epoch/";
/// Object of an entry that says the tables were brought up to a newer program: this and the hash of their statements.
pub const SCHEMA: &str = "schema/";
/// Object of an entry that records a redaction: this and the id of its record.
pub const ERASURE: &str = "erasure/";
/// Object of an entry about a checkpoint: this and its size.
pub const CHECKPOINT: &str = "checkpoint/";

/// A key handed over: the body of an entry, signed by both keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    /// Number of the entry that says so; the last one under the old key.
    pub seq: u64,
    /// The old key, as published.
    pub from: String,
    /// The new key, as published.
    pub to: String,
    /// Signature of the old key over the statement.
    pub signed_from: String,
    /// Signature of the new key over the statement.
    pub signed_to: String,
}

impl HandOver {
    /// A hand-over, signed by both.
    #[must_use]
    pub fn sign(origin: &str, seq: u64, old: &SigningKey, new: &SigningKey) -> Self {
        let (from, to) = (old.verifying().line(origin), new.verifying().line(origin));
        let statement = statement(origin, seq, &from, &to);
        Self {
            seq,
            signed_from: old.state(&statement),
            signed_to: new.state(&statement),
            from,
            to,
        }
    }

    /// Both keys, if both signed.
    #[must_use]
    pub fn keys(&self, origin: &str) -> Option<(VerifyingKey, VerifyingKey)> {
        let (from, to) = (
            VerifyingKey::from_line(&self.from)?,
            VerifyingKey::from_line(&self.to)?,
        );
        let statement = statement(origin, self.seq, &self.from, &self.to);
        let both =
            from.stated(&statement, &self.signed_from) && to.stated(&statement, &self.signed_to);
        both.then_some((from, to))
    }
}

fn statement(origin: &str, seq: u64, from: &str, to: &str) -> String {
    format!("symbolon key hand-over v1\n{origin}\n{seq}\n{from}\n{to}\n")
}

/// A size and root of a tree, as a body names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// Entries.
    pub size: u64,
    /// Root over them, hexadecimal.
    pub root: String,
}

/// An epoch begun: the body of the first entry after a restore.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Epoch {
    /// Name of the log from here on.
    pub origin: String,
    /// Name of the log before.
    pub before: String,
    /// What the backup held.
    pub restored: Signed,
    /// The newest checkpoint that was known when it was restored; what it covers beyond the backup is
    /// lost. Absent where none was at hand.
    pub last_known: Option<Signed>,
}

impl Epoch {
    /// Name of the log in the epoch after the one of this name: `symbolon/ab12`, `symbolon/ab12/2`.
    #[must_use]
    pub fn next_origin(origin: &str) -> String {
        let (base, number) = match origin.splitn(3, '/').collect::<Vec<_>>()[..] {
            [a, b, n] => (format!("{a}/{b}"), n.parse().unwrap_or(1)),
            _ => (origin.to_owned(), 1_u64),
        };
        format!("{base}/{}", number + 1)
    }

    /// Entries that were signed and are lost, as far as it was known.
    #[must_use]
    pub fn lost(&self) -> u64 {
        let known = self.last_known.as_ref().map_or(0, |k| k.size);
        known.saturating_sub(self.restored.size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hand_over_needs_both_keys() {
        let (old, new) = (
            SigningKey::from_bytes(&[1; 32]),
            SigningKey::from_bytes(&[2; 32]),
        );
        let signed = HandOver::sign("log", 7, &old, &new);
        assert_eq!(signed.keys("log"), Some((old.verifying(), new.verifying())));
        assert_eq!(signed.keys("other"), None);
        let forged = HandOver {
            signed_from: signed.signed_to.clone(),
            ..signed.clone()
        };
        assert_eq!(forged.keys("log"), None);
        assert_eq!(HandOver { seq: 8, ..signed }.keys("log"), None);
    }

    #[test]
    fn each_epoch_has_a_name_of_its_own() {
        assert_eq!(Epoch::next_origin("symbolon/ab"), "symbolon/ab/2");
        assert_eq!(Epoch::next_origin("symbolon/ab/2"), "symbolon/ab/3");
        assert_eq!(Epoch::next_origin("log"), "log/2");
    }
}
