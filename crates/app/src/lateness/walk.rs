//! The walk over the days in memory. What is seen and counted as what is found once a class of rows; of each row
//! only its class and its two days are looked at.

use super::{
    Lateness, LatenessAsk, PAIRS,
    count::{self, Groups, Quarters},
    group::By,
};
use crate::agenda::{Agenda, Class, NO_DAY, Rows, Seen, Sight, number_of};
use jiff::civil::Date;
use std::{
    cmp::Reverse,
    collections::{BTreeSet, BinaryHeap},
};
use symbolon_domain::{label::Label, record::RecordId};

/// A late one of the list: days late, its kind's place among the pairs, its row.
type Late = (i32, Reverse<(usize, usize)>);

/// Rows of a class that are not counted.
const NOT_COUNTED: u32 = u32::MAX;

/// A row of the list behind the bars.
pub(super) struct LateRow {
    pub(super) pair: usize,
    pub(super) id: RecordId,
    pub(super) late: i32,
    pub(super) planned: i32,
    pub(super) actual: i32,
}

/// A pair of days with the places of its fields.
pub(super) struct Pair<'a> {
    pub(super) number: usize,
    pub(super) rows: &'a Rows,
    planned: usize,
    actual: usize,
    over: u64,
    /// The place of the word that is the cause of a delay.
    pub(super) cause: Option<usize>,
    /// Whether it is of training, which has no class of article.
    pub(super) training: bool,
}

/// A count under way.
pub(super) struct Walk<'a> {
    agenda: &'a Agenda,
    sight: Sight<'a>,
    by: By,
    on: i32,
    groups: Groups,
    quarters: Quarters,
    behind: Behind<'a>,
    labels: BTreeSet<&'a Label>,
}

/// The list behind the bars asked for.
struct Behind<'a> {
    ask: &'a LatenessAsk,
    /// The quarter asked for.
    quarter: Option<u32>,
    latest: BinaryHeap<Reverse<Late>>,
    total: u64,
}

/// Where rows of a class are counted.
#[derive(Clone, Copy)]
struct Place {
    /// The group of rows that have an actual day, and of those that have none.
    group: [u32; 2],
    /// Whether the group is one asked for.
    asked: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn of(agenda: &'a Agenda, sight: Sight<'a>, ask: &'a LatenessAsk, on: Date) -> Self {
        Self {
            agenda,
            sight,
            by: By::named(&ask.by),
            on: number_of(on),
            groups: Groups::default(),
            quarters: Quarters::default(),
            behind: Behind {
                ask,
                quarter: count::asked_quarter(&ask.quarter),
                latest: BinaryHeap::new(),
                total: 0,
            },
            labels: BTreeSet::new(),
        }
    }

    /// Counts a pair of days.
    pub(super) fn pair(&mut self, number: usize) {
        let Some(pair) = Pair::of(self.agenda, number) else {
            return;
        };
        let mut seen = self.sight.kind(pair.rows.def.code);
        let classes = pair.rows.classes().iter();
        let places: Vec<Place> = classes.map(|c| self.place(&pair, &mut seen, c)).collect();
        let met = self.rows(&pair, &places);
        self.labels.extend(self.sight.labels(pair.rows, &met));
    }

    /// Where rows of a class are counted, of what the viewer sees.
    fn place(&mut self, pair: &Pair<'_>, seen: &mut Seen, class: &Class) -> Place {
        let bits = seen.class(self.agenda, pair.rows, class);
        if !(bits.day(pair.planned) && bits.day(pair.actual)) {
            return Place {
                group: [NOT_COUNTED; 2],
                asked: false,
            };
        }
        let number = self.by.number(&mut self.sight, pair, bits, class);
        let group = self.groups.place(number);
        let over = pair.over & (1 << class.state) != 0;
        let asked = &self.behind.ask.group;
        Place {
            group: [group, if over { NOT_COUNTED } else { group }],
            asked: asked.is_empty() || *asked == self.by.name(self.agenda, number),
        }
    }

    /// Counts rows; which classes were met.
    fn rows(&mut self, pair: &Pair<'_>, places: &[Place]) -> Vec<bool> {
        let mut met = vec![false; places.len()];
        let (planned, actual) = (pair.rows.days(pair.planned), pair.rows.days(pair.actual));
        let days = planned.iter().zip(actual);
        for (at, (class, (planned, actual))) in pair.rows.class_of().iter().zip(days).enumerate() {
            if *planned == NO_DAY || *planned > self.on {
                continue;
            }
            let place = &places[*class as usize];
            let group = place.group[usize::from(*actual == NO_DAY)];
            if group == NOT_COUNTED {
                continue;
            }
            met[*class as usize] = true;
            let open = *actual == NO_DAY || *actual > self.on;
            let late = if open { self.on } else { *actual } - planned;
            let quarter = self.quarters.of_day(*planned);
            self.groups.add(group, late, open);
            self.quarters.add(quarter, late, open);
            if late > 0 && place.asked && self.behind.quarter.is_none_or(|q| q == quarter) {
                self.behind.add((late, Reverse((pair.number, at))));
            }
        }
        met
    }

    /// What was found, and the rows of the list.
    pub(super) fn told(self) -> (Lateness, Vec<LateRow>) {
        let (agenda, by, on) = (self.agenda, self.by, self.on);
        let latest = self.behind.latest.into_sorted_vec().into_iter();
        let latest = latest.filter_map(|Reverse(late)| late_row(agenda, late, on));
        let mut bars = self.groups.bars(|n| by.name(agenda, n));
        bars.sort_by(|a, b| b.late.cmp(&a.late).then_with(|| a.group.cmp(&b.group)));
        let found = Lateness {
            due: bars.iter().map(|b| b.due).sum(),
            bars,
            trend: self.quarters.bars(),
            behind: vec![],
            behind_total: self.behind.total,
            labels: self.labels.into_iter().cloned().collect(),
        };
        (found, latest.collect())
    }
}

impl Behind<'_> {
    /// Counts a late one, and keeps it where it is among the latest.
    fn add(&mut self, late: Late) {
        self.total += 1;
        if self.latest.len() < self.ask.most {
            self.latest.push(Reverse(late));
        } else if let Some(least) = self.latest.peek()
            && least.0 < late
        {
            self.latest.pop();
            self.latest.push(Reverse(late));
        }
    }
}

impl<'a> Pair<'a> {
    fn of(agenda: &'a Agenda, number: usize) -> Option<Self> {
        let (kind, planned, actual, over) = PAIRS[number];
        let rows = agenda.rows(kind)?;
        Some(Self {
            number,
            rows,
            planned: rows.place(planned)?,
            actual: rows.place(actual)?,
            over: rows.states(over),
            cause: rows.word_fields.iter().position(|f| *f == "delay_cause"),
            training: kind == "training_line",
        })
    }
}

fn late_row(agenda: &Agenda, late: Late, on: i32) -> Option<LateRow> {
    let (late, Reverse((number, at))) = late;
    let pair = Pair::of(agenda, number)?;
    let actual = *pair.rows.days(pair.actual).get(at)?;
    Some(LateRow {
        pair: number,
        id: pair.rows.id(at)?,
        late,
        planned: *pair.rows.days(pair.planned).get(at)?,
        actual: if actual <= on { actual } else { NO_DAY },
    })
}
