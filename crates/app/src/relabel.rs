//! Labels of records: closed further by whoever may write them, opened by two. One of the originator's
//! nation proposes, a releasing officer of it decides, and what was looked at is what is released.

mod plan;

pub use plan::LabelPlan;

use crate::{App, AppError, Result};
use std::collections::BTreeSet;
use symbolon_access::{Action, Policy, Viewer};
use symbolon_domain::{
    date::ValidTime,
    kinds::{self, LabelChange},
    label::Label,
    record::{Envelope, Record, RecordId},
};
use symbolon_store::{Change, journal::Saw, query::RecordQuery};

/// A label in the words of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WantedLabel {
    /// Level of the record's own policy.
    pub level: String,
    /// Categories.
    pub categories: BTreeSet<String>,
    /// Controls, without those that announce a list.
    pub controls: BTreeSet<String>,
    /// Nations and groups it is released to, with commas.
    pub released_to: String,
    /// Nations and groups it may be shown to, with commas.
    pub shown_to: String,
}

/// A proposal, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelChangeLine {
    /// Id of the proposal.
    pub id: RecordId,
    /// proposed, done, refused or withdrawn.
    pub state: String,
    /// What the record is called.
    pub title: String,
    /// The proposal.
    pub change: LabelChange,
}

fn person(viewer: &Viewer) -> Result<RecordId> {
    viewer.account().ok_or_else(|| {
        AppError::Invalid("labels are changed by persons with an account".to_owned())
    })
}

fn with_reason(reason: &str) -> Result<String> {
    match reason.trim() {
        "" => Err(AppError::Invalid(
            "a change of label has a reason".to_owned(),
        )),
        words => Ok(words.to_owned()),
    }
}

fn internal(e: serde_json::Error) -> AppError {
    AppError::Internal(e.to_string())
}

/// The change that gives a record a label.
fn relabelling(record: Record, label: Label, action: &str, reason: String) -> Change {
    let mut envelope = record.envelope;
    envelope.label = label;
    Change {
        action: format!("{}.{action}", envelope.kind),
        envelope,
        body: record.body,
        reason,
        saw: vec![],
    }
}

/// The change that writes a proposal.
fn proposal(envelope: Envelope, body: &LabelChange, action: &str) -> Result<Change> {
    Ok(Change {
        action: format!("label_change.{action}"),
        envelope,
        body: serde_json::to_value(body).map_err(internal)?,
        reason: String::new(),
        saw: vec![],
    })
}

impl App {
    /// A record whose label the viewer may change, alone or with another.
    fn relabelled(&self, viewer: &Viewer, (kind, id): (&str, RecordId)) -> Result<Record> {
        let kind = kinds::by_code(kind).filter(|k| k.area != "administration");
        let kind = kind.ok_or(AppError::NotFound("kind of record"))?;
        let record = self.store.get(viewer, kind.code, id)?;
        let record = record.ok_or(AppError::NotFound("record"))?;
        // Looking and proposing take no fresh factor; deciding asks for it itself.
        let proved = Viewer {
            stepped_up: true,
            ..viewer.clone()
        };
        let may = |action| self.permitted(&proved, action, &record.envelope);
        may(Action::Release).or_else(|_| may(Action::Write))?;
        let nation = viewer.nation();
        let own =
            nation.is_some_and(|n| record.envelope.label.originators().all(|o| o == n.as_str()));
        if own {
            Ok(record)
        } else {
            let why = "only those of the nation that made a record change its label";
            Err(AppError::NotPermitted(why.to_owned()))
        }
    }

    /// Whether the viewer may change the label of a record it sees, alone or with another.
    #[must_use]
    pub fn may_relabel(&self, viewer: &Viewer, of: (&str, RecordId)) -> bool {
        viewer.account().is_some() && self.relabelled(viewer, of).is_ok()
    }

    /// Closes a record further at once, or proposes to open it; the id of the proposal, if it is one.
    ///
    /// # Errors
    /// Those of [`Self::label_plan`]; [`AppError::Conflict`] where nothing would change, or the record is no
    /// longer the version that was looked at.
    pub fn set_label(
        &self,
        viewer: &Viewer,
        of: (&str, RecordId),
        version: i64,
        wanted: &WantedLabel,
        reason: &str,
    ) -> Result<Option<RecordId>> {
        let by = person(viewer)?;
        let reason = with_reason(reason)?;
        let plan = self.label_plan(viewer, of, wanted)?;
        let e = &plan.record.envelope;
        if e.version != version {
            return Err(changed_since());
        }
        if plan.label == e.label {
            return Err(AppError::Conflict("it has this label already".to_owned()));
        }
        if !plan.widens {
            let change = relabelling(plan.record, plan.label, "narrow", reason);
            self.commit(viewer, vec![change], None)?;
            return Ok(None);
        }
        let body = LabelChange {
            of_kind: e.kind.clone(),
            of: e.id.to_string(),
            of_version: e.version,
            before: e.label.marking(),
            after: plan.label.marking(),
            wanted: serde_json::to_value(&plan.label).map_err(internal)?,
            reason,
            proposed_by: by,
            decided_by: None,
            answer: String::new(),
        };
        let id = RecordId::from_random(self.around.random());
        let envelope = Envelope {
            id,
            kind: "label_change".into(),
            code: format!("label-{}", &id.to_string()[..8]),
            version: 0,
            state: "proposed".into(),
            valid: ValidTime::default(),
            owner: "instance".into(),
            sources: vec![],
            claims: vec![],
            // Who may not see the record does not see that its label is talked about.
            ..e.clone()
        };
        let mut change = proposal(envelope, &body, "propose")?;
        change.saw = vec![seen(e)];
        self.commit(viewer, vec![change], None)?;
        Ok(Some(id))
    }

    /// Proposals the viewer may see, open ones first; those about one record, where one is named.
    pub fn label_changes(
        &self,
        viewer: &Viewer,
        of: Option<RecordId>,
    ) -> Result<Vec<LabelChangeLine>> {
        if !Policy::shipped().grants(viewer, Action::Read, "label_change") {
            return Ok(vec![]);
        }
        let all = self
            .store
            .list(viewer, "label_change", &RecordQuery::default())?;
        let mut lines = vec![];
        for record in all {
            let change: LabelChange = serde_json::from_value(record.body).map_err(internal)?;
            let id = change.of.parse::<RecordId>().ok();
            if of.is_some() && of != id {
                continue;
            }
            let kind = kinds::by_code(&change.of_kind);
            let Some((kind, id)) = kind.zip(id) else {
                continue;
            };
            let Some(about) = self.store.get(viewer, kind.code, id)? else {
                continue;
            };
            lines.push(LabelChangeLine {
                id: record.envelope.id,
                state: record.envelope.state,
                title: kind.title_of(&about.envelope.code, &about.body).to_owned(),
                change,
            });
        }
        lines.sort_by_key(|l| l.state != "proposed");
        Ok(lines)
    }

    /// A proposal that nothing was decided about yet.
    fn open_change(&self, viewer: &Viewer, id: RecordId) -> Result<(Envelope, LabelChange)> {
        let found = self.store.get(viewer, "label_change", id)?;
        let found = found.ok_or(AppError::NotFound("proposal"))?;
        if found.envelope.state != "proposed" {
            return Err(AppError::Conflict("it is no longer proposed".to_owned()));
        }
        let body = serde_json::from_value(found.body).map_err(internal)?;
        Ok((found.envelope, body))
    }

    /// Withdraws one's own proposal.
    pub fn withdraw_label(&self, viewer: &Viewer, id: RecordId) -> Result<()> {
        let by = person(viewer)?;
        let (mut envelope, body) = self.open_change(viewer, id)?;
        if body.proposed_by != by {
            return Err(AppError::NotPermitted(
                "it is another's proposal".to_owned(),
            ));
        }
        envelope.state = "withdrawn".into();
        self.commit(viewer, vec![proposal(envelope, &body, "withdraw")?], None)?;
        Ok(())
    }

    /// Decides a proposal of somebody else. Confirmed, the record has its label from now on, and groups count
    /// as they are today. Asks for a fresh factor.
    ///
    /// # Errors
    /// [`AppError::NotPermitted`] where the viewer is no releasing officer of the originator's nation or proposed
    /// it; [`AppError::Conflict`] where it was decided before, or the record has changed since it was proposed.
    pub fn decide_label(
        &self,
        viewer: &Viewer,
        id: RecordId,
        confirm: bool,
        answer: &str,
    ) -> Result<()> {
        let by = person(viewer)?;
        let (mut envelope, mut body) = self.open_change(viewer, id)?;
        let of = body.of.parse().map_err(|_| AppError::NotFound("record"))?;
        let record = self.relabelled(viewer, (&body.of_kind, of))?;
        if !viewer.stepped_up && Policy::shipped().grants(viewer, Action::Release, &body.of_kind) {
            return Err(AppError::StepUp);
        }
        self.permitted(viewer, Action::Release, &record.envelope)?;
        if body.proposed_by == by {
            let why = "nobody decides a release of their own proposing (R-09)";
            return Err(AppError::NotPermitted(why.to_owned()));
        }
        if !confirm {
            body.answer = with_reason(answer)?;
        } else if record.envelope.version != body.of_version {
            return Err(changed_since());
        } else {
            answer.trim().clone_into(&mut body.answer);
        }
        body.decided_by = Some(by);
        envelope.state = if confirm { "done" } else { "refused" }.into();
        let mut changes = vec![];
        if confirm {
            let mut label: Label = serde_json::from_value(body.wanted.clone()).map_err(internal)?;
            if label.released_at.is_some() && label.released_at != record.envelope.label.released_at
            {
                label.released_at = Some(self.today());
            }
            plan::check(&*self.store.world()?, &label, self.today())?;
            let mut change = relabelling(record, label, "release", body.reason.clone());
            change.saw = vec![seen(&envelope)];
            changes.push(change);
        }
        let verdict = if confirm { "confirm" } else { "refuse" };
        changes.push(proposal(envelope, &body, verdict)?);
        self.commit(viewer, changes, None)?;
        Ok(())
    }
}

fn changed_since() -> AppError {
    let why = "the record has changed since: look at it again, then propose anew";
    AppError::Conflict(why.to_owned())
}

fn seen(e: &Envelope) -> Saw {
    Saw {
        object: format!("{}/{}", e.kind, e.id),
        code: e.code.clone(),
        version: e.version,
    }
}
