//! Account: somebody who may sign in.

mod standing;

pub use standing::{Employment, Mandate, Standing};

use crate::{kind::Kind, language::Language};
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
    /// Security officer: confirms accounts, reviews break-glass, ends sessions; sees no programme content.
    SecurityOfficer,
    /// Administrator of a partner nation: proposes accounts of the own nation, no more.
    PartnerAdministrator,
}

impl Role {
    /// Every role, in the order of the trade's table.
    pub const ALL: [Self; 16] = [
        Self::DeskOfficer,
        Self::CooperationOfficer,
        Self::CaseManager,
        Self::TrainingManager,
        Self::LegalReviewer,
        Self::VettingAnalyst,
        Self::EndUseMonitor,
        Self::EvaluationLead,
        Self::FinancialManager,
        Self::CongressionalLiaison,
        Self::PartnerOfficer,
        Self::Evaluator,
        Self::Auditor,
        Self::Administrator,
        Self::SecurityOfficer,
        Self::PartnerAdministrator,
    ];

    /// The role's code, as in files and addresses: `desk_officer`.
    #[must_use]
    pub fn code(self) -> String {
        let text = serde_json::to_value(self).unwrap_or_default();
        text.as_str().unwrap_or_default().to_owned()
    }

    /// The role in words: `desk officer`.
    #[must_use]
    pub fn words(self) -> String {
        self.code().replace('_', " ")
    }
}

impl std::str::FromStr for Role {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let code = text.trim().to_ascii_lowercase().replace(['-', ' '], "_");
        let known = Self::ALL.into_iter().find(|r| r.code() == code);
        known.ok_or_else(|| format!("`{text}` is no role"))
    }
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
    /// Language of their pages, where the browser keeps no choice of its own; absent: what the browser asks for.
    #[serde(default)]
    pub language: Option<Language>,
}

impl Kind for Account {
    const CODE: &'static str = "account";
    const NAME: &'static str = "Account";
    const AREA: &'static str = "administration";
    const STATES: &'static [&'static str] = &["active", "closed"];
}
