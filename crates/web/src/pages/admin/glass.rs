//! `/admin/break-glass`: who looked beyond their role, why, and what the review found.

use super::frame;
use crate::pages::{
    moment,
    sign_in::{again, no_store, onward},
};
use crate::{
    answer::{self, Refused},
    form::Sent,
    site::Site,
    view::{
        Cell, Column, Table, Tag,
        desk::{Desk, Field, Form, Section},
    },
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use std::sync::Arc;
use symbolon_app::{
    AppError,
    identity::{GlassUse, REVIEW, duties::Duty},
};
use symbolon_domain::record::RecordId;

async fn page(site: &Arc<Site>, visitor: &Visitor) -> Result<Desk, Refused> {
    let viewer = visitor.viewer.clone();
    let asked = site.work(move |app| {
        Ok((
            app.glass_uses(&viewer)?,
            app.has_duty(&viewer, Duty::Review),
        ))
    });
    let (uses, reviews) = asked.await.map_err(|e| visitor.refuse(e))?;
    let mut page = frame(visitor, "Break-glass uses");
    page.crumbs.remove(3);
    page.lead =
        "Each is reviewed within 72 hours by a security officer who did not make it.".to_owned();
    let columns = ["Person", "Why", "From", "Until", "Review by", "Found"];
    let rows = uses.iter().map(row).collect();
    let table = Table::new("uses-t", "Uses", columns.map(Column::text).into())
        .rows(rows)
        .or("Nobody has looked beyond their role.")
        .quiet();
    let mut sections = vec![Section::new("uses", "Uses").table(table)];
    let own = visitor.viewer.account();
    let mine = |u: &&GlassUse| reviews && !u.reviewed && Some(u.glass.account) != own;
    for (i, u) in uses.iter().filter(mine).enumerate() {
        let form = Form::new(&format!("/admin/break-glass/{}", u.id), "Close the review").field(
            Field::text("review", "What you found")
                .sort("area")
                .hint("At least 20 characters. The journal shows what was looked at."),
        );
        sections.push(
            Section::new(
                &format!("review-{i}"),
                &format!("Review: {}, {}", u.name, moment(u.glass.opened)),
            )
            .form(form),
        );
    }
    Ok(Desk { page, sections })
}

fn row(u: &GlassUse) -> Vec<Cell> {
    let state = match (u.open, u.reviewed, u.overdue) {
        (_, true, _) => Tag::new("reviewed", "good"),
        (_, _, true) => Tag::new("overdue", "bad"),
        (true, ..) => Tag::new("under way", "note"),
        _ => Tag::new("to be reviewed", "note"),
    };
    vec![
        Cell::text(&u.name),
        Cell::text(&u.glass.reason),
        Cell::text(&moment(u.glass.opened)),
        Cell::text(&moment(u.glass.until)),
        Cell::text(&moment(u.glass.opened + REVIEW)),
        Cell::text(&u.glass.review).tagged(state),
    ]
}

pub(crate) async fn glass(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    Ok(no_store(answer::html(&page(&site, &visitor).await?)))
}

#[derive(serde::Deserialize)]
pub(crate) struct Found {
    review: String,
}

pub(crate) async fn review(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    sent: Sent<Found>,
) -> Result<Response, Refused> {
    let Ok(id) = id.parse::<RecordId>() else {
        return Err(Refused::not_found(sent.visitor));
    };
    let (viewer, found) = (sent.visitor.viewer.clone(), sent.form.review.clone());
    match site
        .work(move |app| app.review_glass(&viewer, id, &found))
        .await
    {
        Ok(()) => Ok(onward("/admin/break-glass", &[])),
        Err(e @ (AppError::Invalid(_) | AppError::Duty(_))) => {
            let mut desk = page(&site, &sent.visitor).await?;
            desk.put_back(&sent.path, &sent.pairs, &e.to_string());
            Ok(again(desk, &e))
        }
        Err(e) => sent.refused(&site, e).await,
    }
}
