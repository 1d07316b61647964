//! Units as training reports print them, linked to known units: proposed by the program with reasons, accepted or
//! refused by a person, many at once, and put back. What was printed is never changed.

use super::{
    circle::text,
    decide::{body, conflict, person},
    hits::answers_hits,
};
use crate::{App, AppError, Result, Snapshot};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use symbolon_access::{Action, Policy, Viewer};
use symbolon_domain::{
    country::Iso3,
    kinds::{LinkConfidence, UnitLink},
    record::{Record, RecordId},
    training::RowKind,
};
use symbolon_screening::{Linker, Sureness, UnitLink as Found, spellings};
use symbolon_store::{
    Change, StoreError,
    facts::dataset_number,
    query::{RecordQuery, Test, Value},
};

/// So many units are proposed for one text.
const KEPT: usize = 3;

/// What of the queue is wanted.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LinkAsk {
    /// Country, ISO 3166-1 alpha-3.
    pub country: String,
    /// A state; empty: `proposed`.
    pub state: String,
    /// A confidence; empty: every one.
    pub sure: String,
    /// Words that the text holds; empty: any.
    pub q: String,
    /// `printed`, `rows` or `points`; empty: points, the surest first.
    pub sort: String,
    /// Page, from 1.
    pub page: Option<usize>,
}

/// A link in the queue.
#[derive(Clone, Debug)]
pub struct LinkLine {
    /// The record.
    pub record: Record,
    /// What it says.
    pub link: UnitLink,
    /// Name of the unit.
    pub unit: String,
    /// Rows of training that print the text.
    pub rows: usize,
}

/// What became of the texts of a country.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinksProposed {
    /// Distinct texts that its reports print for units.
    pub texts: usize,
    /// Texts for which a known unit was found.
    pub found: usize,
    /// Links proposed now, or renewed.
    pub proposed: usize,
    /// Links proposed before that are no longer found.
    pub gone: usize,
}

/// Texts that are probably one unit, each with its rows of training, the most rows first.
pub type Spelled = Vec<(String, usize)>;

/// What can be said of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkAnswer {
    /// The text means the unit.
    Accept,
    /// It does not.
    Refuse,
    /// Nothing was said after all.
    PutBack,
}

impl LinkAnswer {
    fn state(self) -> &'static str {
        match self {
            Self::Accept => "accepted",
            Self::Refuse => "refused",
            Self::PutBack => "proposed",
        }
    }

    fn act(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Refuse => "refuse",
            Self::PutBack => "put_back",
        }
    }
}

/// How sure a found link is, in the words of records.
fn confidence(found: &Found) -> LinkConfidence {
    match found.sureness {
        _ if found.exact => LinkConfidence::Exact,
        Sureness::High => LinkConfidence::High,
        Sureness::Medium => LinkConfidence::Medium,
        Sureness::Low => LinkConfidence::Low,
    }
}

fn vets(viewer: &Viewer) -> Result<()> {
    match answers_hits(viewer) {
        true => Ok(()),
        false => Err(AppError::NotPermitted(
            "texts are linked to units by who vets".to_owned(),
        )),
    }
}

impl App {
    /// Known units of a country, as the viewer sees them, ready to be linked to: each with all names of all records
    /// that are one with it.
    pub(super) fn linker(&self, viewer: &Viewer, iso3: &str, name: &str) -> Result<Linker> {
        let all = |kind: &str| {
            let is = Test::Is(Value::Text(iso3.to_owned()));
            let query = RecordQuery::default().when("partner", is);
            self.store.list(viewer, kind, &query)
        };
        let same = self.same_units(viewer)?;
        let mut known: Vec<(String, String)> = vec![];
        for unit in all("unit")? {
            let own = unit.envelope.id.to_string();
            let id = same.root(&own).to_owned();
            known.push((id.clone(), text(&unit, "name").to_owned()));
            let others = unit.body["other_names"].as_array().into_iter().flatten();
            let others = others.filter_map(|n| n.as_str());
            known.extend(others.map(|n| (id.clone(), n.to_owned())));
        }
        for dated in all("unit_name")? {
            let id = same.root(text(&dated, "unit"));
            for field in ["name", "transliteration"] {
                known.push((id.to_owned(), text(&dated, field).to_owned()));
            }
        }
        let mut places = vec![];
        for site in all("unit_site")? {
            places.extend(["place", "admin_area"].map(|f| text(&site, f).to_owned()));
        }
        Ok(Linker::new(&known, &places, &[name.to_owned()]))
    }

    /// The texts that reports which the viewer sees print for units of a country, with how many rows of training.
    pub(super) fn printed_units(
        &self,
        viewer: &Viewer,
        snapshot: &Snapshot,
        iso3: &str,
    ) -> Result<BTreeMap<String, usize>> {
        let seen: Vec<i64> = self
            .datasets_of(viewer)?
            .iter()
            .filter(|d| d.dataset.content == "training")
            .map(|d| d.dataset.number)
            .collect();
        let of = |p: &crate::PartnerInfo| p.iso3.is_some_and(|c| c.as_str() == iso3);
        let partner = snapshot.partners.iter().position(of);
        let mut rows: HashMap<u32, usize> = HashMap::new();
        for row in snapshot.columns.rows().iter() {
            let mine = Some(usize::from(row.partner)) == partner;
            let training = row.kind == RowKind::Training as u8;
            if mine && training && seen.contains(&dataset_number(row.id)) {
                *rows.entry(row.unit).or_default() += 1;
            }
        }
        let mut texts: BTreeMap<String, usize> = BTreeMap::new();
        for (unit, n) in rows {
            let printed = snapshot.strings.get(unit as usize);
            let printed = printed.map_or("", |s| s.trim());
            if !printed.is_empty() {
                *texts.entry(printed.to_owned()).or_default() += n;
            }
        }
        Ok(texts)
    }

    /// Texts of a country that are probably one unit in several spellings, those with most rows first; and how many
    /// texts there are, in how many groups. Nothing is decided by it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the role sees no links; [`AppError::Invalid`] for no country.
    pub fn unit_spellings(
        &self,
        viewer: &Viewer,
        country: &str,
    ) -> Result<(Vec<Spelled>, usize, usize)> {
        if !Policy::shipped().grants(viewer, Action::Read, "unit_link") {
            return Err(AppError::NotFound("page"));
        }
        let iso3 = iso3(country)?;
        let snapshot = self.snapshot()?;
        let of = |p: &&crate::PartnerInfo| p.iso3.is_some_and(|c| c.as_str() == iso3);
        let name = snapshot.partners.iter().find(of).map(|p| p.name.clone());
        let rows = self.printed_units(viewer, &snapshot, &iso3)?;
        let texts: Vec<String> = rows.keys().cloned().collect();
        let groups = spellings(&texts, &name.into_iter().collect::<Vec<_>>());
        let (all, many) = (texts.len(), groups.len());
        let spelled = |group: Vec<usize>| -> Spelled {
            let one = |at: usize| (texts[at].clone(), rows[&texts[at]]);
            let mut group: Spelled = group.into_iter().map(one).collect();
            group.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            group
        };
        let several = groups.into_iter().filter(|g| g.len() > 1);
        let mut several: Vec<Spelled> = several.map(spelled).collect();
        several.sort_by_key(|g| std::cmp::Reverse(g.iter().map(|(_, n)| n).sum::<usize>()));
        Ok((several, all, many))
    }

    /// The links of a country that the viewer sees, whatever was said of them.
    pub(super) fn links_of(&self, viewer: &Viewer, iso3: &str) -> Result<Vec<Record>> {
        let is = Test::Is(Value::Text(iso3.to_owned()));
        let query = RecordQuery::default().when("partner", is);
        Ok(self.store.list(viewer, "unit_link", &query)?)
    }

    /// Proposes links for every text that reports print for units of a country. What a person accepted or refused
    /// stays; what is no longer found is marked gone.
    ///
    /// # Errors
    /// A role that does not vet; [`AppError::Invalid`] without a country.
    pub fn propose_links(&self, viewer: &Viewer, country: &str) -> Result<LinksProposed> {
        vets(viewer)?;
        let iso3 = iso3(country)?;
        let snapshot = self.snapshot()?;
        let of = |p: &&crate::PartnerInfo| p.iso3.is_some_and(|c| c.as_str() == iso3);
        let name = snapshot.partners.iter().find(of);
        let linker = self.linker(viewer, &iso3, name.map_or("", |p| &p.name))?;
        let texts = self.printed_units(viewer, &snapshot, &iso3)?;
        let mut known: HashMap<RecordId, Record> = self
            .links_of(viewer, &iso3)?
            .into_iter()
            .map(|r| (r.envelope.id, r))
            .collect();
        let mut done = LinksProposed {
            texts: texts.len(),
            ..LinksProposed::default()
        };
        let mut changes = vec![];
        for printed in texts.keys() {
            let links = linker.links(printed);
            done.found += usize::from(!links.is_empty());
            for link in links.into_iter().take(KEPT) {
                let name = format!("{iso3}|{printed}|{}", link.unit);
                let id = RecordId::named("unit_link", &name);
                let was = known.remove(&id);
                changes.extend(self.proposal(viewer, (id, &iso3), printed, &link, was)?);
            }
        }
        done.proposed = changes.len();
        for (_, mut was) in known {
            if was.envelope.state == "proposed" {
                was.envelope.state = "gone".to_owned();
                done.gone += 1;
                changes.push(change(was, "unit_link.propose"));
            }
        }
        if !changes.is_empty() {
            self.commit(viewer, changes, None)?;
        }
        Ok(done)
    }

    /// The change that proposes a link; none where it stands so already, or a person said something of it.
    fn proposal(
        &self,
        viewer: &Viewer,
        (id, iso3): (RecordId, &str),
        printed: &str,
        found: &Found,
        was: Option<Record>,
    ) -> Result<Option<Change>> {
        let unit: RecordId = found.unit.parse().map_err(|_| AppError::NotFound("unit"))?;
        let says = |r: &symbolon_screening::LinkReason| {
            format!("{} ({:+.2})", r.says, f64::from(r.adds) / 100.0)
        };
        let link = UnitLink {
            printed: printed.to_owned(),
            unit,
            part: found.part.clone(),
            confidence: confidence(found),
            points: i64::from(found.points),
            reasons: found.reasons.iter().map(says).collect(),
            decided_by: None,
        };
        let link = serde_json::to_value(link).map_err(|e| AppError::Internal(e.to_string()))?;
        let envelope = match was {
            Some(was) if ["accepted", "refused"].contains(&was.envelope.state.as_str()) => {
                return Ok(None);
            }
            Some(was) if was.envelope.state == "proposed" && was.body == link => return Ok(None),
            Some(was) => was.envelope,
            None => {
                let of = self.store.get(viewer, "unit", unit)?;
                let of = of.ok_or(AppError::NotFound("unit"))?;
                let code = format!("UL-{}", &id.to_string()[..8]);
                let label = of.envelope.label;
                let mut new = crate::load::envelope("unit_link", id, &code, label);
                new.partner = iso3.to_owned();
                new
            }
        };
        let mut record = Record {
            envelope,
            body: link,
        };
        record.envelope.state = "proposed".to_owned();
        Ok(Some(change(record, "unit_link.propose")))
    }

    /// Links that wait for somebody, or stand otherwise where that is asked; how many there are; and how many of the
    /// country stand how.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the role sees none; [`AppError::Invalid`] for no country.
    pub fn link_queue(
        &self,
        viewer: &Viewer,
        ask: &LinkAsk,
    ) -> Result<(Vec<LinkLine>, BTreeMap<String, usize>)> {
        if !Policy::shipped().grants(viewer, Action::Read, "unit_link") {
            return Err(AppError::NotFound("page"));
        }
        let iso3 = iso3(&ask.country)?;
        let texts = self.printed_units(viewer, &*self.snapshot()?, &iso3)?;
        let all = self.links_of(viewer, &iso3)?;
        let units = super::around::ids(&all, "unit");
        let names = self.names_among(viewer, "unit", &units)?;
        let mut standing: BTreeMap<String, usize> = BTreeMap::new();
        let mut lines = vec![];
        let wanted = if ask.state.is_empty() {
            "proposed"
        } else {
            &ask.state
        };
        let words = ask.q.to_lowercase();
        for record in all {
            *standing.entry(record.envelope.state.clone()).or_default() += 1;
            let link: UnitLink = body(&record)?;
            let sure = ask.sure.is_empty() || ask.sure == link.confidence.name();
            let said = link.printed.to_lowercase().contains(&words);
            if record.envelope.state != wanted || !sure || !said {
                continue;
            }
            let name = names.get(&link.unit.to_string());
            lines.push(LinkLine {
                unit: name.map_or("not shown", |r| text(r, "name")).to_owned(),
                rows: texts.get(&link.printed).copied().unwrap_or(0),
                record,
                link,
            });
        }
        match ask.sort.as_str() {
            "printed" => lines.sort_by_key(|l| l.link.printed.to_lowercase()),
            "rows" => lines.sort_by_key(|l| std::cmp::Reverse((l.rows, l.link.points))),
            _ => lines.sort_by(|a, b| {
                let by = |l: &LinkLine| (l.link.confidence, l.link.points);
                by(b)
                    .cmp(&by(a))
                    .then_with(|| a.link.printed.cmp(&b.link.printed))
            }),
        }
        Ok((lines, standing))
    }

    /// Countries with units on record, with how many, as far as the viewer sees them.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the role sees no links.
    pub fn unit_countries(&self, viewer: &Viewer) -> Result<BTreeMap<String, usize>> {
        if !Policy::shipped().grants(viewer, Action::Read, "unit_link") {
            return Err(AppError::NotFound("page"));
        }
        let mut countries = BTreeMap::new();
        for unit in self.store.list(viewer, "unit", &RecordQuery::default())? {
            if !unit.envelope.partner.is_empty() {
                *countries.entry(unit.envelope.partner).or_default() += 1;
            }
        }
        Ok(countries)
    }

    /// Links by id, in the versions they have now.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the viewer does not see one of them.
    pub fn links(&self, viewer: &Viewer, ids: &[RecordId]) -> Result<Vec<LinkLine>> {
        let mut lines = vec![];
        for id in ids {
            let record = self.store.get(viewer, "unit_link", *id)?;
            let record = record.ok_or(AppError::NotFound("unit link"))?;
            let link: UnitLink = body(&record)?;
            let unit = self.store.get(viewer, "unit", link.unit)?;
            lines.push(LinkLine {
                unit: unit.map_or_else(|| "not shown".to_owned(), |r| text(&r, "name").to_owned()),
                rows: 0,
                record,
                link,
            });
        }
        Ok(lines)
    }

    /// Says the same of several links, all or none: each in the version that was looked at.
    ///
    /// # Errors
    /// A role that does not vet; a link that is gone, or was changed since it was looked at.
    pub fn decide_links(
        &self,
        viewer: &Viewer,
        chosen: &[(RecordId, i64)],
        answer: LinkAnswer,
    ) -> Result<usize> {
        vets(viewer)?;
        let by = person(viewer)?;
        let ids: Vec<RecordId> = chosen.iter().map(|(id, _)| *id).collect();
        let mut changes = vec![];
        for (line, (_, version)) in self.links(viewer, &ids)?.into_iter().zip(chosen) {
            let mut record = line.record;
            if record.envelope.state == "gone" {
                return conflict(format!(
                    "{} is gone: it is no longer found",
                    record.envelope.code
                ));
            }
            self.permitted(viewer, Action::Write, &record.envelope)?;
            record.envelope.version = *version;
            answer.state().clone_into(&mut record.envelope.state);
            record.body["decided_by"] = match answer {
                LinkAnswer::PutBack => serde_json::Value::Null,
                _ => by.to_string().into(),
            };
            changes.push(change(record, &format!("unit_link.{}", answer.act())));
        }
        if changes.is_empty() {
            return Err(AppError::Invalid("choose at least one link".to_owned()));
        }
        match self.commit(viewer, changes, None) {
            Err(AppError::Store(StoreError::Stale { .. })) => {
                conflict("somebody else changed one of them since you looked; look again")
            }
            other => other.map(|written| written.len()),
        }
    }
}

fn iso3(country: &str) -> Result<String> {
    let iso3 = country.trim().to_ascii_uppercase();
    match iso3.parse::<Iso3>() {
        Ok(_) => Ok(iso3),
        Err(_) => Err(AppError::Invalid(format!(
            "country: `{iso3}` is no country; write three letters"
        ))),
    }
}

fn change(record: Record, action: &str) -> Change {
    Change {
        action: action.to_owned(),
        envelope: record.envelope,
        body: record.body,
        reason: String::new(),
        saw: vec![],
    }
}
