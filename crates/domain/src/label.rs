//! Labels: who a record may be shown to, as structure and never as free text.
//!
//! After STANAG 4774 and the US CUI registry (security.md section 2). This module says what a label
//! *is* and how it is written; `symbolon-access` says what it lets a viewer do. The words of each
//! marking policy are data (`data/labels/`): see [`marking::Markings`].
//!
//! A label holds what decides access, so that many records share one. Who set it, when and why is in
//! the journal entry that gave it to the record.

pub mod marking;
mod text;
mod widens;

pub use marking::{MarkingPolicy, Markings, Rule};
pub use text::{Codes, Given, LabelFault};

use crate::{country::Iso3, record::RecordId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Nations and groups of nations that something is released or shown to.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// Nations by name.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub nations: BTreeSet<Iso3>,
    /// Groups by the code of their body; who belongs is dated data.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub groups: BTreeSet<String>,
}

impl Audience {
    /// Whether nobody is named.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nations.is_empty() && self.groups.is_empty()
    }
}

/// Who one piece of information may go to: its owner, and whom the owner released or shows it to.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// The nation that made the information.
    pub originator: String,
    /// Released to.
    #[serde(default, skip_serializing_if = "Audience::is_empty")]
    pub rel_to: Audience,
    /// May be shown to, without a copy.
    #[serde(default, skip_serializing_if = "Audience::is_empty")]
    pub display_to: Audience,
    /// The day of the release; groups count as they were that day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released_at: Option<Date>,
}

/// A structured marking.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// The policy the level and controls belong to.
    pub policy: String,
    /// Sensitivity: a level of the policy.
    pub level: String,
    /// Levels of other policies, where parts of several are together.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub also: BTreeMap<String, String>,
    /// Categories of the policy.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub categories: BTreeSet<String>,
    /// Dissemination controls, by their code in a policy of this label.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub controls: BTreeSet<String>,
    /// Nations and groups it is released to, besides the originator.
    #[serde(default, skip_serializing_if = "Audience::is_empty")]
    pub rel_to: Audience,
    /// Nations and groups it may be shown to, without a copy.
    #[serde(default, skip_serializing_if = "Audience::is_empty")]
    pub display_to: Audience,
    /// The day of the release; groups count as they were that day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released_at: Option<Date>,
    /// Accounts on the dissemination list.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub named: BTreeSet<RecordId>,
    /// The nation that made the information.
    pub originator: String,
    /// Further originators, where parts of several are together.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub co_originators: BTreeSet<String>,
    /// The releases of the parts, where parts are together: all of them bind.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub parts: BTreeSet<Release>,
}

impl Label {
    /// The label of published data: anyone may read it.
    #[must_use]
    pub fn public(originator: &str) -> Self {
        Self {
            policy: "US".to_owned(),
            level: "public".to_owned(),
            originator: originator.to_owned(),
            ..Self::default()
        }
    }

    /// The label of a working record of an instance.
    #[must_use]
    pub fn internal(originator: &str) -> Self {
        Self {
            level: "internal".to_owned(),
            ..Self::public(originator)
        }
    }

    /// Every policy and level it carries.
    pub fn levels(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = std::iter::once((self.policy.as_str(), self.level.as_str()));
        own.chain(self.also.iter().map(|(p, l)| (p.as_str(), l.as_str())))
    }

    /// Every originator.
    pub fn originators(&self) -> impl Iterator<Item = &str> {
        let own = std::iter::once(self.originator.as_str());
        own.chain(self.co_originators.iter().map(String::as_str))
    }

    /// The releases that all bind: those of its parts, or its own.
    #[must_use]
    pub fn releases(&self) -> Vec<Release> {
        if !self.parts.is_empty() {
            return self.parts.iter().cloned().collect();
        }
        vec![Release {
            originator: self.originator.clone(),
            rel_to: self.rel_to.clone(),
            display_to: self.display_to.clone(),
            released_at: self.released_at,
        }]
    }

    /// The line printed at the top and foot of a page.
    #[must_use]
    pub fn marking(&self) -> String {
        text::print(Markings::shipped(), self)
    }
}
