//! The answer to "may we?": every rule that spoke, the values and facts it stood on, what is missing,
//! what must happen first and when at the earliest.

use crate::book::Rulebook;
use crate::eval::{Gap, Results};
use crate::package::Package;
use crate::rule::{Rule, Verdict, verdict};
use crate::schema::UNKNOWN;
use std::collections::BTreeSet;

/// The outcome for a package, mildest first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Nothing stands against it.
    Allowed,
    /// Nothing forbids it, but something must be done first.
    AllowedWithConditions,
    /// It cannot be told: something is not known.
    CannotTell,
    /// A rule forbids it.
    Refused,
}

impl Outcome {
    /// Its name in cases and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::AllowedWithConditions => "allowed-with-conditions",
            Self::CannotTell => "cannot-tell",
            Self::Refused => "refused",
        }
    }

    /// What one verdict of a stable rule makes of the whole.
    #[must_use]
    pub fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Refused => Self::Refused,
            Verdict::Unknown => Self::CannotTell,
            Verdict::Outstanding => Self::AllowedWithConditions,
            _ => Self::Allowed,
        }
    }
}

/// A value a rule stood on: its number and row in [`crate::eval::Tables`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsedValue {
    /// Number of the value.
    pub value: u32,
    /// Row of its history; `None` where none was in force.
    pub row: Option<u32>,
}

/// What one rule said.
#[derive(Clone, Debug)]
pub struct Spoken<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// What it said.
    pub verdict: Verdict,
    /// Values with their rows.
    pub values: Vec<UsedValue>,
    /// Facts it read that are known: number and value.
    pub facts: Vec<(u16, i64)>,
    /// What keeps it from being told, where it cannot be told.
    pub gaps: Vec<Gap>,
    /// Days of its clock.
    pub days: Option<i64>,
    /// First lawful day, for a duty that waits; last day, for one that follows.
    pub due: Option<i64>,
    /// Its figure.
    pub amount: Option<i64>,
    /// Numbers of the exceptions and waivers that apply.
    pub lifts: Vec<usize>,
    /// Remarks that apply.
    pub remarks: Vec<&'r str>,
}

/// The answer for one package.
#[derive(Clone, Debug)]
pub struct Answer<'r> {
    /// Outcome over all stable rules.
    pub outcome: Outcome,
    /// Day it was asked for; `None` where the package states none.
    pub on: Option<i64>,
    /// Every rule that spoke, in the order of the rulebook.
    pub spoken: Vec<Spoken<'r>>,
    /// First day on which every clock that is running has run.
    pub earliest: Option<i64>,
    /// Facts taken as clear because the package asks for that: number of the fact.
    pub assumed: Vec<u16>,
}

impl Answer<'_> {
    /// What would settle it: the gaps of all stable rules that cannot be told.
    #[must_use]
    pub fn missing(&self) -> BTreeSet<Gap> {
        let open = |s: &&Spoken<'_>| s.verdict == Verdict::Unknown && s.rule.stable();
        self.spoken
            .iter()
            .filter(open)
            .flat_map(|s| s.gaps.iter().copied())
            .collect()
    }
}

/// A worker that answers one package after the other without allocating anew.
#[derive(Debug)]
pub struct Desk<'r> {
    /// The law.
    pub book: &'r Rulebook,
    pub(crate) results: Results,
    assumed: Results,
}

impl<'r> Desk<'r> {
    /// A desk with a rulebook on it.
    #[must_use]
    pub fn new(book: &'r Rulebook) -> Self {
        Self {
            book,
            results: Results::default(),
            assumed: Results::default(),
        }
    }

    /// The outcome alone.
    pub fn outcome(&mut self, package: &Package) -> Outcome {
        self.book
            .tables
            .run(&package.facts, package.assume, &mut self.results);
        let stable = self.book.rules.iter().filter(|r| r.stable());
        let outcomes = stable.map(|r| Outcome::of(said(r, &self.results)));
        outcomes.max().unwrap_or(Outcome::Allowed)
    }

    /// The verdict of each rule, in the order of the rulebook.
    pub fn verdicts(&mut self, package: &Package) -> Vec<Verdict> {
        self.book
            .tables
            .run(&package.facts, package.assume, &mut self.results);
        self.book
            .rules
            .iter()
            .map(|r| said(r, &self.results))
            .collect()
    }

    /// The day on which a rule asked its values and lists for a package.
    pub fn day_of(&mut self, rule: &Rule, package: &Package) -> Option<i64> {
        self.book
            .tables
            .run(&package.facts, package.assume, &mut self.results);
        self.results.number(rule.day)
    }

    /// The answer with everything it stands on.
    pub fn answer(&mut self, package: &Package) -> Answer<'r> {
        let book = self.book;
        book.tables
            .run(&package.facts, package.assume, &mut self.results);
        let mut answer = Answer {
            outcome: Outcome::Allowed,
            on: book
                .schema
                .fact("date")
                .map(|d| package.facts[usize::from(d)])
                .filter(|d| *d != UNKNOWN),
            spoken: Vec::with_capacity(16),
            earliest: None,
            assumed: vec![],
        };
        for rule in &book.rules {
            let verdict = said(rule, &self.results);
            if verdict == Verdict::Silent {
                continue;
            }
            let spoken = self.spoken(rule, verdict, &package.facts);
            if rule.stable() {
                answer.outcome = answer.outcome.max(Outcome::of(verdict));
                let waits = rule.waits()
                    && !rule
                        .lifts
                        .iter()
                        .any(|l| self.results.truth(l.node).is_true());
                if let (true, Some(due)) = (waits, spoken.due) {
                    answer.earliest = Some(answer.earliest.map_or(due, |e: i64| e.max(due)));
                }
            }
            answer.spoken.push(spoken);
        }
        if package.assume {
            answer.assumed = self.assumptions(package);
        }
        answer
    }

    fn spoken(&self, rule: &'r Rule, verdict: Verdict, facts: &[i64]) -> Spoken<'r> {
        let (tables, r) = (&self.book.tables, &self.results);
        let day = r.number(rule.day);
        let used = |value: &u32| UsedValue {
            value: *value,
            row: day
                .and_then(|d| tables.values[*value as usize].row(d))
                .map(|i| i as u32),
        };
        let known = |f: &u16| Some((*f, facts[usize::from(*f)])).filter(|(_, v)| *v != UNKNOWN);
        let days = rule.duty.as_ref().and_then(|d| r.number(d.days));
        let from = rule.duty.as_ref().and_then(|d| r.number(d.from));
        Spoken {
            rule,
            verdict,
            values: rule.values.iter().map(used).collect(),
            facts: rule.facts.iter().filter_map(known).collect(),
            gaps: match verdict {
                Verdict::Unknown | Verdict::Outstanding => self.gaps(rule),
                _ => vec![],
            },
            days,
            due: days.zip(from).and_then(|(d, f)| f.checked_add(d)),
            amount: rule.amount.and_then(|(_, node)| r.number(node)),
            lifts: (0..rule.lifts.len())
                .filter(|i| r.truth(rule.lifts[*i].node).is_true())
                .collect(),
            remarks: rule
                .remarks
                .iter()
                .filter(|(n, _)| r.truth(*n).is_true())
                .map(|(_, t)| t.as_str())
                .collect(),
        }
    }

    fn gaps(&self, rule: &Rule) -> Vec<Gap> {
        let mut gaps = BTreeSet::new();
        for node in [rule.hit, rule.lifted, rule.test] {
            self.book.tables.gaps(node, &self.results, &mut gaps);
        }
        gaps.into_iter().collect()
    }

    /// Facts whose clear value was taken: those that would be gaps if nothing were assumed.
    fn assumptions(&mut self, package: &Package) -> Vec<u16> {
        self.book
            .tables
            .run(&package.facts, false, &mut self.assumed);
        let mut gaps = BTreeSet::new();
        for rule in self.book.rules.iter().filter(|r| r.stable()) {
            if said(rule, &self.assumed) == said(rule, &self.results) {
                continue;
            }
            for node in [rule.hit, rule.lifted, rule.test] {
                self.book.tables.gaps(node, &self.assumed, &mut gaps);
            }
        }
        let fact = |g: Gap| match g {
            Gap::Fact(f) => self.book.schema.facts[usize::from(f)].clear.map(|_| f),
            _ => None,
        };
        gaps.into_iter().filter_map(fact).collect()
    }
}

/// What a rule says, from the results of one pass.
pub(crate) fn said(rule: &Rule, r: &Results) -> Verdict {
    verdict(
        rule.kind,
        rule.waits(),
        r.truth(rule.hit),
        r.truth(rule.lifted),
        r.truth(rule.test),
    )
}
