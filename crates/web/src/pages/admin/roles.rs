//! `/admin/roles`: which role may do what, as the program itself reads it.

use super::frame;
use crate::pages::sign_in::no_store;
use crate::{
    answer::{self, Refused},
    site::Site,
    view::{
        Cell, Column, Table,
        desk::{Desk, Section},
    },
    visitor::Visitor,
};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use symbolon_access::{Action, Policy};
use symbolon_app::{
    AppError,
    identity::duties::{Duties, Duty},
};
use symbolon_domain::kinds::Role;

pub(crate) async fn roles(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let sees = |d| site.app.has_duty(&visitor.viewer, d);
    if !sees(Duty::See) && !sees(Duty::Propose) {
        return Err(visitor.refuse(AppError::NotFound("page")));
    }
    let mut page = frame(&visitor, "Roles and duties");
    page.crumbs.remove(2);
    page.lead =
        "Both tables are data of this installation; labels narrow the first further.".to_owned();
    let sections = vec![
        Section::new("kinds", "What each role does with which kinds").table(kinds()),
        Section::new("duties", "Duties about accounts")
            .says("Nobody does any of these to themselves; nobody decides what they proposed.")
            .table(duties()),
    ];
    Ok(no_store(answer::html(&Desk { page, sections })))
}

fn kinds() -> Table {
    let mut columns = vec![Column::text("Role")];
    columns.extend(
        Action::ALL
            .iter()
            .map(|a| Column::text(&symbolon_domain::kind::sentence(a.name()))),
    );
    let row = |(role, actions): (
        &str,
        &std::collections::BTreeMap<Action, std::collections::BTreeSet<String>>,
    )| {
        let mut cells = vec![Cell::words(&role.replace('_', " "))];
        cells.extend(Action::ALL.iter().map(|a| {
            let kinds = actions
                .get(a)
                .map(|k| k.iter().map(String::as_str).collect::<Vec<_>>().join(", "));
            let words = kinds
                .unwrap_or_default()
                .replace('*', "everything but administration")
                .replace('_', " ");
            Cell::text(&words)
        }));
        cells
    };
    Table::new("kinds-t", "Roles and kinds", columns)
        .rows(Policy::shipped().rows().map(row).collect())
        .quiet()
}

fn duties() -> Table {
    let table = Duties::shipped();
    let mut columns = vec![Column::text("Role"), Column::number("Level", "")];
    columns.extend(Duty::ALL.iter().map(|(_, words)| Column::text(words)));
    let row = |role: &Role| {
        let mut cells = vec![
            Cell::words(&role.words()),
            Cell::text(&table.level(*role).to_string()),
        ];
        cells.extend(
            Duty::ALL
                .iter()
                .map(|(d, _)| Cell::words(if table.has(*role, *d) { "yes" } else { "" })),
        );
        cells
    };
    Table::new("duties-t", "Roles and duties", columns)
        .rows(Role::ALL.iter().map(row).collect())
        .quiet()
}
