//! `/`: the portfolio.

use super::{dataset_citation, dollars, year_choices};
use crate::{
    answer::{self, Refused},
    chart::{MapData, MapValue, Plot, Series},
    site::{Site, outlines},
    view::{Choice, Kpi, Nav, format, portfolio as view},
    visitor::Visitor,
};
use axum::{extract::State, response::Response};
use std::collections::BTreeMap;
use std::sync::Arc;
use symbolon_app::{Portfolio, PortfolioAsk};

const MEASURES: [(&str, &str, &str); 4] = [
    ("trainees", "Trainees", "persons reported"),
    ("rows", "Training rows", "rows printed"),
    ("cost", "Training cost", "USD, as printed"),
    ("aid", "Aid obligated", "USD, current"),
];

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let ask: PortfolioAsk = visitor.question(&[])?;
    let viewer = visitor.viewer.clone();
    let asked = ask.clone();
    let (answer, snapshot) = site
        .ask(move |app| Ok((app.portfolio(&viewer, &asked)?, app.snapshot()?)))
        .await
        .map_err(|e| visitor.refuse(e))?;
    let datasets = {
        let viewer = visitor.viewer.clone();
        site.ask(move |app| app.datasets_of(&viewer))
            .await
            .map_err(|e| visitor.refuse(e))?
    };
    let measure = MEASURES
        .iter()
        .find(|m| m.0 == answer.measure)
        .unwrap_or(&MEASURES[0]);
    let training = datasets.iter().filter(|d| d.dataset.content == "training");
    let options = view::Options {
        measures: MEASURES.iter().map(|m| Choice::new(m.0, m.1)).collect(),
        years: year_choices(&answer.all_years).into(),
        accounts: site.lists(&snapshot).accounts.clone(),
        datasets: training
            .map(|d| Choice::new(&d.code, &d.dataset.title))
            .collect(),
    };
    let mut page = visitor.page("Portfolio", Nav::Portfolio);
    page.lead = "Who was trained and what it cost, by partner, fiscal year and account, with every figure traceable to the printed row.".to_owned();
    page.json = visitor.query.at("/api/v1/portfolio");
    let total = answer.total.of(&answer.measure);
    let context = view::Portfolio {
        page,
        query: visitor.query.clone(),
        filters: view::filters(&visitor.query, options),
        scope: scope(&answer, &ask, measure.1),
        kpis: kpis(&answer),
        map: map(&answer, measure),
        outlines: outlines(),
        trend: trend(&answer, measure),
        partners: answer
            .partners
            .iter()
            .map(|p| row(p, &answer.measure, total))
            .collect(),
        total: total_row(&answer, total),
        limits: answer.limits.clone(),
        sources: datasets
            .iter()
            .filter(|d| answer.datasets.contains(&d.code))
            .map(|d| dataset_citation(&d.code, &d.dataset.title))
            .collect(),
    };
    answer::page(&visitor, &context)
}

fn scope(answer: &Portfolio, ask: &PortfolioAsk, measure: &str) -> String {
    let years = match (answer.years.first(), answer.years.last()) {
        (Some(a), Some(b)) => format!("FY{a} to FY{b}"),
        _ => "no fiscal year".to_owned(),
    };
    let account = ask
        .account
        .as_deref()
        .filter(|a| !a.is_empty())
        .unwrap_or("all accounts");
    format!("{measure}, {years}, {account}; training reported as done, planned training left out.")
}

fn kpis(answer: &Portfolio) -> Vec<Kpi> {
    let limit =
        "NATO members, Australia, Japan and New Zealand need not be reported; blank is not zero.";
    let kpi = |label: &str, value: Option<i64>, unit: &str, limits: &str, href: &str| Kpi {
        label: label.to_owned(),
        value: value.map_or_else(|| "-".to_owned(), format::count),
        unit: unit.to_owned(),
        limits: limits.to_owned(),
        href: href.to_owned(),
    };
    let t = &answer.total;
    let without = format!(
        "{} rows print no cost and are not in this sum.",
        format::count(t.rows_without_cost)
    );
    vec![
        kpi("Trainees", t.trainees, "", limit, "/training"),
        kpi(
            "Training rows",
            t.rows,
            "",
            "Exact repeats are real: one row a student or session.",
            "/training",
        ),
        kpi(
            "Training cost",
            dollars(t.cost_cents),
            "USD",
            &without,
            "/training?sort=-cost",
        ),
        kpi(
            "Partners",
            i64::try_from(answer.partner_count).ok(),
            "",
            "With any figure for these filters.",
            "/countries",
        ),
        kpi(
            "Aid obligated",
            t.aid_usd,
            "USD",
            "All agencies and purposes; obligations, not payments.",
            "/datasets/aid",
        ),
    ]
}

fn map(answer: &Portfolio, measure: &(&str, &str, &str)) -> MapData {
    let values: Vec<MapValue> = answer
        .partners
        .iter()
        .filter(|p| !p.iso3.is_empty())
        .map(|p| MapValue {
            iso3: p.iso3.clone(),
            value: p.figures.of(&answer.measure).map(|n| n as f64),
        })
        .collect();
    let top: Vec<String> = answer
        .partners
        .iter()
        .filter(|p| p.figures.of(&answer.measure).is_some())
        .take(3)
        .map(|p| p.name.clone())
        .collect();
    MapData {
        id: "map".to_owned(),
        title: format!("{} by partner", measure.1),
        measure: measure.1.to_owned(),
        unit: measure.2.to_owned(),
        summary: format!(
            "{} partners have a figure. First in the table: {}.",
            values.len(),
            top.join(", ")
        ),
        values,
    }
}

/// The five largest accounts by themselves, the rest together.
const ACCOUNTS_SHOWN: usize = 5;

fn trend(answer: &Portfolio, measure: &(&str, &str, &str)) -> Plot {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for point in &answer.trend {
        *sums.entry(&point.account).or_default() += point.figures.of(&answer.measure).unwrap_or(0);
    }
    let mut order: Vec<(&str, i64)> = sums.into_iter().collect();
    order.sort_by_key(|(name, sum)| (std::cmp::Reverse(*sum), *name));
    let shown: Vec<&str> = order.iter().take(ACCOUNTS_SHOWN).map(|(n, _)| *n).collect();
    let value = |year: i16, pick: &dyn Fn(&str) -> bool| {
        let points = answer
            .trend
            .iter()
            .filter(|p| p.year == year && pick(&p.account));
        points
            .filter_map(|p| p.figures.of(&answer.measure))
            .map(|n| n as f64)
            .reduce(|a, b| a + b)
    };
    let name = |account: &str| match account {
        "" if answer.measure == "aid" => "All accounts".to_owned(),
        "" => "Account not read".to_owned(),
        a => a.to_owned(),
    };
    let mut series: Vec<Series> = shown
        .iter()
        .map(|account| Series {
            name: name(account),
            values: answer
                .years
                .iter()
                .map(|y| value(*y, &|a| a == *account))
                .collect(),
        })
        .collect();
    if order.len() > ACCOUNTS_SHOWN {
        let values = answer
            .years
            .iter()
            .map(|y| value(*y, &|a| !shown.contains(&a)))
            .collect();
        series.push(Series {
            name: "Other accounts".to_owned(),
            values,
        });
    }
    Plot {
        id: "trend".to_owned(),
        title: format!("{} by fiscal year and account", measure.1),
        measure: measure.1.to_owned(),
        unit: measure.2.to_owned(),
        across: "Fiscal year".to_owned(),
        labels: answer.years.iter().map(ToString::to_string).collect(),
        series,
        limits: "The FY2001 to FY2005 and later reports differ in what they cover; see the limits below.".to_owned(),
        summary: String::new(),
    }
}

fn row(p: &symbolon_app::PartnerFigures, measure: &str, total: Option<i64>) -> view::PartnerRow {
    let f = &p.figures;
    let share = f
        .of(measure)
        .zip(total)
        .filter(|(_, t)| *t > 0)
        .map(|(n, t)| n as f64 / t as f64);
    view::PartnerRow {
        iso3: p.iso3.clone(),
        name: p.name.clone(),
        trainees: f.trainees,
        rows: f.rows,
        cost: dollars(f.cost_cents),
        aid: f.aid_usd,
        share,
        trend: vec![],
        note: String::new(),
    }
}

fn total_row(answer: &Portfolio, total: Option<i64>) -> view::PartnerRow {
    let t = &answer.total;
    view::PartnerRow {
        trainees: t.trainees,
        rows: t.rows,
        cost: dollars(t.cost_cents),
        aid: t.aid_usd,
        share: total.map(|_| 1.0),
        ..view::PartnerRow::default()
    }
}
