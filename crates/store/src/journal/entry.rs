//! One entry: what is hashed into the tree, and the body that stands beside it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use symbolon_domain::canonical::{CanonicalError, Hash, salted_hash, to_vec};

/// What the tree holds of a change. Its canonical JSON (RFC 8785) is the leaf.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Version of the entry format.
    pub v: i64,
    /// Number, from 0, without gaps.
    pub seq: i64,
    /// Milliseconds since 1970-01-01 UTC; never less than the entry before.
    pub time: i64,
    /// What it is about: `<kind>/<id>`.
    pub object: String,
    /// Version of the object after the change; 0 where no row is bound (an event such as an export).
    pub version: i64,
    /// `SHA-256(salt || canonical row)` after the change, hexadecimal; empty where no row is bound.
    pub after: String,
    /// `SHA-256(salt || canonical body)`, hexadecimal.
    pub commit: String,
}

/// Who did what and why: stored beside the entry, committed to by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// Who.
    pub actor: String,
    /// Session id, if any.
    #[serde(default)]
    pub session: String,
    /// Request id, if any.
    #[serde(default)]
    pub request: String,
    /// What was done: `partner.create`, `dataset.load`, `session.open`.
    pub action: String,
    /// The object before; null where it is new.
    #[serde(default)]
    pub before: Value,
    /// The object after, whole: the journal holds every version.
    #[serde(default)]
    pub after: Value,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// For a decision: the records it rested on, as they were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub saw: Vec<Saw>,
    /// For a request with an idempotency key: which one, so that it cannot be taken away unseen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub once: Option<crate::Once>,
}

/// A record that a decision rested on: which version, written by which entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saw {
    /// `<kind>/<id>`.
    pub object: String,
    /// Its code then.
    pub code: String,
    /// Its version then.
    pub version: i64,
}

/// An entry with its body and salts, as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    /// The entry.
    pub entry: Entry,
    /// The body.
    pub body: Body,
    /// Salt of the row hash; `None` where no row is bound.
    pub row_salt: Option<Hash>,
    /// Salt of the body hash.
    pub body_salt: Hash,
    /// Keyed hash of the leaf: an entry cannot be forged without the key.
    pub seal: Hash,
}

impl Entry {
    /// The leaf bytes.
    pub fn leaf(&self) -> Result<Vec<u8>, CanonicalError> {
        to_vec(self)
    }
}

/// An entry as it is read: nothing is copied, for walks over millions of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct EntryRef<'a> {
    /// Number.
    pub seq: i64,
    /// Milliseconds since 1970.
    pub time: i64,
    /// What it is about.
    pub object: &'a str,
    /// Version of the object.
    pub version: i64,
    /// Hash of the row.
    pub after: &'a str,
    /// Hash of the body.
    pub commit: &'a str,
}

impl EntryRef<'_> {
    /// Writes the leaf bytes, the same as [`Entry::leaf`].
    pub fn leaf_into(&self, out: &mut Vec<u8>) -> Result<(), CanonicalError> {
        out.clear();
        let plain = |s: &str| s.bytes().all(|b| b >= 0x20 && b != b'"' && b != b'\\');
        if !(plain(self.object) && plain(self.after) && plain(self.commit)) {
            *out = self.to_owned().leaf()?;
            return Ok(());
        }
        let mut text = |s: &str| out.extend_from_slice(s.as_bytes());
        let mut digits = itoa::Buffer::new();
        text(r#"{"after":""#);
        text(self.after);
        text(r#"","commit":""#);
        text(self.commit);
        text(r#"","object":""#);
        text(self.object);
        text(r#"","seq":"#);
        text(digits.format(self.seq));
        text(r#","time":"#);
        text(digits.format(self.time));
        text(r#","v":1,"version":"#);
        text(digits.format(self.version));
        text("}");
        Ok(())
    }

    /// The entry, copied.
    #[must_use]
    pub fn to_owned(&self) -> Entry {
        Entry {
            v: 1,
            seq: self.seq,
            time: self.time,
            object: self.object.to_owned(),
            version: self.version,
            after: self.after.to_owned(),
            commit: self.commit.to_owned(),
        }
    }
}

impl Body {
    /// The commitment an entry makes to this body.
    pub fn commitment(&self, salt: &Hash) -> Result<String, CanonicalError> {
        Ok(hex::encode(salted_hash(salt, self)?))
    }
}

/// An entry as shown: with its body, for those who may read it.
#[derive(Clone, Debug, Serialize)]
pub struct EntryView {
    /// The entry.
    pub entry: Entry,
    /// The body; absent where it is withheld or was redacted.
    pub body: Option<Body>,
    /// Leaf hash, hexadecimal.
    pub leaf: String,
}

/// Which entries to list, newest first.
#[derive(Clone, Debug, Default)]
pub struct JournalFilter {
    /// Words the actor's name holds.
    pub actor: String,
    /// Action, or its beginning (`dataset.`).
    pub action: String,
    /// Object, or its beginning (`partner/`).
    pub object: String,
    /// Earliest time, milliseconds.
    pub from: Option<i64>,
    /// Latest time, milliseconds.
    pub to: Option<i64>,
    /// Only entries before this number (cursor).
    pub before: Option<i64>,
    /// How many.
    pub limit: u32,
    /// How many to pass over.
    pub offset: u32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_quick_leaf_is_the_canonical_leaf(
            seq: i64, time: i64, version: i64, object in ".*", after in "[0-9a-f]{0,64}", commit in ".{0,9}",
        ) {
            let entry = EntryRef { seq, time, object: &object, version, after: &after, commit: &commit };
            let mut quick = vec![];
            entry.leaf_into(&mut quick).unwrap();
            prop_assert_eq!(quick, entry.to_owned().leaf().unwrap());
        }
    }
}
