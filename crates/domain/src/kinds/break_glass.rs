//! BreakGlass: a look beyond one's role in an emergency.

use crate::{kind::Kind, record::RecordId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A look beyond one's role in an emergency: with a reason, for an hour at most, told to every security
/// officer, reviewed within 72 hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BreakGlass {
    /// Who looks.
    #[schemars(extend("x-reference" = "account"))]
    pub account: RecordId,
    /// Why, in at least 20 characters.
    pub reason: String,
    /// When it began, milliseconds since 1970-01-01 UTC.
    pub opened: i64,
    /// When it ends at the latest, milliseconds since 1970-01-01 UTC.
    pub until: i64,
    /// Who reviewed it.
    #[serde(default)]
    #[schemars(extend("x-reference" = "account"))]
    pub reviewed_by: Option<RecordId>,
    /// What the review found.
    #[serde(default)]
    pub review: String,
}

impl Kind for BreakGlass {
    const CODE: &'static str = "break_glass";
    const NAME: &'static str = "Break-glass use";
    const AREA: &'static str = "administration";
    const STATES: &'static [&'static str] = &["open", "ended", "reviewed"];
}
