//! Identity: the name somebody is known by at an issuer.

use crate::{kind::Kind, record::RecordId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The name an account is known by: at the issuer `local` its sign-in name, at an identity provider the
/// subject. The record's id is made from both, so the pair belongs to one account at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The account it leads to.
    #[schemars(extend("x-reference" = "account"))]
    pub account: RecordId,
    /// Issuer: `local`, or the address of the identity provider.
    pub issuer: String,
    /// Subject at that issuer: the sign-in name, or the provider's `sub`. Never an e-mail address as key.
    pub subject: String,
}

impl Kind for Identity {
    const CODE: &'static str = "identity";
    const NAME: &'static str = "Identity";
    const AREA: &'static str = "administration";
    const STATES: &'static [&'static str] = &["active", "removed"];
}
