//! `cargo xtask test`: everything there is, on a machine that has nothing but Rust.
//!
//! What the tests need is installed from Debian's packages where that is possible, and named where it
//! is not. A throw-away PostgreSQL cluster lives as long as the run. What cannot be tested is
//! skipped loudly and counted; the last line is `N passed, N failed[, N skipped]`.

pub(crate) mod browser;
mod cluster;
mod count;
mod needs;
pub(crate) mod nightly;

use crate::shell;
use count::Count;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// Folder of raw public data, for the tests that want it.
const DATA: &str = "SYMBOLON_DATA";
/// Address of the PostgreSQL server, for the store tests.
const POSTGRES: &str = "SYMBOLON_TEST_POSTGRES";

#[derive(Default)]
struct Options {
    no_browser: bool,
    no_postgres: bool,
    filter: Vec<String>,
}

impl Options {
    fn read(args: &[String]) -> Result<Self, String> {
        let mut options = Self::default();
        for arg in args {
            match arg.as_str() {
                "--no-browser" => options.no_browser = true,
                "--no-postgres" => options.no_postgres = true,
                other if other.starts_with('-') => {
                    return Err(format!("cargo xtask test: there is no flag `{other}`"));
                }
                filter => options.filter.push(filter.to_owned()),
            }
        }
        Ok(options)
    }

    /// With a filter only tests of that name run; pages have none.
    fn browser(&self) -> bool {
        !self.no_browser && self.filter.is_empty()
    }
}

/// Runs the command.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let options = Options::read(args)?;
    let mut count = Count::default();
    needs::install(!options.no_postgres, options.browser())?;
    if std::env::var_os(DATA).is_none() {
        count.skip(&format!(
            "tests on raw public files; {DATA} does not name their folder (optional)"
        ));
    }
    let cluster = postgres(&options, &mut count)?;
    cargo_test(&options, &[], cluster.as_ref(), &mut count)?;
    drop(cluster);
    if options.browser() {
        browser::run(&mut count)?;
    } else if options.no_browser {
        count.skip("pages in a browser (--no-browser)");
    }
    println!("\n{count}");
    count.verdict()
}

fn postgres(options: &Options, count: &mut Count) -> Result<Option<cluster::Cluster>, String> {
    if options.no_postgres {
        count.skip("the store on PostgreSQL (--no-postgres)");
        return Ok(None);
    }
    cluster::Cluster::start().map(Some)
}

fn cargo_test(
    options: &Options,
    larger: &[(&str, &str)],
    cluster: Option<&cluster::Cluster>,
    count: &mut Count,
) -> Result<(), String> {
    let mut command = shell::cargo();
    command.args(["test", "--workspace", "--locked", "--no-fail-fast"]);
    // Options for the test programs: the names wanted, and what passing tests print, for the skips.
    command.arg("--").args(&options.filter).arg("--show-output");
    command.envs(larger.iter().copied());
    match cluster {
        Some(cluster) => command.env(POSTGRES, cluster.url()),
        None => command.env_remove(POSTGRES),
    };
    let status = counted(&mut command, count)?;
    if !status && count.failed() == 0 {
        return Err("cargo test failed before or outside a test; see above".to_owned());
    }
    Ok(())
}

/// Runs a program whose output is shown and counted; tells whether it ended well.
fn counted(command: &mut Command, count: &mut Count) -> Result<bool, String> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| format!("the tests could not be started: {e}"))?;
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = line.map_err(|e| format!("the tests' output: {e}"))?;
            if let Some(line) = count.line(&String::from_utf8_lossy(&line)) {
                println!("{line}");
            }
        }
    }
    let status = child
        .wait()
        .map_err(|e| format!("the tests did not end: {e}"))?;
    Ok(status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(args: &[&str]) -> Result<Options, String> {
        Options::read(&args.iter().map(|a| (*a).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn flags_and_a_filter_are_told_apart() {
        let options = options(&["--no-postgres", "journal"]).unwrap();
        assert!(options.no_postgres && !options.no_browser);
        assert_eq!(options.filter, ["journal"]);
        assert!(!options.browser());
    }

    #[test]
    fn an_unknown_flag_is_refused() {
        assert!(options(&["--quick"]).is_err());
    }
}
