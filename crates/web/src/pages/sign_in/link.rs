//! `/sign-in/{token}`, `/sign-in/confirm`: a link that works once. The page asks before it is used.

use super::{no_store, onward, own_path, session_cookie};
use crate::{
    answer::{self, Refused},
    form::Sent,
    site::Site,
    view::{Nav, sign_in as view},
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use std::sync::Arc;

#[derive(serde::Deserialize)]
pub(crate) struct LinkForm {
    #[serde(default)]
    token: String,
    #[serde(default)]
    back: String,
}

/// The token at the end of a pasted link, or the token itself.
fn token_of(pasted: &str) -> String {
    let last = pasted.trim().rsplit('/').next();
    last.unwrap_or_default().to_owned()
}

pub(crate) async fn paste(
    State(site): State<Arc<Site>>,
    sent: Sent<LinkForm>,
) -> Result<Response, Refused> {
    confirm(
        site,
        sent.visitor,
        token_of(&sent.form.token),
        sent.form.back,
    )
    .await
}

pub(crate) async fn look(
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
    let context = view::SignInConfirm {
        page,
        role: account.role.words(),
        name: account.name,
        nation: account.nation.as_str().to_owned(),
        token,
        back: own_path(&back),
        expires: "30 minutes after it was made".to_owned(),
        session: "12 hours, or 30 minutes without a request".to_owned(),
    };
    Ok(no_store(answer::html(&context)))
}

pub(crate) async fn use_link(
    State(site): State<Arc<Site>>,
    sent: Sent<LinkForm>,
) -> Result<Response, Refused> {
    let token = sent.form.token;
    let signed = site
        .work(move |app| app.sign_in(&token))
        .await
        .map_err(|e| sent.visitor.refuse(e))?;
    Ok(onward(
        &own_path(&sent.form.back),
        &[session_cookie(&site, &signed.token)],
    ))
}
