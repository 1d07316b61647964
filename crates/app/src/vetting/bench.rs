//! The bench of one candidate: all that its vetting file holds, beside what the records say of it. Read with the
//! file open, so for a purpose, and with the journal knowing.

use super::{
    LawBearing, Named, Policy, Reached, SecondLook, VettingFile,
    around::ids,
    circle::{among, text},
    decide::{body, conflict, file_label},
    forces::Through,
};
use crate::{
    App, AppError, Draft, Result,
    lists::{ListEntry, ListVersion},
    vetting::Affected,
};
use std::collections::{BTreeSet, HashMap};
use symbolon_access::Viewer;
use symbolon_domain::{
    kind::Fault,
    kinds::{HitAnswer, ScreeningHit},
    record::{Confidence, Record, RecordId},
    when::When,
};
use symbolon_store::{Written, query::RecordQuery};

/// A hit with the entry of the list it is about.
#[derive(Clone, Debug)]
pub struct HitLine {
    /// The record.
    pub record: Record,
    /// What it says.
    pub hit: ScreeningHit,
    /// The entry as its list has it; nothing where that version is no longer kept.
    pub entry: Option<ListEntry>,
    /// The version of the list.
    pub version: Option<ListVersion>,
    /// What asks for a second person to set it aside, if anything does.
    pub second: Option<&'static SecondLook>,
}

/// All that is known of a candidate.
pub struct Bench {
    /// The candidate, its unit, its person.
    pub named: Named,
    /// Dated names of the unit, and the records that are one with it.
    pub other_names: Vec<Record>,
    /// Hits, the likeliest first; those that are gone last.
    pub hits: Vec<HitLine>,
    /// Derogatory records.
    pub derogatory: Vec<Record>,
    /// What was consulted.
    pub checks: Vec<Record>,
    /// Decisions, the newest first.
    pub decisions: Vec<Record>,
    /// Incidents that reach the unit, and those alleged against the person.
    pub reached: Vec<Reached>,
    /// Both laws as they bear on it.
    pub laws: Vec<LawBearing>,
    /// Names of units and persons that stand in the way of an incident, or are barred near it, by id.
    pub names: HashMap<String, String>,
    /// Names of accounts by id.
    pub accounts: HashMap<String, String>,
    /// What every candidate is screened against.
    pub screened: Vec<ListVersion>,
    /// Deliveries, students and travel orders that stand on the candidate.
    pub affected: Vec<Affected>,
}

/// How a hit stands, for their order.
fn rank(hit: &HitLine) -> (bool, std::cmp::Reverse<i64>) {
    (
        hit.record.envelope.state == "gone",
        std::cmp::Reverse(hit.hit.score),
    )
}

impl App {
    /// The bench of a candidate of an open file.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the file has no such candidate.
    pub fn vetting_bench(&self, file: &VettingFile, candidate: RecordId) -> Result<Bench> {
        let record = self.candidate(file, candidate)?;
        let viewer = &file.viewer;
        let named = self.named(viewer, record)?;
        let unit = text(&named.candidate, "unit").to_owned();
        let mut hits = vec![];
        for record in self.in_vetting_file(file, "screening_hit", candidate)? {
            hits.push(self.hit_line(file, record)?);
        }
        hits.sort_by_key(rank);
        let mut decisions = self.in_vetting_file(file, "vetting_decision", candidate)?;
        decisions.sort_by_key(|d| {
            std::cmp::Reverse((
                d.envelope.state == "proposed",
                text(d, "holds_from").to_owned(),
            ))
        });
        let reached = self.reaching(file, &named)?;
        let authority = text(&file.request, "authority");
        let laws = self.laws_on(viewer, &named.candidate, authority)?;
        let names = self.names_near(viewer, &reached, &laws)?;
        let mut ask = |kind: &str, query: &RecordQuery| self.store.list(viewer, kind, query);
        let mut own = self.same_units(viewer)?.all(&unit);
        let mut other_names = among(&mut ask, "unit_name", "unit", &own)?;
        // The unit's other records are names of it as well.
        own.remove(&unit);
        other_names.extend(among(&mut ask, "unit", "id", &own)?);
        Ok(Bench {
            derogatory: self.in_vetting_file(file, "derogatory_record", candidate)?,
            checks: self.in_vetting_file(file, "vetting_check", candidate)?,
            accounts: self.account_names()?,
            screened: self.screened_against()?,
            affected: self.affected_by(viewer, candidate)?,
            other_names,
            named,
            hits,
            decisions,
            reached,
            laws,
            names,
        })
    }

    /// Names of those by whom incidents reach a candidate, and of those barred near it.
    fn names_near(
        &self,
        viewer: &Viewer,
        reached: &[Reached],
        laws: &[LawBearing],
    ) -> Result<HashMap<String, String>> {
        let way = |r: &Reached| match &r.through {
            Through::Own => None,
            Through::Parent(id, _) | Through::Commander(id) | Through::Served(id) => {
                Some(id.clone())
            }
        };
        let mut ids: BTreeSet<String> = reached.iter().filter_map(way).collect();
        let barred = laws.iter().flat_map(|l| &l.standing.bars);
        ids.extend(barred.map(|b| b.whom.1.clone()));
        let mut names = HashMap::new();
        for kind in ["unit", "person"] {
            let found = self.names_among(viewer, kind, &ids)?.into_iter();
            names.extend(found.map(|(id, r)| (id, text(&r, "name").to_owned())));
        }
        Ok(names)
    }

    fn hit_line(&self, file: &VettingFile, record: Record) -> Result<HitLine> {
        let hit: ScreeningHit = body(&record)?;
        let version = self.list_version(&file.viewer, &hit.edition).ok();
        let entry = match &version {
            Some(v) => self.list_entry(&file.viewer, v, &hit.entry_number)?,
            None => None,
        };
        let second = Policy::shipped().second_look(HitAnswer::Different, hit.score, self.today());
        Ok(HitLine {
            record,
            hit,
            entry,
            version,
            second,
        })
    }

    /// Incidents that reach the unit today, and those alleged against the person.
    fn reaching(&self, file: &VettingFile, named: &Named) -> Result<Vec<Reached>> {
        let today = self.today();
        let unit = text(&named.candidate, "unit").to_owned();
        let person = text(&named.candidate, "person").to_owned();
        let mut all = vec![];
        if !unit.is_empty() {
            let forces = self.forces_around(&file.viewer, &unit)?;
            all.extend(forces.reaching(&unit, today));
        }
        if !person.is_empty() {
            let forces = self.forces_of_person(&file.viewer, &person)?;
            all.extend(forces.reaching(&person, today));
            all.extend(self.served_in(&file.viewer, &person)?);
        }
        Ok(all)
    }

    /// Incidents alleged against units in which a person then held a post.
    fn served_in(&self, viewer: &Viewer, person: &str) -> Result<Vec<Reached>> {
        let mut ask = |kind: &str, query: &RecordQuery| self.store.list(viewer, kind, query);
        let own = BTreeSet::from([person.to_owned()]);
        let mut all = vec![];
        for posting in among(&mut ask, "posting", "person", &own)? {
            let unit = text(&posting, "unit").to_owned();
            let mut reached = match unit.is_empty() {
                true => vec![],
                false => self
                    .forces_around(viewer, &unit)?
                    .reaching(&unit, self.today()),
            };
            let in_post = |r: &Reached| {
                let began: Option<When> = text(&r.incident, "began").parse().ok();
                let then = began.is_some_and(|b| posting.envelope.valid.holds_on(b.0.day));
                r.through == Through::Own && then
            };
            reached.retain(in_post);
            for one in &mut reached {
                let known = posting.envelope.sources.iter().map(|s| s.confidence).max();
                one.confidence = one.confidence.min(known.unwrap_or(Confidence::Low));
                one.through = Through::Served(unit.clone());
                one.sources.extend(posting.envelope.sources.iter().cloned());
            }
            all.extend(reached);
        }
        Ok(all)
    }

    fn forces_of_person(&self, viewer: &Viewer, person: &str) -> Result<super::Forces> {
        let mut ask = |kind: &str, query: &RecordQuery| self.store.list(viewer, kind, query);
        let own = BTreeSet::from([person.to_owned()]);
        let parties = among(&mut ask, "incident_party", "person", &own)?;
        let incidents = among(&mut ask, "incident", "id", &ids(&parties, "incident"))?;
        let parts = super::forces::Parts {
            parties,
            incidents,
            ..super::forces::Parts::default()
        };
        Ok(super::Forces::of(parts, super::Same::default()))
    }

    /// Records something in the file of a candidate: a check, or a derogatory record.
    ///
    /// # Errors
    /// A kind that does not stand in a file; faults of the draft; a role that does not vet.
    pub fn add_to_file(
        &self,
        file: &VettingFile,
        candidate: RecordId,
        kind: &str,
        mut body: serde_json::Value,
    ) -> Result<Written> {
        if !["vetting_check", "derogatory_record"].contains(&kind) {
            return Err(AppError::NotFound("kind of record"));
        }
        self.works(file)?;
        let of = self.candidate(file, candidate)?;
        body["candidate"] = candidate.to_string().into();
        let draft = Draft {
            partner: of.envelope.partner,
            label: Some(file_label(&of.envelope.label.originator)),
            body,
            ..Draft::default()
        };
        self.create(&file.viewer, kind, draft, "", None)
    }

    /// Names a candidate of the file's request; it is screened in the same transaction.
    ///
    /// # Errors
    /// Faults of the draft; a role that does not vet; a request that is answered or cancelled.
    pub fn nominate(
        &self,
        file: &VettingFile,
        partner: &str,
        mut body: serde_json::Value,
    ) -> Result<Written> {
        self.works(file)?;
        let request = &file.request;
        if !super::desk::OPEN.contains(&request.envelope.state.as_str()) {
            return conflict(format!("the request is {}", request.envelope.state));
        }
        body["request"] = request.envelope.id.to_string().into();
        body["law"] = request.body["law"].clone();
        let partner = match partner.trim() {
            "" => request.envelope.partner.clone(),
            other => other.to_ascii_uppercase(),
        };
        let draft = Draft {
            partner,
            label: Some(request.envelope.label.clone()),
            body,
            ..Draft::default()
        };
        self.create(&file.viewer, "vetting_candidate", draft, "", None)
    }

    /// Resolves a derogatory record of the file.
    ///
    /// # Errors
    /// No grounds; a role that does not vet; somebody changed it since it was looked at.
    pub fn resolve_derogatory(
        &self,
        file: &VettingFile,
        (id, version): (RecordId, i64),
        resolution: &str,
        grounds: &str,
    ) -> Result<Written> {
        self.works(file)?;
        if grounds.trim().is_empty() {
            let fault = Fault::new("grounds", "missing", "Grounds: say why");
            return Err(AppError::Faults(vec![fault]));
        }
        let found = self.store.get(&file.viewer, "derogatory_record", id)?;
        let found = found.ok_or(AppError::NotFound("derogatory record"))?;
        let of = text(&found, "candidate").parse().ok();
        self.candidate(file, of.ok_or(AppError::NotFound("vetting candidate"))?)?;
        let mut draft = Draft::of(&found);
        draft.body["resolution"] = resolution.into();
        draft.body["grounds"] = grounds.trim().into();
        let kind = "derogatory_record";
        self.edit(
            &file.viewer,
            (kind, id),
            version,
            draft,
            grounds.trim(),
            None,
        )
    }

    fn works(&self, file: &VettingFile) -> Result<()> {
        match super::answers_hits(&file.viewer) {
            true => Ok(()),
            false => Err(AppError::NotPermitted(
                "what is in a file is written by who vets".to_owned(),
            )),
        }
    }
}
