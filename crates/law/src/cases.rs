//! Worked cases: named packages with what must come out. They are data (`cases.toml` beside each
//! rule, `determinations.toml` for whole packages) and the measure of the mutation check.

use crate::answer::Desk;
use crate::book::Rulebook;
use crate::day::Day;
use crate::error::LawError;
use crate::package::Package;
use crate::rule::{Rule, Verdict};
use crate::schema::{Schema, Type};
use crate::source::Source;
use crate::spanned;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Facts common to all cases of the file.
    #[serde(default)]
    facts: toml::Table,
    case: Vec<CaseShape>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseShape {
    name: toml::Spanned<String>,
    on: Option<Day>,
    #[serde(default)]
    facts: toml::Table,
    assume: Option<String>,
    expect: Option<String>,
    #[serde(default)]
    sweep: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    days: BTreeMap<String, String>,
    outcome: Option<String>,
    earliest: Option<Day>,
    #[serde(default)]
    rules: BTreeMap<String, String>,
}

/// A case made plain: one package, what must come out.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name, with the day or the swept fact.
    pub name: String,
    /// File and line.
    pub at: LawError,
    /// The folder whose rules it tests; empty for a whole determination.
    pub folder: String,
    /// What is asked.
    pub package: Package,
    /// What the rules of the folder must say together: verdict, and a detail.
    pub expect: Option<String>,
    /// What the whole answer must be.
    pub outcome: Option<String>,
    /// First lawful day.
    pub earliest: Option<i64>,
    /// What single rules must say.
    pub rules: BTreeMap<String, String>,
}

/// Reads every case.
///
/// # Errors
/// Every case that does not fit the schema.
pub fn read(source: &Source, schema: &Schema) -> Result<Vec<Case>, Vec<LawError>> {
    let (mut cases, mut faults) = (vec![], vec![]);
    for file_name in ["cases.toml", "determinations.toml"] {
        for folder in source.folders_with(file_name) {
            let name = format!("{folder}/{file_name}");
            let rule = if file_name == "cases.toml" {
                folder
            } else {
                ""
            };
            match read_file(source, schema, &name, rule) {
                Ok(found) => cases.extend(found),
                Err(e) => faults.push(e),
            }
        }
    }
    if faults.is_empty() {
        Ok(cases)
    } else {
        Err(faults)
    }
}

fn read_file(
    source: &Source,
    schema: &Schema,
    file: &str,
    folder: &str,
) -> Result<Vec<Case>, LawError> {
    let (text, shape): (_, File) = spanned::parse(source, file)?;
    let mut out = vec![];
    for case in &shape.case {
        let at = LawError::at(file, text, case.name.span().start, "");
        let mut facts = shape.facts.clone();
        facts.extend(case.facts.clone());
        let fault = |message: String| LawError {
            message,
            ..at.clone()
        };
        expand(schema, case, facts, folder, &at, &mut out).map_err(fault)?;
    }
    Ok(out)
}

/// One case for each day or swept word.
fn expand(
    schema: &Schema,
    case: &CaseShape,
    facts: toml::Table,
    folder: &str,
    at: &LawError,
    out: &mut Vec<Case>,
) -> Result<(), String> {
    let mut base = Case {
        name: case.name.get_ref().clone(),
        at: at.clone(),
        folder: folder.to_owned(),
        package: Package::from_table(schema, &facts)?,
        expect: case.expect.clone(),
        outcome: case.outcome.clone(),
        earliest: case.earliest.map(Day::days),
        rules: case.rules.clone(),
    };
    base.package.assume |= case.assume.as_deref() == Some("clear");
    let state = |case: &mut Case, fact: &str, value: &str| {
        case.package
            .state(schema, fact, &toml::Value::String(value.to_owned()))
    };
    if let Some(on) = case.on {
        state(&mut base, "date", &on.0.to_string())?;
    }
    let before = out.len();
    for (day, expect) in &case.days {
        let mut one = Case {
            expect: Some(expect.clone()),
            name: format!("{}, {day}", base.name),
            ..base.clone()
        };
        state(&mut one, "date", day)?;
        out.push(one);
    }
    for (fact, values) in &case.sweep {
        for (value, expect) in values {
            let name = format!("{}, {fact} = {value}", base.name);
            let mut one = Case {
                expect: Some(expect.clone()),
                name,
                ..base.clone()
            };
            state(&mut one, fact, value)?;
            out.push(one);
        }
    }
    if out.len() == before {
        out.push(base);
    }
    Ok(())
}

impl Case {
    /// Runs the case; what came out otherwise than expected.
    pub fn run(&self, desk: &mut Desk<'_>) -> Vec<String> {
        let mut wrong = vec![];
        let answer = desk.answer(&self.package);
        let say = |rule: &Rule| {
            let found = answer.spoken.iter().find(|s| s.rule.id == rule.id);
            found.map_or((Verdict::Silent, vec![]), |s| {
                (s.verdict, details(desk.book, s))
            })
        };
        if let Some(expected) = &self.expect {
            let prefix = self.folder.replace('/', ".");
            let own = |r: &&Rule| {
                r.id.strip_prefix(&prefix)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            let worst = desk
                .book
                .rules
                .iter()
                .filter(own)
                .map(say)
                .max_by_key(|(v, _)| *v);
            wrong.extend(differs(
                "it",
                expected,
                worst.unwrap_or((Verdict::Silent, vec![])),
            ));
        }
        for (id, expected) in &self.rules {
            match desk.book.rule(id) {
                Some(i) => wrong.extend(differs(id, expected, say(&desk.book.rules[i]))),
                None => wrong.push(format!("there is no rule `{id}`")),
            }
        }
        if let Some(expected) = self
            .outcome
            .as_ref()
            .filter(|o| *o != answer.outcome.name())
        {
            wrong.push(format!(
                "the outcome is {}, not {expected}",
                answer.outcome.name()
            ));
        }
        if self.earliest.is_some() && self.earliest != answer.earliest {
            let shown = answer
                .earliest
                .map_or_else(|| "none".to_owned(), crate::day::written);
            wrong.push(format!("the earliest day is {shown}"));
        }
        wrong
    }
}

/// `outstanding 30`: the verdict, and one of the details.
fn differs(
    who: &str,
    expected: &str,
    (verdict, details): (Verdict, Vec<String>),
) -> Option<String> {
    let (word, detail) = expected.split_once(' ').unwrap_or((expected, ""));
    if word != verdict.name() {
        return Some(format!("{who} is {}, not {word}", verdict.name()));
    }
    let fits = detail.is_empty() || details.iter().any(|d| d == detail);
    (!fits).then(|| format!("{who} says {}, not {detail}", details.join(", ")))
}

/// What a case may ask for beside the verdict: days, figure, exceptions.
fn details(book: &Rulebook, s: &crate::answer::Spoken<'_>) -> Vec<String> {
    let mut out: Vec<String> = s.days.iter().map(i64::to_string).collect();
    if let (Some((kind, _)), Some(amount)) = (s.rule.amount, s.amount) {
        let kind: Type = kind;
        out.push(book.schema.show(kind, amount));
    }
    out.extend(s.lifts.iter().map(|i| s.rule.lifts[*i].name.clone()));
    out
}

/// Runs cases; those that failed, with what came out.
pub fn run(book: &Rulebook, cases: &[Case]) -> Vec<LawError> {
    let mut desk = Desk::new(book);
    let failed = |case: &Case, desk: &mut Desk<'_>| -> Option<LawError> {
        let wrong = case.run(desk);
        let message = format!("{}: {}", case.name, wrong.join("; "));
        (!wrong.is_empty()).then(|| LawError {
            message,
            ..case.at.clone()
        })
    };
    cases.iter().filter_map(|c| failed(c, &mut desk)).collect()
}
