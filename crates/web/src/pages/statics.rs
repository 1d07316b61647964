//! `/static/{name}`: files inside the binary, kept by browsers for ever under their fingerprint; health.

use crate::view::assets;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

pub(crate) async fn file(Path(name): Path<String>) -> Response {
    match assets::find(&name) {
        Some(asset) => (
            [
                (header::CONTENT_TYPE, asset.media),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ],
            asset.bytes,
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The process answers.
pub(crate) async fn healthy() -> &'static str {
    "ok\n"
}

/// The store answers too.
pub(crate) async fn ready(State(site): State<Arc<crate::site::Site>>) -> Response {
    match site.ask(|app| Ok(app.store.revision()?)).await {
        Ok(_) => "ready\n".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response(),
    }
}
