//! Files of records through the API: the same dry run and commit as the wizard and the command line have, one file
//! in the body. Without a plan it is read for what it would do; with the hash of that plan it is taken in.

use super::{Endpoint, Nothing, endpoint};
use crate::{
    answer::{self, Refused},
    site::Site,
    visitor::Visitor,
};
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::post;
use schemars::JsonSchema;
use serde::Deserialize;
use std::io::Cursor;
use std::sync::Arc;
use symbolon_access::Viewer;
use symbolon_app::{
    App, AppError,
    intake::{self, Consent, Order, Report},
    load::Progress,
};
use symbolon_domain::record::RecordId;
use symbolon_exchange::{guard, import::records::Mapping, limits::Limits};

/// Path of the endpoint.
pub(crate) const PATH: &str = "/api/v1/records/{kind}/import";

/// How a file is read, and what is agreed to.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct ImportAsk {
    /// Name of the file; its ending tells the form: csv, xlsx, json or ndjson.
    name: String,
    /// Where the columns go, as JSON; if absent, their names tell.
    mapping: String,
    /// Id of a saved mapping, in place of `mapping`.
    saved: String,
    /// Sheet of a workbook; if absent the first.
    sheet: String,
    /// Partner of rows that name none, ISO code.
    partner: String,
    /// Hash of the plan that a dry run answered with; without it the file is only read.
    plan: String,
    /// Leave out the rows that cannot be taken; needs `plan`.
    leave_out_bad: bool,
}

/// The endpoint.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    let all = endpoint::<ImportAsk, Report>(PATH, "Take in a file of records", post(import));
    let what = "What a file would do; with the hash of that plan, take it in";
    vec![
        all.asked::<Nothing, Report>(what, "application/octet-stream")
            .unread(),
    ]
}

async fn import(
    State(site): State<Arc<Site>>,
    Path(kind): Path<String>,
    visitor: Visitor,
    body: Body,
) -> Result<Response, Refused> {
    let ask: ImportAsk = visitor.question(&[])?;
    if ask.leave_out_bad && ask.plan.is_empty() {
        let what = "rows are left out only of a plan that was seen: name it".to_owned();
        return Err(visitor.refuse(AppError::Invalid(what)));
    }
    let viewer = visitor.viewer.clone();
    let code = kind.clone();
    // Who may not bring in a file is told so before its bytes are taken.
    let may = site
        .ask(move |app| app.intake_kind(&viewer, &code).map(drop))
        .await;
    may.map_err(|e| visitor.refuse(e))?;
    let most = usize::try_from(Limits::shipped().upload).unwrap_or(usize::MAX);
    let bytes = to_bytes(body, most).await.map_err(|_| {
        let what = format!("the file was cut off, or is larger than {most} bytes");
        visitor.refuse(AppError::Malformed(what))
    })?;
    let viewer = visitor.viewer.clone();
    let done = site
        .work(move |app| taken(app, &viewer, (&kind, &ask), Cursor::new(bytes)))
        .await;
    answer::json(&visitor, &done.map_err(|e| visitor.refuse(e))?)
}

fn taken(
    app: &App,
    viewer: &Viewer,
    (kind, ask): (&str, &ImportAsk),
    mut input: Cursor<impl AsRef<[u8]>>,
) -> Result<Report, AppError> {
    let (kind, limits) = (app.intake_kind(viewer, kind)?, Limits::shipped());
    let (facts, format) = intake::facts(&mut input, &ask.name, limits)?;
    let sheet = Some(ask.sheet.as_str()).filter(|s| !s.is_empty());
    let begin = app.intake_beginning(&mut input, format, sheet, limits, 1)?;
    let (mut mapping, saved) = match (ask.saved.as_str(), ask.mapping.as_str()) {
        ("", "") => (Mapping::guess(kind, &begin.heads), None),
        ("", text) => (given(text)?, None),
        (id, "") => kept(app, viewer, (kind, id), &begin.heads)?,
        _ => {
            let what = "give a mapping or the id of a saved one, not both";
            return Err(AppError::Invalid(what.to_owned()));
        }
    };
    sheet.unwrap_or_default().clone_into(&mut mapping.sheet);
    let goes = mapping.columns.iter().any(|c| c.to == "partner");
    if !ask.partner.is_empty() && !goes {
        let partner = ask.partner.clone();
        mapping.defaults.insert("partner".to_owned(), partner);
    }
    let order = Order {
        kind,
        file: &facts,
        format,
        mapping: &mapping,
        saved,
        limits,
        progress: &Progress::default(),
    };
    if ask.plan.is_empty() {
        return app.intake_check(viewer, &mut input, &order, None);
    }
    let consent = Consent {
        plan: Some(ask.plan.clone()),
        leave_out_bad: ask.leave_out_bad,
    };
    app.intake_job(viewer, &mut input, &order, &consent)
}

fn given(text: &str) -> Result<Mapping, AppError> {
    let value = guard::json::value(text.as_bytes(), Limits::shipped());
    let value = value.map_err(|r| AppError::Invalid(format!("mapping: {r}")))?;
    serde_json::from_value(value).map_err(|e| AppError::Invalid(format!("mapping: {e}")))
}

type Kept = (Mapping, Option<(RecordId, i64)>);

fn kept(
    app: &App,
    viewer: &Viewer,
    (kind, id): (&'static symbolon_domain::kind::KindDef, &str),
    heads: &[String],
) -> Result<Kept, AppError> {
    let all = app.saved_mappings(viewer, kind)?;
    let found = all.into_iter().find(|m| m.id.to_string() == id);
    let found = found.ok_or(AppError::NotFound("mapping"))?;
    let mapping = found.mapping.fitted(kind, heads);
    Ok((mapping, Some((found.id, found.version))))
}
