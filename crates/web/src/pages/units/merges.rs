//! `/units/merges`: records read as one unit, those that wait for somebody first; and one of them with both its
//! records side by side, where another person decides and where it is taken apart again.

use super::parts::brief;
use crate::{
    answer::{self, Refused},
    form::Sent,
    pages::{
        sign_in::{no_store, onward},
        vetting::{
            act::{Fields, again, mendable},
            frame as desk, said, status, words,
        },
    },
    site::Site,
    view::{
        Cell, Column, Fact, Link, Table, Tag,
        desk::{Field, Form, Section},
        vetting::{Side, Vetting},
    },
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use std::collections::HashMap;
use std::sync::Arc;
use symbolon_app::{
    App, AppError,
    vetting::{MergeVerdict, Named, UnitPage, answers_hits, confirms},
};
use symbolon_domain::{
    kinds::UnitMerge,
    record::{Record, RecordId},
};

pub(super) fn frame(visitor: &Visitor, title: &str) -> Vetting {
    let mut context = desk(visitor, title);
    if visitor.query.path != "/units/merges" {
        let crumb = Link::new("Units read as one", "/units/merges");
        context.page.crumbs.push(crumb);
    }
    context
}

/// Both records, the one that stays at the left.
pub(super) fn sides(kept: &UnitPage, merged: &UnitPage) -> Vec<Side> {
    vec![
        Side::new("kept", "Stays", brief("kept", kept)),
        Side::new("merged", "Is read as it", brief("merged", merged)),
    ]
}

/// Candidates of vetting that were decided on.
pub(super) fn candidates(id: &str, title: &str, all: &[Named]) -> Section {
    let row = |n: &Named| {
        let e = &n.candidate.envelope;
        let request = said(&n.candidate, "request");
        vec![
            Cell::link(&n.title(), &format!("/vetting/requests/{request}")).under(&e.code),
            Cell::tag(status(&e.state)),
            Cell::text(said(&n.candidate, "cleared_until")),
        ]
    };
    let columns = vec![
        Column::text("Candidate"),
        Column::tight("Stands"),
        Column::tight("Cleared until"),
    ];
    let table = Table::new(&format!("{id}-t"), title, columns)
        .rows(all.iter().map(row).collect())
        .or("None that you may see.")
        .quiet();
    Section::new(id, title).table(table)
}

fn tag(state: &str) -> Tag {
    let class = match state {
        "merged" => "good",
        "proposed" | "split_proposed" => "doubt",
        _ => "plain",
    };
    Tag::new(&words(state), class)
}

pub(crate) async fn list(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let asker = visitor.clone();
    let made = site.work(move |app| {
        let all = app.merges(&asker.viewer)?;
        let units = all.iter().flat_map(|(_, m)| [m.kept, m.merged]).collect();
        let names = app.unit_names(&asker.viewer, &units)?;
        let mut context = frame(&asker, "Units read as one");
        crate::pages::vetting::mark(app, &mut context.page, all.iter().map(|(r, _)| r))?;
        context.page.lead = "Two records of one unit. Merging and splitting take two persons where the vetting policy says so; nothing of either record is rewritten.".to_owned();
        context.sections = vec![Section::new("merges", "Merges of units").table(table(&all, &names))];
        Ok(context)
    });
    let context = made.await.map_err(|e| visitor.refuse(e))?;
    Ok(no_store(answer::html(&context)))
}

fn table(all: &[(Record, UnitMerge)], names: &HashMap<RecordId, String>) -> Table {
    let name = |id: RecordId| {
        let name = names.get(&id).map_or("not shown", String::as_str);
        Cell::link(name, &format!("/units/{id}"))
    };
    let row = |(record, merge): &(Record, UnitMerge)| {
        let e = &record.envelope;
        vec![
            Cell::link(&e.code, &format!("/units/merges/{}", e.id)).under(&e.partner),
            Cell::tag(tag(&e.state)),
            name(merge.merged),
            name(merge.kept),
            Cell::text(&merge.grounds),
        ]
    };
    let columns = vec![
        Column::tight("Merge"),
        Column::tight("Stands"),
        Column::text("Is read as"),
        Column::text("Stays"),
        Column::text("Grounds"),
    ];
    Table::new("merges-t", "Merges of units", columns)
        .rows(all.iter().map(row).collect())
        .or("No two records that you may see were said to be one unit.")
        .quiet()
}

/// The merges that name a unit, on its page.
pub(super) fn of_unit(unit: &UnitPage, visitor: &Visitor) -> Option<Section> {
    let mut section = Section::new("same", "Records that are this unit");
    if answers_hits(&visitor.viewer) && unit.went.is_none() {
        let to = format!("/units/{}/same", unit.unit.envelope.id);
        section.links = vec![Link::new("This is the same unit as another record", to)];
    } else if unit.merges.is_empty() {
        return None;
    }
    let row = |m: &Record| {
        let e = &m.envelope;
        let me = unit.unit.envelope.id.to_string();
        let (other, how) = match said(m, "kept") == me {
            true => (said(m, "merged"), "was merged into this"),
            false => (said(m, "kept"), "stays"),
        };
        let name = unit
            .titles
            .get(other)
            .map_or("another record", String::as_str);
        vec![
            Cell::link(&e.code, &format!("/units/merges/{}", e.id)),
            Cell::tag(tag(&e.state)),
            Cell::link(name, &format!("/units/{other}")).under(how),
            Cell::text(said(m, "grounds")),
        ]
    };
    let columns = vec![
        Column::tight("Merge"),
        Column::tight("Stands"),
        Column::text("Other record"),
        Column::text("Grounds"),
    ];
    let table = Table::new("same-t", "Merges", columns)
        .rows(unit.merges.iter().map(row).collect())
        .or("No other record was said to be this unit.")
        .quiet();
    Some(section.table(table))
}

fn id_of(visitor: &Visitor, id: &str) -> Result<RecordId, Refused> {
    id.parse()
        .map_err(|_| visitor.refuse(AppError::NotFound("merge of units")))
}

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let id = id_of(&visitor, &id)?;
    let asker = visitor.clone();
    let made = site.work(move |app| context(app, &asker, id)).await;
    let context = made.map_err(|e| visitor.refuse(e))?;
    Ok(no_store(answer::html(&context)))
}

fn context(app: &App, visitor: &Visitor, id: RecordId) -> Result<Vetting, AppError> {
    let viewer = &visitor.viewer;
    let (record, merge) = app.merge(viewer, id)?;
    let (kept, merged) = app.both(viewer, merge.merged, merge.kept)?;
    let mut context = frame(visitor, &format!("Merge {}", record.envelope.code));
    let shown = [&record, &kept.unit, &merged.unit];
    crate::pages::vetting::mark(app, &mut context.page, shown)?;
    context.page.lead = format!(
        "{} is read as {}.",
        said(&merged.unit, "name"),
        said(&kept.unit, "name")
    );
    if !UnitMerge::IN_FORCE.contains(&record.envelope.state.as_str()) {
        context.page.lead = "These two records are not read as one.".to_owned();
    }
    let names = app.names_of_accounts(viewer)?;
    context.sections = vec![stands(&record, &merge, &names)];
    context.columns = sides(&kept, &merged);
    if ["proposed", "merged", "split_proposed"].contains(&record.envelope.state.as_str()) {
        let reopened = app.reopened_by(viewer, [merge.kept, merge.merged])?;
        let title = "Decisions that the next step opens again";
        context.below.push(candidates("reopened", title, &reopened));
    }
    context.below.extend(next(visitor, &record, &merge));
    Ok(context)
}

fn stands(record: &Record, merge: &UnitMerge, names: &HashMap<String, String>) -> Section {
    let name = |id: Option<RecordId>| {
        let id = id.map(|id| id.to_string()).unwrap_or_default();
        names.get(&id).cloned().unwrap_or_default()
    };
    let mut facts = vec![
        Fact::new("Stands", &words(&record.envelope.state)),
        Fact::new("Grounds", &merge.grounds),
        Fact::new("Proposed by", &name(merge.proposed_by)),
        Fact::new("Decided by", &name(merge.decided_by)),
        Fact::new("What the last decision says", &merge.answer),
    ];
    if !merge.split_grounds.is_empty() {
        facts.push(Fact::new("Grounds of the split", &merge.split_grounds));
        facts.push(Fact::new(
            "Split proposed by",
            &name(merge.split_proposed_by),
        ));
        facts.push(Fact::new("Split decided by", &name(merge.split_decided_by)));
    }
    let here = format!("/records/unit_merge/{}", record.envelope.id);
    let mut section = Section::new("stands", "Where it stands").facts(facts);
    section.links = vec![Link::new("Its history", format!("{here}/history"))];
    section
}

/// What can be done next, and by whom.
fn next(visitor: &Visitor, record: &Record, merge: &UnitMerge) -> Option<Section> {
    let viewer = &visitor.viewer;
    let e = &record.envelope;
    let form = |act: &str, button: &str| {
        Form::new(&format!("/units/merges/{}/{act}", e.id), button)
            .with("version", &e.version.to_string())
            .about(&e.code)
    };
    let why = |label: &str| Field::text("grounds", label).sort("area");
    let section = Section::new("next", "What to do");
    let (what, proposer) = match e.state.as_str() {
        "proposed" => ("merge", merge.proposed_by),
        "split_proposed" => ("split", merge.split_proposed_by),
        "merged" if answers_hits(viewer) => {
            let form = form("split", "Take them apart again").field(why("Why they are two units"));
            return Some(section.says("Each record is again what it was before; decisions on either, and on units over and under them, are opened again.").form(form));
        }
        _ => return None,
    };
    if proposer.is_some() && proposer == viewer.account() {
        let told = format!("You proposed this {what}; another person decides (four eyes).");
        return Some(section.says(&told).form(form("withdraw", "Withdraw it")));
    }
    if !confirms(viewer) {
        return Some(section.says(&format!("The {what} waits for another person to decide.")));
    }
    let confirm = form("confirm", &format!("Confirm the {what}"));
    let refuse = form("refuse", &format!("Refuse the {what}")).field(why("Reason"));
    let told =
        "Confirming puts it in force. It needs proof of who you are not older than ten minutes.";
    Some(section.says(told).form(confirm).form(refuse))
}

pub(crate) async fn act(
    State(site): State<Arc<Site>>,
    Path((id, act)): Path<(String, String)>,
    sent: Sent<Fields>,
) -> Result<Response, Refused> {
    let id = id_of(&sent.visitor, &id)?;
    let (asker, fields) = (sent.visitor.clone(), sent.form.clone());
    let done = site.work(move |app| {
        let of = |name: &str| fields.get(name).map_or("", |v| v.trim());
        let version = of("version").parse::<i64>();
        let version = version.map_err(|_| AppError::VersionRequired)?;
        let (viewer, merge) = (&asker.viewer, (id, version));
        let decide = |verdict| app.decide_merge(viewer, merge, verdict, of("grounds"));
        match act.as_str() {
            "split" => app.propose_split(viewer, merge, of("grounds")),
            "withdraw" => decide(MergeVerdict::Withdraw),
            "confirm" | "refuse" => {
                app.require_step_up(viewer)?;
                decide(match act.as_str() {
                    "confirm" => MergeVerdict::Confirm,
                    _ => MergeVerdict::Refuse,
                })
            }
            _ => Err(AppError::NotFound("page")),
        }
    });
    match done.await {
        Ok(()) => Ok(onward(&format!("/units/merges/{id}"), &[])),
        Err(e) if mendable(&e) => {
            let asker = sent.visitor.clone();
            let made = site.work(move |app| context(app, &asker, id)).await;
            let context = made.map_err(|e| sent.visitor.refuse(e))?;
            Ok(again(context, &sent, &e))
        }
        Err(e) => sent.refused(&site, e).await,
    }
}
