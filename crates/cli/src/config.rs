//! What the program is told: arguments, then environment, then defaults.

use crate::commands::Command;
use clap::{Args, ColorChoice, Parser};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// Where data lies if nothing is said.
const DATA: &str = "symbolon-data";

/// Explore, check and keep security assistance data with every figure traceable.
#[derive(Debug, Parser)]
#[command(
    name = "symbolon",
    version,
    disable_help_subcommand = true,
    arg_required_else_help = true,
    color = ColorChoice::Auto,
    before_help = "Examples:\n  symbolon demo                                try it with the data that ships\n  symbolon init --data ./d                     make an empty instance\n  symbolon import fmtr report.tsv.zst --data ./d\n  symbolon serve --data ./d                    http://127.0.0.1:7600",
    after_help = "`symbolon help exit-codes` lists what the exit codes mean."
)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Clone, Debug, Default, Args)]
pub struct Global {
    /// Directory of the instance: database and, outside it, the signing key [default: ./symbolon-data]
    #[arg(long, global = true, env = "SYMBOLON_DATA_DIR", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// PostgreSQL instead of SQLite: postgres://... (keys still lie in --data)
    #[arg(
        long,
        global = true,
        env = "SYMBOLON_DATABASE",
        value_name = "URL",
        hide_env_values = true
    )]
    pub database: Option<String>,
    /// Answer as JSON
    #[arg(long, global = true, conflicts_with = "plain")]
    pub json: bool,
    /// Answer as lines with tabs, without padding or colour
    #[arg(long, global = true)]
    pub plain: bool,
    /// No colour (also: NO_COLOR set)
    #[arg(long, global = true)]
    pub no_color: bool,
    /// Never ask; fail and name the option to use
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Say more on stderr; twice for all of it
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

impl Global {
    /// Directory of the instance.
    pub fn data_dir(&self) -> &Path {
        self.data.as_deref().unwrap_or(Path::new(DATA))
    }

    /// Whether colours and moving bars may be shown on stderr.
    pub fn lively(&self) -> bool {
        !self.json && !self.plain && std::io::stderr().is_terminal()
    }

    /// Whether colours may be used.
    pub fn colour(&self) -> bool {
        let asked_not = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        self.lively() && !self.no_color && !asked_not
    }

    /// a password among the arguments can be read by everybody on the machine.
    pub fn warn_of_secrets(&self) {
        let has_password = |arg: &str| {
            let arg = arg.strip_prefix("--database=").unwrap_or(arg);
            let rest = arg
                .strip_prefix("postgres://")
                .or_else(|| arg.strip_prefix("postgresql://"));
            rest.and_then(|r| r.split_once('@'))
                .is_some_and(|(user, _)| user.contains(':'))
                || arg.contains("password=")
        };
        if std::env::args()
            .skip(1)
            .filter(|a| a.contains("postgres"))
            .any(|a| has_password(&a))
        {
            eprintln!(
                "warning: a password among the arguments can be read by everybody on this machine.\n\
                 Set it in the environment instead: SYMBOLON_DATABASE=postgres://..."
            );
        }
    }
}
