//! The pages in a real browser: the demonstration is started and visited by `tests-browser/`.

use super::{count::Count, counted, needs};
use crate::shell;
use std::path::PathBuf;
use std::process::Command;

/// Builds the program, starts the harness, counts what it says.
pub(super) fn run(count: &mut Count) -> Result<(), String> {
    let folder = shell::root().join("tests-browser");
    if !folder.join("package.json").is_file() {
        count.skip("pages in a browser: tests-browser/ is not there");
        return Ok(());
    }
    shell::run(shell::cargo().args(["build", "--package", "symbolon-cli", "--locked"]))?;
    let program = program("debug")?;
    if !has_demonstration(&program) {
        count.skip("pages in a browser: the program has no `demo` command yet");
        return Ok(());
    }
    let Some(chromium) = needs::chromium() else {
        count.skip("pages in a browser: no Chromium");
        return Ok(());
    };
    shell::run(
        Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(&folder),
    )?;
    let before = count.failed();
    let well = counted(
        Command::new("node")
            .arg("run.mjs")
            .current_dir(&folder)
            .env("SYMBOLON_BINARY", program)
            .env("SYMBOLON_CHROMIUM", chromium),
        count,
    )?;
    if !well && count.failed() == before {
        count.fail("the browser tests ended badly without naming a failure");
    }
    Ok(())
}

/// Where cargo puts the program, by profile.
pub(crate) fn program(profile: &str) -> Result<PathBuf, String> {
    let text = shell::output(shell::cargo().args([
        "metadata",
        "--format-version=1",
        "--no-deps",
        "--locked",
    ]))?;
    let metadata: serde_json::Value =
        serde_json::from_str(&text).map_err(|e| format!("cargo metadata: {e}"))?;
    let target = metadata["target_directory"]
        .as_str()
        .ok_or("cargo metadata names no target directory")?;
    Ok(PathBuf::from(target).join(profile).join("symbolon"))
}

fn has_demonstration(program: &PathBuf) -> bool {
    shell::output(Command::new(program).args(["demo", "--help"]))
        .is_ok_and(|help| help.contains("--port"))
}
