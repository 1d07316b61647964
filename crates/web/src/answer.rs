//! Answers: rendered pages with ETags, and refusals as pages or problem details (RFC 9457).

use crate::view::{
    self,
    problem::{self, Kind},
};
use crate::visitor::Visitor;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use symbolon_app::AppError;
use symbolon_app::identity::events::{self, Event};
use symbolon_domain::kind::Fault;
use symbolon_store::StoreError;

mod stream;
mod tag;

pub(crate) use stream::{Receiving, written};
pub(crate) use tag::TagKey;

/// A request that is not answered with what it asked for.
#[derive(Debug)]
pub(crate) struct Refused(Box<Inner>);

#[derive(Debug)]
struct Inner {
    visitor: Option<Visitor>,
    kind: &'static Kind,
    detail: String,
    faults: Vec<Fault>,
    retry_after: u64,
}

impl Refused {
    fn new(visitor: Option<Visitor>, kind: &'static Kind, detail: String) -> Self {
        Self(Box::new(Inner {
            visitor,
            kind,
            detail,
            faults: vec![],
            retry_after: 0,
        }))
    }

    pub(crate) fn limited(visitor: Visitor, seconds: u64) -> Self {
        let detail = format!("too many requests; try again in {seconds} s");
        let mut refused = Self::new(Some(visitor), &problem::RATE_LIMITED, detail);
        refused.0.retry_after = seconds.max(1);
        refused
    }

    pub(crate) fn forbidden(visitor: Visitor, detail: &str) -> Self {
        Self::new(Some(visitor), &problem::NOT_PERMITTED, detail.to_owned())
    }

    pub(crate) fn not_found(visitor: Visitor) -> Self {
        Self::of(visitor, AppError::NotFound("page"))
    }

    /// A refusal before it is known who asks.
    pub(crate) fn bare(kind: &'static Kind, detail: &str) -> Self {
        Self::new(None, kind, detail.to_owned())
    }

    pub(crate) fn of(visitor: Visitor, error: AppError) -> Self {
        let kind = kind(&error);
        let status = kind.code();
        if status.is_server_error() {
            tracing::error!(request = visitor.viewer.request, %error, "request failed");
        }
        let detail = match status {
            StatusCode::INTERNAL_SERVER_ERROR => {
                "something failed on our side; the reference below finds it in the log".to_owned()
            }
            _ => error.to_string(),
        };
        if status == StatusCode::FORBIDDEN {
            events::send(Event::Denied, &visitor.viewer, "");
        }
        let mut refused = Self::new(Some(visitor), kind, detail);
        if let AppError::Wait { seconds, .. } = &error {
            refused.0.retry_after = seconds.unsigned_abs();
        }
        if let AppError::Faults(faults) = error {
            refused.0.faults = faults;
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            refused.0.retry_after = 30;
        }
        refused
    }
}

fn kind(error: &AppError) -> &'static Kind {
    match error {
        AppError::NotFound(_) => &problem::NOT_FOUND,
        AppError::Invalid(_) => &problem::INVALID,
        AppError::Faults(_) => &problem::INVALID,
        AppError::UnknownField(_) => &problem::UNKNOWN_FIELD,
        AppError::Malformed(_) => &problem::MALFORMED,
        AppError::VersionRequired => &problem::VERSION_REQUIRED,
        AppError::NotPermitted(_) => &problem::NOT_PERMITTED,
        AppError::Conflict(_) | AppError::Gate(_) => &problem::CONFLICT,
        AppError::Store(StoreError::Mismatch) => &problem::IDEMPOTENCY_MISMATCH,
        AppError::SignIn(_) => &problem::UNAUTHENTICATED,
        AppError::Import(_) | AppError::File(_) | AppError::Refused(_) => &problem::IMPORT_REJECTED,
        AppError::Moved(_) => &problem::CONFLICT,
        AppError::Wait { .. } => &problem::RATE_LIMITED,
        AppError::StepUp => &problem::STEP_UP_REQUIRED,
        AppError::Duty(_) => &problem::NOT_PERMITTED,
        AppError::Store(StoreError::NotPermitted(_)) => &problem::NOT_PERMITTED,
        AppError::Store(StoreError::Stale { .. }) => &problem::STALE_VERSION,
        AppError::Store(StoreError::Duplicate(_)) => &problem::DUPLICATE_KEY,
        AppError::Store(StoreError::Invalid(_)) => &problem::INVALID,
        AppError::Store(StoreError::AboveCeiling) => &problem::ABOVE_CEILING,
        AppError::Store(StoreError::Unreachable) => &problem::BUSY,
        AppError::Store(StoreError::Full) => &problem::STORAGE_FULL,
        AppError::Store(
            StoreError::NotDurable | StoreError::Tampered(_) | StoreError::ReadOnly(_),
        ) => &problem::READ_ONLY,
        _ => &problem::INTERNAL,
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let inner = *self.0;
        let json = inner.visitor.as_ref().is_none_or(|v| v.json);
        let mut response = if json {
            problem_json(&inner)
        } else {
            problem_page(&inner)
        };
        let status = inner.kind.code();
        *response.status_mut() = status;
        if inner.retry_after > 0 {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(inner.retry_after));
        }
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Session"),
            );
        }
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

impl Kind {
    /// Its status.
    fn code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

fn problem_json(inner: &Inner) -> Response {
    let kind = inner.kind;
    let request = inner
        .visitor
        .as_ref()
        .map(|v| v.viewer.request.clone())
        .unwrap_or_default();
    let mut body = serde_json::json!({
        "type": format!("/problems/{}", kind.slug), "title": kind.title, "status": kind.status,
        "detail": inner.detail, "request_id": request,
    });
    if !inner.faults.is_empty() {
        let errors = inner.faults.iter().map(|f| {
            let pointer = match f.field.as_str() {
                "" => String::new(),
                path if path.starts_with('/') => path.to_owned(),
                "code" | "partner" | "programme" | "sources" | "reason" => format!("/{}", f.field),
                "valid_from" | "valid_to" => f.field.replace("valid_", "/valid/"),
                field => format!("/body/{field}"),
            };
            serde_json::json!({"pointer": pointer, "code": f.code, "detail": f.message})
        });
        body["errors"] = errors.collect();
    }
    (
        [(header::CONTENT_TYPE, "application/problem+json")],
        body.to_string(),
    )
        .into_response()
}

fn problem_page(inner: &Inner) -> Response {
    let kind = inner.kind;
    let Some(visitor) = &inner.visitor else {
        return problem_json(inner);
    };
    let page = visitor.page(kind.title, view::Nav::None);
    let mut view = problem::Problem::of(kind, page);
    view.detail.clone_from(&inner.detail);
    view.status = kind.status;
    view.reference.clone_from(&visitor.viewer.request);
    view.retry_after = i64::try_from(inner.retry_after).unwrap_or(0);
    html(&view)
}

/// A template as HTML.
pub(crate) fn html(template: &impl Template) -> Response {
    match template.render() {
        Ok(body) => ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response(),
        Err(e) => {
            tracing::error!(error = %e, "a page could not be rendered");
            (
                StatusCode::INTERNAL_SERVER_ERROR,
                "a page could not be rendered",
            )
                .into_response()
        }
    }
}

/// An answer that a browser may keep and ask about again: a strong ETag over its bytes.
pub(crate) fn kept(visitor: &Visitor, mut response: Response, body: String) -> Response {
    let tag = visitor.tags.tag(body.as_bytes());
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    headers.insert(
        header::VARY,
        HeaderValue::from_static("Cookie, Accept-Encoding"),
    );
    if let Ok(value) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, value);
    }
    if visitor.has.as_deref().is_some_and(|has| {
        has.split(',')
            .any(|t| t.trim().trim_start_matches("W/") == tag)
    }) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().remove(header::CONTENT_TYPE);
        return response;
    }
    *response.body_mut() = body.into();
    response
}

/// A page with an ETag.
pub(crate) fn page(visitor: &Visitor, template: &impl Template) -> Result<Response, Refused> {
    let body = template
        .render()
        .map_err(|e| visitor.refuse(AppError::Internal(e.to_string())))?;
    let head = ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], "").into_response();
    Ok(kept(visitor, head, body))
}

/// JSON with an ETag.
pub(crate) fn json(visitor: &Visitor, value: &impl serde::Serialize) -> Result<Response, Refused> {
    let body = serde_json::to_string(value)
        .map_err(|e| visitor.refuse(AppError::Internal(e.to_string())))?;
    let head = ([(header::CONTENT_TYPE, "application/json")], "").into_response();
    Ok(kept(visitor, head, body))
}
