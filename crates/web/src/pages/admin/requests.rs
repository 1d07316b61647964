//! `/admin/requests`: accounts and roles that are proposed, and what became of them.

use super::{frame, role_choices, standing};
use crate::pages::sign_in::{again, no_store, onward};
use crate::{
    answer::{self, Refused},
    form::Sent,
    site::Site,
    view::{
        Cell, Column, Link, Table, Tag,
        desk::{Desk, Field, Form, Section},
    },
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use standing::Held;
use std::collections::HashMap;
use std::sync::Arc;
use symbolon_access::Actor;
use symbolon_app::{
    AppError, NewAccount,
    identity::{
        accounts::{Proposal, RequestLine},
        duties::{Duties, Duty},
    },
};
use symbolon_domain::{kinds::Role, record::RecordId};

async fn page(site: &Arc<Site>, visitor: &Visitor) -> Result<Desk, Refused> {
    let viewer = visitor.viewer.clone();
    let asked = site.work(move |app| {
        let requests = app.account_requests(&viewer)?;
        let names = app
            .accounts(&app.system())?
            .into_iter()
            .map(|(id, a)| (id, a.name));
        let duties = (
            app.has_duty(&viewer, Duty::Propose),
            app.has_duty(&viewer, Duty::Decide),
        );
        Ok((requests, names.collect::<HashMap<_, _>>(), duties))
    });
    let (requests, names, (propose, decide)) = asked.await.map_err(|e| visitor.refuse(e))?;
    let mut page = frame(visitor, "Proposed accounts and roles");
    page.crumbs.remove(1);
    page.lead = "One person proposes, another decides. Nobody decides what they proposed, or anything about themselves.".to_owned();
    let mut sections = waiting(&requests, &names, decide, visitor);
    if propose {
        sections.push(new(visitor));
    }
    sections.push(done(&requests, &names));
    Ok(Desk { page, sections })
}

fn name_of(names: &HashMap<RecordId, String>, id: Option<RecordId>) -> String {
    id.map_or_else(
        || "the program".to_owned(),
        |i| names.get(&i).cloned().unwrap_or_default(),
    )
}

fn what(r: &RequestLine) -> String {
    let kind = match (&r.request.account, &r.request.standing) {
        (Some(_), Some(_)) => "clearances and scope of",
        (Some(_), None) => "change to",
        (None, _) => "new",
    };
    format!("{kind} {}, {}", r.request.role.words(), r.request.nation)
}

fn table(id: &str, rows: Vec<Vec<Cell>>, empty: &str) -> Table {
    let columns = ["Person", "Wanted", "Proposed by", "Why", "State"];
    Table::new(id, "Proposals", columns.map(Column::text).into())
        .rows(rows)
        .or(empty)
        .quiet()
}

fn row(r: &RequestLine, names: &HashMap<RecordId, String>) -> Vec<Cell> {
    let person = match r.request.account {
        Some(id) => Cell::of(&Link::new(
            r.request.name.clone(),
            format!("/admin/accounts/{id}"),
        )),
        None => Cell::text(&r.request.name),
    };
    let by = if r.request.decided_by.is_some() {
        name_of(names, r.request.decided_by)
    } else {
        String::new()
    };
    let tag = Tag::new(&r.state, if r.state == "open" { "note" } else { "plain" });
    vec![
        person,
        Cell::text(&what(r)),
        Cell::text(&name_of(names, r.request.proposed_by)),
        Cell::text(&r.request.reason),
        Cell {
            sub: by,
            ..Cell::tag(tag)
        },
    ]
}

fn waiting(
    requests: &[RequestLine],
    names: &HashMap<RecordId, String>,
    decide: bool,
    visitor: &Visitor,
) -> Vec<Section> {
    let open: Vec<&RequestLine> = requests.iter().filter(|r| r.state == "open").collect();
    let rows = open.iter().map(|r| row(r, names)).collect();
    let mut sections = vec![Section::new("waiting", "To be decided").table(table(
        "open-t",
        rows,
        "Nothing waits.",
    ))];
    let own = visitor.viewer.account();
    let mine = |r: &&&RequestLine| {
        decide
            && r.request.proposed_by != own
            && (r.request.account.is_none() || r.request.account != own)
    };
    for (i, r) in open.iter().filter(mine).enumerate() {
        let about = format!("{}: {}", r.request.name, what(r));
        let to = |verdict: &str| format!("/admin/requests/{}/{verdict}", r.id);
        let mut section = Section::new(&format!("decide-{i}"), &format!("Decide: {about}"));
        if let Some(standing) = &r.request.standing {
            section =
                section.says("With these clearances and this scope, instead of what is held now:");
            section.facts = standing::facts(standing);
        }
        let section = section
            .form(Form::new(&to("confirm"), "Confirm it").about(&about))
            .form(Form::new(&to("refuse"), "Refuse it").about(&about));
        sections.push(section);
    }
    sections
}

fn new(visitor: &Visitor) -> Section {
    let (mut roles, mut nation) = (role_choices(), String::new());
    if let Actor::Account {
        role: Role::PartnerAdministrator,
        nation: own,
        ..
    } = &visitor.viewer.actor
    {
        let allowed = &Duties::shipped().partner_roles;
        roles.retain(|(code, _)| allowed.iter().any(|r| r.code() == *code));
        own.as_str().clone_into(&mut nation);
    }
    let form = Form::new("/admin/requests", "Propose the account")
        .field(Field::text("name", "Name of the person"))
        .field(Field::select("role", "Role", roles))
        .field(
            Field::text("nation", "Nation they serve")
                .hint("Three letters: USA, SEN")
                .value(&nation),
        )
        .field(Field::text("reason", "Why").sort("area"));
    Section::new("new", "Propose an account")
        .says(
            "Clearances and scope are what the role usually has; the account's page changes them.",
        )
        .form(form)
}

fn done(requests: &[RequestLine], names: &HashMap<RecordId, String>) -> Section {
    let rows = requests
        .iter()
        .filter(|r| r.state != "open")
        .map(|r| row(r, names))
        .collect();
    Section::new("done", "Decided").table(table("done-t", rows, "Nothing was decided yet."))
}

pub(crate) async fn requests(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    Ok(no_store(answer::html(&page(&site, &visitor).await?)))
}

#[derive(serde::Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    account: String,
    name: String,
    role: String,
    nation: String,
    #[serde(default)]
    reason: String,
    /// Whether clearances and scope were asked about at all.
    #[serde(default)]
    standing: String,
    #[serde(flatten)]
    held: Held,
}

fn proposal(form: &Wanted) -> Result<Proposal, AppError> {
    let invalid = |e: String| AppError::Invalid(e);
    let account = match form.account.as_str() {
        "" => None,
        id => Some(id.parse().map_err(|_| AppError::NotFound("account"))?),
    };
    let nation = form.nation.trim().to_uppercase();
    Ok(Proposal {
        account,
        wanted: NewAccount {
            name: form.name.clone(),
            role: form.role.parse().map_err(invalid)?,
            nation: nation
                .parse()
                .map_err(|_| invalid("a nation has three letters, as in USA".to_owned()))?,
            standing: match form.standing.as_str() {
                "" => None,
                _ => Some(form.held.words().read()?),
            },
        },
        reason: form.reason.clone(),
    })
}

async fn answered<T, F>(
    site: Arc<Site>,
    sent: Sent<F>,
    result: Result<T, AppError>,
) -> Result<Response, Refused> {
    match result {
        Ok(_) => Ok(onward("/admin/requests", &[])),
        Err(e @ (AppError::Invalid(_) | AppError::Duty(_))) => {
            let mut desk = page(&site, &sent.visitor).await?;
            desk.put_back(&sent.path, &sent.pairs, &e.to_string());
            Ok(again(desk, &e))
        }
        Err(e) => sent.refused(&site, e).await,
    }
}

pub(crate) async fn propose(
    State(site): State<Arc<Site>>,
    sent: Sent<Wanted>,
) -> Result<Response, Refused> {
    let (viewer, wanted) = (sent.visitor.viewer.clone(), proposal(&sent.form));
    let proposed = match wanted {
        Ok(new) => {
            site.work(move |app| app.propose_account(&viewer, &new))
                .await
        }
        Err(e) => Err(e),
    };
    answered(site, sent, proposed).await
}

#[derive(serde::Deserialize)]
pub(crate) struct Nothing {}

pub(crate) async fn decide(
    State(site): State<Arc<Site>>,
    Path((id, verdict)): Path<(String, String)>,
    sent: Sent<Nothing>,
) -> Result<Response, Refused> {
    let (Ok(id), true) = (
        id.parse::<RecordId>(),
        ["confirm", "refuse"].contains(&verdict.as_str()),
    ) else {
        return Err(Refused::not_found(sent.visitor));
    };
    let (viewer, confirm) = (sent.visitor.viewer.clone(), verdict == "confirm");
    let decided = site
        .work(move |app| app.decide_account(&viewer, id, confirm))
        .await;
    answered(site, sent, decided).await
}
