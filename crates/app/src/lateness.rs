//! Planned and actual, side by side: how late deliveries and milestones are, and why.

use crate::{App, Result};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use symbolon_access::{Action, Policy, Viewer};
use symbolon_domain::{
    codes, kinds,
    label::Label,
    record::{Record, RecordId},
};
use symbolon_store::query::{RecordQuery, Test};

/// Planned and actual days that are compared: kind, planned, actual, and the states in which it is over
/// without having happened.
const PAIRS: &[(&str, &str, &str, &[&str])] = &[
    ("milestone", "planned", "actual", &["dropped"]),
    ("case", "offer_due", "offered", &["cancelled"]),
    ("shipment", "planned_shipped", "shipped", &["cancelled"]),
    ("shipment", "planned_arrived", "arrived", &["cancelled"]),
    (
        "shipment",
        "planned_handed_over",
        "handed_over",
        &["cancelled"],
    ),
    (
        "training_line",
        "planned_from",
        "actual_from",
        &["cancelled"],
    ),
    (
        "advisory_visit",
        "planned_from",
        "actual_from",
        &["cancelled"],
    ),
];

/// One planned day and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// Kind of the record.
    pub kind: &'static str,
    /// The record: id and title.
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// What was planned.
    pub what: String,
    /// The day planned.
    pub planned: Date,
    /// The day it was; none: not yet.
    pub actual: Option<Date>,
    /// Days late by the day asked; nought or less: in time.
    pub late: i64,
    /// Partner.
    pub partner: String,
    /// Authority, in words; empty where none is recorded.
    pub authority: String,
    /// Implementing agency, in words.
    pub agency: String,
    /// Class of article, in words.
    pub commodity: String,
    /// Cause of the delay, in words.
    pub cause: String,
}

impl Dated {
    /// Its value in a grouping: `authority`, `agency`, `partner`, `commodity`, `cause` or `kind`.
    #[must_use]
    pub fn group(&self, by: &str) -> &str {
        let word = match by {
            "agency" => &self.agency,
            "partner" => &self.partner,
            "commodity" => &self.commodity,
            "cause" => &self.cause,
            "kind" => self.kind,
            _ => &self.authority,
        };
        if word.is_empty() {
            "not recorded"
        } else {
            word
        }
    }

    /// The year and quarter in which it was due.
    #[must_use]
    pub fn quarter(&self) -> String {
        quarter(self.planned)
    }
}

/// One bar: how many were due, how many late, and by how much.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bar {
    /// The group.
    pub group: String,
    /// Days that were planned up to the day asked.
    pub due: u64,
    /// Of these, late: done late, or not done.
    pub late: u64,
    /// Of the late ones, still not done.
    pub open: u64,
    /// Median of the days late, of the late ones.
    pub median: i64,
}

/// Lateness of the portfolio.
#[derive(Clone, Debug, Default)]
pub struct Lateness {
    /// Every planned day that has come.
    pub all: Vec<Dated>,
    /// By group, most late first.
    pub bars: Vec<Bar>,
    /// By year and quarter in which it was due, oldest first.
    pub trend: Vec<Bar>,
    /// Labels of what it is made of.
    pub labels: BTreeSet<Label>,
}

fn bar(group: &str, of: &[&Dated]) -> Bar {
    let mut days: Vec<i64> = of.iter().map(|d| d.late).filter(|l| *l > 0).collect();
    days.sort_unstable();
    let late = |d: &&&Dated| d.late > 0;
    Bar {
        group: group.to_owned(),
        due: of.len() as u64,
        late: days.len() as u64,
        open: of
            .iter()
            .filter(late)
            .filter(|d| d.actual.is_none())
            .count() as u64,
        median: days.get(days.len() / 2).copied().unwrap_or(0),
    }
}

/// Bars of the days by a group.
fn bars<'d>(all: &'d [Dated], by: impl Fn(&'d Dated) -> String) -> Vec<Bar> {
    let mut groups: BTreeMap<String, Vec<&Dated>> = BTreeMap::new();
    for d in all {
        groups.entry(by(d)).or_default().push(d);
    }
    groups.iter().map(|(g, of)| bar(g, of)).collect()
}

fn quarter(day: Date) -> String {
    format!("{} Q{}", day.year(), (day.month() + 2) / 3)
}

fn word(list: &str, code: &Record, field: &str) -> String {
    let code = code.body[field].as_str().unwrap_or_default();
    codes::list(list)
        .map_or(code, |l| l.name_of(code))
        .to_owned()
}

/// Cases and lines above a record, read once.
#[derive(Default)]
struct Above {
    of: HashMap<(&'static str, RecordId), Option<Record>>,
}

impl Above {
    fn get(
        &mut self,
        app: &App,
        viewer: &Viewer,
        kind: &'static str,
        from: &Record,
        field: &str,
    ) -> Result<Option<Record>> {
        let Some(id) = crate::gates::reference(&from.body, field) else {
            return Ok(None);
        };
        if let Some(found) = self.of.get(&(kind, id)) {
            return Ok(found.clone());
        }
        let found = app.store.get(viewer, kind, id)?;
        self.of.insert((kind, id), found.clone());
        Ok(found)
    }
}

impl App {
    /// How late planned days are up to a day, grouped: of what the viewer may see.
    ///
    /// # Errors
    /// Where the records cannot be read.
    pub fn lateness(&self, viewer: &Viewer, by: &str, on: Date) -> Result<Lateness> {
        let mut above = Above::default();
        let (mut all, mut labels) = (vec![], BTreeSet::new());
        for (kind, planned, actual, over) in PAIRS {
            if !Policy::shipped().grants(viewer, Action::Read, kind) {
                continue;
            }
            let query = RecordQuery::default().when(planned, Test::UpTo(on.to_string()));
            for record in self.store.list(viewer, kind, &query)? {
                if over.contains(&record.envelope.state.as_str()) && record.body[*actual].is_null()
                {
                    continue;
                }
                all.extend(self.dated(viewer, (kind, planned, actual), &record, &mut above, on)?);
                if !labels.contains(&record.envelope.label) {
                    labels.insert(record.envelope.label);
                }
            }
        }
        all.sort_by(|a, b| b.late.cmp(&a.late).then_with(|| a.title.cmp(&b.title)));
        let mut grouped = bars(&all, |d| d.group(by).to_owned());
        grouped.sort_by(|a, b| b.late.cmp(&a.late).then_with(|| a.group.cmp(&b.group)));
        let trend = bars(&all, |d| quarter(d.planned));
        Ok(Lateness {
            bars: grouped,
            trend,
            all,
            labels,
        })
    }

    fn dated(
        &self,
        viewer: &Viewer,
        (kind, planned, actual): (&'static str, &'static str, &'static str),
        record: &Record,
        above: &mut Above,
        on: Date,
    ) -> Result<Option<Dated>> {
        let day = |field: &str| {
            record.body[field]
                .as_str()
                .and_then(|d| d.parse::<Date>().ok())
        };
        let (Some(plan), Some(def)) = (day(planned), kinds::by_code(kind)) else {
            return Ok(None);
        };
        let was = day(actual).filter(|d| *d <= on);
        let mut commodity = String::new();
        let case = match kind {
            "case" => Some(record.clone()),
            "shipment" => match above.get(self, viewer, "case_line", record, "line")? {
                Some(line) => {
                    commodity = word("commodity", &line, "commodity");
                    above.get(self, viewer, "case", &line, "case")?
                }
                None => None,
            },
            _ => above.get(self, viewer, "case", record, "case")?,
        };
        if kind == "training_line" {
            commodity = "Training".to_owned();
        }
        let held = case.as_ref().unwrap_or(record);
        let late = (was.unwrap_or(on) - plan).get_days();
        Ok(Some(Dated {
            kind,
            id: record.envelope.id,
            title: def.title_of(&record.envelope.code, &record.body).to_owned(),
            what: def
                .field(planned)
                .map_or(planned, |f| f.label.as_str())
                .to_owned(),
            planned: plan,
            actual: was,
            late: i64::from(late),
            partner: record.envelope.partner.clone(),
            authority: word("assistance-authority", held, "authority"),
            agency: word("implementing-agency", held, "implementing_agency"),
            commodity,
            cause: word("delay-cause", record, "delay_cause"),
        }))
    }

    /// Records of a kind in a state, of what the viewer may read.
    pub(crate) fn in_state(
        &self,
        viewer: &Viewer,
        kind: &str,
        states: &[&str],
    ) -> Result<Vec<Record>> {
        if !Policy::shipped().grants(viewer, Action::Read, kind) {
            return Ok(vec![]);
        }
        let among = states.iter().map(|s| (*s).to_owned()).collect();
        let query = RecordQuery::default().when("state", Test::Among(among));
        Ok(self.store.list(viewer, kind, &query)?)
    }
}
