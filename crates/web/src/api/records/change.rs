//! Changing records through the API.

use super::shapes::{RecordIn, Why, WrittenOut};
use crate::{answer::Refused, site::Site, visitor::Visitor};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use symbolon_app::{AppError, Draft, Moment};
use symbolon_domain::record::RecordId;
use symbolon_exchange::{guard, limits::Limits};
use symbolon_store::{Once, Written};

/// What a request carries besides its body.
struct Sent {
    kind: String,
    id: RecordId,
    version: i64,
}

/// What is to be done with a record.
enum Wants<'a> {
    Change,
    Move(&'a str),
}

/// Reads what stands around the body, for whoever may do it: before that nothing of the request is
/// judged, so that its faults tell nobody what there is.
async fn sent(
    site: &Arc<Site>,
    visitor: &Visitor,
    headers: &HeaderMap,
    (kind, id): (String, &str),
    wants: Wants<'_>,
) -> Result<Sent, Refused> {
    let id: RecordId = id
        .parse()
        .map_err(|_| visitor.refuse(AppError::NotFound("record")))?;
    let (viewer, of) = (visitor.viewer.clone(), kind.clone());
    let code = match wants {
        Wants::Change => None,
        Wants::Move(code) => Some(code.to_owned()),
    };
    site.ask(move |app| match code {
        None => app.may_edit(&viewer, (&of, id)),
        Some(code) => app.may_move(&viewer, (&of, id), &code),
    })
    .await
    .map_err(|e| visitor.refuse(e))?;
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

pub(super) async fn create(
    State(site): State<Arc<Site>>,
    Path(kind): Path<String>,
    visitor: Visitor,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Refused> {
    let may = site.app.may_create(&visitor.viewer, &kind);
    may.map_err(|e| visitor.refuse(e))?;
    let once = once(&visitor, &headers, &format!("POST {kind}"), &bytes)?;
    let (draft, reason) = draft(body(&visitor, &bytes)?);
    let (viewer, of) = (visitor.viewer.clone(), kind.clone());
    let written = site
        .work(move |app| app.create(&viewer, &of, draft, &reason, once.as_ref()))
        .await
        .map_err(|e| visitor.refuse(e))?;
    Ok(told(&visitor, StatusCode::CREATED, &kind, &written))
}

pub(super) async fn replace(
    State(site): State<Arc<Site>>,
    Path((kind, id)): Path<(String, String)>,
    visitor: Visitor,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Refused> {
    let at = sent(
        &site,
        &visitor,
        &headers,
        (kind.clone(), &id),
        Wants::Change,
    )
    .await?;
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

pub(super) async fn patch(
    State(site): State<Arc<Site>>,
    Path((kind, id)): Path<(String, String)>,
    visitor: Visitor,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Refused> {
    let at = sent(
        &site,
        &visitor,
        &headers,
        (kind.clone(), &id),
        Wants::Change,
    )
    .await?;
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

pub(super) async fn delete(
    State(site): State<Arc<Site>>,
    Path((kind, id)): Path<(String, String)>,
    visitor: Visitor,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Refused> {
    let at = sent(
        &site,
        &visitor,
        &headers,
        (kind.clone(), &id),
        Wants::Change,
    )
    .await?;
    let why: Why = body(&visitor, &bytes)?;
    let viewer = visitor.viewer.clone();
    let written = site
        .work(move |app| app.delete(&viewer, (&at.kind, at.id), at.version, &why.reason))
        .await
        .map_err(|e| visitor.refuse(e))?;
    Ok(told(&visitor, StatusCode::OK, &kind, &written))
}

pub(super) async fn make_move(
    State(site): State<Arc<Site>>,
    Path((kind, id, code)): Path<(String, String, String)>,
    visitor: Visitor,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Refused> {
    let wants = Wants::Move(&code);
    let at = sent(&site, &visitor, &headers, (kind.clone(), &id), wants).await?;
    let why: Why = body(&visitor, &bytes)?;
    let viewer = visitor.viewer.clone();
    let written = site
        .work(move |app| app.transition(&viewer, (&at.kind, at.id), at.version, &code, &why.reason))
        .await
        .map_err(|e| visitor.refuse(e))?;
    Ok(told(&visitor, StatusCode::OK, &kind, &written))
}
