//! `/vetting`, `/units` and what stands under them: sections, filters and pages; and the bench, where what is asked
//! stands at the left, who it may be in the middle, the sources at the right and the decision below.

use super::{Filters, Link, Page, Paging, desk, desk::Section};
use askama::Template;
use serde::{Deserialize, Serialize};

/// A column of the bench.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Side {
    /// Id, unique on the page.
    pub id: String,
    /// Heading.
    pub title: String,
    /// What stands in it.
    pub sections: Vec<Section>,
}

impl Side {
    /// A column with a heading; its sections stand one lower.
    #[must_use]
    pub fn new(id: &str, title: &str, sections: Vec<Section>) -> Self {
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            sections: sections.into_iter().map(Section::inner).collect(),
        }
    }
}

/// The page.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "vetting.html")]
pub struct Vetting {
    /// The frame.
    pub page: Page,
    /// What the links beside are, for those who do not see them.
    pub around: String,
    /// Other pages.
    pub beside: Vec<Link>,
    /// What is not shown or known; empty where there is nothing to say.
    pub limits: Vec<String>,
    /// Filters of what is listed.
    pub filters: Option<Filters>,
    /// Sections.
    pub sections: Vec<Section>,
    /// Columns of the bench.
    pub columns: Vec<Side>,
    /// Sections under the columns.
    pub below: Vec<Section>,
    /// Pages of a long list.
    pub paging: Option<Paging>,
}

impl Vetting {
    /// Puts back what was typed into the form that was sent to `action`, with what was wrong.
    pub fn put_back(&mut self, action: &str, typed: &[(String, String)], error: &str) {
        let within = self.columns.iter_mut().flat_map(|c| c.sections.iter_mut());
        let all = self
            .sections
            .iter_mut()
            .chain(within)
            .chain(self.below.iter_mut());
        desk::put_back(all, action, typed, error);
    }

    /// Samples: a bench with a chain in words, and a queue.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        use super::{
            Cell, Column, Fact, Query, Table, sample,
            tree::{Node, Tree},
        };
        use desk::{Field, Form};
        let reasons = Table::new("reasons", "Reasons", vec![Column::text("Reason")])
            .rows(vec![vec![Cell::text(sample::LONG)]])
            .quiet();
        let form = Form::new("/vetting/x", "Record the answer")
            .field(Field::text("grounds", "Grounds").sort("area"));
        let subject =
            Section::new("subject", "Subject").facts(vec![Fact::new("Name", sample::ARABIC)]);
        let hit = Section::new("hit", sample::ARABIC)
            .table(reasons)
            .form(form);
        let leaf = Node {
            text: sample::LONG.into(),
            note: "command".into(),
            ..Node::default()
        };
        let node = Node {
            text: sample::ARABIC.into(),
            href: "/units/x".into(),
            under: Tree { nodes: vec![leaf] },
            ..Node::default()
        };
        let chain = Section {
            tree: Some(Tree { nodes: vec![node] }),
            ..Section::new("chain", "Chain of command")
        };
        let bench = Self {
            page: sample::page("A candidate", "/vetting/x"),
            columns: vec![
                Side::new("left", "The request", vec![subject]),
                Side::new("middle", "Who it may be", vec![hit]),
                Side::new(
                    "right",
                    "Sources",
                    vec![Section::new("sources", "Consulted").says("Nothing yet.")],
                ),
            ],
            below: vec![chain],
            ..Self::default()
        };
        let query = Query::new("/vetting").and("state", "review");
        let queue = Self {
            page: sample::page("Vetting", "/vetting"),
            around: "Vetting".into(),
            beside: vec![Link::new("Barred units", "/vetting/barred")],
            limits: vec!["Alleged, not proven.".into()],
            filters: Some(Filters::new("queue-f", "Filter", &query).number("year", "Year", "")),
            sections: vec![Section::new("queue", "Requests").says(sample::LONG)],
            paging: Some(Paging::new(&query, 1, 50, 60)),
            ..Self::default()
        };
        vec![bench, queue]
    }
}
