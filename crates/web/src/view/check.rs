//! `/check`: *Can we do this?* A form of facts and the answer to it. The address holds the question.

use super::{Choices, Link, Page, Tag, query::safe_href, safe::Markup};
use askama::Template;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use symbolon_app::law::{Determination, Missing, RuleSaid, Way};

mod samples;

/// A fact that may be stated.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Ask {
    /// Its name in the address.
    pub name: String,
    /// Label.
    pub label: String,
    /// What to state, in which unit.
    pub hint: String,
    /// Choices; none for a line of text.
    pub choices: Option<Choices>,
    /// What is stated.
    pub value: String,
    /// What is wrong with it.
    pub error: String,
    /// What is said where nothing is chosen.
    pub blank: String,
}

impl Ask {
    pub(crate) fn options(&self) -> Markup<'_> {
        let none = || Markup::of(&Nothing {});
        let chosen = std::slice::from_ref(&self.value);
        self.choices
            .as_ref()
            .map_or_else(none, |c| c.options(chosen))
    }
}

#[derive(Template)]
#[template(source = "", ext = "html")]
struct Nothing {}

/// Facts that belong together.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Group {
    /// Heading.
    pub title: String,
    /// Whether it is shown open: something of it is stated.
    pub open: bool,
    /// Facts.
    pub asks: Vec<Ask>,
}

/// A change that would give a yes, with the address of that question.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Change {
    /// What would have to be otherwise, and the outcome then.
    pub link: Link,
}

/// The page.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "check.html")]
pub struct Check {
    /// The frame.
    pub page: Page,
    /// The few facts every question needs.
    pub first: Vec<Ask>,
    /// Facts the answer waits for.
    pub wanted: Vec<Ask>,
    /// The rest.
    pub groups: Vec<Group>,
    /// Which law, and how what is not stated counts.
    pub options: Vec<Ask>,
    /// What is wrong with the question.
    pub errors: Vec<Link>,
    /// The answer; none before anything is asked.
    pub said: Option<Determination>,
    /// Labels of facts.
    pub labels: BTreeMap<String, String>,
    /// What would give a yes.
    pub changes: Vec<Change>,
    /// Whether the reader may keep the answer as a record.
    pub may_save: bool,
    /// What is sent to keep it: the question.
    pub question: Vec<(String, String)>,
}

/// Rules of one verdict.
#[derive(Debug)]
pub struct Said<'a> {
    /// Id on the page.
    pub id: &'static str,
    /// Heading.
    pub title: &'static str,
    /// The rules.
    pub rules: Vec<&'a RuleSaid>,
}

/// An outcome in words.
#[must_use]
pub fn outcome_words(outcome: &str) -> &'static str {
    match outcome {
        "allowed" => "Allowed",
        "allowed-with-conditions" => "Allowed with conditions",
        "refused" => "Refused",
        _ => "Cannot tell",
    }
}

/// An outcome as a word with a shape.
#[must_use]
pub fn outcome_tag(outcome: &str) -> Tag {
    let class = match outcome {
        "allowed" => "good",
        "allowed-with-conditions" => "medium",
        "refused" => "bad",
        _ => "doubt",
    };
    Tag::new(outcome_words(outcome), class)
}

const VERDICTS: [(&str, &str, &str); 6] = [
    ("refused", "Refused by", "refused"),
    ("cannot", "Cannot be told", "unknown"),
    ("todo", "Still to be done", "outstanding"),
    ("lifted", "Exceptions and waivers that apply", "lifted"),
    ("met", "Met", "met"),
    ("noted", "To note", "noted"),
];

impl Check {
    /// The outcome of the answer.
    #[must_use]
    pub fn outcome(&self) -> Tag {
        outcome_tag(self.said.as_ref().map_or("", |s| s.outcome.as_str()))
    }

    /// What the rules said, the gravest first; drafts last.
    #[must_use]
    pub fn verdicts(&self) -> Vec<Said<'_>> {
        let rules = || self.said.iter().flat_map(|s| s.rules.iter());
        let mut all: Vec<Said<'_>> = VERDICTS
            .iter()
            .map(|(id, title, verdict)| Said {
                id,
                title,
                rules: rules()
                    .filter(|r| !r.draft && r.verdict == *verdict)
                    .collect(),
            })
            .collect();
        all.push(Said {
            id: "drafts",
            title: "Drafts: their sources were not checked, they decide nothing",
            rules: rules().filter(|r| r.draft).collect(),
        });
        all.retain(|s| !s.rules.is_empty());
        all
    }

    /// Waivers and exceptions to show beside a rule: those that apply, and where it bites all there are.
    #[must_use]
    pub fn ways<'a>(&self, rule: &'a RuleSaid) -> Vec<&'a Way> {
        let open = matches!(rule.verdict.as_str(), "refused" | "unknown");
        rule.lifts.iter().filter(|l| l.applies || open).collect()
    }

    /// The label of a fact.
    #[must_use]
    pub fn label<'a>(&'a self, fact: &'a str) -> &'a str {
        self.labels.get(fact).map_or(fact, String::as_str)
    }

    /// What is missing, in words.
    #[must_use]
    pub fn missing(&self, m: &Missing) -> String {
        if !m.fact.is_empty() {
            return format!("{}: {}", self.label(&m.fact), m.help);
        }
        if !m.list.is_empty() {
            return format!("the list {}: {}", m.list.replace('_', " "), m.help);
        }
        format!(
            "the value {} of {}: {}",
            m.value.replace('_', " "),
            m.rule,
            m.help
        )
    }

    /// An address that may stand in a link.
    #[must_use]
    pub fn safe<'a>(&self, href: &'a str) -> &'a str {
        safe_href(href)
    }
}
