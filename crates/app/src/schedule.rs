//! The days of a programme on one line of time: planned beside actual, and the days that the law makes it
//! wait. Of an initiative, a case, any other record of the thread, or a whole partner.

use crate::{App, AppError, Moment, Result, work::called};
use jiff::civil::Date;
use symbolon_access::{Action, Policy, Viewer};
use symbolon_domain::{
    kind::{DELETED, KindDef},
    kinds,
    label::Label,
    record::{Record, RecordId},
};
use symbolon_store::query::{RecordQuery, Test, Value};

/// At most so many lines are read of a kind for a partner; the lists have the rest.
const MOST: u32 = 200;

/// The fields of a kind that say from when to when, as planned and as it was. One field alone is a day.
struct Span {
    kind: &'static str,
    planned: (&'static str, &'static str),
    actual: (&'static str, &'static str),
    /// States in which what has begun goes on.
    running: &'static [&'static str],
}

const fn span(
    kind: &'static str,
    planned: (&'static str, &'static str),
    actual: (&'static str, &'static str),
    running: &'static [&'static str],
) -> Span {
    Span {
        kind,
        planned,
        actual,
        running,
    }
}

/// In the order in which they are shown.
const SPANS: &[Span] = &[
    span("indicator", ("baseline_on", "target_on"), ("", ""), &[]),
    span("objective", ("due", ""), ("", ""), &[]),
    span("milestone", ("planned", ""), ("actual", ""), &[]),
    span("commitment", ("due", ""), ("", ""), &[]),
    span(
        "fund_source",
        ("available_from", "obligate_by"),
        ("", ""),
        &[],
    ),
    span("notice", ("", ""), ("received", ""), &[]),
    span(
        "case",
        ("request_complete", "planned_complete"),
        ("accepted", ""),
        &["accepted", "implemented", "suspended"],
    ),
    span(
        "case_document",
        ("sent", "expires"),
        ("sent", "signed"),
        &[],
    ),
    span(
        "case_phase",
        ("begun", "due"),
        ("begun", "ended"),
        &["running"],
    ),
    span("vetting_request", ("needed_by", ""), ("", ""), &[]),
    span(
        "case_line",
        ("planned_from", "planned_until"),
        ("", ""),
        &[],
    ),
    span(
        "shipment",
        ("planned_shipped", "planned_handed_over"),
        ("shipped", "handed_over"),
        &["shipped", "arrived"],
    ),
    span(
        "excess_article",
        ("requested", "collect_by"),
        ("requested", "transferred"),
        &[
            "requested",
            "screened",
            "worksheet",
            "interagency",
            "notified",
            "authorized",
            "offered",
            "pickup",
        ],
    ),
    span(
        "drawdown",
        ("directed", "planned_received"),
        ("directed", "received"),
        &["directed", "ordered", "sourced", "valued", "shipped"],
    ),
    span(
        "training_line",
        ("planned_from", "planned_until"),
        ("actual_from", "actual_until"),
        &["started"],
    ),
    span(
        "travel_order",
        ("travel_from", "travel_until"),
        ("", "returned"),
        &[],
    ),
    span(
        "advisory_visit",
        ("planned_from", ""),
        ("actual_from", "actual_until"),
        &["under_way"],
    ),
];

/// From a day to a day, both of them in it; the same twice is one day.
pub type Stretch = (Date, Date);

/// Days that the law makes somebody wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// From when to when.
    pub days: Stretch,
    /// The rule.
    pub rule: String,
    /// Its clause.
    pub clause: String,
}

/// One record on the line of time.
#[derive(Clone, Debug)]
pub struct Stretches {
    /// Its kind.
    pub kind: &'static KindDef,
    /// The record.
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// Its state.
    pub state: String,
    /// As planned.
    pub planned: Option<Stretch>,
    /// As it was, up to today where it goes on.
    pub actual: Option<Stretch>,
    /// Whether it goes on.
    pub running: bool,
    /// What the law makes it wait for.
    pub waits: Vec<Wait>,
    /// Its label.
    pub label: Label,
}

/// A schedule.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// Kind of the record it is about.
    pub kind: &'static KindDef,
    /// The record.
    pub here: Record,
    /// Lines, kind by kind, oldest first.
    pub lines: Vec<Stretches>,
    /// The day it is.
    pub today: Date,
    /// Whether there is more than is shown.
    pub cut: bool,
}

impl Schedule {
    /// The first and the last day on it, today among them.
    #[must_use]
    pub fn bounds(&self) -> Stretch {
        let all = self.lines.iter().flat_map(|l| {
            let waits = l.waits.iter().map(|w| w.days);
            l.planned.into_iter().chain(l.actual).chain(waits)
        });
        all.fold((self.today, self.today), |(from, until), (a, b)| {
            (from.min(a), until.max(b))
        })
    }
}

fn day(record: &Record, field: &str) -> Option<Date> {
    record.body[field].as_str().and_then(|d| d.parse().ok())
}

/// From the first of two fields to the second; where one says nothing, the other is the day.
fn stretch(record: &Record, (from, until): (&str, &str)) -> Option<Stretch> {
    match (day(record, from), day(record, until)) {
        (Some(a), Some(b)) => Some((a, b.max(a))),
        (Some(a), None) | (None, Some(a)) => Some((a, a)),
        (None, None) => None,
    }
}

impl App {
    /// The schedule of a record, of what the viewer may see.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the viewer sees no such record.
    pub fn schedule(&self, viewer: &Viewer, kind: &str, id: &str) -> Result<Schedule> {
        let def = kinds::by_code(kind).ok_or(AppError::NotFound("record"))?;
        let (here, records, cut) = if def.code == "partner" {
            let here = self.record_only(viewer, kind, id, Moment::default())?;
            let (records, cut) = self.of_partner(viewer, &here)?;
            (here, records, cut)
        } else {
            let thread = self.thread(viewer, kind, id)?;
            let near = thread.up.into_iter().chain(thread.down).map(|k| k.record);
            let records = near.chain([thread.here.clone()]).collect();
            (thread.here, records, thread.cut)
        };
        let mut lines = vec![];
        for span in SPANS {
            let of = |r: &&Record| r.envelope.kind == span.kind && r.envelope.state != DELETED;
            let mut mine = vec![];
            for record in records.iter().filter(of) {
                mine.extend(self.stretches(viewer, span, record)?);
            }
            mine.sort_by_key(|l| l.planned.or(l.actual));
            lines.extend(mine);
        }
        Ok(Schedule {
            kind: def,
            here,
            lines,
            today: viewer.today,
            cut,
        })
    }

    fn of_partner(&self, viewer: &Viewer, partner: &Record) -> Result<(Vec<Record>, bool)> {
        let iso3 = partner.body["iso3"].as_str().unwrap_or_default();
        let (mut all, mut cut) = (vec![], false);
        for span in SPANS.iter().filter(|s| s.kind != "fund_source") {
            if !Policy::shipped().grants(viewer, Action::Read, span.kind) {
                continue;
            }
            let query = RecordQuery {
                limit: MOST,
                ..RecordQuery::default()
            };
            let query = query.when("partner", Test::Is(Value::Text(iso3.to_owned())));
            let found = self.store.list(viewer, span.kind, &query)?;
            cut |= found.len() as u64 >= u64::from(MOST);
            all.extend(found);
        }
        Ok((all, cut))
    }

    fn stretches(
        &self,
        viewer: &Viewer,
        span: &Span,
        record: &Record,
    ) -> Result<Option<Stretches>> {
        let Some(kind) = kinds::by_code(span.kind) else {
            return Ok(None);
        };
        let state = record.envelope.state.clone();
        let running = span.running.contains(&state.as_str());
        let planned = stretch(record, span.planned);
        let begun = match span.kind {
            // An order was travelled on once it says so; its days are those of the journey.
            "travel_order" if state == "travelled" || state == "returned" => {
                day(record, "travel_from").map(|from| {
                    (
                        from,
                        day(record, "returned").unwrap_or(viewer.today).max(from),
                    )
                })
            }
            "travel_order" => None,
            "case_document" if day(record, "signed").is_none() => None,
            _ => stretch(record, span.actual).filter(|(from, _)| {
                span.actual.0.is_empty() || day(record, span.actual.0) == Some(*from)
            }),
        };
        let actual = match begun {
            Some((from, _)) if running => Some((from, viewer.today.max(from))),
            other => other,
        };
        let waits = match span.kind {
            "notice" => self.waits(kind, record)?,
            _ => vec![],
        };
        if planned.is_none() && actual.is_none() && waits.is_empty() {
            return Ok(None);
        }
        Ok(Some(Stretches {
            kind,
            id: record.envelope.id,
            title: called(kind, record),
            state,
            planned,
            actual,
            running: running
                || (span.kind == "travel_order" && record.envelope.state == "travelled"),
            waits,
            label: record.envelope.label.clone(),
        }))
    }

    /// The days that a notice must run, by each rule that counts them.
    fn waits(&self, kind: &KindDef, notice: &Record) -> Result<Vec<Wait>> {
        let Some(from) = day(notice, "received") else {
            return Ok(vec![]);
        };
        let counted = self.duties_of(kind, notice, "clear")?;
        let wait = |(rule, clause, due): (String, String, String)| {
            let until: Date = due.parse().ok()?;
            (until >= from).then_some(Wait {
                days: (from, until),
                rule,
                clause,
            })
        };
        Ok(counted.into_iter().filter_map(wait).collect())
    }
}
