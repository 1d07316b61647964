//! The decision.

use crate::{
    policy::Policy,
    viewer::{Action, Actor, Viewer},
};
use symbolon_domain::{
    country::Iso3,
    label::{Control, Label, Level},
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
}

/// Yes or no, and why, in words for the "who can see this" panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether it may be done.
    pub allowed: bool,
    /// The rule that decided.
    pub because: &'static str,
}

const fn no(because: &'static str) -> Decision {
    Decision {
        allowed: false,
        because,
    }
}

/// Whether the viewer may do the action to the subject. All of: a role grants it; the label's level
/// is within reach; every control passes; the record is about the viewer's own nation, where the
/// viewer is a partner's officer. Anything missing is a no.
#[must_use]
pub fn decide(policy: &Policy, viewer: &Viewer, action: Action, subject: Subject<'_>) -> Decision {
    if !policy.grants(viewer, action, subject.kind) {
        return no("no role of the viewer grants this action on this kind of record");
    }
    let nation = match &viewer.actor {
        Actor::System => {
            return Decision {
                allowed: true,
                because: "the program itself",
            };
        }
        Actor::Public => {
            return if subject.label.level == Level::Public && subject.label.controls.is_empty() {
                Decision {
                    allowed: true,
                    because: "it is released to the public",
                }
            } else {
                no("it is not released to the public")
            };
        }
        Actor::Account { nation, .. } => *nation,
    };
    if action == Action::Export && subject.label.controls.contains(&Control::DisplayOnly) {
        return no("DISPLAY ONLY: it may be shown on a screen, not taken away (R-11)");
    }
    if subject.label.level == Level::Public && subject.label.controls.is_empty() {
        return Decision {
            allowed: true,
            because: "it is released to the public",
        };
    }
    signed_in(viewer, nation, subject)
}

fn signed_in(viewer: &Viewer, nation: Iso3, subject: Subject<'_>) -> Decision {
    use symbolon_domain::kinds::Role;
    let own = nation.as_str() == subject.label.originator;
    let named =
        subject.label.controls.contains(&Control::RelTo) && subject.label.rel_to.contains(&nation);
    if !own && !named {
        return no("it is not releasable to the viewer's nation");
    }
    if !own && subject.label.controls.contains(&Control::Noforn) {
        return no("NOFORN: only the originator's nation may see it");
    }
    if !own && subject.label.controls.contains(&Control::FedOnly) {
        return no("FED ONLY: only employees of the originator's government may see it");
    }
    if viewer.role() == Some(Role::PartnerOfficer) && subject.partner != nation.as_str() {
        return no("a partner's officer sees what is about the own nation");
    }
    if viewer.role() == Some(Role::Administrator) && subject.kind != "account" {
        return no("administrators see no programme content");
    }
    Decision {
        allowed: true,
        because: "the viewer's role and nation are within its label",
    }
}
