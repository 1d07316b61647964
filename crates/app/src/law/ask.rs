//! May we? One package put to an edition of the law.

use super::Law;
use crate::{App, AppError, Result};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use symbolon_domain::kind::Fault;
use symbolon_law::{
    Edition, Rulebook,
    answer::{Desk, Outcome},
    day::Day,
    package::{self, Package},
    remedy, render,
};

/// What is asked: facts, and the law they are put to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// Facts by name, with `name` and `assume`.
    pub facts: Map<String, Value>,
    /// The day of the step, in place of the one among the facts; empty: as there.
    pub on: String,
    /// Only what was public by this day; empty: everything.
    pub known: String,
    /// Bills laid over the law, with commas between.
    pub proposals: String,
    /// Whether to leave out what would turn a refusal into a yes.
    pub no_remedies: bool,
}

/// A fault of a member of the question.
pub(super) fn fault(member: &str, message: String) -> AppError {
    AppError::Faults(vec![Fault::new(&format!("/{member}"), "invalid", message)])
}

impl Question {
    /// A question from an object: facts, and beside them `on`, `known` and `proposals`.
    ///
    /// # Errors
    /// [`AppError::Faults`] where it is no object or an option is none.
    pub fn of(value: Value) -> Result<Self> {
        let Value::Object(mut facts) = value else {
            return Err(fault("", "a package is an object of facts".to_owned()));
        };
        let mut take = |name: &str| match facts.remove(name) {
            None | Some(Value::Null) => Ok(String::new()),
            Some(Value::String(s)) => Ok(s),
            Some(Value::Array(all)) if name == "proposals" => {
                let words: Vec<&str> = all.iter().filter_map(Value::as_str).collect();
                Ok(words.join(","))
            }
            Some(_) => Err(fault(name, format!("{name}: this is a text"))),
        };
        Ok(Self {
            on: take("on")?,
            known: take("known")?,
            proposals: take("proposals")?,
            facts,
            no_remedies: false,
        })
    }

    /// Which edition of the law is asked.
    ///
    /// # Errors
    /// [`AppError::Faults`] where `known` is no day.
    pub fn edition(&self) -> Result<Edition> {
        Ok(Edition {
            known: day("known", &self.known)?.map(|d| Day(d).days()),
            proposal: (!self.proposals.trim().is_empty()).then(|| self.proposals.clone()),
        })
    }

    /// The package, read by the facts of a rulebook.
    ///
    /// # Errors
    /// [`AppError::Faults`] with every fact that does not fit.
    pub fn package(&self, book: &Rulebook) -> Result<Package> {
        let mut package = package::from_members(&book.schema, &self.facts).map_err(|faults| {
            let one = |f: package::MemberFault| {
                Fault::new(&format!("/{}", f.member), "invalid", f.message)
            };
            AppError::Faults(faults.into_iter().map(one).collect())
        })?;
        if let (Some(on), Some(date)) = (day("on", &self.on)?, book.schema.fact("date")) {
            package.facts[usize::from(date)] = Day(on).days();
        }
        Ok(package)
    }
}

fn day(member: &str, text: &str) -> Result<Option<Date>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let wrong = |_| {
        fault(
            member,
            format!("{member}: `{text}` is no day, such as 2023-04-04"),
        )
    };
    text.trim().parse().map(Some).map_err(wrong)
}

/// The answer of a desk to a package, as JSON.
///
/// # Errors
/// [`AppError::Internal`] where it cannot be written, which a whole rulebook never makes so.
pub(super) fn answered(
    desk: &mut Desk<'_>,
    package: &Package,
    no_remedies: bool,
) -> Result<String> {
    let answer = desk.answer(package);
    let remedies = if answer.outcome == Outcome::Refused && !no_remedies {
        remedy::remedies(desk, package)
    } else {
        vec![]
    };
    let written = render::written(desk.book, package, &answer, &remedies);
    serde_json::to_string(&written).map_err(|e| AppError::Internal(e.to_string()))
}

impl Law {
    /// Answers a question as JSON; the shape is that of [`Determination`].
    ///
    /// # Errors
    /// [`AppError::Faults`] with every fact that does not fit.
    pub fn answer(&self, question: &Question) -> Result<String> {
        let book: Arc<Rulebook> = self.edition(question.edition()?)?;
        let package = question.package(&book)?;
        let mut desk = Desk::new(&book);
        answered(&mut desk, &package, question.no_remedies)
    }

    /// Answers a question.
    ///
    /// # Errors
    /// As [`Law::answer`].
    pub fn determine(&self, question: &Question) -> Result<Determination> {
        let answer = self.answer(question)?;
        serde_json::from_str(&answer).map_err(|e| AppError::Internal(e.to_string()))
    }
}

impl App {
    /// Answers a question by the rulebook in use, as JSON.
    ///
    /// # Errors
    /// [`AppError::Faults`] with every fact that does not fit.
    pub fn determine(&self, question: &Question) -> Result<String> {
        self.law.current()?.answer(question)
    }

    /// Answers a question by the rulebook in use.
    ///
    /// # Errors
    /// As [`App::determine`].
    pub fn determination(&self, question: &Question) -> Result<Determination> {
        self.law.current()?.determine(question)
    }
}

/// The answer to "may we?".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Determination {
    /// What the package is called; may be empty.
    pub name: String,
    /// `allowed`, `allowed-with-conditions`, `cannot-tell` or `refused`.
    pub outcome: String,
    /// Day it was asked for.
    pub on: Option<String>,
    /// First day on which every clock that is running has run.
    pub earliest: Option<String>,
    /// Every rule that spoke.
    pub rules: Vec<RuleSaid>,
    /// What would settle it, where it cannot be told.
    pub missing: Vec<Missing>,
    /// Facts taken as clear because the package asked for that.
    pub assumed: Vec<String>,
    /// The smallest changes that would give a yes.
    pub remedies: Vec<Remedied>,
    /// Which law decided.
    pub law: UnderLaw,
}

/// What one rule said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RuleSaid {
    /// Its id.
    pub rule: String,
    /// The question it answers.
    pub asks: String,
    /// `refused`, `unknown`, `outstanding`, `noted`, `met` or `lifted`.
    pub verdict: String,
    /// Whether its source was not read: then it decides nothing.
    pub draft: bool,
    /// What it says when it bites.
    pub says: String,
    /// Clauses.
    pub cites: Vec<Cited>,
    /// Values it stood on, as of the day.
    pub values: Vec<InForce>,
    /// Facts it read that are known.
    pub facts: BTreeMap<String, String>,
    /// Exceptions and waivers, and whether they apply.
    pub lifts: Vec<Way>,
    /// Whom to tell, with the clock.
    pub duty: Option<Due>,
    /// Its figure.
    pub amount: Option<String>,
    /// Where text and practice differ.
    pub flags: Vec<String>,
    /// What keeps it from being told.
    pub missing: Vec<Missing>,
}

/// A clause.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cited {
    /// What it says of itself.
    pub at: String,
    /// Where it can be read.
    pub url: String,
}

/// A value with the stretch for which it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InForce {
    /// Its name in the rule.
    pub name: String,
    /// The value.
    pub value: String,
    /// First day.
    pub from: Option<String>,
    /// First day no longer.
    pub to: Option<String>,
    /// What sets it.
    pub cite: String,
    /// Where that can be read.
    pub url: String,
}

/// An exception or a waiver.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Way {
    /// What it is.
    pub name: String,
    /// Whether somebody must decide it.
    pub waiver: bool,
    /// Who holds it.
    pub by: String,
    /// What provides it.
    pub cite: String,
    /// Whether it applies.
    pub applies: bool,
    /// What follows when it is used.
    pub then: String,
    /// Days within which that must be done; 0 where none.
    pub within_days: i64,
}

/// A duty to tell somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Due {
    /// Who tells.
    pub who: String,
    /// Whom.
    pub to: String,
    /// What.
    pub what: String,
    /// Whether it comes before the step.
    pub before: bool,
    /// Calendar days of its clock.
    pub days: Option<i64>,
    /// First lawful day of the step, or last day for what follows it.
    pub due: Option<String>,
}

/// Something that would settle it: a fact, a list or a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Missing {
    /// The fact.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub fact: String,
    /// Type of the fact.
    #[serde(rename = "type", skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// The list.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub list: String,
    /// The value.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// The rule of the value.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// What to state, or how far the list goes.
    pub help: String,
}

/// A set of changes after which nothing refuses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Remedied {
    /// The changes; all are needed.
    pub changes: Vec<Amended>,
    /// The outcome then.
    pub outcome: String,
}

/// One change of a fact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Amended {
    /// The fact.
    pub fact: String,
    /// What is stated now.
    pub was: String,
    /// What would do.
    pub would: String,
}

/// Which law decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnderLaw {
    /// SHA-256 over the files of the rulebook.
    pub rulebook: String,
    /// Only what was public by this day.
    pub known: Option<String>,
    /// Bills laid over it.
    pub proposal: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use symbolon_law::Source;

    fn law() -> Law {
        Law::read(Source::embedded()).unwrap()
    }

    #[test]
    fn an_offer_too_early_is_refused_with_the_first_lawful_day() {
        let question = Question::of(json!({
            "assume": "clear", "date": "2023-05-10", "authority": "fms", "partner": "KEN",
            "aid": "equipment", "recipient": "military", "mde_value": "USD 16_000_000",
            "total_value": 22_000_000, "certificate_received": "2023-05-01",
        }));
        let said = law().determine(&question.unwrap()).unwrap();
        assert_eq!(said.outcome, "refused");
        assert_eq!(said.earliest.as_deref(), Some("2023-05-31"));
        assert!(
            said.remedies
                .iter()
                .any(|r| r.changes[0].would == "2023-05-31")
        );
    }

    #[test]
    fn every_fact_that_does_not_fit_is_named() {
        let question = Question::of(json!({"partner": "KENYA", "surprise": 1, "sme": [true]}));
        let Err(AppError::Faults(faults)) = law().answer(&question.unwrap()) else {
            panic!("it was answered")
        };
        let named: Vec<&str> = faults.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(named, ["/partner", "/sme", "/surprise"]);
    }

    #[test]
    fn a_day_that_is_none_and_a_bill_that_is_none_are_named() {
        for (option, value) in [("known", "soon"), ("on", "soon"), ("proposals", "hr-0")] {
            let question = Question::of(json!({option: value})).unwrap();
            let Err(AppError::Faults(faults)) = law().answer(&question) else {
                panic!("{option} was taken")
            };
            assert_eq!(faults[0].field, format!("/{option}"));
        }
    }
}
