//! `law`: the rulebook itself.

mod notices;
mod replay;
mod show;

use crate::Outcome;
use crate::config::Global;
use crate::exit::{FAILED, Failure, NOT_FOUND, OK, USAGE};
use crate::output::Out;
use clap::{Args, Subcommand};
use jiff::civil::Date;
use std::path::PathBuf;
use symbolon_law::{
    Edition, LawError, Rulebook, Source, book, cases, day::Day, diff, lint, mutate,
};

/// The rulebook.
#[derive(Debug, Subcommand)]
#[command(
    before_help = "Examples:\n  symbolon law list\n  symbolon law show us.arms-export-control.certify-offer\n  symbolon law diff --from 2008-01-01 --to 2010-12-31\n  symbolon law lint --mutate --law ./law\n  symbolon law replay --by country --format csv -o replay.csv"
)]
pub enum Law {
    /// Every rule with its standing
    List(Which),
    /// One rule: text, values over time, citations, cases
    Show(show::Show),
    /// The facts a package may state
    Facts(Which),
    /// The dated lists, or one of them
    Lists(show::Lists),
    /// The bills that can be laid over the law
    Proposals(Which),
    /// Whether the rulebook keeps its own rules; with --mutate, whether its cases notice every change
    Lint(Lint),
    /// Run the worked cases
    Cases(Cases),
    /// What changed between two days
    Diff(Diff),
    /// Which provisions are covered, and how far
    Coverage(Which),
    /// The rows of the training report against the rulebook as it was
    Replay(replay::Replay),
    /// The section 36(b) notices that ship, under the law and under each bill
    Notices(Which),
}

/// Which law is asked.
#[derive(Clone, Debug, Default, Args)]
pub struct Which {
    /// A rulebook in a folder instead of the one the program carries
    #[arg(long, value_name = "DIR")]
    law: Option<PathBuf>,
    /// Only the law that was public by this day
    #[arg(long, value_name = "DATE")]
    known: Option<Date>,
    /// A bill laid over the law, or several with commas between: `symbolon law proposals` lists them
    #[arg(long, value_name = "BILL")]
    proposal: Option<String>,
}

/// Faults of a rulebook as a failure.
fn faulty(faults: Vec<LawError>) -> Failure {
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    Failure::new(FAILED, lines.join("\n")).help("The rulebook was not loaded.")
}

impl Which {
    /// The files.
    pub fn source(&self) -> Outcome<Source> {
        match &self.law {
            None => Ok(Source::embedded()),
            Some(folder) => {
                Source::folder(folder).map_err(|e| Failure::new(NOT_FOUND, e.to_string()))
            }
        }
    }

    /// The rulebook, compiled.
    pub fn book(&self) -> Outcome<Rulebook> {
        let source = self.source()?;
        let edition = Edition {
            known: self.known.map(|d| Day(d).days()),
            proposal: self.proposal.clone(),
        };
        for wanted in edition.bills() {
            let known = book::proposals(&source).map_err(|e| faulty(vec![e]))?;
            if known.iter().all(|p| p.name != wanted) {
                let names: Vec<String> = known.into_iter().map(|p| p.name).collect();
                return Err(
                    Failure::new(NOT_FOUND, format!("there is no proposal `{wanted}`"))
                        .help(format!("There are: {}", names.join(", "))),
                );
            }
        }
        Rulebook::edition(&source, edition).map_err(faulty)
    }
}

/// Whether the rulebook keeps its own rules.
#[derive(Debug, Args)]
pub struct Lint {
    #[command(flatten)]
    which: Which,
    /// Turn each condition, comparison and value of each stable rule; some case must notice
    #[arg(long)]
    mutate: bool,
}

/// Worked cases.
#[derive(Debug, Args)]
pub struct Cases {
    #[command(flatten)]
    which: Which,
    /// Only those of this rule
    #[arg(long)]
    rule: Option<String>,
}

/// What changed.
#[derive(Debug, Args)]
pub struct Diff {
    #[command(flatten)]
    which: Which,
    /// State of this day
    #[arg(long)]
    from: Date,
    /// against the state of this day
    #[arg(long)]
    to: Date,
}

impl Law {
    /// Shows it.
    pub fn run(self, global: &Global) -> Outcome {
        let out = Out::of(global);
        match self {
            Self::List(which) => show::list(&which, out).map(|()| OK),
            Self::Show(c) => c.run(out).map(|()| OK),
            Self::Facts(which) => show::facts(&which, out).map(|()| OK),
            Self::Lists(c) => c.run(out).map(|()| OK),
            Self::Proposals(which) => show::proposals(&which, out).map(|()| OK),
            Self::Lint(c) => c.run(out),
            Self::Cases(c) => c.run(out),
            Self::Diff(c) => c.run(out).map(|()| OK),
            Self::Coverage(which) => show::coverage(&which, out).map(|()| OK),
            Self::Replay(c) => c.run(out).map(|()| OK),
            Self::Notices(which) => notices::run(&which, out).map(|()| OK),
        }
    }
}

impl Lint {
    fn run(self, out: Out) -> Outcome {
        let source = self.which.source()?;
        let faults = lint::lint(&source);
        let mut lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        let mut survivors = vec![];
        let mut counted = serde_json::Value::Null;
        if self.mutate && faults.is_empty() {
            let outcome = mutate::mutate(&source).map_err(faulty)?;
            lines.push(format!(
                "{} mutants of {} stable rules; {} survived",
                outcome.mutants,
                outcome.rules,
                outcome.survivors.len()
            ));
            lines.extend(
                outcome
                    .survivors
                    .iter()
                    .map(|s| format!("{}: {}", s.rule, s.change)),
            );
            counted = serde_json::json!({"rules": outcome.rules, "mutants": outcome.mutants});
            survivors = outcome.survivors;
        }
        if faults.is_empty() && !self.mutate {
            lines.push("nothing is wrong".to_owned());
        }
        let document =
            serde_json::json!({"faults": faults, "mutation": counted, "survivors": survivors});
        out.lines(&document, &lines)?;
        Ok(if faults.is_empty() && survivors.is_empty() {
            OK
        } else {
            FAILED
        })
    }
}

impl Cases {
    fn run(self, out: Out) -> Outcome {
        let book = self.which.book()?;
        let source = self.which.source()?;
        let mut all = cases::read(&source, &book.schema).map_err(faulty)?;
        if let Some(rule) = &self.rule {
            let folder = rule.replace('.', "/");
            all.retain(|c| c.folder == folder || c.rules.contains_key(rule));
            if all.is_empty() {
                return Err(Failure::new(
                    NOT_FOUND,
                    format!("there is no case of `{rule}`"),
                ));
            }
        }
        let failed = cases::run(&book, &all);
        let mut lines: Vec<String> = failed.iter().map(ToString::to_string).collect();
        lines.push(format!(
            "{} of {} cases come out as written",
            all.len() - failed.len(),
            all.len()
        ));
        let document = serde_json::json!({"cases": all.len(), "failed": failed});
        out.lines(&document, &lines)?;
        Ok(if failed.is_empty() { OK } else { FAILED })
    }
}

impl Diff {
    fn run(self, out: Out) -> Outcome<()> {
        if self.to < self.from {
            return Err(Failure::new(USAGE, "--to lies before --from"));
        }
        let book = self.which.book()?;
        let changes = diff::changes(&book, Day(self.from).days(), Day(self.to).days());
        let rows: Vec<Vec<String>> = changes
            .iter()
            .map(|c| {
                vec![
                    c.on.clone(),
                    c.what.to_owned(),
                    c.name.clone(),
                    c.was.clone(),
                    c.is.clone(),
                    c.cite.clone(),
                ]
            })
            .collect();
        out.table(&changes, &["on", "what", "name", "was", "is", "by"], &rows)
    }
}
