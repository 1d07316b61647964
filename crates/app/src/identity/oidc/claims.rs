//! From claims to role and nation, as data (R-36): never from what a person says of themselves.

use super::super::{Draft, Read, accounts::NewAccount, duties::Duties, events, events::Event};
use super::{Fault, Provider, token::Claims};
use crate::{App, AppError, Result};
use serde::Deserialize;
use serde_json::Value;
use symbolon_access::Viewer;
use symbolon_domain::{
    country::Iso3,
    kinds::{Account, AccountRequest, Role},
    record::RecordId,
};

/// What becomes of somebody whom a provider knows and we do not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstSignIn {
    /// Nobody is let in whom an officer did not tie to an account.
    #[default]
    Refuse,
    /// An account is proposed, for an officer to confirm.
    Propose,
    /// An account is made, where the claims give a role without privileges.
    Create,
}

/// A claim with a value gives a role or a nation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Name of the claim.
    pub claim: String,
    /// Its value, or one of its values.
    pub value: String,
    /// The role it gives.
    #[serde(default)]
    pub role: Option<Role>,
    /// The nation it gives.
    #[serde(default)]
    pub nation: Option<Iso3>,
}

/// What claims give.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mapped {
    pub(crate) role: Option<Role>,
    pub(crate) nation: Option<Iso3>,
}

impl Provider {
    /// What the claims give; two roles or nations at once are a fault, not a choice.
    pub(crate) fn mapped(&self, claims: &Value) -> std::result::Result<Mapped, Fault> {
        let mut mapped = Mapped::default();
        for m in self
            .map
            .iter()
            .filter(|m| holds(&claims[&m.claim], &m.value))
        {
            if m.role.is_some() && mapped.role.is_some_and(|r| Some(r) != m.role) {
                return Err("the claims give two roles");
            }
            if m.nation.is_some() && mapped.nation.is_some_and(|n| Some(n) != m.nation) {
                return Err("the claims give two nations");
            }
            mapped.role = mapped.role.or(m.role);
            mapped.nation = mapped.nation.or(m.nation);
        }
        mapped.nation = mapped.nation.or(self.nation);
        Ok(mapped)
    }
}

fn holds(claim: &Value, wanted: &str) -> bool {
    match claim {
        Value::String(text) => text == wanted,
        Value::Array(several) => several.iter().any(|v| v.as_str() == Some(wanted)),
        _ => false,
    }
}

impl App {
    /// Brings an account in line with what its provider says now. Claims alone never give privileges.
    pub(super) fn follow_claims(
        &self,
        account: Read<Account>,
        mapped: &Mapped,
    ) -> Result<Read<Account>> {
        let mut body = account.body.clone();
        body.role = mapped.role.unwrap_or(body.role);
        body.nation = mapped.nation.unwrap_or(body.nation);
        if body == account.body || Duties::shipped().level(body.role) > 1 {
            return Ok(account);
        }
        self.put(
            &self.system(),
            &Draft {
                kind: "account",
                id: account.id,
                version: account.version,
                state: "active",
                body: &body,
                action: "account.claims",
                reason: "the identity provider says so",
            },
        )?;
        self.identity.sessions.forget();
        events::send(
            Event::AccountChanged,
            &self.system(),
            &account.id.to_string(),
        );
        Ok(Read {
            body,
            version: account.version + 1,
            ..account
        })
    }

    /// Somebody the provider knows and we do not.
    pub(super) fn first_sign_in(
        &self,
        viewer: &Viewer,
        provider: &Provider,
        subject: &str,
        claims: &Claims,
        mapped: &Mapped,
    ) -> Result<Read<Account>> {
        const UNKNOWN: AppError = AppError::SignIn(
            "the identity provider knows you, but no account here is yours; ask an administrator",
        );
        let (Some(role), Some(nation)) = (mapped.role, mapped.nation) else {
            return Err(UNKNOWN);
        };
        let name = claims.body["name"].as_str().unwrap_or(subject);
        let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
        let new = NewAccount {
            name,
            role,
            nation,
            standing: None,
        };
        match provider.first_sign_in {
            FirstSignIn::Create if Duties::shipped().level(role) == 1 => {
                let id = self.add_account(&self.system(), &new)?;
                if let Some(tie) = self.tie(id, &provider.issuer, subject)? {
                    self.put_all(&self.system(), vec![tie])?;
                }
                self.active_account(id)?.ok_or(UNKNOWN)
            }
            FirstSignIn::Refuse => Err(UNKNOWN),
            FirstSignIn::Propose | FirstSignIn::Create => {
                self.propose_first(viewer, provider, subject, &new)?;
                Err(AppError::SignIn(
                    "an account was proposed for you; an officer confirms it",
                ))
            }
        }
    }

    fn propose_first(
        &self,
        viewer: &Viewer,
        provider: &Provider,
        subject: &str,
        new: &NewAccount,
    ) -> Result<()> {
        let reason = format!("first sign-in at {} as {subject}", provider.name);
        let request = AccountRequest {
            account: None,
            name: new.name.clone(),
            role: new.role,
            nation: new.nation,
            standing: None,
            reason: reason.clone(),
            proposed_by: None,
            decided_by: None,
        };
        // One proposal a person, however often they try.
        let id = RecordId::named(
            "account_request oidc",
            &format!("{}\n{subject}", provider.issuer),
        );
        if self
            .find::<AccountRequest>("account_request", id)?
            .is_some()
        {
            return Ok(());
        }
        self.put(
            viewer,
            &Draft {
                kind: "account_request",
                id,
                version: 0,
                state: "open",
                body: &request,
                action: "account_request.propose",
                reason: &reason,
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn provider() -> Provider {
        toml::from_str(
            r#"
            name = "ministry"
            title = "Ministry"
            issuer = "https://id.example"
            client_id = "us"
            nation = "USA"
            map = [
                { claim = "groups", value = "desk", role = "desk_officer" },
                { claim = "groups", value = "audit", role = "auditor" },
                { claim = "country", value = "SN", nation = "SEN" },
            ]"#,
        )
        .unwrap()
    }

    #[test]
    fn r_36_role_and_nation_come_from_mapped_claims_only() {
        let p = provider();
        let usa: Iso3 = "USA".parse().unwrap();
        let sen: Iso3 = "SEN".parse().unwrap();
        for (claims, role, nation) in [
            (
                json!({"groups": ["desk", "x"]}),
                Some(Role::DeskOfficer),
                usa,
            ),
            (
                json!({"groups": "desk", "country": "SN"}),
                Some(Role::DeskOfficer),
                sen,
            ),
            (json!({"role": "administrator", "nation": "FRA"}), None, usa),
            (json!({"groups": {"desk": true}}), None, usa),
        ] {
            let mapped = p.mapped(&claims).unwrap();
            assert_eq!(
                (mapped.role, mapped.nation),
                (role, Some(nation)),
                "{claims}"
            );
        }
        assert!(p.mapped(&json!({"groups": ["desk", "audit"]})).is_err());
    }
}
