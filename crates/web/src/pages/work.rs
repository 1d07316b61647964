//! `/my-work`: what is due, by when, and what happens where it lapses.

pub(crate) mod calendar;
mod lateness;

pub(crate) use lateness::lateness;

use crate::{
    answer::{self, Refused},
    site::Site,
    view::{
        Cell, Column, Link, Nav, Table,
        desk::{Desk, Section},
    },
    visitor::Visitor,
};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use symbolon_app::{AppError, Due};
use symbolon_domain::kinds;

/// Days ahead that are shown unless the address says otherwise, and the most.
const AHEAD: i64 = 60;
const FARTHEST: i64 = 730;
pub(crate) async fn mine(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    if visitor.viewer.account().is_none() {
        return Err(visitor.refuse(AppError::SignIn("sign in to see your work")));
    }
    let days = visitor.query.get("days").parse::<i64>().unwrap_or(AHEAD);
    let days = days.clamp(0, FARTHEST);
    let viewer = visitor.viewer.clone();
    let today = viewer.today;
    let (all, feeds, marking) = site
        .ask(move |app| {
            let all = app.my_work(&viewer, days)?;
            let marking = app.marking_over(all.iter().map(|d| &d.label))?;
            Ok((all, app.calendars_of(&viewer)?, marking))
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    let mut page = visitor.page("My work", Nav::Work);
    page.mark(marking);
    page.lead =
        format!("What is due up to {days} days ahead, of the records you write, move or approve.");
    let (late, ahead): (Vec<&Due>, Vec<&Due>) = all.iter().partition(|d| d.by < today);
    let mut more = Section::new("more", "Elsewhere");
    more.links = vec![
        Link::new("The next year", "/my-work?days=365"),
        Link::new("Lateness of the portfolio", "/lateness"),
        Link::new("All records", "/records"),
    ];
    let sections = vec![
        Section::new("late", &format!("Past its day: {}", late.len())).table(dues(
            "late-t",
            "Past its day",
            &late,
        )),
        Section::new("ahead", &format!("To come: {}", ahead.len()))
            .table(dues("ahead-t", "To come", &ahead)),
        calendar::section(&feeds),
        more,
    ];
    answer::page(&visitor, &Desk { page, sections })
}

fn dues(id: &str, caption: &str, all: &[&Due]) -> Table {
    let columns = vec![
        Column::tight("By"),
        Column::text("What"),
        Column::text("Record"),
        Column::tight("Partner"),
        Column::text("If it lapses"),
    ];
    let row = |d: &&Due| {
        let kind = kinds::by_code(d.kind).map_or(d.kind, |k| k.name);
        vec![
            Cell::text(&d.by.to_string()),
            Cell::words(&d.what),
            Cell::link(&d.title, &format!("/records/{}/{}", d.kind, d.id)).under(kind),
            Cell::text(&d.partner),
            Cell::words(&d.lapse),
        ]
    };
    Table::new(id, caption, columns)
        .rows(all.iter().map(row).collect())
        .or("Nothing is due.")
        .quiet()
}
