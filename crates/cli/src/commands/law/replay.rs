//! `law replay`: the rows of the training report that ships, put to the law as it was on their day.

use super::{Which, faulty};
use crate::Outcome;
use crate::exit::{FAILED, Failure, io};
use crate::output::{Out, grouped, text};
use clap::{Args, ValueEnum};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::PathBuf;
use symbolon_domain::date::{FiscalYear, epoch_days};
use symbolon_domain::money::Cents;
use symbolon_domain::training::{Column, ReadRow, RowKind};
use symbolon_exchange::export::{Field, Sheet};
use symbolon_exchange::import::fmtr::{self, Accounts};
use symbolon_exchange::shipped::{self, CountryNames};
use symbolon_law::replay::{Hit, Plan, Row, Why, replay, span};
use symbolon_law::rule::Verdict;
use symbolon_law::{Rulebook, dated::List, day};

/// What it shows, said wherever figures are given.
const LIMITS: &str = "A row counts as barred where its partner stood under the restriction on that day. Waivers that were given are not in the \
report, lists are incomplete, and rows known only to their fiscal year count where the whole year agrees. It is no finding of a breach.";

/// Past training against the law of its day.
#[derive(Debug, Args)]
#[command(
    before_help = "Examples:\n  symbolon law replay\n  symbolon law replay --by country --by year\n  symbolon law replay --rows -o rows.csv"
)]
pub struct Replay {
    #[command(flatten)]
    which: Which,
    /// Group by; may be given several times [default: rule]
    #[arg(long, value_enum)]
    by: Vec<By>,
    /// Every row with what was said about it, as CSV
    #[arg(long)]
    rows: bool,
    /// Write CSV to this file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// What to group by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum By {
    /// The rule
    Rule,
    /// The country
    Country,
    /// The fiscal year
    Year,
    /// Why it cannot be told
    Why,
}

/// What is kept of a row of the report.
struct Past {
    row: u32,
    country: Box<str>,
    year: Option<i16>,
    account: Box<str>,
    course: Box<str>,
    start: Option<i64>,
    quantity: Option<i64>,
    cost: Option<Cents>,
}

#[derive(Default)]
struct Sum {
    barred: i64,
    barred_cost: i64,
    unknown: i64,
}

impl Replay {
    pub(super) fn run(self, out: Out) -> Outcome<()> {
        let (source, book) = (self.which.source()?, self.which.book()?);
        let plan = Plan::read(&source, &book).map_err(|e| faulty(vec![e]))?;
        let past = past()?;
        let rows: Vec<Row> = past.iter().map(|p| row(&book, &plan, p)).collect();
        let hits = replay(&book, &plan, &rows);
        if self.rows {
            let csv = by_row(&book, &past, &rows, &hits)?;
            return self.write(&csv);
        }
        let by = if self.by.is_empty() {
            vec![By::Rule]
        } else {
            self.by.clone()
        };
        let mut sums: BTreeMap<Vec<String>, Sum> = BTreeMap::new();
        for hit in &hits {
            let sum = sums
                .entry(key(&book, &past[hit.row], hit, &by))
                .or_default();
            if hit.verdict == Verdict::Refused {
                sum.barred += 1;
                sum.barred_cost += past[hit.row].cost.map_or(0, |c| c.0);
            } else {
                sum.unknown += 1;
            }
        }
        self.print(out, past.len(), &by, &sums)
    }

    fn print(
        &self,
        out: Out,
        rows: usize,
        by: &[By],
        sums: &BTreeMap<Vec<String>, Sum>,
    ) -> Outcome<()> {
        let mut heads: Vec<&str> = by.iter().map(|b| name(*b)).collect();
        heads.extend(["barred", "barred cost", "cannot tell"]);
        let cells: Vec<Vec<String>> = sums
            .iter()
            .map(|(key, s)| {
                let figures = [
                    grouped(s.barred),
                    Cents(s.barred_cost).to_string(),
                    grouped(s.unknown),
                ];
                key.iter().cloned().chain(figures).collect()
            })
            .collect();
        if self.output.is_some() {
            let lines =
                std::iter::once(heads.iter().map(|h| (*h).to_owned()).collect()).chain(cells);
            return self.write(&sheet(lines)?);
        }
        let groups: Vec<_> = sums
            .iter()
            .map(|(key, s)| json!({"group": key, "barred": s.barred, "barred_cost_cents": s.barred_cost, "cannot_tell": s.unknown}))
            .collect();
        out.table(
            &json!({"rows": rows, "by": heads[..by.len()], "groups": groups, "limits": LIMITS}),
            &heads,
            &cells,
        )?;
        if out == Out::Human {
            text(&format!(
                "{} rows of training. {LIMITS}\n",
                grouped(rows as i64)
            ))?;
        }
        Ok(())
    }

    fn write(&self, csv: &[u8]) -> Outcome<()> {
        match &self.output {
            Some(path) => std::fs::write(path, csv).map_err(io(path)),
            None => text(&String::from_utf8_lossy(csv)),
        }
    }
}

fn name(by: By) -> &'static str {
    match by {
        By::Rule => "rule",
        By::Country => "country",
        By::Year => "year",
        By::Why => "why",
    }
}

fn key(book: &Rulebook, past: &Past, hit: &Hit, by: &[By]) -> Vec<String> {
    let part = |b: &By| match b {
        By::Rule => book.rules[hit.rule].id.clone(),
        By::Country => past.country.to_string(),
        By::Why => hit.why.map_or("-", Why::name).to_owned(),
        By::Year => past
            .year
            .map_or_else(|| "-".to_owned(), |y| FiscalYear(y).to_string()),
    };
    by.iter().map(part).collect()
}

/// The training rows of the report that ships; totals and residue are left out.
fn past() -> Outcome<Vec<Past>> {
    let failed = |e: &dyn std::fmt::Display| {
        Failure::new(FAILED, format!("the training report that ships: {e}"))
    };
    let report = shipped::datasets()
        .iter()
        .find(|d| d.folder == "training-report");
    let report = report.ok_or_else(|| failed(&"it is missing"))?;
    let accounts = Accounts::shipped().map_err(|e| failed(&e))?;
    let mut past = vec![];
    let read = fmtr::read(
        report.bytes,
        report.file_name,
        CountryNames::shipped(),
        &accounts,
        &mut |section| {
            past.extend(
                section
                    .rows
                    .iter()
                    .filter(|r| r.reading.kind == RowKind::Training)
                    .map(kept),
            );
            Ok(())
        },
    );
    read.map_err(|e| failed(&e))?;
    Ok(past)
}

fn kept(row: &ReadRow) -> Past {
    let reading = &row.reading;
    Past {
        row: row.row,
        country: reading.partner.map_or("-".into(), |p| p.as_str().into()),
        year: reading.fiscal_year.map(|y| y.0),
        account: reading.account.clone().unwrap_or_default(),
        course: row.printed.cell(Column::CourseTitle).into(),
        start: reading.start.map(|d| i64::from(epoch_days(d))),
        quantity: reading.quantity,
        cost: reading.cost,
    }
}

fn row(book: &Rulebook, plan: &Plan, past: &Past) -> Row {
    let (first, last) = span(past.start, past.year.map(i64::from));
    Row {
        partner: plan.partner(book, &past.country),
        authority: plan.authority(&past.account),
        first,
        last,
    }
}

/// One line for each rule that spoke about a row, with the reason.
fn by_row(book: &Rulebook, past: &[Past], rows: &[Row], hits: &[Hit]) -> Outcome<Vec<u8>> {
    let heads = [
        "row",
        "country",
        "fiscal_year",
        "day",
        "account",
        "course",
        "quantity",
        "cost",
        "rule",
        "said",
        "why",
        "cites",
        "list",
    ];
    let heads: Vec<String> = heads.iter().map(|h| (*h).to_owned()).collect();
    let lines = hits.iter().map(|h| {
        let (p, rule) = (&past[h.row], &book.rules[h.rule]);
        let said = if h.verdict == Verdict::Refused {
            "barred"
        } else {
            "cannot tell"
        };
        let asked = rule
            .lists
            .iter()
            .map(|l| &book.tables.lists[usize::from(*l)]);
        let reason = asked.filter_map(|l| on_list(l, &rows[h.row])).next();
        vec![
            p.row.to_string(),
            p.country.to_string(),
            p.year.map_or_else(String::new, |y| y.to_string()),
            p.start.map_or_else(String::new, day::written),
            p.account.to_string(),
            p.course.to_string(),
            p.quantity.map_or_else(String::new, |q| q.to_string()),
            p.cost.map_or_else(String::new, Cents::decimal),
            rule.id.clone(),
            said.to_owned(),
            h.why.map_or_else(String::new, |w| w.name().to_owned()),
            rule.cites
                .iter()
                .map(|c| c.at.as_str())
                .collect::<Vec<_>>()
                .join("; "),
            reason.unwrap_or_default(),
        ]
    });
    sheet(std::iter::once(heads).chain(lines))
}

fn on_list(list: &List, row: &Row) -> Option<String> {
    let found = list
        .of(row.partner)
        .iter()
        .find(|r| r.from <= row.first && row.first < r.to);
    found.map(|r| format!("{}: {}", list.name, r.cite))
}

/// Lines as CSV; the first holds the heads.
fn sheet(mut lines: impl Iterator<Item = Vec<String>>) -> Outcome<Vec<u8>> {
    let failed = |e: std::io::Error| Failure::new(FAILED, e.to_string());
    let mut bytes = vec![];
    let mut sheet = Sheet::csv(&mut bytes, &lines.next().unwrap_or_default()).map_err(failed)?;
    for line in lines {
        let fields: Vec<Field<'_>> = line.iter().map(|c| Field::Text(c)).collect();
        sheet.row(&fields).map_err(failed)?;
    }
    sheet.finish().map_err(failed)?;
    Ok(bytes)
}
