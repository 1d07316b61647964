//! `/vetting`: the queue of requests, one request, the bench of one candidate, and what is done there. Who has no
//! file open sees statuses only; what stands in a file is never kept by a browser.

pub(crate) mod act;
pub(crate) mod barred;
mod bench;
pub(crate) mod links;
mod queue;
mod request;
pub(crate) mod retrospective;

pub(crate) use bench::{bench, way};
pub(crate) use queue::queue;
pub(crate) use request::{show, status};

use crate::{
    answer::Refused,
    site::Site,
    view::{Citation, Link, Nav, Page, vetting::Vetting},
    visitor::Visitor,
};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use symbolon_access::{Action, Policy};
use symbolon_app::{
    App, AppError,
    vetting::{Lines, answers_hits, confirms},
};
use symbolon_domain::{
    date::Known,
    kind::sentence,
    record::{Record, RecordId},
};

/// The frame of a page of the desk.
pub(crate) fn frame(visitor: &Visitor, title: &str) -> Vetting {
    let mut page = visitor.page(title, Nav::Vetting);
    page.marking = "UNCLASSIFIED - internal".to_owned();
    if page.path.split('?').next() != Some("/vetting") {
        page.crumbs = vec![Link::new("Vetting", "/vetting")];
    }
    Vetting {
        page,
        around: "Vetting".to_owned(),
        beside: beside(visitor),
        ..Vetting::default()
    }
}

/// Pages of the desk that the visitor's role opens.
fn beside(visitor: &Visitor) -> Vec<Link> {
    let sees = |kind: &str| Policy::shipped().grants(&visitor.viewer, Action::Read, kind);
    let mut links = vec![];
    if sees("vetting_request") {
        links.push(Link::new("Requests", "/vetting"));
    }
    if sees("unit_merge") {
        links.push(Link::new("Units read as one", "/units/merges"));
    }
    if sees("barred_unit") {
        links.push(Link::new("Barred units", "/vetting/barred"));
    }
    if sees("incident") {
        links.push(Link::new(
            "Past training and alleged incidents",
            "/vetting/retrospective",
        ));
        links.push(Link::new("Printed units and known units", "/vetting/links"));
    }
    if answers_hits(&visitor.viewer) || confirms(&visitor.viewer) {
        links.push(Link::new("Allegations", "/allegations"));
    }
    links.push(Link::new("Bring an allegation", "/allegations/new"));
    links
}

fn id(visitor: &Visitor, text: &str) -> Result<RecordId, Refused> {
    text.parse()
        .map_err(|_| visitor.refuse(AppError::NotFound("page")))
}

/// A text of a record's body.
pub(crate) fn said<'a>(record: &'a Record, field: &str) -> &'a str {
    record.body[field].as_str().unwrap_or_default()
}

/// A word of files as people read it.
pub(crate) fn words(code: &str) -> String {
    if code.is_empty() {
        String::new()
    } else {
        sentence(code)
    }
}

/// A day as far as it is known.
pub(crate) fn known(day: Option<Known>) -> String {
    day.map(|k| symbolon_domain::when::When(k).to_string())
        .unwrap_or_default()
}

/// From when until when a record held.
pub(crate) fn held(record: &Record) -> String {
    let valid = &record.envelope.valid;
    match (known(valid.from), known(valid.to)) {
        (from, to) if from.is_empty() && to.is_empty() => String::new(),
        (from, to) if to.is_empty() => format!("from {from}"),
        (from, to) if from.is_empty() => format!("until {to}"),
        (from, to) => format!("{from} to {to}"),
    }
}

/// The sources of a record, or those of one of its fields with those of the whole.
pub(crate) fn sources(record: &Record, field: &str) -> Vec<Citation> {
    let of = record.envelope.sources.iter();
    of.filter(|s| field.is_empty() || s.field.is_empty() || s.field == field)
        .map(super::citation)
        .collect()
}

/// The marking of a page made of these records.
pub(crate) fn mark<'r>(
    app: &App,
    page: &mut Page,
    records: impl IntoIterator<Item = &'r Record>,
) -> Result<(), AppError> {
    let labels = records.into_iter().map(|r| &r.envelope.label);
    page.mark(app.marking_over(labels)?);
    Ok(())
}

/// Lines as a file to take away, journalled.
pub(crate) async fn taken(
    site: &Arc<Site>,
    visitor: &Visitor,
    object: String,
    name: &str,
    lines: Lines,
) -> Result<Response, Refused> {
    let (viewer, address) = (visitor.viewer.clone(), visitor.address.clone());
    let count = lines.rows.len();
    let made = site
        .work(move |app| app.taken_away(&viewer, &object, &address, &lines))
        .await;
    let bytes = made.map_err(|e| visitor.refuse(e))?;
    let name: String = name
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "-.".contains(*c))
        .collect();
    let head = [
        (
            header::CONTENT_TYPE,
            "text/csv; charset=utf-8; header=present".to_owned(),
        ),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (HeaderName::from_static("x-row-count"), count.to_string()),
    ];
    Ok((head, bytes).into_response())
}
