//! `/step-up`: shows a factor again, and then goes on with what was asked. The form that asked is
//! kept in the page, never in an address; what was typed as a password is not.

use super::sign_in::{ProofForm, no_store, own_path, proof_of, session_cookie};
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
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use symbolon_app::AppError;
use symbolon_domain::kinds::Method;

/// Fields of the kept form are sent under this prefix.
const KEPT: &str = "kept.";

/// The page that asks for a factor.
pub(crate) async fn ask(
    site: &Arc<Site>,
    visitor: &Visitor,
    to: &str,
    kept: &[(String, String)],
    error: &str,
) -> Result<Response, Refused> {
    let viewer = visitor.viewer.clone();
    let asked = site.work(move |app| {
        let ways = app.step_up_ways(&viewer)?;
        let question = ways
            .contains(&Method::Passkey)
            .then(|| app.step_up_passkey(&viewer))
            .transpose()?;
        Ok((ways, question))
    });
    let (ways, question) = asked.await.map_err(|e| visitor.refuse(e))?;
    let mut page = visitor.page("Show that it is you", Nav::None);
    page.lead = "This action needs proof not older than ten minutes. What you entered is kept and goes on afterwards.".to_owned();
    if !error.is_empty() {
        page.notice = Some(Notice {
            tone: Tone::Error,
            text: error.to_owned(),
        });
    }
    let keeping = |mut form: Form| {
        form = form.with("to", to);
        for (name, value) in kept.iter().filter(|(n, _)| !n.contains("password")) {
            form = form.with(&format!("{KEPT}{name}"), value);
        }
        form
    };
    let mut section = Section::new("factor", "Your factor");
    if ways
        .iter()
        .any(|w| matches!(w, Method::Totp | Method::Recovery))
    {
        let code =
            Field::text("code", "Code of your app, or a recovery code").fill("one-time-code");
        section = section.form(keeping(Form::new("/step-up", "Go on").field(code)));
    }
    if let Some(question) = question {
        let ticket = question.ticket.clone();
        let form = Form::new("/step-up", "Use a passkey").with("ticket", &ticket);
        section = section.form(keeping(
            form.passkey("get", serde_json::to_string(&question).unwrap_or_default()),
        ));
    }
    if ways.is_empty() {
        section = section.says("You have no second factor. Sign in again with a new one-time link, and register one on your account page within ten minutes.");
    }
    let mut response = no_store(answer::html(&Desk {
        page,
        sections: vec![section],
    }));
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    let how = header::HeaderValue::from_static("Session error=\"step-up-required\"");
    response.headers_mut().insert(header::WWW_AUTHENTICATE, how);
    Ok(response)
}

/// `/step-up` by itself.
pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    if visitor.viewer.account().is_none() {
        return Err(visitor.refuse(AppError::SignIn("sign in first")));
    }
    let mut response = ask(&site, &visitor, "", &[], "").await?;
    *response.status_mut() = StatusCode::OK;
    Ok(response)
}

#[derive(serde::Deserialize)]
pub(crate) struct StepUp {
    #[serde(default)]
    to: String,
    #[serde(flatten)]
    proof: ProofForm,
}

pub(crate) async fn take(
    State(site): State<Arc<Site>>,
    sent: Sent<StepUp>,
) -> Result<Response, Refused> {
    let (viewer, proof) = (sent.visitor.viewer.clone(), proof_of(&sent.form.proof));
    let kept: Vec<(String, String)> = sent
        .pairs
        .iter()
        .filter_map(|(n, v)| Some((n.strip_prefix(KEPT)?.to_owned(), v.clone())))
        .collect();
    let to = own_path(&sent.form.to);
    match site.work(move |app| app.step_up(&viewer, &proof)).await {
        Ok(signed) => {
            let cookie = session_cookie(&site, &signed.token);
            if to.is_empty() {
                let back = [
                    (header::SET_COOKIE, cookie),
                    (header::LOCATION, "/account".to_owned()),
                ];
                return Ok((StatusCode::SEE_OTHER, back).into_response());
            }
            let mut visitor = sent.visitor;
            visitor.csrf = site.app.form_token(&signed.token);
            let mut page = visitor.page("It is you", Nav::None);
            page.lead = "Nothing was done yet. Go on, or leave this page.".to_owned();
            let mut form = Form::new(&to, "Go on with what you began");
            for (name, value) in &kept {
                form = form.with(name, value);
            }
            let sections = vec![Section::new("on", "Your action").form(form)];
            let body = no_store(answer::html(&Desk { page, sections }));
            Ok(([(header::SET_COOKIE, cookie)], body).into_response())
        }
        Err(e @ (AppError::SignIn(_) | AppError::Wait { .. })) => {
            ask(&site, &sent.visitor, &to, &kept, &e.to_string()).await
        }
        Err(e) => Err(sent.visitor.refuse(e)),
    }
}
