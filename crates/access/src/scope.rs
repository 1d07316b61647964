//! Need to know as sets: which partners and programmes a viewer works on.

use crate::{
    policy::Policy,
    viewer::{Actor, Viewer},
    world::World,
};
use std::collections::BTreeSet;
use symbolon_domain::kinds::Standing;

/// Which values of a column are within reach.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Limit {
    /// The values; `None`: any.
    pub only: Option<BTreeSet<String>>,
    /// Whether a record without a value is within reach.
    pub blank: bool,
    /// Values expressly denied.
    pub except: BTreeSet<String>,
}

impl Limit {
    /// Whether a value is within reach.
    #[must_use]
    pub fn admits(&self, value: &str) -> bool {
        if value.is_empty() {
            return self.blank;
        }
        !self.except.contains(value) && self.only.as_ref().is_none_or(|o| o.contains(value))
    }

    fn any() -> Self {
        Self {
            blank: true,
            ..Self::default()
        }
    }
}

/// What a viewer works on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scope {
    /// Partners a record may be about.
    pub partners: Limit,
    /// Programmes a record may belong to.
    pub programmes: Limit,
}

impl Scope {
    /// The scope of a viewer: nothing narrows the program itself or what is released to the public.
    #[must_use]
    pub fn of(policy: &Policy, world: &World, viewer: &Viewer) -> Self {
        let Actor::Account {
            nation, standing, ..
        } = &viewer.actor
        else {
            return Self {
                partners: Limit::any(),
                programmes: Limit::any(),
            };
        };
        let own = policy.role_row(viewer).is_none_or(|r| r.own_partner);
        let mut partners = if own {
            Limit {
                only: Some([nation.as_str().to_owned()].into()),
                ..Limit::default()
            }
        } else {
            partners(world, standing)
        };
        partners.except = standing
            .denied_partners
            .iter()
            .map(ToString::to_string)
            .collect();
        let mut programmes = programmes(standing, viewer);
        programmes.except.clone_from(&standing.denied_programmes);
        Self {
            partners,
            programmes,
        }
    }
}

fn partners(world: &World, standing: &Standing) -> Limit {
    if standing.partners.is_empty() && standing.regions.is_empty() {
        return Limit::any();
    }
    let named = standing.partners.iter().map(ToString::to_string);
    let of_region = |r: &String| world.regions.get(r).into_iter().flatten().cloned();
    let regional = standing.regions.iter().flat_map(of_region);
    Limit {
        only: Some(named.chain(regional).collect()),
        ..Limit::any()
    }
}

fn programmes(standing: &Standing, viewer: &Viewer) -> Limit {
    let day = viewer.today;
    let mandates = standing.mandates.iter();
    let in_force = mandates.filter(|m| m.from <= day && m.to.is_none_or(|to| day < to));
    let mut only = standing.programmes.clone();
    only.extend(in_force.flat_map(|m| m.programmes.iter().cloned()));
    Limit {
        only: (!only.contains("*")).then_some(only),
        ..Limit::any()
    }
}
