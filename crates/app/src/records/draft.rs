//! What somebody wants a record to be, and whether it can be that.

use crate::{App, AppError, Result};
use serde_json::Value;
use symbolon_access::Viewer;
use symbolon_domain::{
    country::Iso3,
    date::ValidTime,
    kind::{Fault, FieldType, KindDef},
    label::Label,
    record::{Citation, Claim, Envelope, Record, RecordId},
};
use symbolon_store::query::{RecordQuery, Test, Value as Cell};

/// A record as somebody wants it: what they may set of its envelope, and its body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Human code; empty: the program gives one.
    pub code: String,
    /// Partner it is about, ISO 3166-1 alpha-3, or empty.
    pub partner: String,
    /// Programme it belongs to, or empty.
    pub programme: String,
    /// When it was true in the world.
    pub valid: ValidTime,
    /// Its label; `None`: as it is, or for a new record the working label of the writer's nation.
    pub label: Option<Label>,
    /// Sources.
    pub sources: Vec<Citation>,
    /// What other sources say of single fields.
    pub claims: Vec<Claim>,
    /// The kind's own fields.
    pub body: Value,
}

/// A human code is at most so long.
const LONGEST_CODE: usize = 64;

impl Draft {
    /// A record as it stands, to be changed.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let e = &record.envelope;
        Self {
            code: e.code.clone(),
            partner: e.partner.clone(),
            programme: e.programme.clone(),
            valid: e.valid,
            label: Some(e.label.clone()),
            sources: e.sources.clone(),
            claims: e.claims.clone(),
            body: record.body.clone(),
        }
    }

    /// Puts the draft into an envelope.
    pub(super) fn into_parts(self, mut envelope: Envelope) -> (Envelope, Value) {
        if !self.code.is_empty() {
            envelope.code = self.code;
        }
        envelope.partner = self.partner;
        envelope.programme = self.programme;
        envelope.valid = self.valid;
        if let Some(label) = self.label {
            envelope.label = label;
        }
        envelope.sources = self.sources;
        envelope.claims = self.claims;
        (envelope, self.body)
    }
}

impl App {
    /// Checks a draft against its kind, its references and the day: every fault at once. Gives back the
    /// draft with what was left out filled in.
    ///
    /// # Errors
    /// [`AppError::Faults`] with every fault found.
    pub fn checked(&self, viewer: &Viewer, kind: &KindDef, mut draft: Draft) -> Result<Draft> {
        draft.code = draft.code.trim().to_owned();
        let mut faults = envelope_faults(kind, &draft);
        // A code that was in force when the thing was true stays right when the list moves on.
        let on = draft.valid.from.map_or(viewer.today, |known| known.day);
        match kind.read(&draft.body, on) {
            Ok(whole) => {
                faults.extend(self.reference_faults(viewer, kind, &whole)?);
                draft.body = whole;
            }
            Err(found) => faults.extend(found),
        }
        if faults.is_empty() {
            Ok(draft)
        } else {
            Err(AppError::Faults(faults))
        }
    }

    /// References that lead nowhere the viewer can see. Hidden and absent are told alike.
    fn reference_faults(
        &self,
        viewer: &Viewer,
        kind: &KindDef,
        body: &Value,
    ) -> Result<Vec<Fault>> {
        let mut faults = vec![];
        for field in &kind.fields {
            let FieldType::Reference(to) = &field.field_type else {
                continue;
            };
            let Some(id) = body[&field.name].as_str().and_then(|s| s.parse().ok()) else {
                continue;
            };
            // Work is given to people by those who may not read accounts; an id of one cannot be guessed.
            let found = match to.as_str() {
                "account" => self.store.get(&self.system(), to, id)?,
                _ => self.store.get(viewer, to, id)?,
            };
            if found.is_none() {
                let message = format!("{}: there is no such {}", field.label, to.replace('_', " "));
                faults.push(Fault::new(&field.name, "unknown-reference", message));
            }
        }
        Ok(faults)
    }

    /// The id behind a code or id that somebody wrote for a reference; `None` where there is none the
    /// viewer can see. A partner is also found by its ISO code.
    pub fn resolve(&self, viewer: &Viewer, kind: &str, written: &str) -> Result<Option<RecordId>> {
        let written = written.trim();
        if let Ok(id) = written.parse::<RecordId>() {
            return Ok(self.store.get(viewer, kind, id)?.map(|r| r.envelope.id));
        }
        let query = RecordQuery {
            limit: 2,
            ..RecordQuery::default()
        }
        .when("code", Test::Is(Cell::Text(written.to_owned())));
        let mut found = self.store.list(viewer, kind, &query)?;
        let only = found.pop().filter(|_| found.is_empty());
        Ok(only.map(|r| r.envelope.id))
    }
}

fn envelope_faults(kind: &KindDef, draft: &Draft) -> Vec<Fault> {
    let mut faults = vec![];
    if draft.code.chars().count() > LONGEST_CODE || draft.code.chars().any(char::is_control) {
        let message = format!("Code: at most {LONGEST_CODE} characters, none of them control");
        faults.push(Fault::new("code", "too-long", message));
    }
    if draft.partner.is_empty() && kind.of_partner {
        faults.push(Fault::new(
            "partner",
            "missing",
            "Partner: this must be given",
        ));
    }
    if !draft.partner.is_empty()
        && let Err(e) = draft.partner.parse::<Iso3>()
    {
        faults.push(Fault::new("partner", "wrong-type", format!("Partner: {e}")));
    }
    if let (Some(from), Some(to)) = (draft.valid.from, draft.valid.to)
        && to.day < from.day
    {
        let message = "Until: it ends before it begins";
        faults.push(Fault::new("valid_to", "conflict", message));
    }
    let known = |name: &str| name.is_empty() || kind.field(name).is_some();
    let cited = draft.sources.iter().map(|s| &s.field);
    for name in cited.chain(draft.claims.iter().map(|c| &c.field)) {
        if !known(name) {
            let message = format!("Sources: {} has no field `{name}`", kind.name);
            faults.push(Fault::new("sources", "unknown-field", message));
        }
    }
    faults
}
