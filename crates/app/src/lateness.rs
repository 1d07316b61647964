//! Planned and actual, side by side: how late deliveries and milestones are, and why.

mod count;

use crate::{
    App, Result,
    agenda::{Agenda, Bits, NO_DAY, Row, Rows, Seen, Sight, day_of, number_of},
};
use count::{Groups, quarter_name};
use jiff::civil::Date;
use rustc_hash::FxHashMap;
use std::{
    cmp::Reverse,
    collections::{BTreeSet, BinaryHeap},
};
use symbolon_access::{Action, Policy, Viewer};
use symbolon_domain::{
    codes,
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
    on: i32,
    groups: Groups,
    quarters: Groups,
    /// The quarter asked for.
    quarter: Option<u32>,
    /// Whether a group is the one asked for, of those that were compared.
    chosen: FxHashMap<u32, bool>,
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
}

impl App {
    /// How late planned days are up to a day, grouped: of what the viewer may see.
    ///
    /// # Errors
    /// Where the records cannot be read.
    pub fn lateness(&self, viewer: &Viewer, ask: &LatenessAsk, on: Date) -> Result<Lateness> {
        let world = self.store.world()?;
        let (mut found, latest) = self.agenda(|agenda| {
            let mut counting = Counting {
                agenda,
                sight: Sight::of(agenda, viewer, &world),
                ask,
                on: number_of(on),
                groups: Groups::default(),
                quarters: Groups::default(),
                quarter: asked_quarter(&ask.quarter),
                chosen: FxHashMap::default(),
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
        let mut all = vec![];
        for late in latest {
            let (kind, planned, actual, _) = &PAIRS[late.pair];
            let Some(def) = kinds::by_code(kind) else {
                continue;
            };
            if let Some(record) = self.store.get(viewer, kind, late.id)? {
                all.push(dated(def, (planned, actual), &record, late));
            }
        }
        Ok(all)
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

fn dated(
    def: &'static KindDef,
    (planned, _): (&str, &str),
    record: &Record,
    late: &LateRow,
) -> Dated {
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
        cause: name("delay-cause", cause),
    }
}

fn name(list: &str, code: &str) -> String {
    codes::list(list)
        .map_or(code, |l| l.name_of(code))
        .to_owned()
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
        let group = self.group(pair, bits, row);
        let quarter = count::quarter(planned);
        self.groups.add(group, late, actual == NO_DAY);
        self.quarters.add(quarter, late, actual == NO_DAY);
        if late > 0 && self.asked(group, quarter) {
            self.behind_total += 1;
            self.behind
                .push(Reverse((late, Reverse((pair.number, at)))));
            if self.behind.len() > self.ask.most {
                self.behind.pop();
            }
        }
    }

    /// The number of the group of a row.
    fn group(&mut self, pair: &Pair<'_>, bits: Bits, row: &Row) -> u32 {
        match self.ask.by.as_str() {
            "kind" => u32::try_from(pair.number).unwrap_or(0),
            "partner" => self.agenda.partner(row),
            "cause" => {
                let place = pair
                    .rows
                    .word_fields
                    .iter()
                    .position(|f| *f == "delay_cause");
                place.filter(|p| bits.word(*p)).map_or(0, |p| row.words[p])
            }
            "commodity" if pair.rows.def.code == "training_line" => TRAINING,
            by => {
                let above = self.sight.above(pair.rows, bits, row);
                match by {
                    "agency" => above.agency,
                    "commodity" => above.commodity,
                    _ => above.authority,
                }
            }
        }
    }

    /// Whether a row is behind the bars asked for.
    fn asked(&mut self, group: u32, quarter: u32) -> bool {
        let ask = self.ask;
        let agenda = self.agenda;
        self.quarter.is_none_or(|q| q == quarter)
            && (ask.group.is_empty()
                || *self
                    .chosen
                    .entry(group)
                    .or_insert_with(|| ask.group == group_name(agenda, &ask.by, group)))
    }

    fn told(self) -> (Lateness, Vec<LateRow>) {
        let (agenda, by) = (self.agenda, &self.ask.by);
        let latest = self.behind.into_sorted_vec().into_iter();
        let latest = latest.filter_map(|Reverse((late, Reverse((pair, at))))| {
            late_row(agenda, (pair, at), late, self.on)
        });
        let latest = latest.collect();
        let due = self.groups.due();
        let mut bars = self.groups.bars(|n| group_name(agenda, by, n));
        bars.sort_by(|a, b| b.late.cmp(&a.late).then_with(|| a.group.cmp(&b.group)));
        let found = Lateness {
            due,
            bars,
            trend: self.quarters.bars(quarter_name),
            behind: vec![],
            behind_total: self.behind_total,
            labels: self.sight.labels(&self.used).cloned().collect(),
        };
        (found, latest)
    }
}

/// The number of a quarter as [`quarter_name`] writes it; of anything else, a number that no quarter has.
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

/// The group of training lines among classes of articles.
const TRAINING: u32 = u32::MAX;

/// A group in words.
fn group_name(agenda: &Agenda, by: &str, number: u32) -> String {
    let found = match by {
        "kind" => PAIRS
            .get(number as usize)
            .map_or("", |(kind, ..)| kind)
            .to_owned(),
        "partner" => agenda.word(number).to_owned(),
        "commodity" if number == TRAINING => "Training".to_owned(),
        by => name(list_of(by), agenda.word(number)),
    };
    if found.is_empty() {
        "not recorded".to_owned()
    } else {
        found
    }
}

fn list_of(by: &str) -> &'static str {
    match by {
        "agency" => "implementing-agency",
        "commodity" => "commodity",
        "cause" => "delay-cause",
        _ => "assistance-authority",
    }
}
