//! `/search`: the box that is always there.

use crate::{
    answer::{self, Refused},
    site::Site,
    view::{Link, Nav, Query, search as view},
    visitor::Visitor,
};
use axum::{extract::State, response::Response};
use std::sync::Arc;
use symbolon_app::SearchResult;

const GROUPS: [(&str, &str, &str); 6] = [
    ("country", "Countries", "/countries?name="),
    ("dataset", "Data sets", ""),
    ("known_unit", "Units on record", "/records/unit?q="),
    ("unit", "Units trained", "/training?unit="),
    ("course", "Courses", "/training?course="),
    ("place", "Places", "/training?place="),
];

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let words = visitor.query.get("q").to_owned();
    let (viewer, asked) = (visitor.viewer.clone(), words.clone());
    let found = site
        .ask(move |app| app.search(&viewer, &asked))
        .await
        .map_err(|e| visitor.refuse(e))?;
    let mut page = visitor.page("Search", Nav::None);
    page.search.clone_from(&words);
    page.json = visitor.query.at("/api/v1/search");
    let context = view::Search {
        groups: GROUPS
            .iter()
            .filter_map(|g| group(g, &found, &words))
            .collect(),
        searched: if words.is_empty() {
            "Nothing was asked.".to_owned()
        } else {
            "Names of countries, titles of data sets, units on record, and every unit, course and place in the training report.".to_owned()
        },
        suggestions: found
            .spellings
            .iter()
            .map(|(_, other)| {
                Link::new(other.clone(), Query::new("/search").and("q", other).href())
            })
            .collect(),
        page,
    };
    answer::page(&visitor, &context)
}

fn group(of: &(&str, &str, &str), found: &SearchResult, words: &str) -> Option<view::Group> {
    let hits: Vec<view::Hit> = found
        .hits
        .iter()
        .filter(|h| h.kind == of.0)
        .map(|h| view::Hit {
            link: Link::new(h.title.clone(), h.href.clone()),
            why: h.detail.clone(),
        })
        .collect();
    if hits.is_empty() {
        return None;
    }
    let all_href = if of.2.is_empty() {
        "/datasets".to_owned()
    } else {
        format!("{}{}", of.2, symbolon_app::search_escape(words))
    };
    Some(view::Group {
        title: of.1.to_owned(),
        count: i64::try_from(hits.len()).unwrap_or(0),
        hits,
        all_href,
    })
}
