//! `/my-work`: what is due, by when, and what happens where it lapses. `/lateness`: planned and actual.

pub(crate) mod calendar;

use crate::{
    answer::{self, Refused},
    site::Site,
    view::{
        Cell, Column, Link, Nav, Table, Tag,
        desk::{Desk, Section},
    },
    visitor::Visitor,
};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use symbolon_app::{AppError, Bar, Dated, Due, Lateness};
use symbolon_domain::{kind::sentence, kinds};

/// Days ahead that are shown unless the address says otherwise, and the most.
const AHEAD: i64 = 60;
const FARTHEST: i64 = 730;
/// Rows behind the bars that are shown.
const ROWS: usize = 200;

/// Ways to group.
const BY: [(&str, &str); 6] = [
    ("authority", "Authority"),
    ("agency", "Agency"),
    ("partner", "Partner"),
    ("commodity", "Commodity"),
    ("cause", "Cause"),
    ("kind", "Kind of record"),
];

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
            Cell::text(&d.what),
            Cell::link(&d.title, &format!("/records/{}/{}", d.kind, d.id)).under(kind),
            Cell::text(&d.partner),
            Cell::text(&d.lapse),
        ]
    };
    Table::new(id, caption, columns)
        .rows(all.iter().map(row).collect())
        .or("Nothing is due.")
        .quiet()
}

pub(crate) async fn lateness(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    if visitor.viewer.account().is_none() {
        return Err(visitor.refuse(AppError::SignIn("sign in to see how late deliveries are")));
    }
    let by = BY
        .iter()
        .find(|(code, _)| *code == visitor.query.get("by"))
        .unwrap_or(&BY[0]);
    let chosen = visitor.query.get("group").to_owned();
    let viewer = visitor.viewer.clone();
    let code = by.0;
    let (found, marking) = site
        .ask(move |app| {
            let found = app.lateness(&viewer, code, viewer.today)?;
            let marking = app.marking_over(&found.labels)?;
            Ok((found, marking))
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    let mut page = visitor.page("Lateness", Nav::Work);
    page.mark(marking);
    let late: u64 = found.bars.iter().map(|b| b.late).sum();
    page.lead = format!(
        "{late} of {} planned days that have come were missed, or are missed still.",
        found.all.len()
    );
    answer::page(
        &visitor,
        &Desk {
            sections: sections(&visitor, &found, by, &chosen),
            page,
        },
    )
}

fn sections(visitor: &Visitor, found: &Lateness, by: &(&str, &str), chosen: &str) -> Vec<Section> {
    let mut ways = Section::new("by", "Group by");
    ways.links = BY
        .iter()
        .map(|(code, name)| Link::new(*name, visitor.query.with("by", code)))
        .collect();
    let behind: Vec<&Dated> = found
        .all
        .iter()
        .filter(|d| d.late > 0 && (chosen.is_empty() || d.group(by.0) == chosen))
        .collect();
    let mut list =
        Section::new("list", &format!("Behind the bars: {}", behind.len())).table(rows(&behind));
    if behind.len() > ROWS {
        list = list.says(&format!("The {ROWS} latest are shown."));
    }
    vec![
        ways,
        Section::new("bars", &format!("By {}", by.1.to_lowercase())).table(bars(
            "bars-t",
            by.1,
            &found.bars,
            |g| visitor.query.with("group", g),
        )),
        Section::new("trend", "By the quarter in which it was due").table(bars(
            "trend-t",
            "Quarter",
            &found.trend,
            |_| String::new(),
        )),
        list,
    ]
}

fn bars(id: &str, label: &str, all: &[Bar], href: impl Fn(&str) -> String) -> Table {
    let columns = vec![
        Column::text(label),
        Column::number("Due", ""),
        Column::number("Late", ""),
        Column::number("Late", "%"),
        Column::number("Still open", ""),
        Column::number("Median late", "days"),
    ];
    let count = |n: u64| Cell::count(i64::try_from(n).ok());
    let row = |b: &Bar| {
        let share = b.late * 100 / b.due.max(1);
        vec![
            Cell::link(&b.group, &href(&b.group)),
            count(b.due),
            count(b.late),
            count(share),
            count(b.open),
            Cell::count(Some(b.median)),
        ]
    };
    Table::new(id, label, columns)
        .rows(all.iter().map(row).collect())
        .or("Nothing was planned up to today that you may see.")
        .quiet()
}

fn rows(all: &[&Dated]) -> Table {
    let columns = vec![
        Column::text("Record"),
        Column::text("What"),
        Column::tight("Planned"),
        Column::tight("Actual"),
        Column::number("Late", "days"),
        Column::tight("Partner"),
        Column::text("Cause"),
    ];
    let row = |d: &&Dated| {
        let actual = d.actual.map(|a| Cell::text(&a.to_string()));
        vec![
            Cell::link(&d.title, &format!("/records/{}/{}", d.kind, d.id)).under(&sentence(d.kind)),
            Cell::text(&d.what),
            Cell::text(&d.planned.to_string()),
            actual.unwrap_or_else(|| Cell::tag(Tag::new("not yet", "plain"))),
            Cell::count(Some(d.late)),
            Cell::text(&d.partner),
            Cell::text(&d.cause),
        ]
    };
    Table::new("list-t", "Late, longest first", columns)
        .rows(all.iter().take(ROWS).map(row).collect())
        .or("Nothing is late.")
        .quiet()
}
