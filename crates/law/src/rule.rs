//! Rules: their shape in files, and what each sort of rule says when its condition holds.

use crate::day::Days;
use crate::node::NodeId;
use crate::schema::Type;
use crate::tri::Tri;
use serde::{Deserialize, Serialize};

/// What sort of rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleKind {
    /// Forbids, unless an exception or a waiver applies.
    Bar,
    /// Something must be so: missing knowledge is a condition to be met, its contrary a refusal.
    Require,
    /// Somebody must be told, and there is a clock.
    Duty,
    /// Something to be aware of; never decides.
    Flag,
    /// A figure follows: a charge, a remainder, a last day.
    Figure,
}

/// What a rule said about a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Verdict {
    /// Nothing: its condition does not hold.
    Silent = 0,
    /// It would forbid, but an exception or waiver applies.
    Lifted,
    /// What it asks for is so; the notice was given and its days have passed.
    Met,
    /// It has something to say that decides nothing.
    Noted,
    /// A condition that is still to be met.
    Outstanding,
    /// It cannot be told whether it forbids.
    Unknown,
    /// It forbids.
    Refused,
}

impl Verdict {
    /// Every verdict, by number.
    pub const ALL: [Self; 7] = [
        Self::Silent,
        Self::Lifted,
        Self::Met,
        Self::Noted,
        Self::Outstanding,
        Self::Unknown,
        Self::Refused,
    ];

    /// Its name in cases and answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::Lifted => "lifted",
            Self::Met => "met",
            Self::Noted => "noted",
            Self::Outstanding => "outstanding",
            Self::Unknown => "unknown",
            Self::Refused => "refused",
        }
    }
}

/// The verdict from three truths: the condition, whether something lifts it, and the test.
///
/// The test of a bar is always true; of a requirement, that it is not so; of a duty, that the day
/// comes before its clock has run. A duty whose wait is lifted is still a duty.
#[must_use]
pub fn verdict(kind: RuleKind, waits: bool, hit: Tri, lifted: Tri, test: Tri) -> Verdict {
    use RuleKind::{Bar, Duty, Figure, Flag, Require};
    if hit == Tri::FALSE {
        return Verdict::Silent;
    }
    match kind {
        Flag | Figure => {
            return if hit.is_true() {
                Verdict::Noted
            } else {
                Verdict::Silent
            };
        }
        Duty if !waits => {
            return if hit.is_true() {
                Verdict::Noted
            } else {
                Verdict::Silent
            };
        }
        Duty if lifted.is_true() && hit.is_true() && test != Tri::FALSE => {
            return Verdict::Outstanding;
        }
        _ => {}
    }
    let bites = hit.and(lifted.negated()).and(test);
    match bites.known() {
        Some(true) => Verdict::Refused,
        Some(false) if !hit.is_true() => Verdict::Silent,
        Some(false) if lifted.is_true() => Verdict::Lifted,
        Some(false) => Verdict::Met,
        None if kind != Bar && hit.is_true() && test == Tri::UNKNOWN => {
            match (kind, lifted.known()) {
                (Require, None) => Verdict::Unknown,
                _ => Verdict::Outstanding,
            }
        }
        None => Verdict::Unknown,
    }
}

/// A citation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cite {
    /// What it says of itself: `22 U.S.C. 2776(b)(1)`.
    pub at: String,
    /// Where it can be read.
    pub url: String,
}

/// An exception, or a waiver and who holds it.
#[derive(Clone, Debug)]
pub struct Lift {
    /// What it is.
    pub name: String,
    /// Whether somebody must decide it.
    pub waiver: bool,
    /// Who holds it; empty for an exception.
    pub by: String,
    /// What provides it.
    pub cite: String,
    /// What follows when it is used: a report, say. May be empty.
    pub then: String,
    /// Days after the day of use within which that must be done; 0 where none.
    pub within: i64,
    /// Whether it applies.
    pub node: NodeId,
}

/// A duty to tell somebody.
#[derive(Clone, Debug)]
pub struct Duty {
    /// Who tells.
    pub who: String,
    /// Whom.
    pub to: String,
    /// What.
    pub what: String,
    /// Whether it comes before the step (a wait) or after it (a report).
    pub before: bool,
    /// Number of calendar days.
    pub days: NodeId,
    /// Day from which they count: receipt of the notice, or the day of the step.
    pub from: NodeId,
    /// The fact that is counted from, where it is a plain one.
    pub from_fact: Option<u16>,
}

/// Who has read what a rule rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Standing {
    /// Since this version.
    Stable(String),
    /// Why it is a draft.
    Draft(String),
}

/// A rule, compiled.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its folder with dots: `us.arms-export-control.certify-offer`.
    pub id: String,
    /// The question it answers.
    pub asks: String,
    /// Its sort.
    pub kind: RuleKind,
    /// Where it stands in the order of review.
    pub topic: String,
    /// Stable or draft.
    pub standing: Standing,
    /// Citations.
    pub cites: Vec<Cite>,
    /// What it says when it bites.
    pub says: String,
    /// First day in force.
    pub from: Days,
    /// First day no longer in force.
    pub to: Days,
    /// Own-words text; may be empty.
    pub text: String,
    /// The condition as written.
    pub when: String,
    /// Its values.
    pub values: Vec<u32>,
    /// The day on which values and lists are asked.
    pub day: NodeId,
    /// In force, and the condition holds.
    pub hit: NodeId,
    /// Something lifts it.
    pub lifted: NodeId,
    /// See [`verdict`].
    pub test: NodeId,
    /// Exceptions and waivers.
    pub lifts: Vec<Lift>,
    /// The duty of a rule of that sort.
    pub duty: Option<Duty>,
    /// The figure of a rule of that sort.
    pub amount: Option<(Type, NodeId)>,
    /// Remarks: text and practice differ, or the reading is disputed.
    pub remarks: Vec<(NodeId, String)>,
    /// Facts it reads, stated ones and those behind derived ones.
    pub facts: Vec<u16>,
    /// Lists it asks.
    pub lists: Vec<u16>,
}

impl Rule {
    /// Whether it may decide.
    #[must_use]
    pub fn stable(&self) -> bool {
        matches!(self.standing, Standing::Stable(_))
    }

    /// Whether it makes the step wait.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.duty.as_ref().is_some_and(|d| d.before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: Tri = Tri::TRUE;
    const F: Tri = Tri::FALSE;
    const U: Tri = Tri::UNKNOWN;

    #[test]
    fn a_bar_forbids_unless_lifted() {
        let v = |hit, lifted| verdict(RuleKind::Bar, false, hit, lifted, T);
        assert_eq!(v(T, F), Verdict::Refused);
        assert_eq!(v(T, T), Verdict::Lifted);
        assert_eq!(v(T, U), Verdict::Unknown);
        assert_eq!(v(U, F), Verdict::Unknown);
        assert_eq!(v(U, T), Verdict::Silent);
        assert_eq!(v(F, U), Verdict::Silent);
    }

    #[test]
    fn a_requirement_not_known_is_a_condition() {
        let v = |hit, test| verdict(RuleKind::Require, false, hit, F, test);
        assert_eq!(v(T, U), Verdict::Outstanding);
        assert_eq!(v(T, T), Verdict::Refused);
        assert_eq!(v(T, F), Verdict::Met);
        assert_eq!(v(U, U), Verdict::Unknown);
        assert_eq!(v(U, F), Verdict::Silent);
    }

    #[test]
    fn a_notice_not_yet_sent_is_a_condition_and_too_early_a_refusal() {
        let v = |hit, lifted, test| verdict(RuleKind::Duty, true, hit, lifted, test);
        assert_eq!(v(T, F, U), Verdict::Outstanding);
        assert_eq!(v(T, F, T), Verdict::Refused);
        assert_eq!(v(T, F, F), Verdict::Met);
        assert_eq!(
            v(T, T, T),
            Verdict::Outstanding,
            "the certificate is still due"
        );
        assert_eq!(v(T, U, T), Verdict::Unknown);
        assert_eq!(v(T, U, U), Verdict::Outstanding);
        assert_eq!(v(U, F, U), Verdict::Unknown);
    }
}
