//! The decision: the eight conditions of security.md section 2, each of which must hold.

use crate::{
    policy::{Content, Policy},
    scope::Scope,
    viewer::{Action, Actor, Viewer},
    world::World,
};
use std::borrow::Cow;
use symbolon_domain::{
    country::Iso3,
    kinds::Standing,
    label::{Label, Release, Rule},
    record::RecordId,
};

/// What is looked at: enough of a record to judge access to it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Kind code.
    pub kind: &'a str,
    /// Its label.
    pub label: &'a Label,
    /// The partner it is about; empty for none.
    pub partner: &'a str,
    /// The programme it belongs to; empty for none.
    pub programme: &'a str,
}

/// Yes or no, and why, in words for the "who can see this" panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether it may be done.
    pub allowed: bool,
    /// The condition that failed, by its number in security.md section 2; 0 where none did.
    pub condition: u8,
    /// The rule that decided.
    pub because: Cow<'static, str>,
}

pub(crate) type No = (u8, Cow<'static, str>);

fn no<T>(condition: u8, because: impl Into<Cow<'static, str>>) -> Result<T, No> {
    Err((condition, because.into()))
}

/// Whether the viewer may do the action to the subject. Anything missing or unknown is a no.
#[must_use]
pub fn decide(
    policy: &Policy,
    world: &World,
    viewer: &Viewer,
    action: Action,
    subject: Subject<'_>,
) -> Decision {
    let judged = Judge::new(policy, world, viewer, action, subject.kind)
        .and_then(|judge| judge.label(subject.label).map(|way| (judge, way)))
        .and_then(|(judge, way)| match way {
            Way::Open(because) => Ok(because),
            Way::Scoped(because) => judge.scope(subject).map(|()| because),
        });
    match judged {
        Ok(because) => Decision {
            allowed: true,
            condition: 0,
            because: because.into(),
        },
        Err((condition, because)) => Decision {
            allowed: false,
            condition,
            because,
        },
    }
}

/// How a label lets a viewer in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Whatever the record is about.
    Open(&'static str),
    /// If the record is within the viewer's scope.
    Scoped(&'static str),
}

/// A viewer and an action on a kind, with what does not depend on the record already judged.
pub(crate) struct Judge<'a> {
    world: &'a World,
    viewer: &'a Viewer,
    action: Action,
    released_only: bool,
    administration: bool,
    pub(crate) scope: Scope,
}

impl<'a> Judge<'a> {
    /// Conditions 1, 2 and 8: nothing about a single record.
    pub(crate) fn new(
        policy: &'a Policy,
        world: &'a World,
        viewer: &'a Viewer,
        action: Action,
        kind: &str,
    ) -> Result<Self, No> {
        if !viewer.active {
            return no(1, "the account is closed or the session is over");
        }
        if !policy.grants(viewer, action, kind) {
            return no(
                2,
                "no role of the viewer grants this action on this kind of record",
            );
        }
        let asks_factor = !matches!(viewer.actor, Actor::System | Actor::Identity { .. })
            && policy.needs_step_up(action);
        if asks_factor && !viewer.stepped_up {
            return no(8, "this needs a factor given within the last ten minutes");
        }
        let administration =
            symbolon_domain::kinds::by_code(kind).is_some_and(|k| k.area == "administration");
        Ok(Self {
            world,
            viewer,
            action,
            // An emergency opens what the role alone does not; labels hold as ever.
            released_only: !viewer.break_glass
                && policy
                    .role_row(viewer)
                    .is_some_and(|r| r.content == Content::Released),
            administration,
            scope: Scope::of(policy, world, viewer),
        })
    }

    /// Conditions 4 to 6, which depend on the label alone.
    pub(crate) fn label(&self, label: &Label) -> Result<Way, No> {
        let (id, nation, standing) = match &self.viewer.actor {
            Actor::System | Actor::Identity { .. } => return Ok(Way::Open("the program itself")),
            Actor::Public => return self.public(label),
            Actor::Account {
                id,
                nation,
                standing,
                ..
            } => (*id, *nation, standing),
        };
        if self.action.is_reading() && self.world.is_open(label) {
            return Ok(Way::Open("it is released to the public"));
        }
        if self.released_only && !self.administration {
            return no(
                2,
                "the role sees programme content only where it is released to the public",
            );
        }
        self.cleared(standing, label)?;
        self.controls(id, nation, standing, label)?;
        self.released(nation, label)?;
        Ok(Way::Scoped(
            "the viewer's role, clearance, nation and work are within its label",
        ))
    }

    fn public(&self, label: &Label) -> Result<Way, No> {
        if self.world.is_open(label) {
            Ok(Way::Open("it is released to the public"))
        } else {
            no(4, "it is not released to the public")
        }
    }

    /// Condition 4, for each policy the label carries; and categories, which are part of the level.
    fn cleared(&self, standing: &Standing, label: &Label) -> Result<(), No> {
        let markings = self.world.markings;
        for (policy, level) in label.levels() {
            let known = markings.policy(policy).and_then(|p| p.level(level));
            let Some((_, def)) = known else {
                return no(4, "its marking policy or level is unknown");
            };
            let held = standing.clearances.iter();
            let reach = |(p, l): (&String, &String)| {
                markings.reaches((p, l), (policy, level), self.viewer.today)
            };
            if !def.released && !held.into_iter().any(reach) {
                return no(
                    4,
                    format!("the viewer holds no clearance for {}", def.marking),
                );
            }
        }
        for code in &label.categories {
            match markings.category(label, code) {
                None => return no(4, "one of its categories is unknown"),
                Some(c) if c.read_in && !standing.categories.contains(code) => {
                    return no(4, format!("the viewer is not read in to {}", c.name));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// Condition 5.
    fn controls(
        &self,
        id: RecordId,
        nation: Iso3,
        standing: &Standing,
        label: &Label,
    ) -> Result<(), No> {
        use symbolon_domain::kinds::Employment::{Contractor, Government, Unstated};
        let day = self.viewer.today;
        let is_own = |r: &Release| self.world.is_originator(&r.originator, nation, day);
        let own = label.releases().iter().all(is_own);
        let employed = standing.employment;
        for code in &label.controls {
            let Some(control) = self.world.markings.control(label, code) else {
                return no(5, "one of its controls is unknown");
            };
            let passes = match control.rule {
                Rule::OriginatorNation => own,
                Rule::OriginatorGovernment => own && employed == Government,
                Rule::GovernmentOrContractor => own && matches!(employed, Government | Contractor),
                Rule::NoContractor => !matches!(employed, Contractor | Unstated),
                Rule::NamedOnly => label.named.contains(&id),
                Rule::ReleasableTo => true,
                Rule::DisplayOnly => self.action != Action::Export,
            };
            if !passes {
                return no(5, format!("{}: {}", control.code, control.meaning));
            }
        }
        Ok(())
    }

    /// Condition 6, for the release of every part; who only received it may look, not change.
    fn released(&self, nation: Iso3, label: &Label) -> Result<(), No> {
        let (world, day) = (self.world, self.viewer.today);
        let rel = world.markings.has(label, Rule::ReleasableTo);
        let display = world.markings.has(label, Rule::DisplayOnly) && self.action == Action::Read;
        for release in &label.releases() {
            if world.is_originator(&release.originator, nation, day) {
                continue;
            }
            if !self.action.is_reading() {
                return no(6, "only the originator's nation may change it");
            }
            if !(rel || display) || !world.reaches(release, nation, display, day) {
                return no(6, format!("it is not releasable to {nation}"));
            }
            for (policy, level) in label.levels() {
                let terms = world.agreement(&release.originator, nation, (policy, level), day);
                if terms.is_none() {
                    return no(
                        6,
                        format!(
                            "no sharing agreement between {} and {nation} in force covers {policy} {level}",
                            release.originator
                        ),
                    );
                }
            }
        }
        Ok(())
    }

    /// Conditions 3 and 7: need to know, and no explicit deny.
    pub(crate) fn scope(&self, subject: Subject<'_>) -> Result<(), No> {
        let (partners, programmes) = (&self.scope.partners, &self.scope.programmes);
        if partners.except.contains(subject.partner)
            || programmes.except.contains(subject.programme)
        {
            return no(7, "the viewer is kept from this partner or programme");
        }
        if !partners.admits(subject.partner) {
            return no(3, "it is not about a partner the viewer works on");
        }
        if !programmes.admits(subject.programme) {
            return no(
                3,
                "the viewer neither belongs to its programme nor holds a mandate over it",
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
