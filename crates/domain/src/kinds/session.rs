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
    const STATES: &'static [&'static str] = &["open", "used"];
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
}

impl Kind for Session {
    const CODE: &'static str = "session";
    const NAME: &'static str = "Session";
    const AREA: &'static str = "administration";
    const STATES: &'static [&'static str] = &["open", "ended"];
}
