//! Planned and actual, side by side: how late deliveries and milestones are, and why.

mod count;
mod group;

use crate::{
    App, Result,
    agenda::{Agenda, NO_DAY, Row, Rows, Seen, Sight, day_of, number_of},
};
use count::Quarters;
use group::{By, Grouping, named};
use jiff::civil::Date;
use std::{
    cmp::Reverse,
    collections::{BTreeSet, BinaryHeap, HashMap},
};
use symbolon_access::{Action, Policy, Viewer};
use symbolon_domain::{
    kind::KindDef,
    kinds,
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

/// A late one of the list: days late, its kind's place among the pairs, its row.
type Late = Reverse<(i32, Reverse<(usize, usize)>)>;

/// A count under way.
struct Counting<'a> {
    agenda: &'a Agenda,
    sight: Sight<'a>,
    ask: &'a LatenessAsk,
    by: By,
    on: i32,
    grouping: Grouping,
    quarters: Quarters,
    /// The quarter asked for.
    quarter: Option<u32>,
    /// By place of a group: whether it is the one asked for.
    chosen: Vec<bool>,
    used: Vec<bool>,
    behind: BinaryHeap<Late>,
    behind_total: u64,
}

/// A pair of days with the places of its fields.
struct Pair<'a> {
    number: usize,
    rows: &'a Rows,
    planned: usize,
    actual: usize,
    over: u64,
    /// The place of the word that is the cause of a delay.
    cause: Option<usize>,
    /// Whether it is of training, which has no class of article.
    training: bool,
}

impl App {
    /// How late planned days are up to a day, grouped: of what the viewer may see.
    ///
    /// # Errors
    /// Where the records cannot be read.
    pub fn lateness(&self, viewer: &Viewer, ask: &LatenessAsk, on: Date) -> Result<Lateness> {
        let world = self.store.world()?;
        let (mut found, latest) = self.agenda(|agenda| {
            let by = By::named(&ask.by);
            let mut counting = Counting {
                agenda,
                sight: Sight::of(agenda, viewer, &world),
                ask,
                by,
                on: number_of(on),
                grouping: Grouping::of(agenda, by),
                quarters: Quarters::default(),
                quarter: asked_quarter(&ask.quarter),
                chosen: vec![],
                used: agenda.no_stamps(),
                behind: BinaryHeap::new(),
                behind_total: 0,
            };
            for (number, (kind, ..)) in PAIRS.iter().enumerate() {
                if Policy::shipped().grants(viewer, Action::Read, kind) {
                    counting.pair(number);
                }
            }
            Ok(counting.told())
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

/// A row of the list behind the bars.
struct LateRow {
    pair: usize,
    id: RecordId,
    late: i32,
    planned: i32,
    actual: i32,
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

impl Counting<'_> {
    fn pair(&mut self, number: usize) {
        let (kind, planned, actual, over) = PAIRS[number];
        let Some(rows) = self.agenda.rows(kind) else {
            return;
        };
        let (Some(planned), Some(actual)) = (rows.place(planned), rows.place(actual)) else {
            return;
        };
        let pair = Pair {
            number,
            rows,
            planned,
            actual,
            over: rows.states(over),
            cause: rows.word_fields.iter().position(|f| *f == "delay_cause"),
            training: kind == "training_line",
        };
        let mut seen = self.sight.kind(kind);
        for (at, row) in rows.all.iter().enumerate() {
            let planned = rows.day(at, pair.planned);
            if planned != NO_DAY && planned <= self.on {
                self.row(&pair, &mut seen, (at, row));
            }
        }
    }

    fn row(&mut self, pair: &Pair<'_>, seen: &mut Seen, (at, row): (usize, &Row)) {
        let bits = seen.row(self.agenda, pair.rows, row);
        if !(bits.day(pair.planned) && bits.day(pair.actual)) {
            return;
        }
        let planned = pair.rows.day(at, pair.planned);
        let actual = pair.rows.day(at, pair.actual);
        if actual == NO_DAY && pair.over & (1 << row.state) != 0 {
            return;
        }
        self.used[row.stamp as usize] = true;
        let actual = if actual <= self.on { actual } else { NO_DAY };
        let until = if actual == NO_DAY { self.on } else { actual };
        let late = until - planned;
        let group = self.grouping.place(&mut self.sight, pair, bits, row);
        let quarter = count::quarter(planned);
        self.grouping.groups.add(group, late, actual == NO_DAY);
        self.quarters.add(quarter, late, actual == NO_DAY);
        if late > 0 && self.asked(group, quarter) {
            self.behind_total += 1;
            self.keep((late, Reverse((pair.number, at))));
        }
    }

    /// Keeps a late one where it is among the latest.
    fn keep(&mut self, late: (i32, Reverse<(usize, usize)>)) {
        if self.behind.len() < self.ask.most {
            self.behind.push(Reverse(late));
        } else if let Some(mut least) = self.behind.peek_mut()
            && least.0 < late
        {
            *least = Reverse(late);
        }
    }

    /// Whether a row is behind the bars asked for.
    fn asked(&mut self, group: usize, quarter: u32) -> bool {
        if self.quarter.is_some_and(|q| q != quarter) {
            return false;
        }
        if self.ask.group.is_empty() {
            return true;
        }
        for place in self.chosen.len()..=group {
            let number = self.grouping.groups.number(place);
            let name = self.by.name(self.agenda, number);
            self.chosen.push(name == self.ask.group);
        }
        self.chosen[group]
    }

    fn told(self) -> (Lateness, Vec<LateRow>) {
        let (agenda, by, groups) = (self.agenda, self.by, self.grouping.groups);
        let latest = self.behind.into_sorted_vec().into_iter();
        let latest = latest.filter_map(|Reverse((late, Reverse((pair, at))))| {
            late_row(agenda, (pair, at), late, self.on)
        });
        let latest = latest.collect();
        let due = groups.due();
        let mut bars = groups.bars(|n| by.name(agenda, n));
        bars.sort_by(|a, b| b.late.cmp(&a.late).then_with(|| a.group.cmp(&b.group)));
        let found = Lateness {
            due,
            bars,
            trend: self.quarters.bars(),
            behind: vec![],
            behind_total: self.behind_total,
            labels: self.sight.labels(&self.used).cloned().collect(),
        };
        (found, latest)
    }
}

/// The number of a quarter as [`count::quarter_name`] writes it; of anything else, a number that no quarter has.
fn asked_quarter(words: &str) -> Option<u32> {
    if words.is_empty() {
        return None;
    }
    let found = words.split_once(" Q").and_then(|(year, quarter)| {
        let quarter: u32 = quarter.parse().ok()?;
        (1..=4)
            .contains(&quarter)
            .then_some(year.parse::<u32>().ok()?.checked_mul(4)? + quarter - 1)
    });
    Some(found.unwrap_or(u32::MAX))
}

fn late_row(agenda: &Agenda, (pair, at): (usize, usize), late: i32, on: i32) -> Option<LateRow> {
    let (kind, planned, actual, _) = PAIRS.get(pair)?;
    let rows = agenda.rows(kind)?;
    let actual = rows.day(at, rows.place(actual)?);
    Some(LateRow {
        pair,
        id: rows.all.get(at)?.id,
        late,
        planned: rows.day(at, rows.place(planned)?),
        actual: if actual <= on { actual } else { NO_DAY },
    })
}
