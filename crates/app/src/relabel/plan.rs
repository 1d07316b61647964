//! What a label would be, as somebody wants it, and whom it would open the record to.

use super::WantedLabel;
use crate::{App, AppError, Result, Visible};
use std::collections::BTreeSet;
use symbolon_access::{Viewer, World};
use symbolon_domain::{
    country::Iso3,
    label::{Audience, Codes, Label, MarkingPolicy, Rule},
    record::Record,
};

/// What would change, before it is asked for.
#[derive(Clone, Debug)]
pub struct LabelPlan {
    /// The record as it stands.
    pub record: Record,
    /// The label it would have.
    pub label: Label,
    /// Whether that opens anything to anybody: then a second person decides.
    pub widens: bool,
    /// Who sees it now.
    pub now: Visible,
    /// Who would see it.
    pub then: Visible,
}

impl WantedLabel {
    /// What a label says, in the words of the form.
    #[must_use]
    pub fn of(world: &World, label: &Label) -> Self {
        let words = |a: &Audience| {
            let nations = a.nations.iter().map(|n| n.as_str().to_owned());
            let all: Vec<String> = nations.chain(a.groups.iter().cloned()).collect();
            all.join(", ")
        };
        let announces = |c: &&String| {
            let rule = world.markings.control(label, c).map(|c| c.rule);
            !matches!(rule, Some(Rule::ReleasableTo | Rule::DisplayOnly))
        };
        Self {
            level: label.level.clone(),
            categories: label.categories.clone(),
            controls: label.controls.iter().filter(announces).cloned().collect(),
            released_to: words(&label.rel_to),
            shown_to: words(&label.display_to),
        }
    }

    /// The label these words make of the one that stands.
    fn onto(&self, world: &World, old: &Label, today: jiff::civil::Date) -> Result<Label> {
        if !old.parts.is_empty() {
            let why = "its label comes from its parts: change those";
            return Err(AppError::Conflict(why.to_owned()));
        }
        let policy = world.markings.policy(&old.policy);
        let policy =
            policy.ok_or_else(|| wrong("the record's marking policy is not known here"))?;
        let mut label = Label {
            level: self.level.clone(),
            categories: self.categories.clone(),
            controls: self.controls.clone(),
            rel_to: audience(world, old, &self.released_to)?,
            display_to: audience(world, old, &self.shown_to)?,
            released_at: None,
            ..old.clone()
        };
        label.controls.extend(announced(policy, &label));
        if !(label.rel_to.is_empty() && label.display_to.is_empty()) {
            let within =
                inside(&label.rel_to, &old.rel_to) && inside(&label.display_to, &old.display_to);
            label.released_at = if within { old.released_at } else { Some(today) };
        }
        Ok(label)
    }
}

fn wrong(words: &str) -> AppError {
    AppError::Invalid(words.to_owned())
}

fn inside(new: &Audience, old: &Audience) -> bool {
    new.nations.is_subset(&old.nations) && new.groups.is_subset(&old.groups)
}

/// The controls that announce the lists a label has.
fn announced(policy: &MarkingPolicy, label: &Label) -> BTreeSet<String> {
    let lists = [
        (Rule::ReleasableTo, &label.rel_to),
        (Rule::DisplayOnly, &label.display_to),
    ];
    let needed = lists.iter().filter(|(_, a)| !a.is_empty());
    let controls = needed.filter_map(|(rule, _)| policy.control_by(*rule));
    controls.map(|c| c.code.clone()).collect()
}

/// Nations and groups as people write them; the owner may stand in the list and needs not.
fn audience(world: &World, old: &Label, text: &str) -> Result<Audience> {
    let mut found = Audience::default();
    for word in text.split([',', ';', '\n', '\r']).map(str::trim) {
        let nation = word.to_ascii_uppercase().parse::<Iso3>().ok();
        let nation = nation.filter(|n| is_nation(*n));
        if word.is_empty() || old.originators().any(|o| o.eq_ignore_ascii_case(word)) {
        } else if let Some(nation) = nation {
            found.nations.insert(nation);
        } else if world.groups.0.contains_key(word) {
            found.groups.insert(word.to_owned());
        } else {
            let short: String = word.chars().take(40).collect();
            return Err(AppError::Invalid(format!(
                "`{short}` is neither a nation (three letters, as SEN) nor a group of this installation"
            )));
        }
    }
    Ok(found)
}

fn is_nation(nation: Iso3) -> bool {
    symbolon_exchange::shipped::country(nation).is_some_and(|c| !c.is_former())
}

/// Whether a label may be given to anything today.
pub(super) fn check(world: &World, label: &Label, today: jiff::civil::Date) -> Result<()> {
    let codes = Codes {
        nation: &is_nation,
        group: &|g| !world.groups.members(g, today).is_empty(),
    };
    let checked = label.check(world.markings, &codes, today);
    checked.map_err(|fault| AppError::Invalid(fault.to_string()))?;
    if world.markings.under_ceiling(label) {
        return Ok(());
    }
    Err(wrong(
        "this installation holds nothing of that level (R-04)",
    ))
}

impl App {
    /// What a record's label would become and whom that would open it to or close it from. Nothing is written.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where there is no such record for the viewer, [`AppError::NotPermitted`] where the
    /// viewer may neither change nor release it, [`AppError::Invalid`] with what is wrong with the label.
    pub fn label_plan(
        &self,
        viewer: &Viewer,
        of: (&str, symbolon_domain::record::RecordId),
        wanted: &WantedLabel,
    ) -> Result<LabelPlan> {
        let record = self.relabelled(viewer, of)?;
        let world = self.store.world()?;
        let label = wanted.onto(&world, &record.envelope.label, self.today())?;
        check(&world, &label, self.today())?;
        let e = &record.envelope;
        let about = (e.partner.as_str(), e.programme.as_str());
        Ok(LabelPlan {
            widens: label.widens(&e.label, world.markings),
            now: self.visible_as(viewer, &e.kind, &e.label, about)?,
            then: self.visible_as(viewer, &e.kind, &label, about)?,
            label,
            record,
        })
    }
}
