//! The commands, one file a verb or noun.

pub mod access;
pub mod account;
pub mod backup;
pub mod check;
pub mod dataset;
pub mod demo;
pub mod doctor;
pub mod export;
pub mod help;
pub mod import;
pub mod init;
pub mod journal;
pub mod law;
pub mod lists;
pub mod rebuild;
pub mod restore;
mod rulebook;
pub mod screen;
pub mod serve;
mod serving;
mod summary;
pub mod upgrade;

use crate::Outcome;
use crate::config::{Cli, Global};
use crate::exit::OK;
use clap::Subcommand;

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Try it: load the data that ships, serve it, print one sign-in link per role
    Demo(demo::Demo),
    /// Make an empty instance and print a one-time set-up link
    Init(init::Init),
    /// Serve pages and API of an instance
    Serve(serve::Serve),
    /// Load a file: all of it, or nothing
    #[command(subcommand)]
    Import(import::Import),
    /// Write rows to a file
    #[command(subcommand)]
    Export(export::Export),
    /// May we? Packages against the rulebook: outcome, reasons, duties, what would change it
    Check(check::Check),
    /// The rulebook: rules, cases, lists, changes, coverage
    #[command(subcommand)]
    Law(law::Law),
    /// Names against sanctions and other lists, with reasons
    Screen(screen::Screen),
    /// Versions of sanctions and other lists: load, show, compare
    Lists(lists::Lists),
    /// Data sets, their findings and control totals
    #[command(subcommand)]
    Dataset(dataset::Dataset),
    /// The journal: entries, checkpoints, proofs, verification
    #[command(subcommand)]
    Journal(journal::Journal),
    /// Write a backup of everything but the keys, or check one
    Backup(backup::Backup),
    /// Restore a backup into an empty place
    Restore(restore::Restore),
    /// Bring a database of an older program up to this one
    Upgrade(upgrade::Upgrade),
    /// Replay the journal into an empty database
    Rebuild(rebuild::Rebuild),
    /// Who may sign in
    #[command(subcommand)]
    Account(account::Account),
    /// Who may see and do what: roles, markings, groups, agreements
    #[command(subcommand)]
    Access(access::Access),
    /// Check an installation and say what to do
    Doctor,
    /// Help on a command or topic: `help exit-codes`
    Help(help::Help),
}

/// Runs a command; its exit code.
pub fn run(cli: Cli) -> Outcome {
    let global: &Global = &cli.global;
    match cli.command {
        Command::Demo(c) => c.run(global),
        Command::Init(c) => c.run(global).map(|()| OK),
        Command::Serve(c) => c.run(global).map(|()| OK),
        Command::Import(c) => c.run(global).map(|()| OK),
        Command::Export(c) => c.run(global).map(|()| OK),
        Command::Check(c) => c.run(global),
        Command::Law(c) => c.run(global),
        Command::Screen(c) => c.run(global),
        Command::Lists(c) => c.run(global).map(|()| OK),
        Command::Dataset(c) => c.run(global).map(|()| OK),
        Command::Journal(c) => c.run(global),
        Command::Backup(c) => c.run(global),
        Command::Restore(c) => c.run(global),
        Command::Upgrade(c) => c.run(global),
        Command::Rebuild(c) => c.run(global),
        Command::Account(c) => c.run(global).map(|()| OK),
        Command::Access(c) => c.run(global).map(|()| OK),
        Command::Doctor => doctor::run(global),
        Command::Help(c) => c.run(global),
    }
}
