//! What stands around a unit, read for somebody: the links over and under it, postings, incidents.

use super::{
    Forces,
    circle::{among, text},
    forces::Parts,
    same::Same,
};
use crate::{App, Result};
use std::collections::BTreeSet;
use symbolon_access::Viewer;
use symbolon_domain::record::Record;
use symbolon_store::query::RecordQuery;

/// So many units under a unit are followed; a page says where there are more.
pub const MOST_UNDER: usize = 2_000;

/// Records around a unit.
#[derive(Clone, Debug, Default)]
pub(super) struct Around {
    /// What forces are made of.
    pub parts: Parts,
    /// Every unit that was met.
    pub units: BTreeSet<String>,
    /// Whether there are more units under it than were followed.
    pub cut: bool,
    /// Which of the units are one.
    pub same: Same,
}

impl App {
    /// Reads what stands around units: everything over them, what is under them where `under` says so, postings in
    /// them, incidents against them, those over them and those who held posts in them; as far as the viewer sees.
    pub(super) fn around(
        &self,
        viewer: &Viewer,
        units: &BTreeSet<String>,
        under: bool,
    ) -> Result<Around> {
        let same = self.same_units(viewer)?;
        let mut ask = |kind: &str, query: &RecordQuery| self.store.list(viewer, kind, query);
        let mut start = units.clone();
        same.widen(&mut start);
        let mut around = Around {
            units: start.clone(),
            ..Around::default()
        };
        let mut edge = start.clone();
        while !edge.is_empty() {
            let links = among(&mut ask, "unit_parent", "unit", &edge)?;
            edge = ids(&links, "parent");
            same.widen(&mut edge);
            edge.retain(|id| around.units.insert(id.clone()));
            around.parts.parents.extend(links);
        }
        let above = around.units.clone();
        let mut edge = if under {
            start.clone()
        } else {
            BTreeSet::new()
        };
        let mut below = start;
        while !edge.is_empty() {
            let links = among(&mut ask, "unit_parent", "parent", &edge)?;
            edge = ids(&links, "unit");
            same.widen(&mut edge);
            edge.retain(|id| below.insert(id.clone()));
            around.parts.parents.extend(links);
            if below.len() > MOST_UNDER {
                around.cut = !edge.is_empty();
                break;
            }
        }
        around.units.extend(below);
        around.parts.parents.sort_by_key(|l| l.envelope.id);
        around.parts.parents.dedup_by_key(|l| l.envelope.id);
        around.parts.postings = among(&mut ask, "posting", "unit", &above)?;
        let persons = ids(&around.parts.postings, "person");
        let mut parties = among(&mut ask, "incident_party", "unit", &above)?;
        parties.extend(among(&mut ask, "incident_party", "person", &persons)?);
        parties.sort_by_key(|p| p.envelope.id);
        parties.dedup_by_key(|p| p.envelope.id);
        let incidents = ids(&parties, "incident");
        around.parts.incidents = among(&mut ask, "incident", "id", &incidents)?;
        around.parts.parties = parties;
        around.same = same;
        Ok(around)
    }

    /// Which alleged incidents reach a unit, with those of its circle; records that are one with it count as it.
    pub(super) fn forces_around(&self, viewer: &Viewer, unit: &str) -> Result<Forces> {
        let units = BTreeSet::from([unit.to_owned()]);
        let around = self.around(viewer, &units, false)?;
        Ok(Forces::of(around.parts, around.same))
    }

    /// Names of units and persons by id, as far as the viewer sees them.
    pub(super) fn names_among(
        &self,
        viewer: &Viewer,
        kind: &str,
        ids: &BTreeSet<String>,
    ) -> Result<std::collections::HashMap<String, Record>> {
        let mut ask = |kind: &str, query: &RecordQuery| self.store.list(viewer, kind, query);
        let found = among(&mut ask, kind, "id", ids)?;
        Ok(found
            .into_iter()
            .map(|r| (r.envelope.id.to_string(), r))
            .collect())
    }
}

/// The ids that a field of records holds.
pub(super) fn ids(records: &[Record], field: &str) -> BTreeSet<String> {
    let all = records.iter().map(|r| text(r, field).to_owned());
    all.filter(|id| !id.is_empty()).collect()
}
