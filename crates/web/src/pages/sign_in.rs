//! `/sign-in`, `/sign-in/{token}`, `/sign-in/confirm`, `/sign-out`, `/theme`. Looking at a link does not
//! use it: a person presses a button (GET never changes state, R-43).

use crate::{
    answer::{self, Refused},
    site::Site,
    view::{Nav, sign_in as view},
    visitor::{Visitor, cookie_name},
};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

#[derive(serde::Deserialize)]
pub(crate) struct TokenForm {
    #[serde(default)]
    token: String,
    #[serde(default)]
    back: String,
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    theme: String,
}

pub(crate) async fn form(visitor: Visitor) -> Response {
    let mut page = visitor.page("Sign in", Nav::None);
    page.path = "/sign-in".to_owned();
    answer::html(&view::SignIn {
        page,
        back: own_path(visitor.query.get("back")),
        demonstration: true,
        minutes: 30,
    })
}

/// The token at the end of a pasted link, or the token itself.
fn token_of(pasted: &str) -> String {
    pasted
        .trim()
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// Only a path of this site may be gone back to.
fn own_path(path: &str) -> String {
    if path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') {
        path.to_owned()
    } else {
        String::new()
    }
}

pub(crate) async fn paste(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    Form(form): Form<TokenForm>,
) -> Result<Response, Refused> {
    confirm(site, visitor, token_of(&form.token), form.back).await
}

pub(crate) async fn link(
    State(site): State<Arc<Site>>,
    Path(token): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    confirm(site, visitor, token, String::new()).await
}

async fn confirm(
    site: Arc<Site>,
    visitor: Visitor,
    token: String,
    back: String,
) -> Result<Response, Refused> {
    let asked = token.clone();
    let account = site
        .ask(move |app| app.peek_link(&asked))
        .await
        .map_err(|e| visitor.refuse(e))?;
    let mut page = visitor.page("Sign in", Nav::None);
    page.path = "/sign-in".to_owned();
    let role = serde_json::to_value(account.role)
        .ok()
        .and_then(|r| r.as_str().map(|r| r.replace('_', " ")));
    let context = view::SignInConfirm {
        page,
        name: account.name,
        role: role.unwrap_or_default(),
        nation: account.nation.as_str().to_owned(),
        token,
        back: own_path(&back),
        expires: "30 minutes after it was made".to_owned(),
        session: "12 hours, or 30 minutes without a request".to_owned(),
    };
    Ok(no_store(answer::html(&context)))
}

pub(crate) fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-store"),
    );
    response
}

pub(crate) async fn use_link(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    Form(form): Form<TokenForm>,
) -> Result<Response, Refused> {
    let signed = site
        .work(move |app| app.sign_in(&form.token))
        .await
        .map_err(|e| visitor.refuse(e))?;
    let secure = if site.settings.secure { "; Secure" } else { "" };
    let name = cookie_name(site.settings.secure);
    let cookie = format!(
        "{name}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200{secure}",
        signed.token
    );
    let back = own_path(&form.back);
    let to = if back.is_empty() {
        "/".to_owned()
    } else {
        back
    };
    Ok((
        StatusCode::SEE_OTHER,
        [(header::SET_COOKIE, cookie), (header::LOCATION, to)],
    )
        .into_response())
}

pub(crate) async fn sign_out(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    Form(form): Form<TokenForm>,
) -> Result<Response, Refused> {
    visitor.check_form(&form.csrf)?;
    let token = visitor.token.clone();
    site.work(move |app| app.sign_out(&token))
        .await
        .map_err(|e| visitor.refuse(e))?;
    let name = cookie_name(site.settings.secure);
    let secure = if site.settings.secure { "; Secure" } else { "" };
    let gone = format!("{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}");
    let mut left = visitor.clone();
    left.viewer = site.app.public();
    left.csrf.clear();
    let page = left.page("Signed out", Nav::None);
    let body = no_store(answer::html(&view::SignedOut { page }));
    Ok(([(header::SET_COOKIE, gone)], body).into_response())
}

/// Keeps the choice of colours in a cookie that holds nothing else.
pub(crate) async fn theme(
    visitor: Visitor,
    Form(form): Form<TokenForm>,
) -> Result<Response, Refused> {
    visitor.check_form(&form.csrf)?;
    let theme = match form.theme.as_str() {
        "light" => "light",
        "dark" => "dark",
        _ => "system",
    };
    let cookie = format!("theme={theme}; Path=/; SameSite=Lax; Max-Age=31536000");
    let back = own_path(&form.back);
    let to = if back.is_empty() {
        "/".to_owned()
    } else {
        back
    };
    Ok((
        StatusCode::SEE_OTHER,
        [(header::SET_COOKIE, cookie), (header::LOCATION, to)],
    )
        .into_response())
}
