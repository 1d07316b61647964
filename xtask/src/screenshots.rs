//! The pictures of the README, made from the demonstration in a real browser.

use crate::{shell, test::browser};
use std::process::Command;

/// Runs the command.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    if !args.is_empty() {
        return Err("usage: cargo xtask screenshots".to_owned());
    }
    shell::run(shell::cargo().args([
        "build",
        "--release",
        "--package",
        "symbolon-cli",
        "--locked",
    ]))?;
    let folder = shell::root().join("tests-browser");
    let install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    shell::run(Command::new("npm").args(install).current_dir(&folder))?;
    shell::run(
        Command::new("node")
            .arg("screenshots.mjs")
            .arg(shell::root().join("docs/screenshots"))
            .current_dir(&folder)
            .env("SYMBOLON_BINARY", browser::program("release")?),
    )
}
