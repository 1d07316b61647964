//! `/admin/labels`: proposals to open records, the agreements and groups that releases stand on, and the markings
//! this installation knows. Groups and agreements are records: their own pages change them.

use super::frame;
use crate::pages::sign_in::{again, no_store, onward};
use crate::{
    answer::{self, Refused},
    form::Sent,
    site::Site,
    view::{
        Cell, Column, Link, Table, Tag,
        desk::{Desk, Field, Form, Section},
    },
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use std::collections::HashMap;
use std::sync::Arc;
use symbolon_access::{Action, Policy, World};
use symbolon_app::{AppError, LabelChangeLine};
use symbolon_domain::{label::Markings, record::RecordId};

type Names = HashMap<RecordId, String>;

async fn page(site: &Arc<Site>, visitor: &Visitor) -> Result<Desk, Refused> {
    if !Policy::shipped().grants(&visitor.viewer, Action::Read, "label_change") {
        return Err(Refused::not_found(visitor.clone()));
    }
    let viewer = visitor.viewer.clone();
    let asked = site.work(move |app| {
        let accounts = app.accounts(&app.system())?;
        let names: Names = accounts.into_iter().map(|(id, a)| (id, a.name)).collect();
        Ok((app.label_changes(&viewer, None)?, names, app.store.world()?))
    });
    let (lines, names, world) = asked.await.map_err(|e| visitor.refuse(e))?;
    let today = site.app.today();
    let mut page = frame(visitor, "Labels and releases");
    page.crumbs.clear();
    page.lead = "Whom records are opened to takes two persons. A release reaches a nation only while a sharing agreement \
                 is in force, and a group's nations as they were on the day of release and are today."
        .to_owned();
    let mut sections =
        vec![Section::new("proposals", "Proposals").table(proposals(&lines, &names))];
    let own = visitor.viewer.account();
    let open = lines.iter().filter(|l| l.state == "proposed");
    sections.extend(open.map(|l| decision(l, own == Some(l.change.proposed_by))));
    sections.push(agreements(visitor, &world, today));
    sections.push(groups(visitor, &world, today));
    sections.push(Section::new("markings", "Markings").table(markings(today)));
    Ok(Desk { page, sections })
}

fn proposals(lines: &[LabelChangeLine], names: &Names) -> Table {
    let name = |id: Option<RecordId>| id.and_then(|i| names.get(&i).cloned()).unwrap_or_default();
    let row = |l: &LabelChangeLine| {
        let sort = match l.state.as_str() {
            "proposed" => "note",
            "done" => "good",
            _ => "plain",
        };
        let c = &l.change;
        vec![
            Cell::link(&l.title, &format!("/records/{}/{}", c.of_kind, c.of)),
            Cell::text(&c.before),
            Cell::text(&c.after),
            Cell::text(&c.reason),
            Cell::text(&name(Some(c.proposed_by))),
            Cell::text(&name(c.decided_by)),
            Cell::text(&c.answer),
            Cell::tag(Tag::new(&l.state, sort)),
        ]
    };
    let columns = [
        "Record",
        "Marked",
        "To be marked",
        "Why",
        "Proposed by",
        "Decided by",
        "Answer",
        "State",
    ];
    Table::new("proposals-t", "Proposals", columns.map(Column::text).into())
        .rows(lines.iter().map(row).collect())
        .or("Nothing was proposed. A record's page leads to its label.")
        .quiet()
}

/// What may be done about a proposal: its maker withdraws it, a releasing officer confirms or refuses it.
fn decision(line: &LabelChangeLine, own: bool) -> Section {
    let to = |verdict: &str| format!("/admin/labels/{}/{verdict}", line.id);
    let section = Section::new(
        &format!("decide-{}", line.id),
        &format!("Decide: {}", line.title),
    )
    .says(&format!(
        "{} becomes {}.",
        line.change.before, line.change.after
    ));
    if own {
        return section
            .says("You proposed this; a releasing officer other than you decides.")
            .form(Form::new(&to("withdraw"), "Withdraw it").about(&line.title));
    }
    let why = || Field::text("answer", "What the decision says").sort("area");
    section
        .form(
            Form::new(&to("confirm"), "Confirm: open it")
                .about(&line.title)
                .field(why()),
        )
        .form(
            Form::new(&to("refuse"), "Refuse it")
                .about(&line.title)
                .field(why()),
        )
}

fn agreements(visitor: &Visitor, world: &World, today: jiff::civil::Date) -> Section {
    let row = |t: &symbolon_access::SharingTerms| {
        let open = t.from <= today && t.to.is_none_or(|to| today < to);
        let parties: Vec<&str> = t.parties.iter().map(String::as_str).collect();
        vec![
            Cell::text(&t.title),
            Cell::text(&parties.join(", ")),
            Cell::text(&format!("{} {}", t.policy, t.level)),
            Cell::text(&t.from.to_string()),
            Cell::text(&t.to.map(|d| d.to_string()).unwrap_or_default()),
            Cell::tag(if open {
                Tag::new("in force", "good")
            } else {
                Tag::new("not in force", "plain")
            }),
        ]
    };
    let columns = ["Agreement", "Parties", "Up to", "From", "Until", "Today"];
    let table = Table::new(
        "agreements-t",
        "Sharing agreements",
        columns.map(Column::text).into(),
    )
    .rows(world.agreements.iter().map(row).collect())
    .or("No sharing agreement is in force: releases reach nobody.")
    .quiet();
    let mut section = Section::new("agreements", "Sharing agreements").table(table);
    section.links = kept(visitor, &[("sharing_agreement", "Keep sharing agreements")]);
    section
}

fn groups(visitor: &Visitor, world: &World, today: jiff::civil::Date) -> Section {
    let row = |(code, _): (&String, &Vec<symbolon_access::Member>)| {
        let members = world.groups.members(code, today);
        let names: Vec<&str> = members.iter().map(|n| n.as_str()).collect();
        vec![
            Cell::text(code),
            Cell::text(&names.len().to_string()),
            Cell::text(&names.join(", ")),
        ]
    };
    let columns = vec![
        Column::text("Group"),
        Column::number("Nations today", ""),
        Column::text("Who"),
    ];
    let table = Table::new("groups-t", "Groups of nations", columns)
        .rows(world.groups.0.iter().map(row).collect())
        .quiet();
    let mut section = Section::new("groups", "Groups").table(table);
    let kinds = [
        ("regional_body", "Keep groups"),
        ("membership", "Keep memberships"),
    ];
    section.links = kept(visitor, &kinds);
    section
}

/// Links to the records of kinds that the visitor reads.
fn kept(visitor: &Visitor, kinds: &[(&str, &str)]) -> Vec<Link> {
    let reads =
        |kind: &&(&str, &str)| Policy::shipped().grants(&visitor.viewer, Action::Read, kind.0);
    let link = |(kind, words): &(&str, &str)| Link::new(*words, format!("/records/{kind}"));
    kinds.iter().filter(reads).map(link).collect()
}

fn markings(today: jiff::civil::Date) -> Table {
    let mut rows = vec![];
    for policy in Markings::shipped().all() {
        let levels = policy.levels.iter().filter(|l| l.in_force(today));
        for level in levels {
            let held = policy.rank(&level.code) <= policy.rank(&policy.ceiling);
            let words = if held {
                "level"
            } else {
                "level, known to be refused"
            };
            rows.push(
                [&policy.name, &level.marking, words]
                    .map(Cell::known)
                    .into(),
            );
        }
        for control in policy.controls.iter().filter(|c| c.in_force(today)) {
            rows.push(
                [&policy.name, &control.code, control.meaning.as_str()]
                    .map(Cell::known)
                    .into(),
            );
        }
        for category in policy.categories.iter().filter(|c| c.in_force(today)) {
            rows.push(
                [&policy.name, &category.code, category.name.as_str()]
                    .map(Cell::known)
                    .into(),
            );
        }
    }
    let columns = ["Policy", "Marking", "Meaning"].map(Column::text).into();
    Table::new("markings-t", "Markings in force today", columns)
        .rows(rows)
        .quiet()
}

pub(crate) async fn labels(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    Ok(no_store(answer::html(&page(&site, &visitor).await?)))
}

/// What a decision sends.
#[derive(serde::Deserialize)]
pub(crate) struct Decided {
    #[serde(default)]
    answer: String,
}

pub(crate) async fn decide_label(
    State(site): State<Arc<Site>>,
    Path((id, verdict)): Path<(String, String)>,
    sent: Sent<Decided>,
) -> Result<Response, Refused> {
    let Ok(id) = id.parse::<RecordId>() else {
        return Err(Refused::not_found(sent.visitor));
    };
    let (viewer, answer) = (sent.visitor.viewer.clone(), sent.form.answer.clone());
    let done = match verdict.as_str() {
        "withdraw" => site.work(move |app| app.withdraw_label(&viewer, id)).await,
        "confirm" | "refuse" => {
            let confirm = verdict == "confirm";
            site.work(move |app| app.decide_label(&viewer, id, confirm, &answer))
                .await
        }
        _ => return Err(Refused::not_found(sent.visitor)),
    };
    match done {
        Ok(()) => Ok(onward("/admin/labels", &[])),
        Err(e @ (AppError::Invalid(_) | AppError::Conflict(_))) => {
            let mut desk = page(&site, &sent.visitor).await?;
            desk.put_back(&sent.path, &sent.pairs, &e.to_string());
            Ok(again(desk, &e))
        }
        Err(e) => sent.refused(&site, e).await,
    }
}
