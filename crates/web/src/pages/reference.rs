//! Help, accessibility statement, licences, problem types, API page.

use crate::{
    answer::{self, Refused},
    site::Site,
    view::{Link, Nav, problem, reference as view},
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use std::sync::Arc;
use symbolon_domain::training::FindingCode;

pub(crate) async fn help(visitor: Visitor) -> Result<Response, Refused> {
    let context = view::Help {
        page: visitor.page("Help", Nav::None),
        glossary: view::Help::words(),
        findings: FindingCode::ALL
            .iter()
            .map(|c| Link::new(c.title(), format!("/findings/{}", c.code())))
            .collect(),
        problems: problem::KINDS
            .iter()
            .map(|k| Link::new(k.title, format!("/problems/{}", k.slug)))
            .collect(),
    };
    answer::page(&visitor, &context)
}

pub(crate) async fn accessibility(visitor: Visitor) -> Result<Response, Refused> {
    let context = view::Accessibility {
        page: visitor.page("Accessibility statement", Nav::None),
        known: vec![
            "Pages were checked by machine (axe-core, both themes) and by keyboard; no test with a screen reader's user has been made yet.".to_owned(),
        ],
        contact: "the operator of this installation".to_owned(),
    };
    answer::page(&visitor, &context)
}

pub(crate) async fn licence(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let viewer = visitor.viewer.clone();
    let datasets = site
        .ask(move |app| app.datasets(&viewer))
        .await
        .map_err(|e| visitor.refuse(e))?;
    let row = |d: &symbolon_app::Dataset| view::LicenceRow {
        title: Link::new(d.dataset.title.clone(), format!("/datasets/{}", d.code)),
        credit: d
            .source
            .as_ref()
            .map(|s| s.credit.clone())
            .unwrap_or_default(),
        licence: d
            .source
            .as_ref()
            .map(|s| s.licence.clone())
            .unwrap_or_default(),
        class: serde_json::to_value(d.dataset.licence_class)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default(),
    };
    let context = view::Licence {
        page: visitor.page("Licences and sources", Nav::None),
        rows: datasets.iter().map(row).collect(),
    };
    answer::page(&visitor, &context)
}

pub(crate) async fn problem_type(
    Path(slug): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let Some(kind) = problem::kind(&slug) else {
        return Err(Refused::not_found(visitor));
    };
    let page = visitor.page(kind.title, Nav::None);
    answer::page(&visitor, &problem::ProblemType::of(kind, page))
}

/// The API's page: what it is, and every endpoint from the declarations.
pub(crate) async fn api(visitor: Visitor) -> Result<Response, Refused> {
    let endpoints = crate::api::endpoints();
    let lines = endpoints.iter().map(|e| view::ApiLine {
        path: e.path.to_owned(),
        summary: e.summary.to_owned(),
    });
    let context = view::Api {
        page: visitor.page("API", Nav::None),
        lines: lines.collect(),
    };
    answer::page(&visitor, &context)
}

/// The OpenAPI 3.1 document.
pub(crate) async fn openapi(visitor: Visitor) -> Response {
    use axum::response::IntoResponse;
    let head = ([(axum::http::header::CONTENT_TYPE, "application/json")], "").into_response();
    answer::kept(&visitor, head, crate::api::openapi())
}
