//! Unit site: where a unit was, and when.

use crate::{kind::Kind, record::RecordId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a place is to a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SiteType {
    /// Headquarters.
    Headquarters,
    /// Base or barracks.
    Base,
    /// Area in which it operates.
    AreaOfOperation,
    /// Where it was trained.
    TrainingSite,
    /// Something else.
    Other,
}

/// How exactly a place is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlacePrecision {
    /// The spot.
    Exact,
    /// The town.
    Town,
    /// The district or province.
    District,
    /// The country only.
    Country,
}

/// A place where a unit was for a stretch of time; the record's valid time says when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitSite {
    /// The unit.
    #[schemars(extend("x-reference" = "unit", "x-list" = true, "x-partner" = true))]
    pub unit: RecordId,
    /// Name of the place.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub place: String,
    /// What the place is to the unit.
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub site_type: SiteType,
    /// Province, state or region.
    #[serde(default)]
    #[schemars(extend("x-list" = true, "x-partner" = true))]
    pub admin_area: String,
    /// Decimal degrees north, WGS 84, as text.
    #[serde(default)]
    #[schemars(extend("x-unit" = "degrees", "x-partner" = true))]
    pub latitude: String,
    /// Decimal degrees east, WGS 84, as text.
    #[serde(default)]
    #[schemars(extend("x-unit" = "degrees", "x-partner" = true))]
    pub longitude: String,
    /// How exactly the place is known.
    #[serde(default)]
    #[schemars(extend("x-partner" = true))]
    pub precision: Option<PlacePrecision>,
}

impl Kind for UnitSite {
    const CODE: &'static str = "unit_site";
    const NAME: &'static str = "Unit site";
    const AREA: &'static str = "parties";
    const STATES: &'static [&'static str] = &["recorded"];
    const KEY: &'static [&'static str] = &["unit", "place", "site_type"];
    const OF_PARTNER: bool = true;
}
