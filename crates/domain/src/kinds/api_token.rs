//! ApiToken: a program's key to the API.

use crate::{kind::Kind, record::RecordId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A key for programs: hashed, scoped, read-only unless said otherwise, ends within 90 days; never
/// more than its owner, dead with the owner's account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiToken {
    /// Whose it is.
    #[schemars(extend("x-reference" = "account"))]
    pub account: RecordId,
    /// What it is for.
    pub name: String,
    /// SHA-256 of the token, in hexadecimal.
    pub token_sha256: String,
    /// The first characters, by which its owner knows it again.
    pub begins: String,
    /// What it reaches: parts of the API (`records`, `training`), or `all`.
    pub scopes: Vec<String>,
    /// Whether it may change anything.
    #[serde(default)]
    pub writes: bool,
    /// Last moment it works, milliseconds since 1970-01-01 UTC.
    pub expires: i64,
    /// When it was last used, to the hour, milliseconds since 1970-01-01 UTC; 0 for never.
    #[serde(default)]
    pub seen: i64,
}

impl Kind for ApiToken {
    const CODE: &'static str = "api_token";
    const NAME: &'static str = "API token";
    const AREA: &'static str = "administration";
    const STATES: &'static [&'static str] = &["open", "revoked"];
}
