//! `/records`: every kind of record, by area, with how many the reader may see.

use crate::{
    answer::{self, Refused},
    site::Site,
    view::{Cell, Column, Link, Nav, Table, record as view},
    visitor::Visitor,
};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use symbolon_access::{Action, Policy};
use symbolon_app::AppError;
use symbolon_domain::kinds;
use symbolon_store::query::RecordQuery;

pub(crate) async fn index(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let viewer = visitor.viewer.clone();
    let counted = site
        .ask(move |app| {
            let shown = kinds::all().iter().filter(|k| k.area != "administration");
            let one = RecordQuery {
                limit: 1,
                ..RecordQuery::default()
            };
            let mut counted = vec![];
            for kind in shown {
                match app.records(&viewer, kind.code, &one) {
                    Ok((_, total)) => counted.push((kind, total)),
                    Err(AppError::NotFound(_)) => {}
                    Err(e) => return Err(e),
                }
            }
            Ok(counted)
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    let columns = vec![
        Column::text("Kind"),
        Column::text("Area"),
        Column::number("Records", "you may see"),
        Column::text("What it is"),
    ];
    let rows = counted.iter().map(|(kind, total)| {
        vec![
            Cell::words(kind.name).to(&format!("/records/{}", kind.code)),
            Cell::words(kind.area),
            Cell::count(i64::try_from(*total).ok()),
            Cell::words(&kind.help),
        ]
    });
    let mut page = visitor.page("Records", Nav::Records);
    page.lead = "Every kind of record, in the order of the thread.".to_owned();
    let table = Table::new("kinds", "Kinds of record", columns)
        .rows(rows.collect())
        .or("No kind of record is open to you.")
        .quiet();
    let labels = Policy::shipped().grants(&visitor.viewer, Action::Read, "label_change");
    let links = labels.then(|| Link::new("Labels and releases", "/admin/labels"));
    let links = links.into_iter().collect();
    answer::page(&visitor, &view::RecordIndex { page, links, table })
}
