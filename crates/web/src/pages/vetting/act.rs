//! What is done at the vetting desk: opening a file, naming a candidate, answering, resolving, proposing, confirming.
//! Each needs the file open; what is refused comes back with what was typed.

use super::{bench, id, request};
use crate::{
    answer::{self, Refused},
    form::Sent,
    pages::sign_in::{no_store, onward},
    site::Site,
    view::{Notice, Tone, vetting::Vetting},
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;
use symbolon_app::{
    App, AppError,
    vetting::{HitReply, Proposal, VettingFile},
};
use symbolon_domain::record::RecordId;

/// Fields of a form by name.
pub(crate) type Fields = HashMap<String, String>;

/// The form again with what was wrong.
pub(crate) fn again(mut context: Vetting, sent: &Sent<Fields>, error: &AppError) -> Response {
    let told = error.to_string();
    context.put_back(&sent.path, &sent.pairs, &told);
    context.page.notice = Some(Notice {
        tone: Tone::Error,
        text: told,
    });
    let mut response = no_store(answer::html(&context));
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    response
}

/// Whether the form can be mended and sent again.
pub(crate) fn mendable(error: &AppError) -> bool {
    matches!(
        error,
        AppError::Faults(_) | AppError::Conflict(_) | AppError::Invalid(_)
    )
}

pub(crate) async fn open(
    State(site): State<Arc<Site>>,
    Path(of): Path<String>,
    sent: Sent<Fields>,
) -> Result<Response, Refused> {
    let of = id(&sent.visitor, &of)?;
    let viewer = sent.visitor.viewer.clone();
    let purpose = sent.form.get("purpose").cloned().unwrap_or_default();
    let done = site
        .work(move |app| app.work_on_file(&viewer, of, &purpose))
        .await;
    match done {
        Ok(_) => Ok(onward(&format!("/vetting/requests/{of}"), &[])),
        Err(e) if mendable(&e) => Ok(again(
            request::context(&site, &sent.visitor, of).await?,
            &sent,
            &e,
        )),
        Err(e) => sent.refused(&site, e).await,
    }
}

pub(crate) async fn close(
    State(site): State<Arc<Site>>,
    Path(of): Path<String>,
    sent: Sent<Fields>,
) -> Result<Response, Refused> {
    let of = id(&sent.visitor, &of)?;
    site.app.put_file_away(&sent.visitor.viewer, of);
    Ok(onward(&format!("/vetting/requests/{of}"), &[]))
}

/// The open file, or the reason why there is none.
fn opened(app: &App, visitor: &Visitor, of: RecordId) -> Result<VettingFile, AppError> {
    let file = app.file_at_work(&visitor.viewer, of)?;
    file.ok_or_else(|| {
        AppError::Conflict("the vetting file is closed; open it again for a purpose".to_owned())
    })
}

pub(crate) async fn nominate(
    State(site): State<Arc<Site>>,
    Path(of): Path<String>,
    sent: Sent<Fields>,
) -> Result<Response, Refused> {
    let of = id(&sent.visitor, &of)?;
    let (asker, fields) = (sent.visitor.clone(), sent.form.clone());
    let done = site
        .work(move |app| {
            let file = opened(app, &asker, of)?;
            let mut body = json!({"as_named": text(&fields, "as_named")});
            for kind in ["unit", "person"] {
                let written = text(&fields, kind);
                if !written.is_empty() {
                    let found = app.resolve(&file.viewer, kind, written)?;
                    let missing = || {
                        AppError::Invalid(format!(
                            "there is no {kind} `{written}` that you may see"
                        ))
                    };
                    body[kind] = found.ok_or_else(missing)?.to_string().into();
                }
            }
            app.nominate(&file, text(&fields, "partner"), body)
        })
        .await;
    match done {
        Ok(made) => Ok(onward(&format!("/vetting/requests/{of}/{}", made.id), &[])),
        Err(e) if mendable(&e) => Ok(again(
            request::context(&site, &sent.visitor, of).await?,
            &sent,
            &e,
        )),
        Err(e) => sent.refused(&site, e).await,
    }
}

fn text<'f>(fields: &'f Fields, name: &str) -> &'f str {
    fields.get(name).map_or("", |v| v.trim())
}

pub(crate) async fn act(
    State(site): State<Arc<Site>>,
    Path((of, candidate, act)): Path<(String, String, String)>,
    sent: Sent<Fields>,
) -> Result<Response, Refused> {
    let (of, candidate) = (id(&sent.visitor, &of)?, id(&sent.visitor, &candidate)?);
    let (asker, fields) = (sent.visitor.clone(), sent.form.clone());
    let done = site.work(move |app| {
        if ["confirm", "confirm-hit"].contains(&act.as_str()) {
            app.require_step_up(&asker.viewer)?;
        }
        let file = opened(app, &asker, of)?;
        let record = text(&fields, "record").to_owned();
        carried_out(app, &file, candidate, &act, &fields)?;
        Ok(if act.ends_with("hit") {
            format!("#hit-{record}-h")
        } else {
            String::new()
        })
    });
    match done.await {
        Ok(place) => Ok(onward(
            &format!("/vetting/requests/{of}/{candidate}{place}"),
            &[],
        )),
        Err(e) if mendable(&e) => {
            match bench::context(&site, &sent.visitor, of, candidate).await? {
                Some(context) => Ok(again(context, &sent, &e)),
                None => Err(sent.visitor.refuse(e)),
            }
        }
        Err(e) => sent.refused(&site, e).await,
    }
}

fn carried_out(
    app: &App,
    file: &VettingFile,
    candidate: RecordId,
    act: &str,
    fields: &Fields,
) -> Result<(), AppError> {
    let of = |name: &str| text(fields, name);
    let wrong = |what: &str| AppError::Invalid(format!("{what}: this must be chosen"));
    let record = || {
        of("record")
            .parse::<RecordId>()
            .map_err(|_| AppError::NotFound("record"))
    };
    let version = || {
        of("version")
            .parse::<i64>()
            .map_err(|_| AppError::VersionRequired)
    };
    let word = |name: &str| serde_json::Value::String(of(name).to_owned());
    match act {
        "check" => {
            let body = json!({"consulted": of("consulted"), "edition": of("edition"),
                "consulted_on": of("consulted_on"), "result": of("result"), "note": of("note")});
            app.add_to_file(file, candidate, "vetting_check", body)
                .map(|_| ())
        }
        "found" => {
            let body = json!({"statement": of("statement"), "through": of("through")});
            app.add_to_file(file, candidate, "derogatory_record", body)
                .map(|_| ())
        }
        "resolve" => app
            .resolve_derogatory(
                file,
                (record()?, version()?),
                of("resolution"),
                of("grounds"),
            )
            .map(|_| ()),
        "hit" => {
            let answer = serde_json::from_value(word("answer")).map_err(|_| wrong("Answer"))?;
            let reply = HitReply {
                hit: record()?,
                version: version()?,
                answer,
                grounds: of("grounds").to_owned(),
            };
            app.answer_hit(file, &reply).map(|_| ())
        }
        "confirm-hit" => app.confirm_hit(file, record()?, version()?),
        "send-back-hit" => app.send_back_hit(file, record()?, version()?, of("grounds")),
        "propose" => {
            let outcome = serde_json::from_value(word("outcome")).map_err(|_| wrong("Decision"))?;
            let proposal = Proposal {
                candidate,
                outcome,
                grounds: of("grounds").to_owned(),
            };
            app.propose_vetting(file, &proposal).map(|_| ())
        }
        "confirm" => app.confirm_vetting(file, record()?).map(|_| ()),
        _ => Err(AppError::NotFound("page")),
    }
}
