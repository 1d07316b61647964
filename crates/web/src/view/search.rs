//! `/search`: the one box. Results grouped by kind, each saying why it is a hit.

use super::{Link, Page, query::safe_href};
use askama::Template;
use serde::{Deserialize, Serialize};

/// Search results.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "search.html")]
pub struct Search {
    /// The frame; its `search` is what was asked.
    pub page: Page,
    /// Results by kind.
    pub groups: Vec<Group>,
    /// What was searched, in words; shown when nothing is found.
    pub searched: String,
    /// Near matches.
    pub suggestions: Vec<Link>,
}

/// Results of one kind.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Group {
    /// The kind: "Countries", "Units as printed".
    pub title: String,
    /// How many there are in all.
    pub count: i64,
    /// The first of them.
    pub hits: Vec<Hit>,
    /// All of them.
    pub all_href: String,
}

impl Group {
    /// The address of all of them, if it may stand in a link.
    #[must_use]
    pub fn safe(&self) -> &str {
        safe_href(&self.all_href)
    }
}

/// One result.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Hit {
    /// The thing.
    pub link: Link,
    /// Why it is a hit.
    pub why: String,
}

impl Search {
    /// Samples: results, and none.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let mut page = super::sample::page("Search: lackland", "/search?q=lackland");
        page.search = "lackland".into();
        let hit = |text: &str, why: &str| Hit {
            link: Link::new(text, "/training?place=Lackland"),
            why: why.into(),
        };
        let groups = vec![Group {
            title: "Places as printed".into(),
            count: 1204,
            hits: vec![
                hit("Lackland AFB, TX, US", "the same word"),
                hit("Lakland AFB", "one letter less"),
                hit(super::sample::ARABIC, "the same name in another script"),
            ],
            all_href: "/training?place=lackland".into(),
        }];
        let found = Self {
            page,
            groups,
            ..Self::default()
        };
        let none = Self {
            groups: Vec::new(),
            searched: "Searched: countries, 21,000 course titles, 14,000 units, 3,000 places, records, data sets.".into(),
            suggestions: vec![Link::new("Lackland", "/search?q=Lackland")],
            ..found.clone()
        };
        vec![found, none]
    }
}
