//! `check`: packages against the rulebook.

use crate::Outcome;
use crate::commands::law::Which;
use crate::config::Global;
use crate::exit::{CANNOT_VERIFY, FAILED, Failure, OK, REFUSED, USAGE, io};
use crate::output::Out;
use clap::Args;
use jiff::civil::Date;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use symbolon_exchange::{
    guard::{GuardError, Meter, xlsx},
    limits::Limits,
};
use symbolon_law::answer::{Desk, Outcome as Answered};
use symbolon_law::package::{self, Package};
use symbolon_law::{Rulebook, day::Day, remedy, render};

/// Packages against the rulebook.
#[derive(Debug, Args)]
#[command(
    before_help = "Examples:\n  symbolon check package.toml\n  symbolon check packages.csv --on 2023-05-01 --json\n  symbolon check package.toml --proposal hr-3613\n  symbolon check package.toml --known 2008-10-01",
    after_help = "Ends with 0 where every package is allowed, 6 where one is refused, 8 where for one it cannot be told.\n`symbolon law facts` lists what a package may state."
)]
pub struct Check {
    /// File of packages: .toml, .json, .csv or .xlsx; - reads TOML from stdin
    file: PathBuf,
    /// Ask for this day instead of the day of each package
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    #[command(flatten)]
    which: Which,
    /// Do not look for what would turn a refusal into a yes
    #[arg(long)]
    no_remedies: bool,
}

impl Check {
    /// Answers for every package.
    pub fn run(self, global: &Global) -> Outcome {
        let book = self.which.book()?;
        let mut packages = self.packages(&book)?;
        let date = book.schema.fact("date").map(usize::from);
        if let (Some(on), Some(date)) = (self.on, date) {
            packages
                .iter_mut()
                .for_each(|p| p.facts[date] = Day(on).days());
        }
        let mut desk = Desk::new(&book);
        let mut worst = Answered::Allowed;
        let (mut documents, mut lines) = (vec![], vec![]);
        for package in &packages {
            let answer = desk.answer(package);
            worst = worst.max(answer.outcome);
            let look = answer.outcome == Answered::Refused && !self.no_remedies;
            let remedies = if look {
                remedy::remedies(&mut desk, package)
            } else {
                vec![]
            };
            if global.json {
                let written = render::written(&book, package, &answer, &remedies);
                let document = serde_json::to_value(written);
                documents.push(document.map_err(|e| Failure::new(FAILED, e.to_string()))?);
            } else {
                lines.extend(render::text(&book, package, &answer, &remedies));
            }
        }
        match (Out::of(global), documents.len()) {
            (Out::Json, 1) => Out::Json.json(&documents[0])?,
            (out, _) => out.lines(&documents, &lines)?,
        }
        Ok(match worst {
            Answered::Refused => REFUSED,
            Answered::CannotTell => CANNOT_VERIFY,
            _ => OK,
        })
    }

    fn packages(&self, book: &Rulebook) -> Outcome<Vec<Package>> {
        let name = self.file.display().to_string();
        if self.file.extension().is_some_and(|e| e == "xlsx") {
            return sheet(book, &name, &self.file);
        }
        let text = if name == "-" {
            let mut text = String::new();
            let read = std::io::stdin().read_to_string(&mut text);
            read.map_err(|e| Failure::new(FAILED, format!("stdin: {e}")))?;
            text
        } else {
            std::fs::read_to_string(&self.file).map_err(io(&self.file))?
        };
        let read = match self.file.extension().and_then(|e| e.to_str()) {
            Some("json") => package::from_json(&book.schema, &name, &text),
            Some("csv") => package::from_csv(&book.schema, &name, &text),
            Some("toml") => package::from_toml(&book.schema, &name, &text),
            None if name == "-" => package::from_toml(&book.schema, &name, &text),
            _ => {
                return Err(
                    Failure::new(USAGE, format!("{name}: what this is cannot be told"))
                        .help("Packages are read from .toml, .json, .csv and .xlsx."),
                );
            }
        };
        read.map_err(|e| misread(&e))
    }
}

fn misread(e: &dyn std::fmt::Display) -> Failure {
    Failure::new(USAGE, e.to_string()).help("`symbolon law facts` lists what a package may state.")
}

/// Packages of the first sheet of a workbook: a row of facts, then one package a row.
fn sheet(book: &Rulebook, name: &str, file: &Path) -> Outcome<Vec<Package>> {
    let limits = Limits::shipped();
    let meter = Meter::new(limits.parser_memory, None);
    let input = std::fs::File::open(file).map_err(io(file))?;
    let mut heads: Option<Vec<String>> = None;
    let mut packages = vec![];
    let mut wrong = None;
    let refused = |e: GuardError| Failure::new(USAGE, format!("{name}: {e}"));
    let mut workbook = xlsx::Book::open(BufReader::new(input), limits, &meter).map_err(refused)?;
    let read = workbook.rows(None, &mut |row| {
        let Some(heads) = &heads else {
            heads = Some(row.cells.to_vec());
            return Ok(true);
        };
        let line = usize::try_from(row.line).unwrap_or(usize::MAX);
        let blank = String::new();
        let all = heads.iter().chain(std::iter::repeat(&blank));
        let cells = all.zip(row.cells).map(|(h, c)| (h.as_str(), c.as_str()));
        match package::from_cells(&book.schema, name, line, cells) {
            Ok(package) => packages.push(package),
            Err(e) => wrong = Some(e),
        }
        Ok(wrong.is_none())
    });
    read.map_err(refused)?;
    match wrong {
        Some(e) => Err(misread(&e)),
        None => Ok(packages),
    }
}
