//! Past training against the law of its day: the rows of the loaded reports put to the rulebook, once for
//! each state of either, on a thread of its own. What a viewer sees of it is what it sees of the rows.

use super::Law;
use crate::still::{Right, Still, while_it_holds};
use crate::{App, AppError, DatasetRef, Result, Snapshot, TrainingLine, training};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use symbolon_access::Viewer;
use symbolon_domain::{date::FiscalYear, money::Cents, training::RowKind};
use symbolon_exchange::export::{Field, Notes, Sheet};
use symbolon_law::{
    replay::{Plan, Row, Why, replay, span},
    rule::Verdict,
    schema::UNKNOWN,
};
use symbolon_store::facts::{dataset_number, row_number};

/// What it shows and what not; said wherever its figures stand.
pub const LIMITS: [&str; 4] = [
    "A row counts as barred where its partner stood under the restriction on that day. It is no finding of a breach.",
    "Waivers that were given are not in the report: what is barred here may have been waived.",
    "Lists are incomplete; where a list does not say, it cannot be told.",
    "Rows known only to their fiscal year count where the whole year agrees; else it cannot be told.",
];

/// Lines on a page.
const PAGE: usize = 50;

/// What the replay is asked. Parts that are absent do not narrow.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PastAsk {
    /// Id of the rule.
    pub rule: String,
    /// ISO code of the country.
    pub country: String,
    /// Fiscal year.
    pub year: Option<i16>,
    /// `barred` or `cannot-tell`.
    pub said: String,
    /// Sum by `rule` (if absent), `country` or `year`.
    pub by: String,
    /// Page, from 1.
    pub page: Option<usize>,
}

/// Figures of a rule, a country or a year.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PastSum {
    /// Id of the rule, code of the country or the year.
    pub key: String,
    /// In words.
    pub label: String,
    /// Rows under a restriction that day.
    pub barred: i64,
    /// Their cost in US cents.
    pub barred_cents: i64,
    /// Answers that cannot be told.
    pub cannot_tell: i64,
}

/// What one rule said about one row.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PastLine {
    /// The row.
    #[serde(flatten)]
    pub row: TrainingLine,
    /// Id of the rule.
    pub rule: String,
    /// The question it answers.
    pub asks: String,
    /// `barred` or `cannot tell`.
    pub said: &'static str,
    /// Why it cannot be told, or the line of the list.
    pub why: String,
}

/// The answer.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct PastAnswer {
    /// Whether the rows are still being put to the law; ask again.
    pub working: bool,
    /// Rows of training that were put to the law.
    pub rows: i64,
    /// Rulebook that was asked.
    pub rulebook: String,
    /// Sums.
    pub sums: Vec<PastSum>,
    /// Lines of this page.
    pub lines: Vec<PastLine>,
    /// Lines in all.
    pub total: i64,
    /// What it does not show.
    pub limits: Vec<String>,
}

/// One answer, small: there are many.
#[derive(Clone, Copy, Debug)]
struct Hit {
    id: i64,
    rule: u16,
    /// `None`: barred.
    why: Option<Why>,
}

/// All rows of a snapshot put to a state of the law.
struct Replayed {
    snapshot: Arc<Snapshot>,
    law: Arc<Law>,
    hits: Vec<Hit>,
    /// Rows by number of the data set.
    rows: BTreeMap<i64, i64>,
}

/// The last replay, or that one is under way.
#[derive(Default)]
pub(crate) struct Past(Arc<Mutex<Stand>>);

#[derive(Default)]
struct Stand {
    done: Option<Arc<Replayed>>,
    working: bool,
}

fn put(snapshot: &Arc<Snapshot>, law: &Arc<Law>) -> Result<Replayed> {
    let fault = |e: symbolon_law::LawError| AppError::Internal(e.to_string());
    let book = &law.book;
    let plan = Plan::read(&law.source, book).map_err(fault)?;
    let partners: Vec<i64> = snapshot
        .partners
        .iter()
        .map(|p| p.iso3.map_or(UNKNOWN, |c| plan.partner(book, c.as_str())))
        .collect();
    let authorities: Vec<i64> = snapshot
        .accounts
        .iter()
        .map(|a| plan.authority(&a.code))
        .collect();
    let of = |all: &[i64], n: u16| all.get(usize::from(n)).copied().unwrap_or(UNKNOWN);
    let (mut ids, mut rows, mut counts) = (vec![], vec![], BTreeMap::new());
    for row in snapshot.columns.rows().iter() {
        if RowKind::from_number(row.kind.into()) != Some(RowKind::Training) {
            continue;
        }
        let start = (row.start_day != i32::MIN).then(|| i64::from(row.start_day));
        let year = (row.fiscal_year != 0).then(|| i64::from(row.fiscal_year));
        let (first, last) = span(start, year);
        ids.push(row.id);
        rows.push(Row {
            partner: of(&partners, row.partner),
            authority: of(&authorities, row.account),
            first,
            last,
        });
        *counts.entry(dataset_number(row.id)).or_insert(0) += 1;
    }
    let hits = replay(book, &plan, &rows).into_iter().map(|h| Hit {
        id: ids[h.row],
        rule: u16::try_from(h.rule).unwrap_or(u16::MAX),
        why: if h.verdict == Verdict::Refused {
            None
        } else {
            Some(h.why.unwrap_or(Why::List))
        },
    });
    Ok(Replayed {
        hits: hits.collect(),
        snapshot: Arc::clone(snapshot),
        law: Arc::clone(law),
        rows: counts,
    })
}

impl App {
    /// The replay of what is loaded now; nothing while it is under way.
    fn replayed(&self) -> Result<Option<Arc<Replayed>>> {
        let (snapshot, law) = (self.snapshot()?, self.law.current()?);
        let mut stand = self.past.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = |r: &&Arc<Replayed>| {
            Arc::ptr_eq(&r.snapshot, &snapshot) && r.law.book.hash == law.book.hash
        };
        if let Some(done) = stand.done.as_ref().filter(fresh) {
            return Ok(Some(Arc::clone(done)));
        }
        if !stand.working {
            stand.working = true;
            let shared = Arc::clone(&self.past.0);
            std::thread::spawn(move || {
                let done = put(&snapshot, &law);
                let mut stand = shared.lock().unwrap_or_else(PoisonError::into_inner);
                stand.working = false;
                match done {
                    Ok(done) => stand.done = Some(Arc::new(done)),
                    Err(error) => tracing::error!(%error, "past training was not put to the law"),
                }
            });
        }
        Ok(None)
    }

    /// Past training against the law of its day.
    ///
    /// # Errors
    /// Where the rows cannot be read.
    pub fn past(&self, viewer: &Viewer, ask: &PastAsk) -> Result<PastAnswer> {
        let limits = LIMITS.map(str::to_owned).to_vec();
        let Some(done) = self.replayed()? else {
            return Ok(PastAnswer {
                working: true,
                limits,
                ..PastAnswer::default()
            });
        };
        let seen = self.reports_of(viewer)?;
        let wanted = Wanted::of(ask, &done);
        let mut sums: BTreeMap<String, PastSum> = BTreeMap::new();
        let (mut lines, mut total) = (vec![], 0);
        let from = (ask.page.unwrap_or(1).max(1) - 1).saturating_mul(PAGE);
        for hit in &done.hits {
            let Some(code) = seen.get(&dataset_number(hit.id)) else {
                continue;
            };
            let Some(row) = done.snapshot.columns.rows().row(hit.id) else {
                continue;
            };
            if !wanted.takes(hit, &row) {
                continue;
            }
            done.add(&ask.by, hit, &row, &mut sums);
            if total >= from && lines.len() < PAGE {
                lines.push(done.line(code, hit, &row));
            }
            total += 1;
        }
        Ok(PastAnswer {
            working: false,
            rows: seen.keys().filter_map(|n| done.rows.get(n)).sum(),
            rulebook: done.law.book.hash.clone(),
            sums: sums.into_values().collect(),
            lines,
            total: i64::try_from(total).unwrap_or(i64::MAX),
            limits,
        })
    }

    /// Numbers and codes of the training data sets that enter figures, as the viewer sees them.
    fn reports_of(&self, viewer: &Viewer) -> Result<BTreeMap<i64, String>> {
        let all = self.datasets_of(viewer)?;
        let those = all.iter().filter(|d| of_figures(d));
        Ok(those.map(|d| (d.dataset.number, d.code.clone())).collect())
    }

    /// Every line that is asked, to a sheet; journalled with its filter and count, also where it ended early
    /// because the right to it did.
    ///
    /// # Errors
    /// [`AppError::Conflict`] while the rows are still being put to the law; [`AppError::NotFound`] where nobody who
    /// may take the rows away asks, or asks any more.
    pub fn export_past<W: Write + Send>(
        &self,
        still: Still<'_>,
        ask: &PastAsk,
        address: &str,
        open: impl FnOnce(&[String], &Notes) -> std::io::Result<Sheet<W>>,
    ) -> Result<u64> {
        let viewer = still().ok_or(AppError::NotFound("export"))?;
        let busy = || AppError::Conflict("the rows are being put to the law; ask again".to_owned());
        let done = self.replayed()?.ok_or_else(busy)?;
        let notes = Notes {
            title: "Past training against the law of its day".to_owned(),
            made_at: (self.around.now)().to_string(),
            address: address.to_owned(),
            lines: LIMITS.map(str::to_owned).to_vec(),
            ..Notes::default()
        };
        let seen = self.datasets_of(&viewer)?;
        let held = seen.iter().filter(|d| of_figures(d));
        let held: Vec<&DatasetRef> = held.map(|d| &**d).collect();
        let mut count = 0;
        let written = while_it_holds(
            || self.still_takes(still, &held),
            |right| {
                let heads = HEADS.map(str::to_owned);
                let sheet = open(&heads, &notes);
                let sheet = sheet.map_err(|e| AppError::Internal(e.to_string()))?;
                self.write_past(&viewer, &done, ask, (sheet, &mut count), right)
            },
        );
        let what = serde_json::json!({"filter": address, "rows": count, "whole": written.is_ok()});
        self.store
            .note(&viewer, "dataset/export", "training.export", what, "")?;
        written.map(|()| count)
    }

    fn write_past<W: Write + Send>(
        &self,
        viewer: &Viewer,
        done: &Replayed,
        ask: &PastAsk,
        (mut sheet, count): (Sheet<W>, &mut u64),
        right: &Right,
    ) -> Result<()> {
        let io = |e: std::io::Error| AppError::Internal(e.to_string());
        let (seen, wanted) = (self.reports_of(viewer)?, Wanted::of(ask, done));
        for hit in &done.hits {
            right.holds()?;
            let Some(code) = seen.get(&dataset_number(hit.id)) else {
                continue;
            };
            let Some(row) = done.snapshot.columns.rows().row(hit.id) else {
                continue;
            };
            if wanted.takes(hit, &row) {
                sheet.row(&fields(done.line(code, hit, &row))).map_err(io)?;
                *count += 1;
            }
        }
        right.holds()?;
        sheet.finish().map_err(io)
    }
}

/// Whether a data set is of training and enters figures.
fn of_figures(dataset: &DatasetRef) -> bool {
    dataset.dataset.content == "training" && dataset.dataset.counted
}

const HEADS: [&str; 14] = [
    "dataset",
    "row",
    "fiscal_year",
    "iso3",
    "country",
    "account",
    "course",
    "start",
    "quantity",
    "cost_usd",
    "rule",
    "asks",
    "said",
    "why",
];

fn fields(line: PastLine) -> Vec<Field<'static>> {
    let text = |s: String| {
        if s.is_empty() {
            Field::Empty
        } else {
            Field::Owned(s)
        }
    };
    let number = |n: Option<i64>| n.map_or(Field::Empty, Field::Int);
    let row = line.row;
    vec![
        text(row.dataset),
        Field::Int(row.row.into()),
        number(row.fiscal_year.map(i64::from)),
        text(row.iso3),
        text(row.country),
        text(row.account),
        text(row.course),
        text(row.start),
        number(row.quantity),
        row.cost_cents
            .map_or(Field::Empty, |c| Field::Decimal(Cents(c).decimal())),
        text(line.rule),
        text(line.asks),
        text(line.said.to_owned()),
        text(line.why),
    ]
}

/// A filter made ready.
struct Wanted {
    rule: Option<u16>,
    partner: Option<u16>,
    year: Option<i16>,
    barred: Option<bool>,
    nothing: bool,
}

impl Wanted {
    fn of(ask: &PastAsk, done: &Replayed) -> Self {
        let rule = done
            .law
            .book
            .rule(&ask.rule)
            .and_then(|r| u16::try_from(r).ok());
        let named = |p: &crate::PartnerInfo| p.iso3.is_some_and(|c| c.as_str() == ask.country);
        let partner = done.snapshot.partners.iter().position(named);
        let partner = partner.and_then(|p| u16::try_from(p).ok());
        Self {
            nothing: (rule.is_none() && !ask.rule.is_empty())
                || (partner.is_none() && !ask.country.is_empty()),
            rule,
            partner,
            year: ask.year,
            barred: match ask.said.as_str() {
                "barred" => Some(true),
                "cannot-tell" => Some(false),
                _ => None,
            },
        }
    }

    fn takes(&self, hit: &Hit, row: &symbolon_insight::columns::Row) -> bool {
        !self.nothing
            && self.rule.is_none_or(|r| r == hit.rule)
            && self.partner.is_none_or(|p| p == row.partner)
            && self.year.is_none_or(|y| y == row.fiscal_year)
            && self.barred.is_none_or(|b| b == hit.why.is_none())
    }
}

impl Replayed {
    fn add(
        &self,
        by: &str,
        hit: &Hit,
        row: &symbolon_insight::columns::Row,
        sums: &mut BTreeMap<String, PastSum>,
    ) {
        let partner = self.snapshot.partners.get(usize::from(row.partner));
        let rule = &self.law.book.rules[usize::from(hit.rule)];
        let key = match by {
            "country" => partner
                .and_then(|p| p.iso3)
                .map_or_else(|| "-".to_owned(), String::from),
            "year" => row.fiscal_year.to_string(),
            _ => rule.id.clone(),
        };
        let sum = sums.entry(key).or_insert_with_key(|key| PastSum {
            key: key.clone(),
            label: match by {
                "country" => partner.map(|p| p.name.clone()).unwrap_or_default(),
                "year" if row.fiscal_year == 0 => "not known".to_owned(),
                "year" => FiscalYear(row.fiscal_year).to_string(),
                _ => rule.asks.clone(),
            },
            ..PastSum::default()
        });
        if hit.why.is_none() {
            sum.barred += 1;
            sum.barred_cents += row.cost_cents.unwrap_or(0);
        } else {
            sum.cannot_tell += 1;
        }
    }

    fn line(&self, dataset: &str, hit: &Hit, row: &symbolon_insight::columns::Row) -> PastLine {
        let rule = &self.law.book.rules[usize::from(hit.rule)];
        let line = training::line(&self.snapshot, dataset, row);
        debug_assert_eq!(line.row, row_number(hit.id));
        let partner = self.law.book.schema.vocabularies[0].number(&line.iso3);
        let (first, _) = span(
            (row.start_day != i32::MIN).then(|| i64::from(row.start_day)),
            (row.fiscal_year != 0).then(|| i64::from(row.fiscal_year)),
        );
        let on = rule.lists.iter().find_map(|l| {
            let list = &self.law.book.tables.lists[usize::from(*l)];
            let found = list
                .of(partner?)
                .iter()
                .find(|r| r.from <= first && first < r.to)?;
            Some(format!("{}: {}", list.title, found.cite))
        });
        let clause = || rule.cites.first().map(|c| c.at.clone()).unwrap_or_default();
        PastLine {
            row: line,
            rule: rule.id.clone(),
            asks: rule.asks.clone(),
            said: if hit.why.is_none() {
                "barred"
            } else {
                "cannot tell"
            },
            why: match hit.why {
                Some(why) => why.name().to_owned(),
                None => on.unwrap_or_else(clause),
            },
        }
    }
}
