//! The program `symbolon`: commands, configuration, wiring. The only crate that reads the clock, the
//! environment and randomness.

mod commands;
mod config;
mod cosigning;
mod exit;
mod instance;
mod keys;
mod log;
mod output;
mod outward;
mod progress;
mod secrets;
mod signer;
mod surroundings;
mod witnessing;

use clap::{CommandFactory, FromArgMatches};
use config::Cli;
use exit::Failure;
use std::process::ExitCode;

/// Pages are made of thousands of short texts: the system's allocator takes a quarter of their time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let matches = Cli::command().get_matches();
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(e) => e.exit(),
    };
    log::start(&cli);
    cli.global.warn_of_secrets();
    let json = cli.global.json;
    match commands::run(cli) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            failure.print(json);
            ExitCode::from(failure.code)
        }
    }
}

/// Result of a command: its exit code, or why it failed.
type Outcome<T = u8> = Result<T, Failure>;
