//! Looking back: which units in training reports had, on the day of training, an incident alleged against them, a unit
//! over them or who commanded them, in the loaded data. It finds what to read; it says nothing about a breach.

use super::{Forces, Parts, Reached, Same, Through, circle::text};
use crate::{App, AppError, Result, Snapshot};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap, HashSet};
use symbolon_access::{Action, Policy, Viewer};
use symbolon_domain::{
    date::from_epoch_days,
    record::{Confidence, Record},
    training::RowKind,
};
use symbolon_screening::{Index, Kind, Listed, Query, Searcher, Verdict};
use symbolon_store::{
    facts::{dataset_number, row_number},
    query::{RecordQuery, Test, Value},
};

/// What it shows and what not; said wherever its lines stand.
pub const RETROSPECTIVE_LIMITS: [&str; 5] = [
    "Only what is loaded here is looked at: an absence of lines is no clean record.",
    "An incident is alleged by the named source; standing here it is not proven, and no breach of law follows.",
    "Units are linked by name. Where the spelling differs the link is a likeness with its confidence, and may be wrong.",
    "What was found, remedied or waived in vetting at the time is not in training reports.",
    "Rows without a first day cannot be judged and are counted only.",
];

/// What is asked.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LookBack {
    /// Country, ISO 3166-1 alpha-3.
    pub country: String,
    /// Fiscal year.
    pub year: Option<i16>,
    /// Only links and incidents at least so sure: `low`, `medium` or `high`.
    pub sure: String,
    /// Page, from 1.
    pub page: Option<usize>,
}

/// A row of training with what reached its unit that day.
#[derive(Clone, Debug)]
pub struct LookedBack {
    /// Code of the data set.
    pub dataset: String,
    /// Number of the row.
    pub row: i64,
    /// First day of the training.
    pub day: Date,
    /// Fiscal year of the report.
    pub fiscal_year: i16,
    /// The course.
    pub course: String,
    /// The unit as printed.
    pub printed: String,
    /// Id and name of the unit it was linked to.
    pub unit: (String, String),
    /// How sure the link is.
    pub link: Confidence,
    /// The incident and its way.
    pub reached: Reached,
    /// Name of the unit or person by which it reaches it; empty for its own.
    pub by: String,
    /// The least sure of link and way.
    pub confidence: Confidence,
}

/// The answer for a country.
#[derive(Default)]
pub struct Retrospective {
    /// Rows of training of the country that the viewer sees.
    pub rows: usize,
    /// Rows whose unit was linked to a known one.
    pub linked: usize,
    /// Linked rows without a first day.
    pub no_day: usize,
    /// Rows that something reached.
    pub touched: usize,
    /// Every line, the earliest first.
    pub lines: Vec<LookedBack>,
}

/// A name as it is compared for equality: letters and digits of it, small.
fn plain(name: &str) -> String {
    let kept = name.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

/// Names of known units, to find those that a report prints.
struct Names {
    exact: HashMap<String, Vec<String>>,
    index: Index,
}

impl Names {
    fn of(units: &[Record], dated: &[Record], same: &Same) -> Self {
        let mut exact: HashMap<String, Vec<String>> = HashMap::new();
        let mut listed = vec![];
        let mut add = |id: &str, name: &str| {
            let id = same.root(id);
            let key = plain(name);
            if key.is_empty() {
                return;
            }
            let of = exact.entry(key).or_default();
            if !of.iter().any(|known| known == id) {
                of.push(id.to_owned());
                listed.push(Listed::new(id, Kind::Unit, name));
            }
        };
        for unit in units {
            let id = unit.envelope.id.to_string();
            add(&id, text(unit, "name"));
            let others = unit.body["other_names"].as_array().into_iter().flatten();
            others.filter_map(|n| n.as_str()).for_each(|n| add(&id, n));
        }
        for name in dated {
            add(text(name, "unit"), text(name, "name"));
            add(text(name, "unit"), text(name, "transliteration"));
        }
        Self {
            exact,
            index: Index::build(listed),
        }
    }

    /// The units that a printed text may mean, each with how sure that is. Several known units of one name are each
    /// less sure.
    fn meant(&self, searcher: &mut Searcher<'_>, printed: &str) -> Vec<(String, Confidence)> {
        let mut found: BTreeMap<String, Confidence> = BTreeMap::new();
        let parts = printed.split([';', '/']).map(str::trim);
        let parts: HashSet<&str> = parts
            .chain([printed.trim()])
            .filter(|p| !p.is_empty())
            .collect();
        for part in parts {
            let exact = self.exact.get(&plain(part));
            for id in exact.into_iter().flatten() {
                let sure = match exact.map_or(0, Vec::len) {
                    1 => Confidence::High,
                    _ => Confidence::Low,
                };
                let of = found.entry(id.clone()).or_insert(sure);
                *of = sure.max(*of);
            }
            if exact.is_some() {
                continue;
            }
            let hits = searcher.search(&Query::new(Kind::Unit, part), 1);
            for hit in hits.into_iter().filter(|h| h.verdict == Verdict::Match) {
                let sure = match hit.equals {
                    0 => Confidence::Medium,
                    _ => Confidence::Low,
                };
                found.entry(hit.entry).or_insert(sure);
            }
        }
        found.into_iter().collect()
    }
}

/// A row's unit on its day: all rows of one unit and day are answered at once.
type Asked = (String, Date);

impl App {
    /// Countries that have incidents loaded, with how many, as far as the viewer sees them.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the role sees no incidents.
    pub fn incident_countries(&self, viewer: &Viewer) -> Result<BTreeMap<String, usize>> {
        if !Policy::shipped().grants(viewer, Action::Read, "incident") {
            return Err(AppError::NotFound("page"));
        }
        let mut countries = BTreeMap::new();
        for incident in self
            .store
            .list(viewer, "incident", &RecordQuery::default())?
        {
            *countries.entry(incident.envelope.partner).or_default() += 1;
        }
        Ok(countries)
    }

    /// Looks back over the training of a country.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the role sees no incidents; [`AppError::Invalid`] without a country.
    pub fn look_back(&self, viewer: &Viewer, ask: &LookBack) -> Result<Retrospective> {
        if !Policy::shipped().grants(viewer, Action::Read, "incident") {
            return Err(AppError::NotFound("page"));
        }
        let snapshot = self.snapshot()?;
        let iso3 = ask.country.trim().to_ascii_uppercase();
        let of = |p: &crate::PartnerInfo| p.iso3.is_some_and(|c| c.as_str() == iso3);
        let unknown = || {
            AppError::Invalid(format!(
                "country: `{iso3}` is no country; write three letters"
            ))
        };
        let partner = snapshot.partners.iter().position(of).ok_or_else(unknown)?;
        let all = |kind: &str| {
            let is = Test::Is(Value::Text(iso3.clone()));
            self.store
                .list(viewer, kind, &RecordQuery::default().when("partner", is))
        };
        let units = all("unit")?;
        let same = self.same_units(viewer)?;
        let names = Names::of(&units, &all("unit_name")?, &same);
        let parts = Parts {
            parents: all("unit_parent")?,
            postings: all("posting")?,
            parties: all("incident_party")?,
            incidents: all("incident")?,
        };
        let forces = Forces::of(parts, same);
        let mut titles: HashMap<String, String> = HashMap::new();
        for record in units.iter().chain(&all("person")?) {
            titles.insert(
                record.envelope.id.to_string(),
                text(record, "name").to_owned(),
            );
        }
        let partner = u16::try_from(partner).unwrap_or(u16::MAX);
        self.looked(
            viewer,
            &snapshot,
            (partner, ask),
            (&names, &forces, &titles),
        )
    }

    fn looked(
        &self,
        viewer: &Viewer,
        snapshot: &Snapshot,
        (partner, ask): (u16, &LookBack),
        (names, forces, titles): (&Names, &Forces, &HashMap<String, String>),
    ) -> Result<Retrospective> {
        let seen: HashMap<i64, String> = self
            .datasets_of(viewer)?
            .iter()
            .filter(|d| d.dataset.content == "training")
            .map(|d| (d.dataset.number, d.code.clone()))
            .collect();
        let least = match ask.sure.as_str() {
            "high" => Confidence::High,
            "medium" => Confidence::Medium,
            _ => Confidence::Low,
        };
        let mut searcher = Searcher::new(&names.index);
        let mut links: HashMap<u32, Vec<(String, Confidence)>> = HashMap::new();
        let mut answers: HashMap<Asked, Vec<Reached>> = HashMap::new();
        let mut found = Retrospective::default();
        for row in snapshot.columns.rows().iter() {
            let Some(dataset) = seen.get(&dataset_number(row.id)) else {
                continue;
            };
            let training = row.kind == RowKind::Training as u8 && row.partner == partner;
            if !training || ask.year.is_some_and(|y| y != row.fiscal_year) {
                continue;
            }
            found.rows += 1;
            let printed = snapshot
                .strings
                .get(row.unit as usize)
                .map_or("", AsRef::as_ref);
            let meant = links
                .entry(row.unit)
                .or_insert_with(|| names.meant(&mut searcher, printed));
            if meant.is_empty() {
                continue;
            }
            found.linked += 1;
            let day = (row.start_day != i32::MIN).then(|| from_epoch_days(row.start_day));
            let Some(day) = day.flatten() else {
                found.no_day += 1;
                continue;
            };
            let before = found.lines.len();
            for (unit, link) in meant.iter() {
                let of = answers.entry((unit.clone(), day));
                let reached = of.or_insert_with(|| forces.reaching(unit, day));
                for one in reached.iter() {
                    let confidence = one.confidence.min(*link);
                    if confidence < least {
                        continue;
                    }
                    let by = match &one.through {
                        Through::Own => "",
                        Through::Parent(id, _) | Through::Commander(id) | Through::Served(id) => {
                            titles.get(id).map_or("not shown", String::as_str)
                        }
                    };
                    let name = titles.get(unit).cloned().unwrap_or_default();
                    let course = snapshot.strings.get(row.course as usize);
                    found.lines.push(LookedBack {
                        dataset: dataset.clone(),
                        row: row_number(row.id).into(),
                        day,
                        fiscal_year: row.fiscal_year,
                        course: course.map_or_else(String::new, |c| c.to_string()),
                        printed: printed.to_owned(),
                        unit: (unit.clone(), name),
                        link: *link,
                        by: by.to_owned(),
                        reached: one.clone(),
                        confidence,
                    });
                }
            }
            found.touched += usize::from(found.lines.len() > before);
        }
        found
            .lines
            .sort_by_key(|l| (l.day, l.dataset.clone(), l.row));
        Ok(found)
    }
}
