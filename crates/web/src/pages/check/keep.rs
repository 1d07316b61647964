//! `/check/save` and `/check/again/{id}`: a determination kept, and put to the law of today.

use super::labels;
use crate::api::of_pairs;
use crate::{
    answer::{self, Refused},
    form::Sent,
    site::Site,
    view::{
        Cell, Column, Fact, Link, Nav, Query, Table, check::outcome_words, desk::Section, law::Law,
    },
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use std::sync::Arc;
use symbolon_app::law::Again;

/// What is kept: a title, and facts with `fact.` before their names.
#[derive(Deserialize)]
pub(crate) struct Keep {
    title: String,
}

/// Keeps the answer to a question, and shows the record.
pub(crate) async fn save(
    State(site): State<Arc<Site>>,
    sent: Sent<Keep>,
) -> Result<Response, Refused> {
    let stated = sent
        .pairs
        .iter()
        .filter_map(|(n, v)| Some((n.strip_prefix("fact.")?.to_owned(), v.clone())));
    let question = of_pairs(&stated.collect::<Vec<_>>());
    let (viewer, title) = (sent.visitor.viewer.clone(), sent.form.title.clone());
    let written = site
        .work(move |app| app.keep_determination(&viewer, &title, &question))
        .await;
    match written {
        Ok(written) => {
            Ok(Redirect::to(&format!("/records/determination/{}", written.id)).into_response())
        }
        Err(e) => sent.refused(&site, e).await,
    }
}

/// What is otherwise today.
pub(crate) async fn again(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let viewer = visitor.viewer.clone();
    let asked = id.clone();
    let found = site
        .ask(move |app| app.determine_again(&viewer, &asked))
        .await;
    let (record, again) = found.map_err(|e| visitor.refuse(e))?;
    let law = site.app.law.current().map_err(|e| visitor.refuse(e))?;
    let title = record.body["title"].as_str().unwrap_or_default();
    let mut page = visitor.page(&format!("{title}: under the law of today"), Nav::Check);
    page.crumbs = vec![Link::new(title, format!("/records/determination/{id}"))];
    page.json = format!("/api/v1/determinations/{id}/again");
    let context = Law {
        page,
        beside: vec![Link::new(
            "Ask it as a new question",
            question(&again).href(),
        )],
        sections: vec![
            outcomes(&again),
            changed(&again),
            facts(&again, &labels(&law.book.schema)),
        ],
        ..Law::default()
    };
    answer::page(&visitor, &context)
}

fn question(again: &Again) -> Query {
    let pairs = again.facts.iter();
    pairs.fold(Query::new("/check"), |q, (fact, value)| q.and(fact, value))
}

fn outcomes(again: &Again) -> Section {
    let mut section = Section::new("outcomes", "Then and now");
    let hash = |label: &str, hash: &str| Fact {
        mono: true,
        ..Fact::new(label, hash)
    };
    section.facts = vec![
        Fact::new("Outcome that was kept", outcome_words(&again.outcome_then)),
        Fact::new("Outcome today", outcome_words(&again.outcome_now)),
        hash("Rulebook then", &again.rulebook_then),
        hash("Rulebook today", &again.rulebook_now),
    ];
    section
}

fn changed(again: &Again) -> Section {
    let mut section = Section::new("changed", "What changed since");
    section.links = again.changed.iter().map(|c| Link::new(c, "")).collect();
    if !again.changed.is_empty() {
        return section;
    }
    let same = again.rulebook_then == again.rulebook_now;
    section.says(if same {
        "Nothing: it is the same rulebook."
    } else {
        "Nothing for these facts, though the rulebook was edited."
    })
}

fn facts(again: &Again, labels: &std::collections::BTreeMap<String, String>) -> Section {
    let row = |(fact, value): &(String, String)| {
        let label = labels.get(fact).unwrap_or(fact);
        vec![Cell::text(label), Cell::text(value)]
    };
    let table = Table::new(
        "facts-t",
        "Facts",
        vec![Column::text("Fact"), Column::text("As kept")],
    )
    .rows(again.facts.iter().map(row).collect())
    .quiet();
    Section::new("facts", "The facts, which are the same").table(table)
}
