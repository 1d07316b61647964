//! The envelope that every record wears, whatever its kind (DESIGN section 4).

use crate::{date::ValidTime, label::Label};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// A record's id: 122 random bits, so that ids reveal neither order nor number.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct RecordId(pub Uuid);

impl RecordId {
    /// An id from sixteen random bytes handed in by the caller.
    #[must_use]
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
    }

    /// An id fixed by what it names, for data that ships with the program: the same country has the
    /// same id in every installation, so packets can be exchanged. Not for anything secret.
    #[must_use]
    pub fn named(kind: &str, key: &str) -> Self {
        use sha2::{Digest, Sha256};
        let digest = Sha256::digest(format!("symbolon:{kind}:{key}").as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        Self(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for RecordId {
    type Err = uuid::Error;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(s).map(Self)
    }
}

/// How sure a source makes us.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// One weak source, or a guess by rule.
    Low,
    /// A reasoned reading, or one good source.
    Medium,
    /// Printed so, or several independent sources.
    High,
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        })
    }
}

/// Where a fact comes from: the document, the place in it, and how sure it makes us.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Citation {
    /// Title of the document, or the code of a Source record.
    pub document: String,
    /// Page, article, row or address within it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub locator: String,
    /// Address on the web, if any.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub url: String,
    /// How sure.
    pub confidence: Confidence,
    /// The single field it supports; empty: the whole record.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub field: String,
}

/// What another source says of one field: kept beside the value in use, never instead of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Claim {
    /// The field.
    pub field: String,
    /// Its value, according to the sources.
    pub value: serde_json::Value,
    /// Who says so.
    #[serde(default)]
    pub sources: Vec<Citation>,
    /// Why it is not the value in use.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// What every record carries around its body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// Random id.
    pub id: RecordId,
    /// Kind code, as in [`crate::kind::KindDef::code`].
    pub kind: String,
    /// Human code, numbered per programme so that gaps reveal nothing.
    pub code: String,
    /// Version, from 1; the ETag.
    pub version: i64,
    /// Lifecycle state.
    pub state: String,
    /// When it was true in the world.
    pub valid: ValidTime,
    /// Who may see it.
    pub label: Label,
    /// Owning organisation: the owner within which its code is unique.
    pub owner: String,
    /// Partner it is about (ISO 3166-1 alpha-3), or empty.
    #[serde(default)]
    pub partner: String,
    /// Programme it belongs to, or empty.
    #[serde(default)]
    pub programme: String,
    /// Sources of the record and of single fields.
    #[serde(default)]
    pub sources: Vec<Citation>,
    /// What other sources say of single fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
}

/// A whole record: envelope and body. The body is the typed struct of its kind, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The envelope.
    #[serde(flatten)]
    pub envelope: Envelope,
    /// The kind's own fields.
    pub body: serde_json::Value,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_ids_are_stable_and_differ_by_kind() {
        assert_eq!(
            RecordId::named("partner", "NGA"),
            RecordId::named("partner", "NGA")
        );
        assert_ne!(
            RecordId::named("partner", "NGA"),
            RecordId::named("body", "NGA")
        );
    }
}
