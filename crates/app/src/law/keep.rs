//! Determinations kept as records. What the law said is filled in here and never taken from the writer;
//! once kept it does not change. Run again, it is put to the law of today.

use super::{Determination as Said, Question};
use crate::{App, AppError, Draft, Moment, Result};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use symbolon_access::Viewer;
use symbolon_domain::{
    country::Iso3,
    kind::{Fault, KindDef},
    kinds::{self, Determination},
    record::{Record, RecordId},
};
use symbolon_law::{Rulebook, schema::UNKNOWN};
use symbolon_store::{Change, Written};

/// The kind.
const KIND: &str = "determination";
/// What may be changed once it is kept.
const FREE: [&str; 1] = ["title"];

/// A determination put to the law of today.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Again {
    /// The outcome that was kept.
    pub outcome_then: String,
    /// The outcome today.
    pub outcome_now: String,
    /// The rulebook that decided then.
    pub rulebook_then: String,
    /// The rulebook of today.
    pub rulebook_now: String,
    /// What is otherwise today, in words; empty where nothing is.
    pub changed: Vec<String>,
    /// The facts, which are the same: fact and value.
    pub facts: Vec<(String, String)>,
}

fn refused(field: &str, message: String) -> AppError {
    AppError::Faults(vec![Fault::new(field, "conflict", message)])
}

/// The question of a kept determination.
fn question(kept: &Determination) -> Result<Question> {
    let mut facts = Map::new();
    for line in &kept.facts {
        let Some((fact, value)) = line.split_once('=') else {
            let message = format!("Facts: `{line}` is not of the form `fact = value`");
            return Err(refused("facts", message));
        };
        facts.insert(fact.trim().to_owned(), value.trim().into());
    }
    Ok(Question {
        facts,
        known: kept.known.clone(),
        proposals: kept.proposals.clone(),
        no_remedies: true,
        ..Question::default()
    })
}

/// The facts of a question as lines, each in one way of writing.
fn lines(book: &Rulebook, question: &Question) -> Result<Vec<String>> {
    let package = question.package(book)?;
    let stated = book.schema.facts.iter().zip(&package.facts);
    let known = stated.filter(|(_, v)| **v != UNKNOWN);
    let mut lines: Vec<String> = known
        .map(|(f, v)| {
            let value = book.schema.show(f.kind, *v).replace('$', "USD ");
            format!("{} = {value}", f.name)
        })
        .collect();
    if package.assume {
        lines.push("assume = clear".to_owned());
    }
    Ok(lines)
}

/// Rules with what they said, and values with what set them.
fn spoken(said: &Said) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let mut rules = BTreeMap::new();
    let mut values = BTreeMap::new();
    for rule in &said.rules {
        let draft = if rule.draft { " (draft)" } else { "" };
        rules.insert(rule.rule.clone(), format!("{}{draft}", rule.verdict));
        for v in &rule.values {
            let from = v.from.as_deref().unwrap_or("the beginning");
            let value = format!("{} from {from} ({})", v.value, v.cite);
            values.insert(format!("{} {}", rule.rule, v.name), value);
        }
    }
    (rules, values)
}

fn as_lines(map: &BTreeMap<String, String>) -> Vec<String> {
    map.iter().map(|(k, v)| format!("{k}: {v}")).collect()
}

fn as_map(lines: &[String]) -> BTreeMap<String, String> {
    let pairs = lines.iter().filter_map(|l| l.split_once(": "));
    pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
}

/// What differs between two maps, in words.
fn differ(
    what: &str,
    then: &BTreeMap<String, String>,
    now: &BTreeMap<String, String>,
    out: &mut Vec<String>,
) {
    for (key, was) in then {
        match now.get(key) {
            Some(is) if is == was => {}
            Some(is) => out.push(format!("{what} {key}: was {was}, is {is}")),
            None => out.push(format!("{what} {key}: was {was}, no longer speaks")),
        }
    }
    for (key, is) in now.iter().filter(|(k, _)| !then.contains_key(*k)) {
        out.push(format!("{what} {key}: new, {is}"));
    }
}

fn body_of(record: &Value) -> Result<Determination> {
    serde_json::from_value(record.clone()).map_err(|e| refused("facts", e.to_string()))
}

impl App {
    /// A draft of a determination with what the law says filled in; of another kind as it is. `now` is
    /// the body of the record that is changed: of it only the title may differ.
    ///
    /// # Errors
    /// [`AppError::Faults`] where a fact does not fit, or something frozen would change.
    pub(crate) fn frozen(
        &self,
        kind: &KindDef,
        now: Option<&Value>,
        mut draft: Draft,
    ) -> Result<Draft> {
        if kind.code != KIND {
            return Ok(draft);
        }
        let Some(now) = now else {
            draft.body = self.filled_in(&draft.body)?;
            return Ok(draft);
        };
        for field in kind
            .fields
            .iter()
            .filter(|f| !FREE.contains(&f.name.as_str()))
        {
            let blank = |v: &Value| match v {
                Value::Null => Value::String(String::new()),
                Value::Array(a) if a.is_empty() => Value::String(String::new()),
                other => other.clone(),
            };
            if blank(&now[&field.name]) != blank(&draft.body[&field.name]) {
                let message = format!(
                    "{}: a determination that is kept does not change; keep another",
                    field.label
                );
                return Err(refused(&field.name, message));
            }
        }
        Ok(draft)
    }

    fn filled_in(&self, body: &Value) -> Result<Value> {
        let missing = |e: serde_json::Error| {
            refused("", format!("a determination takes a title and facts: {e}"))
        };
        let mut kept: Determination = serde_json::from_value(body.clone()).map_err(missing)?;
        let law = self.law.current()?;
        let question = question(&kept)?;
        let book = law.edition(question.edition()?)?;
        let fields = |e: AppError| match e {
            // On the form all facts stand in one field.
            AppError::Faults(faults) => AppError::Faults(
                faults
                    .into_iter()
                    .map(|f| Fault::new("facts", "wrong-type", f.message))
                    .collect(),
            ),
            other => other,
        };
        kept.facts = lines(&book, &question).map_err(fields)?;
        let said = law.determine(&question).map_err(fields)?;
        let (rules, values) = spoken(&said);
        (kept.rules, kept.values) = (as_lines(&rules), as_lines(&values));
        kept.outcome = said.outcome;
        kept.earliest = said.earliest.unwrap_or_default();
        kept.rulebook = said.law.rulebook;
        serde_json::to_value(kept).map_err(|e| AppError::Internal(e.to_string()))
    }

    /// The change that keeps the answer to a question about a record, under the label of that record: what
    /// a gate decided.
    pub(crate) fn determination_of(
        &self,
        viewer: &Viewer,
        title: &str,
        question: &Question,
        about: &Record,
    ) -> Result<Change> {
        let law = self.law.current()?;
        let kept = Determination {
            title: title.to_owned(),
            facts: lines(&law.book, question)?,
            ..Determination::default()
        };
        let body = serde_json::to_value(kept).map_err(|e| AppError::Internal(e.to_string()))?;
        let kind = kinds::by_code(KIND).ok_or(AppError::NotFound("kind of record"))?;
        let body = kind
            .read(&self.filled_in(&body)?, viewer.today)
            .map_err(AppError::Faults)?;
        let id = RecordId::from_random(self.around.random());
        let code = self.new_code(kind);
        let mut envelope = crate::load::envelope(KIND, id, &code, about.envelope.label.clone());
        envelope.partner.clone_from(&about.envelope.partner);
        envelope.programme.clone_from(&about.envelope.programme);
        Ok(Change {
            action: format!("{KIND}.create"),
            envelope,
            body,
            reason: format!("gate of {}", about.envelope.code),
            saw: vec![],
        })
    }

    /// Keeps the answer to a question as a record.
    ///
    /// # Errors
    /// [`AppError::Faults`] where a fact does not fit or the title is missing, [`AppError::NotPermitted`]
    /// where the viewer keeps none.
    pub fn keep_determination(
        &self,
        viewer: &Viewer,
        title: &str,
        question: &Question,
    ) -> Result<Written> {
        let law = self.law.current()?;
        let book = law.edition(question.edition()?)?;
        let kept = Determination {
            title: title.trim().to_owned(),
            facts: lines(&book, question)?,
            known: question.known.clone(),
            proposals: question.proposals.clone(),
            ..Determination::default()
        };
        let stated = question
            .facts
            .get("partner")
            .and_then(Value::as_str)
            .unwrap_or_default();
        // Partners of the rulebook that are no country stay among the facts.
        let partner = stated
            .parse::<Iso3>()
            .map(|c| c.to_string())
            .unwrap_or_default();
        let draft = Draft {
            partner,
            body: serde_json::to_value(kept).map_err(|e| AppError::Internal(e.to_string()))?,
            ..Draft::default()
        };
        self.create(viewer, KIND, draft, "", None)
    }

    /// Puts a kept determination to the law of today: the same facts, and what is otherwise.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the viewer sees no such record.
    pub fn determine_again(&self, viewer: &Viewer, id: &str) -> Result<(Record, Again)> {
        let record = self.record_only(viewer, KIND, id, Moment::default())?;
        let kept = body_of(&record.body)?;
        let question = question(&kept)?;
        let said = self.law.current()?.determine(&question)?;
        let (rules, values) = spoken(&said);
        let mut changed = vec![];
        if said.outcome != kept.outcome {
            changed.push(
                format!("The outcome was {}, is {}", kept.outcome, said.outcome).replace('-', " "),
            );
        }
        let earliest = said.earliest.clone().unwrap_or_default();
        if earliest != kept.earliest {
            let word = |d: &str| {
                if d.is_empty() {
                    "none".to_owned()
                } else {
                    d.to_owned()
                }
            };
            let (was, is) = (word(&kept.earliest), word(&earliest));
            changed.push(format!("The earliest lawful day was {was}, is {is}"));
        }
        differ("Rule", &as_map(&kept.rules), &rules, &mut changed);
        differ("Value", &as_map(&kept.values), &values, &mut changed);
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let again = Again {
            outcome_then: kept.outcome,
            outcome_now: said.outcome,
            rulebook_then: kept.rulebook,
            rulebook_now: said.law.rulebook,
            changed,
            facts: question
                .facts
                .iter()
                .map(|(f, v)| (f.clone(), text(v)))
                .collect(),
        };
        Ok((record, again))
    }
}
