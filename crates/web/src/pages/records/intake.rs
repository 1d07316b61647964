//! `/records/{kind}/import`: a file of records, from upload to receipt, in steps that need no script.
//!
//! Upload, sheet and columns, plan, receipt: each step is an address of its own that can be left and
//! opened again while the upload waits.

mod map;
mod plan;
mod receive;
mod words;

pub(crate) use map::{check, map, saved, sheet};
pub(crate) use plan::{forget, plan, refused, take};
pub(crate) use receive::receive;

use super::kind_of;
use crate::{
    answer::{self, Refused},
    form::Sent,
    site::Site,
    view::{
        self as v, Link, Nav, Notice, Tone,
        desk::{Desk, Field, Form, Section},
    },
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use std::sync::Arc;
use symbolon_app::{AppError, intake::Upload};
use symbolon_domain::kind::{KindDef, within};
use symbolon_exchange::limits::Limits;

type At = Path<(String, String)>;
type Pairs = Sent<Vec<(String, String)>>;

/// Limits of what is sent.
fn limits() -> &'static Limits {
    Limits::shipped()
}

/// Where the import of a kind begins.
fn start(kind: &KindDef) -> String {
    format!("/records/{}/import", kind.code)
}

/// Where an upload is decided.
fn here(upload: &Upload) -> String {
    format!("{}/{}", start(upload.kind), upload.id)
}

/// The frame of a step.
fn page(visitor: &Visitor, kind: &KindDef, step: &str) -> v::Page {
    let name = within(kind.name);
    let mut page = visitor.page(&format!("Import {name} records: {step}"), Nav::Records);
    page.crumbs = vec![
        Link::new("Records", "/records"),
        Link::new(
            format!("{} records", kind.name),
            format!("/records/{}", kind.code),
        ),
        Link::new("Import", start(kind)),
    ];
    page
}

/// A page as an answer that no cache keeps: what is not decided yet changes.
fn shown(desk: &Desk, status: StatusCode) -> Response {
    let mut response = answer::html(desk);
    *response.status_mut() = status;
    let no_store = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_store);
    response
}

fn wrong(page: &mut v::Page, text: &str) {
    page.notice = Some(Notice {
        tone: Tone::Error,
        text: text.to_owned(),
    });
}

/// The upload in an address, of this visitor.
async fn upload(site: &Arc<Site>, visitor: &Visitor, at: &At) -> Result<Arc<Upload>, Refused> {
    let (viewer, kind, id) = (visitor.viewer.clone(), at.0.0.clone(), at.0.1.clone());
    let found = site
        .ask(move |app| app.upload_of(&viewer, &kind, &id))
        .await;
    found.map_err(|e| visitor.refuse(e))
}

/// A value of a form; empty where it was not sent.
fn sent<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    let found = pairs.iter().find(|(n, _)| n == name);
    found.map_or("", |(_, v)| v.trim())
}

pub(crate) async fn begin(
    State(site): State<Arc<Site>>,
    Path(kind): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let kind = kind_of(&visitor, &kind)?;
    first(&site, &visitor, kind, None).await
}

/// The first step, with what was wrong with the file that was sent.
async fn first(
    site: &Arc<Site>,
    visitor: &Visitor,
    kind: &'static KindDef,
    error: Option<AppError>,
) -> Result<Response, Refused> {
    let viewer = visitor.viewer.clone();
    let waiting = site.ask(move |app| app.uploads(&viewer, kind)).await;
    let waiting = waiting.map_err(|e| visitor.refuse(e))?;
    let mut page = page(visitor, kind, "choose a file");
    page.lead = "Nothing is written until you have seen what the file would do and confirmed it."
        .to_owned();
    let limits = limits();
    let form = Form::new(&start(kind), "Upload the file").field(
        Field::text("file", "File")
            .sort("file")
            .hint(&words::accepted(limits)),
    );
    let mut sections = vec![Section::new("file", "The file").form(form)];
    if !waiting.is_empty() {
        let mut section = Section::new("waiting", "Files that wait").says(&format!(
            "A file that is not decided is forgotten after {} minutes.",
            limits.upload_minutes
        ));
        section.links = waiting
            .iter()
            .map(|u| Link::new(u.facts.name.clone(), here(u)))
            .collect();
        sections.push(section);
    }
    sections.push(words::columns(kind));
    let mut desk = Desk { page, sections };
    let status = match error {
        None => StatusCode::OK,
        Some(error) => {
            let text = error.to_string();
            wrong(&mut desk.page, &text);
            desk.put_back(&start(kind), &[], &text);
            words::status(&error)
        }
    };
    Ok(shown(&desk, status))
}
