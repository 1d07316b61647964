//! AccountRequest: an account or role somebody asks for and somebody else decides.

use super::{Role, Standing};
use crate::{kind::Kind, record::RecordId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A wanted account or role: proposed by one person, decided by another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountRequest {
    /// The account whose role shall change; empty for a new one.
    #[serde(default)]
    #[schemars(extend("x-reference" = "account"))]
    pub account: Option<RecordId>,
    /// Name of the person.
    pub name: String,
    /// Role wanted.
    pub role: Role,
    /// Nation they serve, ISO 3166-1 alpha-3.
    pub nation: crate::country::Iso3,
    /// Clearances and scope wanted; empty: what the role usually has, or what the account holds.
    #[serde(default)]
    #[schemars(extend("x-type" = "json"))]
    pub standing: Option<Standing>,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// Who proposes it; empty: the operator at the command line.
    #[serde(default)]
    #[schemars(extend("x-reference" = "account"))]
    pub proposed_by: Option<RecordId>,
    /// Who decided.
    #[serde(default)]
    #[schemars(extend("x-reference" = "account"))]
    pub decided_by: Option<RecordId>,
}

impl Kind for AccountRequest {
    const CODE: &'static str = "account_request";
    const NAME: &'static str = "Account request";
    const AREA: &'static str = "administration";
    const STATES: &'static [&'static str] = &["open", "confirmed", "refused"];
}
