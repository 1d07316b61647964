//! `/admin/accounts`: who may sign in.

use crate::{
    answer::{self, Refused},
    site::Site,
    view::{Link, Nav, Paging, accounts as view},
    visitor::Visitor,
};
use axum::{extract::State, response::Response};
use std::sync::Arc;
use symbolon_access::{Action, Policy};

pub(crate) async fn accounts(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    if !Policy::shipped().grants(&visitor.viewer, Action::Read, "account") {
        return Err(Refused::not_found(visitor));
    }
    let viewer = visitor.viewer.clone();
    let accounts = site
        .ask(move |app| app.accounts(&viewer))
        .await
        .map_err(|e| visitor.refuse(e))?;
    let mut page = visitor.page("Accounts", Nav::Administration);
    page.lead = "Who may sign in, with the role and nation that decide what they see. `symbolon account` adds them and makes links.".to_owned();
    page.marking = "UNCLASSIFIED - internal".to_owned();
    let total = i64::try_from(accounts.len()).unwrap_or(0);
    let rows = accounts.into_iter().map(|(id, a)| view::AccountRow {
        name: Link::new(a.name, format!("/records/account/{id}")),
        role: serde_json::to_value(a.role)
            .ok()
            .and_then(|r| r.as_str().map(|r| r.replace('_', " ")))
            .unwrap_or_default(),
        nation: a.nation.as_str().to_owned(),
        active: a.active,
        last_seen: String::new(),
    });
    let context = view::Accounts {
        query: visitor.query.clone(),
        rows: rows.collect(),
        paging: Paging::new(&visitor.query, 1, total.max(1), total),
        page,
    };
    answer::page(&visitor, &context)
}
