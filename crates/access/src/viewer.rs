//! Who asks.

use jiff::civil::Date;
use symbolon_domain::{country::Iso3, kinds::Role, record::RecordId};

/// What somebody wants to do with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// See it on a page or through the API.
    Read,
    /// Take it away as a file.
    Export,
    /// Add or change it.
    Write,
    /// Load a bulk data set.
    Import,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 4] = [Self::Read, Self::Export, Self::Write, Self::Import];

    /// The word in the policy table and the journal.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Export => "export",
            Self::Write => "write",
            Self::Import => "import",
        }
    }
}

/// Who is behind a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Nobody signed in.
    Public,
    /// The program itself: start-up, sign-in, import from the command line by the operator who can
    /// already read the database file. Never reached from a request that carries no local authority.
    System,
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
    },
}

/// Somebody looking, on a day, through a session. No query runs without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// Who.
    pub actor: Actor,
    /// The day on which access is judged.
    pub today: Date,
    /// Session id (a hash, never the token), for the journal.
    pub session: String,
    /// Request id, for the journal and the log.
    pub request: String,
}

impl Viewer {
    /// Nobody signed in.
    #[must_use]
    pub fn public(today: Date) -> Self {
        Self {
            actor: Actor::Public,
            today,
            session: String::new(),
            request: String::new(),
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
            Actor::Account { id, name, .. } => format!("{name} ({id})"),
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

    /// The row of the policy table that applies.
    #[must_use]
    pub fn policy_row(&self) -> String {
        match &self.actor {
            Actor::Public => "public".to_owned(),
            Actor::System => "system".to_owned(),
            Actor::Account { role, .. } => role_name(*role),
        }
    }
}

/// A role's name as in the policy table: the serialised form, so that there is one spelling.
pub(crate) fn role_name(role: Role) -> String {
    let mut name = String::new();
    for (i, c) in format!("{role:?}").chars().enumerate() {
        if c.is_ascii_uppercase() && i > 0 {
            name.push('_');
        }
        name.push(c.to_ascii_lowercase());
    }
    name
}
