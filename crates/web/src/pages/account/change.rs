//! What the forms of `/account` do.

use super::page;
use crate::pages::sign_in::{again, no_store, onward};
use crate::{
    answer::{self, Refused},
    form::Sent,
    site::Site,
    view::{
        Nav, Notice, Tone,
        desk::{Desk, Field, Form, Section},
    },
    visitor::Visitor,
};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use std::sync::Arc;
use symbolon_app::{
    AppError,
    identity::{Enrolment, NewToken, Registration},
};
use symbolon_domain::{language::Language, record::RecordId};

#[derive(serde::Deserialize)]
pub(crate) struct Nothing {}

#[derive(serde::Deserialize)]
pub(crate) struct Which {
    id: RecordId,
}

#[derive(serde::Deserialize)]
pub(crate) struct NamePassword {
    name: String,
    password: String,
}

#[derive(serde::Deserialize)]
pub(crate) struct Code {
    ticket: String,
    code: String,
    #[serde(default)]
    name: String,
}

#[derive(serde::Deserialize)]
pub(crate) struct Passkey {
    ticket: String,
    #[serde(flatten)]
    new: Registration,
}

#[derive(serde::Deserialize)]
pub(crate) struct Token {
    name: String,
    scope: String,
    days: String,
    #[serde(default)]
    writes: String,
}

#[derive(serde::Deserialize)]
pub(crate) struct Reason {
    reason: String,
}

#[derive(serde::Deserialize)]
pub(crate) struct Tongue {
    #[serde(default)]
    language: String,
}

/// Back to the page, or the page once more with what was wrong.
async fn done<T, F>(
    site: Arc<Site>,
    sent: Sent<F>,
    result: Result<T, AppError>,
) -> Result<Response, Refused> {
    match result {
        Ok(_) => Ok(onward("/account", &[])),
        Err(e) => failed(site, sent, e).await,
    }
}

async fn failed<F>(site: Arc<Site>, sent: Sent<F>, e: AppError) -> Result<Response, Refused> {
    if !matches!(
        e,
        AppError::Invalid(_) | AppError::Duty(_) | AppError::Wait { .. }
    ) {
        return sent.refused(&site, e).await;
    }
    let mut desk = page(&site, &sent.visitor).await?;
    desk.put_back(&sent.path, &sent.pairs, &e.to_string());
    Ok(again(desk, &e))
}

pub(crate) async fn set_password(
    State(site): State<Arc<Site>>,
    sent: Sent<NamePassword>,
) -> Result<Response, Refused> {
    let viewer = sent.visitor.viewer.clone();
    let (name, password) = (sent.form.name.clone(), sent.form.password.clone());
    let set = site
        .work(move |app| app.set_password(&viewer, &name, &password))
        .await;
    done(site, sent, set).await
}

/// Keeps the language with the account; what this browser kept of its own gives way to it.
pub(crate) async fn choose_language(
    State(site): State<Arc<Site>>,
    sent: Sent<Tongue>,
) -> Result<Response, Refused> {
    let viewer = sent.visitor.viewer.clone();
    let wanted = Language::of_code(&sent.form.language);
    let chosen = site
        .work(move |app| {
            let account = viewer.account().ok_or(AppError::SignIn("sign in first"))?;
            app.choose_language(&viewer, account, wanted)
        })
        .await;
    let mut response = done(site, sent, chosen).await?;
    let forget = HeaderValue::from_static("language=; Path=/; SameSite=Lax; Max-Age=0");
    response.headers_mut().append(header::SET_COOKIE, forget);
    Ok(response)
}

pub(crate) async fn remove(
    State(site): State<Arc<Site>>,
    sent: Sent<Which>,
) -> Result<Response, Refused> {
    let (viewer, id) = (sent.visitor.viewer.clone(), sent.form.id);
    let removed = site
        .work(move |app| app.remove_credential(&viewer, id))
        .await;
    done(site, sent, removed).await
}

pub(crate) async fn end_session(
    State(site): State<Arc<Site>>,
    sent: Sent<Which>,
) -> Result<Response, Refused> {
    let (viewer, id) = (sent.visitor.viewer.clone(), sent.form.id);
    let ended = site.work(move |app| app.end_own_session(&viewer, id)).await;
    done(site, sent, ended).await
}

pub(crate) async fn revoke_token(
    State(site): State<Arc<Site>>,
    sent: Sent<Which>,
) -> Result<Response, Refused> {
    let (viewer, id) = (sent.visitor.viewer.clone(), sent.form.id);
    let revoked = site.work(move |app| app.revoke_token(&viewer, id)).await;
    done(site, sent, revoked).await
}

pub(crate) async fn break_glass(
    State(site): State<Arc<Site>>,
    sent: Sent<Reason>,
) -> Result<Response, Refused> {
    let (viewer, reason) = (sent.visitor.viewer.clone(), sent.form.reason.clone());
    let broken = site
        .work(move |app| app.break_glass(&viewer, &reason))
        .await;
    done(site, sent, broken).await
}

pub(crate) async fn mend_glass(
    State(site): State<Arc<Site>>,
    sent: Sent<Nothing>,
) -> Result<Response, Refused> {
    let viewer = sent.visitor.viewer.clone();
    let mended = site.work(move |app| app.mend_glass(&viewer)).await;
    done(site, sent, mended).await
}

pub(crate) async fn make_token(
    State(site): State<Arc<Site>>,
    sent: Sent<Token>,
) -> Result<Response, Refused> {
    let viewer = sent.visitor.viewer.clone();
    let new = NewToken {
        name: sent.form.name.clone(),
        scopes: vec![sent.form.scope.clone()],
        writes: sent.form.writes == "yes",
        days: sent.form.days.trim().parse().unwrap_or(0),
    };
    match site.work(move |app| app.make_token(&viewer, &new)).await {
        Ok(token) => {
            let says = "Copy it now: it is not shown again. Send it as Authorization: Bearer, to /api/v1 only.";
            Ok(shown_once(&sent.visitor, "Your token", says, vec![token]))
        }
        Err(e) => failed(site, sent, e).await,
    }
}

/// Something shown once.
fn shown_once(visitor: &Visitor, title: &str, says: &str, codes: Vec<String>) -> Response {
    let mut page = visitor.page(title, Nav::None);
    page.marking = "UNCLASSIFIED - internal".to_owned();
    let mut section = Section::new("once", "Shown once").says(says);
    section.codes = codes;
    section.links = vec![crate::view::Link::new("Back to my account", "/account")];
    no_store(answer::html(&Desk {
        page,
        sections: vec![section],
    }))
}

/// After a factor was registered: its recovery codes, where it was the first.
fn registered(visitor: &Visitor, codes: Vec<String>) -> Response {
    if codes.is_empty() {
        return onward("/account", &[]);
    }
    let says = "Keep these recovery codes in a safe place. Each works once, in place of a code of your app or a passkey.";
    shown_once(visitor, "Your recovery codes", says, codes)
}

pub(crate) async fn recovery(
    State(site): State<Arc<Site>>,
    sent: Sent<Nothing>,
) -> Result<Response, Refused> {
    let viewer = sent.visitor.viewer.clone();
    match site.work(move |app| app.new_recovery_codes(&viewer)).await {
        Ok(codes) => Ok(registered(&sent.visitor, codes)),
        Err(e) => failed(site, sent, e).await,
    }
}

fn totp_page(visitor: &Visitor, enrolment: &Enrolment) -> Desk {
    let page = visitor.page("Register an authenticator app", Nav::None);
    let mut key = Section::new("key", "1. Give your app the key")
        .says("Type the key into the app, or open the address on the device that has the app. Time-based, six digits.");
    let grouped: Vec<String> = enrolment
        .key
        .as_bytes()
        .chunks(4)
        .map(|c| String::from_utf8_lossy(c).into_owned())
        .collect();
    key.codes = vec![grouped.join(" ")];
    key.facts = vec![crate::view::Fact {
        mono: true,
        ..crate::view::Fact::new("Address for the app", &enrolment.address)
    }];
    let form = Form::new("/account/totp/confirm", "Register it")
        .field(Field::text("name", "Name for it").hint("For example: phone"))
        .field(Field::text("code", "Code the app shows").fill("one-time-code"))
        .with("ticket", &enrolment.ticket);
    let code = Section::new("code", "2. Show that it works").form(form);
    Desk {
        page,
        sections: vec![key, code],
    }
}

pub(crate) async fn begin_totp(
    State(site): State<Arc<Site>>,
    sent: Sent<Nothing>,
) -> Result<Response, Refused> {
    let viewer = sent.visitor.viewer.clone();
    match site.work(move |app| app.begin_totp(&viewer)).await {
        Ok(enrolment) => Ok(no_store(answer::html(&totp_page(
            &sent.visitor,
            &enrolment,
        )))),
        Err(e) => failed(site, sent, e).await,
    }
}

pub(crate) async fn finish_totp(
    State(site): State<Arc<Site>>,
    sent: Sent<Code>,
) -> Result<Response, Refused> {
    let viewer = sent.visitor.viewer.clone();
    let Code { ticket, code, name } = &sent.form;
    let (ticket, code, name) = (ticket.clone(), code.clone(), name.clone());
    match site
        .work(move |app| app.finish_totp(&viewer, &ticket, &code, &name))
        .await
    {
        Ok(codes) => Ok(registered(&sent.visitor, codes)),
        Err(e @ AppError::SignIn(_)) => {
            let (viewer, ticket) = (sent.visitor.viewer.clone(), sent.form.ticket.clone());
            let again_with = site
                .work(move |app| app.resume_totp(&viewer, &ticket))
                .await;
            let enrolment = again_with.map_err(|e| sent.visitor.refuse(e))?;
            let mut desk = totp_page(&sent.visitor, &enrolment);
            desk.put_back(&sent.path, &sent.pairs, &e.to_string());
            Ok(again(desk, &e))
        }
        Err(e) => failed(site, sent, e).await,
    }
}

pub(crate) async fn begin_passkey(
    State(site): State<Arc<Site>>,
    sent: Sent<Nothing>,
) -> Result<Response, Refused> {
    let viewer = sent.visitor.viewer.clone();
    let ask = match site.work(move |app| app.begin_passkey(&viewer)).await {
        Ok(ask) => ask,
        Err(e) => return failed(site, sent, e).await,
    };
    let mut page = sent.visitor.page("Register a passkey", Nav::None);
    page.notice = Some(Notice {
        tone: Tone::Note,
        text: "This needs script and a browser that knows passkeys. An authenticator app works without.".to_owned(),
    });
    let form = Form::new("/account/passkey/confirm", "Make the passkey")
        .field(Field::text("name", "Name for it").hint("For example: security key on the ring"))
        .with("ticket", &ask.ticket)
        .passkey("create", serde_json::to_string(&ask).unwrap_or_default());
    let section = Section::new("new", "A new passkey").form(form);
    Ok(no_store(answer::html(&Desk {
        page,
        sections: vec![section],
    })))
}

pub(crate) async fn finish_passkey(
    State(site): State<Arc<Site>>,
    sent: Sent<Passkey>,
) -> Result<Response, Refused> {
    let viewer = sent.visitor.viewer.clone();
    let (ticket, new) = (sent.form.ticket.clone(), sent.form.new.clone());
    match site
        .work(move |app| app.finish_passkey(&viewer, &ticket, &new))
        .await
    {
        Ok(codes) => Ok(registered(&sent.visitor, codes)),
        Err(e) => failed(site, sent, e).await,
    }
}
