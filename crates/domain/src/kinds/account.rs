//! Account: somebody who may sign in.

mod standing;

pub use standing::{Employment, Mandate, Standing};

use crate::kind::Kind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The roles of the trade (reference: roles and permissions); what each may do is data in `access`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Country or programme desk officer.
    DeskOfficer,
    /// Chief of a security cooperation office at an embassy.
    CooperationOfficer,
    /// Case manager.
    CaseManager,
    /// Training manager.
    TrainingManager,
    /// Legal reviewer.
    LegalReviewer,
    /// Vetting analyst.
    VettingAnalyst,
    /// End-use monitor.
    EndUseMonitor,
    /// Lead of monitoring and evaluation.
    EvaluationLead,
    /// Financial manager.
    FinancialManager,
    /// Congressional liaison.
    CongressionalLiaison,
    /// Officer of the partner nation.
    PartnerOfficer,
    /// Independent evaluator.
    Evaluator,
    /// Auditor or inspector general.
    Auditor,
    /// Administrator of the instance; sees no programme content.
    Administrator,
}

/// Somebody who may sign in, with the role and nation that decide what they see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Name shown beside what they do.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Nation they serve, ISO 3166-1 alpha-3.
    pub nation: crate::country::Iso3,
    /// Whether they may sign in.
    pub active: bool,
    /// Clearances, programmes, regions, mandates and duties.
    #[serde(default)]
    pub standing: Standing,
}

impl Kind for Account {
    const CODE: &'static str = "account";
    const NAME: &'static str = "Account";
    const AREA: &'static str = "administration";
    const STATES: &'static [&'static str] = &["active", "closed"];
}
