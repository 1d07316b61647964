//! `dataset`: what is loaded, what is doubted, which control totals agree.

use crate::Outcome;
use crate::config::Global;
use crate::exit::{Failure, NOT_FOUND};
use crate::instance::Place;
use crate::output::{Out, grouped, time};
use clap::{Args, Subcommand};
use symbolon_app::{App, FindingAsk};
use symbolon_domain::money::Cents;

/// Data sets.
#[derive(Debug, Subcommand)]
#[command(
    before_help = "Examples:\n  symbolon dataset list\n  symbolon dataset show training-report\n  symbolon dataset findings training-report --code date-impossible\n  symbolon dataset blocks training-report --disagree"
)]
pub enum Dataset {
    /// Every data set
    List,
    /// One data set: source, licence, hash, reconciliation
    Show {
        /// Code of the data set
        code: String,
    },
    /// What is doubted, or was read differently
    Findings(Findings),
    /// Programme blocks with their printed totals
    Blocks(Blocks),
}

/// Findings of a data set.
#[derive(Debug, Args)]
pub struct Findings {
    /// Code of the data set
    dataset: String,
    /// Only this finding code
    #[arg(long)]
    code: Option<String>,
    /// Only this country, ISO code
    #[arg(long)]
    country: Option<String>,
    /// Only this fiscal year
    #[arg(long)]
    year: Option<i64>,
    /// At most so many
    #[arg(long, default_value_t = 50)]
    limit: usize,
}

/// Blocks of a data set.
#[derive(Debug, Args)]
pub struct Blocks {
    /// Code of the data set
    dataset: String,
    /// Only those whose figures do not agree as read
    #[arg(long)]
    disagree: bool,
    /// Only this report, as printed: 2009_2010
    #[arg(long)]
    report: Option<String>,
    /// Only this country, ISO code
    #[arg(long)]
    country: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 50)]
    limit: usize,
}

/// A page of the store's lists.
const PAGE: u32 = 200;

impl Dataset {
    /// Shows it.
    pub fn run(self, global: &Global) -> Outcome<()> {
        let instance = Place::of(global).open_reader()?;
        let (app, out) = (&*instance.app, Out::of(global));
        match self {
            Self::List => list(app, out),
            Self::Show { code } => show(app, out, &code),
            Self::Findings(ask) => ask.run(app, out),
            Self::Blocks(ask) => ask.run(app, out),
        }
    }
}

fn unknown(app: &App, code: &str) -> Failure {
    let known = app
        .datasets_of(&app.system())
        .map(|all| all.iter().map(|d| d.code.clone()).collect::<Vec<_>>());
    Failure::new(NOT_FOUND, format!("there is no data set `{code}`")).help(format!(
        "There are: {}",
        known.unwrap_or_default().join(", ")
    ))
}

fn known(app: &App, code: &str) -> Outcome<()> {
    let found = app
        .datasets_of(&app.system())?
        .iter()
        .any(|d| d.code == code);
    if found {
        Ok(())
    } else {
        Err(unknown(app, code))
    }
}

fn list(app: &App, out: Out) -> Outcome<()> {
    let all = app.datasets(&app.system())?;
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|d| {
            let counted = if d.dataset.counted { "yes" } else { "no" };
            vec![
                d.code.clone(),
                d.dataset.content.clone(),
                grouped(d.dataset.rows),
                d.dataset.years.clone(),
                counted.to_owned(),
                d.marking.clone(),
                d.dataset.title.clone(),
            ]
        })
        .collect();
    out.table(
        &all,
        &[
            "code", "content", "rows", "years", "counted", "marking", "title",
        ],
        &rows,
    )
}

fn show(app: &App, out: Out, code: &str) -> Outcome<()> {
    known(app, code)?;
    let d = app.dataset(&app.system(), code)?;
    let source = d
        .source
        .as_ref()
        .map(|s| (s.title.as_str(), s.publisher.as_str(), s.licence.as_str()));
    let (title, publisher, licence) = source.unwrap_or_default();
    let mut rows = vec![
        ("title", d.dataset.title.clone()),
        ("content", d.dataset.content.clone()),
        ("rows", grouped(d.dataset.rows)),
        ("years", d.dataset.years.clone()),
        ("source", title.to_owned()),
        ("publisher", publisher.to_owned()),
        ("licence", licence.to_owned()),
        ("file", d.dataset.file_name.clone()),
        ("sha256", d.dataset.file_sha256.clone()),
        ("bytes", grouped(d.dataset.file_bytes)),
        ("marking", d.marking.clone()),
        ("loaded", d.loaded_at.map(time).unwrap_or_default()),
        ("entry", d.entry.map(|e| e.to_string()).unwrap_or_default()),
    ];
    for y in d.years.iter().filter(|y| y.with_total > 0) {
        let text = format!(
            "{} blocks; students agree {} -> {}; cost agrees {} -> {}",
            y.with_total, y.quantity_before, y.quantity_after, y.cost_before, y.cost_after
        );
        rows.push((y.report.as_str(), text));
    }
    for (finding, n) in &d.findings {
        rows.push((finding.as_str(), grouped(*n)));
    }
    let limits = d.dataset.limits.clone();
    rows.push(("limits", limits));
    let lines: Vec<String> = match out {
        Out::Plain => rows
            .iter()
            .map(|(name, value)| format!("{name}\t{value}"))
            .collect(),
        _ => rows
            .iter()
            .map(|(name, value)| format!("{name:<24} {value}"))
            .collect(),
    };
    out.lines(&d, &lines)
}

/// Gathers pages until there are enough.
fn pages<T>(
    limit: usize,
    mut page: impl FnMut(u32) -> Outcome<(Vec<T>, u64)>,
) -> Outcome<(Vec<T>, u64)> {
    let (mut all, mut total) = (vec![], 0);
    for number in 1.. {
        let (lines, n) = page(number)?;
        total = n;
        let last = lines.len() < PAGE as usize;
        all.extend(lines);
        if last || all.len() >= limit {
            break;
        }
    }
    all.truncate(limit);
    Ok((all, total))
}

impl Findings {
    fn run(self, app: &App, out: Out) -> Outcome<()> {
        known(app, &self.dataset)?;
        let mut ask = FindingAsk {
            code: self.code,
            country: self.country,
            year: self.year,
            limit: Some(PAGE),
            ..FindingAsk::default()
        };
        let (lines, total) = pages(self.limit, |page| {
            ask.page = Some(page);
            Ok(app.findings(&app.system(), &self.dataset, &ask)?)
        })?;
        let rows: Vec<Vec<String>> = lines
            .iter()
            .map(|f| {
                let row = f.row.map(|r| r.to_string()).unwrap_or_default();
                vec![
                    f.code.clone(),
                    f.severity.clone(),
                    row,
                    f.page.clone(),
                    f.column.clone(),
                    f.printed.clone(),
                    f.read.clone(),
                ]
            })
            .collect();
        out.table(
            &serde_json::json!({"total": total, "findings": lines}),
            &[
                "code", "severity", "row", "page", "column", "printed", "read",
            ],
            &rows,
        )?;
        say_more(rows.len(), total);
        Ok(())
    }
}

impl Blocks {
    fn run(self, app: &App, out: Out) -> Outcome<()> {
        known(app, &self.dataset)?;
        let mut ask = FindingAsk {
            country: self.country,
            report: self.report,
            state: self.disagree.then(|| "disagree".to_owned()),
            limit: Some(PAGE),
            ..FindingAsk::default()
        };
        let (lines, total) = pages(self.limit, |page| {
            ask.page = Some(page);
            Ok(app.blocks(&app.system(), &self.dataset, &ask)?)
        })?;
        let maybe = |n: Option<i64>| n.map(grouped).unwrap_or_default();
        let money = |n: i64| Cents(n).decimal();
        let rows: Vec<Vec<String>> = lines
            .iter()
            .map(|b| {
                vec![
                    b.report.clone(),
                    b.country.clone(),
                    b.program.clone(),
                    grouped(b.rows),
                    grouped(b.quantity),
                    maybe(b.printed_quantity),
                    money(b.cost),
                    b.printed_cost.map(money).unwrap_or_default(),
                ]
            })
            .collect();
        out.table(
            &serde_json::json!({"total": total, "blocks": lines}),
            &[
                "report",
                "country",
                "programme",
                "rows",
                "students",
                "printed",
                "cost",
                "printed",
            ],
            &rows,
        )?;
        say_more(rows.len(), total);
        Ok(())
    }
}

fn say_more(shown: usize, total: u64) {
    if (shown as u64) < total {
        eprintln!("{shown} of {total}; more with --limit {total}");
    }
}
