//! Pages that explain: help with keyboard and glossary, the accessibility statement, licences.

use super::{Cell, Column, Link, Page, Table};
use askama::Template;
use serde::{Deserialize, Serialize};

/// The help page.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "help.html")]
pub struct Help {
    /// The frame.
    pub page: Page,
    /// Words of the trade and what they mean.
    pub glossary: Vec<(String, String)>,
    /// Finding codes, each with its page.
    pub findings: Vec<Link>,
    /// Problem types, each with its page.
    pub problems: Vec<Link>,
}

/// Keys and what they do. The script and the dialog are made to match.
pub static KEYS: &[(&str, &str)] = &[
    ("/", "Go to the search box"),
    ("?", "Show these keys"),
    ("j", "Next row of a table or list"),
    ("k", "Previous row"),
    ("Enter", "Open the row"),
    (
        "Esc",
        "Close what is open; leave a field without losing its text",
    ),
];

impl Help {
    /// The glossary every installation has; more can be added.
    #[must_use]
    pub fn words() -> Vec<(String, String)> {
        let words = [
            (
                "Account",
                "The law or fund a programme is paid from: IMET, FMF, section 333 and others.",
            ),
            (
                "Aid obligations",
                "Money a government has bound itself to spend. Not the same as money requested, appropriated or paid out.",
            ),
            (
                "As printed, as read",
                "What stands in the document, and what we take it to mean. The first is never changed.",
            ),
            (
                "Block",
                "The rows of one country and programme in one report, with the total printed under them.",
            ),
            (
                "Checkpoint",
                "A signed statement of how long the journal is and what its root hash is. Kept elsewhere, it proves later that nothing before it was changed.",
            ),
            (
                "Fiscal year",
                "Of the United States: FY2019 runs from 1 October 2018 to 30 September 2019.",
            ),
            (
                "FMF",
                "Foreign Military Financing: grants and loans to buy US defence articles and services.",
            ),
            ("IMET", "International Military Education and Training."),
            (
                "Overlay",
                "A recorded correction of how one cell is read, with its reason.",
            ),
            (
                "Partner",
                "A state or organisation that receives or gives assistance.",
            ),
            (
                "Section 36(b)",
                "Of the Arms Export Control Act: notice to Congress before a large arms sale.",
            ),
        ];
        words.map(|(w, m)| (w.to_owned(), m.to_owned())).into()
    }

    /// Keys, for the template.
    #[must_use]
    pub fn keys(&self) -> &'static [(&'static str, &'static str)] {
        KEYS
    }

    /// The sample.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let problems = super::problem::KINDS.iter();
        vec![Self {
            page: super::sample::visitor("Help", "/help"),
            glossary: Self::words(),
            findings: vec![Link::new("Impossible date", "/findings/date-impossible")],
            problems: problems
                .map(|k| Link::new(k.title, format!("/problems/{}", k.slug)))
                .collect(),
        }]
    }
}

/// The accessibility statement.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "accessibility.html")]
pub struct Accessibility {
    /// The frame.
    pub page: Page,
    /// Faults known, one sentence each.
    pub known: Vec<String>,
    /// Whom to tell; empty where the installation names nobody.
    pub contact: String,
}

impl Accessibility {
    /// The samples.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let plain = Self {
            page: super::sample::visitor("Accessibility statement", "/accessibility"),
            ..Self::default()
        };
        let known =
            vec!["Charts scroll sideways below 640 px; their tables do not need to.".to_owned()];
        let with = Self {
            known,
            contact: "accessibility@example.org".into(),
            ..plain.clone()
        };
        vec![plain, with]
    }
}

/// Licences of the program and of the data.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "licence.html")]
pub struct Licence {
    /// The frame.
    pub page: Page,
    /// Data shipped or loaded, with licence and credit.
    pub rows: Vec<LicenceRow>,
}

/// A source of data and its licence.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct LicenceRow {
    /// Title and page.
    pub title: Link,
    /// Who made it.
    pub credit: String,
    /// Licence.
    pub licence: String,
    /// Class in words: open, attribution.
    pub class: String,
}

impl Licence {
    /// The table.
    #[must_use]
    pub fn table(&self) -> Table {
        let columns = ["Data", "Credit", "Licence", "Class"];
        let row = |l: &LicenceRow| {
            vec![
                Cell::of(&l.title),
                Cell::text(&l.credit),
                Cell::text(&l.licence),
                Cell::text(&l.class),
            ]
        };
        let rows = self.rows.iter().map(row).collect();
        Table::new(
            "licences",
            "Data and its licences",
            columns.map(Column::text).into(),
        )
        .rows(rows)
        .quiet()
    }

    /// The sample.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let rows = vec![LicenceRow {
            title: Link::new("Country shapes", "/datasets/SHAPES"),
            credit: "Natural Earth; world-atlas 2.0.2".into(),
            licence: "public domain; ISC".into(),
            class: "open".into(),
        }];
        vec![Self {
            page: super::sample::visitor("Licences and sources", "/licence"),
            rows,
        }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dialog_of_the_script_lists_the_same_keys() {
        let script = crate::view::assets::find("symbolon.js").unwrap();
        let script = std::str::from_utf8(script.bytes).unwrap();
        for (key, does) in KEYS {
            assert!(
                script.contains(&format!("[\"{key}\", \"{does}\"]")),
                "{key}"
            );
        }
    }
}

/// The API's page.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "api.html")]
pub struct Api {
    /// The frame.
    pub page: Page,
    /// Its endpoints.
    pub lines: Vec<ApiLine>,
}

/// An endpoint.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ApiLine {
    /// Path with parameters.
    pub path: String,
    /// What it is for.
    pub summary: String,
}

impl Api {
    /// The endpoints.
    #[must_use]
    pub fn table(&self) -> Table {
        let row = |l: &ApiLine| vec![Cell::code(&l.path), Cell::text(&l.summary)];
        Table::new(
            "endpoints",
            "Endpoints",
            vec![Column::text("Path"), Column::text("Answers")],
        )
        .rows(self.lines.iter().map(row).collect())
        .quiet()
    }
}
