//! The portfolio: who received what, by partner, year and account.

use crate::{App, DatasetRef, Result, Snapshot, snapshot::dimension};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use symbolon_access::Viewer;

/// What the portfolio is asked.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Ask {
    /// `trainees`, `rows`, `cost` or `aid`; trainees if absent.
    pub measure: Option<String>,
    /// First fiscal year.
    pub from: Option<i16>,
    /// Last fiscal year.
    pub to: Option<i16>,
    /// Account code, such as `IMET`.
    pub account: Option<String>,
    /// Code of one data set; all counted ones if absent.
    pub dataset: Option<String>,
    /// Sort column of the table: `name`, `trainees`, `rows`, `cost`, `aid` or `share`; `-` before it
    /// turns the order round.
    pub sort: Option<String>,
}

/// Figures of training and aid. Blank is not zero: `None` where nothing is reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Figures {
    /// Training rows.
    pub rows: Option<i64>,
    /// Students in them.
    pub trainees: Option<i64>,
    /// Cost in US cents.
    pub cost_cents: Option<i64>,
    /// Rows among them without a cost.
    pub rows_without_cost: i64,
    /// Aid obligated, whole current dollars.
    pub aid_usd: Option<i64>,
}

impl Figures {
    pub(crate) fn add_training(&mut self, rows: i64, measures: [i64; 3]) {
        let more = |sum: &mut Option<i64>, n: i64| *sum = Some(sum.unwrap_or(0) + n);
        more(&mut self.rows, rows);
        more(&mut self.trainees, measures[0]);
        more(&mut self.cost_cents, measures[1]);
        self.rows_without_cost += measures[2];
    }

    pub(crate) fn add_aid(&mut self, dollars: i64) {
        self.aid_usd = Some(self.aid_usd.unwrap_or(0) + dollars);
    }

    /// The value of a measure: students, rows, whole dollars of cost or aid.
    #[must_use]
    pub fn of(&self, measure: &str) -> Option<i64> {
        match measure {
            "rows" => self.rows,
            "cost" => self
                .cost_cents
                .map(|c| symbolon_domain::money::Cents(c).dollars()),
            "aid" => self.aid_usd,
            _ => self.trainees,
        }
    }
}

/// A partner's figures.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PartnerFigures {
    /// ISO code; empty for rows whose country could not be read.
    pub iso3: String,
    /// Name.
    pub name: String,
    /// Figures over the years asked for.
    #[serde(flatten)]
    pub figures: Figures,
    /// The chosen measure by fiscal year, for each year of the answer.
    pub trend: Vec<Option<i64>>,
}

/// The chosen measure in a year and account.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TrendPoint {
    /// Fiscal year.
    pub year: i16,
    /// Account code; empty where it could not be read, or for aid.
    pub account: String,
    /// Figures.
    #[serde(flatten)]
    pub figures: Figures,
}

/// The portfolio's answer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Portfolio {
    /// Measure chosen.
    pub measure: String,
    /// Fiscal years covered, each one.
    pub years: Vec<i16>,
    /// All fiscal years that can be asked for.
    pub all_years: Vec<i16>,
    /// Sum over all partners.
    pub total: Figures,
    /// Number of partners with any figure.
    pub partner_count: usize,
    /// Partners, in the order asked for.
    pub partners: Vec<PartnerFigures>,
    /// By year and account.
    pub trend: Vec<TrendPoint>,
    /// Codes of the data sets the figures rest on.
    pub datasets: Vec<String>,
    /// What the figures do not cover, one text per data set.
    pub limits: Vec<String>,
}

impl App {
    /// Answers the portfolio question for a viewer.
    pub fn portfolio(&self, viewer: &Viewer, ask: &Ask) -> Result<Portfolio> {
        let snapshot = self.snapshot()?;
        let datasets = self.counted(viewer, ask.dataset.as_deref())?;
        Ok(Sum::new(&snapshot, &datasets, ask).answer(ask))
    }

    /// Data sets whose rows count, of those the viewer may see.
    pub(crate) fn counted(
        &self,
        viewer: &Viewer,
        only: Option<&str>,
    ) -> Result<Vec<Arc<DatasetRef>>> {
        let all = self.datasets_of(viewer)?;
        let wanted = all.iter().filter(|d| match only {
            Some(code) if !code.is_empty() => d.code == code || d.dataset.content != "training",
            _ => d.dataset.counted,
        });
        Ok(wanted.cloned().collect())
    }
}

struct Sum<'a> {
    snapshot: &'a Snapshot,
    datasets: &'a [Arc<DatasetRef>],
    numbers: BTreeSet<i64>,
    measure: String,
    years: Vec<i16>,
    all_years: Vec<i16>,
    account: Option<u16>,
    partners: BTreeMap<u16, (Figures, BTreeMap<i16, Figures>)>,
    trend: BTreeMap<(i16, String), Figures>,
    total: Figures,
}

impl<'a> Sum<'a> {
    fn new(snapshot: &'a Snapshot, datasets: &'a [Arc<DatasetRef>], ask: &Ask) -> Self {
        let numbers: BTreeSet<i64> = datasets.iter().map(|d| d.dataset.number).collect();
        let measure = match ask.measure.as_deref() {
            Some(m @ ("rows" | "cost" | "aid")) => m.to_owned(),
            _ => "trainees".to_owned(),
        };
        let all_years = snapshot.years(&numbers);
        let (from, to) = (ask.from.unwrap_or(i16::MIN), ask.to.unwrap_or(i16::MAX));
        let years = all_years
            .iter()
            .copied()
            .filter(|y| (from..=to).contains(y))
            .collect();
        let account = ask.account.as_deref().filter(|a| !a.is_empty());
        Self {
            snapshot,
            datasets,
            numbers,
            measure,
            years,
            all_years,
            // An account nobody knows matches no row.
            account: account.map(|a| snapshot.account(a).unwrap_or(u16::MAX)),
            partners: BTreeMap::new(),
            trend: BTreeMap::new(),
            total: Figures::default(),
        }
    }

    fn answer(mut self, ask: &Ask) -> Portfolio {
        self.training();
        if self.account.is_none() {
            self.aid();
        }
        let (years, snapshot, measure) = (&self.years, self.snapshot, self.measure.as_str());
        let mut partners: Vec<PartnerFigures> = self
            .partners
            .iter()
            .map(|(number, (figures, by_year))| {
                let info = &snapshot.partners[*number as usize];
                PartnerFigures {
                    iso3: info.iso3.map(String::from).unwrap_or_default(),
                    name: info.name.clone(),
                    figures: *figures,
                    trend: years
                        .iter()
                        .map(|y| by_year.get(y).and_then(|f| f.of(measure)))
                        .collect(),
                }
            })
            .collect();
        sort(&mut partners, measure, ask);
        let limits = self
            .datasets
            .iter()
            .filter(|d| matches!(d.dataset.content.as_str(), "training") || d.code == "aid");
        Portfolio {
            measure: self.measure.clone(),
            partner_count: partners.len(),
            partners,
            total: self.total,
            trend: self
                .trend
                .into_iter()
                .map(|((year, account), figures)| TrendPoint {
                    year,
                    account,
                    figures,
                })
                .collect(),
            datasets: limits.clone().map(|d| d.code.clone()).collect(),
            limits: limits.map(|d| d.dataset.limits.clone()).collect(),
            years: self.years,
            all_years: self.all_years,
        }
    }

    fn training(&mut self) {
        let Some(cells) = self
            .snapshot
            .rollup
            .as_ref()
            .and_then(|r| r.cells(&dimension::ALL).ok())
        else {
            return;
        };
        for ([dataset, partner, year, account, phase], sums) in cells {
            let year = *year as i16;
            let wanted = *phase == 0
                && self.numbers.contains(&i64::from(*dataset))
                && self.years.contains(&year)
                && self.account.is_none_or(|a| a == *account);
            if !wanted {
                continue;
            }
            let rows = sums.count.cast_signed();
            let name = self
                .snapshot
                .accounts
                .get(*account as usize)
                .map(|a| a.code.clone())
                .unwrap_or_default();
            self.total.add_training(rows, sums.measures);
            if self.measure != "aid" {
                self.trend
                    .entry((year, name))
                    .or_default()
                    .add_training(rows, sums.measures);
            }
            let (figures, by_year) = self.partners.entry(*partner).or_default();
            figures.add_training(rows, sums.measures);
            by_year
                .entry(year)
                .or_default()
                .add_training(rows, sums.measures);
        }
    }

    fn aid(&mut self) {
        for (dataset, partner, year, dollars) in &self.snapshot.aid {
            if !self.numbers.contains(dataset) || !self.years.contains(year) {
                continue;
            }
            self.total.add_aid(*dollars);
            if self.measure == "aid" {
                self.trend
                    .entry((*year, String::new()))
                    .or_default()
                    .add_aid(*dollars);
            }
            let (figures, by_year) = self.partners.entry(*partner).or_default();
            figures.add_aid(*dollars);
            by_year.entry(*year).or_default().add_aid(*dollars);
        }
    }
}

fn sort(partners: &mut [PartnerFigures], measure: &str, ask: &Ask) {
    let by = ask.sort.as_deref().unwrap_or("-share");
    let (by, descending) = by.strip_prefix('-').map_or((by, false), |by| (by, true));
    let column = if by == "share" { measure } else { by };
    // A partner without a figure comes last, whichever way round.
    partners.sort_by(|a, b| {
        let (x, y) = (a.figures.of(column), b.figures.of(column));
        let order = match by {
            "name" => a.name.cmp(&b.name),
            _ => x.cmp(&y),
        };
        let order = if descending { order.reverse() } else { order };
        (by != "name" && x.is_none())
            .cmp(&(by != "name" && y.is_none()))
            .then(order)
            .then(a.name.cmp(&b.name))
    });
}
