//! `/findings/{code}`: what a finding means, how it is found, how often, with examples.

use super::{Figure, FindingRow, Link, Page, Table, Tag, finding_table};
use crate::chart::{Plot, Series};
use askama::Template;
use serde::{Deserialize, Serialize};

/// A finding code explained.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "finding_code.html")]
pub struct FindingCode {
    /// The frame; its title is the finding's.
    pub page: Page,
    /// Code.
    pub code: String,
    /// `note`, `repaired` or `doubt`.
    pub severity: String,
    /// What it means and how it was found.
    pub explanation: String,
    /// How many there are by report year.
    pub by_year: Plot,
    /// Some of them.
    pub examples: Vec<FindingRow>,
    /// All of them.
    pub all: Link,
    /// The other codes.
    pub others: Vec<Link>,
}

impl FindingCode {
    /// What the severity does to figures.
    #[must_use]
    pub fn severity_words(&self) -> &'static str {
        match self.severity.as_str() {
            "doubt" => "Figures that rest on it are in doubt.",
            "repaired" => "It was read differently from how it stands; an overlay says how.",
            _ => "Good to know; figures stand.",
        }
    }

    /// Severity as a tag.
    #[must_use]
    pub fn tag(&self) -> Tag {
        Tag::of(&self.severity)
    }

    /// How many by year.
    #[must_use]
    pub fn figure(&self) -> Figure {
        Figure::bars(&self.by_year)
    }

    /// Some of them.
    #[must_use]
    pub fn example_table(&self) -> Table {
        finding_table(
            "examples",
            &self.examples,
            "No data set here has this finding.",
        )
    }

    /// Samples: one with examples, one that was never found.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let page = super::sample::page("Cells shifted between columns", "/findings/column-shift");
        let common = Self {
            page,
            code: "column-shift".into(),
            severity: "repaired".into(),
            explanation: "Cells stand in the wrong column; they were read from where they belong."
                .into(),
            all: Link::new(
                "All 4,926 findings",
                "/datasets/FMTR-1999-2019?code=column-shift#findings",
            ),
            others: vec![Link::new("Impossible date", "/findings/date-impossible")],
            ..Self::default()
        };
        let by_year = Plot {
            id: "by-year".into(),
            title: "Nearly all stand in the report of FY2009".into(),
            measure: "Findings of this code by report year".into(),
            unit: "findings".into(),
            across: "Report year".into(),
            labels: vec!["2008".into(), "2009".into(), "2010".into()],
            series: vec![Series {
                name: "Findings".into(),
                values: vec![Some(3.0), Some(4920.0), Some(3.0)],
            }],
            summary: "4,920 of 4,926 findings are in the report of FY2009.".into(),
            ..Plot::default()
        };
        let found = Self {
            by_year,
            examples: super::sample::findings(6),
            ..common.clone()
        };
        vec![found, common]
    }
}
