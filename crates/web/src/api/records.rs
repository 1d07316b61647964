//! Records through the API: read at a moment, made, changed, moved, deleted, compared.
//!
//! A record's version is its ETag: changing asks for it in `If-Match`, 428 without, 412 when it is
//! old. Making takes an `Idempotency-Key`. Owner, label and role are not set here.

mod change;
mod shapes;

use super::{Endpoint, Nothing, cursor, endpoint, v1::Listed};
use crate::{
    answer::{self, Refused},
    pages,
    site::Site,
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use change::{create, delete, make_move, patch, replace};
use serde_json::Value;
use shapes::{
    At, Between, DifferenceOut, ExportAsk, RecordIn, RecordsAsk, VersionOut, Why, WrittenOut,
};
use std::sync::Arc;
use symbolon_app::{AppError, Moment};
use symbolon_domain::{kinds, record::Record};
use symbolon_exchange::import::records::Format;
use symbolon_store::query::{RecordQuery, Test, Value as Cell};

/// The endpoints of records.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint::<RecordsAsk, Listed<Value>>(
            "/api/v1/records/{kind}",
            "Records of a kind",
            get(list).post(create),
        )
        .takes::<RecordIn, WrittenOut>("post", "Make a record"),
        endpoint::<ExportAsk, Vec<Value>>(
            "/api/v1/records/{kind}/export",
            "Every record of a kind that matches, as a file: json, ndjson, csv or xlsx",
            get(export),
        ),
        endpoint::<At, Value>(
            "/api/v1/records/{kind}/{id}",
            "One record",
            get(show).put(replace).patch(patch).delete(delete),
        )
        .takes::<RecordIn, WrittenOut>("put", "Put another version in its place")
        .takes::<Value, WrittenOut>("patch", "Change some of its fields (RFC 7396)")
        .takes::<Why, WrittenOut>("delete", "Delete it; its history stays"),
        endpoint::<Nothing, Vec<VersionOut>>(
            "/api/v1/records/{kind}/{id}/versions",
            "Every version of a record",
            get(versions),
        ),
        endpoint::<Between, Vec<DifferenceOut>>(
            "/api/v1/records/{kind}/{id}/compare",
            "What differs between two moments",
            get(compare),
        ),
        endpoint::<Nothing, Value>(
            "/api/v1/records/{kind}/{id}/moves/{move}",
            "What a move waits for",
            get(show_move).merge(post(make_move)),
        )
        .takes::<Why, WrittenOut>("post", "Move a record through its lifecycle"),
        endpoint::<Nothing, Value>(
            "/api/v1/schemas/{kind}",
            "JSON Schema of a kind's fields",
            get(schema),
        ),
    ]
}

fn query(ask: &RecordsAsk, at: Moment, page: u32, limit: u32) -> RecordQuery {
    let order = match ask.sort.strip_prefix('-') {
        _ if ask.sort.is_empty() => None,
        Some(by) => Some((by.to_owned(), true)),
        None => Some((ask.sort.clone(), false)),
    };
    let mut query = at.asked(RecordQuery {
        words: ask.q.split_whitespace().map(str::to_owned).collect(),
        order,
        limit,
        offset: (page - 1).saturating_mul(limit),
        ..RecordQuery::default()
    });
    for (column, wanted) in [("state", &ask.state), ("partner", &ask.partner)] {
        if !wanted.is_empty() {
            query = query.when(column, Test::Is(Cell::Text(wanted.clone())));
        }
    }
    query
}

async fn list(
    State(site): State<Arc<Site>>,
    Path(kind): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let ask: RecordsAsk = visitor.question(&[])?;
    let bad = |e: AppError| visitor.refuse(e);
    let at = Moment::read(&ask.as_of, &ask.recorded_before).map_err(bad)?;
    let page = match ask.cursor.as_deref() {
        None => 1,
        Some(cursor) => cursor::page(cursor).ok_or_else(|| {
            bad(AppError::Invalid(
                "this cursor was not made here; begin without one".into(),
            ))
        })?,
    };
    let limit = ask.limit.unwrap_or(50).clamp(1, 200);
    let viewer = visitor.viewer.clone();
    let query = query(&ask, at, page.max(1), limit);
    let (items, total) = site
        .ask(move |app| app.records(&viewer, &kind, &query))
        .await
        .map_err(|e| visitor.refuse(e))?;
    let more = u64::from(page) * u64::from(limit) < total;
    let next = more.then(|| cursor::of_page(page + 1));
    answer::json(&visitor, &Listed { items, total, next })
}

async fn export(
    State(site): State<Arc<Site>>,
    Path(kind): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let ask: ExportAsk = visitor.question(&[])?;
    let format = match ask.format.as_str() {
        "" | "json" => Format::Json,
        "ndjson" => Format::Ndjson,
        "csv" => Format::Csv,
        "xlsx" => Format::Xlsx,
        other => {
            let words = format!("there is no format `{other}`: json, ndjson, csv or xlsx");
            return Err(visitor.refuse(AppError::Invalid(words)));
        }
    };
    let at = Moment::read(&ask.as_of, &ask.recorded_before).map_err(|e| visitor.refuse(e))?;
    let list = RecordsAsk {
        q: ask.q,
        state: ask.state,
        partner: ask.partner,
        ..RecordsAsk::default()
    };
    let query = query(&list, at, 1, 0);
    pages::records::answered(site, visitor, &kind, query, format).await
}

async fn show(
    State(site): State<Arc<Site>>,
    Path((kind, id)): Path<(String, String)>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let at = moment(&visitor)?;
    let viewer = visitor.viewer.clone();
    let record = site
        .ask(move |app| app.record_only(&viewer, &kind, &id, at))
        .await
        .map_err(|e| visitor.refuse(e))?;
    with_version(&visitor, record.envelope.version, &record)
}

fn moment(visitor: &Visitor) -> Result<Moment, Refused> {
    let at: At = visitor.question(&[])?;
    Moment::read(&at.as_of, &at.recorded_before).map_err(|e| visitor.refuse(e))
}

/// A record under its version as ETag; nothing is hashed to answer "not changed".
fn with_version(visitor: &Visitor, version: i64, record: &Record) -> Result<Response, Refused> {
    let tag = format!("\"{version}\"");
    let same = |has: &str| has.split(',').any(|t| t.trim() == tag);
    let mut response = if visitor.has.as_deref().is_some_and(same) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let body = serde_json::to_string(record)
            .map_err(|e| visitor.refuse(AppError::Internal(e.to_string())))?;
        ([(header::CONTENT_TYPE, "application/json")], body).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    headers.insert(
        header::VARY,
        HeaderValue::from_static("Cookie, Authorization"),
    );
    if let Ok(value) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, value);
    }
    Ok(response)
}

async fn show_move(
    State(site): State<Arc<Site>>,
    Path((kind, id, code)): Path<(String, String, String)>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let viewer = visitor.viewer.clone();
    let found = site
        .ask(move |app| {
            let page = app.record(&viewer, &kind, &id, Moment::default())?;
            let moves = app.moves(&viewer, page.kind, &page.record)?;
            let found = moves.into_iter().find(|m| m.transition.code == code);
            found.ok_or(AppError::NotFound("move"))
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    let out = serde_json::json!({"move": found.transition, "waits_for": found.waits_for});
    answer::json(&visitor, &out)
}

async fn versions(
    State(site): State<Arc<Site>>,
    Path((kind, id)): Path<(String, String)>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let viewer = visitor.viewer.clone();
    let found = site
        .ask(move |app| app.versions(&viewer, &kind, &id))
        .await
        .map_err(|e| visitor.refuse(e))?;
    let out: Vec<VersionOut> = found
        .into_iter()
        .map(|v| VersionOut {
            version: v.entry.entry.version,
            entry: v.entry.entry.seq,
            time: jiff::Timestamp::from_millisecond(v.entry.entry.time)
                .unwrap_or_default()
                .to_string(),
            record: v.record.and_then(|r| serde_json::to_value(r).ok()),
        })
        .collect();
    answer::json(&visitor, &out)
}

async fn compare(
    State(site): State<Arc<Site>>,
    Path((kind, id)): Path<(String, String)>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let ask: Between = visitor.question(&[])?;
    let read = |text: &str| Moment::read("", text).map_err(|e| visitor.refuse(e));
    let (from, to) = (read(&ask.from)?, read(&ask.to)?);
    // Without a beginning everything is new: before the first moment nothing was recorded.
    let from = match from.recorded_before {
        Some(_) => from,
        None => read("1970-01-01")?,
    };
    let viewer = visitor.viewer.clone();
    let found = site
        .ask(move |app| app.compare(&viewer, (&kind, &id), from, to))
        .await
        .map_err(|e| visitor.refuse(e))?;
    let out: Vec<DifferenceOut> = found
        .differences
        .iter()
        .map(|d| DifferenceOut {
            field: d.field.clone(),
            before: d.before.clone(),
            after: d.after.clone(),
            words: d.sentence(),
        })
        .collect();
    answer::json(&visitor, &out)
}

async fn schema(Path(kind): Path<String>, visitor: Visitor) -> Result<Response, Refused> {
    match kinds::by_code(&kind).filter(|k| k.area != "administration") {
        Some(kind) => answer::json(&visitor, &kind.schema),
        None => Err(visitor.refuse(AppError::NotFound("kind of record"))),
    }
}
