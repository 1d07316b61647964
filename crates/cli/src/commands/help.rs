//! `help`: a command, or a topic that belongs to none.

use crate::Outcome;
use crate::config::{Cli, Global};
use crate::exit::{Failure, OK, TABLE, USAGE};
use crate::output::{Out, text};
use clap::{Args, CommandFactory};

/// Help on a command or topic.
#[derive(Debug, Args)]
pub struct Help {
    /// A command (`import fmtr`) or a topic (`exit-codes`)
    #[arg(value_name = "COMMAND|TOPIC")]
    about: Vec<String>,
}

impl Help {
    /// Prints it.
    pub fn run(self, global: &Global) -> Outcome {
        if self.about.first().is_some_and(|t| t == "exit-codes") {
            return exit_codes(global);
        }
        let mut command = Cli::command();
        command.build();
        let mut at = &mut command;
        for name in &self.about {
            let known: Vec<String> = at
                .get_subcommands()
                .map(|c| c.get_name().to_owned())
                .collect();
            at = at.find_subcommand_mut(name).ok_or_else(|| {
                Failure::new(USAGE, format!("there is no command or topic `{name}`"))
                    .help(format!("There are: {}, exit-codes", known.join(", ")))
            })?;
        }
        text(&at.render_long_help().to_string())?;
        Ok(OK)
    }
}

fn exit_codes(global: &Global) -> Outcome {
    let json: Vec<_> = TABLE
        .iter()
        .map(|(code, name, when)| serde_json::json!({"code": code, "name": name, "when": when}))
        .collect();
    let rows: Vec<Vec<String>> = TABLE
        .iter()
        .map(|(code, name, when)| vec![code.to_string(), (*name).to_owned(), (*when).to_owned()])
        .collect();
    match Out::of(global) {
        Out::Human => {
            let lines: Vec<String> = rows
                .iter()
                .map(|r| format!("{}  {:<16} {}", r[0], r[1], r[2]))
                .collect();
            text(&(lines.join("\n") + "\n"))?;
        }
        out => out.table(&json, &["code", "name", "when"], &rows)?,
    }
    Ok(OK)
}
