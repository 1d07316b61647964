//! `/training`: the explorer, and the whole answer as a file.

use super::{dollars, year_choices};
use crate::{
    answer::{self, Refused},
    site::Site,
    view::{Choice, Link, Nav, Paging, training as view},
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use symbolon_app::{TrainingAsk, TrainingLine, TrainingList};
use symbolon_exchange::export::Sheet;

const KINDS: [(&str, &str); 6] = [
    ("training", "Training reported as done"),
    ("planned", "Planned training"),
    ("program_total", "Printed programme totals"),
    ("country_total", "Printed country totals"),
    ("residue", "Page heads and feet"),
    ("all", "Every printed row"),
];

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let ask: TrainingAsk = visitor.question(&[])?;
    let viewer = visitor.viewer.clone();
    let (list, snapshot, years, datasets) = site
        .ask(move |app| {
            let years = app.training_years(&viewer)?;
            Ok((
                app.training(&viewer, &ask)?,
                app.snapshot()?,
                years,
                app.datasets_of(&viewer)?,
            ))
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    let query = &visitor.query;
    let training = datasets.iter().filter(|d| d.dataset.content == "training");
    let lists = site.lists(&snapshot);
    let options = view::Options {
        countries: lists.countries.clone(),
        years: year_choices(&years).into(),
        accounts: lists.accounts.clone(),
        findings: lists.findings.clone(),
        kinds: KINDS.iter().map(|k| Choice::new(k.0, k.1)).collect(),
        datasets: training
            .map(|d| Choice::new(&d.code, &d.dataset.title))
            .collect(),
    };
    let mut page = visitor.page("Training", Nav::Training);
    page.lead =
        "Every row of the training report, as read; open one to see it as printed.".to_owned();
    page.json = query.at("/api/v1/training");
    page.csv = query.at("/training/export.csv");
    page.xlsx = query.at("/training/export.xlsx");
    let context = view::Training {
        page,
        filters: view::filters(query, options),
        matched: matched(&list, &visitor),
        trainees: Some(list.trainees),
        cost: dollars(Some(list.cost_cents)),
        rows: list.rows.iter().map(row).collect(),
        paging: Paging::new(
            query,
            list.page.into(),
            list.limit.into(),
            i64::try_from(list.total).unwrap_or(i64::MAX),
        ),
        empty: empty(&list, &visitor),
        suggestions: vec![Link::new("All training", "/training")],
        limits: list.limits.clone(),
        query: query.clone(),
    };
    answer::page(&visitor, &context)
}

/// Spellings other than the words asked for, and the words themselves.
fn matched(list: &TrainingList, visitor: &Visitor) -> Vec<view::Matched> {
    let other = list.spellings.iter().filter(|s| s.asked != s.found);
    other
        .map(|s| view::Matched {
            column: if s.part == "q" {
                "any text".to_owned()
            } else {
                s.part.replace('_', " ")
            },
            printed: s.found.clone(),
            why: format!("{}: {} / {}", s.why, s.asked, s.found),
            score: 1.0 - f64::from(s.letters) / s.found.len().max(1) as f64,
            rows: i64::try_from(s.strings).unwrap_or(i64::MAX),
            href: visitor.query.with(s.part, &s.found),
        })
        .collect()
}

fn empty(list: &TrainingList, visitor: &Visitor) -> String {
    if list.total > 0 {
        return "This page lies behind the last row.".to_owned();
    }
    let words: Vec<&str> = ["q", "course", "unit", "place"]
        .into_iter()
        .filter(|p| !visitor.query.get(p).is_empty())
        .collect();
    if !words.is_empty() && list.spellings.is_empty() {
        return "No word like that stands in a course, unit or place. Try fewer letters, or another spelling.".to_owned();
    }
    "No row matches all of these filters. Take one away.".to_owned()
}

fn row(line: &TrainingLine) -> view::TrainingRow {
    let kind = match line.kind {
        "training" if line.planned => "planned".to_owned(),
        "training" => String::new(),
        "residue" => "page head".to_owned(),
        other => other.replace('_', " "),
    };
    view::TrainingRow {
        href: format!("/training/{}/{}", line.dataset, line.row),
        row: line.row.into(),
        year: line
            .fiscal_year
            .map(|y| format!("FY{y}"))
            .unwrap_or_default(),
        iso3: line.iso3.clone(),
        country: line.country.clone(),
        account: line.account.clone(),
        course: line.course.clone(),
        unit: line.unit.clone(),
        us_unit: line.us_unit.clone(),
        place: line.place.clone(),
        start: line.start.clone(),
        end: line.end.clone(),
        quantity: line.quantity,
        cost: dollars(line.cost_cents),
        findings: i64::try_from(line.findings.len()).unwrap_or(0),
        severity: line.severity.to_owned(),
        kind,
    }
}

/// The whole answer as `export.csv` or `export.xlsx`, streamed; the count is in a header.
pub(crate) async fn export(
    State(site): State<Arc<Site>>,
    Path(file): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let ask: TrainingAsk = visitor.question(&["page", "limit"])?;
    let (media, xlsx) = match file.as_str() {
        "export.csv" => ("text/csv; charset=utf-8; header=present", false),
        "export.xlsx" => (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            true,
        ),
        _ => return Err(Refused::not_found(visitor)),
    };
    let viewer = visitor.viewer.clone();
    let count = {
        let mut one = ask.clone();
        one.limit = Some(1);
        site.ask(move |app| {
            app.takes_rows(&viewer)?;
            Ok(app.training(&viewer, &one)?.total)
        })
        .await
        .map_err(|e| visitor.refuse(e))?
    };
    let (app, address) = (Arc::clone(&site.app), visitor.address.clone());
    let body = answer::written(move |out| {
        let still = || visitor.again(&app);
        let sheet = app.export_training(&still, &ask, &address, |heads, notes| {
            if xlsx {
                Sheet::xlsx(out, heads, notes)
            } else {
                Sheet::csv(out, heads)
            }
        });
        sheet.map(|_| ())
    });
    let headers = [
        (header::CONTENT_TYPE, media.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"training-{file}\""),
        ),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
        (
            header::HeaderName::from_static("x-row-count"),
            count.to_string(),
        ),
    ];
    Ok((headers, body).into_response())
}
