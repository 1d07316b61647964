//! Who asks.

use jiff::civil::Date;
use std::sync::Arc;
use symbolon_domain::{
    country::Iso3,
    kinds::{Role, Standing},
    record::RecordId,
};

/// What somebody wants to do with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// See it on a page or one at a time through the API.
    Read,
    /// Take it away as a file or in bulk.
    Export,
    /// Add or change it.
    Write,
    /// Move it to another state.
    Transition,
    /// Approve what another person prepared.
    Approve,
    /// Lower its label or widen its release.
    Release,
    /// Load a bulk data set.
    Import,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 7] = [
        Self::Read,
        Self::Export,
        Self::Write,
        Self::Transition,
        Self::Approve,
        Self::Release,
        Self::Import,
    ];

    /// The word in the policy table and the journal.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Export => "export",
            Self::Write => "write",
            Self::Transition => "transition",
            Self::Approve => "approve",
            Self::Release => "release",
            Self::Import => "import",
        }
    }

    /// Whether it only looks.
    #[must_use]
    pub fn is_reading(self) -> bool {
        matches!(self, Self::Read | Self::Export)
    }
}

/// Who is behind a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// Nobody signed in.
    Public,
    /// The program itself: start-up, sign-in, import from the command line by the operator who can
    /// already read the database file. Never reached from a request that carries no local authority.
    System,
    /// The identity use cases, acting for somebody: they alone write accounts, credentials and
    /// sessions, and they reach nothing else. The journal names the person.
    Identity {
        /// The account on whose behalf; `None` before anybody is signed in.
        id: Option<RecordId>,
        /// Name for the journal.
        name: String,
    },
    /// Somebody signed in.
    Account {
        /// The account record.
        id: RecordId,
        /// Name shown beside what they do.
        name: String,
        /// Role.
        role: Role,
        /// Nation they serve.
        nation: Iso3,
        /// Clearances and scope.
        standing: Arc<Standing>,
    },
}

/// Somebody looking, on a day, through a session. No query runs without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// Who.
    pub actor: Actor,
    /// The day on which access is judged.
    pub today: Date,
    /// Whether account and session were found open when the request came in.
    pub active: bool,
    /// Whether a factor was given within the last ten minutes.
    pub stepped_up: bool,
    /// Session id (a hash, never the token), for the journal.
    pub session: String,
    /// Request id, for the journal and the log.
    pub request: String,
    /// Whether they look beyond their role in an emergency: the row `break_glass` of the policy
    /// then counts beside their own.
    pub break_glass: bool,
    /// The vetting file that is open, and what for: the row `vetting_file` of the policy then
    /// counts beside their own. Opening one is journalled by the use case that does it.
    pub purpose: Option<Arc<str>>,
}

impl Viewer {
    /// Nobody signed in.
    #[must_use]
    pub fn public(today: Date) -> Self {
        Self {
            actor: Actor::Public,
            today,
            active: true,
            stepped_up: false,
            session: String::new(),
            request: String::new(),
            break_glass: false,
            purpose: None,
        }
    }

    /// The same request, as the identity use cases write it down.
    #[must_use]
    pub fn identity(&self) -> Self {
        let (id, name) = match &self.actor {
            Actor::Account { id, name, .. } => (Some(*id), name.clone()),
            _ => (None, self.actor_name()),
        };
        Self {
            actor: Actor::Identity { id, name },
            ..self.clone()
        }
    }

    /// The same viewer with a vetting file open for a purpose.
    #[must_use]
    pub fn with_file(&self, purpose: &str) -> Self {
        Self {
            purpose: Some(Arc::from(purpose)),
            ..self.clone()
        }
    }

    /// The account signed in.
    #[must_use]
    pub fn account(&self) -> Option<RecordId> {
        match &self.actor {
            Actor::Account { id, .. } => Some(*id),
            _ => None,
        }
    }

    /// The program itself.
    #[must_use]
    pub fn system(today: Date) -> Self {
        Self {
            actor: Actor::System,
            ..Self::public(today)
        }
    }

    /// The name the journal keeps.
    #[must_use]
    pub fn actor_name(&self) -> String {
        match &self.actor {
            Actor::Public => "public".to_owned(),
            Actor::System => "system".to_owned(),
            Actor::Identity { id: None, name } => name.clone(),
            Actor::Account { id, name, .. } | Actor::Identity { id: Some(id), name } => {
                format!("{name} ({id})")
            }
        }
    }

    /// The role, if signed in.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        match &self.actor {
            Actor::Account { role, .. } => Some(*role),
            _ => None,
        }
    }

    /// The nation, if signed in.
    #[must_use]
    pub fn nation(&self) -> Option<Iso3> {
        match &self.actor {
            Actor::Account { nation, .. } => Some(*nation),
            _ => None,
        }
    }

    /// The row of the policy table that applies to the role.
    #[must_use]
    pub fn policy_row(&self) -> &'static str {
        match &self.actor {
            Actor::Public => "public",
            Actor::System => "system",
            Actor::Identity { .. } => "identity",
            Actor::Account { role, .. } => role_name(*role),
        }
    }
}

/// A role's name as in the policy table, which is its name in files.
pub(crate) const fn role_name(role: Role) -> &'static str {
    match role {
        Role::DeskOfficer => "desk_officer",
        Role::CooperationOfficer => "cooperation_officer",
        Role::CaseManager => "case_manager",
        Role::TrainingManager => "training_manager",
        Role::LegalReviewer => "legal_reviewer",
        Role::VettingAnalyst => "vetting_analyst",
        Role::EndUseMonitor => "end_use_monitor",
        Role::EvaluationLead => "evaluation_lead",
        Role::FinancialManager => "financial_manager",
        Role::CongressionalLiaison => "congressional_liaison",
        Role::PartnerOfficer => "partner_officer",
        Role::Evaluator => "evaluator",
        Role::Auditor => "auditor",
        Role::Administrator => "administrator",
        Role::SecurityOfficer => "security_officer",
        Role::PartnerAdministrator => "partner_administrator",
    }
}
