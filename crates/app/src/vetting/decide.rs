//! Deciding on a candidate: one proposes with grounds, another confirms, and the status follows.

use super::{Policy, VettingFile, leahy::law_of};
use crate::{App, AppError, Result};
use jiff::civil::Date;
use symbolon_access::Viewer;
use symbolon_domain::{
    kind::Fault,
    kinds::{Outcome, VettingCandidate, VettingDecision},
    label::Label,
    record::{Record, RecordId},
};
use symbolon_store::{Change, Written, journal::Saw, query::RecordQuery};

/// What one person proposes.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The candidate.
    pub candidate: RecordId,
    /// What to decide.
    pub outcome: Outcome,
    /// Why.
    pub grounds: String,
}

/// A decision that was opened again, and by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reopened {
    /// The decision.
    pub decision: RecordId,
    /// Its candidate.
    pub candidate: RecordId,
    /// What opened it: kind and id.
    pub by: Vec<String>,
}

/// The label of what stands in a vetting file: controlled, and in its own category.
#[must_use]
pub(crate) fn file_label(nation: &str) -> Label {
    let mut label = Label::internal(nation);
    label.level = "controlled".to_owned();
    label.categories.insert("VETTING".to_owned());
    label
}

pub(super) fn body<T: serde::de::DeserializeOwned>(record: &Record) -> Result<T> {
    serde_json::from_value(record.body.clone()).map_err(|e| AppError::Internal(e.to_string()))
}

pub(super) fn person(viewer: &Viewer) -> Result<RecordId> {
    let id = viewer.account();
    id.ok_or_else(|| {
        AppError::NotPermitted("only a person decides; the program does not".to_owned())
    })
}

pub(super) fn conflict<T>(message: impl Into<String>) -> Result<T> {
    Err(AppError::Conflict(message.into()))
}

fn saw(record: &Record) -> Saw {
    let e = &record.envelope;
    Saw {
        object: format!("{}/{}", e.kind, e.id),
        code: e.code.clone(),
        version: e.version,
    }
}

pub(super) fn change(
    mut record: Record,
    state: &str,
    body: serde_json::Value,
    action: &str,
    saw: Vec<Saw>,
) -> Change {
    record.envelope.state = state.to_owned();
    Change {
        action: format!("{}.{action}", record.envelope.kind),
        envelope: record.envelope,
        body,
        reason: String::new(),
        saw,
    }
}

impl App {
    /// Proposes a decision on a candidate of an open file. Nothing is decided yet.
    ///
    /// # Errors
    /// No grounds; a clearing proposal with nothing consulted or a derogatory record unresolved.
    pub fn propose_vetting(&self, file: &VettingFile, proposal: &Proposal) -> Result<RecordId> {
        let by = person(&file.viewer)?;
        if proposal.grounds.trim().is_empty() {
            let fault = Fault::new("grounds", "missing", "Grounds: say why");
            return Err(AppError::Faults(vec![fault]));
        }
        let candidate = self.candidate(file, proposal.candidate)?;
        if proposal.outcome == Outcome::Cleared {
            self.clearable(file, proposal.candidate)?;
        }
        let decision = VettingDecision {
            candidate: proposal.candidate,
            outcome: proposal.outcome,
            grounds: proposal.grounds.trim().to_owned(),
            holds_from: None,
            holds_until: None,
            policy: String::new(),
            must_inform: false,
            informed_on: None,
            proposed_by: by,
            confirmed_by: None,
            stood_on: self
                .stands_on(file, proposal.candidate)?
                .iter()
                .map(|s| format!("{} v{}", s.object, s.version))
                .collect(),
            reopened_by: vec![],
            affected: vec![],
        };
        let id = RecordId::from_random(self.around.random());
        let nation = file
            .viewer
            .nation()
            .map_or_else(|| "USA".to_owned(), |n| n.to_string());
        let code = format!("VD-{}", &id.to_string()[..8]);
        let mut envelope =
            crate::load::envelope("vetting_decision", id, &code, file_label(&nation));
        envelope.partner = candidate.envelope.partner;
        let body = serde_json::to_value(decision).map_err(|e| AppError::Internal(e.to_string()))?;
        let action = "vetting_decision.propose".to_owned();
        let made = Change {
            envelope,
            body,
            action,
            reason: String::new(),
            saw: vec![],
        };
        self.store.write(&file.viewer, vec![made])?;
        self.refresh();
        Ok(id)
    }

    /// Confirms what somebody else proposed: it is in force, and the candidate's status follows.
    ///
    /// # Errors
    /// The same person; no fresh factor; something it stood on changed since it was proposed.
    pub fn confirm_vetting(&self, file: &VettingFile, decision: RecordId) -> Result<Vec<Written>> {
        let by = person(&file.viewer)?;
        if !file.viewer.stepped_up {
            return Err(AppError::NotPermitted(
                "this needs a factor given within the last ten minutes".to_owned(),
            ));
        }
        let record = self.store.get(&file.viewer, "vetting_decision", decision)?;
        let record = record.ok_or(AppError::NotFound("vetting decision"))?;
        let mut now: VettingDecision = body(&record)?;
        if record.envelope.state != "proposed" {
            return conflict(format!(
                "it is {} and no longer proposed",
                record.envelope.state
            ));
        }
        if now.proposed_by == by {
            return conflict(
                "another person than the one who proposed it must confirm it (four eyes)",
            );
        }
        let candidate = self.candidate(file, now.candidate)?;
        let mut of: VettingCandidate = body(&candidate)?;
        let stands = self.stands_on(file, now.candidate)?;
        let said: Vec<String> = stands
            .iter()
            .map(|s| format!("{} v{}", s.object, s.version))
            .collect();
        if said != now.stood_on {
            return conflict("what it stood on changed since it was proposed; propose it again");
        }
        let today = self.today();
        (of.cleared_from, of.cleared_until) = (None, None);
        now.confirmed_by = Some(by);
        now.holds_from = Some(today);
        match now.outcome {
            Outcome::Cleared => {
                self.clearable(file, now.candidate)?;
                let value = Policy::shipped().validity(of.law, today)?;
                now.holds_until = Some(value.until(today)?);
                now.policy = format!("{} days from {} ({})", value.days, value.from, value.cite);
                (of.cleared_from, of.cleared_until) = (now.holds_from, now.holds_until);
            }
            Outcome::Rejected => {
                if let Some(cite) = Policy::shipped().must_inform(of.law, today) {
                    now.must_inform = true;
                    now.policy = cite.to_owned();
                }
            }
            Outcome::Suspended | Outcome::Cancelled => {}
        }
        let to = now.outcome.name();
        let json = |v: serde_json::Result<serde_json::Value>| {
            v.map_err(|e| AppError::Internal(e.to_string()))
        };
        let mut changes = self.superseded(file, now.candidate)?;
        let decided = json(serde_json::to_value(&now))?;
        changes.push(change(record, "in_force", decided, "confirm", stands));
        changes.push(change(
            candidate,
            to,
            json(serde_json::to_value(&of))?,
            "decide",
            vec![],
        ));
        let written = self.store.write(&file.viewer, changes)?;
        self.refresh();
        Ok(written)
    }

    /// Decisions on the file's candidates that were opened again, and by what.
    pub fn reopened(&self, file: &VettingFile) -> Result<Vec<Reopened>> {
        let mut all = vec![];
        for candidate in &file.candidates {
            let id = candidate.envelope.id;
            for decision in self.in_vetting_file(file, "vetting_decision", id)? {
                if decision.envelope.state == "reopened" {
                    let read: VettingDecision = body(&decision)?;
                    all.push(Reopened {
                        decision: decision.envelope.id,
                        candidate: id,
                        by: read.reopened_by,
                    });
                }
            }
        }
        Ok(all)
    }

    /// Marks as expired every clearance whose last day has passed. How many there were.
    pub fn expire_vetting(&self, on: Date) -> Result<usize> {
        let viewer = self.system();
        let of_state = |state: &str| {
            let is = symbolon_store::query::Test::Is(symbolon_store::query::Value::Text(
                state.to_owned(),
            ));
            RecordQuery::default().when("state", is)
        };
        let mut changes = vec![];
        for record in self
            .store
            .list(&viewer, "vetting_candidate", &of_state("cleared"))?
        {
            let read: VettingCandidate = body(&record)?;
            if read.cleared_until.is_some_and(|until| until <= on) {
                let same = record.body.clone();
                changes.push(change(record, "expired", same, "expire", vec![]));
            }
        }
        let expired = changes.len();
        for record in self
            .store
            .list(&viewer, "vetting_decision", &of_state("in_force"))?
        {
            let read: VettingDecision = body(&record)?;
            if read.holds_until.is_some_and(|until| until <= on) {
                let same = record.body.clone();
                changes.push(change(record, "expired", same, "expire", vec![]));
            }
        }
        if !changes.is_empty() {
            self.store.write(&viewer, changes)?;
            self.refresh();
        }
        Ok(expired)
    }

    pub(super) fn candidate(&self, file: &VettingFile, id: RecordId) -> Result<Record> {
        let found = self.store.get(&file.viewer, "vetting_candidate", id)?;
        let of_file = |r: &Record| r.body["request"] == file.request.envelope.id.to_string();
        found
            .filter(of_file)
            .ok_or(AppError::NotFound("vetting candidate"))
    }

    /// Whether a candidate can be cleared: something was consulted, and nothing found is unresolved.
    pub(super) fn clearable(&self, file: &VettingFile, candidate: RecordId) -> Result<()> {
        if self
            .in_vetting_file(file, "vetting_check", candidate)?
            .is_empty()
        {
            return conflict("nothing was consulted: record what was before clearing");
        }
        for hit in self.in_vetting_file(file, "screening_hit", candidate)? {
            if !["resolved", "gone"].contains(&hit.envelope.state.as_str()) {
                return conflict(format!("{} is not resolved", hit.envelope.code));
            }
        }
        for found in self.in_vetting_file(file, "derogatory_record", candidate)? {
            match found.body["resolution"].as_str() {
                None => return conflict(format!("{} is not resolved", found.envelope.code)),
                Some("stands") => {
                    return conflict(format!(
                        "{} stands: the law bars a clearance",
                        found.envelope.code
                    ));
                }
                // What was found under the other law says nothing here.
                Some("remedied") if self.remedies_under(file, candidate)?.is_empty() => {
                    return conflict(format!(
                        "{} is marked as remedied, and no finding under this law says so",
                        found.envelope.code
                    ));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// Remediations found under the law of a candidate, where they answer everything against it.
    fn remedies_under(&self, file: &VettingFile, candidate: RecordId) -> Result<Vec<Record>> {
        let candidate = self.candidate(file, candidate)?;
        self.remedies_of(&candidate, law_of(&candidate)?)
    }

    /// The records of the file that a decision on a candidate stands on, in the versions they have.
    fn stands_on(&self, file: &VettingFile, candidate: RecordId) -> Result<Vec<Saw>> {
        let mut all = vec![];
        for kind in ["vetting_check", "derogatory_record", "screening_hit"] {
            all.extend(self.in_vetting_file(file, kind, candidate)?.iter().map(saw));
        }
        Ok(all)
    }

    /// What was decided before on a candidate gives way.
    fn superseded(&self, file: &VettingFile, candidate: RecordId) -> Result<Vec<Change>> {
        let old = self.in_vetting_file(file, "vetting_decision", candidate)?;
        let old = old
            .into_iter()
            .filter(|d| ["in_force", "reopened"].contains(&d.envelope.state.as_str()));
        Ok(old
            .map(|d| {
                let same = d.body.clone();
                change(d, "superseded", same, "supersede", vec![])
            })
            .collect())
    }
}
