//! `cargo xtask fuzz [SECONDS] [TARGET]`: any bytes to every reader.
//!
//! With cargo-fuzz and a nightly compiler, libFuzzer looks for input that reaches new code; without them,
//! sound input is changed at random, and that is said. Both run the readers listed in `fuzz/src/lib.rs`.

use crate::shell;
use std::path::Path;
use std::process::Command;

/// Runs the command.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let (seconds, only) = read(args)?;
    let folder = shell::root().join("fuzz");
    if guided() {
        with_libfuzzer(&folder, seconds, only)
    } else {
        println!(
            "No cargo-fuzz or no nightly compiler: input is changed at random, without a look at the code it \
reaches. For the real thing: rustup toolchain install nightly; cargo install cargo-fuzz."
        );
        at_random(&folder, seconds, only)
    }
}

fn read(args: &[String]) -> Result<(u64, Option<&str>), String> {
    let wrong = "cargo xtask fuzz [SECONDS] [TARGET]: seconds are a whole number above 0";
    let seconds = match args.first() {
        None => 60,
        Some(text) => text.parse().ok().filter(|s| *s > 0).ok_or(wrong)?,
    };
    Ok((seconds, args.get(1).map(String::as_str)))
}

/// Whether libFuzzer can be had: its command, and the compiler it asks for.
fn guided() -> bool {
    let mut nightly = Command::new("rustup");
    nightly.args(["run", "nightly", "rustc", "--version"]);
    shell::which("cargo-fuzz").is_some()
        && shell::which("rustup").is_some()
        && shell::output(&mut nightly).is_ok()
}

/// Names of the targets: one file each.
fn targets(folder: &Path) -> Result<Vec<String>, String> {
    let files = std::fs::read_dir(folder.join("fuzz_targets")).map_err(|e| e.to_string())?;
    let name = |f: std::fs::DirEntry| f.path().file_stem()?.to_str().map(str::to_owned);
    let mut names: Vec<String> = files.flatten().filter_map(name).collect();
    names.sort();
    Ok(names)
}

fn with_libfuzzer(folder: &Path, seconds: u64, only: Option<&str>) -> Result<(), String> {
    let all = targets(folder)?;
    let chosen: Vec<&String> = all
        .iter()
        .filter(|t| only.is_none_or(|o| o == t.as_str()))
        .collect();
    if chosen.is_empty() {
        return Err(format!("there is no such target: {}", all.join(", ")));
    }
    let each = (seconds / chosen.len() as u64).max(1);
    let mut failed = vec![];
    for target in &chosen {
        let mut command = Command::new("rustup");
        command
            .args(["run", "nightly", "cargo", "fuzz", "run"])
            .args(["--features", "libfuzzer", target.as_str(), "--"])
            .arg(format!("-max_total_time={each}"))
            .args(["-timeout=10", "-rss_limit_mb=1024", "-max_len=65536"])
            .current_dir(folder);
        if let Err(e) = shell::run(&mut command) {
            println!("FAILED {target}: {e}");
            failed.push(target.as_str());
        }
    }
    println!(
        "{} passed, {} failed",
        chosen.len() - failed.len(),
        failed.len()
    );
    match failed.is_empty() {
        true => Ok(()),
        false => Err(format!("broken by some input: {}", failed.join(", "))),
    }
}

fn at_random(folder: &Path, seconds: u64, only: Option<&str>) -> Result<(), String> {
    let seed = std::process::id().to_string();
    let mut command = shell::cargo();
    command
        .args(["run", "--locked", "--bin", "any_bytes", "--"])
        .args([seconds.to_string(), seed])
        .args(only)
        .current_dir(folder);
    shell::run(&mut command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reader_has_a_target_of_libfuzzer_and_a_line_in_its_manifest() {
        let folder = shell::root().join("fuzz");
        let list = std::fs::read_to_string(folder.join("src/lib.rs")).unwrap();
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let known = list.split("\ntargets! {").nth(1).unwrap();
        let known = known.split("\n}").next().unwrap();
        let mut readers: Vec<String> = known
            .lines()
            .filter_map(|l| {
                l.strip_prefix("    \"")?
                    .split('"')
                    .next()
                    .map(str::to_owned)
            })
            .collect();
        readers.sort();
        assert_eq!(readers, targets(&folder).unwrap());
        for name in &readers {
            assert!(
                manifest.contains(&format!("fuzz_targets/{name}.rs")),
                "{name}"
            );
        }
    }

    #[test]
    fn seconds_are_a_number() {
        assert_eq!(read(&[]).unwrap(), (60, None));
        assert_eq!(read(&["5".into(), "csv".into()]).unwrap(), (5, Some("csv")));
        assert!(read(&["soon".into()]).is_err() && read(&["0".into()]).is_err());
    }
}
