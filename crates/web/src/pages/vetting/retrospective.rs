//! `/vetting/retrospective`: past training whose unit had, on the day, an incident alleged against it, a unit over
//! it or who commanded it, in the loaded data. With confidence and every source, and worded with care.

use super::{frame, said, way};
use crate::{
    answer::{self, Refused},
    pages::sign_in::no_store,
    site::Site,
    view::{Cell, Choice, Column, Fact, Filters, Paging, Query, Table, Tag, desk::Section},
    visitor::Visitor,
};
use axum::extract::State;
use axum::response::Response;
use std::collections::BTreeMap;
use std::sync::Arc;
use symbolon_access::{Action, Policy};
use symbolon_app::{
    AppError,
    vetting::{Lines, LookBack, LookedBack, RETROSPECTIVE_LIMITS, Retrospective, Through},
};

/// Lines on a page.
const PAGE: usize = 50;

/// Countries with incidents, what was found, and the marking of it.
type Asked = (BTreeMap<String, usize>, Retrospective, Option<String>);

async fn asked(site: &Arc<Site>, visitor: &Visitor, ask: &LookBack) -> Result<Asked, Refused> {
    let (viewer, ask) = (visitor.viewer.clone(), ask.clone());
    let found = site
        .work(move |app| {
            let countries = app.incident_countries(&viewer)?;
            let found = match ask.country.is_empty() {
                true => Retrospective::default(),
                false => app.look_back(&viewer, &ask)?,
            };
            let labels = found
                .lines
                .iter()
                .map(|l| &l.reached.incident.envelope.label);
            let marking = app.marking_over(labels)?;
            Ok((countries, found, marking))
        })
        .await;
    found.map_err(|e| visitor.refuse(e))
}

fn takes(visitor: &Visitor) -> bool {
    let takes = |kind: &str| Policy::shipped().grants(&visitor.viewer, Action::Export, kind);
    takes("incident") && takes("dataset")
}

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let ask: LookBack = visitor.question(&[])?;
    let (countries, found, marking) = asked(&site, &visitor, &ask).await?;
    let mut context = frame(&visitor, "Past training and alleged incidents");
    context.page.mark(marking);
    context.page.lead = "Which units in training reports had, on the day of training, an incident alleged against them, against a unit over them or against who commanded them, in the loaded data.".to_owned();
    context.limits = RETROSPECTIVE_LIMITS.map(str::to_owned).to_vec();
    context.filters = Some(filters(&visitor.query, &countries));
    if ask.country.is_empty() {
        context.sections = vec![choice(&visitor.query, &countries)];
        return Ok(no_store(answer::html(&context)));
    }
    if takes(&visitor) {
        context.page.csv = visitor.query.at("/vetting/retrospective.csv");
    }
    let page = ask.page.unwrap_or(1).max(1);
    let total = i64::try_from(found.lines.len()).unwrap_or(i64::MAX);
    let on_page: Vec<&LookedBack> = found
        .lines
        .iter()
        .skip((page - 1) * PAGE)
        .take(PAGE)
        .collect();
    context.sections = vec![
        sums(&found),
        Section::new("lines", "Rows of training").table(table(&on_page)),
    ];
    let page = i64::try_from(page).unwrap_or(1);
    context.paging = Some(Paging::new(&visitor.query, page, 50, total).named("lines"));
    Ok(no_store(answer::html(&context)))
}

fn filters(query: &Query, countries: &BTreeMap<String, usize>) -> Filters {
    let countries = countries.keys().map(|c| Choice::new(c, c));
    let sure = [
        Choice::new("medium", "Medium or high"),
        Choice::new("high", "High only"),
    ];
    Filters::new("back-f", "Choose a country", query)
        .select("country", "Country", countries.collect::<Vec<_>>())
        .number("year", "Fiscal year", "")
        .select("sure", "Confidence", sure.to_vec())
}

fn choice(query: &Query, countries: &BTreeMap<String, usize>) -> Section {
    let row = |(country, n): (&String, &usize)| {
        let count = i64::try_from(*n).ok();
        vec![
            Cell::link(country, &query.with("country", country)),
            Cell::count(count),
        ]
    };
    let columns = vec![
        Column::text("Country"),
        Column::number("Alleged incidents loaded", ""),
    ];
    let table = Table::new("countries-t", "Countries with incidents loaded", columns)
        .rows(countries.iter().map(row).collect())
        .or("No incident is loaded that you may see.")
        .quiet();
    Section::new("countries", "Countries with incidents loaded").table(table)
}

fn sums(found: &Retrospective) -> Section {
    let count = |n: usize| crate::view::format::count(i64::try_from(n).unwrap_or(i64::MAX));
    Section::new("sums", "What was looked at").facts(vec![
        Fact::new("Rows of training", &count(found.rows)),
        Fact::new(
            "Rows whose unit was linked to a known one",
            &count(found.linked),
        ),
        Fact::new("Linked rows without a first day", &count(found.no_day)),
        Fact::new(
            "Rows that an alleged incident reaches",
            &count(found.touched),
        ),
    ])
}

fn sources(line: &LookedBack) -> String {
    let all = line
        .reached
        .sources
        .iter()
        .map(|s| match s.locator.as_str() {
            "" => s.document.clone(),
            at => format!("{}, {at}", s.document),
        });
    all.collect::<Vec<_>>().join("; ")
}

fn through(line: &LookedBack) -> String {
    match &line.reached.through {
        Through::Own => "this unit".to_owned(),
        other => way(other, &line.by),
    }
}

fn table(lines: &[&LookedBack]) -> Table {
    let columns = vec![
        Column::tight("Row"),
        Column::tight("Day of training"),
        Column::text("Unit as printed, and as linked"),
        Column::text("Alleged"),
        Column::text("Alleged by"),
        Column::text("Against"),
        Column::text("What followed"),
        Column::text("Confidence and sources"),
    ];
    let row = |l: &&LookedBack| {
        let incident = &l.reached.incident;
        let followed = said(incident, "followed");
        vec![
            Cell::link(
                &l.row.to_string(),
                &format!("/training/{}/{}", l.dataset, l.row),
            )
            .under(&l.course),
            Cell::text(&l.day.to_string()),
            Cell::link(&l.printed, &format!("/units/{}?as_of={}", l.unit.0, l.day)).under(
                &format!("linked to {} ({}, {})", l.unit.1, l.basis.says(), l.link),
            ),
            Cell::link(
                said(incident, "title"),
                &format!("/records/incident/{}", incident.envelope.id),
            )
            .under(&format!("said to have begun {}", said(incident, "began"))),
            Cell::text(said(incident, "alleged_by")),
            Cell::text(&through(l)),
            Cell::text(if followed.is_empty() {
                "not recorded"
            } else {
                followed
            }),
            Cell::tag(Tag::of(&l.confidence.to_string())).under(&sources(l)),
        ]
    };
    Table::new("lines-t", "Rows of training", columns)
        .rows(lines.iter().map(row).collect())
        .or("In the loaded data no alleged incident reaches a unit that was trained. That is no clean record.")
        .quiet()
}

pub(crate) async fn csv(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let ask: LookBack = visitor.question(&["page"])?;
    let (_, found, _) = asked(&site, &visitor, &ask).await?;
    if !takes(&visitor) {
        let told = "your role takes no incidents away".to_owned();
        return Err(visitor.refuse(AppError::NotPermitted(told)));
    }
    let row = |l: &LookedBack| {
        let incident = &l.reached.incident;
        vec![
            l.dataset.clone(),
            l.row.to_string(),
            l.day.to_string(),
            l.course.clone(),
            l.printed.clone(),
            l.unit.1.clone(),
            l.link.to_string(),
            l.basis.says().to_owned(),
            said(incident, "title").to_owned(),
            said(incident, "began").to_owned(),
            said(incident, "alleged_by").to_owned(),
            through(l),
            l.reached.part.clone(),
            said(incident, "followed").to_owned(),
            l.confidence.to_string(),
            sources(l),
        ]
    };
    let heads = [
        "dataset",
        "row",
        "day_of_training",
        "course",
        "unit_as_printed",
        "unit_as_linked",
        "link_confidence",
        "link_basis",
        "alleged",
        "said_to_have_begun",
        "alleged_by",
        "against",
        "part_alleged",
        "what_followed",
        "confidence",
        "sources",
    ];
    let lines = Lines {
        rows: found.lines.iter().map(row).collect(),
        heads: heads.to_vec(),
    };
    super::taken(
        &site,
        &visitor,
        "incident/retrospective".to_owned(),
        "retrospective.csv",
        lines,
    )
    .await
}
