//! Acts on a record that are confirmed first: moves, deleting, restoring, reversing; and undoing at once.

use super::{address, id_of, kind_of, show::frame};
use crate::{
    answer::{self, Refused},
    pages::step_up,
    site::Site,
    view::{Cell, Column, Link, Notice, Query, Table, Tone, form as view},
    visitor::Visitor,
};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use std::sync::Arc;
use symbolon_access::Viewer;
use symbolon_app::{App, AppError, Moment, RecordPage, Refusal};
use symbolon_domain::{
    kind::{KindDef, Transition, sentence, within},
    record::{Record, RecordId},
};
use symbolon_store::{StoreError, Written};

/// What a confirmation sends.
#[derive(Deserialize)]
pub(crate) struct Confirmed {
    csrf: String,
    #[serde(default)]
    version: i64,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    entry: i64,
}

/// Which act.
#[derive(Clone, Debug)]
enum Act {
    Move(String),
    Delete,
    Restore,
    Reverse(i64),
}

/// Where an act is asked for.
struct Asked {
    kind: &'static KindDef,
    id: RecordId,
    act: Act,
}

fn asked(visitor: &Visitor, kind: &str, id: &str, act: Act) -> Result<Asked, Refused> {
    Ok(Asked {
        kind: kind_of(visitor, kind)?,
        id: id_of(visitor, id)?,
        act,
    })
}

impl Asked {
    fn address(&self) -> String {
        let here = address(self.kind, self.id);
        match &self.act {
            Act::Move(code) => format!("{here}/move/{code}"),
            Act::Delete => format!("{here}/delete"),
            Act::Restore => format!("{here}/restore"),
            Act::Reverse(seq) => format!("{here}/reverse/{seq}"),
        }
    }

    fn words(&self) -> String {
        let kind = within(self.kind.name);
        match &self.act {
            Act::Move(code) => self
                .kind
                .transition(code)
                .map_or(String::new(), |t| t.name.to_owned()),
            Act::Delete => format!("Delete this {kind}"),
            Act::Restore => format!("Restore this {kind}"),
            Act::Reverse(_) => "Reverse this change".to_owned(),
        }
    }

    fn reason_needed(&self) -> bool {
        match &self.act {
            Act::Move(code) => self.kind.transition(code).is_some_and(|t| t.reason),
            Act::Delete | Act::Reverse(_) => true,
            Act::Restore => false,
        }
    }

    fn run(&self, app: &App, viewer: &Viewer, sent: &Confirmed) -> Result<Written, AppError> {
        let of = (self.kind.code, self.id);
        match &self.act {
            Act::Move(code) => app.transition(viewer, of, sent.version, code, &sent.reason),
            Act::Delete => app.delete(viewer, of, sent.version, &sent.reason),
            Act::Restore => app.restore(viewer, of, sent.version, &sent.reason),
            Act::Reverse(seq) => app.reverse(viewer, of, *seq, &sent.reason),
        }
    }
}

/// What an act would do, in sentences, what it waits for, and what would change.
struct Outlook {
    page: RecordPage,
    effects: Vec<String>,
    waits_for: Vec<String>,
    preview: Option<Table>,
    gates: Vec<view::GateLine>,
}

fn outlook(app: &App, viewer: &Viewer, asked: &Asked) -> Result<Outlook, AppError> {
    let id = asked.id.to_string();
    let page = app.record(viewer, asked.kind.code, &id, Moment::default())?;
    let (mut effects, mut waits_for, mut preview, mut gates) = (vec![], vec![], None, vec![]);
    let kind = within(asked.kind.name);
    match &asked.act {
        Act::Move(code) => {
            let moves = app.moves(viewer, asked.kind, &page.record)?;
            let transition = asked.kind.transition(code);
            let transition = transition.ok_or(AppError::NotFound("move"))?;
            let to = sentence(transition.to).to_lowercase();
            effects.push(format!("The {kind} becomes: {to}."));
            if transition.four_eyes {
                effects.push("You answer for it as the second person.".to_owned());
            }
            waits_for = match moves.into_iter().find(|m| m.transition.code == code) {
                Some(found) => {
                    let lines = found.gate.iter();
                    gates = lines.map(|r| gate_line(r, &page.record)).collect();
                    found.waits_for
                }
                None => vec![stands_against(transition, &page.record.envelope.state)],
            };
        }
        Act::Delete => {
            app.may_change(viewer, &page.record)?;
            effects.push(format!("The {kind} leaves every list."));
            effects.push("Its history stays, and it can be restored.".to_owned());
        }
        Act::Restore => {
            app.may_change(viewer, &page.record)?;
            effects.push(format!(
                "The {kind} stands in the lists again, in the state it was in."
            ));
        }
        Act::Reverse(seq) => {
            app.may_change(viewer, &page.record)?;
            let past = app.history(viewer, asked.kind.code, &id)?;
            let step = past.into_iter().find(|p| p.seq == *seq);
            let step = step.ok_or(AppError::NotFound("change"))?;
            effects.push(format!("{}.", step.sentence));
            effects.push("What it changed stands again as before.".to_owned());
            let columns = ["Field", "Now", "Then"].map(Column::text).into();
            let row = |d: &symbolon_app::Difference| {
                vec![
                    Cell::text(&d.label),
                    Cell::text(&d.after),
                    Cell::text(&d.before),
                ]
            };
            let rows = step.differences.iter().map(row).collect();
            preview = Some(
                Table::new("preview", "What would change", columns)
                    .rows(rows)
                    .quiet(),
            );
        }
    }
    Ok(Outlook {
        page,
        effects,
        waits_for,
        preview,
        gates,
    })
}

/// A rule that keeps a gate shut, with the page of its clause.
fn gate_line(refusal: &Refusal, record: &Record) -> view::GateLine {
    let e = &record.envelope;
    let mut ask = Query::new("/records/gate_override/new")
        .and("f.gate", &refusal.rule)
        .and("partner", &e.partner);
    let initiative = match e.kind.as_str() {
        "initiative" => Some(e.code.as_str()),
        _ => record.body["initiative"].as_str(),
    };
    if let Some(initiative) = initiative {
        ask = ask.and("f.initiative", initiative);
    }
    if e.kind == "case" {
        ask = ask.and("f.case", &e.code);
    }
    view::GateLine {
        rule: Link::new(&refusal.rule, format!("/law/{}", refusal.rule)),
        says: refusal.says.clone(),
        clauses: refusal
            .clauses
            .iter()
            .map(|c| Link::new(&c.at, &c.url))
            .collect(),
        opens: refusal.opens.clone(),
        earliest: refusal.earliest.clone(),
        overridable: refusal.overridable,
        ask: Link::new("Ask for a recorded override", ask.href()),
    }
}

/// Why a move is not open at all: the state, or the role.
fn stands_against(transition: &Transition, state: &str) -> String {
    if transition.leads_from(state) {
        return format!(
            "Your role does not make this move; it takes `{}`.",
            transition.by
        );
    }
    let from: Vec<String> = transition
        .from
        .iter()
        .map(|s| sentence(s).to_lowercase())
        .collect();
    let now = sentence(state).to_lowercase();
    format!(
        "It leads from: {}. The record is: {now}.",
        from.join(" or ")
    )
}

async fn ask(site: Arc<Site>, visitor: Visitor, asked: Asked) -> Result<Response, Refused> {
    confirm(site, visitor, asked, String::new(), None).await
}

/// The page that asks, with what went wrong the last time.
async fn confirm(
    site: Arc<Site>,
    visitor: Visitor,
    asked: Asked,
    reason: String,
    wrong: Option<AppError>,
) -> Result<Response, Refused> {
    let viewer = visitor.viewer.clone();
    let (asked, outlook) = site
        .ask(move |app| outlook(app, &viewer, &asked).map(|o| (asked, o)))
        .await
        .map_err(|e| visitor.refuse(e))?;
    let mut page = frame(&visitor, &outlook.page);
    page.crumbs
        .push(Link::new(page.title.clone(), address(asked.kind, asked.id)));
    page.title = asked.words();
    page.named = false;
    let (status, errors) = problems(wrong.as_ref());
    if !errors.is_empty() {
        page.notice = Some(Notice {
            tone: Tone::Error,
            text: "There is a problem".to_owned(),
        });
    }
    let context = view::RecordAct {
        action: asked.address(),
        version: outlook.page.record.envelope.version,
        effects: outlook.effects,
        waits_for: outlook.waits_for,
        gates: outlook.gates,
        errors,
        reason_needed: asked.reason_needed(),
        reason,
        hidden: vec![],
        preview: outlook.preview,
        button: asked.words(),
        cancel: address(asked.kind, asked.id),
        page,
    };
    let mut response = answer::html(&context);
    *response.status_mut() = status;
    let no_store = axum::http::HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(axum::http::header::CACHE_CONTROL, no_store);
    Ok(response)
}

fn problems(wrong: Option<&AppError>) -> (StatusCode, Vec<Link>) {
    match wrong {
        None => (StatusCode::OK, vec![]),
        Some(AppError::Faults(faults)) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            faults
                .iter()
                .map(|f| Link::new(f.message.clone(), format!("#{}", f.field)))
                .collect(),
        ),
        Some(AppError::Store(StoreError::Stale { .. })) => {
            let words =
                "Somebody changed the record since you opened this page. Look again, then confirm.";
            (StatusCode::PRECONDITION_FAILED, vec![Link::new(words, "")])
        }
        Some(e) => (StatusCode::CONFLICT, vec![Link::new(e.to_string(), "")]),
    }
}

async fn go(
    site: Arc<Site>,
    visitor: Visitor,
    asked: Asked,
    sent: Confirmed,
) -> Result<Response, Refused> {
    visitor.check_form(&sent.csrf)?;
    let viewer = visitor.viewer.clone();
    let (reason, version) = (sent.reason.clone(), sent.version);
    let (asked, done) = site
        .work(move |app| {
            let done = asked.run(app, &viewer, &sent);
            Ok((asked, done))
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    match done {
        Ok(_) => Ok(Redirect::to(&address(asked.kind, asked.id)).into_response()),
        Err(
            e @ (AppError::Faults(_)
            | AppError::Conflict(_)
            | AppError::Gate(_)
            | AppError::Store(StoreError::Stale { .. })),
        ) => confirm(site, visitor, asked, reason, Some(e)).await,
        Err(AppError::StepUp) if !visitor.json => {
            let kept = [("version", version.to_string()), ("reason", reason)];
            let kept = kept.map(|(n, v)| (n.to_owned(), v));
            step_up::ask(&site, &visitor, &asked.address(), &kept, "").await
        }
        Err(e) => Err(visitor.refuse(e)),
    }
}

type At<T> = Path<T>;

pub(crate) async fn move_form(
    State(site): State<Arc<Site>>,
    Path((kind, id, code)): At<(String, String, String)>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let asked = asked(&visitor, &kind, &id, Act::Move(code))?;
    ask(site, visitor, asked).await
}

pub(crate) async fn make_move(
    State(site): State<Arc<Site>>,
    Path((kind, id, code)): At<(String, String, String)>,
    visitor: Visitor,
    Form(sent): Form<Confirmed>,
) -> Result<Response, Refused> {
    let asked = asked(&visitor, &kind, &id, Act::Move(code))?;
    go(site, visitor, asked, sent).await
}

pub(crate) async fn delete_form(
    State(site): State<Arc<Site>>,
    Path((kind, id)): At<(String, String)>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let asked = asked(&visitor, &kind, &id, Act::Delete)?;
    ask(site, visitor, asked).await
}

pub(crate) async fn delete(
    State(site): State<Arc<Site>>,
    Path((kind, id)): At<(String, String)>,
    visitor: Visitor,
    Form(sent): Form<Confirmed>,
) -> Result<Response, Refused> {
    let asked = asked(&visitor, &kind, &id, Act::Delete)?;
    go(site, visitor, asked, sent).await
}

pub(crate) async fn restore_form(
    State(site): State<Arc<Site>>,
    Path((kind, id)): At<(String, String)>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let asked = asked(&visitor, &kind, &id, Act::Restore)?;
    ask(site, visitor, asked).await
}

pub(crate) async fn restore(
    State(site): State<Arc<Site>>,
    Path((kind, id)): At<(String, String)>,
    visitor: Visitor,
    Form(sent): Form<Confirmed>,
) -> Result<Response, Refused> {
    let asked = asked(&visitor, &kind, &id, Act::Restore)?;
    go(site, visitor, asked, sent).await
}

pub(crate) async fn reverse_form(
    State(site): State<Arc<Site>>,
    Path((kind, id, seq)): At<(String, String, i64)>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let asked = asked(&visitor, &kind, &id, Act::Reverse(seq))?;
    ask(site, visitor, asked).await
}

pub(crate) async fn reverse(
    State(site): State<Arc<Site>>,
    Path((kind, id, seq)): At<(String, String, i64)>,
    visitor: Visitor,
    Form(sent): Form<Confirmed>,
) -> Result<Response, Refused> {
    let asked = asked(&visitor, &kind, &id, Act::Reverse(seq))?;
    go(site, visitor, asked, sent).await
}

/// Undoes the last change at once; too late leads to the page that reverses with a reason.
pub(crate) async fn undo(
    State(site): State<Arc<Site>>,
    Path((kind, id)): At<(String, String)>,
    visitor: Visitor,
    Form(sent): Form<Confirmed>,
) -> Result<Response, Refused> {
    visitor.check_form(&sent.csrf)?;
    let asked = asked(&visitor, &kind, &id, Act::Reverse(sent.entry))?;
    let viewer = visitor.viewer.clone();
    let (code, id, seq) = (asked.kind.code, asked.id, sent.entry);
    let done = site
        .work(move |app| Ok(app.undo(&viewer, (code, id), seq)))
        .await
        .map_err(|e| visitor.refuse(e))?;
    match done {
        Ok(_) => Ok(Redirect::to(&address(asked.kind, asked.id)).into_response()),
        Err(e @ AppError::Conflict(_)) => {
            confirm(site, visitor, asked, String::new(), Some(e)).await
        }
        Err(e) => Err(visitor.refuse(e)),
    }
}
