//! `/sign-in/factor`: the second half of a sign-in with a password.

use super::{
    ProofForm, again, attempt_cookie, attempt_name, no_store, onward, own_path, proof_of,
    session_cookie,
};
use crate::{
    answer::{self, Refused},
    form::Sent,
    site::Site,
    view::{
        Nav,
        desk::{Desk, Field, Form, Section},
    },
    visitor::Visitor,
};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use symbolon_app::AppError;
use symbolon_domain::kinds::Method;

async fn page(site: &Arc<Site>, visitor: &Visitor, back: &str) -> Result<Desk, Refused> {
    let ticket = visitor.cookie(attempt_name(site));
    let asked = site.work(move |app| {
        let pending = app.pending(&ticket)?;
        let passkey = pending.ways.contains(&Method::Passkey);
        Ok((
            pending.ways,
            passkey.then(|| app.pending_passkey(&ticket)).transpose()?,
        ))
    });
    let (ways, question) = asked.await.map_err(|e| visitor.refuse(e))?;
    let page = visitor.page("Second factor", Nav::None);
    let mut section = Section::new("factor", "Show that it is you");
    if let Some(question) = question {
        let ask = serde_json::to_string(&question).unwrap_or_default();
        let form = Form::new("/sign-in/factor", "Use a passkey").with("ticket", &question.ticket);
        section = section.form(form.with("back", back).passkey("get", ask));
    }
    if ways
        .iter()
        .any(|w| matches!(w, Method::Totp | Method::Recovery))
    {
        let code = Field::text("code", "Code")
            .hint("Six digits of your app, or a recovery code")
            .fill("one-time-code");
        section = section.form(
            Form::new("/sign-in/factor", "Sign in")
                .field(code)
                .with("back", back),
        );
    }
    Ok(Desk {
        page,
        sections: vec![section],
    })
}

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let back = own_path(visitor.query.get("back"));
    Ok(no_store(answer::html(&page(&site, &visitor, &back).await?)))
}

#[derive(serde::Deserialize)]
pub(crate) struct FactorForm {
    #[serde(default)]
    back: String,
    #[serde(flatten)]
    proof: ProofForm,
}

pub(crate) async fn take(
    State(site): State<Arc<Site>>,
    sent: Sent<FactorForm>,
) -> Result<Response, Refused> {
    let ticket = sent.visitor.cookie(attempt_name(&site));
    let (viewer, proof) = (sent.visitor.viewer.clone(), proof_of(&sent.form.proof));
    let back = own_path(&sent.form.back);
    match site
        .work(move |app| app.finish_sign_in(&viewer, &ticket, &proof))
        .await
    {
        Ok(signed) => Ok(onward(
            &back,
            &[
                session_cookie(&site, &signed.token),
                attempt_cookie(&site, ""),
            ],
        )),
        Err(e @ (AppError::SignIn(_) | AppError::Wait { .. })) => {
            let mut desk = page(&site, &sent.visitor, &back).await?;
            desk.put_back(&sent.path, &sent.pairs, &e.to_string());
            Ok(again(desk, &e))
        }
        Err(e) => Err(sent.visitor.refuse(e)),
    }
}
