//! `/sign-in/oidc/{provider}`: to an identity provider and back, and its word that a session is over
//!

use super::{attempt_cookie, attempt_name, no_store, onward, own_path, session_cookie};
use crate::{answer::Refused, site::Site, visitor::Visitor};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use symbolon_app::identity::oidc::Returned;

/// Leaves for the provider. Nothing is written: what must be remembered goes with the browser, sealed.
pub(crate) async fn leave(
    State(site): State<Arc<Site>>,
    Path(name): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let back = own_path(visitor.query.get("back"));
    let viewer = visitor.viewer.clone();
    let leaving = site
        .work(move |app| app.begin_oidc(&viewer, &name, &back))
        .await
        .map_err(|e| visitor.refuse(e))?;
    Ok(onward(
        &leaving.url,
        &[attempt_cookie(&site, &leaving.ticket)],
    ))
}

pub(crate) async fn come_back(
    State(site): State<Arc<Site>>,
    Path(name): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let ticket = visitor.cookie(attempt_name(&site));
    let value = |name: &str| visitor.query.get(name).to_owned();
    let iss = value("iss");
    let returned = Returned {
        code: value("code"),
        state: value("state"),
        iss: (!iss.is_empty()).then_some(iss),
        error: value("error"),
    };
    let viewer = visitor.viewer.clone();
    let arrived = site
        .work(move |app| app.finish_oidc(&viewer, &name, &ticket, &returned))
        .await
        .map_err(|e| visitor.refuse(e))?;
    let cookies = [
        session_cookie(&site, &arrived.signed.token),
        attempt_cookie(&site, ""),
    ];
    Ok(onward(&own_path(&arrived.back), &cookies))
}

#[derive(serde::Deserialize)]
pub(crate) struct LogoutForm {
    logout_token: String,
}

/// From server to server: no cookie, no origin; the signed token alone counts.
pub(crate) async fn logout(
    State(site): State<Arc<Site>>,
    Path(name): Path<String>,
    Form(form): Form<LogoutForm>,
) -> Response {
    match site
        .work(move |app| app.provider_logout(&name, &form.logout_token))
        .await
    {
        Ok(()) => no_store(StatusCode::OK.into_response()),
        Err(_) => no_store(StatusCode::BAD_REQUEST.into_response()),
    }
}
