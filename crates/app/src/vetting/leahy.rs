//! The two laws on gross violations of human rights, 22 U.S.C. 2378d (State) and 10 U.S.C. 362 (Defense): which of
//! them reaches money, who is barred under each, and what was found remedied under each. A finding under one law
//! says nothing under the other. Read by gates and by the bench; which money a law reaches is asked of the rulebook.

use super::circle::{among, text};
use crate::{
    App, AppError, Result,
    law::{Question, RulePage},
};
use jiff::civil::Date;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use symbolon_access::Viewer;
use symbolon_domain::{
    kinds::VettingLaw,
    record::{Record, RecordId},
};
use symbolon_store::query::RecordQuery;

/// The rule of the rulebook that is each law's bar.
const RULES: [(VettingLaw, &str); 2] = [
    (
        VettingLaw::State,
        "us.foreign-assistance.unit-gross-violation",
    ),
    (VettingLaw::Defense, "us.armed-forces.unit-gross-violation"),
];

/// Whose bar it is, seen from the unit or person asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Near {
    /// Its own.
    Own,
    /// Of the unit in which the person serves.
    Unit,
    /// Of a unit over it, so many links up: asks for a look at the units under it, and bars none of them.
    Over(u32),
    /// Of who commands it that day.
    Commander,
    /// Of a unit under it: bars neither it nor the others under it.
    Under,
}

/// Somebody barred under a law.
#[derive(Clone, Debug)]
pub struct Bar {
    /// Whose it is.
    pub near: Near,
    /// `barred_unit` in force, or the candidate that was rejected.
    pub record: Record,
    /// Who is barred: `unit` or `person`, and the id.
    pub whom: (&'static str, String),
    /// First day; nothing where none is known.
    pub since: Option<Date>,
    /// The remediations found under the same law that answer all of it; none: it stands.
    pub remedies: Vec<Record>,
}

/// How somebody stands under one of the two laws on a day.
#[derive(Clone, Debug)]
pub struct LawStanding {
    /// The law.
    pub law: VettingLaw,
    /// Clearances under it that hold on the day.
    pub cleared: Vec<Record>,
    /// Bars under it: its own and those near it.
    pub bars: Vec<Bar>,
}

/// One of the two laws as it bears on a candidate.
#[derive(Clone, Debug)]
pub struct LawBearing {
    /// The rule of the rulebook that is its bar.
    pub rule: RulePage,
    /// Whether it reaches the money of the request; nothing where the request names no authority.
    pub reaches: Option<bool>,
    /// How the candidate stands under it today.
    pub standing: LawStanding,
    /// Remediation recorded under it for the unit, found or not, as far as the viewer sees it.
    pub remediation: Vec<Record>,
}

impl Bar {
    /// Whether nothing found under the law answers it.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.remedies.is_empty()
    }

    /// Whether it bars who was asked about, not only somebody near.
    #[must_use]
    pub fn bars(&self) -> bool {
        matches!(self.near, Near::Own | Near::Unit)
    }
}

impl LawStanding {
    /// Whether something bars it that nothing answers.
    #[must_use]
    pub fn barred(&self) -> bool {
        self.bars.iter().any(|b| b.bars() && b.stands())
    }

    /// Whether it was barred and all of that was found remedied under this law.
    #[must_use]
    pub fn remedied(&self) -> bool {
        let mut own = self.bars.iter().filter(|b| b.bars()).peekable();
        own.peek().is_some() && own.all(|b| !b.stands())
    }

    /// Bars of a unit over it, or of who commands it, that no clearance of its own took into account: each is
    /// younger than every clearance, or of a day nobody knows.
    pub fn unreviewed(&self) -> impl Iterator<Item = &Bar> {
        let days = self.cleared.iter().filter_map(|c| day(c, "cleared_from"));
        let last = days.max();
        self.bars.iter().filter(move |b| {
            let asks = matches!(b.near, Near::Over(_) | Near::Commander) && b.stands();
            asks && !matches!((b.since, last), (Some(since), Some(last)) if since <= last)
        })
    }
}

fn day(record: &Record, field: &str) -> Option<Date> {
    text(record, field).parse().ok()
}

fn one(id: &str) -> BTreeSet<String> {
    BTreeSet::from([id.to_owned()])
}

/// Units and persons whose own bars are read.
struct Whom {
    near: Near,
    kind: &'static str,
    id: String,
}

impl App {
    /// The laws that reach money of an authority on a day: those whose rule would bar a unit with a violation.
    ///
    /// # Errors
    /// The rulebook cannot be read.
    pub(crate) fn laws_reaching(&self, authority: &str, on: Date) -> Result<Vec<VettingLaw>> {
        let mut facts = Map::new();
        facts.insert("authority".to_owned(), authority.into());
        facts.insert("date".to_owned(), on.to_string().into());
        facts.insert("assume".to_owned(), "clear".into());
        facts.insert("credible_violation".to_owned(), Value::Bool(true));
        let question = Question {
            facts,
            no_remedies: true,
            ..Question::default()
        };
        let said = self.law.current()?.determine(&question)?;
        let bars = |rule: &str| {
            let mut rules = said.rules.iter();
            rules.any(|r| r.rule == rule && r.verdict == "refused")
        };
        let reaching = RULES.iter().filter(|(_, rule)| bars(rule));
        Ok(reaching.map(|(law, _)| *law).collect())
    }

    /// Both laws as they bear on a candidate today.
    pub(super) fn laws_on(
        &self,
        viewer: &Viewer,
        candidate: &Record,
        authority: &str,
    ) -> Result<Vec<LawBearing>> {
        let today = self.today();
        let reaching = match authority.trim() {
            "" => None,
            authority => Some(self.laws_reaching(authority, today)?),
        };
        let subject = ["person", "unit"].into_iter().find_map(|kind| {
            let id = text(candidate, kind).parse().ok()?;
            Some((kind, id))
        });
        let own = self.same_units(viewer)?.all(text(candidate, "unit"));
        let mut ask = |kind: &str, query: &RecordQuery| self.store.list(viewer, kind, query);
        let remediation = among(&mut ask, "remediation", "unit", &own)?;
        let mut laws = vec![];
        for (law, rule) in RULES {
            let standing = match subject {
                Some(subject) => self.under_law(subject, law, today, true)?,
                None => LawStanding {
                    law,
                    cleared: vec![],
                    bars: vec![],
                },
            };
            let of_law = remediation.iter().filter(|r| text(r, "law") == law.name());
            laws.push(LawBearing {
                rule: self.rule(rule)?,
                reaches: reaching.as_ref().map(|r| r.contains(&law)),
                standing,
                remediation: of_law.cloned().collect(),
            });
        }
        Ok(laws)
    }

    /// How a unit (`unit`) or person (`person`) stands under one of the two laws on a day, whoever asks: status
    /// and dates, never grounds. `under` also reads the units under a unit.
    ///
    /// # Errors
    /// The records cannot be read.
    pub(crate) fn under_law(
        &self,
        (kind, id): (&'static str, RecordId),
        law: VettingLaw,
        on: Date,
        under: bool,
    ) -> Result<LawStanding> {
        let id = id.to_string();
        let whom = match kind {
            "unit" => self.near_unit(&id, on, under)?,
            _ => self.near_person(&id, on)?,
        };
        let mut bars = vec![];
        for whom in &whom {
            bars.extend(self.own_bars(whom, law)?);
        }
        bars.sort_by_key(|b| (b.near, b.record.envelope.id));
        bars.dedup_by_key(|b| b.record.envelope.id);
        let own = whom.iter().filter(|w| w.near == Near::Own);
        let mut cleared = vec![];
        for whom in own {
            for record in self.candidates_under(whom.kind, &whom.id, law)? {
                let read: symbolon_domain::kinds::VettingCandidate = super::decide::body(&record)?;
                if read.holds_on(&record.envelope.state, on) {
                    cleared.push(record);
                }
            }
        }
        Ok(LawStanding { law, cleared, bars })
    }

    /// How somebody stands under one of the laws today, with the units under a unit.
    ///
    /// # Errors
    /// The records cannot be read.
    pub fn under_law_now(
        &self,
        kind: &'static str,
        id: RecordId,
        law: VettingLaw,
    ) -> Result<LawStanding> {
        self.under_law((kind, id), law, self.today(), true)
    }

    /// The unit with the records that are one with it, those over it and who commands it that day.
    fn near_unit(&self, id: &str, on: Date, under: bool) -> Result<Vec<Whom>> {
        let system = self.system();
        let around = self.around(&system, &one(id), under)?;
        let own = around.same.all(id);
        let forces = super::Forces::of(around.parts, around.same.clone());
        let unit = |near, id: &str| {
            let all = around.same.all(id).into_iter();
            all.map(move |id| Whom {
                near,
                kind: "unit",
                id,
            })
        };
        let mut whom: Vec<Whom> = unit(Near::Own, id).collect();
        for rung in forces.above(id, on) {
            whom.extend(unit(Near::Over(rung.depth), &rung.unit));
        }
        for rung in forces.below(id, on) {
            whom.extend(unit(Near::Under, &rung.unit));
        }
        for posting in forces.commanders(id, on) {
            whom.push(Whom {
                near: Near::Commander,
                kind: "person",
                id: text(posting, "person").to_owned(),
            });
        }
        whom.retain(|w| w.near == Near::Own || !own.contains(&w.id));
        Ok(whom)
    }

    /// The person, and the units in which he or she serves that day or was named with.
    fn near_person(&self, id: &str, on: Date) -> Result<Vec<Whom>> {
        let system = self.system();
        let mut ask = |kind: &str, query: &RecordQuery| self.store.list(&system, kind, query);
        let mut units = BTreeSet::new();
        let postings = among(&mut ask, "posting", "person", &one(id))?;
        let now = postings.iter().filter(|p| p.envelope.valid.holds_on(on));
        units.extend(now.map(|p| text(p, "unit").to_owned()));
        let candidates = among(&mut ask, "vetting_candidate", "person", &one(id))?;
        units.extend(candidates.iter().map(|c| text(c, "unit").to_owned()));
        units.remove("");
        self.same_units(&system)?.widen(&mut units);
        let mut whom = vec![Whom {
            near: Near::Own,
            kind: "person",
            id: id.to_owned(),
        }];
        whom.extend(units.into_iter().map(|id| Whom {
            near: Near::Unit,
            kind: "unit",
            id,
        }));
        Ok(whom)
    }

    /// Candidates under a law that are a unit and nobody in it, or a person.
    fn candidates_under(&self, kind: &str, id: &str, law: VettingLaw) -> Result<Vec<Record>> {
        let system = self.system();
        let mut ask = |kind: &str, query: &RecordQuery| self.store.list(&system, kind, query);
        let mut found = among(&mut ask, "vetting_candidate", kind, &one(id))?;
        found.retain(|c| {
            let whole = text(c, "person").is_empty() && text(c, "as_named").is_empty();
            text(c, "law") == law.name() && (kind == "person" || whole)
        });
        Ok(found)
    }

    fn own_bars(&self, whom: &Whom, law: VettingLaw) -> Result<Vec<Bar>> {
        let system = self.system();
        let mut ask = |kind: &str, query: &RecordQuery| self.store.list(&system, kind, query);
        let bar = |record: Record, since, remedies| Bar {
            near: whom.near,
            record,
            whom: (whom.kind, whom.id.clone()),
            since,
            remedies,
        };
        let mut bars = vec![];
        if whom.kind == "unit" {
            let listed = among(&mut ask, "barred_unit", "unit", &one(&whom.id))?;
            let in_force =
                |b: &Record| b.envelope.state == "listed" && text(b, "law") == law.name();
            for record in listed.into_iter().filter(in_force) {
                // The list is what the government was given: it is answered by taking the unit off it.
                let since = day(&record, "listed_on");
                bars.push(bar(record, since, vec![]));
            }
        }
        for record in self.candidates_under(whom.kind, &whom.id, law)? {
            if record.envelope.state == "rejected" {
                let since = self.rejected_on(&record)?;
                let remedies = self.remedies_of(&record, law)?;
                bars.push(bar(record, since, remedies));
            }
        }
        Ok(bars)
    }

    /// The day on which a candidate was rejected.
    fn rejected_on(&self, candidate: &Record) -> Result<Option<Date>> {
        let system = self.system();
        let mut ask = |kind: &str, query: &RecordQuery| self.store.list(&system, kind, query);
        let own = one(&candidate.envelope.id.to_string());
        let decisions = among(&mut ask, "vetting_decision", "candidate", &own)?;
        let rejects = decisions
            .iter()
            .filter(|d| d.envelope.state == "in_force" && text(d, "outcome") == "rejected");
        Ok(rejects.filter_map(|d| day(d, "holds_from")).max())
    }

    /// Remediations found under a law that answer everything that stands against a candidate's unit: one of the unit
    /// as a whole, or one for each incident. Under the State law a finding counts when it is reported as well. None
    /// where something is not answered.
    pub(super) fn remedies_of(&self, candidate: &Record, law: VettingLaw) -> Result<Vec<Record>> {
        let system = self.system();
        let unit = text(candidate, "unit");
        if unit.is_empty() {
            return Ok(vec![]);
        }
        let own = self.same_units(&system)?.all(unit);
        let mut ask = |kind: &str, query: &RecordQuery| self.store.list(&system, kind, query);
        let mut found = among(&mut ask, "remediation", "unit", &own)?;
        found.retain(|r| {
            let told = law == VettingLaw::Defense || !text(r, "reported_on").is_empty();
            r.envelope.state == "found" && text(r, "law") == law.name() && told
        });
        let whole = found.iter().any(|r| text(r, "incident").is_empty());
        let id = one(&candidate.envelope.id.to_string());
        let against = among(&mut ask, "derogatory_record", "candidate", &id)?;
        let against = against
            .iter()
            .filter(|d| ["stands", "remedied"].contains(&text(d, "resolution")));
        let open: BTreeSet<&str> = against.map(|d| text(d, "incident")).collect();
        let answered = |i: &&str| !i.is_empty() && found.iter().any(|r| text(r, "incident") == *i);
        match whole || (!open.is_empty() && open.iter().all(answered)) {
            true => Ok(found),
            false => Ok(vec![]),
        }
    }
}

/// A law by its word in files.
pub(super) fn law_of(record: &Record) -> Result<VettingLaw> {
    serde_json::from_value(record.body["law"].clone())
        .map_err(|e| AppError::Internal(e.to_string()))
}
