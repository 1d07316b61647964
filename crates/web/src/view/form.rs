//! Forms over records: questions in sections, answers to check, and acts to confirm. GOV.UK patterns:
//! an error summary that leads to each field, one question an act, buttons that say what they do.

use super::{Link, Page, Table, query::safe_href};
use askama::Template;
use serde::{Deserialize, Serialize};

mod samples;

/// How a question is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// One line.
    #[default]
    Line,
    /// Several lines.
    Lines,
    /// One of a list; few choices stand as radio buttons.
    Choice,
    /// Nothing to answer: shown only.
    Fixed,
}

/// A choice of a question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Option {
    /// Value sent.
    pub value: String,
    /// Words.
    pub label: String,
    /// What it means; may be empty.
    pub hint: String,
}

/// A question.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Question {
    /// Name of the field in the form; its id, too.
    pub name: String,
    /// Label.
    pub label: String,
    /// Help.
    pub hint: String,
    /// How it is answered.
    pub answer: Answer,
    /// What stands there.
    pub value: String,
    /// Choices.
    pub options: Vec<Option>,
    /// Unit after the box; may be empty.
    pub unit: String,
    /// Whether it may be left out.
    pub optional: bool,
    /// What is wrong with it; empty for nothing.
    pub error: String,
}

impl Question {
    /// Whether its choices stand as radio buttons.
    #[must_use]
    pub fn radios(&self) -> bool {
        self.answer == Answer::Choice && self.options.len() <= 5
    }

    /// Ids of the texts that describe it.
    #[must_use]
    pub fn described(&self) -> String {
        let mut ids = vec![];
        if !self.hint.is_empty() {
            ids.push(format!("{}-hint", self.name));
        }
        if !self.error.is_empty() {
            ids.push(format!("{}-error", self.name));
        }
        ids.join(" ")
    }

    /// The tag where a list of choices does not hold what stands there: it is kept as it is.
    #[must_use]
    pub fn strange(&self) -> bool {
        !self.value.is_empty() && !self.options.iter().any(|o| o.value == self.value)
    }
}

/// Questions under a heading.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Section {
    /// Id on the page.
    pub id: String,
    /// Heading.
    pub title: String,
    /// What it is about; may be empty.
    pub lead: String,
    /// Whether it stands closed until it is wanted.
    pub closed: bool,
    /// Questions.
    pub questions: Vec<Question>,
}

/// A form over one record.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "record_form.html")]
pub struct RecordForm {
    /// The frame.
    pub page: Page,
    /// Where it is sent.
    pub action: String,
    /// Version worked on; 0 for a new record.
    pub version: i64,
    /// What is wrong, each with the place it stands at.
    pub errors: Vec<Link>,
    /// Where somebody else changed the record meanwhile: field, yours, theirs.
    pub conflict: std::option::Option<Table>,
    /// Sections.
    pub sections: Vec<Section>,
    /// Where leaving without saving leads.
    pub cancel: String,
}

impl RecordForm {
    /// The address that leaves without saving.
    #[must_use]
    pub fn leave(&self) -> &str {
        safe_href(&self.cancel)
    }
}

/// One answer to check.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Checked {
    /// Name of the field, for the way back to it.
    pub name: String,
    /// Label.
    pub label: String,
    /// What stood there before, where it changes.
    pub before: String,
    /// What shall stand there; empty reads "Not provided".
    pub value: String,
    /// Whether it changes.
    pub changes: bool,
    /// Whether the values are words of the program and no text out of a record.
    #[serde(default)]
    pub words: bool,
}

/// Answers to check before they are sent.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "record_check.html")]
pub struct RecordCheck {
    /// The frame.
    pub page: Page,
    /// Where it is sent.
    pub action: String,
    /// Answers.
    pub answers: Vec<Checked>,
    /// Everything that was filled in, carried on.
    pub hidden: Vec<(String, String)>,
    /// What stands in the box for the reason.
    pub reason: String,
    /// Words of the button: what it does.
    pub button: String,
}

/// Something to be confirmed: a move, a deletion, a reversal.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "record_act.html")]
pub struct RecordAct {
    /// The frame.
    pub page: Page,
    /// Where it is sent.
    pub action: String,
    /// Version worked on.
    pub version: i64,
    /// What will happen, in sentences.
    pub effects: Vec<String>,
    /// What must be done first; not empty means it cannot be done now.
    pub waits_for: Vec<String>,
    /// The rules that keep its gate shut; not empty means it cannot be done now.
    #[serde(default)]
    pub gates: Vec<GateLine>,
    /// What is wrong with what was sent.
    pub errors: Vec<Link>,
    /// Whether a reason must be given.
    pub reason_needed: bool,
    /// What stands in the box for the reason.
    pub reason: String,
    /// Pairs carried on.
    pub hidden: Vec<(String, String)>,
    /// What would change, where it can be shown.
    pub preview: std::option::Option<Table>,
    /// Words of the button: what it does.
    pub button: String,
    /// Where leaving leads.
    pub cancel: String,
}

/// A rule that keeps a gate shut.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct GateLine {
    /// The rule and its page.
    pub rule: Link,
    /// What it says.
    pub says: String,
    /// Its clauses, with where they can be read.
    pub clauses: Vec<Link>,
    /// What would open it.
    pub opens: Vec<String>,
    /// First lawful day; empty where no clock runs.
    pub earliest: String,
    /// Whether a recorded override can open it.
    pub overridable: bool,
    /// Where it is asked for.
    pub ask: Link,
}

impl RecordAct {
    /// The address that leaves it be.
    #[must_use]
    pub fn leave(&self) -> &str {
        safe_href(&self.cancel)
    }
}

/// One step of a history.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Step {
    /// What happened, in words.
    pub sentence: String,
    /// When.
    pub when: String,
    /// Version it made.
    pub version: i64,
    /// The journal entry.
    pub entry: Link,
    /// Why.
    pub reason: String,
    /// What changed, in words.
    pub changes: Vec<String>,
    /// What a decision rested on.
    pub saw: Vec<Link>,
    /// Where it can be reversed; empty where it cannot.
    pub reverse: String,
}

impl Step {
    /// The address of its reversal.
    #[must_use]
    pub fn reversal(&self) -> &str {
        safe_href(&self.reverse)
    }
}

/// The history of a record as sentences.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "record_history.html")]
pub struct RecordHistory {
    /// The frame.
    pub page: Page,
    /// Steps, newest first.
    pub steps: Vec<Step>,
    /// Where two dates are compared.
    pub compare: String,
    /// First date of the comparison.
    pub from: String,
    /// Second date.
    pub to: String,
    /// What differs between them; absent where nothing was asked.
    pub compared: std::option::Option<Table>,
}

impl RecordHistory {
    /// Where the form of two dates leads.
    #[must_use]
    pub fn form(&self) -> &str {
        safe_href(&self.compare)
    }
}
