//! Redaction: one proposes, another confirms, and what the entries said is gone.

use crate::{App, AppError, Result};
use symbolon_access::{Actor, Viewer};
use symbolon_domain::{
    date::ValidTime,
    kinds::Redaction,
    label::Label,
    record::{Envelope, RecordId},
};
use symbolon_store::{Change, query::RecordQuery};

/// A proposal, and the number of its record's version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedactionLine {
    /// Id of the record.
    pub id: RecordId,
    /// State: proposed, done, withdrawn.
    pub state: String,
    /// What is proposed.
    pub redaction: Redaction,
}

fn account(viewer: &Viewer) -> Result<RecordId> {
    match &viewer.actor {
        Actor::Account { id, .. } => Ok(*id),
        _ => Err(AppError::Invalid(
            "a redaction is proposed and confirmed by persons with an account".into(),
        )),
    }
}

impl App {
    /// Proposes to delete what entries say.
    pub fn propose_redaction(
        &self,
        viewer: &Viewer,
        entries: &[i64],
        basis: &str,
        reason: &str,
    ) -> Result<RecordId> {
        if entries.is_empty() || basis.trim().is_empty() {
            return Err(AppError::Invalid(
                "a redaction names its entries and its legal basis".into(),
            ));
        }
        let body = Redaction {
            entries: entries.to_vec(),
            basis: basis.trim().to_owned(),
            reason: reason.trim().to_owned(),
            proposed_by: account(viewer)?,
            confirmed_by: None,
        };
        let id = RecordId::from_random(self.around.random());
        let envelope = Envelope {
            id,
            kind: "redaction".into(),
            code: format!("redaction-{}", &id.to_string()[..8]),
            version: 0,
            state: "proposed".into(),
            valid: ValidTime::default(),
            label: Label::internal("USA"),
            owner: "instance".into(),
            partner: String::new(),
            programme: String::new(),
            sources: vec![],
            claims: vec![],
        };
        self.write_redaction(viewer, envelope, &body, "redaction.propose")?;
        Ok(id)
    }

    fn write_redaction(
        &self,
        viewer: &Viewer,
        envelope: Envelope,
        body: &Redaction,
        action: &str,
    ) -> Result<()> {
        let body = serde_json::to_value(body).map_err(|e| AppError::Internal(e.to_string()))?;
        let change = Change {
            envelope,
            body,
            action: action.into(),
            reason: String::new(),
            saw: vec![],
        };
        self.store.write(viewer, vec![change])?;
        Ok(())
    }

    /// Proposals, and what became of them.
    pub fn redactions(&self, viewer: &Viewer) -> Result<Vec<RedactionLine>> {
        let records = self
            .store
            .list(viewer, "redaction", &RecordQuery::default())?;
        let line = |r: symbolon_domain::record::Record| {
            Ok(RedactionLine {
                id: r.envelope.id,
                state: r.envelope.state,
                redaction: serde_json::from_value(r.body)
                    .map_err(|e| AppError::Internal(e.to_string()))?,
            })
        };
        records.into_iter().map(line).collect()
    }

    /// A proposal that nothing was decided about yet.
    fn proposed(&self, viewer: &Viewer, id: RecordId) -> Result<(Envelope, Redaction)> {
        let record = self
            .store
            .get(viewer, "redaction", id)?
            .ok_or(AppError::NotFound("redaction"))?;
        if record.envelope.state != "proposed" {
            return Err(AppError::Invalid("it is no longer proposed".into()));
        }
        let body = serde_json::from_value(record.body);
        let body = body.map_err(|e| AppError::Internal(e.to_string()))?;
        Ok((record.envelope, body))
    }

    /// Withdraws one's own proposal, or refuses that of another.
    pub fn withdraw_redaction(&self, viewer: &Viewer, id: RecordId) -> Result<()> {
        account(viewer)?;
        let (mut envelope, body) = self.proposed(viewer, id)?;
        envelope.state = "withdrawn".into();
        self.write_redaction(viewer, envelope, &body, "redaction.withdraw")
    }

    /// Confirms a proposal of somebody else: the bodies are deleted for good. The number of the entry
    /// that says so. Asks for a fresh factor.
    pub fn confirm_redaction(&self, viewer: &Viewer, id: RecordId) -> Result<i64> {
        let by = account(viewer)?;
        let (mut envelope, mut body) = self.proposed(viewer, id)?;
        if body.proposed_by == by {
            return Err(AppError::Invalid(
                "nobody confirms a redaction of their own".into(),
            ));
        }
        self.require_step_up(viewer)?;
        let what = symbolon_store::Redaction {
            id,
            entries: body.entries.clone(),
            basis: body.basis.clone(),
            reason: body.reason.clone(),
            proposed_by: body.proposed_by.to_string(),
            confirmed_by: by.to_string(),
        };
        let seq = self.store.redact(viewer, &what)?;
        body.confirmed_by = Some(by);
        envelope.state = "done".into();
        self.write_redaction(viewer, envelope, &body, "redaction.confirm")?;
        Ok(seq)
    }
}
