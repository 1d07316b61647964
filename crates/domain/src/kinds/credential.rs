//! Credential: what somebody shows to prove who they are.

use crate::{kind::Kind, record::RecordId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a credential is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A password; never enough alone.
    Password,
    /// Codes from an authenticator app (RFC 6238).
    Totp,
    /// A passkey or security key (WebAuthn).
    Passkey,
    /// Recovery codes, each good once.
    Recovery,
}

/// What somebody shows to prove who they are. Secrets stand sealed under a key kept outside the database:
/// neither the row nor the journal gives them away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// Whose it is.
    #[schemars(extend("x-reference" = "account"))]
    pub account: RecordId,
    /// What it is.
    pub method: Method,
    /// Name its owner gave it.
    #[serde(default)]
    pub name: String,
    /// The secret, sealed: hash of a password, key of a TOTP, hashes of recovery codes. Base64.
    #[serde(default)]
    pub sealed: String,
    /// Id of a passkey, base64url.
    #[serde(default)]
    pub passkey: String,
    /// Public key of a passkey (COSE), base64url.
    #[serde(default)]
    pub public_key: String,
    /// Last TOTP step used (each code once), or signature counter of a passkey.
    #[serde(default)]
    pub used: i64,
    /// When it was registered, milliseconds since 1970-01-01 UTC.
    #[serde(default)]
    pub made: i64,
}

impl Kind for Credential {
    const CODE: &'static str = "credential";
    const NAME: &'static str = "Credential";
    const AREA: &'static str = "administration";
    const STATES: &'static [&'static str] = &["active", "revoked"];
}
