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
use symbolon_app::{AppError, Due, DueAsk, DuePart, Dues};
use symbolon_domain::kinds;

/// Days ahead that are shown unless the address says otherwise, and the most.
const AHEAD: i64 = 60;
const FARTHEST: i64 = 730;
/// Rows of each part that are shown.
const ROWS: usize = 200;

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
    let kind = visitor.query.get("kind");
    let ask = DueAsk {
        ahead: days,
        kind: kinds::by_code(kind).map_or(String::new(), |k| k.code.to_owned()),
        most: ROWS,
    };
    let chosen = ask.kind.clone();
    let (all, feeds, marking) = site
        .ask(move |app| {
            let all = app.my_work(&viewer, &ask)?;
            let marking = app.marking_over(&all.labels)?;
            Ok((all, app.calendars_of(&viewer)?, marking))
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    let mut page = visitor.page("My work", Nav::Work);
    page.mark(marking);
    page.lead =
        format!("What is due up to {days} days ahead, of the records you write, move or approve.");
    let mut more = Section::new("more", "Elsewhere");
    more.links = vec![
        Link::new("The next year", "/my-work?days=365"),
        Link::new("Lateness of the portfolio", "/lateness"),
        Link::new("All records", "/records"),
    ];
    let mut sections = vec![
        part(
            Section::new("late", &format!("Past its day: {}", all.late.total)),
            "Past its day",
            &all.late,
        ),
        part(
            Section::new("ahead", &format!("To come: {}", all.ahead.total)),
            "To come",
            &all.ahead,
        ),
        calendar::section(&feeds),
        more,
    ];
    sections.splice(0..0, by_kind(&visitor, &all, &chosen));
    answer::page(&visitor, &Desk { page, sections })
}

/// Links to one kind of record at a time, where there is more than one.
fn by_kind(visitor: &Visitor, all: &Dues, chosen: &str) -> Option<Section> {
    if all.kinds.len() < 2 && chosen.is_empty() {
        return None;
    }
    let mut section = Section::new("kinds", "By kind of record");
    let link = |(code, count): (&&str, &u64)| {
        let name = kinds::by_code(code).map_or(*code, |k| k.name);
        Link::new(format!("{name}: {count}"), visitor.query.with("kind", code))
    };
    section.links = all.kinds.iter().map(link).collect();
    if !chosen.is_empty() {
        let every = Link::new("All kinds", visitor.query.with("kind", ""));
        section.links.insert(0, every);
    }
    Some(section)
}

fn part(section: Section, caption: &str, part: &DuePart) -> Section {
    let rows: Vec<&Due> = part.list.iter().collect();
    let table = dues(&format!("{}-t", section.id), caption, &rows);
    let section = section.table(table);
    if part.total > ROWS as u64 {
        section.says(&format!("The {ROWS} of the earliest days are shown."))
    } else {
        section
    }
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
