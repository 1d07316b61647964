//! The mutation check: each condition, comparison and value of each stable rule is turned a little,
//! and some worked case must notice. A mutant that no case notices is a hole in the cases.

use crate::book::{Draft, Edition, Rulebook};
use crate::cases::{self, Case};
use crate::compile::compile;
use crate::dated::{Dated, List};
use crate::error::LawError;
use crate::expr::{Arith, Cmp, Expr, Kind};
use crate::parsed::{Parsed, Written};
use crate::rule::Standing;
use crate::schema::{Schema, Type};
use crate::source::Source;
use std::sync::Arc;

/// A mutant that no case noticed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Survivor {
    /// The rule.
    pub rule: String,
    /// What was turned.
    pub change: String,
}

/// The outcome of the check.
#[derive(Clone, Debug, Default)]
pub struct Mutation {
    /// Rules that were turned.
    pub rules: usize,
    /// Mutants made.
    pub mutants: usize,
    /// Those that no case noticed.
    pub survivors: Vec<Survivor>,
}

/// Turns every stable rule.
///
/// # Errors
/// Where the rulebook cannot be read.
pub fn mutate(source: &Source) -> Result<Mutation, Vec<LawError>> {
    let draft = Draft::read(source)?;
    let cases = cases::read(source, &draft.schema)?;
    let lists: Arc<[List]> = draft.lists.clone().into();
    let mut outcome = Mutation::default();
    for folder in source.folders_with("rule.toml") {
        let own: Vec<&Parsed> = draft.rules.iter().filter(|r| r.folder == folder).collect();
        if !own
            .iter()
            .all(|r| matches!(r.standing, Standing::Stable(_)))
        {
            continue;
        }
        let tried: Vec<Case> = cases
            .iter()
            .filter(|c| c.folder == folder)
            .cloned()
            .collect();
        let bench = Bench {
            schema: &draft.schema,
            lists: &lists,
            cases: tried,
        };
        outcome.rules += 1;
        for mutant in mutants(&draft, folder) {
            outcome.mutants += 1;
            if !bench.notices(&mutant.rules, &mutant.values) {
                outcome.survivors.push(Survivor {
                    rule: folder.replace('/', "."),
                    change: mutant.change,
                });
            }
        }
    }
    Ok(outcome)
}

struct Bench<'a> {
    schema: &'a Schema,
    lists: &'a Arc<[List]>,
    cases: Vec<Case>,
}

impl Bench<'_> {
    /// Whether a case comes out otherwise; a mutant that does not compile is noticed too.
    fn notices(&self, rules: &[Parsed], values: &[Dated]) -> bool {
        let Ok(compiled) = compile(self.schema, rules, values, self.lists) else {
            return true;
        };
        let book = Rulebook {
            schema: self.schema.clone(),
            rules: compiled.rules,
            tables: compiled.tables,
            hash: String::new(),
            edition: Edition::default(),
            authorities: Default::default(),
            under: Default::default(),
            reach: Default::default(),
        };
        !cases::run(&book, &self.cases).is_empty()
    }
}

struct Mutant {
    rules: Vec<Parsed>,
    values: Vec<Dated>,
    change: String,
}

/// All mutants of a folder's rules and values.
fn mutants(draft: &Draft, folder: &str) -> Vec<Mutant> {
    let (rules, values) = with_asked(draft, folder);
    let mut out = vec![];
    for (i, rule) in rules.iter().enumerate().filter(|(_, r)| r.folder == folder) {
        for (changed, change) in rule_variants(rule) {
            let mut all = rules.clone();
            all[i] = changed;
            out.push(Mutant {
                rules: all,
                values: values.clone(),
                change,
            });
        }
    }
    let from = rules
        .iter()
        .filter(|r| r.folder == folder)
        .map(|r| r.from)
        .max()
        .unwrap_or(i64::MIN);
    for (i, dated) in values.iter().enumerate().filter(|(_, d)| d.rule == folder) {
        for (changed, change) in value_variants(dated, from) {
            let mut all = values.clone();
            all[i] = changed;
            out.push(Mutant {
                rules: rules.clone(),
                values: all,
                change,
            });
        }
    }
    out
}

/// The rules of a folder and those they ask about, with their values.
fn with_asked(draft: &Draft, folder: &str) -> (Vec<Parsed>, Vec<Dated>) {
    let mut rules: Vec<Parsed> = draft
        .rules
        .iter()
        .filter(|r| r.folder == folder)
        .cloned()
        .collect();
    let mut next = 0;
    while next < rules.len() {
        for id in rules[next].asks_about() {
            let asked = draft.rules.iter().find(|r| r.id == id);
            if let Some(rule) = asked.filter(|a| rules.iter().all(|r| r.id != a.id)) {
                rules.push(rule.clone());
            }
        }
        next += 1;
    }
    let needed = |d: &&Dated| rules.iter().any(|r| r.folder == d.rule);
    let values = draft.values.iter().filter(needed).cloned().collect();
    (rules, values)
}

fn rule_variants(rule: &Parsed) -> Vec<(Parsed, String)> {
    let mut out = vec![];
    let mut put = |change: String, turn: &dyn Fn(&mut Parsed)| {
        let mut changed = rule.clone();
        turn(&mut changed);
        out.push((changed, change));
    };
    for (expr, what) in variants(&rule.when.expr) {
        put(format!("when: {what}"), &|r| r.when.expr = expr.clone());
    }
    for (expr, what) in rule.must.iter().flat_map(|w: &Written| variants(&w.expr)) {
        put(format!("must: {what}"), &|r| {
            r.must.iter_mut().for_each(|w| w.expr = expr.clone())
        });
    }
    for (expr, what) in rule.amount.iter().flat_map(|(w, _)| variants(&w.expr)) {
        put(format!("amount: {what}"), &|r| {
            r.amount.iter_mut().for_each(|w| w.0.expr = expr.clone())
        });
    }
    for (i, lift) in rule.lifts.iter().enumerate() {
        put(format!("without `{}`", lift.name), &|r| {
            drop(r.lifts.remove(i))
        });
        for (expr, what) in variants(&lift.when.expr) {
            put(format!("{}: {what}", lift.name), &|r| {
                r.lifts[i].when.expr = expr.clone()
            });
        }
    }
    for (expr, what) in rule.duty.iter().flat_map(|d| variants(&d.days.expr)) {
        put(format!("days: {what}"), &|r| {
            r.duty.iter_mut().for_each(|d| d.days.expr = expr.clone())
        });
    }
    for by in [-1, 1] {
        if rule.from != i64::MIN {
            put(format!("from {by:+} day"), &|r| r.from += by);
        }
        if rule.to != i64::MAX {
            put(format!("to {by:+} day"), &|r| r.to += by);
        }
    }
    out
}

/// Values a unit more or less, and first days a day earlier or later.
fn value_variants(dated: &Dated, rule_from: i64) -> Vec<(Dated, String)> {
    let unit = if dated.kind == Type::Money { 100 } else { 1 };
    let mut out = vec![];
    for (i, row) in dated.rows.iter().enumerate() {
        let day = crate::day::written(row.from);
        for by in [-1, 1] {
            let mut changed = dated.clone();
            changed.rows[i].value += by * unit;
            out.push((changed, format!("{} from {day}: {by:+} unit", dated.name)));
            // A first row that begins with the rule: a day earlier changes nothing.
            if i == 0 && (row.from < rule_from || (row.from == rule_from && by < 0)) {
                continue;
            }
            let mut changed = dated.clone();
            changed.rows[i].from += by;
            if i > 0 {
                changed.rows[i - 1].to += by;
            }
            out.push((changed, format!("{} from {day}: {by:+} day", dated.name)));
        }
    }
    out
}

/// All copies of an expression that differ in one place.
fn variants(e: &Expr) -> Vec<(Expr, String)> {
    let mut out = here(e);
    for (i, part) in parts(e).into_iter().enumerate() {
        for (changed, what) in variants(part) {
            let mut copy = e.clone();
            if let Some(slot) = parts_mut(&mut copy).into_iter().nth(i) {
                *slot = changed;
            }
            out.push((copy, what));
        }
    }
    out
}

fn parts(e: &Expr) -> Vec<&Expr> {
    match &e.kind {
        Kind::Not(a) => vec![a],
        Kind::And(p) | Kind::Or(p) => p.iter().collect(),
        Kind::Compare(_, a, b) | Kind::Arith(_, a, b) => vec![a, b],
        Kind::In(a, _) => vec![a],
        Kind::Choose(c, a, b) => vec![c, a, b],
        Kind::Call(name, p) if name != "hit" => p.iter().collect(),
        _ => vec![],
    }
}

fn parts_mut(e: &mut Expr) -> Vec<&mut Expr> {
    match &mut e.kind {
        Kind::Not(a) => vec![a],
        Kind::And(p) | Kind::Or(p) => p.iter_mut().collect(),
        Kind::Compare(_, a, b) | Kind::Arith(_, a, b) => vec![a, b],
        Kind::In(a, _) => vec![a],
        Kind::Choose(c, a, b) => vec![c, a, b],
        Kind::Call(name, p) if name != "hit" => p.iter_mut().collect(),
        _ => vec![],
    }
}

/// Changes at the top of an expression.
fn here(e: &Expr) -> Vec<(Expr, String)> {
    let with = |kind: Kind, what: String| (Expr { kind, at: e.at }, what);
    let not = |what: String| with(Kind::Not(Box::new(e.clone())), what);
    match &e.kind {
        Kind::Not(a) => vec![((**a).clone(), "a `!` taken away".to_owned())],
        Kind::And(p) => {
            let or = with(Kind::Or(p.clone()), "`&&` made `||`".to_owned());
            [or].into_iter()
                .chain(without_each(e, p, Kind::And))
                .collect()
        }
        Kind::Or(p) => {
            let and = with(Kind::And(p.clone()), "`||` made `&&`".to_owned());
            [and]
                .into_iter()
                .chain(without_each(e, p, Kind::Or))
                .collect()
        }
        Kind::Compare(cmp, a, b) => {
            let turned = |c: Cmp| {
                with(
                    Kind::Compare(c, a.clone(), b.clone()),
                    format!("{cmp:?} made {c:?} at {}", e.at),
                )
            };
            let others = match cmp {
                Cmp::Lt => [Cmp::Le, Cmp::Ge],
                Cmp::Le => [Cmp::Lt, Cmp::Gt],
                Cmp::Gt => [Cmp::Ge, Cmp::Le],
                Cmp::Ge => [Cmp::Gt, Cmp::Lt],
                Cmp::Eq => return vec![turned(Cmp::Ne)],
                Cmp::Ne => return vec![turned(Cmp::Eq)],
            };
            others.map(turned).into()
        }
        Kind::In(a, list) => {
            let mut out = vec![not(format!("`in` turned at {}", e.at))];
            if let Kind::List(items) = &list.kind {
                for i in 0..items.len() {
                    let mut fewer = items.clone();
                    let Kind::Text(gone) = fewer.remove(i).kind else {
                        continue;
                    };
                    let list = Expr {
                        kind: Kind::List(fewer),
                        at: list.at,
                    };
                    out.push(with(
                        Kind::In(a.clone(), Box::new(list)),
                        format!("without '{gone}'"),
                    ));
                }
            }
            out
        }
        Kind::Arith(Arith::Add, a, b) => vec![with(
            Kind::Arith(Arith::Sub, a.clone(), b.clone()),
            "`+` made `-`".to_owned(),
        )],
        Kind::Arith(Arith::Sub, a, b) => vec![with(
            Kind::Arith(Arith::Add, a.clone(), b.clone()),
            "`-` made `+`".to_owned(),
        )],
        Kind::Choose(c, a, b) => vec![with(
            Kind::Choose(c.clone(), b.clone(), a.clone()),
            "branches swapped".to_owned(),
        )],
        // A fact that is true or false is turned; for others this does not compile and counts as noticed.
        Kind::Name(path) if path.len() == 1 => vec![not(format!("`{}` turned", path[0]))],
        Kind::Call(name, _) if name == "hit" => vec![not("`hit` turned".to_owned())],
        Kind::Int(i) => [-1, 1]
            .map(|by| with(Kind::Int(i + by), format!("{i} {by:+}")))
            .into(),
        Kind::Text(t) => match t.parse::<jiff::civil::Date>() {
            Ok(day) => [-1_i64, 1]
                .map(|by| {
                    let moved = crate::day::written(crate::day::Day(day).days() + by);
                    with(Kind::Text(moved), format!("{t} {by:+} day"))
                })
                .into(),
            Err(_) => vec![],
        },
        _ => vec![],
    }
}

fn without_each(e: &Expr, p: &[Expr], join: fn(Vec<Expr>) -> Kind) -> Vec<(Expr, String)> {
    let one = |i: usize| {
        let mut fewer = p.to_vec();
        fewer.remove(i);
        let kind = if fewer.len() == 1 {
            fewer.remove(0).kind
        } else {
            join(fewer)
        };
        (
            Expr { kind, at: e.at },
            format!("without part {} at {}", i + 1, e.at),
        )
    };
    (0..p.len()).map(one).collect()
}
