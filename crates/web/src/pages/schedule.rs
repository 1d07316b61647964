//! `/thread/{kind}/{id}/schedule`: planned and actual days of a programme as a picture and its table.

use super::thread::{href, under};
use crate::{
    answer::{self, Refused},
    chart::{Gantt, GanttLine, gantt},
    pages::records,
    site::Site,
    view::{
        Cell, Column, Link, Table, Tag,
        desk::{Desk, Section},
    },
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use std::sync::Arc;
use symbolon_app::{Schedule, Stretch, Stretches};
use symbolon_domain::kind::sentence;

/// Lines that are drawn; the table has all.
const DRAWN: usize = 80;

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    Path((kind, id)): Path<(String, String)>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let def = records::kind_of(&visitor, &kind)?;
    let viewer = visitor.viewer.clone();
    let asked = id.clone();
    let (found, marking): (Schedule, _) = site
        .ask(move |app| {
            let found = app.schedule(&viewer, def.code, &asked)?;
            let labels = found.lines.iter().map(|l| &l.label);
            let marking = app.marking_over(labels.chain([&found.here.envelope.label]))?;
            Ok((found, marking))
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    let name = def
        .title_of(&found.here.envelope.code, &found.here.body)
        .to_owned();
    let title = format!("Schedule of {name}");
    let mut page = under(&visitor, &title, def.code, def.name, &id, &name);
    page.mark(marking);
    page.lead = "Planned and actual days side by side, and the days that the law makes one wait."
        .to_owned();
    let mut picture = Section::new("picture", "Line of time");
    if found.lines.is_empty() {
        picture = picture.says("No day is planned or recorded that you may see.");
    } else {
        picture.picture = Some(gantt(&drawn(&found, &title)));
    }
    if found.lines.len() > DRAWN {
        picture = picture.says(&format!(
            "The first {DRAWN} lines are drawn; the table has all."
        ));
    }
    let mut list = Section::new("list", "The same days as a table").table(table(&found));
    if found.cut {
        list = list.says("There are more than are shown: open a record to go on from there.");
    }
    let mut more = Section::new("more", "Elsewhere");
    if def.code != "partner" {
        more.links.push(Link::new(
            "Its thread",
            format!("/thread/{}/{id}", def.code),
        ));
    }
    more.links
        .push(Link::new("Lateness of the portfolio", "/lateness"));
    let sections = vec![picture, list, more];
    answer::page(&visitor, &Desk { page, sections })
}

fn drawn(found: &Schedule, title: &str) -> Gantt {
    let line = |l: &Stretches| GanttLine {
        name: format!("{}: {}", l.kind.name, l.title),
        planned: l.planned,
        actual: l.actual,
        waits: l.waits.iter().map(|w| w.days).collect(),
    };
    let (from, until) = found.bounds();
    Gantt {
        id: "schedule".to_owned(),
        title: title.to_owned(),
        summary: format!(
            "{} lines from {from} to {until}; the table below says the same.",
            found.lines.len()
        ),
        bounds: (from, until),
        today: found.today,
        lines: found.lines.iter().take(DRAWN).map(line).collect(),
    }
}

fn table(found: &Schedule) -> Table {
    let columns = vec![
        Column::text("Record"),
        Column::tight("State"),
        Column::tight("Planned from"),
        Column::tight("Planned until"),
        Column::tight("Actual from"),
        Column::tight("Actual until"),
        Column::text("Waiting by law"),
    ];
    let first = |s: Option<Stretch>| Cell::text(&s.map(|s| s.0.to_string()).unwrap_or_default());
    let last = |s: Option<Stretch>| {
        let apart = s.filter(|(from, until)| from != until);
        Cell::text(&apart.map(|s| s.1.to_string()).unwrap_or_default())
    };
    let row = |l: &Stretches| {
        let ends = if l.running {
            Cell::tag(Tag::new("goes on", "plain"))
        } else {
            last(l.actual)
        };
        let wait = l.waits.first().map(|w| {
            let words = format!("{} to {}: {}", w.days.0, w.days.1, w.clause);
            Cell::link(&words, &format!("/law/{}", w.rule))
        });
        vec![
            Cell::link(&l.title, &href(l.kind.code, l.id)).under(l.kind.name),
            Cell::tag(Tag::new(&sentence(&l.state), "plain")),
            first(l.planned),
            last(l.planned),
            first(l.actual),
            ends,
            wait.unwrap_or_else(|| Cell::text("")),
        ]
    };
    Table::new("schedule-t", "Days of the schedule", columns)
        .rows(found.lines.iter().map(row).collect())
        .or("Nothing.")
        .quiet()
}
