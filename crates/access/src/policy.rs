//! The table of roles, actions and kinds, read from data.

use crate::viewer::{Action, Actor, Viewer};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use symbolon_domain::kinds;

/// The row that counts while somebody looks beyond their role in an emergency.
const GLASS: &str = "break_glass";
/// The row that counts while a vetting file is open for a stated purpose.
const FILE: &str = "vetting_file";

/// What a row lets its holder see of what it grants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Whatever labels and scope allow.
    #[default]
    All,
    /// Programme content only where it is released to the public.
    Released,
}

/// One row: a role, or a duty held beside a role.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Row {
    /// Whether it is a duty, not a role.
    #[serde(default)]
    pub duty: bool,
    /// Whether it shows only what is about the holder's own nation.
    #[serde(default)]
    pub own_partner: bool,
    /// Whether it shows only fields on the allow-list of partners.
    #[serde(default)]
    pub partner_view: bool,
    /// What of it shows.
    #[serde(default)]
    pub content: Content,
    /// Kinds (`code`) and areas (`@area`, `@*`) by action.
    #[serde(flatten)]
    pub actions: BTreeMap<Action, BTreeSet<String>>,
}

/// Which role may do what to which kind.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Policy {
    /// Kinds that areas cover for reading only.
    #[serde(default)]
    guarded: BTreeSet<String>,
    /// Actions that need a fresh factor.
    #[serde(default)]
    step_up: BTreeSet<Action>,
    rows: BTreeMap<String, Row>,
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

    /// The policy that ships with the program; one that denies everything if the file is damaged (a
    /// test reads it).
    #[must_use]
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Policy> = OnceLock::new();
        SHIPPED.get_or_init(|| Self::parse(include_str!("policy.toml")).unwrap_or_default())
    }

    /// Whether the viewer's role or a duty grants the action on the kind. Anything not named is
    /// denied.
    #[must_use]
    pub fn grants(&self, viewer: &Viewer, action: Action, kind: &str) -> bool {
        self.rows_of(viewer)
            .any(|row| self.row_grants(row, action, kind))
    }

    /// Whether a row grants an action on a kind.
    #[must_use]
    pub fn row_grants(&self, row: &Row, action: Action, kind: &str) -> bool {
        let Some(named) = row.actions.get(&action) else {
            return false;
        };
        if named.contains(kind) {
            return true;
        }
        let reading = matches!(action, Action::Read | Action::Export);
        if !reading && self.guarded.contains(kind) {
            return false;
        }
        let Some(area) = area(kind) else {
            return false;
        };
        let covers = |n: &String| n.strip_prefix('@').is_some_and(|a| a == area || a == "*");
        named.iter().any(covers)
    }

    /// The rows that hold for a viewer: the role's, and those of the account's duties.
    pub(crate) fn rows_of<'a>(&'a self, viewer: &'a Viewer) -> impl Iterator<Item = &'a Row> {
        let role = self.rows.get(viewer.policy_row()).filter(|r| !r.duty);
        let duties = match &viewer.actor {
            Actor::Account { standing, .. } => Some(&standing.duties),
            _ => None,
        };
        let duties = duties.into_iter().flatten().map(String::as_str);
        // Nobody holds these as a duty: they count while a use is open.
        let duties = duties.filter(|d| ![GLASS, FILE].contains(d));
        let glass = viewer.break_glass.then_some(GLASS);
        let file = viewer.purpose.is_some().then_some(FILE);
        role.into_iter().chain(
            duties
                .chain(glass)
                .chain(file)
                .filter_map(|d| self.rows.get(d).filter(|r| r.duty)),
        )
    }

    /// The duties that an account may hold beside its role.
    pub fn duties(&self) -> impl Iterator<Item = &str> {
        let rows = self.rows.iter().filter(|(_, row)| row.duty);
        let names = rows.map(|(name, _)| name.as_str());
        names.filter(|d| ![GLASS, FILE].contains(d))
    }

    /// The row of the viewer's role.
    pub(crate) fn role_row(&self, viewer: &Viewer) -> Option<&Row> {
        self.rows.get(viewer.policy_row()).filter(|r| !r.duty)
    }

    /// Whether an action needs a factor given lately.
    #[must_use]
    pub fn needs_step_up(&self, action: Action) -> bool {
        self.step_up.contains(&action)
    }

    /// The rows of the table, for the reference page and the golden test.
    pub fn rows(&self) -> impl Iterator<Item = (&str, &BTreeMap<Action, BTreeSet<String>>)> {
        self.rows
            .iter()
            .map(|(name, row)| (name.as_str(), &row.actions))
    }

    /// Names of the rows that grant an action on a kind.
    #[must_use]
    pub fn holders(&self, action: Action, kind: &str) -> Vec<&str> {
        let grants = |(_, row): &(&String, &Row)| self.row_grants(row, action, kind);
        let holders = self.rows.iter().filter(grants);
        holders.map(|(name, _)| name.as_str()).collect()
    }
}

/// The area of a kind. Kinds of administration have none: `@*` is programme content.
fn area(kind: &str) -> Option<&'static str> {
    let area = kinds::by_code(kind)?.area;
    (area != "administration").then_some(area)
}

#[cfg(test)]
mod tests;
