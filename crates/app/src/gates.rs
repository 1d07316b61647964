//! Gates: what must hold before a record of the thread moves on. One place for every path by which a
//! record is written: pages, API, bulk, reversal and imports all pass here before anything is stored.
//!
//! A gate is a step of the law ([`table`]): the facts of the step are gathered from the thread
//! ([`facts`]), put to the rulebook, and refused with the rule, its clause, what would open it and the
//! first lawful day. What was decided is kept as a determination in the same transaction.

mod facts;
mod fixed;
mod ledger;
mod opens;
mod seen;
pub(crate) mod table;
mod vetting;
mod why;

pub use why::{Allowed, AllowedRule};

use crate::law::{Cited, Question, RuleSaid};
use crate::{App, AppError, Result};
use seen::Reader;
use serde::Serialize;
use symbolon_access::Viewer;
use symbolon_domain::{
    kind::{DELETED, KindDef, Transition},
    kinds,
    record::{Record, RecordId},
};
use symbolon_store::{Change, journal::Saw};

/// One rule that keeps a gate shut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Id of the rule, as in the rulebook.
    pub rule: String,
    /// What it says.
    pub says: String,
    /// Its clauses.
    pub clauses: Vec<Cited>,
    /// What would open it.
    pub opens: Vec<String>,
    /// First lawful day by its clock; empty where no clock runs.
    pub earliest: String,
    /// Whether a recorded override can open it.
    pub overridable: bool,
}

/// A gate that is shut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shut {
    /// Code of the record.
    pub record: String,
    /// The step of the law.
    pub step: String,
    /// Every rule that keeps it shut.
    pub refusals: Vec<Refusal>,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let clauses: Vec<&str> = self.clauses.iter().map(|c| c.at.as_str()).collect();
        write!(f, "{} ({}; {})", self.says, self.rule, clauses.join("; "))?;
        if !self.opens.is_empty() {
            write!(f, " What would open it: {}.", self.opens.join("; "))?;
        }
        if !self.earliest.is_empty() {
            write!(f, " Earliest day: {}.", self.earliest)?;
        }
        if self.overridable {
            f.write_str(" A granted override would open it.")?;
        }
        Ok(())
    }
}

impl std::fmt::Display for Shut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let all: Vec<String> = self.refusals.iter().map(ToString::to_string).collect();
        write!(f, "{}: {}", self.record, all.join(" "))
    }
}

/// What a gate answered, and what it looked at.
pub(crate) struct Judged {
    refusals: Vec<Refusal>,
    question: Question,
    saw: Vec<Saw>,
}

impl App {
    /// What keeps a move shut; empty where no gate stands before it, or it is open.
    pub(crate) fn shut(&self, kind: &KindDef, record: &Record, code: &str) -> Result<Vec<Refusal>> {
        let Some(gate) = table::gate(kind.code, code) else {
            return Ok(vec![]);
        };
        Ok(self.judged(gate, record)?.refusals)
    }

    /// The duties to tell somebody first that count days before a move: rule, clause, and the day on which
    /// they have run.
    pub(crate) fn duties_of(
        &self,
        kind: &KindDef,
        record: &Record,
        code: &str,
    ) -> Result<Vec<(String, String, String)>> {
        let Some(gate) = table::gate(kind.code, code) else {
            return Ok(vec![]);
        };
        let mut reader = Reader::new(self);
        let (_, facts) = facts::gathered(&mut reader, gate, record, self.today())?;
        let question = Question {
            facts,
            no_remedies: true,
            ..Question::default()
        };
        let said = self.law.current()?.determine(&question)?;
        let counted = said.rules.into_iter().filter(|r| !r.draft).filter_map(|r| {
            let due = r.duty.filter(|d| d.before)?.due?;
            let clause = r.cites.first().map_or(String::new(), |c| c.at.clone());
            Some((r.rule, clause, due))
        });
        Ok(counted.collect())
    }

    fn judged(&self, gate: &table::Gate, record: &Record) -> Result<Judged> {
        let mut reader = Reader::new(self);
        let day = table::day_of(gate, record).unwrap_or(self.today());
        let (step, facts) = facts::gathered(&mut reader, gate, record, day)?;
        let authority = facts.contains_key("authority");
        let question = Question {
            facts,
            no_remedies: true,
            ..Question::default()
        };
        let said = self.law.current()?.determine(&question)?;
        let shut = said
            .rules
            .iter()
            .filter(|r| table::decides(&step, authority, r));
        Ok(Judged {
            refusals: shut.map(refusal).collect(),
            question,
            saw: reader.saw(),
        })
    }

    /// Changes as they may be written: every gate asked, what the program fills in put in, and beside
    /// each move that passed a gate the determination it stands on.
    ///
    /// # Errors
    /// [`AppError::Gate`] where a gate is shut, [`AppError::Conflict`] where a change goes around one.
    pub(crate) fn through_gates(
        &self,
        viewer: &Viewer,
        changes: Vec<Change>,
    ) -> Result<Vec<Change>> {
        let mut out = Vec::with_capacity(changes.len());
        for change in changes {
            if table::watched(&change.envelope.kind) {
                self.one_through(viewer, change, &mut out)?;
            } else {
                out.push(change);
            }
        }
        Ok(out)
    }

    fn one_through(
        &self,
        viewer: &Viewer,
        mut change: Change,
        out: &mut Vec<Change>,
    ) -> Result<()> {
        let e = &change.envelope;
        let kind = kinds::by_code(&e.kind).ok_or(AppError::NotFound("kind of record"))?;
        let before = self.store.get(&self.system(), kind.code, e.id)?;
        fixed::filled_in(self, kind, before.as_ref(), &mut change)?;
        fixed::held(kind, before.as_ref(), &change)?;
        let Some(transition) = move_of(kind, before.as_ref(), &change)? else {
            out.push(change);
            return Ok(());
        };
        not_yet(self, kind, &change, transition)?;
        if let Some(gate) = table::gate(kind.code, transition.code) {
            self.pass(viewer, gate, &mut change, out)?;
        }
        let more = match (kind.code, transition.code) {
            ("release_request", "grant") => crate::releases::granted(self, viewer, &change)?,
            _ => ledger::companions(self, transition, &change)?,
        };
        out.push(change);
        out.extend(more);
        Ok(())
    }

    /// Asks a gate; where it is open, the determination goes before the move, which names it.
    fn pass(
        &self,
        viewer: &Viewer,
        gate: &table::Gate,
        change: &mut Change,
        out: &mut Vec<Change>,
    ) -> Result<()> {
        let record = Record {
            envelope: change.envelope.clone(),
            body: change.body.clone(),
        };
        let day = table::day_of(gate, &record).filter(|_| gate.day != "travel_from");
        if let Some(day) = day.filter(|d| *d > self.today()) {
            return Err(AppError::Conflict(format!("{day} is still to come")));
        }
        let judged = self.judged(gate, &record)?;
        if !judged.refusals.is_empty() {
            return Err(AppError::Gate(Box::new(Shut {
                record: record.envelope.code,
                step: gate.step.to_owned(),
                refusals: judged.refusals,
            })));
        }
        let title = format!("{}: {}", record.envelope.code, gate.code.replace('_', " "));
        let kept = self.determination_of(viewer, &title, &judged.question, &record)?;
        // First of all: the record may refer to a determination of its own, and *why* asks for this one.
        let kept_now = Saw {
            object: format!("determination/{}", kept.envelope.id),
            code: kept.envelope.code.clone(),
            version: 1,
        };
        change.saw.insert(0, kept_now);
        for saw in judged.saw {
            if !change.saw.iter().any(|s| s.object == saw.object) {
                change.saw.push(saw);
            }
        }
        out.push(kept);
        Ok(())
    }
}

fn refusal(said: &RuleSaid) -> Refusal {
    let earliest = said.duty.as_ref().and_then(|d| d.due.clone());
    Refusal {
        rule: said.rule.clone(),
        says: said.says.clone(),
        clauses: said.cites.clone(),
        opens: opens::words(said),
        earliest: earliest.unwrap_or_default(),
        overridable: table::overridable(&said.rule),
    }
}

/// The move a change makes; none where the state stays, or goes back to one that no gate protects.
fn move_of(
    kind: &KindDef,
    before: Option<&Record>,
    change: &Change,
) -> Result<Option<&'static Transition>> {
    let to = change.envelope.state.as_str();
    let from = before.map_or(kind.states[0], |r| r.envelope.state.as_str());
    if from == to {
        return Ok(None);
    }
    let verb = change.action.rsplit_once('.').map_or("", |(_, verb)| verb);
    if let Some(transition) = kind.transition(verb) {
        return Ok(Some(transition));
    }
    let free = |state: &str| state == DELETED || table::open_states(kind).contains(&state);
    if free(from) && free(to) {
        return Ok(None);
    }
    let message = match (before, to) {
        (None, _) => format!(
            "a new {} begins as {}",
            kind.name.to_lowercase(),
            kind.states[0]
        ),
        (_, DELETED) => "it has passed a gate: it is not deleted; cancel or reverse it".to_owned(),
        _ => {
            "it has passed a gate: make the move that leads on from it, with its reason".to_owned()
        }
    };
    Err(AppError::Conflict(message))
}

/// A fact of the past is not recorded before its day.
fn not_yet(app: &App, kind: &KindDef, change: &Change, transition: &Transition) -> Result<()> {
    let today = app.today();
    for name in transition.needs.iter().filter(|n| table::happened(n)) {
        let day = change.body[*name]
            .as_str()
            .and_then(|d| d.parse::<jiff::civil::Date>().ok());
        if let (Some(day), Some(field)) = (day.filter(|d| *d > today), kind.field(name)) {
            let message = format!("{}: {day} is still to come", field.label);
            return Err(AppError::Conflict(message));
        }
    }
    Ok(())
}

/// What an import may not do to a record of the thread; nothing where it may.
pub(crate) fn kept_out(
    app: &App,
    kind: &KindDef,
    before: Option<&Record>,
    record: &mut Record,
) -> Option<String> {
    if !table::watched(kind.code) {
        return None;
    }
    let mut change = Change {
        envelope: record.envelope.clone(),
        body: record.body.clone(),
        action: format!("{}.import", kind.code),
        reason: String::new(),
        saw: vec![],
    };
    let checked = fixed::filled_in(app, kind, before, &mut change)
        .and_then(|()| fixed::held(kind, before, &change))
        .and_then(|()| move_of(kind, before, &change).map(drop));
    record.body = change.body;
    checked.err().map(|e| e.to_string())
}

/// Whether an action is what the program does beside a move: nobody wrote the record by it.
pub(crate) fn beside(action: &str) -> bool {
    ["fund_source.post", "ledger_entry.draw", "case.amend"].contains(&action)
        || action.ends_with(crate::releases::ACTION)
}

/// A reference of a body.
pub(crate) fn reference(body: &serde_json::Value, field: &str) -> Option<RecordId> {
    body[field].as_str().and_then(|s| s.parse().ok())
}
