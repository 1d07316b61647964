//! Membership: one state in one body for one stretch of time.

use crate::{country::Iso3, kind::Kind, record::RecordId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A state's membership of a body; its valid time is the stretch of membership, half-open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Membership {
    /// The body.
    #[schemars(extend("x-reference" = "regional_body"))]
    pub body: RecordId,
    /// The member.
    #[schemars(extend("x-reference" = "partner"))]
    pub member: RecordId,
    /// The member's code, for look-up.
    pub iso3: Iso3,
    /// What the membership is, where it is not full: observer, suspended, associate.
    #[serde(default)]
    pub standing: String,
}

impl Kind for Membership {
    const CODE: &'static str = "membership";
    const NAME: &'static str = "Membership";
    const AREA: &'static str = "parties";
    const STATES: &'static [&'static str] = &["recorded"];
    const KEY: &'static [&'static str] = &["body", "iso3"];
    const OF_PARTNER: bool = true;
}
