//! `/units/{id}/same`: this is the same unit as another. The other is named, both stand side by side with what will
//! follow, the answers are checked, and then it is done or proposed.

use super::merges::{candidates, frame, sides};
use crate::{
    answer::{self, Refused},
    form::Sent,
    pages::{
        sign_in::{no_store, onward},
        vetting::{
            act::{Fields, again, mendable},
            said,
        },
    },
    site::Site,
    view::{
        Cell, Column, Fact, Filters, Link, Table,
        desk::{Field, Form, Section},
        vetting::Vetting,
    },
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use std::sync::Arc;
use symbolon_app::{
    App, AppError,
    vetting::{Affected, MergePlan, answers_hits},
};
use symbolon_domain::record::{Record, RecordId};

#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Ask {
    with: String,
    stays: String,
}

/// What is asked or answered: the two records, which stays, why.
#[derive(Clone, Debug, Default)]
struct Answers {
    with: String,
    stays: String,
    grounds: String,
    checked: bool,
}

fn here(visitor: &Visitor, id: &str) -> Result<RecordId, Refused> {
    let bad = || visitor.refuse(AppError::NotFound("unit"));
    if !answers_hits(&visitor.viewer) {
        return Err(bad());
    }
    id.parse().map_err(|_| bad())
}

pub(crate) async fn ask(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let here = here(&visitor, &id)?;
    let ask: Ask = visitor.question(&[])?;
    let answers = Answers {
        with: ask.with,
        stays: ask.stays,
        ..Answers::default()
    };
    let asker = visitor.clone();
    let made = site
        .work(move |app| context(app, &asker, here, &answers))
        .await;
    let context = made.map_err(|e| visitor.refuse(e))?;
    Ok(no_store(answer::html(&context)))
}

/// The page: which unit, or both side by side, or the answers to check.
fn context(
    app: &App,
    visitor: &Visitor,
    here: RecordId,
    answers: &Answers,
) -> Result<Vetting, AppError> {
    let viewer = &visitor.viewer;
    let unit = app.unit_page(viewer, here, None)?;
    let name = said(&unit.unit, "name").to_owned();
    let mut context = frame(visitor, &format!("{name}: the same unit as another"));
    context
        .page
        .crumbs
        .push(Link::new(&name, format!("/units/{here}")));
    crate::pages::vetting::mark(app, &mut context.page, [&unit.unit])?;
    context.page.lead =
        "Two records of one unit are read as one. Nothing of either is changed or lost, and it can be taken back."
            .to_owned();
    context.filters = Some(
        Filters::new("same-f", "Name the other record", &visitor.query)
            .text("with", "The other record of the unit", "Its code or id")
            .select(
                "stays",
                "Which stays (this one if nothing is chosen)",
                vec![crate::view::Choice::new("other", "The other record stays")],
            ),
    );
    if answers.with.trim().is_empty() {
        context.sections = vec![likely(app, visitor, here, &name)?];
        return Ok(context);
    }
    let (merged, kept) = both(app, visitor, here, answers)?;
    let plan = match app.merge_plan(viewer, merged, kept) {
        Err(AppError::Conflict(why)) => {
            let told = format!("These two cannot be merged: {why}.");
            context.sections = vec![Section::new("refused", "It cannot be done").says(&told)];
            return Ok(context);
        }
        other => other?,
    };
    crate::pages::vetting::mark(app, &mut context.page, [&plan.kept.unit, &plan.merged.unit])?;
    if answers.checked {
        context.filters = None;
        context.sections = vec![check(&plan, here, answers)];
        return Ok(context);
    }
    context.columns = sides(&plan.kept, &plan.merged);
    context.below = follows(&plan);
    context.below.push(question(&plan, here, answers));
    Ok(context)
}

/// The record that is merged, and the one that stays.
fn both(
    app: &App,
    visitor: &Visitor,
    here: RecordId,
    answers: &Answers,
) -> Result<(RecordId, RecordId), AppError> {
    let with = app.resolve(&visitor.viewer, "unit", &answers.with)?;
    let missing = || {
        AppError::Invalid(format!(
            "with: there is no unit `{}` that you may see",
            answers.with
        ))
    };
    let with = with.ok_or_else(missing)?;
    Ok(match answers.stays.as_str() {
        "other" => (here, with),
        _ => (with, here),
    })
}

/// Units of the country whose names are like this one's, to choose from.
fn likely(app: &App, visitor: &Visitor, here: RecordId, name: &str) -> Result<Section, AppError> {
    let found = app.like_units(&visitor.viewer, here)?;
    let row = |(unit, score): &(Record, f64)| {
        let e = &unit.envelope;
        vec![
            Cell::link(said(unit, "name"), &format!("/units/{}", e.id)).under(&e.code),
            Cell::text(&format!("{:.0} %", score * 100.0)),
            Cell::link(
                "Look at both",
                &format!("/units/{here}/same?with={}", e.code),
            ),
        ]
    };
    let columns = vec![
        Column::text("Unit"),
        Column::tight("Likeness"),
        Column::tight("Compare"),
    ];
    let table = Table::new("like-t", "Units with a like name", columns)
        .rows(found.iter().map(row).collect())
        .or("No other unit of its country that you may see has a name like it.")
        .quiet();
    Ok(Section::new("like", "Units with a like name")
        .says(&format!(
            "A likeness of names says that somebody should look, never that they are one. The unit is {name}."
        ))
        .table(table))
}

/// What will follow, before anything is done.
fn follows(plan: &MergePlan) -> Vec<Section> {
    let name = said(&plan.kept.unit, "name");
    let mut all = Section::new("follows", "What will follow").facts(vec![
        Fact::new("Stays", name),
        Fact::new("Is read as it", said(&plan.merged.unit, "name")),
        Fact::new("Names it will have besides", &plan.names.join("; ")),
        Fact::new("Decisions opened again", &plan.reopened.len().to_string()),
        Fact::new("Confirmed by another person", plan.second.unwrap_or("no")),
    ]);
    all = all.says(
        "Incidents, commanders, parents, sites and screening of both count for the one that stays. Decisions on either, and on units over and under them, are opened again as soon as this is sent.",
    );
    vec![
        all,
        candidates(
            "reopened",
            "Decisions that are opened again",
            &plan.reopened,
        ),
        named("named", &plan.affected),
    ]
}

fn named(id: &str, affected: &[Affected]) -> Section {
    let rows = affected.iter().flat_map(|a| {
        a.records.iter().map(|r| {
            let name = a.kind.title_of(&r.envelope.code, &r.body);
            let href = format!("/records/{}/{}", a.kind.code, r.envelope.id);
            vec![Cell::link(name, &href), Cell::text(a.kind.name)]
        })
    });
    let columns = vec![Column::text("Record"), Column::tight("Kind")];
    let table = Table::new(
        &format!("{id}-t"),
        "Deliveries, students and travel",
        columns,
    )
    .rows(rows.collect())
    .or("None that you may see.")
    .quiet();
    Section::new(id, "Deliveries, students and travel that name either").table(table)
}

fn sent(plan: &MergePlan, here: RecordId, answers: &Answers, button: &str) -> Form {
    let version = |r: &Record| r.envelope.version.to_string();
    Form::new(&format!("/units/{here}/same"), button)
        .with("with", &answers.with)
        .with("stays", &answers.stays)
        .with("kept_version", &version(&plan.kept.unit))
        .with("merged_version", &version(&plan.merged.unit))
        .about(&format!(
            "{} and {}",
            said(&plan.kept.unit, "name"),
            said(&plan.merged.unit, "name")
        ))
}

fn question(plan: &MergePlan, here: RecordId, answers: &Answers) -> Section {
    let form = sent(plan, here, answers, "Check before sending")
        .with("step", "check")
        .field(
            Field::text("grounds", "Why they are the same unit")
                .sort("area")
                .hint("What shows it: place, commander, designator, a source")
                .value(&answers.grounds),
        );
    Section::new("why", "Your grounds").form(form)
}

fn check(plan: &MergePlan, here: RecordId, answers: &Answers) -> Section {
    let form = sent(
        plan,
        here,
        answers,
        match plan.second {
            Some(_) => "Propose that they are one unit",
            None => "Read them as one unit",
        },
    )
    .with("step", "do")
    .with("grounds", &answers.grounds);
    let mut section = Section::new("check", "Check your answers").facts(vec![
        Fact::new("Stays", said(&plan.kept.unit, "name")),
        Fact::new("Is read as it", said(&plan.merged.unit, "name")),
        Fact::new("Grounds", &answers.grounds),
        Fact::new("Names it will have besides", &plan.names.join("; ")),
        Fact::new("Decisions opened again", &plan.reopened.len().to_string()),
        Fact::new("Confirmed by another person", plan.second.unwrap_or("no")),
    ]);
    let back = crate::view::Query::new(&format!("/units/{here}/same"))
        .and("with", &answers.with)
        .and("stays", &answers.stays);
    section.links = vec![Link::new("Change an answer", back.href())];
    section.form(form)
}

pub(crate) async fn send(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    sent: Sent<Fields>,
) -> Result<Response, Refused> {
    let here = here(&sent.visitor, &id)?;
    let of = |name: &str| sent.form.get(name).map_or("", |v| v.trim()).to_owned();
    let mut answers = Answers {
        with: of("with"),
        stays: of("stays"),
        grounds: of("grounds"),
        checked: of("step") == "check" && !of("grounds").is_empty(),
    };
    let asker = sent.visitor.clone();
    let done = if of("step") == "do" {
        let asked = answers.clone();
        let versions = (of("merged_version").parse(), of("kept_version").parse());
        site.work(move |app| {
            let (Ok(merged_version), Ok(kept_version)) = versions else {
                return Err(AppError::VersionRequired);
            };
            let (merged, kept) = both(app, &asker, here, &asked)?;
            app.propose_merge(
                &asker.viewer,
                (merged, merged_version),
                (kept, kept_version),
                &asked.grounds,
            )
            .map(Some)
        })
        .await
    } else if answers.grounds.is_empty() {
        let told = "Grounds: say why they are the same unit".to_owned();
        Err(AppError::Invalid(told))
    } else {
        Ok(None)
    };
    let asker = sent.visitor.clone();
    match done {
        Ok(Some(merge)) => Ok(onward(&format!("/units/merges/{merge}"), &[])),
        Ok(None) => {
            let made = site
                .work(move |app| context(app, &asker, here, &answers))
                .await;
            let context = made.map_err(|e| sent.visitor.refuse(e))?;
            Ok(no_store(answer::html(&context)))
        }
        Err(e) if mendable(&e) => {
            answers.checked = false;
            let made = site
                .work(move |app| context(app, &asker, here, &answers))
                .await;
            let context = made.map_err(|e| sent.visitor.refuse(e))?;
            Ok(again(context, &sent, &e))
        }
        Err(e) => sent.refused(&site, e).await,
    }
}
