//! The table of roles, actions and kinds, read from data.

use crate::viewer::{Action, Viewer};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// Kinds that `*` does not cover.
const APART: [&str; 4] = ["account", "session", "sign_in_link", "journal"];

/// Which role may do what to which kind.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(transparent)]
pub struct Policy {
    rows: BTreeMap<String, BTreeMap<Action, BTreeSet<String>>>,
}

/// A policy file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("policy file: {0}")]
pub struct PolicyError(#[from] toml::de::Error);

impl Policy {
    /// Reads a policy file.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        Ok(toml::from_str(text)?)
    }

    /// The policy that ships with the program.
    ///
    /// # Panics
    /// Never: a test reads the embedded file.
    #[must_use]
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Policy> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            Self::parse(include_str!("policy.toml")).unwrap_or(Self {
                rows: BTreeMap::new(),
            })
        })
    }

    /// Whether the viewer's role grants the action on the kind. Anything not named is denied.
    #[must_use]
    pub fn grants(&self, viewer: &Viewer, action: Action, kind: &str) -> bool {
        let Some(kinds) = self
            .rows
            .get(&viewer.policy_row())
            .and_then(|r| r.get(&action))
        else {
            return false;
        };
        kinds.contains(kind) || (kinds.contains("*") && !APART.contains(&kind))
    }

    /// The rows of the table, for the reference page and the golden test.
    pub fn rows(&self) -> impl Iterator<Item = (&str, &BTreeMap<Action, BTreeSet<String>>)> {
        self.rows
            .iter()
            .map(|(role, actions)| (role.as_str(), actions))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::viewer::{Actor, role_name};
    use symbolon_domain::{kinds::Role, record::RecordId};

    fn viewer(role: Role) -> Viewer {
        Viewer {
            actor: Actor::Account {
                id: RecordId::named("account", "x"),
                name: "X".into(),
                role,
                nation: "USA".parse().unwrap(),
            },
            ..Viewer::public(jiff::civil::date(2026, 1, 1))
        }
    }

    #[test]
    fn the_shipped_policy_names_every_role_and_only_roles() {
        let policy = Policy::parse(include_str!("policy.toml")).unwrap();
        let choices = symbolon_domain::kinds::by_code("account").unwrap();
        let role = choices.fields.iter().find(|f| f.name == "role").unwrap();
        let symbolon_domain::kind::FieldType::Choice(roles) = &role.field_type else {
            panic!("role is not a choice")
        };
        let mut named: Vec<&str> = policy.rows().map(|(r, _)| r).collect();
        named.retain(|r| !["public", "system"].contains(r));
        let mut wanted: Vec<&str> = roles.iter().map(String::as_str).collect();
        wanted.sort_unstable();
        assert_eq!(named, wanted);
        assert_eq!(role_name(Role::EndUseMonitor), "end_use_monitor");
    }

    #[test]
    fn nobody_but_administrator_and_auditor_reads_accounts() {
        let policy = Policy::shipped();
        assert!(policy.grants(&viewer(Role::Auditor), Action::Read, "account"));
        assert!(!policy.grants(&viewer(Role::DeskOfficer), Action::Read, "account"));
        assert!(!policy.grants(&viewer(Role::Administrator), Action::Read, "journal"));
        assert!(!policy.grants(
            &Viewer::public(jiff::civil::date(2026, 1, 1)),
            Action::Read,
            "account"
        ));
    }

    #[test]
    fn what_is_not_named_is_denied() {
        let public = Viewer::public(jiff::civil::date(2026, 1, 1));
        for action in [Action::Write, Action::Import] {
            assert!(!Policy::shipped().grants(&public, action, "dataset"));
        }
        assert!(!Policy::shipped().grants(&public, Action::Read, "no_such_kind"));
    }
}
