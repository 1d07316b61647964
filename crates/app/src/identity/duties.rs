//! Duties about identities, as data: who proposes, who decides, who closes.

use crate::{App, AppError, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use symbolon_access::{Actor, Viewer};
use symbolon_domain::{country::Iso3, kinds::Role};

/// Something that is done about identities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// Proposes accounts and roles.
    Propose,
    /// Confirms or refuses what others proposed.
    Decide,
    /// Closes accounts.
    Close,
    /// Takes factors away and gives a new link.
    Reset,
    /// Ends sessions of others.
    Sessions,
    /// Revokes tokens of others.
    Tokens,
    /// Reviews break-glass uses.
    Review,
    /// Sees accounts.
    See,
    /// Looks beyond the own role in an emergency.
    BreakGlass,
}

impl Duty {
    /// Every duty, with what it is in words.
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::Propose, "Proposes accounts and roles"),
        (Self::Decide, "Confirms or refuses what others proposed"),
        (Self::Close, "Closes accounts"),
        (Self::Reset, "Resets factors, gives a new link"),
        (Self::Sessions, "Ends sessions of others"),
        (Self::Tokens, "Revokes tokens of others"),
        (Self::Review, "Reviews break-glass uses"),
        (Self::See, "Sees accounts"),
        (Self::BreakGlass, "May break the glass"),
    ];
}

/// The table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duties {
    /// The nation that provides the instance.
    pub provider: String,
    /// Roles a partner's administrator may propose.
    pub partner_roles: BTreeSet<Role>,
    /// Administrators a partner nation has at most.
    pub partner_administrators: usize,
    duties: BTreeMap<Duty, BTreeSet<Role>>,
    levels: BTreeMap<Role, u8>,
}

impl Duties {
    /// The table that ships with the program. A test reads it; without it nobody has any duty.
    #[must_use]
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Duties> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            toml::from_str(include_str!("duties.toml")).unwrap_or_else(|_| Self {
                provider: String::new(),
                partner_roles: BTreeSet::new(),
                partner_administrators: 0,
                duties: BTreeMap::new(),
                levels: BTreeMap::new(),
            })
        })
    }

    /// Whether a role has a duty.
    #[must_use]
    pub fn has(&self, role: Role, duty: Duty) -> bool {
        self.duties
            .get(&duty)
            .is_some_and(|roles| roles.contains(&role))
    }

    /// The level of a role.
    #[must_use]
    pub fn level(&self, role: Role) -> u8 {
        self.levels.get(&role).copied().unwrap_or(1)
    }
}

/// Role and nation of somebody with a duty; the operator at the command line has every duty.
pub(crate) enum Officer {
    Operator,
    Person { role: Role, nation: Iso3 },
}

impl App {
    /// Whether the viewer has a duty. Officers of other nations have none but to propose.
    #[must_use]
    pub fn has_duty(&self, viewer: &Viewer, duty: Duty) -> bool {
        let table = Duties::shipped();
        match &viewer.actor {
            Actor::System => true,
            Actor::Account { role, nation, .. } => {
                let home = nation.as_str() == table.provider
                    || (duty == Duty::Propose && *role == Role::PartnerAdministrator);
                table.has(*role, duty) && home
            }
            _ => false,
        }
    }

    /// The viewer as somebody with a duty.
    pub(crate) fn officer(&self, viewer: &Viewer, duty: Duty) -> Result<Officer> {
        if !self.has_duty(viewer, duty) {
            super::events::send(super::events::Event::Denied, viewer, "duty");
            return Err(AppError::Duty("your role does not have this duty"));
        }
        Ok(match &viewer.actor {
            Actor::Account { role, nation, .. } => Officer::Person {
                role: *role,
                nation: *nation,
            },
            _ => Officer::Operator,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_can_be_read_and_names_every_duty() {
        let table: Duties = toml::from_str(include_str!("duties.toml")).unwrap();
        for (duty, _) in Duty::ALL {
            assert!(table.duties.contains_key(&duty), "{duty:?}");
        }
        assert!(table.level(Role::Administrator) > table.level(Role::DeskOfficer));
    }
}
