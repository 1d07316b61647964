//! Labels as text: the banner line, read and written by the rules of.

use super::{Audience, Label, MarkingPolicy, Markings, Rule};
use crate::country::Iso3;
use jiff::civil::Date;

/// What is wrong with a label.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LabelFault {
    /// A code that no policy knows.
    #[error("`{0}` is unknown to the marking policy")]
    Unknown(String),
    /// A code that may not be given on the day.
    #[error("`{0}` may not be given on this day")]
    NotInForce(String),
    /// A list of nations without the control that announces it, or the other way round.
    #[error("a list of nations stands exactly where its control is set")]
    ListAndControl,
    /// A list that names nobody besides the owner.
    #[error("the list needs the owner and at least one more nation or group")]
    TooFew,
    /// The owner does not stand in its own list, or is no nation.
    #[error("the list names its owner first")]
    Owner,
    /// Released to others and kept from others at once.
    #[error("it cannot be released to others and kept from all foreign nations at once")]
    Contradiction,
    /// A dissemination list is there without its control, or the other way round.
    #[error("a dissemination list stands exactly where its control is set")]
    NamesAndControl,
    /// The day of the release is missing.
    #[error("a release has a day")]
    NoDay,
}

/// Which codes of nations and groups exist on a day: dated data of the instance.
pub struct Codes<'a> {
    /// Whether a nation exists.
    pub nation: &'a dyn Fn(Iso3) -> bool,
    /// Whether a group exists and has members.
    pub group: &'a dyn Fn(&str) -> bool,
}

/// What a text says beside its line: a banner names neither its policy nor the day of release.
pub struct Given<'a> {
    /// The policy.
    pub policy: &'a str,
    /// The owner.
    pub originator: &'a str,
    /// The day of the release.
    pub released_at: Option<Date>,
    /// The day on which the codes must be in force.
    pub day: Date,
}

/// The banner of a label. Unknown codes are printed as they are: better too much than a blank.
pub(super) fn print(markings: &Markings, label: &Label) -> String {
    let level = |(p, l): (&str, &str)| {
        let known = markings.policy(p).and_then(|p| p.level(l));
        known.map_or_else(|| format!("{p} {l}"), |(_, l)| l.marking.clone())
    };
    let mut sections: Vec<String> = label.levels().map(level).collect();
    sections.dedup();
    if !label.categories.is_empty() {
        let codes: Vec<&str> = label.categories.iter().map(String::as_str).collect();
        sections.push(codes.join("/"));
    }
    if !label.controls.is_empty() {
        let words = label.controls.iter().map(|c| control(markings, label, c));
        sections.push(words.collect::<Vec<_>>().join("/"));
    }
    sections.join("//")
}

fn control(markings: &Markings, label: &Label, code: &str) -> String {
    let audience = match markings.control(label, code).map(|c| c.rule) {
        Some(Rule::ReleasableTo) => &label.rel_to,
        Some(Rule::DisplayOnly) => &label.display_to,
        _ => return code.to_owned(),
    };
    if audience.is_empty() {
        return code.to_owned();
    }
    format!("{code} {}", tokens(label, audience).join(", "))
}

/// Owner first, then nations A-Z, then groups A-Z.
fn tokens(label: &Label, audience: &Audience) -> Vec<String> {
    let mut tokens: Vec<String> = label.originators().map(str::to_owned).collect();
    let others = audience.nations.iter().map(|n| n.as_str().to_owned());
    tokens.extend(others.filter(|n| !label.originators().any(|o| o == n)));
    tokens.extend(audience.groups.iter().cloned());
    tokens
}

impl Label {
    /// Reads a banner line.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(
        markings: &Markings,
        given: &Given<'_>,
        codes: &Codes<'_>,
        text: &str,
    ) -> Result<Self, LabelFault> {
        let unknown = |s: &str| LabelFault::Unknown(s.chars().take(40).collect());
        let policy = markings.policy(given.policy);
        let policy = policy.ok_or_else(|| unknown(given.policy))?;
        let mut sections = text.split("//").map(str::trim);
        let marking = sections.next().unwrap_or_default();
        let level = policy.levels.iter().find(|l| l.marking == marking);
        let mut label = Self {
            policy: policy.code.clone(),
            level: level.ok_or_else(|| unknown(marking))?.code.clone(),
            originator: given.originator.to_owned(),
            ..Self::default()
        };
        for section in sections {
            for words in section.split('/').map(str::trim) {
                label.take(policy, codes, words)?;
            }
        }
        if !label.rel_to.is_empty() || !label.display_to.is_empty() {
            label.released_at = given.released_at;
        }
        label.check(markings, codes, given.day)?;
        Ok(label)
    }

    /// Takes in one category or control.
    fn take(
        &mut self,
        policy: &MarkingPolicy,
        codes: &Codes<'_>,
        words: &str,
    ) -> Result<(), LabelFault> {
        if policy.category(words).is_some() {
            self.categories.insert(words.to_owned());
            return Ok(());
        }
        let fits = |c: &&super::marking::ControlDef| {
            let rest = words.strip_prefix(c.code.as_str());
            rest.is_some_and(|r| r.is_empty() || r.starts_with(' '))
        };
        let Some(control) = policy.controls.iter().find(fits) else {
            return Err(LabelFault::Unknown(words.chars().take(40).collect()));
        };
        let list = words[control.code.len()..].trim();
        match control.rule {
            Rule::ReleasableTo => self.rel_to = self.audience(codes, list)?,
            Rule::DisplayOnly => self.display_to = self.audience(codes, list)?,
            _ if list.is_empty() => {}
            _ => return Err(LabelFault::ListAndControl),
        }
        self.controls.insert(control.code.clone());
        Ok(())
    }

    fn audience(&self, codes: &Codes<'_>, list: &str) -> Result<Audience, LabelFault> {
        let mut audience = Audience::default();
        let mut owner = false;
        for token in list.split(',').map(str::trim).filter(|t| !t.is_empty()) {
            let nation = token.parse::<Iso3>().ok();
            if token == self.originator {
                owner = true;
            } else if (codes.group)(token) {
                audience.groups.insert(token.to_owned());
            } else if let Some(nation) = nation.filter(|n| (codes.nation)(*n)) {
                audience.nations.insert(nation);
            } else {
                return Err(LabelFault::Unknown(token.chars().take(40).collect()));
            }
        }
        match (owner, audience.is_empty()) {
            (_, true) => Err(LabelFault::TooFew),
            (false, _) => Err(LabelFault::Owner),
            (true, false) => Ok(audience),
        }
    }

    /// Whether a label may be given to a record on a day: every code known and in force, lists where
    /// their controls are, no contradiction.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(
        &self,
        markings: &Markings,
        codes: &Codes<'_>,
        day: Date,
    ) -> Result<(), LabelFault> {
        self.check_codes(markings, day)?;
        let originators = self
            .originators()
            .all(|o| o.parse::<Iso3>().is_ok_and(|n| (codes.nation)(n)) || (codes.group)(o));
        if !originators {
            return Err(LabelFault::Owner);
        }
        let has = |rule| markings.has(self, rule);
        let rolled = !self.parts.is_empty();
        if has(Rule::ReleasableTo) == self.rel_to.is_empty()
            || (has(Rule::DisplayOnly) == self.display_to.is_empty() && !rolled)
        {
            return Err(LabelFault::ListAndControl);
        }
        if has(Rule::NamedOnly) == self.named.is_empty() && !rolled {
            return Err(LabelFault::NamesAndControl);
        }
        let given = !self.rel_to.is_empty() || !self.display_to.is_empty();
        if given && has(Rule::OriginatorNation) {
            return Err(LabelFault::Contradiction);
        }
        if given && self.released_at.is_none() && !rolled {
            return Err(LabelFault::NoDay);
        }
        self.check_audience(codes, &self.rel_to)?;
        self.check_audience(codes, &self.display_to)
    }

    fn check_codes(&self, markings: &Markings, day: Date) -> Result<(), LabelFault> {
        let judge = |code: &str, in_force: Option<bool>| match in_force {
            Some(true) => Ok(()),
            Some(false) => Err(LabelFault::NotInForce(code.to_owned())),
            None => Err(LabelFault::Unknown(code.chars().take(40).collect())),
        };
        for (policy, level) in self.levels() {
            let known = markings.policy(policy).and_then(|p| p.level(level));
            judge(level, known.map(|(_, l)| l.in_force(day)))?;
        }
        for code in &self.controls {
            judge(code, markings.control(self, code).map(|c| c.in_force(day)))?;
        }
        for code in &self.categories {
            judge(code, markings.category(self, code).map(|c| c.in_force(day)))?;
        }
        Ok(())
    }

    fn check_audience(&self, codes: &Codes<'_>, audience: &Audience) -> Result<(), LabelFault> {
        if audience.is_empty() {
            return Ok(());
        }
        let own = |n: &&Iso3| self.originators().any(|o| o == n.as_str());
        if self.parts.is_empty() && audience.nations.iter().any(|n| own(&n)) {
            return Err(LabelFault::Owner);
        }
        if let Some(nation) = audience.nations.iter().find(|n| !(codes.nation)(**n)) {
            return Err(LabelFault::Unknown(nation.to_string()));
        }
        match audience.groups.iter().find(|g| !(codes.group)(g)) {
            Some(group) => Err(LabelFault::Unknown(group.chars().take(40).collect())),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
