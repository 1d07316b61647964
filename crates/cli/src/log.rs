//! Logs: JSON lines in UTC on stderr; servers from `info`, other commands from `error`.

use crate::commands::Command;
use crate::config::Cli;
use tracing_subscriber::filter::LevelFilter;

/// Begins to log.
pub fn start(cli: &Cli) {
    let steps = [
        LevelFilter::ERROR,
        LevelFilter::WARN,
        LevelFilter::INFO,
        LevelFilter::DEBUG,
    ];
    let from = match cli.command {
        Command::Serve(_) => 2,
        Command::Demo(_) => 1,
        _ => 0,
    };
    let at = (from + usize::from(cli.global.verbose)).min(steps.len() - 1);
    let _ = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_target(true)
        .with_writer(std::io::stderr)
        .with_max_level(steps[at])
        .try_init();
}
