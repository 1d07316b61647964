//! `/law` and what stands under it: rules, lists, the register of provisions, the replay. Sections of facts
//! and tables, a history as a timeline, and where there is much, filters and pages.

use super::{Filters, Link, Page, Paging, desk::Section, query::safe_href};
use askama::Template;
use serde::{Deserialize, Serialize};

/// The page.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "law.html")]
pub struct Law {
    /// The frame.
    pub page: Page,
    /// What the figures do not show; empty where there are none.
    pub limits: Vec<String>,
    /// Other pages of the rulebook.
    pub beside: Vec<Link>,
    /// Filters of what is listed.
    pub filters: Option<Filters>,
    /// Sections.
    pub sections: Vec<Section>,
    /// History of a rule.
    pub turns: Vec<Turn>,
    /// Pages of a long list.
    pub paging: Option<Paging>,
}

/// A day on which something changed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Turn {
    /// The day; empty: as far back as it goes.
    pub day: String,
    /// What became what.
    pub text: String,
    /// What set it.
    pub cite: Link,
    /// Something to say about it.
    pub note: String,
}

impl Turn {
    /// The address of its source, if it may stand in a link.
    #[must_use]
    pub fn safe(&self) -> &str {
        safe_href(&self.cite.href)
    }
}

impl Law {
    /// Samples: a rule with history, and a long list with filters.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        use super::{Cell, Column, Fact, Query, Table, sample};
        let table = Table::new(
            "law-t",
            "Rules",
            vec![Column::text("Rule"), Column::tight("Since")],
        )
        .rows(vec![vec![
            Cell::link(sample::ARABIC, "/law/x"),
            Cell::text(sample::LONG),
        ]])
        .quiet();
        let mut section = Section::new("rules", "Rules")
            .says(sample::LONG)
            .table(table);
        section.facts = vec![Fact::new("Kind", "bar")];
        let rule = Self {
            page: sample::page("Must Congress be told?", "/law/x"),
            sections: vec![section.clone()],
            turns: vec![
                Turn {
                    day: "2002-09-30".into(),
                    text: "mde line: $14,000,000".into(),
                    cite: Link::new("Public Law 107-228", "https://www.congress.gov/"),
                    note: sample::LONG.into(),
                },
                Turn::default(),
            ],
            ..Self::default()
        };
        let query = Query::new("/law/replay").and("year", "2008");
        let long = Self {
            page: sample::page("Past training and the law of its day", "/law/replay"),
            limits: vec!["It is no finding of a breach.".into()],
            beside: vec![Link::new("Rules", "/law")],
            filters: Some(Filters::new("replay-f", "Filter", &query).number(
                "year",
                "Fiscal year",
                "",
            )),
            sections: vec![section],
            paging: Some(Paging::new(&query, 2, 50, 1234)),
            ..Self::default()
        };
        vec![rule, long]
    }
}
