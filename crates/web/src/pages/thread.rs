//! `/thread/{kind}/{id}`: what a record rests on and what rests on it; `/why`: why its moves were allowed.

mod authority;

pub(crate) use authority::authority;

use super::{moment, records};
use crate::{
    answer::{self, Refused},
    site::Site,
    view::{
        Cell, Column, Fact, Link, Nav, Page, Table, Tag,
        desk::{Desk, Section},
    },
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use std::sync::Arc;
use symbolon_app::{Allowed, Knot, Thread};
use symbolon_domain::kind::sentence;

pub(super) fn href(kind: &str, id: impl std::fmt::Display) -> String {
    format!("/records/{kind}/{id}")
}

fn knots(id: &str, caption: &str, all: &[Knot], empty: &str) -> Table {
    let columns = vec![
        Column::text("Record"),
        Column::text("Kind"),
        Column::number("Links away", ""),
        Column::tight("State"),
        Column::text("Linked by"),
    ];
    let row = |k: &Knot| {
        let e = &k.record.envelope;
        vec![
            Cell::link(
                k.kind.title_of(&e.code, &k.record.body),
                &href(k.kind.code, e.id),
            )
            .under(&e.code),
            Cell::text(k.kind.name),
            Cell::count(i64::try_from(k.depth).ok()),
            Cell::tag(Tag::new(&sentence(&e.state), "plain")),
            Cell::text(&k.by),
        ]
    };
    Table::new(id, caption, columns)
        .rows(all.iter().map(row).collect())
        .or(empty)
        .quiet()
}

/// The frame of a page about a record, under that record.
pub(super) fn under(
    visitor: &Visitor,
    title: &str,
    kind: &str,
    kind_name: &str,
    id: &str,
    name: &str,
) -> Page {
    let mut page = visitor.page(title, Nav::Records);
    page.crumbs = vec![
        Link::new("Records", "/records"),
        Link::new(format!("{kind_name} records"), format!("/records/{kind}")),
        Link::new(name, href(kind, id)),
    ];
    page
}

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    Path((kind, id)): Path<(String, String)>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let def = records::kind_of(&visitor, &kind)?;
    let viewer = visitor.viewer.clone();
    let asked = id.clone();
    let (thread, marking): (Thread, _) = site
        .ask(move |app| {
            let thread = app.thread(&viewer, def.code, &asked)?;
            let knots = thread.up.iter().chain(&thread.down).map(|k| &k.record);
            let all = knots.chain([&thread.here]).map(|r| &r.envelope.label);
            let marking = app.marking_over(all)?;
            Ok((thread, marking))
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    let name = def
        .title_of(&thread.here.envelope.code, &thread.here.body)
        .to_owned();
    let mut page = under(
        &visitor,
        &format!("Thread of {name}"),
        def.code,
        def.name,
        &id,
        &name,
    );
    page.mark(marking);
    page.lead =
        "Every arrow is a link of a record. Upward: what it rests on. Downward: what rests on it."
            .to_owned();
    let mut down = Section::new("down", "What rests on it").table(knots(
        "down-t",
        "Records that rest on it",
        &thread.down,
        "Nothing that you may see rests on it.",
    ));
    if thread.cut {
        down = down.says("There are more than are shown: open a record to go on from there.");
    }
    let sections = vec![
        Section::new("up", "What it rests on").table(knots(
            "up-t",
            "Records that it rests on",
            &thread.up,
            "It rests on nothing that you may see.",
        )),
        down,
        elsewhere(def.code, &id),
    ];
    answer::page(&visitor, &Desk { page, sections })
}

/// Further pages about the same record.
fn elsewhere(kind: &str, id: &str) -> Section {
    let mut more = Section::new("more", "Elsewhere");
    let at = |page: &str| format!("/thread/{kind}/{id}/{page}");
    more.links = vec![
        Link::new("Schedule", at("schedule")),
        Link::new("Why was this allowed?", at("why")),
    ];
    more.links.extend(super::documents::links(kind, id));
    if kind == "initiative" {
        more.links
            .push(Link::new("Authority and money", at("authority")));
    }
    more
}

pub(crate) async fn why(
    State(site): State<Arc<Site>>,
    Path((kind, id)): Path<(String, String)>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let def = records::kind_of(&visitor, &kind)?;
    let viewer = visitor.viewer.clone();
    let asked = id.clone();
    let (record, all, marking) = site
        .ask(move |app| {
            let record =
                app.record_only(&viewer, def.code, &asked, symbolon_app::Moment::default())?;
            let all = app.why_allowed(&viewer, def.code, &asked)?;
            let marking = app.marking_over([&record.envelope.label])?;
            Ok((record, all, marking))
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    let name = def.title_of(&record.envelope.code, &record.body).to_owned();
    let mut page = under(
        &visitor,
        "Why was this allowed?",
        def.code,
        def.name,
        &id,
        &name,
    );
    page.mark(marking);
    page.lead = format!("The rules that let {name} pass, as they stood on the day of each move.");
    let mut sections: Vec<Section> = all.iter().enumerate().map(|(i, a)| allowed(i, a)).collect();
    if sections.is_empty() {
        sections.push(Section::new("none", "No gate was passed yet").says(
            "The record has made no move that a rule stands before, or none that you may see.",
        ));
    }
    answer::page(&visitor, &Desk { page, sections })
}

fn allowed(i: usize, a: &Allowed) -> Section {
    let columns = vec![
        Column::text("Rule"),
        Column::text("What it says"),
        Column::text("Clause"),
        Column::tight("It said"),
    ];
    let row = |r: &symbolon_app::AllowedRule| {
        let clause = r.clauses.first();
        vec![
            Cell::link(&r.rule, &format!("/law/{}", r.rule)),
            Cell::text(&r.says),
            clause.map_or_else(|| Cell::text(""), |c| Cell::link(&c.at, &c.url)),
            Cell::tag(Tag::new(
                &r.verdict,
                if r.decided { "good" } else { "plain" },
            )),
        ]
    };
    let table = Table::new(&format!("rules-{i}"), "Rules that spoke", columns)
        .rows(a.rules.iter().map(row).collect())
        .quiet();
    let mut section = Section::new(&format!("move-{i}"), &a.step).table(table);
    section.facts = vec![
        Fact::new("Made by", &a.by),
        Fact::new("When", &moment(a.at)),
        Fact {
            href: href("determination", &a.determination.0),
            ..Fact::new("Determination", &a.determination.1)
        },
        Fact {
            href: format!("/journal/{}", a.entry),
            ..Fact::new("Journal entry", &a.entry.to_string())
        },
        Fact::new("Facts", &a.facts.join("; ")),
    ];
    let saw = a
        .saw
        .iter()
        .filter(|s| !s.object.starts_with("determination/"));
    section.links = saw
        .map(|s| {
            Link::new(
                format!("{} (version {})", s.code, s.version),
                format!("/records/{}", s.object),
            )
        })
        .collect();
    section
}
