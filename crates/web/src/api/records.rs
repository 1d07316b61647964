//! Records through the API: read at a moment, made, changed, moved, deleted, compared.
//!
//! A record's version is its ETag: changing asks for it in `If-Match`, 428 without, 412 when it is
//! old. Making takes an `Idempotency-Key`. Owner, label and role are not set here.

use super::{Endpoint, Nothing, cursor, endpoint, v1::Listed};
use crate::{
    answer::{self, Refused},
    site::Site,
    visitor::Visitor,
};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use symbolon_app::{AppError, Draft, Moment};
use symbolon_domain::{
    date::ValidTime,
    kinds,
    record::{Citation, Claim, Record, RecordId},
};
use symbolon_exchange::{guard, limits::Limits};
use symbolon_store::{
    Once, Written,
    query::{RecordQuery, Test, Value as Cell},
};

/// A page of records, at a moment.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct RecordsAsk {
    /// Cursor of the page.
    cursor: Option<String>,
    /// How many, at most 200; 50 if absent.
    limit: Option<u32>,
    /// Words that must each stand in the code or a text field.
    q: String,
    /// Only in this state.
    state: String,
    /// Only about this partner, ISO 3166-1 alpha-3.
    partner: String,
    /// Sort by this field; a minus before it turns the order round.
    sort: String,
    /// Only what held true on this day.
    as_of: String,
    /// As recorded before this day or time.
    recorded_before: String,
}

/// Two times.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct At {
    /// Only what held true on this day.
    as_of: String,
    /// As recorded before this day or time.
    recorded_before: String,
}

/// From when to when.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Between {
    /// As recorded before this day or time; absent: before it was made.
    from: String,
    /// As recorded before this day or time; absent: now.
    to: String,
}

/// A record to be made, or to take the place of one.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RecordIn {
    /// Human code; left out: the program gives one.
    #[serde(default)]
    code: String,
    /// Partner it is about, ISO 3166-1 alpha-3.
    #[serde(default)]
    partner: String,
    /// Programme it belongs to.
    #[serde(default)]
    programme: String,
    /// When it was true in the world.
    #[serde(default)]
    valid: ValidTime,
    /// Sources of the record and of single fields.
    #[serde(default)]
    sources: Vec<Citation>,
    /// What other sources say of single fields.
    #[serde(default)]
    claims: Vec<Claim>,
    /// The kind's own fields; `/api/v1/schemas/{kind}` has their schema.
    body: Value,
    /// Why.
    #[serde(default)]
    reason: String,
}

/// Why something is done.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Why {
    /// Why.
    reason: String,
}

/// What was written.
#[derive(Serialize, JsonSchema)]
struct WrittenOut {
    /// The record.
    id: String,
    /// Its version now, which is its ETag.
    version: i64,
    /// The journal entry; absent where nothing differed and nothing was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<i64>,
}

/// A version of a record.
#[derive(Serialize, JsonSchema)]
struct VersionOut {
    /// Version.
    version: i64,
    /// The journal entry that made it.
    entry: i64,
    /// When, RFC 3339.
    time: String,
    /// The record as it then was; absent where it is withheld.
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<Value>,
}

/// A difference between two versions.
#[derive(Serialize, JsonSchema)]
struct DifferenceOut {
    /// Field.
    field: String,
    /// What stood there.
    before: String,
    /// What stands there.
    after: String,
    /// In words.
    words: String,
}

/// The endpoints of records.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint::<RecordsAsk, Listed<Value>>(
            "/api/v1/records/{kind}",
            "Records of a kind",
            get(list).post(create),
        )
        .takes::<RecordIn, WrittenOut>("post", "Make a record"),
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

/// What a request carries besides its body.
struct Sent {
    kind: String,
    id: RecordId,
    version: i64,
}

fn sent(visitor: &Visitor, headers: &HeaderMap, kind: String, id: &str) -> Result<Sent, Refused> {
    let id = id
        .parse()
        .map_err(|_| visitor.refuse(AppError::NotFound("record")))?;
    let version = match headers.get(header::IF_MATCH).and_then(|v| v.to_str().ok()) {
        None => return Err(visitor.refuse(AppError::VersionRequired)),
        Some(tag) => tag
            .trim()
            .trim_matches('"')
            .parse()
            .map_err(|_| visitor.refuse(AppError::VersionRequired))?,
    };
    Ok(Sent { kind, id, version })
}

/// Reads a JSON body, with duplicate members and unknown fields refused.
fn body<T: serde::de::DeserializeOwned>(visitor: &Visitor, bytes: &Bytes) -> Result<T, Refused> {
    let value = guard::json::value(bytes, Limits::shipped())
        .map_err(|e| visitor.refuse(AppError::Malformed(e.to_string())))?;
    serde_json::from_value(value).map_err(|e| visitor.refuse(unreadable(&e)))
}

fn unreadable(e: &serde_json::Error) -> AppError {
    let text = e.to_string();
    if text.contains("unknown field") {
        return AppError::UnknownField(text);
    }
    if e.is_data() {
        return AppError::Invalid(text);
    }
    AppError::Malformed(text)
}

fn draft(sent: RecordIn) -> (Draft, String) {
    let draft = Draft {
        code: sent.code,
        partner: sent.partner,
        programme: sent.programme,
        valid: sent.valid,
        label: None,
        sources: sent.sources,
        claims: sent.claims,
        body: sent.body,
    };
    (draft, sent.reason)
}

/// The idempotency key of a request: bound to who asks, the route and the body.
fn once(
    visitor: &Visitor,
    headers: &HeaderMap,
    route: &str,
    body: &[u8],
) -> Result<Option<Once>, Refused> {
    let Some(key) = headers.get(HeaderName::from_static("idempotency-key")) else {
        return Ok(None);
    };
    let key = key.to_str().unwrap_or_default().trim();
    if key.is_empty() || key.len() > 255 {
        let message = "Idempotency-Key: between 1 and 255 printable characters".to_owned();
        return Err(visitor.refuse(AppError::Malformed(message)));
    }
    let hash = |parts: &[&[u8]]| {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        hex::encode(hash.finalize())
    };
    let who = visitor.viewer.actor_name();
    Ok(Some(Once {
        id: hash(&[who.as_bytes(), key.as_bytes()]),
        request: hash(&[route.as_bytes(), body]),
    }))
}

fn told(visitor: &Visitor, status: StatusCode, kind: &str, written: &Written) -> Response {
    let out = WrittenOut {
        id: written.id.to_string(),
        version: written.version,
        entry: written.changed.then_some(written.seq),
    };
    let body = serde_json::to_string(&out).unwrap_or_default();
    let mut response = (
        status,
        [
            (header::CONTENT_TYPE, "application/json"),
            (header::CACHE_CONTROL, "no-store"),
        ],
        body,
    )
        .into_response();
    let place = format!("/api/v1/records/{kind}/{}", written.id);
    for (name, value) in [
        (header::ETAG, format!("\"{}\"", written.version)),
        (header::LOCATION, place),
    ] {
        if (name != header::LOCATION || status == StatusCode::CREATED)
            && let Ok(value) = HeaderValue::from_str(&value)
        {
            response.headers_mut().insert(name, value);
        }
    }
    let _ = visitor;
    response
}

async fn create(
    State(site): State<Arc<Site>>,
    Path(kind): Path<String>,
    visitor: Visitor,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Refused> {
    let once = once(&visitor, &headers, &format!("POST {kind}"), &bytes)?;
    let (draft, reason) = draft(body(&visitor, &bytes)?);
    let (viewer, of) = (visitor.viewer.clone(), kind.clone());
    let written = site
        .work(move |app| app.create(&viewer, &of, draft, &reason, once.as_ref()))
        .await
        .map_err(|e| visitor.refuse(e))?;
    Ok(told(&visitor, StatusCode::CREATED, &kind, &written))
}

async fn replace(
    State(site): State<Arc<Site>>,
    Path((kind, id)): Path<(String, String)>,
    visitor: Visitor,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Refused> {
    let at = sent(&visitor, &headers, kind.clone(), &id)?;
    let once = once(&visitor, &headers, &format!("PUT {kind}/{id}"), &bytes)?;
    let (draft, reason) = draft(body(&visitor, &bytes)?);
    let viewer = visitor.viewer.clone();
    let written = site
        .work(move |app| {
            let of = (at.kind.as_str(), at.id);
            app.edit(&viewer, of, at.version, draft, &reason, once.as_ref())
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    Ok(told(&visitor, StatusCode::OK, &kind, &written))
}

async fn patch(
    State(site): State<Arc<Site>>,
    Path((kind, id)): Path<(String, String)>,
    visitor: Visitor,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Refused> {
    let at = sent(&visitor, &headers, kind.clone(), &id)?;
    let once = once(&visitor, &headers, &format!("PATCH {kind}/{id}"), &bytes)?;
    let changes: Value = body(&visitor, &bytes)?;
    let viewer = visitor.viewer.clone();
    let written = site
        .work(move |app| {
            let now = app.record_only(&viewer, &at.kind, &at.id.to_string(), Moment::default())?;
            let draft = Draft::of(&now).patched(&changes);
            let of = (at.kind.as_str(), at.id);
            app.edit(&viewer, of, at.version, draft, "", once.as_ref())
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    Ok(told(&visitor, StatusCode::OK, &kind, &written))
}

async fn delete(
    State(site): State<Arc<Site>>,
    Path((kind, id)): Path<(String, String)>,
    visitor: Visitor,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Refused> {
    let at = sent(&visitor, &headers, kind.clone(), &id)?;
    let why: Why = body(&visitor, &bytes)?;
    let viewer = visitor.viewer.clone();
    let written = site
        .work(move |app| app.delete(&viewer, (&at.kind, at.id), at.version, &why.reason))
        .await
        .map_err(|e| visitor.refuse(e))?;
    Ok(told(&visitor, StatusCode::OK, &kind, &written))
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

async fn make_move(
    State(site): State<Arc<Site>>,
    Path((kind, id, code)): Path<(String, String, String)>,
    visitor: Visitor,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Refused> {
    let at = sent(&visitor, &headers, kind.clone(), &id)?;
    let why: Why = body(&visitor, &bytes)?;
    let viewer = visitor.viewer.clone();
    let written = site
        .work(move |app| app.transition(&viewer, (&at.kind, at.id), at.version, &code, &why.reason))
        .await
        .map_err(|e| visitor.refuse(e))?;
    Ok(told(&visitor, StatusCode::OK, &kind, &written))
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
