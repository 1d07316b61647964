//! The decision as a row filter.

use crate::{
    decision::{Judge, Way},
    policy::Policy,
    scope::Scope,
    viewer::{Action, Viewer},
    world::World,
};
use symbolon_domain::label::Label;

/// Which rows of a kind a viewer may see: those whose label is in `open`, and those whose label is in
/// `scoped` and whose partner and programme are within `scope`. The two lists share no label.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowFilter {
    /// Numbers of labels visible on any row, in order.
    pub open: Vec<i64>,
    /// Numbers of labels visible on rows within the scope, in order.
    pub scoped: Vec<i64>,
    /// What the viewer works on.
    pub scope: Scope,
}

impl RowFilter {
    /// Whether a row passes.
    #[must_use]
    pub fn passes(&self, label: i64, partner: &str, programme: &str) -> bool {
        self.open.binary_search(&label).is_ok()
            || (self.scoped.binary_search(&label).is_ok()
                && self.scope.partners.admits(partner)
                && self.scope.programmes.admits(programme))
    }

    /// The filter as filters that share no row, each simple enough for one walk of an index.
    #[must_use]
    pub fn ways(&self) -> Vec<Self> {
        let open = Self {
            open: self.open.clone(),
            ..Self::default()
        };
        let scoped = Self {
            open: vec![],
            ..self.clone()
        };
        [open, scoped]
            .into_iter()
            .filter(|w| !w.is_empty())
            .collect()
    }

    /// Whether no row can pass.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.open.is_empty() && self.scoped.is_empty()
    }
}

/// The filter for a viewer, action and kind, over the labels in use: the same judge that decides about
/// one record is asked about each label.
#[must_use]
pub fn row_filter<'a>(
    policy: &Policy,
    world: &World,
    viewer: &Viewer,
    action: Action,
    kind: &str,
    labels: impl IntoIterator<Item = (i64, &'a Label)>,
) -> RowFilter {
    let Ok(judge) = Judge::new(policy, world, viewer, action, kind) else {
        return RowFilter::default();
    };
    let mut filter = RowFilter::default();
    for (id, label) in labels {
        match judge.label(label) {
            Ok(Way::Open(_)) => filter.open.push(id),
            Ok(Way::Scoped(_)) => filter.scoped.push(id),
            Err(_) => {}
        }
    }
    filter.open.sort_unstable();
    filter.scoped.sort_unstable();
    filter.scope = judge.scope;
    filter
}
