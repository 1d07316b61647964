//! Accounts: proposed by one, decided by another, closed and reset by those whose duty it is. Never by
//! anybody to themselves.

use super::{
    Draft, Read,
    duties::{Duties, Duty, Officer},
    events,
    events::Event,
};
use crate::{App, AppError, Result};
use symbolon_access::Viewer;
use symbolon_domain::{
    country::Iso3,
    kinds::{Account, AccountRequest, Role, Standing},
    record::RecordId,
};
use symbolon_store::{Change, query::RecordQuery};

/// Somebody new.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Nation.
    pub nation: Iso3,
    /// Clearances and scope; absent: what the role usually has.
    pub standing: Option<Standing>,
}

/// What a role usually has: staff work on every programme, a partner's people on none until told.
fn usual(role: Role) -> Standing {
    let staff = Standing::of_staff();
    match role {
        Role::PartnerOfficer | Role::PartnerAdministrator => Standing {
            programmes: Default::default(),
            ..staff
        },
        _ => staff,
    }
}

/// What somebody proposes.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The account whose role shall change, or that shall be opened again; `None` for a new one.
    pub account: Option<RecordId>,
    /// Who, as what, for which nation.
    pub wanted: NewAccount,
    /// Why.
    pub reason: String,
}

/// A proposal with what became of it.
#[derive(Clone, Debug)]
pub struct RequestLine {
    /// The record.
    pub id: RecordId,
    /// `open`, `confirmed` or `refused`.
    pub state: String,
    /// What was proposed.
    pub request: AccountRequest,
}

const SELF: AppError = AppError::Duty("this is about your own account; somebody else must do it");

impl App {
    /// Adds an account at once, as the operator at the command line.
    pub fn add_account(&self, viewer: &Viewer, new: &NewAccount) -> Result<RecordId> {
        let Officer::Operator = self.officer(viewer, Duty::Decide)? else {
            return Err(AppError::Duty(
                "accounts are proposed by one and confirmed by another",
            ));
        };
        let id = RecordId::from_random(self.around.random());
        let change = self.account_change(id, None, new, true, "account.create", "")?;
        self.put_all(viewer, vec![change])?;
        events::send(Event::AccountChanged, viewer, &id.to_string());
        Ok(id)
    }

    /// Sets clearances and scope at once, as the operator at the command line.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where there is no such account.
    pub fn set_standing(&self, viewer: &Viewer, id: RecordId, standing: Standing) -> Result<()> {
        let Officer::Operator = self.officer(viewer, Duty::Decide)? else {
            return Err(AppError::Duty(
                "clearances are proposed by one and confirmed by another",
            ));
        };
        let there = self.find::<Account>("account", id)?;
        let there = there.ok_or(AppError::NotFound("account"))?;
        let new = NewAccount {
            name: there.body.name.clone(),
            role: there.body.role,
            nation: there.body.nation,
            standing: Some(standing),
        };
        let active = there.body.active;
        let change = self.account_change(id, Some(&there), &new, active, "account.change", "")?;
        self.put_all(viewer, vec![change])?;
        self.identity.sessions.forget();
        events::send(Event::AccountChanged, viewer, &id.to_string());
        Ok(())
    }

    pub(super) fn account_change(
        &self,
        id: RecordId,
        there: Option<&Read<Account>>,
        new: &NewAccount,
        active: bool,
        action: &str,
        reason: &str,
    ) -> Result<Change> {
        let body = Account {
            name: new.name.clone(),
            role: new.role,
            nation: new.nation,
            active,
            standing: new.standing.clone().unwrap_or_else(|| usual(new.role)),
            language: there.and_then(|t| t.body.language),
        };
        let state = if active { "active" } else { "closed" };
        let mut change = self.draft(&Draft {
            kind: "account",
            id,
            version: there.map_or(0, |t| t.version),
            state,
            body: &body,
            action,
            reason,
        })?;
        if new.nation.as_str() != Duties::shipped().provider {
            change.envelope.partner = new.nation.as_str().to_owned();
        }
        Ok(change)
    }

    /// Every account the viewer may see; partners' administrators see those of the own nation.
    pub fn accounts(&self, viewer: &Viewer) -> Result<Vec<(RecordId, Account)>> {
        let all = self.find_all::<Account>("account", &RecordQuery::default())?;
        let own = match &viewer.actor {
            symbolon_access::Actor::Account {
                role: Role::PartnerAdministrator,
                nation,
                ..
            } => Some(*nation),
            _ if self.has_duty(viewer, Duty::See) => None,
            _ => return Err(AppError::NotFound("page")),
        };
        let seen = all
            .into_iter()
            .filter(|a| own.is_none_or(|n| a.body.nation == n));
        Ok(seen.map(|a| (a.id, a.body)).collect())
    }

    /// One account the viewer may see.
    pub fn account_seen(&self, viewer: &Viewer, id: RecordId) -> Result<Account> {
        let accounts = self.accounts(viewer)?;
        let found = accounts.into_iter().find(|(a, _)| *a == id);
        found.map(|(_, a)| a).ok_or(AppError::NotFound("account"))
    }

    /// Proposes an account or a role; it binds when somebody else confirms it.
    pub fn propose_account(&self, viewer: &Viewer, new: &Proposal) -> Result<RecordId> {
        let officer = self.officer(viewer, Duty::Propose)?;
        self.require_step_up(viewer)?;
        let wanted = &new.wanted;
        if wanted.name.trim().is_empty() || wanted.name.chars().count() > 200 {
            return Err(AppError::Invalid(
                "an account has a name of at most 200 characters".into(),
            ));
        }
        let account = match new.account {
            Some(id) => Some(
                self.find::<Account>("account", id)?
                    .ok_or(AppError::NotFound("account"))?,
            ),
            None => None,
        };
        if let Officer::Person {
            role: Role::PartnerAdministrator,
            nation,
        } = officer
        {
            let theirs = account.as_ref().is_none_or(|a| a.body.nation == nation);
            if !theirs {
                return Err(AppError::NotFound("account"));
            }
            if wanted.nation != nation || !Duties::shipped().partner_roles.contains(&wanted.role) {
                return Err(AppError::Duty(
                    "you propose officers of your own nation only (R-22)",
                ));
            }
            if wanted.standing.is_some() {
                return Err(AppError::Duty(
                    "clearances and scope are set by officers of the provider (R-22)",
                ));
            }
        }
        let request = AccountRequest {
            account: new.account,
            name: wanted.name.trim().to_owned(),
            role: wanted.role,
            nation: wanted.nation,
            standing: wanted.standing.clone(),
            reason: new.reason.trim().to_owned(),
            proposed_by: viewer.account(),
            decided_by: None,
        };
        let id = RecordId::from_random(self.around.random());
        self.put_request(viewer, id, 0, "open", &request, "account_request.propose")?;
        Ok(id)
    }

    fn put_request(
        &self,
        viewer: &Viewer,
        id: RecordId,
        version: i64,
        state: &str,
        body: &AccountRequest,
        action: &str,
    ) -> Result<()> {
        self.put(
            viewer,
            &Draft {
                kind: "account_request",
                id,
                version,
                state,
                body,
                action,
                reason: &body.reason,
            },
        )
    }

    /// Proposals the viewer may see: all, or for a partner's administrator those of the own nation.
    pub fn account_requests(&self, viewer: &Viewer) -> Result<Vec<RequestLine>> {
        let own = match &viewer.actor {
            symbolon_access::Actor::Account {
                role: Role::PartnerAdministrator,
                nation,
                ..
            } => Some(*nation),
            _ if self.has_duty(viewer, Duty::See) => None,
            _ => return Err(AppError::NotFound("page")),
        };
        let all = self.find_all::<AccountRequest>("account_request", &RecordQuery::default())?;
        let seen = all
            .into_iter()
            .filter(|r| own.is_none_or(|n| r.body.nation == n));
        Ok(seen
            .map(|r| RequestLine {
                id: r.id,
                state: r.state,
                request: r.body,
            })
            .collect())
    }

    /// Confirms or refuses a proposal; the account it made or changed.
    pub fn decide_account(
        &self,
        viewer: &Viewer,
        id: RecordId,
        confirm: bool,
    ) -> Result<Option<RecordId>> {
        self.officer(viewer, Duty::Decide)?;
        self.require_step_up(viewer)?;
        let request = self.find::<AccountRequest>("account_request", id)?;
        let request = request
            .filter(|r| r.state == "open")
            .ok_or(AppError::NotFound("proposal"))?;
        let me = viewer.account();
        if me.is_some() && request.body.proposed_by == me {
            return Err(AppError::Duty(
                "you proposed this; somebody else must decide it (R-21)",
            ));
        }
        if me.is_some() && request.body.account == me {
            return Err(SELF);
        }
        let mut body = request.body.clone();
        body.decided_by = me;
        let state = if confirm { "confirmed" } else { "refused" };
        let decided = self.draft(&Draft {
            kind: "account_request",
            id,
            version: request.version,
            state,
            body: &body,
            action: if confirm {
                "account_request.confirm"
            } else {
                "account_request.refuse"
            },
            reason: "",
        })?;
        if !confirm {
            self.put_all(viewer, vec![decided])?;
            return Ok(None);
        }
        let (account, mut changes) = self.confirmed(&request.body)?;
        changes.push(decided);
        self.put_all(viewer, changes)?;
        self.identity.sessions.forget();
        events::send(Event::AccountChanged, viewer, &account.to_string());
        Ok(Some(account))
    }

    fn confirmed(&self, request: &AccountRequest) -> Result<(RecordId, Vec<Change>)> {
        let new = NewAccount {
            name: request.name.clone(),
            role: request.role,
            nation: request.nation,
            standing: request.standing.clone(),
        };
        self.room_for(request)?;
        let Some(id) = request.account else {
            let id = RecordId::from_random(self.around.random());
            return Ok((
                id,
                vec![self.account_change(id, None, &new, true, "account.create", "")?],
            ));
        };
        let there = self
            .find::<Account>("account", id)?
            .ok_or(AppError::NotFound("account"))?;
        // Clearances and duties are of a role and a nation: with another of either they begin anew.
        let same = there.body.role == new.role && there.body.nation == new.nation;
        let new = NewAccount {
            standing: match new.standing {
                None if same => Some(there.body.standing.clone()),
                wanted => wanted,
            },
            ..new
        };
        let change = self.account_change(
            id,
            Some(&there),
            &new,
            true,
            "account.change",
            &request.reason,
        )?;
        Ok((id, vec![change]))
    }

    /// A partner nation has one administrator and an alternate, no more.
    fn room_for(&self, request: &AccountRequest) -> Result<()> {
        if request.role != Role::PartnerAdministrator {
            return Ok(());
        }
        let all = self.find_all::<Account>("account", &RecordQuery::default())?;
        let theirs = all.iter().filter(|a| {
            a.body.active
                && a.body.role == Role::PartnerAdministrator
                && a.body.nation == request.nation
                && Some(a.id) != request.account
        });
        if theirs.count() >= Duties::shipped().partner_administrators {
            let full = "the nation has an administrator and an alternate already (R-22)";
            return Err(AppError::Invalid(full.to_owned()));
        }
        Ok(())
    }

    /// Somebody the viewer may act upon: another's account, at no higher level.
    fn subject(&self, viewer: &Viewer, duty: Duty, id: RecordId) -> Result<Read<Account>> {
        let officer = self.officer(viewer, duty)?;
        self.require_step_up(viewer)?;
        let account = self
            .find::<Account>("account", id)?
            .ok_or(AppError::NotFound("account"))?;
        if viewer.account() == Some(id) {
            return Err(SELF);
        }
        if let Officer::Person { role, .. } = officer {
            let table = Duties::shipped();
            if table.level(account.body.role) > table.level(role) {
                return Err(AppError::Duty("the account is above your own level (R-21)"));
            }
        }
        Ok(account)
    }

    /// Closes an account: its sessions, tokens and links end in the same transaction.
    pub fn close_account(&self, viewer: &Viewer, id: RecordId, reason: &str) -> Result<()> {
        let there = self.subject(viewer, Duty::Close, id)?;
        let new = NewAccount {
            name: there.body.name.clone(),
            role: there.body.role,
            nation: there.body.nation,
            standing: Some(there.body.standing.clone()),
        };
        let mut changes = self.end_all_of(id, "the account was closed")?;
        changes.extend(self.revoke_tokens_of(id, "the account was closed")?);
        changes.extend(self.withdraw_links(id)?);
        changes.push(self.account_change(
            id,
            Some(&there),
            &new,
            false,
            "account.close",
            reason,
        )?);
        self.put_all(viewer, changes)?;
        self.identity.sessions.forget();
        events::send(Event::AccountChanged, viewer, &id.to_string());
        Ok(())
    }

    /// Takes every factor of an account away, ends its sessions, and gives a link to begin anew.
    pub fn reset_account(&self, viewer: &Viewer, id: RecordId, reason: &str) -> Result<String> {
        let there = self.subject(viewer, Duty::Reset, id)?;
        if !there.body.active {
            return Err(AppError::Invalid("the account is closed".to_owned()));
        }
        let mut changes = self.end_all_of(id, "the factors were reset")?;
        changes.extend(self.withdraw_links(id)?);
        for credential in self.credentials_raw(id)? {
            changes.push(self.revoked(&credential, reason)?);
        }
        if !changes.is_empty() {
            self.put_all(viewer, changes)?;
        }
        self.identity.sessions.forget();
        events::send(Event::CredentialChanged, viewer, &id.to_string());
        self.sign_in_link_by(viewer, id)
    }

    /// Ends every session of somebody else.
    pub fn end_sessions(&self, viewer: &Viewer, id: RecordId) -> Result<()> {
        self.subject(viewer, Duty::Sessions, id)?;
        let changes = self.end_all_of(id, "by an officer")?;
        if changes.is_empty() {
            return Ok(());
        }
        self.put_all(viewer, changes)?;
        self.identity.sessions.forget();
        events::send(Event::SessionEnded, viewer, &id.to_string());
        Ok(())
    }

    /// Ties an account to a name at an identity provider: by an officer, never by the person.
    pub fn tie_identity(
        &self,
        viewer: &Viewer,
        id: RecordId,
        issuer: &str,
        subject: &str,
    ) -> Result<()> {
        self.subject(viewer, Duty::Reset, id)?;
        let known = self
            .identity
            .settings
            .provider
            .iter()
            .any(|p| p.issuer == issuer);
        if !known || subject.is_empty() || subject.len() > 255 {
            let wrong =
                "name a configured provider's issuer and the subject it knows the person by";
            return Err(AppError::Invalid(wrong.to_owned()));
        }
        match self.tie(id, issuer, subject)? {
            Some(change) => self.put_all(viewer, vec![change])?,
            None => return Ok(()),
        }
        events::send(Event::CredentialChanged, viewer, "identity");
        Ok(())
    }
}
