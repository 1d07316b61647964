//! Throttle: failed guesses at one name.

use crate::kind::Kind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Failed guesses at one sign-in name. The name itself is not kept: people type passwords into the
/// wrong box.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Throttle {
    /// Failures since the last success, or since the day began where it was locked.
    pub failures: i64,
    /// No attempt is looked at before this moment, milliseconds since 1970-01-01 UTC.
    pub until: i64,
    /// The last failure, milliseconds since 1970-01-01 UTC.
    pub last: i64,
}

impl Kind for Throttle {
    const CODE: &'static str = "throttle";
    const NAME: &'static str = "Throttle";
    const AREA: &'static str = "administration";
    const STATES: &'static [&'static str] = &["counting", "locked"];
}
