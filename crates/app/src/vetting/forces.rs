//! Which alleged incidents reach a unit on a day: its own, those of units over it, those of its commanders. Pure
//! arithmetic over records that somebody may see; who asks has read them.

use super::{circle::text, same::Same};
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};
use symbolon_domain::{
    date::{Known, epoch_days},
    record::{Citation, Confidence, Record},
    when::When,
};
use symbolon_screening::{Chain, Link, Step};

/// Units in time: who stood under whom, who commanded, and what is alleged against whom.
#[derive(Default)]
pub struct Forces {
    ids: Vec<String>,
    numbers: HashMap<String, u32>,
    chain: Chain,
    parents: Vec<Record>,
    commands: HashMap<String, Vec<Record>>,
    parties: HashMap<String, Vec<Record>>,
    incidents: HashMap<String, Record>,
    same: Same,
}

/// By what way an incident reaches a unit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Through {
    /// It is alleged against the unit.
    Own,
    /// It is alleged against a unit over it, so many links up.
    Parent(String, u32),
    /// It is alleged against who commanded it that day.
    Commander(String),
    /// It is alleged against a unit in which the person held a post on the day it is said to have begun.
    Served(String),
}

/// An incident that reaches a unit on a day.
#[derive(Clone, Debug)]
pub struct Reached {
    /// The incident.
    pub incident: Record,
    /// By what way.
    pub through: Through,
    /// The part alleged: `perpetrator`, `commander` or `present`.
    pub part: String,
    /// The least sure of all that must be true for it to reach the unit.
    pub confidence: Confidence,
    /// Every source of the incident, of the party and of the way.
    pub sources: Vec<Citation>,
}

/// What forces are made of.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// Links of a unit to the one over it.
    pub parents: Vec<Record>,
    /// Postings.
    pub postings: Vec<Record>,
    /// Parties of incidents.
    pub parties: Vec<Record>,
    /// Incidents.
    pub incidents: Vec<Record>,
}

/// How sure the sources make us: the best of them; without any, low.
fn sure(sources: &[Citation]) -> Confidence {
    sources
        .iter()
        .map(|s| s.confidence)
        .max()
        .unwrap_or(Confidence::Low)
}

fn bounds(record: &Record) -> (i32, i32) {
    let day = |known: Option<Known>, otherwise: i32| known.map_or(otherwise, |k| epoch_days(k.day));
    let valid = &record.envelope.valid;
    (day(valid.from, i32::MIN), day(valid.to, i32::MAX))
}

impl Forces {
    /// Forces of these records, in which those that are one unit count as the one that stays.
    #[must_use]
    pub fn of(parts: Parts, same: Same) -> Self {
        let mut forces = Self::default();
        let mut links = vec![];
        for mut record in parts.parents {
            for end in ["unit", "parent"] {
                let stays = same.root(text(&record, end)).to_owned();
                record.body[end] = stays.into();
            }
            if record.body["unit"] == record.body["parent"] {
                continue;
            }
            let (from, to) = bounds(&record);
            let unit = forces.number(text(&record, "unit"));
            let parent = forces.number(text(&record, "parent"));
            links.push(Link {
                unit,
                parent,
                from,
                to,
            });
            forces.parents.push(record);
        }
        forces.chain = Chain::build(links);
        let commands = parts.postings.into_iter();
        for posting in commands.filter(|p| p.body["commands"] == true) {
            let unit = same.root(text(&posting, "unit")).to_owned();
            forces.commands.entry(unit).or_default().push(posting);
        }
        for party in parts.parties {
            for field in ["unit", "person"] {
                let id = same.root(text(&party, field)).to_owned();
                if !id.is_empty() {
                    forces.parties.entry(id).or_default().push(party.clone());
                }
            }
        }
        let incidents = parts.incidents.into_iter();
        forces.incidents = incidents.map(|i| (i.envelope.id.to_string(), i)).collect();
        forces.same = same;
        forces
    }

    fn number(&mut self, id: &str) -> u32 {
        if let Some(n) = self.numbers.get(id) {
            return *n;
        }
        let n = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        self.ids.push(id.to_owned());
        self.numbers.insert(id.to_owned(), n);
        n
    }

    fn walked(&self, unit: &str, walk: impl Fn(u32) -> Vec<Step>) -> Vec<Rung> {
        let Some(start) = self.numbers.get(self.same.root(unit)) else {
            return vec![];
        };
        let steps = walk(*start);
        let rung = |s: Step| {
            let link = self.parents.get(s.link as usize)?.clone();
            Some(Rung {
                unit: self.ids.get(s.unit as usize)?.clone(),
                depth: s.depth,
                link,
            })
        };
        steps.into_iter().filter_map(rung).collect()
    }

    /// Units over a unit on a day, nearest first.
    #[must_use]
    pub fn above(&self, unit: &str, day: Date) -> Vec<Rung> {
        self.walked(unit, |u| self.chain.above(u, epoch_days(day)))
    }

    /// Units under a unit on a day, nearest first.
    #[must_use]
    pub fn below(&self, unit: &str, day: Date) -> Vec<Rung> {
        self.walked(unit, |u| self.chain.below(u, epoch_days(day)))
    }

    /// Postings of those who commanded a unit on a day.
    pub fn commanders(&self, unit: &str, day: Date) -> impl Iterator<Item = &Record> {
        let of = self.commands.get(self.same.root(unit));
        let of = of.into_iter().flatten();
        of.filter(move |p| p.envelope.valid.holds_on(day))
    }

    /// Everything alleged to have begun on a day or before it that reaches a unit as it stood on that day; each
    /// incident once for each way.
    #[must_use]
    pub fn reaching(&self, unit: &str, day: Date) -> Vec<Reached> {
        let unit = self.same.root(unit);
        let mut found: BTreeMap<(String, Through), Reached> = BTreeMap::new();
        let mut add = |whose: &str, through: Through, way: &[Citation], known: Confidence| {
            for party in self.parties.get(whose).into_iter().flatten() {
                let Some(incident) = self.incidents.get(text(party, "incident")) else {
                    continue;
                };
                let began: Option<When> = text(incident, "began").parse().ok();
                if began.is_none_or(|b| b.0.day > day) {
                    continue;
                }
                let own = &incident.envelope.sources;
                let named = &party.envelope.sources;
                let mut sources: Vec<Citation> = own.iter().chain(named).cloned().collect();
                sources.extend_from_slice(way);
                sources.dedup();
                let key = (incident.envelope.id.to_string(), through.clone());
                found.entry(key).or_insert(Reached {
                    incident: incident.clone(),
                    through: through.clone(),
                    part: text(party, "part").to_owned(),
                    confidence: sure(own).min(known),
                    sources,
                });
            }
        };
        add(unit, Through::Own, &[], Confidence::High);
        let mut least: HashMap<String, (Confidence, Vec<Citation>)> = HashMap::new();
        least.insert(unit.to_owned(), (Confidence::High, vec![]));
        for rung in self.above(unit, day) {
            let below = least.get(text(&rung.link, "unit")).cloned();
            let (known, mut way) = below.unwrap_or((Confidence::High, vec![]));
            let known = known.min(sure(&rung.link.envelope.sources));
            way.extend(rung.link.envelope.sources.iter().cloned());
            let through = Through::Parent(rung.unit.clone(), rung.depth);
            add(&rung.unit, through, &way, known);
            least.insert(rung.unit, (known, way));
        }
        for posting in self.commanders(unit, day) {
            let person = text(posting, "person").to_owned();
            let way = &posting.envelope.sources;
            add(&person, Through::Commander(person.clone()), way, sure(way));
        }
        found.into_values().collect()
    }
}

/// A unit over or under another.
#[derive(Clone, Debug)]
pub struct Rung {
    /// Its id.
    pub unit: String,
    /// How many links away.
    pub depth: u32,
    /// The link it was reached by.
    pub link: Record,
}
