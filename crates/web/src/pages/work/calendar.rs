//! `/my-work/calendar/{secret}.ics`: My work for a calendar program, without a session; the forms on
//! `/my-work` that make such an address and revoke it.

use crate::pages::{
    moment,
    sign_in::{no_store, onward},
};
use crate::{
    answer::{self, Refused},
    form::Sent,
    site::Site,
    view::{
        Cell, Column, Link, Nav, Table,
        desk::{Desk, Field, Form, Section},
    },
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use symbolon_app::{AppError, identity::TokenLine};
use symbolon_domain::record::RecordId;

#[derive(serde::Deserialize)]
pub(crate) struct Nothing {}

#[derive(serde::Deserialize)]
pub(crate) struct Which {
    id: RecordId,
}

/// The section of the page: addresses there are, and the forms.
pub(super) fn section(feeds: &[TokenLine]) -> Section {
    let columns = vec![
        Column::text("Address begins"),
        Column::tight("Ends"),
        Column::tight("Last use"),
    ];
    let row = |t: &TokenLine| {
        let seen = match t.token.seen {
            0 => "never".to_owned(),
            at => moment(at),
        };
        vec![
            Cell::code(&t.token.begins),
            Cell::text(&moment(t.token.expires)),
            Cell::text(&seen),
        ]
    };
    let mut section = Section::new("calendar", "In your calendar")
        .says("A calendar program can subscribe to this list at a secret address. Whoever has the address reads what you may read, so keep it to yourself, and to calendars that may hold it. It is shown once and works for a year.")
        .form(Form::new("/my-work/calendar", "Make an address"));
    if !feeds.is_empty() {
        section.table = Some(
            Table::new("calendar-t", "Addresses that work", columns)
                .rows(feeds.iter().map(row).collect())
                .quiet(),
        );
        let name = |t: &TokenLine| (t.id.to_string(), format!("{}…", t.token.begins));
        let which = Field::select("id", "Address", feeds.iter().map(name).collect());
        section = section.form(Form::new("/my-work/calendar/revoke", "Revoke it").field(which));
    }
    section
}

pub(crate) async fn make(
    State(site): State<Arc<Site>>,
    sent: Sent<Nothing>,
) -> Result<Response, Refused> {
    let viewer = sent.visitor.viewer.clone();
    let made = site.work(move |app| app.make_calendar(&viewer)).await;
    let secret = match made {
        Ok(secret) => secret,
        Err(e) => return sent.refused(&site, e).await,
    };
    let mut page = sent.visitor.page("Your calendar address", Nav::Work);
    page.marking = "UNCLASSIFIED - internal".to_owned();
    let address = format!(
        "{}/my-work/calendar/{secret}.ics",
        site.app.identity.origin()
    );
    let mut once = Section::new("once", "Shown once")
        .says("Give this address to your calendar program, as a subscription from the network. It is not shown again.");
    once.codes = vec![address];
    once.links = vec![Link::new("Back to my work", "/my-work")];
    Ok(no_store(answer::html(&Desk {
        page,
        sections: vec![once],
    })))
}

pub(crate) async fn revoke(
    State(site): State<Arc<Site>>,
    sent: Sent<Which>,
) -> Result<Response, Refused> {
    let (viewer, id) = (sent.visitor.viewer.clone(), sent.form.id);
    match site.work(move |app| app.revoke_token(&viewer, id)).await {
        Ok(()) => Ok(onward("/my-work", &[])),
        Err(e) => sent.refused(&site, e).await,
    }
}

pub(crate) async fn feed(
    State(site): State<Arc<Site>>,
    Path(file): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let secret = file.strip_suffix(".ics").unwrap_or_default().to_owned();
    let request = visitor.viewer.request.clone();
    let found = site
        .work(move |app| app.calendar(&secret, &request))
        .await
        .map_err(|e| visitor.refuse(e))?;
    let calendar = found.ok_or_else(|| visitor.refuse(AppError::NotFound("page")))?;
    let kind = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "inline; filename=\"my-work.ics\"",
        ),
    ];
    Ok(no_store((kind, calendar.text()).into_response()))
}
