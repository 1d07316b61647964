//! A unit in time: names, places, who stood over and under it, who commanded, what is alleged and what followed, what it
//! received and how it stands in vetting; each with its dates and sources, and only what the viewer may see.

use super::{
    Affected, Forces, Reached, Rung, Through,
    around::ids,
    circle::{among, text},
};
use crate::{App, AppError, Result};
use jiff::civil::Date;
use std::collections::{BTreeSet, HashMap};
use symbolon_access::{Action, Policy, Viewer};
use symbolon_domain::record::{Record, RecordId};
use symbolon_store::query::RecordQuery;

/// All that is known of a unit, as of a day.
pub struct UnitPage {
    /// The unit.
    pub unit: Record,
    /// Other records that are this unit: they were merged into it.
    pub joined: Vec<Record>,
    /// The unit it was merged into, by id and name: what is known stands there, and the rest of this is only what
    /// names this record.
    pub went: Option<(String, String)>,
    /// Merges that name it or a record that is one with it, those in force first.
    pub merges: Vec<Record>,
    /// The day.
    pub on: Date,
    /// Dated names.
    pub names: Vec<Record>,
    /// Links to units over it, of any time.
    pub parents: Vec<Record>,
    /// Links to units directly under it, of any time.
    pub members: Vec<Record>,
    /// Sites and areas.
    pub sites: Vec<Record>,
    /// Postings.
    pub postings: Vec<Record>,
    /// Units over it on the day, nearest first.
    pub above: Vec<Rung>,
    /// Units under it on the day, nearest first.
    pub below: Vec<Rung>,
    /// Whether there are more under it than were followed.
    pub cut: bool,
    /// The last day before, and the first after, on which the chain over it was another.
    pub turns: (Option<Date>, Option<Date>),
    /// Incidents that reach it on the day; nothing where the role does not see incidents.
    pub reached: Option<Vec<Reached>>,
    /// Candidates of vetting that are this unit: status only; nothing where the role sees none.
    pub vetting: Option<Vec<Record>>,
    /// Entries of the barred-unit list.
    pub barred: Vec<Record>,
    /// Remediations.
    pub remediations: Vec<Record>,
    /// Training, equipment and what else of the area *delivery* names it.
    pub received: Vec<Affected>,
    /// Names of units and persons by id.
    pub titles: HashMap<String, String>,
}

impl App {
    /// A unit as of a day, with all that names a record which is one with it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the viewer sees no such unit.
    pub fn unit_page(&self, viewer: &Viewer, id: RecordId, on: Option<Date>) -> Result<UnitPage> {
        let unit = self.store.get(viewer, "unit", id)?;
        let unit = unit.ok_or(AppError::NotFound("unit"))?;
        let on = on.unwrap_or(viewer.today);
        let me = id.to_string();
        let mut around = self.around(viewer, &BTreeSet::from([me.clone()]), true)?;
        let same = std::mem::take(&mut around.same);
        let went = match same.root(&me) {
            stays if stays == me => None,
            stays => Some(stays.to_owned()),
        };
        let mut own = same.all(&me);
        let merges = self.merges_of(viewer, &own)?;
        if went.is_some() {
            own = BTreeSet::from([me.clone()]);
        }
        let mut ask = |kind: &str, query: &RecordQuery| self.store.list(viewer, kind, query);
        let mut of = |kind: &str| among(&mut ask, kind, "unit", &own);
        let (names, sites) = (of("unit_name")?, of("unit_site")?);
        let (barred, remediations) = (of("barred_unit")?, of("remediation")?);
        let candidates = of("vetting_candidate")?;
        let joined = own.iter().filter(|id| **id != me).cloned().collect();
        let joined = among(&mut ask, "unit", "id", &joined)?;
        let side = |field: &str| -> Vec<Record> {
            let links = around.parts.parents.iter();
            let of = links.filter(|l| own.contains(text(l, field)));
            of.cloned().collect()
        };
        let (parents, members) = (side("unit"), side("parent"));
        let mine = |p: &&Record| own.contains(text(p, "unit"));
        let postings: Vec<Record> = around.parts.postings.iter().filter(mine).cloned().collect();
        let grants = |kind: &str| Policy::shipped().grants(viewer, Action::Read, kind);
        let turns = turns(&around.parts.parents, on);
        let forces = Forces::of(around.parts, same);
        let reached = grants("incident").then(|| forces.reaching(&me, on));
        let mut named_units = around.units;
        named_units.extend(ids(&merges, "kept"));
        named_units.extend(ids(&merges, "merged"));
        let titles = self.titles(viewer, &named_units, &postings, reached.as_deref())?;
        let targets: Vec<(&str, &str)> = own.iter().map(|id| ("unit", id.as_str())).collect();
        let named = |id: String| {
            let name = titles.get(&id).cloned().unwrap_or_default();
            (id, name)
        };
        Ok(UnitPage {
            above: forces.above(&me, on),
            below: forces.below(&me, on),
            cut: around.cut,
            received: self.referring(viewer, &targets)?,
            went: went.map(named),
            joined,
            merges,
            vetting: grants("vetting_candidate").then_some(candidates),
            unit,
            on,
            names,
            parents,
            members,
            sites,
            postings,
            turns,
            reached,
            barred,
            remediations,
            titles,
        })
    }

    fn titles(
        &self,
        viewer: &Viewer,
        units: &BTreeSet<String>,
        postings: &[Record],
        reached: Option<&[Reached]>,
    ) -> Result<HashMap<String, String>> {
        let mut persons = ids(postings, "person");
        for one in reached.into_iter().flatten() {
            if let Through::Commander(id) = &one.through {
                persons.insert(id.clone());
            }
        }
        let mut titles = HashMap::new();
        for (kind, wanted) in [("unit", units), ("person", &persons)] {
            let found = self.names_among(viewer, kind, wanted)?;
            let named = |(id, r): (String, Record)| (id, text(&r, "name").to_owned());
            titles.extend(found.into_iter().map(named));
        }
        Ok(titles)
    }
}

/// The nearest days before and after on which a link around begins or ends.
fn turns(links: &[Record], on: Date) -> (Option<Date>, Option<Date>) {
    let days = links
        .iter()
        .flat_map(|l| [l.envelope.valid.from, l.envelope.valid.to]);
    let days: BTreeSet<Date> = days.flatten().map(|k| k.day).collect();
    let before = days
        .range(..=on)
        .next_back()
        .and_then(|d| d.yesterday().ok());
    let after = days.iter().find(|d| **d > on).copied();
    (before, after)
}
