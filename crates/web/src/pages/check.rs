//! `/check`: *Can we do this?* The question stands in the address, the answer under it.

mod keep;

pub(crate) use keep::{again, save};

use crate::api::in_address;
use crate::{
    answer::{self, Refused},
    site::Site,
    view::{
        Choice, Link, Nav, Query,
        check::{Ask, Change, Check, Group, outcome_words},
    },
    visitor::Visitor,
};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use symbolon_access::{Action, Policy};
use symbolon_app::AppError;
use symbolon_app::law::{Amended, Determination, Law};
use symbolon_domain::kind::Fault;
use symbolon_law::schema::{Fact, Schema, Type};

/// What every question needs.
const FIRST: [&str; 5] = ["date", "partner", "authority", "aid", "recipient"];

pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let law = site.app.law.current().map_err(|e| visitor.refuse(e))?;
    let question = in_address(&visitor);
    let mut context = Check {
        page: visitor.page("Can we do this?", Nav::Check),
        labels: labels(&law.book.schema),
        may_save: Policy::shipped().grants(&visitor.viewer, Action::Write, "determination"),
        question: visitor.query.pairs.clone(),
        ..Check::default()
    };
    context.page.lead =
        "State what is known; everything else counts as not known. The address of the answer is permanent."
            .to_owned();
    let mut faults: Vec<Fault> = vec![];
    if !visitor.query.pairs.is_empty() {
        match law.determine(&question) {
            Ok(said) => {
                context.page.json = visitor.query.at("/api/v1/determinations");
                context.changes = changes(&visitor.query, &context.labels, &said);
                context.said = Some(said);
            }
            Err(AppError::Faults(found)) => faults = found,
            Err(e) => return Err(visitor.refuse(e)),
        }
    }
    Fields {
        law: &law,
        query: &visitor.query,
        faults: &faults,
    }
    .fill(&mut context);
    context.errors = faults.iter().map(|f| error(&context.labels, f)).collect();
    if !faults.is_empty() {
        context.page.title = "Can we do this?".to_owned();
        let mut response = answer::html(&context);
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    }
    answer::page(&visitor, &context)
}

/// Labels of facts.
pub(crate) fn labels(schema: &Schema) -> BTreeMap<String, String> {
    let one = |f: &Fact| (f.name.clone(), f.label.clone());
    schema.facts.iter().map(one).collect()
}

fn error(labels: &BTreeMap<String, String>, fault: &Fault) -> Link {
    let name = fault.field.trim_start_matches('/');
    let label = labels.get(name).map_or(name, String::as_str);
    let message = fault
        .message
        .trim_start_matches(name)
        .trim_start_matches(": ");
    let known = labels.contains_key(name) || ["known", "proposals", "assume"].contains(&name);
    let href = if known {
        format!("#f-{name}")
    } else {
        "#question-h".to_owned()
    };
    Link::new(format!("{label}: {message}"), href)
}

/// What would give a yes, each as the address of that question.
fn changes(query: &Query, labels: &BTreeMap<String, String>, said: &Determination) -> Vec<Change> {
    let words = |c: &Amended| {
        let label = labels.get(&c.fact).unwrap_or(&c.fact);
        format!("{label} = {}", c.would)
    };
    said.remedies
        .iter()
        .map(|r| {
            let mut to = query.clone();
            for c in &r.changes {
                to.pairs.retain(|(n, _)| *n != c.fact);
                to = to.and(&c.fact, &c.would.replace('$', "USD "));
            }
            let all: Vec<String> = r.changes.iter().map(words).collect();
            let outcome = outcome_words(&r.outcome).to_lowercase();
            Change {
                link: Link::new(format!("{}: {outcome}", all.join(" and ")), to.href()),
            }
        })
        .collect()
}

/// What the form is made from.
struct Fields<'a> {
    law: &'a Law,
    query: &'a Query,
    faults: &'a [Fault],
}

impl Fields<'_> {
    fn fill(&self, context: &mut Check) {
        let schema = &self.law.book.schema;
        let mut taken: BTreeSet<&str> = BTreeSet::new();
        for name in FIRST {
            taken.insert(name);
            context.first.extend(
                schema
                    .fact(name)
                    .map(|f| self.of(&schema.facts[usize::from(f)])),
            );
        }
        if let Some(said) = &context.said {
            let missing: BTreeSet<&str> = said.missing.iter().map(|m| m.fact.as_str()).collect();
            for fact in schema
                .facts
                .iter()
                .filter(|f| missing.contains(f.name.as_str()))
            {
                if taken.insert(&fact.name) {
                    context.wanted.push(self.of(fact));
                }
            }
        }
        for fact in schema
            .facts
            .iter()
            .filter(|f| !taken.contains(f.name.as_str()))
        {
            let ask = self.of(fact);
            let stated = !ask.value.is_empty();
            match context.groups.iter_mut().find(|g| g.title == fact.group) {
                Some(group) => {
                    group.open |= stated;
                    group.asks.push(ask);
                }
                None => context.groups.push(Group {
                    title: fact.group.clone(),
                    open: stated,
                    asks: vec![ask],
                }),
            }
        }
        context.options = self.options();
    }

    fn of(&self, fact: &Fact) -> Ask {
        let schema = &self.law.book.schema;
        let choices = match fact.kind {
            Type::Bool => Some(vec![Choice::new("true", "Yes"), Choice::new("false", "No")]),
            Type::Word(v) => {
                let words = &schema.vocabularies[usize::from(v)].words;
                let mut all: Vec<Choice> = words.iter().map(|(w, t)| Choice::new(w, t)).collect();
                all.sort_by(|a, b| a.label.cmp(&b.label));
                Some(all)
            }
            _ => None,
        };
        Ask {
            hint: fact.help.clone(),
            choices: choices.map(Into::into),
            ..self.ask(&fact.name, &fact.label)
        }
    }

    fn ask(&self, name: &str, label: &str) -> Ask {
        let member = format!("/{name}");
        let fault = self.faults.iter().find(|f| f.field == member);
        Ask {
            name: name.to_owned(),
            label: label.to_owned(),
            value: self.query.get(name).to_owned(),
            error: fault.map(|f| f.message.clone()).unwrap_or_default(),
            blank: "Not stated".to_owned(),
            ..Ask::default()
        }
    }

    fn options(&self) -> Vec<Ask> {
        let bills = self.law.proposals.iter();
        let bills: Vec<Choice> = bills.map(|p| Choice::new(&p.name, &p.title)).collect();
        vec![
            Ask {
                hint: "Year-month-day: only what was public by that day. Empty: everything.".to_owned(),
                ..self.ask("known", "Law as known on")
            },
            Ask {
                hint: "A bill laid over the law in force, as if it had always been so.".to_owned(),
                choices: Some(bills.into()),
                blank: "The law in force".to_owned(),
                ..self.ask("proposals", "Under a proposal")
            },
            Ask {
                hint: "Findings and waivers that nobody states may be taken as not being there; the answer names each.".to_owned(),
                choices: Some([Choice::new("clear", "taken as clear, and named")].into()),
                blank: "not known".to_owned(),
                ..self.ask("assume", "What is not stated is")
            },
        ]
    }
}
