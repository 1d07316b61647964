//! `cargo xtask nightly [SECONDS] [FILTER]`: the tests again with the numbers a night has time for, then fuzzing.
//!
//! What each test does by day stands with the test; here stands how much more of it is done at night.

use super::{Options, cargo_test, needs, postgres};
use crate::test::count::Count;

/// What a test reads to do more than by day.
const LARGER: [(&str, &str); 5] = [
    // Random decisions of function and row filter, on both databases.
    ("SYMBOLON_CASES", "1000000"),
    // Kills during writes.
    ("SYMBOLON_KILL_ROUNDS", "200"),
    // Places at which the disk is full.
    ("SYMBOLON_FULL_PLACES", "200"),
    // Every attack on the journal, not one of each group.
    ("SYMBOLON_NIGHTLY", "1"),
    // Cases of each property (proptest's own default is 256).
    ("PROPTEST_CASES", "2048"),
];

/// Runs the command: seconds of fuzzing for each reader together (600 if not said), then names of tests.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let (seconds, filter) = read(args)?;
    let options = Options {
        filter: filter.to_vec(),
        no_browser: true,
        ..Options::default()
    };
    let mut count = Count::default();
    needs::install(true, false)?;
    let cluster = postgres(&options, &mut count)?;
    let tested = cargo_test(&options, &LARGER, cluster.as_ref(), &mut count);
    drop(cluster);
    println!("\n{count}");
    // What the fuzzer finds is wanted even when a test failed.
    let fuzzed = match seconds {
        0 => Ok(()),
        _ => crate::fuzz::run(&[seconds.to_string()]),
    };
    tested.and(count.verdict()).and(fuzzed)
}

fn read(args: &[String]) -> Result<(u64, &[String]), String> {
    let wrong =
        "cargo xtask nightly [SECONDS] [FILTER]: seconds are a whole number; 0 is no fuzzing";
    match args.split_first() {
        None => Ok((600, &[])),
        Some((first, rest)) => Ok((first.parse().map_err(|_| wrong)?, rest)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_come_first_and_names_after_them() {
        let args = ["0", "r_01"].map(str::to_owned);
        assert_eq!(read(&args), Ok((0, &args[1..])));
        assert_eq!(read(&[]), Ok((600, &[][..])));
        assert!(read(&["soon".to_owned()]).is_err());
    }

    /// A test that reads a larger number is named here, or by night nothing more is done than by day.
    #[test]
    fn every_larger_number_is_read_by_a_test() {
        let crates = crate::shell::root().join("crates");
        let sources = sources(&crates);
        for (name, _) in LARGER {
            let read = sources.iter().any(|s| s.contains(&format!("\"{name}\"")));
            assert!(
                read || name == "PROPTEST_CASES",
                "{name} is read by nothing"
            );
        }
    }

    fn sources(folder: &std::path::Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap().flatten();
        let mut all = vec![];
        for path in entries.map(|e| e.path()) {
            if path.is_dir() {
                all.extend(sources(&path));
            } else if path.extension().is_some_and(|e| e == "rs") {
                all.push(std::fs::read_to_string(&path).unwrap());
            }
        }
        all
    }
}
