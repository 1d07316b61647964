//! `/admin/accounts`: who may sign in, and what is done about it.

use super::{frame, role_choices, standing};
use crate::pages::{
    moment,
    sign_in::{again, no_store, onward},
};
use crate::{
    answer::{self, Refused},
    form::Sent,
    site::Site,
    view::{
        Cell, Column, Fact, Link, Table, Tag,
        desk::{Desk, Field, Form, Section},
    },
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use std::sync::Arc;
use symbolon_app::{App, AppError, identity::duties::Duty};
use symbolon_domain::{
    kinds::{Account, Identity, Method},
    record::RecordId,
};

pub(crate) async fn accounts(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let viewer = visitor.viewer.clone();
    let accounts = site
        .work(move |app| app.accounts(&viewer))
        .await
        .map_err(|e| visitor.refuse(e))?;
    let mut page = frame(&visitor, "Accounts");
    page.crumbs.remove(0);
    page.lead = "Who may sign in, with the role and nation that decide what they see. Accounts are proposed by one person and confirmed by another.".to_owned();
    let columns = vec![
        Column::text("Name"),
        Column::text("Role"),
        Column::text("Nation"),
        Column::text("May sign in"),
    ];
    let row = |(id, a): &(RecordId, Account)| {
        let tag = if a.active {
            Tag::new("active", "good")
        } else {
            Tag::new("closed", "plain")
        };
        vec![
            Cell::of(&Link::new(a.name.clone(), format!("/admin/accounts/{id}"))),
            Cell::words(&a.role.words()),
            Cell::text(a.nation.as_str()),
            Cell::tag(tag),
        ]
    };
    let table = Table::new("accounts", "Accounts", columns)
        .rows(accounts.iter().map(row).collect())
        .or("There is no account yet.")
        .quiet();
    let section = Section::new("list", "Accounts").table(table);
    Ok(no_store(answer::html(&Desk {
        page,
        sections: vec![section],
    })))
}

/// What the page of one account shows.
struct Shown {
    account: Account,
    names: Vec<Identity>,
    ways: Vec<Method>,
    sessions: Vec<symbolon_app::SessionLine>,
    tokens: Vec<symbolon_app::identity::TokenLine>,
    duties: Vec<Duty>,
    /// Whether the viewer is of the nation that provides the instance.
    provider: bool,
    providers: Vec<(String, String)>,
}

fn shown(app: &App, viewer: &symbolon_access::Viewer, id: RecordId) -> Result<Shown, AppError> {
    let account = app.account_seen(viewer, id)?;
    let own = viewer.account() == Some(id);
    let has = |d: &Duty| !own && app.has_duty(viewer, *d);
    let all = [
        Duty::Propose,
        Duty::Close,
        Duty::Reset,
        Duty::Sessions,
        Duty::Tokens,
    ];
    Ok(Shown {
        account,
        names: app.identities_of(id)?,
        ways: app.credentials_of(id)?.iter().map(|c| c.method).collect(),
        sessions: app.sessions_of(id)?,
        tokens: app.tokens_of(id)?,
        duties: all.into_iter().filter(has).collect(),
        provider: app.has_duty(viewer, Duty::See),
        providers: app
            .identity
            .settings
            .provider
            .iter()
            .map(|p| (p.issuer.clone(), p.title.clone()))
            .collect(),
    })
}

async fn page(site: &Arc<Site>, visitor: &Visitor, id: RecordId) -> Result<Desk, Refused> {
    let viewer = visitor.viewer.clone();
    let shown = site
        .work(move |app| shown(app, &viewer, id))
        .await
        .map_err(|e| visitor.refuse(e))?;
    let page = frame(visitor, &shown.account.name);
    let mut sections = vec![about(&shown)];
    sections.extend(actions(&shown, id));
    Ok(Desk { page, sections })
}

fn about(shown: &Shown) -> Section {
    let a = &shown.account;
    let ways: Vec<String> = shown
        .ways
        .iter()
        .map(|w| format!("{w:?}").to_lowercase())
        .collect();
    let last = shown
        .sessions
        .iter()
        .map(|s| s.seen)
        .max()
        .map(moment)
        .unwrap_or_default();
    let mut section = Section::new("about", "Account");
    section.facts = vec![
        Fact::words("Role", &a.role.words()),
        Fact::new("Nation", a.nation.as_str()),
        Fact::words("May sign in", if a.active { "yes" } else { "no: closed" }),
        Fact::new("Ways to sign in", &ways.join(", ")),
        Fact::new("Open sessions", &shown.sessions.len().to_string()),
        Fact::new("Last use of an open session", &last),
        Fact::new("API tokens", &shown.tokens.len().to_string()),
    ];
    section.facts.extend(standing::facts(&a.standing));
    for name in &shown.names {
        section.facts.push(Fact::new(
            &format!("Known at {}", name.issuer),
            &name.subject,
        ));
    }
    section
}

fn actions(shown: &Shown, id: RecordId) -> Vec<Section> {
    let may = |d| shown.duties.contains(&d);
    let (name, to) = (&shown.account.name, |verb: &str| {
        format!("/admin/accounts/{id}/{verb}")
    });
    let mut all = vec![];
    if may(Duty::Propose) {
        let form = Form::new("/admin/requests", "Propose it")
            .with("account", &id.to_string())
            .with("name", name)
            .with("nation", shown.account.nation.as_str())
            .field(Field::select("role", "Role", role_choices()).value(&shown.account.role.code()))
            .field(Field::text("reason", "Why").sort("area"));
        let title = if shown.account.active {
            "Another role"
        } else {
            "Open it again"
        };
        all.push(
            Section::new("role", title)
                .says("Another officer confirms it.")
                .form(form),
        );
    }
    if may(Duty::Propose) && shown.provider && shown.account.active {
        let form = Form::new("/admin/requests", "Propose these")
            .with("account", &id.to_string())
            .with("name", name)
            .with("nation", shown.account.nation.as_str())
            .with("role", &shown.account.role.code())
            .with("standing", "yes");
        let form = standing::fields(form, &shown.account.standing)
            .field(Field::text("reason", "Why").sort("area"));
        all.push(
            Section::new("standing", "Other clearances or scope")
                .says("What stands here replaces what is held. Another officer confirms it.")
                .form(form),
        );
    }
    if may(Duty::Reset) && shown.account.active {
        let form = Form::new(&to("reset"), "Reset and make a link")
            .field(Field::text("reason", "Why").sort("area"));
        all.push(
            Section::new("reset", "Lost factors")
                .says("Takes password and factors away, ends sessions, and gives a link that works once.")
                .form(form.about(&format!("for {name}"))),
        );
    }
    if may(Duty::Reset) && !shown.providers.is_empty() {
        let form = Form::new(&to("identity"), "Tie it")
            .field(Field::select(
                "issuer",
                "Identity provider",
                shown.providers.clone(),
            ))
            .field(
                Field::text("subject", "Subject there")
                    .hint("The provider's own id of the person (sub), never an e-mail address."),
            );
        all.push(Section::new("identity", "Identity provider").form(form));
    }
    if may(Duty::Sessions) && !shown.sessions.is_empty() {
        let form = Form::new(&to("sessions"), "End all sessions").about(&format!("of {name}"));
        all.push(Section::new("sessions", "Sessions").form(form));
    }
    if may(Duty::Tokens) && !shown.tokens.is_empty() {
        let choice = shown
            .tokens
            .iter()
            .map(|t| (t.id.to_string(), t.token.name.clone()));
        let form = Form::new(&to("tokens"), "Revoke it").field(Field::select(
            "id",
            "Token",
            choice.collect(),
        ));
        all.push(Section::new("tokens", "API tokens").form(form));
    }
    if may(Duty::Close) && shown.account.active {
        let form = Form::new(&to("close"), "Close the account")
            .field(Field::text("reason", "Why").sort("area"));
        all.push(
            Section::new("close", "Close")
                .says("Ends every session, token and link of it at once.")
                .form(form.about(&format!("of {name}"))),
        );
    }
    all
}

pub(crate) async fn account(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let Ok(id) = id.parse() else {
        return Err(Refused::not_found(visitor));
    };
    Ok(no_store(answer::html(&page(&site, &visitor, id).await?)))
}

#[derive(Clone, serde::Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    issuer: String,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    id: String,
}

/// Does something to an account, and shows it again.
async fn act(
    site: Arc<Site>,
    id: String,
    sent: Sent<Asked>,
    what: impl FnOnce(&App, &symbolon_access::Viewer, RecordId, &Asked) -> Result<(), AppError>
    + Send
    + 'static,
) -> Result<Response, Refused> {
    let Ok(id) = id.parse::<RecordId>() else {
        return Err(Refused::not_found(sent.visitor));
    };
    let (viewer, asked) = (sent.visitor.viewer.clone(), sent.form.clone());
    match site.work(move |app| what(app, &viewer, id, &asked)).await {
        Ok(()) => Ok(onward(&format!("/admin/accounts/{id}"), &[])),
        Err(e) => failed(&site, sent, id, e).await,
    }
}

async fn failed(
    site: &Arc<Site>,
    sent: Sent<Asked>,
    id: RecordId,
    e: AppError,
) -> Result<Response, Refused> {
    if !matches!(e, AppError::Invalid(_) | AppError::Duty(_)) {
        return sent.refused(site, e).await;
    }
    let mut desk = page(site, &sent.visitor, id).await?;
    desk.put_back(&sent.path, &sent.pairs, &e.to_string());
    Ok(again(desk, &e))
}

pub(crate) async fn close(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    sent: Sent<Asked>,
) -> Result<Response, Refused> {
    act(site, id, sent, |app, v, id, asked| {
        app.close_account(v, id, &asked.reason)
    })
    .await
}

pub(crate) async fn end_sessions(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    sent: Sent<Asked>,
) -> Result<Response, Refused> {
    act(site, id, sent, |app, v, id, _| app.end_sessions(v, id)).await
}

pub(crate) async fn tie(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    sent: Sent<Asked>,
) -> Result<Response, Refused> {
    act(site, id, sent, |app, v, id, asked| {
        app.tie_identity(v, id, &asked.issuer, asked.subject.trim())
    })
    .await
}

pub(crate) async fn revoke(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    sent: Sent<Asked>,
) -> Result<Response, Refused> {
    act(site, id, sent, |app, v, _, asked| {
        let token = asked.id.parse().map_err(|_| AppError::NotFound("token"))?;
        app.revoke_token(v, token)
    })
    .await
}

pub(crate) async fn reset(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    sent: Sent<Asked>,
) -> Result<Response, Refused> {
    let Ok(id) = id.parse::<RecordId>() else {
        return Err(Refused::not_found(sent.visitor));
    };
    let (viewer, reason) = (sent.visitor.viewer.clone(), sent.form.reason.clone());
    match site
        .work(move |app| app.reset_account(&viewer, id, &reason))
        .await
    {
        Ok(token) => {
            let page = frame(&sent.visitor, "A link to begin anew");
            let mut section = Section::new("link", "Shown once").says(
                "Hand it to the person by a way you trust. It signs in once, within 30 minutes.",
            );
            section.codes = vec![format!("{}/sign-in/{token}", site.app.identity.origin())];
            section.links = vec![Link::new(
                "Back to the account",
                format!("/admin/accounts/{id}"),
            )];
            Ok(no_store(answer::html(&Desk {
                page,
                sections: vec![section],
            })))
        }
        Err(e) => failed(&site, sent, id, e).await,
    }
}
