//! My work: what is due, by when, and what happens where it lapses, computed from the records themselves.

mod calendar;
mod clocks;

use crate::{
    App, Result,
    agenda::{Agenda, Class, NO_DAY, Sight, day_of, number_of},
};
use clocks::{CLOCKS, Clock};
use jiff::{ToSpan, civil::Date};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};
use symbolon_access::{Action, Policy, Viewer};
use symbolon_domain::{
    codes,
    kind::KindDef,
    kinds,
    label::Label,
    record::{Record, RecordId},
};

/// Something due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Kind of the record.
    pub kind: &'static str,
    /// The record.
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// What is to be done.
    pub what: String,
    /// By when.
    pub by: Date,
    /// What happens where it lapses.
    pub lapse: String,
    /// Partner.
    pub partner: String,
    /// Label of the record.
    pub label: Label,
    /// The clock it comes from: the field with the day, or what counts its days.
    pub clock: &'static str,
}

/// What is asked of *My work*.
#[derive(Clone, Debug, Default)]
pub struct DueAsk {
    /// Days ahead.
    pub ahead: i64,
    /// Only of this kind of record; empty: of all.
    pub kind: String,
    /// At most so many of each part.
    pub most: usize,
}

/// What is past its day, or to come.
#[derive(Clone, Debug, Default)]
pub struct DuePart {
    /// The soonest, oldest first.
    pub list: Vec<Due>,
    /// How many there are.
    pub total: u64,
}

/// What is due.
#[derive(Clone, Debug, Default)]
pub struct Dues {
    /// Past its day.
    pub late: DuePart,
    /// To come.
    pub ahead: DuePart,
    /// How many are due, by kind of record.
    pub kinds: BTreeMap<&'static str, u64>,
    /// Labels of all of them.
    pub labels: BTreeSet<Label>,
}

/// What a record is called in a list of several kinds. A stretch of a case has no title of its own.
pub(crate) fn called(kind: &KindDef, record: &Record) -> String {
    let title = kind.title_of(&record.envelope.code, &record.body);
    if kind.code == "case_phase" {
        let phase = record.body["phase"].as_str().unwrap_or_default();
        let phase = codes::list("case-phase").map_or(phase, |l| l.name_of(phase));
        return format!("{phase}: {title}");
    }
    title.to_owned()
}

/// Kinds with a clock.
pub(crate) fn clocked() -> impl Iterator<Item = &'static str> {
    CLOCKS.iter().map(|c| c.kind)
}

/// A clock that runs: its day, its place among the clocks, its row.
type Running = (i32, usize, usize);

/// The soonest of a part, and how many it has.
#[derive(Default)]
struct Soonest {
    heap: BinaryHeap<Running>,
    total: u64,
}

impl Soonest {
    fn add(&mut self, running: Running, most: usize) {
        self.total += 1;
        if self.heap.len() < most {
            self.heap.push(running);
        } else if let Some(mut last) = self.heap.peek_mut()
            && running < *last
        {
            *last = running;
        }
    }
}

/// What runs: parts by whether the day is past, kinds, labels.
#[derive(Default)]
struct Found {
    parts: [Soonest; 2],
    kinds: BTreeMap<&'static str, u64>,
    labels: BTreeSet<Label>,
}

/// Whether records of a kind are the viewer's to write, move or approve.
fn mine(viewer: &Viewer, kind: &str) -> bool {
    let mut ways = [Action::Write, Action::Transition, Action::Approve].into_iter();
    let policy = Policy::shipped();
    policy.grants(viewer, Action::Read, kind) && ways.any(|a| policy.grants(viewer, a, kind))
}

impl App {
    /// What is due up to some days ahead, oldest first: of the records the viewer may move or write.
    ///
    /// # Errors
    /// Where the records cannot be read.
    pub fn my_work(&self, viewer: &Viewer, ask: &DueAsk) -> Result<Dues> {
        let world = self.store.world()?;
        let (found, rows) = self.agenda(|agenda| {
            let mut sight = Sight::of(agenda, viewer, &world);
            let found = running(agenda, &mut sight, viewer, ask);
            let rows = found.parts.each_ref().map(|part| rows(agenda, part));
            Ok((found, rows))
        })?;
        let [late, ahead] = rows;
        let [late_total, ahead_total] = found.parts.map(|p| p.total);
        let mut all = Dues {
            late: DuePart {
                list: self.called_due(viewer, &late)?,
                total: late_total,
            },
            ahead: DuePart {
                list: self.called_due(viewer, &ahead)?,
                total: ahead_total,
            },
            kinds: found.kinds,
            labels: found.labels,
        };
        for due in self.notices_due(viewer)? {
            all.add(due, viewer.today, ask);
        }
        for part in [&mut all.late, &mut all.ahead] {
            part.list
                .sort_by(|a, b| a.by.cmp(&b.by).then_with(|| a.title.cmp(&b.title)));
            part.list.truncate(ask.most);
        }
        Ok(all)
    }

    /// The records of clocks, as the viewer sees them now.
    fn called_due(&self, viewer: &Viewer, rows: &[(usize, RecordId, Date)]) -> Result<Vec<Due>> {
        let mut wanted: HashMap<&str, Vec<RecordId>> = HashMap::new();
        for (clock, id, _) in rows {
            wanted.entry(CLOCKS[*clock].kind).or_default().push(*id);
        }
        let mut records = HashMap::new();
        for (kind, ids) in wanted {
            records.insert(kind, self.these(viewer, kind, ids)?);
        }
        let called = rows.iter().filter_map(|(clock, id, day)| {
            let clock = &CLOCKS[*clock];
            let record = records.get(clock.kind)?.get(id)?;
            Some(due(clock, record, *day))
        });
        Ok(called.collect())
    }

    /// Notices whose days run: the day on which they have run, by the law.
    fn notices_due(&self, viewer: &Viewer) -> Result<Vec<Due>> {
        let kind = kinds::by_code("notice");
        let (Some(kind), true) = (
            kind,
            Policy::shipped().grants(viewer, Action::Transition, "notice"),
        ) else {
            return Ok(vec![]);
        };
        let mut all = vec![];
        for record in self.in_state(viewer, "notice", &["notified"])? {
            let shut = self.shut(kind, &record, "clear")?;
            let last = shut.iter().filter_map(|r| r.earliest.parse::<Date>().ok());
            all.push(Due {
                kind: "notice",
                id: record.envelope.id,
                title: called(kind, &record),
                what: "Record that the days of the notice have run".to_owned(),
                by: last.max().unwrap_or(viewer.today),
                lapse: "Nothing that waits for it can begin".to_owned(),
                partner: record.envelope.partner.clone(),
                label: record.envelope.label.clone(),
                clock: "days",
            });
        }
        Ok(all)
    }
}

impl Dues {
    /// Adds what no field's clock says.
    fn add(&mut self, due: Due, today: Date, ask: &DueAsk) {
        *self.kinds.entry(due.kind).or_default() += 1;
        if !(ask.kind.is_empty() || ask.kind == due.kind) {
            return;
        }
        self.labels.insert(due.label.clone());
        let part = if due.by < today {
            &mut self.late
        } else {
            &mut self.ahead
        };
        part.total += 1;
        part.list.push(due);
    }
}

/// Every clock that runs up to the last day asked about.
fn running(agenda: &Agenda, sight: &mut Sight<'_>, viewer: &Viewer, ask: &DueAsk) -> Found {
    let until = number_of(viewer.today.saturating_add(ask.ahead.days()));
    let today = number_of(viewer.today);
    let mut found = Found::default();
    for (number, clock) in CLOCKS
        .iter()
        .enumerate()
        .filter(|(_, c)| mine(viewer, c.kind))
    {
        let Some(rows) = agenda.rows(clock.kind) else {
            continue;
        };
        let Some(place) = rows.place(clock.field) else {
            continue;
        };
        let (states, mut seen) = (rows.states(clock.states), sight.kind(clock.kind));
        let runs =
            |c: &Class| states & (1 << c.state) != 0 && seen.class(agenda, rows, c).day(place);
        let runs: Vec<bool> = rows.classes().iter().map(runs).collect();
        let wanted = ask.kind.is_empty() || ask.kind == clock.kind;
        let (mut count, mut met) = (0, vec![false; runs.len()]);
        for (at, (class, day)) in rows.class_of().iter().zip(rows.days(place)).enumerate() {
            let class = *class as usize;
            if !runs[class] || *day == NO_DAY || *day > until {
                continue;
            }
            count += 1;
            if wanted {
                met[class] = true;
                found.parts[usize::from(*day >= today)].add((*day, number, at), ask.most);
            }
        }
        if count > 0 {
            *found.kinds.entry(clock.kind).or_default() += count;
        }
        found.labels.extend(sight.labels(rows, &met).cloned());
    }
    found
}

/// Clock, record and day of the soonest of a part.
fn rows(agenda: &Agenda, part: &Soonest) -> Vec<(usize, RecordId, Date)> {
    let named = |(day, clock, at): &Running| {
        let rows = agenda.rows(CLOCKS[*clock].kind)?;
        Some((*clock, rows.id(*at)?, day_of(*day)))
    };
    part.heap.iter().filter_map(named).collect()
}

fn due(c: &Clock, record: &Record, by: Date) -> Due {
    Due {
        kind: c.kind,
        id: record.envelope.id,
        title: kinds::by_code(c.kind).map_or(String::new(), |k| called(k, record)),
        what: c.what.to_owned(),
        by,
        lapse: c.lapse.to_owned(),
        partner: record.envelope.partner.clone(),
        label: record.envelope.label.clone(),
        clock: c.field,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use symbolon_domain::kind::FieldType;

    #[test]
    fn every_clock_is_a_day_of_a_state_that_exists() {
        for c in CLOCKS {
            let kind = kinds::by_code(c.kind).unwrap();
            assert_eq!(
                kind.field(c.field).map(|f| &f.field_type),
                Some(&FieldType::Date),
                "{}.{}",
                c.kind,
                c.field
            );
            assert!(
                c.states.iter().all(|s| kind.states.contains(s)),
                "{}",
                c.kind
            );
        }
    }
}
