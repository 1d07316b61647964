//! `/records/{kind}/several`: one field set on several records, shown before it is done.

use super::kind_of;
use crate::{
    answer::{self, Refused},
    site::Site,
    view::{Cell, Column, Link, Nav, Notice, Table, Tag, Tone, form as view},
    visitor::Visitor,
};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::Arc;
use symbolon_access::Viewer;
use symbolon_app::{App, AppError, BulkPlan};
use symbolon_domain::{kind::KindDef, record::RecordId};

/// What was chosen.
#[derive(Clone)]
struct Chosen {
    ids: Vec<RecordId>,
    field: String,
    value: String,
    plan: String,
    reason: String,
}

fn chosen(pairs: &[(String, String)]) -> Chosen {
    let get = |name: &str| {
        let found = pairs.iter().rev().find(|(n, _)| n == name);
        found.map_or(String::new(), |(_, v)| v.clone())
    };
    let ids = pairs.iter().filter(|(n, _)| n == "id");
    Chosen {
        ids: ids.filter_map(|(_, v)| v.parse().ok()).collect(),
        field: get("field"),
        value: get("value"),
        plan: get("plan"),
        reason: get("reason"),
    }
}

/// What came of it.
enum Outcome {
    Preview(Box<BulkPlan>),
    Done,
}

fn run(app: &App, viewer: &Viewer, kind: &KindDef, chosen: &Chosen) -> Result<Outcome, AppError> {
    let plan = app.bulk_plan(viewer, kind.code, &chosen.ids, &chosen.field, &chosen.value)?;
    if chosen.plan.is_empty() {
        return Ok(Outcome::Preview(Box::new(plan)));
    }
    app.bulk_set(viewer, plan, &chosen.plan, &chosen.reason)?;
    Ok(Outcome::Done)
}

pub(crate) async fn set_many(
    State(site): State<Arc<Site>>,
    Path(kind): Path<String>,
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let def = kind_of(&visitor, &kind)?;
    let csrf = pairs.iter().find(|(n, _)| n == "csrf");
    visitor.check_form(csrf.map_or("", |(_, v)| v))?;
    let chosen = chosen(&pairs);
    let (viewer, copy) = (visitor.viewer.clone(), chosen.clone());
    let outcome = site
        .work(move |app| Ok(run(app, &viewer, def, &copy)))
        .await
        .map_err(|e| visitor.refuse(e))?;
    match outcome {
        Ok(Outcome::Done) => Ok(Redirect::to(&format!("/records/{}", def.code)).into_response()),
        Ok(Outcome::Preview(plan)) => Ok(preview(&visitor, def, &chosen, Some(&plan), vec![])),
        Err(AppError::Faults(faults)) => {
            let told = faults.iter().map(|f| Link::new(f.message.clone(), ""));
            Ok(preview(&visitor, def, &chosen, None, told.collect()))
        }
        Err(e @ AppError::Conflict(_)) => {
            let told = vec![Link::new(e.to_string(), "")];
            Ok(preview(&visitor, def, &chosen, None, told))
        }
        Err(e) => Err(visitor.refuse(e)),
    }
}

fn preview(
    visitor: &Visitor,
    def: &KindDef,
    chosen: &Chosen,
    plan: Option<&BulkPlan>,
    errors: Vec<Link>,
) -> Response {
    let list = format!("/records/{}", def.code);
    let mut page = visitor.page("Set a field on several records", Nav::Records);
    page.crumbs = vec![Link::new(format!("{} records", def.name), list.clone())];
    if !errors.is_empty() {
        page.notice = Some(Notice {
            tone: Tone::Error,
            text: "There is a problem".to_owned(),
        });
    }
    let lines = plan.map(|p| p.lines.as_slice()).unwrap_or_default();
    let refused = lines.iter().filter(|l| !l.refused.is_empty());
    let mut waits_for: Vec<String> = refused
        .map(|l| format!("{}: {}", l.code, l.refused))
        .collect();
    if plan.is_none() {
        waits_for.push("Nothing was changed. Go back and choose again.".to_owned());
    }
    let mut hidden: Vec<(String, String)> = chosen
        .ids
        .iter()
        .map(|id| ("id".to_owned(), id.to_string()))
        .collect();
    hidden.push(("field".to_owned(), chosen.field.clone()));
    hidden.push(("value".to_owned(), chosen.value.clone()));
    hidden.push((
        "plan".to_owned(),
        plan.map(|p| p.hash.clone()).unwrap_or_default(),
    ));
    let count = lines.len();
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let context = view::RecordAct {
        gates: vec![],
        action: format!("{list}/several"),
        version: 0,
        effects: vec![format!("{count} records are changed together, or none.")],
        waits_for,
        errors,
        reason_needed: false,
        reason: chosen.reason.clone(),
        hidden,
        preview: plan.map(table),
        button: format!("Set it on {count} records"),
        cancel: list,
        page,
    };
    let mut response = answer::html(&context);
    *response.status_mut() = status;
    response
}

fn table(plan: &BulkPlan) -> Table {
    let columns = vec![
        Column::text("Record"),
        Column::text("Name"),
        Column::text(&format!("{} now", plan.field.label)),
        Column::text("Then"),
    ];
    let rows = plan.lines.iter().map(|l| {
        let then = Cell::text(&l.after);
        let then = if l.refused.is_empty() {
            then
        } else {
            then.tagged(Tag::new("cannot be set", "bad"))
        };
        let href = format!("/records/{}/{}", plan.kind.code, l.id);
        vec![
            Cell::link(&l.code, &href),
            Cell::text(&l.title),
            Cell::text(&l.before),
            then,
        ]
    });
    Table::new("preview", "What would change", columns)
        .rows(rows.collect())
        .quiet()
}
