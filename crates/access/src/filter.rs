//! The decision as a row filter.

use crate::{
    decision::{Subject, decide},
    policy::Policy,
    viewer::{Action, Actor, Viewer},
};
use symbolon_domain::label::Label;

/// Which rows of a kind a viewer may see: those whose label is in `anywhere`, and those whose label
/// is in `own` and whose partner is the viewer's nation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowFilter {
    /// Labels visible whatever partner the row is about.
    pub anywhere: Vec<i64>,
    /// Labels visible on rows about the viewer's own nation only.
    pub own: Vec<i64>,
    /// The viewer's own nation; empty for none.
    pub nation: String,
}

impl RowFilter {
    /// Whether a row passes.
    #[must_use]
    pub fn passes(&self, label: i64, partner: &str) -> bool {
        self.anywhere.contains(&label) || (partner == self.nation && self.own.contains(&label))
    }

    /// Whether no row can pass.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.anywhere.is_empty() && self.own.is_empty()
    }
}

/// The filter for a viewer, action and kind, over the labels in use.
#[must_use]
pub fn row_filter(
    policy: &Policy,
    viewer: &Viewer,
    action: Action,
    kind: &str,
    labels: &[(i64, Label)],
) -> RowFilter {
    let nation = match &viewer.actor {
        Actor::Account { nation, .. } => nation.as_str().to_owned(),
        _ => String::new(),
    };
    let mut filter = RowFilter {
        nation,
        ..RowFilter::default()
    };
    // No partner has this code, so a label allowed with it is allowed with any other partner.
    const NO_NATION: &str = "?";
    for (id, label) in labels {
        let ask = |partner: &str| {
            decide(
                policy,
                viewer,
                action,
                Subject {
                    kind,
                    label,
                    partner,
                },
            )
            .allowed
        };
        if ask(NO_NATION) {
            filter.anywhere.push(*id);
        } else if !filter.nation.is_empty() && ask(&filter.nation.clone()) {
            filter.own.push(*id);
        }
    }
    filter
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use symbolon_domain::{
        kinds::Role,
        label::{Control, Level},
        record::RecordId,
    };

    const NATIONS: [&str; 4] = ["USA", "FRA", "NGA", "MLI"];

    fn any_label() -> impl Strategy<Value = Label> {
        let level = prop_oneof![
            Just(Level::Public),
            Just(Level::Internal),
            Just(Level::Controlled)
        ];
        let control = prop_oneof![
            Just(Control::Noforn),
            Just(Control::FedOnly),
            Just(Control::RelTo),
            Just(Control::DisplayOnly)
        ];
        let nations = proptest::collection::btree_set(0..4usize, 0..3);
        (
            level,
            proptest::collection::btree_set(control, 0..3),
            nations,
            0..4usize,
        )
            .prop_map(|(level, controls, rel_to, originator)| Label {
                policy: "US".into(),
                level,
                controls,
                rel_to: rel_to
                    .iter()
                    .map(|i| NATIONS[*i].parse().unwrap())
                    .collect(),
                originator: NATIONS[originator].into(),
            })
    }

    fn any_viewer() -> impl Strategy<Value = Viewer> {
        let role = prop_oneof![
            Just(Role::DeskOfficer),
            Just(Role::PartnerOfficer),
            Just(Role::Administrator),
            Just(Role::Auditor)
        ];
        let account = (role, 0..4usize).prop_map(|(role, n)| Actor::Account {
            id: RecordId::named("account", "x"),
            name: "X".into(),
            role,
            nation: NATIONS[n].parse().unwrap(),
        });
        prop_oneof![1 => Just(Actor::Public), 1 => Just(Actor::System), 6 => account].prop_map(
            |actor| Viewer {
                actor,
                ..Viewer::public(jiff::civil::date(2026, 1, 1))
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn filter_and_decision_agree(
            viewer in any_viewer(),
            labels in proptest::collection::vec(any_label(), 1..6),
            kind in prop_oneof![Just("partner"), Just("dataset"), Just("account"), Just("journal")],
            partner in prop_oneof![Just(""), Just("USA"), Just("FRA"), Just("NGA"), Just("MLI"), Just("TCD")],
        ) {
            let labels: Vec<_> = labels.into_iter().enumerate().map(|(i, l)| (i as i64, l)).collect();
            for action in Action::ALL {
                let filter = row_filter(Policy::shipped(), &viewer, action, kind, &labels);
                for (id, label) in &labels {
                    let decision = decide(Policy::shipped(), &viewer, action, Subject { kind, label, partner });
                    prop_assert_eq!(filter.passes(*id, partner), decision.allowed);
                }
            }
        }
    }

    #[test]
    fn the_public_sees_only_what_is_released() {
        let labels = [(1, Label::public("USA")), (2, Label::internal("USA"))];
        let public = Viewer::public(jiff::civil::date(2026, 1, 1));
        let filter = row_filter(Policy::shipped(), &public, Action::Read, "dataset", &labels);
        assert_eq!(filter.anywhere, [1]);
        assert!(filter.own.is_empty());
    }
}
