//! Two records of one unit: looked at side by side, proposed as one, decided, and taken apart again. Nothing of either
//! is rewritten; a change opens again every decision it touches, as every change of a fact does.

use super::{
    Affected, Named, Policy, UnitPage,
    circle::{Circle, among, text},
    decide::{body, conflict, person},
    hits::{answers_hits, confirms},
};
use crate::{App, AppError, Result};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use symbolon_access::{Action, Policy as Access, Viewer, roll_up};
use symbolon_domain::{
    kind::Fault,
    kinds::UnitMerge,
    label::Label,
    record::{Record, RecordId},
};
use symbolon_screening::{Index, Kind, Listed, Query};
use symbolon_store::{
    Change, StoreError,
    journal::Saw,
    query::{RecordQuery, Test, Value},
};

/// So many like units are named.
const LIKE: usize = 10;

/// States of a candidate that a decision gave it.
const DECIDED: [&str; 3] = ["cleared", "suspended", "rejected"];

/// Both records and what will follow when they are read as one. Nothing is written.
pub struct MergePlan {
    /// The record that stays.
    pub kept: UnitPage,
    /// The record that is read as it.
    pub merged: UnitPage,
    /// Names that the unit will have beside those of the record that stays.
    pub names: Vec<String>,
    /// Candidates whose decision will be opened again, as far as the viewer sees them.
    pub reopened: Vec<Named>,
    /// Deliveries, students and travel orders that name either, as far as the viewer sees them.
    pub affected: Vec<Affected>,
    /// Why another person must confirm it, if anything asks for that.
    pub second: Option<&'static str>,
}

/// What is decided about a merge or a split that somebody proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It takes effect.
    Confirm,
    /// It does not.
    Refuse,
    /// Who proposed it takes it back.
    Withdraw,
}

/// Names of a unit as its records have them, each once.
fn names_of(unit: &UnitPage) -> BTreeSet<String> {
    let records = unit.joined.iter().chain([&unit.unit]);
    let own = records.flat_map(|r| {
        let others = r.body["other_names"].as_array().into_iter().flatten();
        let others = others.filter_map(|n| n.as_str().map(str::to_owned));
        others.chain([text(r, "name").to_owned()])
    });
    let dated = unit.names.iter().map(|n| text(n, "name").to_owned());
    own.chain(dated).filter(|n| !n.is_empty()).collect()
}

fn words(given: &str, field: &'static str) -> Result<String> {
    match given.trim() {
        "" => {
            let fault = Fault::new(field, "missing", "Grounds: say why");
            Err(AppError::Faults(vec![fault]))
        }
        words => Ok(words.to_owned()),
    }
}

fn vets(viewer: &Viewer) -> Result<()> {
    match answers_hits(viewer) && Access::shipped().grants(viewer, Action::Write, "unit_merge") {
        true => Ok(()),
        false => Err(AppError::NotPermitted(
            "units are merged and split by who vets".to_owned(),
        )),
    }
}

fn looked_at(record: &Record) -> Saw {
    let e = &record.envelope;
    Saw {
        object: format!("{}/{}", e.kind, e.id),
        code: e.code.clone(),
        version: e.version,
    }
}

impl App {
    /// Merges that name a record of these, those in force first.
    pub(super) fn merges_of(
        &self,
        viewer: &Viewer,
        units: &BTreeSet<String>,
    ) -> Result<Vec<Record>> {
        if !Access::shipped().grants(viewer, Action::Read, "unit_merge") {
            return Ok(vec![]);
        }
        let mut ask = |kind: &str, query: &RecordQuery| self.store.list(viewer, kind, query);
        let mut all: BTreeMap<RecordId, Record> = BTreeMap::new();
        for field in ["kept", "merged"] {
            let found = among(&mut ask, "unit_merge", field, units)?;
            all.extend(found.into_iter().map(|m| (m.envelope.id, m)));
        }
        let mut all: Vec<Record> = all.into_values().collect();
        let counts = |m: &Record| UnitMerge::IN_FORCE.contains(&m.envelope.state.as_str());
        all.sort_by_key(|m| (!counts(m), m.envelope.state != "proposed"));
        Ok(all)
    }

    /// Every merge the viewer may see: those that wait for somebody first.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the role sees none.
    pub fn merges(&self, viewer: &Viewer) -> Result<Vec<(Record, UnitMerge)>> {
        if !Access::shipped().grants(viewer, Action::Read, "unit_merge") {
            return Err(AppError::NotFound("page"));
        }
        let found = self
            .store
            .list(viewer, "unit_merge", &RecordQuery::default())?;
        // What a partner's view leaves out cannot be told of: then it is left out.
        let read = |m: Record| body(&m).ok().map(|b| (m, b));
        let mut all: Vec<(Record, UnitMerge)> = found.into_iter().filter_map(read).collect();
        let waits = |s: &str| ["proposed", "split_proposed"].contains(&s);
        all.sort_by_key(|(m, _)| !waits(&m.envelope.state));
        Ok(all)
    }

    /// One merge.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the viewer sees no such merge.
    pub fn merge(&self, viewer: &Viewer, id: RecordId) -> Result<(Record, UnitMerge)> {
        let found = self.store.get(viewer, "unit_merge", id)?;
        let found = found.ok_or(AppError::NotFound("merge of units"))?;
        let read = body(&found)?;
        Ok((found, read))
    }

    /// Names of units by id, as far as the viewer sees them.
    pub fn unit_names(
        &self,
        viewer: &Viewer,
        units: &BTreeSet<RecordId>,
    ) -> Result<HashMap<RecordId, String>> {
        let ids = units.iter().map(ToString::to_string).collect();
        let found = self.names_among(viewer, "unit", &ids)?;
        let named = found.into_values();
        Ok(named
            .map(|r| (r.envelope.id, text(&r, "name").to_owned()))
            .collect())
    }

    /// Names of accounts by id, for who sees merges: who said what is of interest to all who read it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the role sees no merges.
    pub fn names_of_accounts(&self, viewer: &Viewer) -> Result<HashMap<String, String>> {
        match Access::shipped().grants(viewer, Action::Read, "unit_merge") {
            true => self.account_names(),
            false => Err(AppError::NotFound("page")),
        }
    }

    /// Units of the same country whose names are like a unit's, the likest first, without those that are one with it
    /// already. A likeness is between 0 and 1.
    pub fn like_units(&self, viewer: &Viewer, unit: RecordId) -> Result<Vec<(Record, f64)>> {
        let page = self.unit_page(viewer, unit, None)?;
        let same = self.same_units(viewer)?;
        let own = same.all(&unit.to_string());
        let is = Test::Is(Value::Text(page.unit.envelope.partner.clone()));
        let query = RecordQuery::default().when("partner", is);
        let mut others: HashMap<String, Record> = HashMap::new();
        let mut listed = vec![];
        for other in self.store.list(viewer, "unit", &query)? {
            let id = other.envelope.id.to_string();
            if !own.contains(&id) {
                listed.push(Listed::new(&id, Kind::Unit, text(&other, "name")));
                others.insert(id, other);
            }
        }
        for name in self.store.list(viewer, "unit_name", &query)? {
            if others.contains_key(text(&name, "unit")) {
                listed.push(Listed::new(
                    text(&name, "unit"),
                    Kind::Unit,
                    text(&name, "name"),
                ));
            }
        }
        let index = Index::build(listed);
        let mut best: BTreeMap<String, f64> = BTreeMap::new();
        for name in names_of(&page) {
            for hit in index.search(&Query::new(Kind::Unit, &name), LIKE) {
                if hit.verdict != symbolon_screening::Verdict::No {
                    let of = best.entry(hit.entry).or_insert(0.0);
                    *of = of.max(hit.score.into());
                }
            }
        }
        let mut found: Vec<(Record, f64)> = best
            .into_iter()
            .filter_map(|(id, score)| Some((others.remove(&id)?, score)))
            .collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1));
        found.truncate(LIKE);
        Ok(found)
    }

    /// Both records side by side, and what will follow.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the viewer does not see both, [`AppError::Conflict`] where they cannot be merged.
    pub fn merge_plan(
        &self,
        viewer: &Viewer,
        merged: RecordId,
        kept: RecordId,
    ) -> Result<MergePlan> {
        let (kept, merged) = self.both(viewer, merged, kept)?;
        self.mergeable(&merged.unit, &kept.unit)?;
        let units = [kept.unit.envelope.id, merged.unit.envelope.id];
        let either = units.map(|id| id.to_string());
        let names = names_of(&merged);
        let names = names.difference(&names_of(&kept)).cloned().collect();
        let targets: Vec<(&str, &str)> = either.iter().map(|id| ("unit", id.as_str())).collect();
        Ok(MergePlan {
            reopened: self.reopened_by(viewer, units)?,
            affected: self.referring(viewer, &targets)?,
            second: Policy::shipped().two_persons("merge", self.today()),
            kept,
            merged,
            names,
        })
    }

    /// Both records of a merge as pages: the one that stays, the one that is merged.
    pub fn both(
        &self,
        viewer: &Viewer,
        merged: RecordId,
        kept: RecordId,
    ) -> Result<(UnitPage, UnitPage)> {
        Ok((
            self.unit_page(viewer, kept, None)?,
            self.unit_page(viewer, merged, None)?,
        ))
    }

    /// Candidates that were decided on and that a merge or a split of two units opens again, as far as the viewer
    /// sees them.
    pub fn reopened_by(&self, viewer: &Viewer, units: [RecordId; 2]) -> Result<Vec<Named>> {
        let mut circle = Circle::default();
        circle.units.extend(units.map(|id| id.to_string()));
        if !Access::shipped().grants(viewer, Action::Read, "vetting_candidate") {
            return Ok(vec![]);
        }
        let mut ask = |kind: &str, query: &RecordQuery| self.store.list(viewer, kind, query);
        circle.widen(&mut ask)?;
        let mut found = among(&mut ask, "vetting_candidate", "unit", &circle.units)?;
        found.extend(among(
            &mut ask,
            "vetting_candidate",
            "person",
            &circle.persons,
        )?);
        found.sort_by_key(|c| c.envelope.id);
        found.dedup_by_key(|c| c.envelope.id);
        found.retain(|c| DECIDED.contains(&c.envelope.state.as_str()));
        found.into_iter().map(|c| self.named(viewer, c)).collect()
    }

    /// Whether two records may be read as one: by all merges there are, seen or not.
    fn mergeable(&self, merged: &Record, kept: &Record) -> Result<()> {
        let of = |r: &Record| r.envelope.id.to_string();
        self.same_units(&self.system())?
            .joins(&of(merged), &of(kept))?;
        if merged.envelope.partner != kept.envelope.partner {
            return conflict("they are units of two countries: a unit is of one");
        }
        Ok(())
    }

    /// Says that two records are one unit. Where the vetting policy asks for two persons it waits for another; else
    /// it takes effect at once. The versions are those that were looked at.
    ///
    /// # Errors
    /// No grounds; a role that does not vet; records that cannot be merged, or changed since they were looked at.
    pub fn propose_merge(
        &self,
        viewer: &Viewer,
        (merged, merged_version): (RecordId, i64),
        (kept, kept_version): (RecordId, i64),
        grounds: &str,
    ) -> Result<RecordId> {
        let by = person(viewer)?;
        vets(viewer)?;
        let grounds = words(grounds, "grounds")?;
        let (kept, merged) = self.both(viewer, merged, kept)?;
        let (kept, merged) = (kept.unit, merged.unit);
        let seen = (merged.envelope.version, kept.envelope.version);
        if seen != (merged_version, kept_version) {
            return conflict("one of the two has changed since you looked; look again");
        }
        self.mergeable(&merged, &kept)?;
        let two = Policy::shipped().two_persons("merge", self.today());
        let said = UnitMerge {
            kept: kept.envelope.id,
            merged: merged.envelope.id,
            grounds,
            proposed_by: Some(by),
            decided_by: two.is_none().then_some(by),
            answer: String::new(),
            split_grounds: String::new(),
            split_proposed_by: None,
            split_decided_by: None,
        };
        let id = RecordId::from_random(self.around.random());
        let code = format!("UM-{}", &id.to_string()[..8]);
        let label = self.label_over(&kept, &merged)?;
        let mut envelope = crate::load::envelope("unit_merge", id, &code, label);
        envelope.partner.clone_from(&kept.envelope.partner);
        let state = if two.is_some() { "proposed" } else { "merged" };
        let record = Record {
            envelope,
            body: serde_json::Value::Null,
        };
        let saw = vec![looked_at(&kept), looked_at(&merged)];
        self.put_merge(viewer, record, &said, (state, "propose"), saw)?;
        Ok(id)
    }

    /// Says that a merge is to be taken back, with the reason.
    ///
    /// # Errors
    /// No grounds; a role that does not vet; a merge that is not in force, or was changed since.
    pub fn propose_split(
        &self,
        viewer: &Viewer,
        (id, version): (RecordId, i64),
        grounds: &str,
    ) -> Result<()> {
        let by = person(viewer)?;
        vets(viewer)?;
        let grounds = words(grounds, "split_grounds")?;
        let (mut record, mut said) = self.merge(viewer, id)?;
        if record.envelope.state != "merged" {
            return conflict(format!("the merge is {}", in_words(&record)));
        }
        record.envelope.version = version;
        let two = Policy::shipped().two_persons("split", self.today());
        said.split_grounds = grounds;
        said.split_proposed_by = Some(by);
        said.split_decided_by = two.is_none().then_some(by);
        let state = if two.is_some() {
            "split_proposed"
        } else {
            "split"
        };
        self.put_merge(viewer, record, &said, (state, "split"), vec![])
    }

    /// Decides what another proposed, or takes back what oneself proposed. A refusal has a reason.
    ///
    /// # Errors
    /// The same person; a role that does not confirm; nothing that waits; no fresh factor; units that can no longer
    /// be merged.
    pub fn decide_merge(
        &self,
        viewer: &Viewer,
        (id, version): (RecordId, i64),
        verdict: Verdict,
        answer: &str,
    ) -> Result<()> {
        let by = person(viewer)?;
        let (mut record, mut said) = self.merge(viewer, id)?;
        let splits = record.envelope.state == "split_proposed";
        if !splits && record.envelope.state != "proposed" {
            return conflict(format!("the merge is {}", in_words(&record)));
        }
        record.envelope.version = version;
        let proposer = if splits {
            said.split_proposed_by
        } else {
            said.proposed_by
        };
        if verdict == Verdict::Withdraw {
            if proposer != Some(by) {
                return Err(AppError::NotPermitted("another proposed it".to_owned()));
            }
        } else {
            decides(viewer, proposer == Some(by))?;
            if splits {
                said.split_decided_by = Some(by);
            } else {
                said.decided_by = Some(by);
            }
        }
        said.answer = match verdict {
            Verdict::Refuse => words(answer, "answer")?,
            _ => answer.trim().to_owned(),
        };
        if verdict == Verdict::Confirm && !splits {
            let (kept, merged) = self.both(viewer, said.merged, said.kept)?;
            self.mergeable(&merged.unit, &kept.unit)?;
        }
        let to = match (verdict, splits) {
            (Verdict::Confirm, false) => ("merged", "confirm"),
            (Verdict::Confirm, true) => ("split", "confirm_split"),
            (Verdict::Refuse, false) => ("refused", "refuse"),
            (Verdict::Refuse, true) => ("merged", "refuse_split"),
            (Verdict::Withdraw, false) => ("withdrawn", "withdraw"),
            (Verdict::Withdraw, true) => ("merged", "withdraw_split"),
        };
        self.put_merge(viewer, record, &said, to, vec![])
    }

    fn put_merge(
        &self,
        viewer: &Viewer,
        record: Record,
        said: &UnitMerge,
        (state, action): (&str, &str),
        saw: Vec<Saw>,
    ) -> Result<()> {
        let mut envelope = record.envelope;
        envelope.state = state.to_owned();
        self.permitted(viewer, Action::Write, &envelope)?;
        let reason = match action {
            "propose" => &said.grounds,
            "split" => &said.split_grounds,
            _ => &said.answer,
        };
        let change = Change {
            action: format!("unit_merge.{action}"),
            envelope,
            body: serde_json::to_value(said).map_err(|e| AppError::Internal(e.to_string()))?,
            reason: reason.clone(),
            saw,
        };
        match self.commit(viewer, vec![change], None) {
            Err(AppError::Store(StoreError::Stale { .. })) => {
                conflict("somebody else changed the merge since you looked; look again")
            }
            other => other.map(|_| ()),
        }
    }

    /// A label as closed as both: who does not see one of them does not see that they are one.
    fn label_over(&self, one: &Record, other: &Record) -> Result<Label> {
        let labels = [&one.envelope.label, &other.envelope.label];
        if labels[0] == labels[1] {
            return Ok(labels[0].clone());
        }
        let whole = roll_up(&*self.store.world()?, labels, self.today());
        whole.ok_or_else(|| {
            AppError::NotPermitted("together the records may be shown to nobody".to_owned())
        })
    }
}

fn in_words(record: &Record) -> String {
    record.envelope.state.replace('_', " ")
}

fn decides(viewer: &Viewer, own: bool) -> Result<()> {
    let may = Access::shipped().grants(viewer, Action::Write, "unit_merge");
    if !(confirms(viewer) && may) {
        return Err(AppError::NotPermitted(
            "your role confirms no merge of units".to_owned(),
        ));
    }
    if own {
        return conflict("another person than the one who proposed it must confirm it (four eyes)");
    }
    match viewer.stepped_up {
        true => Ok(()),
        false => Err(AppError::StepUp),
    }
}
