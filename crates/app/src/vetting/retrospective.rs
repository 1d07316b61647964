//! Looking back: which units in training reports had, on the day of training, an incident alleged against them, a unit
//! over them or who commanded them, in the loaded data. It finds what to read; it says nothing about a breach.

use super::{Forces, Parts, Reached, Same, Through, circle::text};
use crate::{App, AppError, Result, Snapshot};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use symbolon_access::{Action, Policy, Viewer};
use symbolon_domain::{
    date::from_epoch_days,
    record::{Confidence, Record},
    training::RowKind,
};
use symbolon_screening::{Linker, Sureness};
use symbolon_store::{
    facts::{dataset_number, row_number},
    query::{RecordQuery, Test, Value},
};

/// What it shows and what not; said wherever its lines stand.
pub const RETROSPECTIVE_LIMITS: [&str; 5] = [
    "Only what is loaded here is looked at: an absence of lines is no clean record.",
    "An incident is alleged by the named source; standing here it is not proven, and no breach of law follows.",
    "Units are linked by name: exactly, by a link that a person accepted, or by one that the program proposes. A proposed link may be wrong; what is no more than worth a look is left out.",
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
    /// On what the link rests.
    pub basis: Basis,
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

/// On what the link of a printed text to a unit rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Every word and number is that of one known unit.
    Exact,
    /// A person accepted it.
    Accepted,
    /// The program proposes it; nobody has said anything of it.
    Proposed,
}

impl Basis {
    /// For people.
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Accepted => "accepted link",
            Self::Proposed => "proposed link",
        }
    }
}

/// A unit that a printed text means, how sure that is, and on what it rests.
type Meant = (String, Confidence, Basis);

/// What printed texts of a country mean.
struct Texts {
    linker: Linker,
    /// By text and unit, what a person said: `accepted` or `refused`.
    said: HashMap<String, HashMap<String, String>>,
}

impl Texts {
    fn new(linker: Linker, links: &[Record], same: &Same) -> Self {
        let mut said: HashMap<String, HashMap<String, String>> = HashMap::new();
        for link in links {
            let unit = same.root(text(link, "unit")).to_owned();
            let of = said.entry(text(link, "printed").to_owned()).or_default();
            of.insert(unit, link.envelope.state.clone());
        }
        Self { linker, said }
    }

    /// The units that a printed text means: those a person accepted; and those the program finds, but for what
    /// was refused and what is no more than worth a look.
    fn meant(&self, printed: &str) -> Vec<Meant> {
        let printed = printed.trim();
        let said = self.said.get(printed);
        let is =
            |unit: &str, state: &str| said.and_then(|s| s.get(unit)).is_some_and(|s| s == state);
        let accepted = said.into_iter().flatten().filter(|(_, s)| *s == "accepted");
        let mut meant: Vec<Meant> = accepted
            .map(|(unit, _)| (unit.clone(), Confidence::High, Basis::Accepted))
            .collect();
        for link in self.linker.links(printed) {
            if is(&link.unit, "accepted") || is(&link.unit, "refused") {
                continue;
            }
            let (sure, basis) = match link.sureness {
                _ if link.exact => (Confidence::High, Basis::Exact),
                Sureness::High => (Confidence::Medium, Basis::Proposed),
                Sureness::Medium => (Confidence::Low, Basis::Proposed),
                Sureness::Low => continue,
            };
            meant.push((link.unit, sure, basis));
        }
        meant.sort_by(|a, b| a.0.cmp(&b.0));
        meant
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
        let name = &snapshot.partners[partner].name;
        let linker = self.linker(viewer, &iso3, name)?;
        let texts = Texts::new(linker, &self.links_of(viewer, &iso3)?, &same);
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
            (&texts, &forces, &titles),
        )
    }

    fn looked(
        &self,
        viewer: &Viewer,
        snapshot: &Snapshot,
        (partner, ask): (u16, &LookBack),
        (texts, forces, titles): (&Texts, &Forces, &HashMap<String, String>),
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
        let mut links: HashMap<u32, Vec<Meant>> = HashMap::new();
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
                .or_insert_with(|| texts.meant(printed));
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
            for (unit, link, basis) in meant.iter() {
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
                        basis: *basis,
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
