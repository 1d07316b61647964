//! Parts of the rulebook, printed.

use super::{Which, faulty};
use crate::Outcome;
use crate::exit::{Failure, NOT_FOUND};
use crate::output::Out;
use clap::Args;
use serde_json::{Value, json};
use symbolon_law::rule::{Rule, Standing};
use symbolon_law::{Rulebook, book, cases, dated::List, day, lint};

/// One rule.
#[derive(Debug, Args)]
pub struct Show {
    /// Id of the rule: its folder with dots
    rule: String,
    #[command(flatten)]
    which: Which,
}

/// Lists.
#[derive(Debug, Args)]
pub struct Lists {
    /// Only this one, with its rows
    list: Option<String>,
    #[command(flatten)]
    which: Which,
}

fn standing(rule: &Rule) -> &'static str {
    if rule.stable() { "stable" } else { "draft" }
}

fn kind(rule: &Rule) -> String {
    json!(rule.kind).as_str().unwrap_or_default().to_owned()
}

/// A day of a stretch; `-` where it is open.
fn edge(days: i64) -> String {
    if days == i64::MIN || days == i64::MAX {
        "-".to_owned()
    } else {
        day::written(days)
    }
}

pub(super) fn list(which: &Which, out: Out) -> Outcome<()> {
    let book = which.book()?;
    let document: Vec<Value> = book
        .rules
        .iter()
        .map(|r| json!({"rule": r.id, "kind": r.kind, "topic": r.topic, "standing": standing(r), "asks": r.asks, "cites": r.cites}))
        .collect();
    let rows: Vec<Vec<String>> = book
        .rules
        .iter()
        .map(|r| {
            vec![
                r.id.clone(),
                kind(r),
                standing(r).to_owned(),
                r.asks.clone(),
            ]
        })
        .collect();
    out.table(&document, &["rule", "kind", "standing", "asks"], &rows)
}

impl Show {
    pub(super) fn run(self, out: Out) -> Outcome<()> {
        let book = self.which.book()?;
        let Some(rule) = book.rule(&self.rule).map(|i| &book.rules[i]) else {
            return Err(
                Failure::new(NOT_FOUND, format!("there is no rule `{}`", self.rule))
                    .help("`symbolon law list` names them."),
            );
        };
        let all = cases::read(&self.which.source()?, &book.schema).map_err(faulty)?;
        let folder = rule.id.replace('.', "/");
        let names: Vec<&str> = all
            .iter()
            .filter(|c| c.folder == folder || c.rules.contains_key(&rule.id))
            .map(|c| c.name.as_str())
            .collect();
        out.lines(&document(&book, rule, &names), &lines(&book, rule, &names))
    }
}

fn document(book: &Rulebook, rule: &Rule, cases: &[&str]) -> Value {
    let values: Vec<Value> = rule
        .values
        .iter()
        .map(|v| {
            let dated = &book.tables.values[*v as usize];
            let rows: Vec<Value> = dated
                .rows
                .iter()
                .map(|r| json!({"from": edge(r.from), "to": edge(r.to), "value": book.schema.show(dated.kind, r.value), "cite": r.cite, "url": r.url, "note": r.note}))
                .collect();
            json!({"name": dated.name, "rows": rows})
        })
        .collect();
    let facts: Vec<&str> = rule
        .facts
        .iter()
        .map(|f| book.schema.facts[usize::from(*f)].name.as_str())
        .collect();
    json!({
        "rule": rule.id, "asks": rule.asks, "kind": rule.kind, "topic": rule.topic, "standing": standing(rule),
        "in_force": {"from": edge(rule.from), "to": edge(rule.to)}, "when": rule.when, "says": rule.says,
        "cites": rule.cites, "values": values, "facts": facts, "text": rule.text, "cases": cases,
    })
}

fn lines(book: &Rulebook, rule: &Rule, cases: &[&str]) -> Vec<String> {
    let mut out = vec![
        format!("{} ({}, {})", rule.id, kind(rule), standing(rule)),
        rule.asks.clone(),
    ];
    if let Standing::Draft(why) = &rule.standing {
        out.push(format!("Draft: {why}"));
    }
    out.push(format!(
        "In force: {} to {}",
        edge(rule.from),
        edge(rule.to)
    ));
    out.push(format!(
        "When: {}",
        rule.when.split_whitespace().collect::<Vec<_>>().join(" ")
    ));
    out.extend(
        rule.cites
            .iter()
            .map(|c| format!("Cites: {} <{}>", c.at, c.url)),
    );
    for v in &rule.values {
        let dated = &book.tables.values[*v as usize];
        out.push(format!("{}:", dated.name));
        for r in &dated.rows {
            out.push(format!(
                "  {} to {}: {} ({})",
                edge(r.from),
                edge(r.to),
                book.schema.show(dated.kind, r.value),
                r.cite
            ));
        }
    }
    for l in &rule.lifts {
        let sort = if l.waiver { "Waiver" } else { "Exception" };
        out.push(
            format!("{sort}: {} ({}) {} {}", l.name, l.cite, l.by, l.then)
                .trim()
                .to_owned(),
        );
    }
    let facts: Vec<&str> = rule
        .facts
        .iter()
        .map(|f| book.schema.facts[usize::from(*f)].name.as_str())
        .collect();
    out.push(format!("Reads: {}", facts.join(", ")));
    out.push(String::new());
    out.extend(rule.text.lines().map(str::to_owned));
    out.push(format!("{} cases", cases.len()));
    out.extend(cases.iter().map(|c| format!("  {c}")));
    out
}

pub(super) fn facts(which: &Which, out: Out) -> Outcome<()> {
    let book = which.book()?;
    let document: Vec<Value> = book
        .schema
        .facts
        .iter()
        .map(|f| json!({"fact": f.name, "type": book.schema.type_name(f.kind), "label": f.label, "group": f.group, "help": f.help}))
        .collect();
    let rows: Vec<Vec<String>> = book
        .schema
        .facts
        .iter()
        .map(|f| {
            vec![
                f.name.clone(),
                book.schema.type_name(f.kind).to_owned(),
                f.label.clone(),
            ]
        })
        .collect();
    out.table(&document, &["fact", "type", "label"], &rows)
}

impl Lists {
    pub(super) fn run(self, out: Out) -> Outcome<()> {
        let book = self.which.book()?;
        let Some(name) = &self.list else {
            let all = &book.tables.lists;
            let document: Vec<Value> = all
                .iter()
                .map(|l| json!({"list": l.name, "title": l.title, "rows": l.rows.len(), "completeness": l.completeness}))
                .collect();
            let rows: Vec<Vec<String>> = all
                .iter()
                .map(|l| {
                    vec![
                        l.name.clone(),
                        l.rows.len().to_string(),
                        l.title.clone(),
                        l.completeness.clone(),
                    ]
                })
                .collect();
            return out.table(&document, &["list", "rows", "title", "completeness"], &rows);
        };
        let wanted = name.replace('-', "_");
        match book.tables.lists.iter().find(|l| l.name == wanted) {
            Some(list) => rows(&book, list, out),
            None => Err(
                Failure::new(NOT_FOUND, format!("there is no list `{name}`"))
                    .help("`symbolon law lists` names them."),
            ),
        }
    }
}

fn rows(book: &Rulebook, list: &List, out: Out) -> Outcome<()> {
    let partners = &book.schema.vocabularies[0];
    let cells: Vec<Vec<String>> = list
        .rows
        .iter()
        .map(|r| {
            let standing = if r.stable { "stable" } else { "draft" };
            let member = partners.word(r.member).unwrap_or("?").to_owned();
            vec![
                member,
                edge(r.from),
                edge(r.to),
                standing.to_owned(),
                r.cite.clone(),
            ]
        })
        .collect();
    let heads = ["member", "from", "to", "standing", "source"];
    let document: Vec<Value> = cells
        .iter()
        .map(|c| {
            heads
                .iter()
                .zip(c)
                .map(|(h, v)| ((*h).to_owned(), json!(v)))
                .collect::<serde_json::Map<_, _>>()
                .into()
        })
        .collect();
    out.table(&document, &heads, &cells)
}

pub(super) fn proposals(which: &Which, out: Out) -> Outcome<()> {
    let all = book::proposals(&which.source()?).map_err(|e| faulty(vec![e]))?;
    let document: Vec<Value> = all
        .iter()
        .map(|p| json!({"proposal": p.name, "title": p.title, "status": p.status, "url": p.url}))
        .collect();
    let cells: Vec<Vec<String>> = all
        .iter()
        .map(|p| vec![p.name.clone(), p.title.clone(), p.status.clone()])
        .collect();
    out.table(&document, &["proposal", "title", "status"], &cells)
}

pub(super) fn coverage(which: &Which, out: Out) -> Outcome<()> {
    let parts = lint::coverage(&which.source()?).map_err(|e| faulty(vec![e]))?;
    let cells: Vec<Vec<String>> = parts
        .iter()
        .map(|p| vec![p.of.clone(), p.state.clone(), p.rule.clone()])
        .collect();
    out.table(&parts, &["provision", "state", "rule"], &cells)
}
