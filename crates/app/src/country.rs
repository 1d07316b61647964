//! A country: money and training over time, who was trained, where, by whom; groups, notices, series.

use crate::{
    App, AppError, DatasetRef, Result, Snapshot, datasets, portfolio::Figures, snapshot::dimension,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use symbolon_access::{Action, Viewer};
use symbolon_domain::{
    country::Iso3,
    kinds::{self, Partner},
    record::{Citation, Record},
};
use symbolon_exchange::shipped;
use symbolon_insight::columns::TextColumn;
use symbolon_store::{
    facts::{NOTIFICATION, OBSERVATION, TRAINING_FINDING, TableDef},
    query::{FactQuery, FactRow, RecordQuery, Test, Value},
};

/// A fiscal year and account.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct YearAccount {
    /// Fiscal year.
    pub year: i16,
    /// Account code.
    pub account: String,
    /// Figures.
    #[serde(flatten)]
    pub figures: Figures,
}

/// A printed string with its figures.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Named {
    /// As printed, or as read where it was repaired.
    pub name: String,
    /// Rows.
    pub rows: u64,
    /// Students.
    pub trainees: i64,
    /// Cost in US cents.
    pub cost_cents: i64,
}

/// A membership.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Body {
    /// Code of the body.
    pub body: String,
    /// Name of the body.
    pub name: String,
    /// First day, or empty.
    pub from: String,
    /// First day no longer a member, or empty.
    pub to: String,
    /// Whether it held on the day asked for.
    pub holds: bool,
    /// Standing where not full.
    pub standing: String,
    /// Source.
    pub sources: Vec<Citation>,
    /// Id of the membership record.
    pub id: String,
}

/// A congressional notification.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Notification {
    /// Transmittal number.
    pub transmittal: String,
    /// Legal basis.
    pub legal_basis: String,
    /// Date of the source.
    pub date: String,
    /// What it is, in our words.
    pub summary: String,
    /// Total value in whole dollars; blank: not seen.
    pub total_usd: Option<i64>,
    /// Value of major defense equipment.
    pub mde_usd: Option<i64>,
    /// Amount as printed.
    pub amount_as_printed: String,
    /// Source.
    pub source: String,
}

/// A point of a series.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Point {
    /// Year.
    pub year: i64,
    /// Period as published, `FY2010` or `2010`.
    pub period: String,
    /// Value, as published.
    pub value: String,
}

/// A series.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Series {
    /// Measure code.
    pub measure: String,
    /// Title.
    pub title: String,
    /// Unit.
    pub unit: String,
    /// Stage of money: requested, appropriated, obligated, disbursed; empty for others.
    pub stage: String,
    /// What is measured.
    pub definition: String,
    /// Points by year.
    pub points: Vec<Point>,
}

/// A country.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Country {
    /// ISO code.
    pub iso3: String,
    /// The partner record.
    pub partner: Partner,
    /// Id of the record.
    pub id: String,
    /// Version of the record.
    pub version: i64,
    /// Day on which memberships were asked.
    pub as_of: String,
    /// Figures over all years.
    pub total: Figures,
    /// Planned training, kept apart.
    pub planned: Figures,
    /// By year and account.
    pub years: Vec<YearAccount>,
    /// Units trained, most rows first.
    pub units: Vec<Named>,
    /// How many distinct printed spellings of units there are.
    pub unit_spellings: usize,
    /// Places.
    pub places: Vec<Named>,
    /// Units that train.
    pub trainers: Vec<Named>,
    /// Courses.
    pub courses: Vec<Named>,
    /// Memberships, all times.
    pub memberships: Vec<Body>,
    /// Notifications.
    pub notifications: Vec<Notification>,
    /// Series.
    pub series: Vec<Series>,
    /// Findings by code.
    pub findings: BTreeMap<String, u64>,
    /// Neighbours: code and name.
    pub neighbours: Vec<(String, String)>,
    /// What the figures do not cover.
    pub limits: Vec<String>,
    /// Data sets.
    pub datasets: Vec<(String, String)>,
    /// Marking of the partner record.
    pub marking: String,
    /// Sources of the partner record.
    pub sources: Vec<Citation>,
}

const TOP: usize = 25;

impl App {
    /// Everything about a country, memberships as of a day.
    pub fn country(&self, viewer: &Viewer, iso3: &str, as_of: Option<Date>) -> Result<Country> {
        let record = self.partner_record(viewer, iso3)?;
        let partner: Partner = serde_json::from_value(record.body.clone())
            .map_err(|e| AppError::Internal(e.to_string()))?;
        let snapshot = self.snapshot()?;
        let datasets = self.counted(viewer, None)?;
        // Findings count in every data set the viewer may see, figures only in the counted ones.
        let visible = self.datasets_of(viewer)?;
        let visible = visible.iter().map(|d| d.dataset.number).collect();
        let number = snapshot.partner(iso3);
        let (total, planned, years) = figures(&snapshot, &datasets, number);
        let ranking = |column| ranking(&snapshot, &datasets, number, column);
        let (units, unit_spellings) = ranking(TextColumn::Unit);
        let as_of = as_of.unwrap_or_else(|| self.today());
        Ok(Country {
            iso3: iso3.to_owned(),
            id: record.envelope.id.to_string(),
            version: record.envelope.version,
            as_of: as_of.to_string(),
            total,
            planned,
            years,
            unit_spellings,
            units,
            places: ranking(TextColumn::Location).0,
            trainers: ranking(TextColumn::UsUnit).0,
            courses: ranking(TextColumn::Course).0,
            memberships: self.memberships(viewer, iso3, as_of)?,
            notifications: self.notifications_of(viewer, iso3)?,
            series: self.series_of(viewer, iso3)?,
            findings: snapshot.findings_about(&visible, iso3),
            neighbours: neighbours(iso3),
            limits: datasets
                .iter()
                .filter(|d| d.dataset.content == "training")
                .map(|d| d.dataset.limits.clone())
                .collect(),
            datasets: datasets
                .iter()
                .map(|d| (d.code.clone(), d.dataset.title.clone()))
                .collect(),
            marking: record.envelope.label.marking(),
            sources: record.envelope.sources,
            partner,
        })
    }

    fn partner_record(&self, viewer: &Viewer, iso3: &str) -> Result<Record> {
        let query = RecordQuery::default().when("iso3", Test::Is(Value::Text(iso3.to_owned())));
        self.store
            .list(viewer, "partner", &query)?
            .pop()
            .ok_or(AppError::NotFound("country"))
    }

    fn memberships(&self, viewer: &Viewer, iso3: &str, as_of: Date) -> Result<Vec<Body>> {
        let query = RecordQuery::default().when("iso3", Test::Is(Value::Text(iso3.to_owned())));
        let records = self.store.list(viewer, "membership", &query)?;
        let bodies = self
            .store
            .list(viewer, "regional_body", &RecordQuery::default())?;
        let mut list: Vec<Body> = records
            .into_iter()
            .filter_map(|r| {
                let membership: kinds::Membership = serde_json::from_value(r.body).ok()?;
                let body = bodies.iter().find(|b| b.envelope.id == membership.body)?;
                let day = |k: Option<symbolon_domain::date::Known>| {
                    k.map(|k| k.to_string()).unwrap_or_default()
                };
                Some(Body {
                    body: body.envelope.code.clone(),
                    name: body.body["name"].as_str().unwrap_or_default().to_owned(),
                    from: day(r.envelope.valid.from),
                    to: day(r.envelope.valid.to),
                    holds: r.envelope.valid.holds_on(as_of),
                    standing: membership.standing,
                    sources: r.envelope.sources,
                    id: r.envelope.id.to_string(),
                })
            })
            .collect();
        list.sort_by(|a, b| (&a.name, &a.from).cmp(&(&b.name, &b.from)));
        Ok(list)
    }

    fn notifications_of(&self, viewer: &Viewer, iso3: &str) -> Result<Vec<Notification>> {
        let rows = self.about(viewer, &NOTIFICATION, iso3)?;
        let get =
            |row: &FactRow, name: &str| NOTIFICATION.column(name).map(|i| row.cells[i].clone());
        let text = |row: &FactRow, name: &str| {
            get(row, name)
                .map(|v| v.text().to_owned())
                .unwrap_or_default()
        };
        let line = |row: &FactRow| Notification {
            transmittal: text(row, "transmittal"),
            legal_basis: text(row, "legal_basis"),
            date: text(row, "source_date"),
            summary: text(row, "summary"),
            total_usd: get(row, "total_usd").and_then(|v| v.int()),
            mde_usd: get(row, "mde_usd").and_then(|v| v.int()),
            amount_as_printed: text(row, "amount_as_printed"),
            source: text(row, "source_ref"),
        };
        let mut list: Vec<Notification> = rows.iter().map(line).collect();
        list.sort_by(|a, b| a.date.cmp(&b.date));
        Ok(list)
    }

    fn about(&self, viewer: &Viewer, table: &'static TableDef, iso3: &str) -> Result<Vec<FactRow>> {
        let query = FactQuery::all(table).when("partner", Test::Is(Value::Text(iso3.to_owned())));
        Ok(self.store.facts(viewer, Action::Read, &query)?)
    }

    fn series_of(&self, viewer: &Viewer, iso3: &str) -> Result<Vec<Series>> {
        let at = |name: &str| OBSERVATION.column(name).unwrap_or(0);
        let (measure, year, period, value) = (at("measure"), at("year"), at("period"), at("value"));
        let mut series: BTreeMap<String, Vec<Point>> = BTreeMap::new();
        for row in self.about(viewer, &OBSERVATION, iso3)? {
            series
                .entry(row.cells[measure].text().to_owned())
                .or_default()
                .push(Point {
                    year: row.cells[year].int().unwrap_or(0),
                    period: row.cells[period].text().to_owned(),
                    value: row.cells[value].text().to_owned(),
                });
        }
        Ok(shipped::measures()
            .iter()
            .filter_map(|m| {
                let mut points = series.remove(m.code)?;
                points.sort_by_key(|p| p.year);
                Some(Series {
                    measure: m.code.to_owned(),
                    title: m.title.to_owned(),
                    unit: m.unit.to_owned(),
                    stage: m.stage.word().to_owned(),
                    definition: m.definition.to_owned(),
                    points,
                })
            })
            .collect())
    }

    /// Findings about a country, a page of them.
    pub fn country_findings(
        &self,
        viewer: &Viewer,
        iso3: &str,
        most: u32,
    ) -> Result<Vec<datasets::FindingLine>> {
        let query = FactQuery::all(&TRAINING_FINDING)
            .when("partner", Test::Is(Value::Text(iso3.to_owned())))
            .page(most, 0);
        let datasets = self.datasets_of(viewer)?;
        let code = |id: i64| {
            let number = symbolon_store::facts::dataset_number(id);
            datasets
                .iter()
                .find(|d| d.dataset.number == number)
                .map(|d| d.code.clone())
                .unwrap_or_default()
        };
        let rows = self.store.facts(viewer, Action::Read, &query)?;
        Ok(rows
            .iter()
            .map(|r| datasets::finding_line(&code(r.id), r))
            .collect())
    }
}

fn figures(
    snapshot: &Snapshot,
    datasets: &[Arc<DatasetRef>],
    number: Option<u16>,
) -> (Figures, Figures, Vec<YearAccount>) {
    let (mut total, mut planned) = (Figures::default(), Figures::default());
    let mut years: BTreeMap<(i16, String), Figures> = BTreeMap::new();
    let counted = |dataset: i64| datasets.iter().any(|d| d.dataset.number == dataset);
    let cells = snapshot
        .rollup
        .as_ref()
        .zip(number)
        .and_then(|(r, n)| r.slice(&dimension::BY_PARTNER, n).ok());
    for ([_, dataset, year, account, phase], sums) in cells.into_iter().flatten() {
        if !counted((*dataset).into()) {
            continue;
        }
        let rows = sums.count.cast_signed();
        if *phase != 0 {
            planned.add_training(rows, sums.measures);
            continue;
        }
        total.add_training(rows, sums.measures);
        let account = snapshot
            .accounts
            .get(*account as usize)
            .map(|a| a.code.clone())
            .unwrap_or_default();
        years
            .entry((*year as i16, account))
            .or_default()
            .add_training(rows, sums.measures);
    }
    for (dataset, partner, year, dollars) in &snapshot.aid {
        if counted(*dataset) && Some(*partner) == number {
            total.add_aid(*dollars);
            years
                .entry((*year, "AID".to_owned()))
                .or_default()
                .add_aid(*dollars);
        }
    }
    let years = years
        .into_iter()
        .map(|((year, account), figures)| YearAccount {
            year,
            account,
            figures,
        });
    (total, planned, years.collect())
}

/// The strings that stand most often in a column of a partner's rows, and how many there are.
fn ranking(
    snapshot: &Snapshot,
    datasets: &[Arc<DatasetRef>],
    partner: Option<u16>,
    column: TextColumn,
) -> (Vec<Named>, usize) {
    let Some(partner) = partner else {
        return (vec![], 0);
    };
    let training = datasets.iter().filter(|d| d.dataset.content == "training");
    let numbers: Vec<i64> = training.map(|d| d.dataset.number).collect();
    let all = snapshot.columns.ranking(&numbers, Some(partner), column);
    let mut printed = all.iter().filter_map(|(n, tally)| {
        let name = snapshot.strings.get(*n as usize)?;
        (!name.is_empty()).then_some((name, tally))
    });
    let named: Vec<Named> = printed
        .by_ref()
        .take(TOP)
        .map(|(name, tally)| Named {
            name: name.to_string(),
            rows: tally.rows,
            trainees: tally.quantity,
            cost_cents: tally.cost_cents,
        })
        .collect();
    let count = named.len() + printed.count();
    (named, count)
}

fn neighbours(iso3: &str) -> Vec<(String, String)> {
    let Ok(code) = iso3.parse::<Iso3>() else {
        return vec![];
    };
    let mut list: Vec<(String, String)> = shipped::neighbours_of(code)
        .map(|n| {
            (
                n.as_str().to_owned(),
                shipped::country(n)
                    .map_or(n.as_str(), |c| c.name)
                    .to_owned(),
            )
        })
        .collect();
    list.sort_by(|a, b| a.1.cmp(&b.1));
    list
}
