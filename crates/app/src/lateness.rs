//! Planned and actual, side by side: how late deliveries and milestones are, and why.

mod count;
mod group;
mod walk;

use crate::{
    App, Result,
    agenda::{NO_DAY, Sight, day_of},
};
use group::named;
use jiff::civil::Date;
use std::collections::{BTreeSet, HashMap};
use symbolon_access::{Action, Policy, Viewer};
use symbolon_domain::{
    kind::KindDef,
    kinds,
    label::Label,
    record::{Record, RecordId},
};
use symbolon_store::query::{RecordQuery, Test};
use walk::{LateRow, Walk};

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
        "excess_article",
        "collect_by",
        "collected",
        &["refused", "withdrawn"],
    ),
    ("drawdown", "planned_received", "received", &["rescinded"]),
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

/// Kinds with planned days.
pub(crate) fn planned() -> impl Iterator<Item = &'static str> {
    PAIRS.iter().map(|(kind, ..)| *kind)
}

/// Which planned days are asked about.
#[derive(Clone, Debug, Default)]
pub struct LatenessAsk {
    /// Grouped by `authority`, `agency`, `partner`, `commodity`, `cause` or `kind`.
    pub by: String,
    /// Of the list behind the bars: only of this group; empty: of all.
    pub group: String,
    /// Of the list behind the bars: only what was due in this quarter (`2026 Q1`); empty: in all.
    pub quarter: String,
    /// At most so many in the list.
    pub most: usize,
}

/// One planned day and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// Kind of the record.
    pub kind: &'static str,
    /// The record.
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
    /// Cause of the delay, in words.
    pub cause: String,
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
    /// Planned days that have come.
    pub due: u64,
    /// By group, most late first.
    pub bars: Vec<Bar>,
    /// By year and quarter in which it was due, oldest first.
    pub trend: Vec<Bar>,
    /// The latest of what is behind the bars asked for.
    pub behind: Vec<Dated>,
    /// How many are behind them.
    pub behind_total: u64,
    /// Labels of what it is made of.
    pub labels: BTreeSet<Label>,
}

impl App {
    /// How late planned days are up to a day, grouped: of what the viewer may see.
    ///
    /// # Errors
    /// Where the records cannot be read.
    pub fn lateness(&self, viewer: &Viewer, ask: &LatenessAsk, on: Date) -> Result<Lateness> {
        let world = self.store.world()?;
        let (mut found, latest) = self.agenda(|agenda| {
            let mut walk = Walk::of(agenda, Sight::of(agenda, viewer, &world), ask, on);
            for (number, (kind, ..)) in PAIRS.iter().enumerate() {
                if Policy::shipped().grants(viewer, Action::Read, kind) {
                    walk.pair(number);
                }
            }
            Ok(walk.told())
        })?;
        found.behind = self.called_late(viewer, &latest)?;
        Ok(found)
    }

    /// The records of the list, as the viewer sees them now.
    fn called_late(&self, viewer: &Viewer, latest: &[LateRow]) -> Result<Vec<Dated>> {
        let mut wanted: HashMap<&str, Vec<RecordId>> = HashMap::new();
        for late in latest {
            wanted.entry(PAIRS[late.pair].0).or_default().push(late.id);
        }
        let mut records = HashMap::new();
        for (kind, ids) in wanted {
            records.insert(kind, self.these(viewer, kind, ids)?);
        }
        let called = latest.iter().filter_map(|late| {
            let (kind, planned, ..) = PAIRS[late.pair];
            let record = records.get(kind)?.get(&late.id)?;
            Some(dated(kinds::by_code(kind)?, planned, record, late))
        });
        Ok(called.collect())
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

fn dated(def: &'static KindDef, planned: &str, record: &Record, late: &LateRow) -> Dated {
    let cause = record.body["delay_cause"].as_str().unwrap_or_default();
    Dated {
        kind: def.code,
        id: late.id,
        title: def.title_of(&record.envelope.code, &record.body).to_owned(),
        what: def
            .field(planned)
            .map_or(planned, |f| f.label.as_str())
            .to_owned(),
        planned: day_of(late.planned),
        actual: (late.actual != NO_DAY).then(|| day_of(late.actual)),
        late: i64::from(late.late),
        partner: record.envelope.partner.clone(),
        cause: named("delay-cause", cause).to_owned(),
    }
}
