//! The reference page of the facts a package may state, made from the schema and the rules.

use crate::book::Rulebook;
use crate::cases::Case;
use crate::package;
use crate::schema::{Fact, Type};
use std::fmt::Write;

/// How to write a fact of a type.
fn how(book: &Rulebook, fact: &Fact) -> String {
    match fact.kind {
        Type::Bool => "`true` or `false`".to_owned(),
        Type::Int => "whole number".to_owned(),
        Type::Money => "US dollars: `\"USD 14_000_000\"`, or whole dollars as a number".to_owned(),
        Type::Rate => "rate: `\"3.2%\"`".to_owned(),
        Type::Date => "day: `2023-05-01`".to_owned(),
        Type::Word(_) => {
            let name = book.schema.type_name(fact.kind);
            format!("a word of [{name}](#words-of-{})", name.replace('_', "-"))
        }
    }
}

/// A cell of a table.
fn cell(text: &str) -> String {
    text.replace('\n', " ").replace('|', "\\|")
}

/// The page: facts by group, words, examples.
#[must_use]
pub fn facts_page(book: &Rulebook, examples: &[&Case]) -> String {
    let mut out = String::from(
        "# Facts of a package\n\nA package is a file of facts: TOML (one package, or several under `[[package]]`), JSON (an object or a list), or \
         CSV or XLSX (a head line of facts, one package a row). `symbolon check FILE` answers it. A fact that is not stated is not known; \
         an unknown fact is never taken for a no. Two keys are not facts: `name`, and `assume`, which is `\"nothing\"` or `\"clear\"`. \
         With `\"clear\"` facts that have a clear value and are not stated count as that value, and the answer lists them.\n",
    );
    let mut groups: Vec<&str> = vec![];
    for fact in &book.schema.facts {
        if !groups.contains(&fact.group.as_str()) {
            groups.push(&fact.group);
        }
    }
    for group in groups {
        let _ = write!(
            out,
            "\n## {group}\n\n| fact | what to state | how | clear value | read by |\n|---|---|---|---|---|\n"
        );
        for (i, fact) in book
            .schema
            .facts
            .iter()
            .enumerate()
            .filter(|(_, f)| f.group == group)
        {
            row(book, i as u16, fact, &mut out);
        }
    }
    words(book, &mut out);
    out.push_str("\n## Examples\n");
    for case in examples {
        let _ = write!(
            out,
            "\n{}:\n\n```toml\n{}```\n",
            case.name,
            package::to_toml(&book.schema, &case.package)
        );
        if let Some(outcome) = &case.outcome {
            let _ = writeln!(out, "\nAnswer: {}.", outcome.replace('-', " "));
        }
    }
    out
}

fn row(book: &Rulebook, number: u16, fact: &Fact, out: &mut String) {
    let derived = fact
        .derive
        .as_ref()
        .map_or_else(String::new, |d| format!(" Not stated: `{}`.", d.text));
    let clear = fact
        .clear
        .map_or_else(String::new, |c| book.schema.show(fact.kind, c));
    let readers: Vec<String> = book
        .rules
        .iter()
        .filter(|r| r.facts.contains(&number))
        .map(|r| format!("`{}`", r.id))
        .collect();
    let read = match readers.len() {
        0 => "none yet".to_owned(),
        1..=4 => readers.join(", "),
        n => format!("{} and {} more", readers[..3].join(", "), n - 3),
    };
    let _ = writeln!(
        out,
        "| `{}` | {}. {}{} | {} | {clear} | {read} |",
        fact.name,
        cell(fact.label.trim_end_matches('.')),
        cell(&fact.help),
        cell(&derived),
        how(book, fact)
    );
}

fn words(book: &Rulebook, out: &mut String) {
    for vocabulary in &book.schema.vocabularies {
        let _ = write!(
            out,
            "\n## Words of {}\n\n",
            vocabulary.name.replace('_', "-")
        );
        if vocabulary.name == "partner" {
            let all: Vec<String> = vocabulary
                .words
                .iter()
                .map(|(w, m)| format!("`{w}` {m}"))
                .collect();
            let _ = writeln!(out, "{}.", all.join(", "));
            continue;
        }
        out.push_str("| word | meaning |\n|---|---|\n");
        for (word, meaning) in &vocabulary.words {
            let _ = writeln!(out, "| `{word}` | {} |", cell(meaning));
        }
    }
}
