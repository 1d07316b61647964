//! What an account may be shown, beside its role and nation: set by an officer, never by the user.

use crate::country::Iso3;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// By whom somebody is employed, as the controls of labels ask it.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Employment {
    /// Not stated: passes no control that asks.
    #[default]
    Unstated,
    /// By the nation's government, civil or military.
    Government,
    /// By a contractor of that government.
    Contractor,
    /// By anyone else.
    Other,
}

/// An oversight mandate: programmes somebody may look into for a stretch of time.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Mandate {
    /// Programmes; `*` for all.
    pub programmes: BTreeSet<String>,
    /// First day.
    pub from: Date,
    /// First day it no longer holds; absent: open.
    #[serde(default)]
    pub to: Option<Date>,
    /// The order or letter that gives it.
    pub reference: String,
}

/// Clearances and scope. What is not said is not held.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(deny_unknown_fields, default)]
pub struct Standing {
    /// Highest level by marking policy.
    pub clearances: BTreeMap<String, String>,
    /// By whom employed.
    pub employment: Employment,
    /// Programmes it belongs to; `*` for all.
    pub programmes: BTreeSet<String>,
    /// Partners it works on; with `regions`, empty: not narrowed to any.
    pub partners: BTreeSet<Iso3>,
    /// Regions it works on, as partners name theirs.
    pub regions: BTreeSet<String>,
    /// Oversight mandates.
    pub mandates: BTreeSet<Mandate>,
    /// Categories it is read in to.
    pub categories: BTreeSet<String>,
    /// Duties beside the role, each a row of the policy table: `releasing_officer`.
    pub duties: BTreeSet<String>,
    /// Partners it is kept from.
    pub denied_partners: BTreeSet<Iso3>,
    /// Programmes it is kept from.
    pub denied_programmes: BTreeSet<String>,
}

impl Standing {
    /// What most staff hold: everyday records of the instance's policy, every programme.
    #[must_use]
    pub fn of_staff() -> Self {
        Self {
            clearances: [("US".to_owned(), "internal".to_owned())].into(),
            employment: Employment::Government,
            programmes: ["*".to_owned()].into(),
            ..Self::default()
        }
    }
}
