//! `/sign-out`, and `/theme` and `/language`, the two things a browser keeps besides.

use super::{no_store, own_path};
use crate::{
    answer::{self, Refused},
    form::Sent,
    site::Site,
    view::{Nav, language::Language, sign_in as view},
    visitor::cookie_name,
};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

#[derive(serde::Deserialize)]
pub(crate) struct Choice {
    #[serde(default)]
    back: String,
    #[serde(default)]
    theme: String,
    #[serde(default)]
    language: String,
}

/// Ends the session here and on the server; the browser is told to forget what it kept.
pub(crate) async fn sign_out(
    State(site): State<Arc<Site>>,
    sent: Sent<Choice>,
) -> Result<Response, Refused> {
    let token = sent.visitor.token.clone();
    site.work(move |app| app.sign_out(&token))
        .await
        .map_err(|e| sent.visitor.refuse(e))?;
    let gone = super::cookie(&site, cookie_name(site.settings.secure), "", 0);
    let mut left = sent.visitor;
    left.viewer = site.app.public();
    left.waiting = (0, 0);
    left.csrf.clear();
    let page = left.page("Signed out", Nav::None);
    let body = no_store(answer::html(&view::SignedOut { page }));
    let clear = (
        header::HeaderName::from_static("clear-site-data"),
        "\"cache\", \"storage\"".to_owned(),
    );
    Ok(([(header::SET_COOKIE, gone), clear], body).into_response())
}

/// Keeps the choice of colours in a cookie that holds nothing else.
pub(crate) async fn theme(sent: Sent<Choice>) -> Result<Response, Refused> {
    let theme = match sent.form.theme.as_str() {
        "light" => "light",
        "dark" => "dark",
        _ => "system",
    };
    Ok(chosen("theme", theme, &sent.form.back))
}

/// Keeps the choice of a language in a cookie that holds nothing else.
pub(crate) async fn language(sent: Sent<Choice>) -> Result<Response, Refused> {
    let language = Language::of_code(&sent.form.language).unwrap_or_default();
    Ok(chosen("language", language.code(), &sent.form.back))
}

/// Keeps a choice for a year and goes back to where it was made.
fn chosen(name: &str, value: &str, back: &str) -> Response {
    let cookie = format!("{name}={value}; Path=/; SameSite=Lax; Max-Age=31536000");
    let back = own_path(back);
    let to = if back.is_empty() {
        "/".to_owned()
    } else {
        back
    };
    (
        StatusCode::SEE_OTHER,
        [(header::SET_COOKIE, cookie), (header::LOCATION, to)],
    )
        .into_response()
}
