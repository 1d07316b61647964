//! `/account`: one's own ways to sign in, sessions, tokens, the language of the pages, and the emergency look
//! . What changes any of it, but for the language, asks for fresh proof.

mod change;

pub(crate) use change::*;

use super::moment;
use super::sign_in::no_store;
use crate::{
    answer::{self, Refused},
    say,
    site::Site,
    view::{
        Cell, Column, Fact, Nav, Table,
        desk::{Desk, Field, Form, Section},
    },
    visitor::Visitor,
};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use symbolon_access::Viewer;
use symbolon_app::{
    App, AppError, SessionLine,
    identity::{CredentialLine, TokenLine, duties::Duty},
};
use symbolon_domain::{
    kinds::{Identity, Method},
    language::Language,
    record::RecordId,
};

/// What the page shows.
struct Own {
    names: Vec<Identity>,
    credentials: Vec<CredentialLine>,
    sessions: Vec<SessionLine>,
    tokens: Vec<TokenLine>,
    glass: Option<i64>,
    language: Option<Language>,
    may_break: bool,
}

fn own(app: &App, viewer: &Viewer) -> Result<Own, AppError> {
    let account = viewer.account().ok_or(AppError::SignIn("sign in first"))?;
    Ok(Own {
        names: app.identities_of(account)?,
        credentials: app.credentials_of(account)?,
        sessions: app.sessions_of(account)?,
        tokens: app.tokens_of(account)?,
        glass: app.glass_of(account)?,
        language: app.language_of(account)?,
        may_break: app.has_duty(viewer, Duty::BreakGlass),
    })
}

/// The page, built anew.
async fn page(site: &Arc<Site>, visitor: &Visitor) -> Result<Desk, Refused> {
    let viewer = visitor.viewer.clone();
    let own = site
        .work(move |app| own(app, &viewer))
        .await
        .map_err(|e| visitor.refuse(e))?;
    let mut page = visitor.page("My account", Nav::None);
    page.marking = "UNCLASSIFIED - internal".to_owned();
    let mut sections = vec![
        ways(&own),
        password(&own),
        sessions(&own, &visitor.viewer),
        tokens(&own),
        language(&own),
    ];
    if own.may_break {
        sections.push(glass(&own));
    }
    Ok(Desk { page, sections })
}

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    Ok(no_store(answer::html(&page(&site, &visitor).await?)))
}

fn method(method: Method) -> &'static str {
    match method {
        Method::Password => "password",
        Method::Totp => "authenticator app",
        Method::Passkey => "passkey",
        Method::Recovery => "recovery codes",
    }
}

/// Choices of records by what they are called.
fn choices<T>(all: &[T], of: impl Fn(&T) -> (RecordId, String)) -> Vec<(String, String)> {
    all.iter()
        .map(|t| {
            let (id, words) = of(t);
            (id.to_string(), words)
        })
        .collect()
}

fn ways(own: &Own) -> Section {
    let columns = vec![
        Column::text("Way"),
        Column::text("Name"),
        Column::tight("Since"),
    ];
    let row = |c: &CredentialLine| {
        vec![
            Cell::words(method(c.method)),
            Cell::text(&c.name),
            Cell::text(&moment(c.made)),
        ]
    };
    let table = Table::new("ways-t", "Ways to sign in", columns)
        .rows(own.credentials.iter().map(row).collect())
        .or("You came in by a one-time link and have no other way yet. Register a second factor, then a password.")
        .quiet();
    let mut section = Section::new("ways", "How you sign in").table(table);
    section.facts = own
        .names
        .iter()
        .map(|n| {
            let at = if n.issuer == "local" {
                "Sign-in name here"
            } else {
                &n.issuer
            };
            Fact::new(at, &n.subject)
        })
        .collect();
    section = section
        .form(Form::new("/account/totp", "Register an authenticator app"))
        .form(Form::new("/account/passkey", "Register a passkey"));
    if own.credentials.iter().any(|c| c.method == Method::Recovery) {
        section = section.form(Form::new("/account/recovery", "Make new recovery codes"));
    }
    if own.credentials.is_empty() {
        return section;
    }
    let name = |c: &CredentialLine| {
        (
            c.id,
            format!("{} {} of {}", method(c.method), c.name, moment(c.made)),
        )
    };
    let which = Field::select("id", "Take away", choices(&own.credentials, name))
        .hint("With the last second factor the password goes too.");
    section.form(Form::new("/account/remove", "Take it away").field(which))
}

fn password(own: &Own) -> Section {
    let there = own.credentials.iter().any(|c| c.method == Method::Password);
    let name = own
        .names
        .iter()
        .find(|n| n.issuer == "local")
        .map(|n| n.subject.clone());
    let form = Form::new("/account/password", if there { "Change it" } else { "Set it" })
        .field(Field::text("name", "Sign-in name").fill("username").value(&name.unwrap_or_default()))
        .field(
            Field::text("password", "New password")
                .sort("password")
                .fill("new-password")
                .hint("15 to 128 characters of any kind; several words are good. No rule about digits or signs."),
        );
    Section::new("password", "Password")
        .says("A password works only together with a second factor; register that first.")
        .form(form)
}

fn sessions(own: &Own, viewer: &Viewer) -> Section {
    let columns = vec![
        Column::text("Signed in by"),
        Column::tight("Since"),
        Column::tight("Last use"),
        Column::tight("Ends"),
    ];
    let row = |s: &SessionLine| {
        let here = s.id.to_string() == viewer.session;
        let way = Cell::words(&s.method);
        vec![
            if here { way.under("this session") } else { way },
            Cell::text(&moment(s.opened)),
            Cell::text(&moment(s.seen)),
            Cell::text(&moment(s.expires)),
        ]
    };
    let table = Table::new("sessions-t", "Sessions", columns)
        .rows(own.sessions.iter().map(row).collect())
        .quiet();
    let name = |s: &SessionLine| (s.id, format!("{} since {}", s.method, moment(s.opened)));
    let which = Field::select("id", "Session", choices(&own.sessions, name));
    Section::new("sessions", "Where you are signed in")
        .table(table)
        .form(Form::new("/account/sessions/end", "End it").field(which))
}

fn tokens(own: &Own) -> Section {
    let columns = vec![
        Column::text("For"),
        Column::text("Begins"),
        Column::text("Reaches"),
        Column::text("May change"),
        Column::tight("Ends"),
        Column::tight("Last use"),
    ];
    let row = |t: &TokenLine| {
        let seen = if t.token.seen == 0 {
            "never".to_owned()
        } else {
            moment(t.token.seen)
        };
        vec![
            Cell::text(&t.token.name),
            Cell::code(&t.token.begins),
            Cell::text(&t.token.scopes.join(", ")),
            Cell::words(if t.token.writes { "yes" } else { "no" }),
            Cell::text(&moment(t.token.expires)),
            Cell::text(&seen),
        ]
    };
    let table = Table::new("tokens-t", "API tokens", columns)
        .rows(own.tokens.iter().map(row).collect())
        .or("You have no token.")
        .quiet();
    let scopes = std::iter::once("all".to_owned()).chain(crate::api::scopes());
    let new = Form::new("/account/tokens", "Make a token")
        .field(Field::text("name", "What it is for"))
        .field(Field::select(
            "scope",
            "What it reaches",
            scopes.map(|s| (s.clone(), s)).collect(),
        ))
        .field(
            Field::text("days", "Days it lasts")
                .sort("number")
                .value("30")
                .hint("90 at most"),
        )
        .field(Field::text("writes", "It may change things").sort("check"));
    let mut section = Section::new("tokens", "API tokens")
        .says("A token lets a program read with your eyes, never more. It is shown once.")
        .table(table)
        .form(new);
    if !own.tokens.is_empty() {
        let name = |t: &TokenLine| (t.id, t.token.name.clone());
        let which = Field::select("id", "Token", choices(&own.tokens, name));
        section = section.form(Form::new("/account/tokens/revoke", "Revoke it").field(which));
    }
    section
}

fn language(own: &Own) -> Section {
    let mut choices = vec![(String::new(), say("What the browser asks for").into_owned())];
    let all = Language::ALL.into_iter();
    choices.extend(all.map(|l| (l.code().to_owned(), l.own_name().to_owned())));
    let field = Field::select("language", "Language of your pages", choices)
        .names()
        .value(own.language.map_or("", Language::code))
        .hint("It holds on every device. What is chosen at the foot of a page holds in that browser, before this.");
    Section::new("language", "Language")
        .form(Form::new("/account/language", "Choose it").field(field))
}

fn glass(own: &Own) -> Section {
    let section = Section::new("glass", "Break the glass").says(
        "In an emergency you may look beyond your role for an hour. Markings hold as ever. Every security officer is told at once, and one of them reviews it within 72 hours.",
    );
    match own.glass {
        Some(until) => section
            .says(&format!(
                "You look beyond your role until {}.",
                moment(until)
            ))
            .form(Form::new("/account/break-glass/end", "End it now")),
        None => section.form(
            Form::new("/account/break-glass", "Break the glass").field(
                Field::text("reason", "Why")
                    .sort("area")
                    .hint("At least 20 characters; it is kept in the journal."),
            ),
        ),
    }
}
