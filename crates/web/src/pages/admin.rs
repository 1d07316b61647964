//! `/admin`: accounts, proposals, roles, break-glass uses, redactions. Who may do what there is data (`duties.toml`); the
//! buttons stand for whoever may press them, and the use cases check again.

mod accounts;
mod glass;
mod labels;
mod redactions;
mod requests;
mod roles;
mod standing;

pub(crate) use accounts::{account, accounts, close, end_sessions, reset, revoke, tie};
pub(crate) use glass::{glass, review};
pub(crate) use labels::{decide_label, labels};
pub(crate) use redactions::{decide_redaction, propose_redaction, redactions};
pub(crate) use requests::{decide, propose, requests};
pub(crate) use roles::roles;

use crate::{
    view::{Link, Nav, Page},
    visitor::Visitor,
};
use symbolon_access::{Action, Policy};
use symbolon_domain::kinds::Role;

/// The frame of an administration page.
fn frame(visitor: &Visitor, title: &str) -> Page {
    let mut page = visitor.page(title, Nav::Administration);
    page.marking = "UNCLASSIFIED - internal".to_owned();
    page.crumbs = vec![
        Link::new("Accounts", "/admin/accounts"),
        Link::new("Proposals", "/admin/requests"),
        Link::new("Roles and duties", "/admin/roles"),
        Link::new("Break-glass", "/admin/break-glass"),
    ];
    if Policy::shipped().grants(&visitor.viewer, Action::Read, "redaction") {
        page.crumbs
            .push(Link::new("Redactions", "/admin/redactions"));
    }
    if Policy::shipped().grants(&visitor.viewer, Action::Read, "label_change") {
        page.crumbs
            .push(Link::new("Labels and releases", "/admin/labels"));
    }
    page
}

/// Every role as a choice.
fn role_choices() -> Vec<(String, String)> {
    Role::ALL.iter().map(|r| (r.code(), r.words())).collect()
}
