//! Marking policies: levels, controls and categories of nations and alliances, as dated data.

use crate::label::Label;
use jiff::civil::Date;
use serde::Deserialize;
use std::sync::OnceLock;

/// What a control asks of a viewer. The words of controls differ from nation to nation; what they ask
/// for is one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Of the originator's nation.
    OriginatorNation,
    /// Employed by the originator's government.
    OriginatorGovernment,
    /// Employed by the originator's government, or by a contractor of it.
    GovernmentOrContractor,
    /// Not employed by a contractor.
    NoContractor,
    /// On the dissemination list.
    NamedOnly,
    /// Nothing by itself: says that the label has a list of nations it is released to.
    ReleasableTo,
    /// Read on a screen only; the label has a list of nations it may be shown to.
    DisplayOnly,
}

/// A level of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelDef {
    /// Code in labels.
    pub code: String,
    /// The words printed.
    pub marking: String,
    /// Whether it means: released to the public.
    #[serde(default)]
    pub released: bool,
    /// First day it may be given; absent: always.
    pub from: Option<Date>,
    /// First day it may no longer be given; absent: still in use.
    pub to: Option<Date>,
}

/// A dissemination control of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlDef {
    /// The words printed, which are its code.
    pub code: String,
    /// What it means.
    pub meaning: String,
    /// What it asks of a viewer.
    pub rule: Rule,
    /// First day it may be given; absent: always.
    pub from: Option<Date>,
    /// First day it may no longer be given; absent: still in use.
    pub to: Option<Date>,
}

/// A category of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryDef {
    /// Code in labels and banners.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// Whether only those see it whose account holds it.
    #[serde(default)]
    pub read_in: bool,
    /// First day it may be given; absent: always.
    pub from: Option<Date>,
    /// First day it may no longer be given; absent: still in use.
    pub to: Option<Date>,
}

/// Whoever is cleared for a level may read another policy up to a level.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reads {
    /// Level of this policy.
    pub level: String,
    /// The other policy.
    pub policy: String,
    /// Its highest level so reached.
    pub up_to: String,
    /// Where that is said.
    pub source: String,
    /// First day it holds; absent: always.
    pub from: Option<Date>,
    /// First day it no longer holds; absent: still.
    pub to: Option<Date>,
}

/// The markings of one nation or alliance.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarkingPolicy {
    /// Code in labels.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// The nation whose policy it is; empty for an alliance.
    #[serde(default)]
    pub nation: String,
    /// The alliance whose policy it is; empty for a nation.
    #[serde(default)]
    pub group: String,
    /// Highest level an instance holds unless its operator lowers it.
    pub ceiling: String,
    /// Documents it is read from.
    pub source: String,
    /// Levels, lowest first.
    pub levels: Vec<LevelDef>,
    /// Controls.
    #[serde(default)]
    pub controls: Vec<ControlDef>,
    /// Categories.
    #[serde(default)]
    pub categories: Vec<CategoryDef>,
    /// What those cleared here may read of other policies.
    #[serde(default)]
    pub reads: Vec<Reads>,
}

/// Whether a day is within dates, half-open.
fn within(from: Option<Date>, to: Option<Date>, day: Date) -> bool {
    from.is_none_or(|f| f <= day) && to.is_none_or(|t| day < t)
}

impl LevelDef {
    /// Whether it may be given on a day.
    #[must_use]
    pub fn in_force(&self, day: Date) -> bool {
        within(self.from, self.to, day)
    }
}

impl ControlDef {
    /// Whether it may be given on a day.
    #[must_use]
    pub fn in_force(&self, day: Date) -> bool {
        within(self.from, self.to, day)
    }
}

impl CategoryDef {
    /// Whether it may be given on a day.
    #[must_use]
    pub fn in_force(&self, day: Date) -> bool {
        within(self.from, self.to, day)
    }
}

impl MarkingPolicy {
    /// A level and its rank; the lowest is 0.
    #[must_use]
    pub fn level(&self, code: &str) -> Option<(usize, &LevelDef)> {
        self.levels.iter().enumerate().find(|(_, l)| l.code == code)
    }

    /// The rank of a level.
    #[must_use]
    pub fn rank(&self, level: &str) -> Option<usize> {
        self.level(level).map(|(rank, _)| rank)
    }

    /// A control.
    #[must_use]
    pub fn control(&self, code: &str) -> Option<&ControlDef> {
        self.controls.iter().find(|c| c.code == code)
    }

    /// A category.
    #[must_use]
    pub fn category(&self, code: &str) -> Option<&CategoryDef> {
        self.categories.iter().find(|c| c.code == code)
    }

    /// The control with a rule.
    #[must_use]
    pub fn control_by(&self, rule: Rule) -> Option<&ControlDef> {
        self.controls.iter().find(|c| c.rule == rule)
    }
}

/// Every marking policy known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Markings {
    policies: Vec<MarkingPolicy>,
}

/// A file of a marking policy that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MarkingError {
    /// It is not of the form.
    #[error("marking policy: {0}")]
    Form(#[from] toml::de::Error),
    /// Its ceiling or an equivalence names a level that does not exist.
    #[error("marking policy {0}: there is no level `{1}`")]
    Level(String, String),
}

impl Markings {
    /// Reads policies from their files.
    pub fn parse(files: &[&str]) -> Result<Self, MarkingError> {
        let mut policies: Vec<MarkingPolicy> = vec![];
        for file in files {
            policies.push(toml::from_str(file)?);
        }
        let all = Self { policies };
        all.check()?;
        Ok(all)
    }

    fn check(&self) -> Result<(), MarkingError> {
        for policy in &self.policies {
            let known = |code: &str, level: &str| {
                let found = self.policy(code).and_then(|p| p.rank(level));
                found.ok_or_else(|| MarkingError::Level(code.to_owned(), level.to_owned()))
            };
            known(&policy.code, &policy.ceiling)?;
            for reads in &policy.reads {
                known(&policy.code, &reads.level)?;
                known(&reads.policy, &reads.up_to)?;
            }
        }
        Ok(())
    }

    /// The policies that ship with the program; none, which denies everything, if a file is damaged
    /// (a test reads them).
    #[must_use]
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Markings> = OnceLock::new();
        SHIPPED.get_or_init(|| Self::parse(&FILES).unwrap_or_default())
    }

    /// Every policy.
    #[must_use]
    pub fn all(&self) -> &[MarkingPolicy] {
        &self.policies
    }

    /// A policy.
    #[must_use]
    pub fn policy(&self, code: &str) -> Option<&MarkingPolicy> {
        self.policies.iter().find(|p| p.code == code)
    }

    /// A control of a label, looked up in the policies the label is of.
    #[must_use]
    pub fn control(&self, label: &Label, code: &str) -> Option<&ControlDef> {
        label
            .levels()
            .find_map(|(p, _)| self.policy(p)?.control(code))
    }

    /// A category of a label, looked up in the policies the label is of.
    #[must_use]
    pub fn category(&self, label: &Label, code: &str) -> Option<&CategoryDef> {
        label
            .levels()
            .find_map(|(p, _)| self.policy(p)?.category(code))
    }

    /// Whether a label has a control with a rule.
    #[must_use]
    pub fn has(&self, label: &Label, rule: Rule) -> bool {
        let rules = |code: &String| self.control(label, code).map(|c| c.rule);
        label.controls.iter().any(|c| rules(c) == Some(rule))
    }

    /// Whether a clearance reaches a level: in its own policy by rank, in another where that policy
    /// says so on the day. Unknown codes reach nothing.
    #[must_use]
    pub fn reaches(&self, held: (&str, &str), wanted: (&str, &str), day: Date) -> bool {
        let Some(policy) = self.policy(held.0) else {
            return false;
        };
        let Some(rank) = policy.rank(held.1) else {
            return false;
        };
        if held.0 == wanted.0 {
            return policy.rank(wanted.1).is_some_and(|w| w <= rank);
        }
        let Some(other) = self.policy(wanted.0) else {
            return false;
        };
        policy.reads.iter().any(|r| {
            let up_to = other.rank(&r.up_to).zip(other.rank(wanted.1));
            r.policy == wanted.0
                && within(r.from, r.to, day)
                && policy.rank(&r.level).is_some_and(|needed| needed <= rank)
                && up_to.is_some_and(|(top, w)| w <= top)
        })
    }

    /// Whether every level of a label is one that means released to the public.
    #[must_use]
    pub fn is_released(&self, label: &Label) -> bool {
        let released = |p: &str, l: &str| self.policy(p)?.level(l).map(|(_, l)| l.released);
        label.levels().all(|(p, l)| released(p, l) == Some(true))
    }

    /// Whether every level of a label is at or under the ceiling of its policy. Unknown is not.
    #[must_use]
    pub fn under_ceiling(&self, label: &Label) -> bool {
        label.levels().all(|(code, level)| {
            let ranks = self
                .policy(code)
                .map(|p| (p.rank(level), p.rank(&p.ceiling)));
            matches!(ranks, Some((Some(level), Some(ceiling))) if level <= ceiling)
        })
    }
}

/// The files that ship with the program.
const FILES: [&str; 3] = [
    include_str!("../../../../data/labels/us.toml"),
    include_str!("../../../../data/labels/nato.toml"),
    include_str!("../../../../data/labels/uk.toml"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_policies_can_be_read_and_name_no_code_twice() {
        let markings = Markings::parse(&FILES).unwrap();
        let codes: Vec<&str> = markings.all().iter().map(|p| p.code.as_str()).collect();
        assert_eq!(codes, ["US", "NATO", "UK"]);
        for policy in markings.all() {
            let mut codes: Vec<&str> = policy.levels.iter().map(|l| l.code.as_str()).collect();
            codes.extend(policy.controls.iter().map(|c| c.code.as_str()));
            codes.extend(policy.categories.iter().map(|c| c.code.as_str()));
            let n = codes.len();
            codes.sort_unstable();
            codes.dedup();
            assert_eq!(n, codes.len(), "{}", policy.code);
            assert!(policy.levels[0].released && !policy.source.is_empty());
            assert_ne!(policy.nation.is_empty(), policy.group.is_empty());
        }
        let us = markings.policy("US").unwrap();
        let controls: Vec<&str> = us.controls.iter().map(|c| c.code.as_str()).collect();
        let registry = [
            "NOFORN",
            "FED ONLY",
            "FEDCON",
            "NOCON",
            "DL ONLY",
            "REL TO",
            "DISPLAY ONLY",
        ];
        assert_eq!(controls, registry);
    }

    #[test]
    fn a_ceiling_or_equivalence_of_an_unknown_level_is_refused() {
        let bad = FILES[0].replace("ceiling = \"controlled\"", "ceiling = \"cosmic\"");
        assert!(matches!(
            Markings::parse(&[&bad, FILES[1]]),
            Err(MarkingError::Level(..))
        ));
        assert!(matches!(
            Markings::parse(&[FILES[0]]),
            Err(MarkingError::Level(..))
        ));
    }

    #[test]
    fn a_clearance_reaches_its_own_policy_by_rank_and_another_only_where_that_is_said() {
        let markings = Markings::shipped();
        let day = jiff::civil::date(2026, 1, 1);
        let reaches = |held, wanted| markings.reaches(held, wanted, day);
        assert!(reaches(("US", "controlled"), ("US", "internal")));
        assert!(!reaches(("US", "internal"), ("US", "controlled")));
        assert!(reaches(("US", "controlled"), ("NATO", "unclassified")));
        assert!(!reaches(("US", "internal"), ("NATO", "unclassified")));
        assert!(!reaches(("NATO", "unclassified"), ("US", "internal")));
        assert!(!reaches(("UK", "official"), ("US", "internal")));
        assert!(!reaches(("US", "controlled"), ("US", "no such level")));
        assert!(!reaches(("US", "controlled"), ("XX", "controlled")));
    }

    #[test]
    fn above_the_ceiling_is_what_is_higher_or_unknown() {
        let label = |policy: &str, level: &str| Label {
            policy: policy.into(),
            level: level.into(),
            ..Label::internal("USA")
        };
        let under = |p, l| Markings::shipped().under_ceiling(&label(p, l));
        assert!(under("US", "controlled") && under("NATO", "unclassified"));
        assert!(!under("US", "secret") && !under("NATO", "restricted"));
        assert!(!under("US", "ULTRA") && !under("XX", "public"));
        let mixed = Label {
            also: [("NATO".to_owned(), "secret".to_owned())].into(),
            ..Label::internal("USA")
        };
        assert!(!Markings::shipped().under_ceiling(&mixed));
    }
}
