//! Who can see something, and why somebody can; and viewers kept honest while long work runs.

use crate::{App, AppError, Result};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;
use symbolon_access::{Action, Actor, Policy, Subject, Viewer, audience, explain, roll_up};
use symbolon_domain::{
    kinds::Account,
    label::Label,
    record::{Envelope, RecordId},
};

/// Why somebody sees something, and who else does.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Visible {
    /// Why the viewer can.
    pub because: String,
    /// Rows of the policy table that may read it, and further conditions.
    pub roles: Vec<String>,
    /// The marking.
    pub marking: String,
    /// Who it is for, in one sentence.
    pub summary: String,
    /// Why the viewer can, condition by condition.
    pub why: Vec<String>,
    /// Nations one may expect among its readers and that are not, each with the rule.
    pub kept_out: Vec<String>,
}

/// Rows of the policy table that may read a kind.
#[must_use]
pub fn readers(kind: &str) -> Vec<String> {
    let holders = Policy::shipped().holders(Action::Read, kind);
    let people = holders.iter().filter(|row| **row != "system");
    people.map(|row| row.replace('_', " ")).collect()
}

impl App {
    /// Who sees a record and why the viewer does.
    pub fn visible(&self, viewer: &Viewer, e: &Envelope) -> Result<Visible> {
        self.visible_as(viewer, &e.kind, &e.label, (&e.partner, &e.programme))
    }

    /// Whether an account sees a record, and why: for the operator, who reads the database anyway.
    ///
    /// # Errors
    /// [`AppError::NotPermitted`] for anybody else, [`AppError::NotFound`] where there is no such account or record.
    pub fn seen_by(
        &self,
        operator: &Viewer,
        account: RecordId,
        (kind, id): (&str, RecordId),
    ) -> Result<(bool, Visible)> {
        if operator.actor != Actor::System {
            let why = "only the operator looks as somebody else";
            return Err(AppError::NotPermitted(why.to_owned()));
        }
        let accounts = self.accounts(operator)?;
        let found = accounts.into_iter().find(|(id, _)| *id == account);
        let (_, held) = found.ok_or(AppError::NotFound("account"))?;
        let viewer = Viewer {
            actor: crate::sign_in::actor(account, &held),
            ..self.public()
        };
        let record = self.store.get(operator, kind, id)?;
        let record = record.ok_or(AppError::NotFound("record"))?;
        let sees = self
            .permitted(&viewer, Action::Read, &record.envelope)
            .is_ok();
        Ok((
            sees && held.active,
            self.visible(&viewer, &record.envelope)?,
        ))
    }

    /// Who sees something of a kind under a label and why the viewer does.
    pub(crate) fn visible_as(
        &self,
        viewer: &Viewer,
        kind: &str,
        label: &Label,
        (partner, programme): (&str, &str),
    ) -> Result<Visible> {
        let world = self.store.world()?;
        let subject = Subject {
            kind,
            label,
            partner,
            programme,
        };
        let why = explain(Policy::shipped(), &world, viewer, Action::Read, subject);
        let who = audience(Policy::shipped(), &world, kind, label, viewer.today);
        Ok(Visible {
            because: why.last().cloned().unwrap_or_default(),
            roles: who.who,
            marking: label.marking(),
            summary: who.summary,
            why,
            kept_out: who.not,
        })
    }

    /// The marking of a page made of records under these labels; `None` where there are none.
    ///
    /// # Errors
    /// [`AppError::NotPermitted`] where together they may be shown to nobody.
    pub fn marking_over<'l>(
        &self,
        labels: impl IntoIterator<Item = &'l Label>,
    ) -> Result<Option<String>> {
        let parts: BTreeSet<&Label> = labels.into_iter().collect();
        if parts.is_empty() {
            return Ok(None);
        }
        let whole = roll_up(&*self.store.world()?, parts, self.today());
        let whole = whole.ok_or_else(|| {
            AppError::NotPermitted("together the records may be shown to nobody".to_owned())
        })?;
        Ok(Some(whole.marking()))
    }

    /// The viewer as the store knows the account now: whoever works for long for somebody asks this at
    /// least once a second, and stops when it fails.
    ///
    /// # Errors
    /// The account is closed.
    pub fn renewed(&self, viewer: &Viewer) -> Result<Viewer> {
        let Actor::Account { id, .. } = &viewer.actor else {
            return Ok(viewer.clone());
        };
        Ok(Viewer {
            actor: self.account_now(*id)?,
            ..viewer.clone()
        })
    }

    /// An account as it stands now, as one that acts.
    ///
    /// # Errors
    /// The account is closed.
    pub(crate) fn account_now(&self, id: RecordId) -> Result<Actor> {
        let closed = || AppError::SignIn("the account is closed");
        let record = self
            .store
            .get(&self.system(), "account", id)?
            .ok_or_else(closed)?;
        let account: Account =
            serde_json::from_value(record.body).map_err(|e| AppError::Internal(e.to_string()))?;
        if !account.active {
            return Err(closed());
        }
        Ok(crate::sign_in::actor(id, &account))
    }
}
