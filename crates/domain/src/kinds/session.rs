//! Session and SignInLink: how somebody came in. Records like any other, so that every sign-in is in
//! the journal and no session can be slipped in beside the program.

use crate::{kind::Kind, record::RecordId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A link that signs somebody in once; only the hash of its token is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInLink {
    /// The account it signs in.
    #[schemars(extend("x-reference" = "account"))]
    pub account: RecordId,
    /// SHA-256 of the token, in hexadecimal.
    pub token_sha256: String,
    /// Last moment it works, milliseconds since 1970-01-01 UTC.
    pub expires: i64,
}

impl Kind for SignInLink {
    const CODE: &'static str = "sign_in_link";
    const NAME: &'static str = "Sign-in link";
    const AREA: &'static str = "administration";
    const STATES: &'static [&'static str] = &["open", "used", "withdrawn"];
}

/// Somebody signed in: an opaque token whose hash is kept, an absolute end, an idle end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// Who is signed in.
    #[schemars(extend("x-reference" = "account"))]
    pub account: RecordId,
    /// SHA-256 of the token, in hexadecimal.
    pub token_sha256: String,
    /// Absolute end, milliseconds since 1970-01-01 UTC.
    pub expires: i64,
    /// When it was opened, milliseconds since 1970-01-01 UTC.
    #[serde(default)]
    pub opened: i64,
    /// When it was last seen, milliseconds since 1970-01-01 UTC; written now and then, so that the idle
    /// end outlives a restart.
    #[serde(default)]
    pub seen: i64,
    /// How they signed in: `link`, `password+totp`, `passkey`, `oidc`.
    #[serde(default)]
    pub method: String,
    /// When a factor was last shown, milliseconds since 1970-01-01 UTC.
    #[serde(default)]
    pub proved: i64,
    /// Issuer of the identity provider, where one signed them in.
    #[serde(default)]
    pub issuer: String,
    /// Subject at that issuer.
    #[serde(default)]
    pub subject: String,
    /// The provider's own session, by which it can end this one.
    #[serde(default)]
    pub provider_session: String,
}

impl Kind for Session {
    const CODE: &'static str = "session";
    const NAME: &'static str = "Session";
    const AREA: &'static str = "administration";
    const STATES: &'static [&'static str] = &["open", "ended"];
}
