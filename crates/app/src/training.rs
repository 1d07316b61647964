//! The training explorer: any question to the rows, and the whole answer as a file.

use crate::{App, AppError, Result, Snapshot, snapshot::finding_bit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, PoisonError};
use symbolon_access::Viewer;
use symbolon_domain::{
    date::from_epoch_days,
    training::{FindingCode, Phase, RowKind, Severity},
};
use symbolon_insight::{
    bits::Bits,
    columns::{Filter, Matched, Row, Sort, TextColumn},
    words::How,
};
use symbolon_store::facts::{dataset_number, row_number};

mod export;

/// What the explorer is asked. Parts that are absent do not narrow.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Ask {
    /// Words in course, unit, training unit or place; spelling may be off.
    pub q: Option<String>,
    /// ISO code of the country.
    pub country: Option<String>,
    /// First fiscal year.
    pub from: Option<i16>,
    /// Last fiscal year.
    pub to: Option<i16>,
    /// Account code.
    pub account: Option<String>,
    /// Words of the course title.
    pub course: Option<String>,
    /// Words of the unit trained.
    pub unit: Option<String>,
    /// Words of the unit that trains.
    pub us_unit: Option<String>,
    /// Words of the place.
    pub place: Option<String>,
    /// Lowest cost, whole dollars.
    pub cost_min: Option<i64>,
    /// Highest cost, whole dollars.
    pub cost_max: Option<i64>,
    /// Finding code, or `any`.
    pub finding: Option<String>,
    /// Kind of row: `training` (if absent), `planned`, `program_total`, `country_total`, `residue`, `all`.
    pub kind: Option<String>,
    /// Code of the data set; all counted ones if absent.
    pub dataset: Option<String>,
    /// `course`, `country`, `year`, `account`, `unit`, `place`, `start`, `quantity`, `cost`, with `-`
    /// before it for descending; as printed if absent.
    pub sort: Option<String>,
    /// Page, from 1.
    pub page: Option<u32>,
    /// Rows a page, at most 200; 50 if absent.
    pub limit: Option<u32>,
}

/// A row of training as read.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TrainingLine {
    /// Code of the data set.
    pub dataset: String,
    /// Row number in it.
    pub row: u32,
    /// `training`, `program_total`, `country_total` or `residue`.
    pub kind: &'static str,
    /// Whether it was planned, not reported as done.
    pub planned: bool,
    /// Fiscal year as read.
    pub fiscal_year: Option<i16>,
    /// ISO code as read.
    pub iso3: String,
    /// Country as read.
    pub country: String,
    /// Account code as read.
    pub account: String,
    /// Course title.
    pub course: String,
    /// Unit trained.
    pub unit: String,
    /// Unit that trains.
    pub us_unit: String,
    /// Place.
    pub place: String,
    /// First day, ISO.
    pub start: String,
    /// Last day, ISO.
    pub end: String,
    /// Students.
    pub quantity: Option<i64>,
    /// Cost in US cents.
    pub cost_cents: Option<i64>,
    /// Codes of its findings.
    pub findings: Vec<&'static str>,
    /// Worst severity among them; empty without any.
    pub severity: &'static str,
}

/// A spelling that was taken for a word of the question.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Spelling {
    /// Which filter asked: `q`, `course`, `unit`, `us_unit` or `place`.
    pub part: &'static str,
    /// The word asked for.
    pub asked: String,
    /// The word in the data.
    pub found: String,
    /// Why it was taken, in words.
    pub why: String,
    /// How many printed strings hold it.
    pub strings: usize,
    /// Letters that differ.
    pub letters: u8,
}

/// The explorer's answer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TrainingList {
    /// Rows that match.
    pub total: u64,
    /// Students in them.
    pub trainees: i64,
    /// Cost of them in US cents.
    pub cost_cents: i64,
    /// Rows among them without a cost.
    pub rows_without_cost: u64,
    /// Page, from 1.
    pub page: u32,
    /// Rows a page.
    pub limit: u32,
    /// Rows of the page.
    pub rows: Vec<TrainingLine>,
    /// Spellings that were taken.
    pub spellings: Vec<Spelling>,
    /// What the rows do not cover, one text per data set.
    pub limits: Vec<String>,
}

/// A question made ready: the filter over the columns, and what it rests on.
pub(crate) struct Ready {
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) filter: Filter,
    pub(crate) spellings: Vec<Spelling>,
    pub(crate) limits: Vec<String>,
    /// Data set numbers and codes.
    pub(crate) codes: Vec<(i64, String)>,
}

const DEFAULT_LIMIT: u32 = 50;
const MOST_LIMIT: u32 = 200;

/// What matched lately: a reader who turns pages, and many readers of one page, ask only once.
#[derive(Default)]
pub(crate) struct Answers(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    /// Newest last.
    list: Vec<(String, Arc<Answer>)>,
}

/// A question answered, without its page.
struct Answer {
    ready: Ready,
    matched: Matched,
}

/// Bytes of sets of rows kept over all answers.
const KEPT_BYTES: usize = 32_000_000;

impl Answers {
    fn find(&self, key: &str) -> Option<Arc<Answer>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.list.iter().position(|(k, _)| k == key)?;
        let found = kept.list.remove(at);
        let answer = Arc::clone(&found.1);
        kept.list.push(found);
        Some(answer)
    }

    fn keep(&self, key: String, answer: &Arc<Answer>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.list.push((key, Arc::clone(answer)));
        let bytes = |list: &[(String, Arc<Answer>)]| {
            list.iter()
                .map(|(_, a)| a.matched.bytes() + 4000)
                .sum::<usize>()
        };
        while kept.list.len() > 1 && bytes(&kept.list) > KEPT_BYTES {
            kept.list.remove(0);
        }
    }
}

impl App {
    /// Rows that match, one page.
    pub fn training(&self, viewer: &Viewer, ask: &Ask) -> Result<TrainingList> {
        let answer = self.answer(viewer, ask)?;
        let limit = ask.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MOST_LIMIT);
        let page = ask.page.unwrap_or(1).max(1);
        let descending = ask.sort.as_deref().is_some_and(|s| s.starts_with('-'));
        let offset = (page as usize - 1).saturating_mul(limit as usize);
        let columns = &answer.ready.snapshot.columns;
        let ids = columns.page(
            &answer.matched,
            sort(ask),
            descending,
            offset,
            limit as usize,
        );
        Ok(answer.list(&ids, page, limit))
    }

    /// Fiscal years with training the viewer may see.
    pub fn training_years(&self, viewer: &Viewer) -> Result<Vec<i16>> {
        let numbers = self
            .counted(viewer, None)?
            .iter()
            .map(|d| d.dataset.number)
            .collect();
        Ok(self.snapshot()?.years(&numbers))
    }

    /// The answer to a question, from those kept if it was asked lately. The key holds the rows it was
    /// made from and the data sets the viewer may see, so nobody gets another's answer.
    fn answer(&self, viewer: &Viewer, ask: &Ask) -> Result<Arc<Answer>> {
        let snapshot = self.snapshot()?;
        let visible: Vec<i64> = self
            .datasets_of(viewer)?
            .iter()
            .map(|d| d.dataset.number)
            .collect();
        let question = Ask {
            sort: None,
            page: None,
            limit: None,
            ..ask.clone()
        };
        let key = format!("{:p} {visible:?} {question:?}", Arc::as_ptr(&snapshot));
        if let Some(answer) = self.answers.find(&key) {
            return Ok(answer);
        }
        let ready = self.ready(viewer, ask)?;
        let matched = ready.snapshot.columns.matched(&ready.filter);
        let answer = Arc::new(Answer { ready, matched });
        self.answers.keep(key, &answer);
        Ok(answer)
    }

    pub(crate) fn ready(&self, viewer: &Viewer, ask: &Ask) -> Result<Ready> {
        let snapshot = self.snapshot()?;
        let only = ask.dataset.as_deref().filter(|d| !d.is_empty());
        let mut datasets = self.counted(viewer, only)?;
        datasets.retain(|d| d.dataset.content == "training");
        if only.is_some() && datasets.is_empty() {
            return Err(AppError::NotFound("data set"));
        }
        let mut numbers: Vec<i64> = datasets.iter().map(|d| d.dataset.number).collect();
        numbers.sort_unstable();
        let mut filter = Filter {
            datasets: numbers,
            ..Filter::default()
        };
        let mut spellings = vec![];
        narrow_by_codes(&mut filter, &snapshot, ask)?;
        narrow_by_words(&mut filter, &snapshot, ask, &mut spellings);
        let limits = datasets.iter().map(|d| d.dataset.limits.clone()).collect();
        let codes = datasets
            .iter()
            .map(|d| (d.dataset.number, d.code.clone()))
            .collect();
        Ok(Ready {
            snapshot,
            filter,
            spellings,
            limits,
            codes,
        })
    }
}

impl Answer {
    fn list(&self, ids: &[i64], page: u32, limit: u32) -> TrainingList {
        TrainingList {
            total: self.matched.sums.rows,
            trainees: self.matched.sums.quantity,
            cost_cents: self.matched.sums.cost_cents,
            rows_without_cost: self.matched.sums.without_cost,
            page,
            limit,
            rows: ids.iter().filter_map(|id| self.ready.line(*id)).collect(),
            spellings: self.ready.spellings.clone(),
            limits: self.ready.limits.clone(),
        }
    }
}

impl Ready {
    pub(crate) fn line(&self, id: i64) -> Option<TrainingLine> {
        let code = &self.codes.iter().find(|(n, _)| *n == dataset_number(id))?.1;
        Some(line(
            &self.snapshot,
            code,
            &self.snapshot.columns.rows().row(id)?,
        ))
    }
}

/// A row of the columns in words.
pub(crate) fn line(snapshot: &Snapshot, dataset: &str, row: &Row) -> TrainingLine {
    let string = |n: u32| {
        snapshot
            .strings
            .get(n as usize)
            .map(ToString::to_string)
            .unwrap_or_default()
    };
    let day = |d: i32| {
        from_epoch_days(d)
            .filter(|_| d != i32::MIN)
            .map(|d| d.to_string())
            .unwrap_or_default()
    };
    let partner = snapshot.partners.get(row.partner as usize);
    let findings: Vec<FindingCode> = FindingCode::ALL
        .iter()
        .copied()
        .filter(|c| row.findings & finding_bit(*c) != 0)
        .collect();
    TrainingLine {
        dataset: dataset.to_owned(),
        row: row_number(row.id),
        kind: RowKind::from_number(row.kind.into()).map_or("", RowKind::name),
        planned: row.phase == Phase::Planned as u8,
        fiscal_year: (row.fiscal_year != 0).then_some(row.fiscal_year),
        iso3: partner
            .and_then(|p| p.iso3)
            .map(String::from)
            .unwrap_or_default(),
        country: partner.map(|p| p.name.clone()).unwrap_or_default(),
        account: snapshot
            .accounts
            .get(row.account as usize)
            .map(|a| a.code.clone())
            .unwrap_or_default(),
        course: string(row.course),
        unit: string(row.unit),
        us_unit: string(row.us_unit),
        place: string(row.location),
        start: day(row.start_day),
        end: day(row.end_day),
        quantity: row.quantity,
        cost_cents: row.cost_cents,
        severity: findings
            .iter()
            .map(|f| f.severity())
            .max()
            .map_or("", Severity::name),
        findings: findings.into_iter().map(FindingCode::code).collect(),
    }
}

fn sort(ask: &Ask) -> Sort {
    match ask
        .sort
        .as_deref()
        .unwrap_or_default()
        .trim_start_matches('-')
    {
        "course" => Sort::Text(TextColumn::Course),
        "unit" => Sort::Text(TextColumn::Unit),
        "place" => Sort::Text(TextColumn::Location),
        "country" => Sort::Partner,
        "account" => Sort::Account,
        "year" => Sort::Year,
        "start" | "end" => Sort::Start,
        "quantity" => Sort::Quantity,
        "cost" => Sort::Cost,
        _ => Sort::Report,
    }
}

fn one(n: Option<u16>, bound: usize) -> Bits {
    let mut bits = Bits::below(bound);
    if let Some(n) = n {
        bits.insert(n.into());
    }
    bits
}

fn narrow_by_codes(filter: &mut Filter, snapshot: &Snapshot, ask: &Ask) -> Result<()> {
    let given = |part: &Option<String>| part.clone().filter(|s| !s.is_empty());
    if let Some(country) = given(&ask.country) {
        filter.partners = Some(one(snapshot.partner(&country), snapshot.partners.len()));
    }
    if let Some(account) = given(&ask.account) {
        filter.accounts = Some(one(snapshot.account(&account), snapshot.accounts.len()));
    }
    if ask.from.is_some() || ask.to.is_some() {
        filter.years = Some((ask.from.unwrap_or(1), ask.to.unwrap_or(i16::MAX)));
    }
    if ask.cost_min.is_some() || ask.cost_max.is_some() {
        let cents = |d: i64| d.saturating_mul(100);
        filter.cost = Some((
            ask.cost_min.map_or(i64::MIN + 1, cents),
            ask.cost_max
                .map_or(i64::MAX, |d| cents(d).saturating_add(99)),
        ));
    }
    match given(&ask.finding).as_deref() {
        None => {}
        Some("any") => filter.findings = u32::MAX,
        Some(code) => {
            let found = FindingCode::from_code(code)
                .ok_or_else(|| AppError::Invalid(format!("`{code}` is no finding code")))?;
            filter.findings = finding_bit(found);
        }
    }
    let kind = given(&ask.kind).unwrap_or_else(|| "training".to_owned());
    match kind.as_str() {
        "all" => {}
        "training" => (filter.kinds, filter.phase) = (vec![0], Some(Phase::Actual as u8)),
        "planned" => (filter.kinds, filter.phase) = (vec![0], Some(Phase::Planned as u8)),
        "program_total" => filter.kinds = vec![1],
        "country_total" => filter.kinds = vec![2],
        "residue" => filter.kinds = vec![3],
        other => return Err(AppError::Invalid(format!("`{other}` is no kind of row"))),
    }
    Ok(())
}

fn narrow_by_words(
    filter: &mut Filter,
    snapshot: &Snapshot,
    ask: &Ask,
    spellings: &mut Vec<Spelling>,
) {
    let mut find = |part: &'static str, words: &Option<String>| -> Option<Bits> {
        let words = words.as_deref().map(str::trim).filter(|w| !w.is_empty())?;
        let found = snapshot.words.find(words);
        spellings.extend(found.spellings.into_iter().take(50).map(|s| Spelling {
            part,
            why: why(s.how),
            letters: if let How::Letters(n) = s.how { n } else { 0 },
            asked: s.asked,
            found: s.found,
            strings: s.strings,
        }));
        Some(found.strings)
    };
    filter.anywhere = find("q", &ask.q);
    filter.courses = find("course", &ask.course);
    filter.units = find("unit", &ask.unit);
    filter.us_units = find("us_unit", &ask.us_unit);
    filter.locations = find("place", &ask.place);
}

fn why(how: How) -> String {
    match how {
        How::Same => "the same word".to_owned(),
        How::Begins => "begins with it".to_owned(),
        How::Letters(1) => "one letter differs".to_owned(),
        How::Letters(n) => format!("{n} letters differ"),
    }
}
