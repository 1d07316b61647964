//! `/sign-in` and what follows: a name and password and then a factor, an identity provider, or a link that
//! works once. Looking at a link does not use it: a person presses a button (GET never changes state, R-43).

pub(crate) mod factor;
pub(crate) mod link;
pub(crate) mod oidc;
pub(crate) mod out;

use crate::{
    answer::{self, Refused},
    form::Sent,
    site::Site,
    view::{
        Link, Nav, Notice, Tone,
        desk::{Desk, Field, Form, Section},
    },
    visitor::{Visitor, cookie_name},
};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use symbolon_app::{AppError, identity::Assertion, sign_in::Proof};

/// Only a path of this site may be gone back to.
pub(crate) fn own_path(path: &str) -> String {
    let own = path.starts_with('/') && !path.starts_with("//");
    if own && !path.contains(['\\', '\n', '\r', '\t']) {
        path.to_owned()
    } else {
        String::new()
    }
}

pub(crate) fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-store"),
    );
    response
}

/// A cookie that only we read, for so many seconds.
fn cookie(site: &Site, name: &str, value: &str, seconds: u32) -> String {
    let secure = if site.settings.secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
}

/// The cookie of a session.
pub(crate) fn session_cookie(site: &Site, token: &str) -> String {
    cookie(site, cookie_name(site.settings.secure), token, 43_200)
}

/// Name of the cookie of a sign-in under way.
pub(crate) fn attempt_name(site: &Site) -> &'static str {
    if site.settings.secure {
        "__Host-symbolon-attempt"
    } else {
        "symbolon-attempt"
    }
}

/// The cookie of a sign-in under way; an empty one ends it.
pub(crate) fn attempt_cookie(site: &Site, ticket: &str) -> String {
    let seconds = if ticket.is_empty() { 0 } else { 600 };
    cookie(site, attempt_name(site), ticket, seconds)
}

/// On to an address, with cookies.
pub(crate) fn onward(to: &str, cookies: &[String]) -> Response {
    let to = if to.is_empty() { "/" } else { to };
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, to.to_owned())]).into_response();
    for cookie in cookies {
        if let Ok(value) = header::HeaderValue::from_str(cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    no_store(response)
}

/// A factor as a form brings it.
#[derive(Clone, Debug, Default, serde::Deserialize)]
pub(crate) struct ProofForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    ticket: String,
    #[serde(default)]
    passkey: String,
    #[serde(default)]
    client: String,
    #[serde(default)]
    authenticator: String,
    #[serde(default)]
    signature: String,
}

pub(crate) fn proof_of(form: &ProofForm) -> Proof {
    if form.ticket.is_empty() {
        return Proof::Code(form.code.clone());
    }
    let answer = Assertion {
        id: form.passkey.clone(),
        client: form.client.clone(),
        authenticator: form.authenticator.clone(),
        signature: form.signature.clone(),
    };
    Proof::Passkey(form.ticket.clone(), answer)
}

/// The page of sign-in.
fn page(site: &Site, visitor: &Visitor, back: &str) -> Desk {
    let mut page = visitor.page("Sign in", Nav::None);
    page.path = "/sign-in".to_owned();
    let mut sections = vec![];
    let providers = site.app.providers();
    if !providers.is_empty() {
        let mut section = Section::new("provider", "With your organisation");
        let to = |name: &str| match back {
            "" => format!("/sign-in/oidc/{name}"),
            _ => format!(
                "/sign-in/oidc/{name}?{}",
                serde_urlencoded::to_string([("back", back)]).unwrap_or_default()
            ),
        };
        section.links = providers
            .iter()
            .map(|(n, t)| Link::new(format!("Sign in at {t}"), to(n)))
            .collect();
        sections.push(section);
    }
    let password = Form::new("/sign-in/password", "Continue")
        .field(Field::text("name", "Sign-in name").fill("username"))
        .field(
            Field::text("password", "Password")
                .sort("password")
                .fill("current-password"),
        )
        .with("back", back);
    sections.push(
        Section::new("password", "With a name and password")
            .says("A second factor follows: a code of your app, a passkey, or a recovery code.")
            .form(password),
    );
    let link = Form::new("/sign-in", "Continue")
        .field(
            Field::text("token", "Your link, or the code at its end")
                .hint(
                    "It works once, within 30 minutes. You are asked once more before it is used.",
                )
                .fill("one-time-code"),
        )
        .with("back", back);
    let section = Section::new("link", "With a one-time link").form(link);
    sections.push(if site.settings.demonstration {
        section.says("The program printed one link for each role where it was started; each role sees a different part of the same data.")
    } else {
        section.says("An administrator makes one where factors were lost; at the first start the program prints one.")
    });
    let mut none = Section::new("none", "Without signing in");
    none.text
        .push("You see only what has been released to the public.".to_owned());
    none.links.push(Link::new("Go to the portfolio", "/"));
    sections.push(none);
    Desk { page, sections }
}

pub(crate) async fn form(State(site): State<Arc<Site>>, visitor: Visitor) -> Response {
    let back = own_path(visitor.query.get("back"));
    no_store(answer::html(&page(&site, &visitor, &back)))
}

#[derive(serde::Deserialize)]
pub(crate) struct PasswordForm {
    name: String,
    password: String,
    #[serde(default)]
    back: String,
}

pub(crate) async fn password(
    State(site): State<Arc<Site>>,
    sent: Sent<PasswordForm>,
) -> Result<Response, Refused> {
    let viewer = sent.visitor.viewer.clone();
    let PasswordForm {
        name,
        password,
        back,
    } = sent.form;
    let begun = site
        .work(move |app| app.begin_sign_in(&viewer, &name, &password))
        .await;
    let back = own_path(&back);
    match begun {
        Ok(pending) => {
            let to = serde_urlencoded::to_string([("back", &back)]).unwrap_or_default();
            Ok(onward(
                &format!("/sign-in/factor?{to}"),
                &[attempt_cookie(&site, &pending.ticket)],
            ))
        }
        Err(e @ (AppError::SignIn(_) | AppError::Wait { .. })) => {
            let mut desk = page(&site, &sent.visitor, &back);
            desk.put_back(&sent.path, &sent.pairs, &e.to_string());
            Ok(again(desk, &e))
        }
        Err(e) => Err(sent.visitor.refuse(e)),
    }
}

/// A page once more with what was wrong.
pub(crate) fn again(mut desk: Desk, error: &AppError) -> Response {
    desk.page.notice = Some(Notice {
        tone: Tone::Error,
        text: error.to_string(),
    });
    let status = match error {
        AppError::SignIn(_) => StatusCode::UNAUTHORIZED,
        AppError::Wait { .. } => StatusCode::TOO_MANY_REQUESTS,
        AppError::Duty(_) => StatusCode::FORBIDDEN,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut response = no_store(answer::html(&desk));
    *response.status_mut() = status;
    if let AppError::Wait { seconds, .. } = error {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, (*seconds).into());
    }
    response
}
