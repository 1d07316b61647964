//! `/records/{kind}/{id}`: one record, with its sources, what may be done with it and what refers to it.

use super::{address, in_words, onward, words};
use crate::pages::{citation, journal, moment, visibility_of};
use crate::{
    answer::{self, Refused},
    site::Site,
    view::{self as v, Fact, Link, Nav, record as view},
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use std::collections::HashMap;
use std::sync::Arc;
use symbolon_access::{Action, Policy, Viewer};
use symbolon_app::vetting::has_own_pages;
use symbolon_app::{App, AppError, Backlink, Moment, Move, RecordPage, UNDO_SECONDS};
use symbolon_domain::{
    date::{Known, Precision},
    kind::{DELETED, FieldDef, FieldType, KindDef, sentence, within},
    kinds,
    record::Record,
};

/// Everything the page of a record shows.
struct Found {
    page: RecordPage,
    moves: Vec<Move>,
    /// Whether the viewer may change it: the role may write its kind, and its label lets it.
    may_change: bool,
    backlinks: Vec<Backlink>,
    /// Whether the viewer may change its label.
    relabels: bool,
    /// Names of the records it refers to, by id.
    names: HashMap<String, String>,
    now: i64,
}

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    Path((kind, id)): Path<(String, String)>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let (as_of, before) = (
        visitor.query.get("as_of").to_owned(),
        visitor.query.get("recorded_before").to_owned(),
    );
    let at = Moment::read(&as_of, &before).map_err(|e| visitor.refuse(e))?;
    let viewer = visitor.viewer.clone();
    let found = site
        .ask(move |app| find(app, &viewer, &kind, &id, at))
        .await
        .map_err(|e| visitor.refuse(e))?;
    let (def, record) = (found.page.kind, &found.page.record);
    let e = &record.envelope;
    let mut page = frame(&visitor, &found.page);
    page.json = visitor.query.at(&format!("/api/v1{}", address(def, e.id)));
    let undo = found.page.entry.as_ref().filter(|entry| {
        let mine = entry
            .body
            .as_ref()
            .is_some_and(|b| b.actor == visitor.viewer.actor_name());
        mine && !at.is_past() && found.now - entry.entry.time < UNDO_SECONDS * 1000
    });
    let writes = Policy::shipped().grants(&visitor.viewer, Action::Write, def.code)
        && !has_own_pages(def.code);
    let (mut acted, mut done, mut additions) = (vec![], vec![], vec![]);
    if !at.is_past() {
        acted = acts(def, record, writes && found.may_change, found.relabels);
        acted.extend(onward::acts(&visitor.viewer, def, record));
        done = tasks(def, record, writes && found.may_change, &found.moves);
        additions = onward::additions(&visitor.viewer, def, record);
    }
    let context = view::Record {
        kind: def.name.to_owned(),
        state: sentence(&e.state),
        valid: valid(record, at),
        as_of,
        recorded_before: before,
        acts: acted,
        tasks: done,
        additions,
        undo: undo.map_or(String::new(), |_| format!("{}/undo", address(def, e.id))),
        undo_entry: undo.map_or(0, |entry| entry.entry.seq),
        claims: claims(def, record),
        backlinks: found.backlinks.iter().map(|b| links(b, record)).collect(),
        fields: def
            .fields
            .iter()
            .map(|f| fact(f, record, &found.names))
            .collect(),
        related: related(record),
        sources: e.sources.iter().map(citation).collect(),
        history: found.page.entry.iter().map(journal::entry_row).collect(),
        page,
    };
    answer::page(&visitor, &context)
}

fn find(app: &App, viewer: &Viewer, kind: &str, id: &str, at: Moment) -> Result<Found, AppError> {
    let page = app.record(viewer, kind, id, at)?;
    let id = page.record.envelope.id;
    let mut names = HashMap::new();
    for field in &page.kind.fields {
        let (FieldType::Reference(to), Some(id)) =
            (&field.field_type, page.record.body[&field.name].as_str())
        else {
            continue;
        };
        if let (Some(to), Ok(record)) = (
            kinds::by_code(to),
            app.record_only(viewer, to, id, Moment::default()),
        ) {
            let name = to.title_of(&record.envelope.code, &record.body);
            names.insert(id.to_owned(), name.to_owned());
        }
    }
    Ok(Found {
        moves: app.moves(viewer, page.kind, &page.record)?,
        may_change: app.may_change(viewer, &page.record).is_ok(),
        backlinks: app.backlinks(viewer, page.kind.code, id)?,
        relabels: app.may_relabel(viewer, (page.kind.code, id)),
        now: app.around.now_ms(),
        names,
        page,
    })
}

/// The frame of every page about one record.
pub(super) fn frame(visitor: &Visitor, found: &RecordPage) -> v::Page {
    let (def, record) = (found.kind, &found.record);
    let e = &record.envelope;
    let mut page = visitor.page(def.title_of(&e.code, &record.body), Nav::Records);
    page.crumbs = vec![
        Link::new("Records", "/records"),
        Link::new(
            format!("{} records", def.name),
            format!("/records/{}", def.code),
        ),
    ];
    page.named = true;
    page.marking.clone_from(&found.visible.marking);
    page.visibility = Some(visibility_of(&found.visible));
    page.record = found.entry.as_ref().map(|entry| v::RecordLine {
        code: e.code.clone(),
        changed_by: entry
            .body
            .as_ref()
            .map(|b| b.actor.split(" (").next().unwrap_or_default().to_owned())
            .unwrap_or_default(),
        changed_at: moment(entry.entry.time),
        entry_href: format!("/journal/{}", entry.entry.seq),
        sources: i64::try_from(e.sources.len()).unwrap_or(0),
    });
    page
}

/// A bound of valid time in words: the first or last day, or when it was first or last seen.
fn bound(known: Known, seen: &str) -> String {
    match (known.precision, seen) {
        (Precision::Before, "first") => format!("first seen {}", known.day),
        (Precision::After, "last") => format!("last seen {}", known.day),
        _ => known.to_string(),
    }
}

fn valid(record: &Record, at: Moment) -> String {
    let v = record.envelope.valid;
    let from = v.from.map(|k| bound(k, "first"));
    let to = v.to.map(|k| bound(k, "last"));
    let told = match (from, to) {
        (None, None) => "at all times, as far as known".to_owned(),
        (Some(from), None) => format!("from {from}"),
        (None, Some(to)) => format!("until {to}, which is the first day it is no longer so"),
        (Some(from), Some(to)) => {
            format!("from {from} until {to}, which is the first day it is no longer so")
        }
    };
    match at.as_of {
        Some(day) if v.holds_on(day) => format!("{told}; it held on {day}"),
        Some(day) => format!("{told}; it did not hold on {day}"),
        None => told,
    }
}

fn acts(def: &KindDef, record: &Record, writes: bool, relabels: bool) -> Vec<Link> {
    let here = address(def, record.envelope.id);
    let mut acts = vec![];
    if writes && record.envelope.state == DELETED {
        acts.push(Link::new("Restore", format!("{here}/restore")));
    } else if writes {
        acts.push(Link::new("Change", format!("{here}/edit")));
        acts.push(Link::new("Delete", format!("{here}/delete")));
    }
    acts.push(Link::new("History", format!("{here}/history")));
    if relabels {
        acts.push(Link::new("Label and release", format!("{here}/label")));
    }
    acts
}

/// Sections to fill in, then the moves that lead on. Nothing for kinds without a lifecycle.
fn tasks(def: &KindDef, record: &Record, writes: bool, moves: &[Move]) -> Vec<view::Task> {
    let here = address(def, record.envelope.id);
    let mut tasks = vec![];
    if writes && !def.transitions.is_empty() && record.envelope.state != DELETED {
        for (i, section) in super::fill::sections(def).iter().enumerate() {
            tasks.push(view::Task {
                title: format!("Fill in: {}", section.0),
                href: format!("{here}/edit#s-{}", i + 1),
                status: filled(record, &section.1).to_owned(),
                waits_for: String::new(),
            });
        }
    }
    tasks.extend(moves.iter().map(|m| {
        let can = m.waits_for.is_empty();
        let open = can && m.gate.is_empty();
        let waits = m.waits_for.iter().cloned();
        let shut = m.gate.iter().map(|r| r.says.clone());
        view::Task {
            title: m.transition.name.to_owned(),
            // A shut gate has a page that says which clause, and what would open it.
            href: if can {
                format!("{here}/move/{}", m.transition.code)
            } else {
                String::new()
            },
            status: if open {
                "Not yet started"
            } else {
                "Cannot start yet"
            }
            .to_owned(),
            waits_for: waits.chain(shut).collect::<Vec<_>>().join("; "),
        }
    }));
    tasks
}

/// How far a section is filled in.
fn filled(record: &Record, fields: &[&FieldDef]) -> &'static str {
    let empty = |f: &&&FieldDef| f.text_of(&record.body[&f.name]).is_empty();
    match fields.iter().filter(empty).count() {
        0 => "Completed",
        n if n == fields.len() => "Not yet started",
        _ => "In progress",
    }
}

fn claims(def: &KindDef, record: &Record) -> Vec<view::ClaimLine> {
    let line = |c: &symbolon_domain::record::Claim| {
        let field = def.field(&c.field)?;
        Some(view::ClaimLine {
            field: field.label.clone(),
            used: words(field, &record.body[&c.field]),
            claimed: words(field, &c.value),
            sources: c.sources.iter().map(citation).collect(),
            note: c.note.clone(),
        })
    };
    record.envelope.claims.iter().filter_map(line).collect()
}

fn links(back: &Backlink, record: &Record) -> view::Links {
    let shown = back.records.iter().map(|r| {
        let title = back.kind.title_of(&r.envelope.code, &r.body);
        Link::new(title, address(back.kind, r.envelope.id))
    });
    let all = back.total > back.records.len() as u64;
    view::Links {
        title: format!(
            "{} records by {}",
            back.kind.name,
            within(&back.field.label)
        ),
        links: shown.collect(),
        more: if all {
            let href = format!(
                "/records/{}?{}={}",
                back.kind.code, back.field.name, record.envelope.id
            );
            Link::new(format!("all {}", back.total), href)
        } else {
            Link::default()
        },
    }
}

fn fact(field: &FieldDef, record: &Record, names: &HashMap<String, String>) -> Fact {
    if record.body.get(&field.name).is_none() {
        // that there is such a field is no secret; what stands in it is.
        return Fact {
            words: true,
            ..Fact::new(&field.label, "Withheld: not released to partners")
        };
    }
    let value = words(field, &record.body[&field.name]);
    let href = match &field.field_type {
        FieldType::Reference(kind) if !value.is_empty() => format!("/records/{kind}/{value}"),
        FieldType::Country if !value.is_empty() => format!("/countries/{value}"),
        _ => String::new(),
    };
    let shown = names.get(&value).cloned().unwrap_or(value);
    let shown = match field.unit.as_str() {
        "" => shown,
        unit if !shown.is_empty() => format!("{shown} {unit}"),
        _ => shown,
    };
    let own = record
        .envelope
        .sources
        .iter()
        .filter(|s| s.field == field.name);
    Fact {
        help: field.help.clone(),
        mono: field.name.contains("sha256"),
        words: in_words(field),
        sources: own.map(citation).collect(),
        href,
        ..Fact::new(&field.label, &shown)
    }
}

fn related(record: &Record) -> Vec<Link> {
    let mut links = vec![];
    let partner = &record.envelope.partner;
    if !partner.is_empty() {
        let text = format!("Country page of {partner}");
        links.push(Link::new(text, format!("/countries/{partner}")));
    }
    let e = &record.envelope;
    let area = kinds::by_code(&e.kind).map_or("", |k| k.area);
    if ["plan", "authority", "money", "delivery", "results"].contains(&area) {
        let here = format!("/thread/{}/{}", e.kind, e.id);
        links.push(Link::new("Its thread, up and down", here.clone()));
        links.push(Link::new("Schedule", format!("{here}/schedule")));
        links.extend(crate::pages::documents::links(&e.kind, e.id));
        links.push(Link::new("Why was this allowed?", format!("{here}/why")));
        if e.kind == "initiative" {
            links.push(Link::new(
                "Choose authority and money",
                format!("{here}/authority"),
            ));
        }
    }
    if e.kind == "unit" {
        links.push(Link::new("The unit in time", format!("/units/{}", e.id)));
    }
    if e.kind == "vetting_request" {
        let here = format!("/vetting/requests/{}", e.id);
        links.push(Link::new("At the vetting desk", here));
    }
    if e.kind == "partner" {
        let here = format!("/thread/partner/{}/schedule", e.id);
        links.push(Link::new("Schedule of its programmes", here));
        links.extend(crate::pages::documents::links(&e.kind, e.id));
    }
    if record.envelope.kind == "determination" {
        let href = format!("/check/again/{}", record.envelope.id);
        links.push(Link::new("Run it again under the law of today", href));
    }
    links
}
