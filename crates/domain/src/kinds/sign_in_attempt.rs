//! SignInAttempt: a one-time value of a sign-in, used.

use crate::kind::Kind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A one-time value that was used: the state of a sign-in, the challenge of a passkey, the id of a logout
/// token. Its record's id is made from the value, so that it cannot be used a second time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInAttempt {
    /// What it was for: `factor`, `oidc`, `passkey`, `logout`.
    pub purpose: String,
    /// SHA-256 of the value, in hexadecimal.
    pub value_sha256: String,
    /// Last moment it would have worked, milliseconds since 1970-01-01 UTC.
    pub expires: i64,
}

impl Kind for SignInAttempt {
    const CODE: &'static str = "sign_in_attempt";
    const NAME: &'static str = "Sign-in attempt";
    const AREA: &'static str = "administration";
    const STATES: &'static [&'static str] = &["used"];
}
