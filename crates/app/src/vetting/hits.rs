//! Answering a hit on a list: the same, another, or not sure, with grounds. Where the vetting policy wants it,
//! the answer counts only when another person has confirmed it.

use super::{
    Policy, VettingFile,
    circle::text,
    decide::{body, change, conflict, file_label, person},
};
use crate::{App, AppError, Result};
use symbolon_access::{Action, Viewer};
use symbolon_domain::{
    kind::Fault,
    kinds::{DerogatoryRecord, HitAnswer, ScreeningHit},
    record::{Record, RecordId},
};
use symbolon_store::{Change, StoreError};

/// What somebody says of a hit.
#[derive(Clone, Debug)]
pub struct HitReply {
    /// The hit.
    pub hit: RecordId,
    /// The version of it that was looked at.
    pub version: i64,
    /// What they say.
    pub answer: HitAnswer,
    /// Why.
    pub grounds: String,
}

/// What became of a hit that was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// It is settled.
    Settled,
    /// It stays open: it cannot be told yet.
    Open,
    /// Another person must confirm it.
    Waits,
}

/// Whether somebody may answer hits: who vets, and nobody who only confirms.
#[must_use]
pub fn answers_hits(viewer: &Viewer) -> bool {
    symbolon_access::Policy::shipped().grants(viewer, Action::Write, "incident")
}

/// Whether somebody confirms what another proposed: a role that approves and does not vet, so that no analyst
/// opens the case of another.
#[must_use]
pub fn confirms(viewer: &Viewer) -> bool {
    let policy = symbolon_access::Policy::shipped();
    policy.grants(viewer, Action::Approve, "incident") && !answers_hits(viewer)
}

impl App {
    /// Answers a hit of an open file.
    ///
    /// # Errors
    /// No grounds; a role that does not vet; a hit that is settled, gone, or was changed since it was looked at.
    pub fn answer_hit(&self, file: &VettingFile, reply: &HitReply) -> Result<Answered> {
        let by = person(&file.viewer)?;
        if !answers_hits(&file.viewer) {
            let told = "hits are answered by who vets";
            return Err(AppError::NotPermitted(told.to_owned()));
        }
        let grounds = reply.grounds.trim();
        if grounds.is_empty() {
            let fault = Fault::new("grounds", "missing", "Grounds: say why");
            return Err(AppError::Faults(vec![fault]));
        }
        let (mut record, mut hit) = self.hit(file, reply.hit)?;
        if record.envelope.state != "open" {
            return conflict(format!("the hit is {}", record.envelope.state));
        }
        record.envelope.version = reply.version;
        hit.answer = Some(reply.answer);
        grounds.clone_into(&mut hit.grounds);
        hit.answered_by = Some(by);
        let second = Policy::shipped().second_look(reply.answer, hit.score, self.today());
        if reply.answer == HitAnswer::NotSure {
            self.put_hit(file, record, &hit, "open", "answer", vec![])?;
            return Ok(Answered::Open);
        }
        if second.is_some() {
            self.put_hit(file, record, &hit, "proposed", "answer", vec![])?;
            return Ok(Answered::Waits);
        }
        self.settle(file, record, hit, "answer")?;
        Ok(Answered::Settled)
    }

    /// Confirms what another person said of a hit: it is settled.
    ///
    /// # Errors
    /// The same person; a role that does not confirm; nothing that waits; a change since it was looked at.
    pub fn confirm_hit(&self, file: &VettingFile, hit: RecordId, version: i64) -> Result<()> {
        let (mut record, mut now, by) = self.waiting(file, hit)?;
        if !file.viewer.stepped_up {
            return Err(AppError::StepUp);
        }
        record.envelope.version = version;
        now.confirmed_by = Some(by);
        self.settle(file, record, now, "confirm")
    }

    /// Sends an answer back: the hit is open again, with the reason.
    ///
    /// # Errors
    /// No reason; the same person; a role that does not confirm; nothing that waits.
    pub fn send_back_hit(
        &self,
        file: &VettingFile,
        hit: RecordId,
        version: i64,
        reason: &str,
    ) -> Result<()> {
        let (mut record, mut now, _) = self.waiting(file, hit)?;
        let reason = reason.trim();
        if reason.is_empty() {
            let fault = Fault::new("grounds", "missing", "Reason: say why");
            return Err(AppError::Faults(vec![fault]));
        }
        record.envelope.version = version;
        now.answer = None;
        now.answered_by = None;
        now.grounds = format!("{}\n\nSent back: {reason}", now.grounds);
        self.put_hit(file, record, &now, "open", "send_back", vec![])
    }

    /// A hit that waits for a second person, and that person.
    fn waiting(
        &self,
        file: &VettingFile,
        hit: RecordId,
    ) -> Result<(Record, ScreeningHit, RecordId)> {
        let by = person(&file.viewer)?;
        if !confirms(&file.viewer) {
            let told = "your role confirms nothing in a vetting file";
            return Err(AppError::NotPermitted(told.to_owned()));
        }
        let (record, now) = self.hit(file, hit)?;
        if record.envelope.state != "proposed" {
            return conflict(format!("the hit is {}", record.envelope.state));
        }
        if now.answered_by == Some(by) {
            return conflict("another person than the one who answered must confirm (four eyes)");
        }
        Ok((record, now, by))
    }

    fn hit(&self, file: &VettingFile, id: RecordId) -> Result<(Record, ScreeningHit)> {
        let found = self.store.get(&file.viewer, "screening_hit", id)?;
        let found = found.ok_or(AppError::NotFound("screening hit"))?;
        let hit: ScreeningHit = body(&found)?;
        self.candidate(file, hit.candidate)?;
        Ok((found, hit))
    }

    /// Settled: where it is the candidate, what the list says is a derogatory record from now on.
    fn settle(
        &self,
        file: &VettingFile,
        record: Record,
        mut hit: ScreeningHit,
        action: &str,
    ) -> Result<()> {
        let mut beside = vec![];
        if hit.answer == Some(HitAnswer::Same) && hit.derogatory.is_none() {
            let found = self.listed(file, &record, &hit)?;
            hit.derogatory = Some(found.envelope.id);
            beside.push(found);
        }
        self.put_hit(file, record, &hit, "resolved", action, beside)
    }

    /// The derogatory record that a list entry about the candidate makes.
    fn listed(&self, file: &VettingFile, record: &Record, hit: &ScreeningHit) -> Result<Change> {
        let candidate = self.candidate(file, hit.candidate)?;
        let found = DerogatoryRecord {
            candidate: hit.candidate,
            incident: None,
            statement: format!(
                "It is entry {} of {} ({}): {}",
                hit.entry_number, hit.list, hit.edition, hit.listed_name
            ),
            through: "own".to_owned(),
            resolution: None,
            grounds: String::new(),
        };
        let id = RecordId::from_random(self.around.random());
        let code = format!("DR-{}", &id.to_string()[..8]);
        let label = file_label(&record.envelope.label.originator);
        let mut envelope = crate::load::envelope("derogatory_record", id, &code, label);
        envelope.partner = candidate.envelope.partner;
        let body = serde_json::to_value(found).map_err(|e| AppError::Internal(e.to_string()))?;
        Ok(Change {
            envelope,
            body,
            action: "derogatory_record.create".to_owned(),
            reason: format!("{} is the candidate", text(record, "listed_name")),
            saw: vec![],
        })
    }

    fn put_hit(
        &self,
        file: &VettingFile,
        record: Record,
        hit: &ScreeningHit,
        state: &str,
        action: &str,
        beside: Vec<Change>,
    ) -> Result<()> {
        let said = serde_json::to_value(hit).map_err(|e| AppError::Internal(e.to_string()))?;
        let mut changes = beside;
        let mut mine = change(record, state, said, action, vec![]);
        mine.reason.clone_from(&hit.grounds);
        changes.push(mine);
        match self.store.write(&file.viewer, changes) {
            Err(StoreError::Stale { .. }) => {
                conflict("somebody else changed the hit since you looked; look again")
            }
            Err(e) => Err(e.into()),
            Ok(_) => {
                self.refresh();
                Ok(())
            }
        }
    }
}
