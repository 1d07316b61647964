//! The rows of training reports in memory: columns, strings, word index, roll-up.

use crate::{App, AppError, DatasetRef, Result};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use symbolon_domain::{country::Iso3, training::FindingCode};
use symbolon_exchange::{import::fmtr::Accounts, shipped};
use symbolon_insight::{
    bits::Bits,
    columns::{Bounds, Columns, Row, TextColumn},
    rollup::{Rollup, Sums},
    rows::Rows,
    words::WordIndex,
};
use symbolon_store::{
    Store,
    facts::{
        Cell, OBSERVATION, TRAINING_FINDING, TRAINING_OVERLAY, TRAINING_ROLLUP, TRAINING_ROW,
        TableDef, row_id,
    },
    query::{FactQuery, Test, Value},
};

mod strings;

use strings::Strings;

/// A partner in the snapshot; its number is its place in order of name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerInfo {
    /// Code; `None` for rows whose country could not be read.
    pub iso3: Option<Iso3>,
    /// Name.
    pub name: String,
}

/// An account in the snapshot; its number is its place in order of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountInfo {
    /// Code; empty for rows whose account could not be read.
    pub code: String,
    /// Name.
    pub name: String,
    /// Department.
    pub department: String,
}

/// Dimensions of the roll-up.
pub(crate) mod dimension {
    pub(crate) const DATASET: usize = 0;
    pub(crate) const PARTNER: usize = 1;
    pub(crate) const YEAR: usize = 2;
    pub(crate) const ACCOUNT: usize = 3;
    pub(crate) const PHASE: usize = 4;
    /// By data set, partner, year, account, phase.
    pub(crate) const ALL: [usize; 5] = [DATASET, PARTNER, YEAR, ACCOUNT, PHASE];
    /// Partner first, for one country.
    pub(crate) const BY_PARTNER: [usize; 5] = [PARTNER, DATASET, YEAR, ACCOUNT, PHASE];
}

/// Measures of the roll-up: students, cost in cents, rows without cost.
pub(crate) type TrainingRollup = Rollup<5, 3>;

/// Training rows of all data sets; who may see which is judged at each question.
#[derive(Default)]
pub struct Snapshot {
    /// The data sets it was made from: id, number and version decide whether it is still true.
    pub(crate) datasets: Vec<Arc<DatasetRef>>,
    /// Columns.
    pub(crate) columns: Columns,
    /// Distinct strings of the text columns, in order.
    pub(crate) strings: Vec<Box<str>>,
    /// Words of those strings.
    pub(crate) words: WordIndex,
    /// Partners by number.
    pub partners: Vec<PartnerInfo>,
    /// Accounts by number.
    pub accounts: Vec<AccountInfo>,
    pub(crate) rollup: Option<TrainingRollup>,
    /// Data set numbers with the fiscal years of training reported as done.
    years: BTreeSet<(i64, i16)>,
    /// Aid obligated: data set, partner number, fiscal year, dollars.
    pub(crate) aid: Vec<(i64, u16, i16, i64)>,
    /// Findings by data set number, partner's code and code.
    findings: BTreeMap<(i64, String, String), u64>,
}

/// The measure that stands for aid on the portfolio.
pub(crate) const AID: &str = "aid.obligations.current";

/// The data sets there are.
pub(crate) fn loaded(app: &App) -> Result<Vec<Arc<DatasetRef>>> {
    Ok(app.datasets_of(&app.system())?.as_ref().clone())
}

/// The bit of a finding code in the columns.
pub(crate) fn finding_bit(code: FindingCode) -> u32 {
    let place = FindingCode::ALL
        .iter()
        .position(|c| *c == code)
        .unwrap_or(31);
    1 << place.min(31)
}

fn int(cell: Cell<'_>) -> Option<i64> {
    match cell {
        Cell::Int(n) => Some(n),
        _ => None,
    }
}

fn text<'a>(cell: Cell<'a>) -> &'a str {
    match cell {
        Cell::Text(s) => s,
        _ => "",
    }
}

fn day(cell: Cell<'_>) -> i32 {
    int(cell)
        .and_then(|d| i32::try_from(d).ok())
        .unwrap_or(i32::MIN)
}

/// Columns of `training_row` that hold strings people search, with where they go.
const TEXTS: [(&str, TextColumn); 5] = [
    ("p_program", TextColumn::Program),
    ("p_course_title", TextColumn::Course),
    ("p_us_unit", TextColumn::UsUnit),
    ("p_student_unit", TextColumn::Unit),
    ("p_location", TextColumn::Location),
];

impl Snapshot {
    /// Reads the rows of the given data sets.
    pub(crate) fn load(app: &App, datasets: Vec<Arc<DatasetRef>>) -> Result<Self> {
        let mut snapshot = Self {
            datasets,
            ..Self::default()
        };
        snapshot.name_partners_and_accounts();
        let (training, other): (Vec<Arc<DatasetRef>>, Vec<Arc<DatasetRef>>) = snapshot
            .datasets
            .clone()
            .into_iter()
            .partition(|d| d.dataset.content == "training");
        // Rows must come in order of id, which is the order of the data sets' numbers.
        let mut datasets = training;
        datasets.sort_by_key(|d| d.dataset.number);
        for dataset in other.iter().filter(|d| d.dataset.content == "observation") {
            snapshot.aid_of(app, dataset)?;
        }
        let (mut rows, mut strings) = (Rows::default(), Strings::default());
        for dataset in &datasets {
            let used = snapshot.rows_of(app, dataset, &mut rows)?;
            strings.read(app, dataset, &used)?;
        }
        let list = strings.settle(&mut rows);
        // Words are cut while the rows are marked and put in order.
        std::thread::scope(|scope| {
            let words = scope.spawn(|| WordIndex::new(list.iter().map(AsRef::as_ref)));
            for dataset in &datasets {
                snapshot.findings_of(app, dataset, &mut rows)?;
                overlays_of(app, dataset, &mut rows, &list)?;
                snapshot.rollup_of(app, dataset)?;
            }
            if let Some(rollup) = &mut snapshot.rollup {
                rollup.settle();
            }
            let bounds = Bounds {
                partners: snapshot.partners.len(),
                accounts: snapshot.accounts.len(),
                strings: list.len(),
            };
            snapshot.columns = Columns::new(rows, bounds);
            let stopped = |_| AppError::Internal("the words could not be indexed".to_owned());
            snapshot.words = words.join().map_err(stopped)?;
            Ok::<_, AppError>(())
        })?;
        snapshot.strings = list;
        Ok(snapshot)
    }

    /// Fiscal years with training reported as done, in these data sets.
    pub(crate) fn years(&self, numbers: &BTreeSet<i64>) -> Vec<i16> {
        let wanted = self.years.iter().filter(|(n, _)| numbers.contains(n));
        let years: BTreeSet<i16> = wanted.map(|(_, year)| *year).collect();
        years.into_iter().collect()
    }

    fn name_partners_and_accounts(&mut self) {
        let mut partners: Vec<PartnerInfo> = shipped::countries()
            .iter()
            .map(|c| PartnerInfo {
                iso3: Some(c.iso3),
                name: c.name.to_owned(),
            })
            .collect();
        partners.sort_by(|a, b| a.name.cmp(&b.name));
        partners.push(PartnerInfo {
            iso3: None,
            name: "Country not read".to_owned(),
        });
        self.partners = partners;
        let known = Accounts::shipped().map(|a| {
            let info = |a: &symbolon_exchange::import::fmtr::Account| AccountInfo {
                code: a.code.clone(),
                name: a.name.clone(),
                department: a.department.clone(),
            };
            a.all().iter().map(info).collect()
        });
        let mut accounts: Vec<AccountInfo> = known.unwrap_or_default();
        let nameless = AccountInfo {
            code: String::new(),
            name: "Account not read".to_owned(),
            department: String::new(),
        };
        accounts.push(nameless);
        accounts.sort_by(|a, b| a.code.cmp(&b.code));
        self.accounts = accounts;
        self.rollup = Some(Rollup::new(&[&dimension::ALL, &dimension::BY_PARTNER]));
    }

    /// Number of a partner by code.
    #[must_use]
    pub fn partner(&self, iso3: &str) -> Option<u16> {
        let at = self
            .partners
            .iter()
            .position(|p| p.iso3.is_some_and(|c| c.as_str() == iso3))?;
        u16::try_from(at).ok()
    }

    fn partner_or_unread(&self, numbers: &HashMap<String, u16>, iso3: &str) -> u16 {
        let unread = u16::try_from(self.partners.len().saturating_sub(1)).unwrap_or(0);
        numbers.get(iso3).copied().unwrap_or(unread)
    }

    /// Number of an account by code.
    #[must_use]
    pub fn account(&self, code: &str) -> Option<u16> {
        u16::try_from(
            self.accounts
                .binary_search_by(|a| a.code.as_str().cmp(code))
                .ok()?,
        )
        .ok()
    }

    fn partner_numbers(&self) -> HashMap<String, u16> {
        let coded = self
            .partners
            .iter()
            .enumerate()
            .filter_map(|(n, p)| Some((p.iso3?.as_str().to_owned(), n as u16)));
        coded.collect()
    }

    /// Adds the rows of a data set, with its own numbers of strings; says which strings they use.
    fn rows_of(&self, app: &App, dataset: &DatasetRef, rows: &mut Rows) -> Result<Bits> {
        let at = |name: &str| TRAINING_ROW.column(name).unwrap_or(0);
        let (kind, phase, year, partner) =
            (at("kind"), at("phase"), at("fiscal_year"), at("partner"));
        let (account, start, end) = (at("account"), at("start_day"), at("end_day"));
        let (quantity, cost) = (at("quantity"), at("cost_cents"));
        let texts = TEXTS.map(|(name, _)| at(name));
        let partners = self.partner_numbers();
        let mut used = strings::room(dataset);
        scan(app, &TRAINING_ROW, dataset, &mut |id, cells| {
            let mut string = |i: usize| {
                let number = int(cells[texts[i]]).and_then(|n| u32::try_from(n).ok());
                number.map_or(u32::MAX, |n| {
                    used.insert(n);
                    n
                })
            };
            rows.push(&Row {
                id,
                partner: self.partner_or_unread(&partners, text(cells[partner])),
                fiscal_year: int(cells[year])
                    .and_then(|y| i16::try_from(y).ok())
                    .unwrap_or(0),
                account: self.account(text(cells[account])).unwrap_or(0),
                phase: int(cells[phase]).unwrap_or(0) as u8,
                kind: int(cells[kind]).unwrap_or(0) as u8,
                start_day: day(cells[start]),
                end_day: day(cells[end]),
                quantity: int(cells[quantity]),
                cost_cents: int(cells[cost]),
                program: string(0),
                course: string(1),
                us_unit: string(2),
                unit: string(3),
                location: string(4),
                findings: 0,
            });
        })?;
        Ok(used)
    }

    fn findings_of(&mut self, app: &App, dataset: &DatasetRef, rows: &mut Rows) -> Result<()> {
        let at = |name: &str| TRAINING_FINDING.column(name).unwrap_or(0);
        let (code, row, partner) = (at("code"), at("row"), at("partner"));
        let number = dataset.dataset.number;
        let mut counts: HashMap<String, HashMap<String, u64>> = HashMap::new();
        scan(app, &TRAINING_FINDING, dataset, &mut |_, cells| {
            let (code, partner) = (text(cells[code]), text(cells[partner]));
            if let (Some(found), Some(n)) = (FindingCode::from_code(code), int(cells[row])) {
                rows.mark(row_id(number, n as u32), finding_bit(found));
            }
            if !counts.contains_key(partner) {
                counts.insert(partner.to_owned(), HashMap::new());
            }
            let Some(own) = counts.get_mut(partner) else {
                return;
            };
            match own.get_mut(code) {
                Some(count) => *count += 1,
                None => drop(own.insert(code.to_owned(), 1)),
            }
        })?;
        for (partner, own) in counts {
            let named = own.into_iter();
            let named = named.map(|(code, count)| ((number, partner.clone(), code), count));
            self.findings.extend(named);
        }
        Ok(())
    }

    /// How often each code of finding is about a partner, in these data sets.
    pub(crate) fn findings_about(
        &self,
        numbers: &BTreeSet<i64>,
        iso3: &str,
    ) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for number in numbers {
            let first = (*number, iso3.to_owned(), String::new());
            let own = self.findings.range(first..);
            let own = own.take_while(|((n, partner, _), _)| n == number && partner == iso3);
            for ((_, _, code), count) in own {
                *counts.entry(code.clone()).or_insert(0) += count;
            }
        }
        counts
    }

    fn aid_of(&mut self, app: &App, dataset: &DatasetRef) -> Result<()> {
        let at = |name: &str| OBSERVATION.column(name).unwrap_or(0);
        let (partner, year, value) = (at("partner"), at("year"), at("value"));
        let partners = self.partner_numbers();
        let query = FactQuery::all(&OBSERVATION)
            .of(dataset.id)
            .when("measure", Test::Is(Value::Text(AID.to_owned())));
        let aid = &mut self.aid;
        app.store.scan(&app.system(), &query, &mut |_, cells| {
            let dollars = text(cells[value]).parse::<f64>().unwrap_or(0.0).round() as i64;
            if let (Some(partner), Some(year)) =
                (partners.get(text(cells[partner])), int(cells[year]))
            {
                aid.push((dataset.dataset.number, *partner, year as i16, dollars));
            }
            true
        })?;
        Ok(())
    }

    fn rollup_of(&mut self, app: &App, dataset: &DatasetRef) -> Result<()> {
        let at = |name: &str| TRAINING_ROLLUP.column(name).unwrap_or(0);
        let partners = self.partner_numbers();
        let mut rollup = self.rollup.take().unwrap_or_else(|| Rollup::new(&[]));
        let mut years = BTreeSet::new();
        let number = u16::try_from(dataset.dataset.number)
            .map_err(|_| AppError::Internal("data set number".into()))?;
        let result = scan(app, &TRAINING_ROLLUP, dataset, &mut |_, cells| {
            let get = |name: &str| int(cells[at(name)]).unwrap_or(0);
            let key = [
                number,
                self.partner_or_unread(&partners, text(cells[at("partner")])),
                get("fiscal_year") as u16,
                self.account(text(cells[at("account")])).unwrap_or(0),
                get("phase") as u16,
            ];
            let sums = Sums {
                count: get("rows").cast_unsigned(),
                measures: [get("quantity"), get("cost_cents"), get("rows_without_cost")],
            };
            rollup.add(key, &sums);
            if key[4] == 0 && key[2] > 0 {
                years.insert((dataset.dataset.number, key[2] as i16));
            }
        });
        self.rollup = Some(rollup);
        self.years.append(&mut years);
        result
    }
}

/// Text cells that are read differently are searched and shown as read.
fn overlays_of(
    app: &App,
    dataset: &DatasetRef,
    rows: &mut Rows,
    strings: &[Box<str>],
) -> Result<()> {
    let at = |name: &str| TRAINING_OVERLAY.column(name).unwrap_or(0);
    let (row, column, read) = (at("row"), at("column_name"), at("read"));
    let number = dataset.dataset.number;
    scan(app, &TRAINING_OVERLAY, dataset, &mut |_, cells| {
        let Some((_, place)) = TEXTS
            .iter()
            .find(|(name, _)| name.strip_prefix("p_") == Some(text(cells[column])))
        else {
            return;
        };
        let string = strings.binary_search_by(|s| s.as_ref().cmp(text(cells[read])));
        if let (Ok(string), Some(n)) = (string, int(cells[row])) {
            rows.reread(row_id(number, n as u32), *place, string as u32);
        }
    })
}

fn scan(
    app: &App,
    table: &'static TableDef,
    dataset: &DatasetRef,
    each: &mut dyn FnMut(i64, &[Cell<'_>]),
) -> Result<()> {
    let store: &dyn Store = &*app.store;
    store.scan(
        &app.system(),
        &FactQuery::all(table).of(dataset.id),
        &mut |id, cells| {
            each(id, cells);
            true
        },
    )?;
    Ok(())
}
