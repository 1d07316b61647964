//! The shared table of rules as a rulebook, and its cases as columns.

use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use symbolon_law::columns::Columns;
use symbolon_law::{Rulebook, Source};

/// Flags of a case: columns of truths.
const FLAGS: [&str; 15] = [
    "sme",
    "small",
    "leahy",
    "coup",
    "terror",
    "arrears",
    "blocks_aid",
    "child_soldiers",
    "tvpa3",
    "nuclear",
    "cluster",
    "enhanced",
    "third_party",
    "hr_withhold",
    "caatsa",
];
/// Columns of numbers that stand for words.
const CODES: [&str; 3] = ["group", "type", "authority"];
/// More codes than any of them has.
const MOST_CODES: usize = 8;

type Json = serde_json::Value;

/// `20020930` as `2002-09-30`.
fn day(number: i64) -> String {
    format!(
        "{:04}-{:02}-{:02}",
        number / 10_000,
        number / 100 % 100,
        number % 100
    )
}

/// A rulebook of the table: each rule a folder with its value, dates and citation.
pub(super) fn book(file: &Path) -> Result<Rulebook, Box<dyn Error>> {
    let rules: Vec<Json> = serde_json::from_str(&std::fs::read_to_string(file)?)?;
    let mut files = vec![
        ("facts.toml".to_owned(), facts()),
        ("partners.toml".to_owned(), "XXX = 'Nobody'\n".to_owned()),
    ];
    for (i, rule) in rules.iter().enumerate() {
        let id = rule["id"].as_str().ok_or("a rule has no id")?;
        // The number keeps the order of the table.
        let folder = format!("table/{i:02}-{}", id.replace('_', "-"));
        let from = rule["from"].as_i64().unwrap_or(0);
        let to = rule["to"].as_i64().filter(|t| *t < 99_991_231);
        files.push((format!("{folder}/rule.toml"), rule_file(rule, from, to)));
        let amount = rule["min_amount"].as_f64().unwrap_or(0.0) as i64;
        let value = format!(
            "[[line]]\nfrom = {}\nvalue = 'USD {amount}'\ncite = 'table, {id}'\n",
            day(from)
        );
        files.push((format!("{folder}/values.toml"), value));
    }
    let loaded = Rulebook::load(&Source::of(files));
    loaded.map_err(|faults| faults[0].to_string().into())
}

fn facts() -> String {
    let mut out = String::new();
    for code in CODES {
        let _ = writeln!(out, "[words.{code}]");
        for i in 0..MOST_CODES {
            let _ = writeln!(out, "n{i} = '{i}'");
        }
    }
    let mut fact = |name: &str, kind: &str| {
        let _ = writeln!(
            out,
            "[[fact]]\nname = '{name}'\ntype = '{kind}'\nlabel = ''\nhelp = ''\ngroup = ''"
        );
    };
    fact("date", "date");
    CODES.iter().for_each(|c| fact(c, c));
    fact("amount", "money");
    FLAGS.iter().for_each(|f| fact(f, "bool"));
    out
}

fn rule_file(rule: &Json, from: i64, to: Option<i64>) -> String {
    let mut when = vec![];
    for (fact, key) in CODES.iter().zip(["groups", "types", "authorities"]) {
        if let Some(codes) = rule[key].as_array() {
            let words: Vec<String> = codes.iter().map(|c| format!("'n{c}'")).collect();
            when.push(format!("{fact} in [{}]", words.join(", ")));
        }
    }
    when.push("amount >= values.line".to_owned());
    when.extend(rule["flag"].as_str().map(str::to_owned));
    let to = to.map_or_else(String::new, |t| format!("to = {}\n", day(t)));
    format!(
        "asks = '?'\nkind = 'bar'\ntopic = 'table'\nstatus = {{ stable_since = '0' }}\ncites = [{{ at = 'table', url = '' }}]\n\
         checked = {{ on = 2026-01-01, by = 'table' }}\nfrom = {}\n{to}when = \"{}\"\n",
        day(from),
        when.join(" && ")
    )
}

/// The cases as columns.
pub(super) fn cases(book: &Rulebook, file: &Path) -> Result<Columns, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(file)?;
    let heads: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>()?;
    let mut columns = Columns::new(&book.schema, rows.len(), false);
    for (row, record) in rows.iter().enumerate() {
        for (head, cell) in heads.iter().zip(record) {
            let Some(fact) = book.schema.fact(head) else {
                continue;
            };
            let number: i64 = cell.parse()?;
            let value = match head.as_str() {
                "date" => book
                    .schema
                    .parse(book.schema.facts[usize::from(fact)].kind, &day(number))?,
                "amount" => number * 100,
                _ if CODES.contains(&head.as_str()) => book.schema.parse(
                    book.schema.facts[usize::from(fact)].kind,
                    &format!("n{number}"),
                )?,
                _ => number,
            };
            columns.set(&book.schema, fact, row, value);
        }
    }
    Ok(columns)
}
