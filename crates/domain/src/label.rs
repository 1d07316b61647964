//! Labels: who a record may be shown to, as structure and never as free text.
//!
//! After STANAG 4774 and the US CUI registry (security.md section 2). This module only says what a
//! label *is*; `symbolon-access` says what it lets a viewer do.

use crate::country::Iso3;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Sensitivity within an instance that holds unclassified information only, lowest first.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Released to the public.
    Public,
    /// For those who work with the instance.
    #[default]
    Internal,
    /// Controlled: controls say further who.
    Controlled,
}

/// Dissemination controls of US CUI (ISOO registry); other policies are data of a later issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Control {
    /// Not to foreign nationals: only the originator's nation.
    Noforn,
    /// Federal employees only.
    FedOnly,
    /// Releasable to the nations in `rel_to`.
    RelTo,
    /// May be shown on a screen, not handed over.
    DisplayOnly,
}

/// A structured marking.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Label {
    /// The policy the level and controls belong to.
    pub policy: String,
    /// Sensitivity.
    pub level: Level,
    /// Dissemination controls.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub controls: BTreeSet<Control>,
    /// Nations it may be released to, besides the originator's.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub rel_to: BTreeSet<Iso3>,
    /// The nation that made the information.
    pub originator: String,
}

impl Label {
    /// The label of published data: anyone may read it.
    #[must_use]
    pub fn public(originator: &str) -> Self {
        Self {
            policy: "US".to_owned(),
            level: Level::Public,
            originator: originator.to_owned(),
            ..Self::default()
        }
    }

    /// The label of a working record of an instance.
    #[must_use]
    pub fn internal(originator: &str) -> Self {
        Self {
            level: Level::Internal,
            ..Self::public(originator)
        }
    }

    /// The line printed at the top and foot of a page.
    #[must_use]
    pub fn marking(&self) -> String {
        let mut line = match self.level {
            Level::Public => "UNCLASSIFIED - publicly released".to_owned(),
            Level::Internal => "UNCLASSIFIED - internal".to_owned(),
            Level::Controlled => "CUI".to_owned(),
        };
        for control in &self.controls {
            line.push_str(match control {
                Control::Noforn => "//NOFORN",
                Control::FedOnly => "//FED ONLY",
                Control::DisplayOnly => "//DISPLAY ONLY",
                Control::RelTo => "//REL TO ",
            });
            if *control == Control::RelTo {
                let nations: Vec<_> = std::iter::once(self.originator.as_str())
                    .chain(
                        self.rel_to
                            .iter()
                            .map(Iso3::as_str)
                            .filter(|n| *n != self.originator),
                    )
                    .collect();
                line.push_str(&nations.join(", "));
            }
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rel_to_names_the_owner_first() {
        let label = Label {
            level: Level::Controlled,
            controls: [Control::RelTo].into(),
            rel_to: ["FRA", "BEL", "USA"]
                .iter()
                .map(|c| c.parse().unwrap())
                .collect(),
            ..Label::internal("USA")
        };
        assert_eq!(label.marking(), "CUI//REL TO USA, BEL, FRA");
    }
}
