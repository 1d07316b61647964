//! Allegations: brought by anybody, with evidence in words; never deleted. Who brought one is written down only
//! where they say so themselves: no account, no session, no address of a network.

use super::{
    answers_hits,
    circle::text,
    confirms,
    decide::{change, file_label},
};
use crate::{App, AppError, Draft, Result};
use sha2::Digest;
use symbolon_access::{Actor, Viewer};
use symbolon_domain::{
    kind::Fault,
    record::{Record, RecordId},
};
use symbolon_store::query::{RecordQuery, Test, Value};

/// Letters of a receipt: no vowels, nothing that looks like another.
const LETTERS: &[u8; 28] = b"23456789BCDFGHJKLMNPQRSTVWXZ";
/// The category that the standing of somebody must have to be shown who brought an allegation.
pub const SOURCES: &str = "SOURCE-IDENTITY";

/// What somebody brings.
#[derive(Clone, Debug, Default)]
pub struct Brought {
    /// What is said to have happened, in one line.
    pub title: String,
    /// What is said to have happened.
    pub account: String,
    /// Unit or person, as the writer names it.
    pub alleged_against: String,
    /// When, as far as known.
    pub happened: String,
    /// Where.
    pub place: String,
    /// What supports it.
    pub evidence: String,
    /// How the writer can be reached, if the writer says.
    pub contact: String,
}

/// What the writer of an allegation is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllegationState {
    /// Day it came in.
    pub received_on: String,
    /// `received`, `looked_into`, `accepted` or `set_aside`.
    pub state: String,
}

fn hash(receipt: &str) -> String {
    let plain: String = receipt
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    hex::encode(sha2::Sha256::digest(plain.as_bytes()))
}

impl App {
    /// Takes an allegation. The program writes it, so that the journal names nobody; the receipt is given once
    /// and only its hash is kept.
    ///
    /// # Errors
    /// [`AppError::Faults`] where something must be said, is too long or is no date.
    pub fn bring_allegation(&self, brought: &Brought) -> Result<String> {
        let system = self.system();
        let drawn = self.around.random::<20>();
        let letters = drawn.map(|b| char::from(LETTERS[usize::from(b) % LETTERS.len()]));
        let parts: Vec<String> = letters.chunks(5).map(String::from_iter).collect();
        let receipt = parts.join("-");
        let given = |text: &str| match text.trim() {
            "" => serde_json::Value::Null,
            text => text.into(),
        };
        for (name, label, value) in [
            ("title", "What happened, in one line", &brought.title),
            ("account", "What happened", &brought.account),
            (
                "alleged_against",
                "Unit or person",
                &brought.alleged_against,
            ),
        ] {
            if value.trim().is_empty() {
                let fault = Fault::new(name, "missing", format!("{label}: this must be said"));
                return Err(AppError::Faults(vec![fault]));
            }
        }
        let body = serde_json::json!({
            "title": brought.title.trim(), "account": brought.account.trim(),
            "alleged_against": brought.alleged_against.trim(), "happened": given(&brought.happened),
            "place": brought.place.trim(), "evidence": brought.evidence.trim(),
            "contact": brought.contact.trim(), "receipt": hash(&receipt), "received_on": self.today(),
        });
        let draft = Draft {
            label: Some(file_label("USA")),
            body,
            ..Draft::default()
        };
        self.create(&system, "allegation", draft, "brought by the form", None)?;
        Ok(receipt)
    }

    /// Where an allegation stands, for who holds its receipt; nothing where there is none.
    pub fn allegation_state(&self, receipt: &str) -> Result<Option<AllegationState>> {
        let is = Test::Is(Value::Text(hash(receipt)));
        let query = RecordQuery::default().when("receipt", is);
        let found = self.store.list(&self.system(), "allegation", &query)?;
        Ok(found.first().map(|r| AllegationState {
            received_on: text(r, "received_on").to_owned(),
            state: r.envelope.state.clone(),
        }))
    }

    /// Whether the viewer's role works on allegations; else they are not there.
    fn sees_allegations(viewer: &Viewer) -> Result<()> {
        match answers_hits(viewer) || confirms(viewer) {
            true => Ok(()),
            false => Err(AppError::NotFound("page")),
        }
    }

    /// Opens the allegations for a purpose and keeps them open for this session; in the journal.
    ///
    /// # Errors
    /// No purpose; a role that does not work on them.
    pub fn work_on_allegations(&self, viewer: &Viewer, purpose: &str) -> Result<()> {
        Self::sees_allegations(viewer)?;
        if purpose.trim().is_empty() {
            let fault = Fault::new("purpose", "missing", "Purpose: say what you read them for");
            return Err(AppError::Faults(vec![fault]));
        }
        let now = self.around.now_ms();
        self.openings.keep(
            viewer,
            "allegations",
            purpose.trim(),
            self.open_until(),
            now,
        );
        Ok(())
    }

    /// The allegations, where this session has them open; each look is in the journal.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a role that does not work on them.
    pub fn allegations_at_work(&self, viewer: &Viewer) -> Result<Option<(Viewer, Vec<Record>)>> {
        Self::sees_allegations(viewer)?;
        let now = self.around.now_ms();
        let Some(purpose) = self.openings.purpose(viewer, "allegations", now) else {
            return Ok(None);
        };
        let what = serde_json::json!({"purpose": purpose, "parts": ["allegations"]});
        self.store
            .note(viewer, "allegation/file", "allegation.read", what, &purpose)?;
        let open = viewer.with_file(&purpose);
        let mut all = self
            .store
            .list(&open, "allegation", &RecordQuery::default())?;
        all.sort_by_key(|r| std::cmp::Reverse(text(r, "received_on").to_owned()));
        Ok(Some((open, all)))
    }

    /// Whether somebody is shown who brought an allegation.
    #[must_use]
    pub fn shown_sources(viewer: &Viewer) -> bool {
        match &viewer.actor {
            Actor::Account { standing, .. } => standing.categories.contains(SOURCES),
            _ => false,
        }
    }

    /// Moves an allegation on, with what became of it. It is never deleted.
    ///
    /// # Errors
    /// No grounds; an unknown state; accepted without its incident; a role that does not vet.
    pub fn judge_allegation(
        &self,
        open: &Viewer,
        (id, version): (RecordId, i64),
        state: &str,
        incident: Option<RecordId>,
        grounds: &str,
    ) -> Result<()> {
        if !answers_hits(open) {
            let told = "allegations are judged by who vets";
            return Err(AppError::NotPermitted(told.to_owned()));
        }
        if !["looked_into", "accepted", "set_aside"].contains(&state) {
            return Err(AppError::Invalid(format!(
                "`{state}` is no state of an allegation"
            )));
        }
        let missing =
            |field: &str, told: &str| AppError::Faults(vec![Fault::new(field, "missing", told)]);
        if grounds.trim().is_empty() {
            return Err(missing("outcome", "What became of it: say why"));
        }
        if state == "accepted" && incident.is_none() {
            return Err(missing(
                "incident",
                "Incident: name the record that was made of it",
            ));
        }
        let found = self.store.get(open, "allegation", id)?;
        let mut record = found.ok_or(AppError::NotFound("allegation"))?;
        if let Some(incident) = incident {
            let there = self.store.get(open, "incident", incident)?;
            there.ok_or_else(|| missing("incident", "Incident: there is no such record"))?;
            record.body["incident"] = incident.to_string().into();
        }
        record.body["outcome"] = grounds.trim().into();
        record.envelope.version = version;
        let body = record.body.clone();
        let mut moved = change(record, state, body, "judge", vec![]);
        grounds.trim().clone_into(&mut moved.reason);
        self.store.write(open, vec![moved])?;
        self.refresh();
        Ok(())
    }
}
