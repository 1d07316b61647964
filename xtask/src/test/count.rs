//! Counting: what passed, failed and was skipped, over every test program of a run.

use std::fmt;

/// Totals of a run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    passed: u64,
    failed: u64,
    skipped: Vec<String>,
    ignored: u64,
    /// Within what passing tests printed, which is counted but not shown.
    quiet: bool,
}

impl Count {
    pub(super) fn failed(&self) -> u64 {
        self.failed
    }

    /// Something that could not be tested: said now, counted at the end.
    pub(super) fn skip(&mut self, what: &str) {
        println!("SKIPPED: {what}");
        self.skipped.push(what.to_owned());
    }

    /// A failure outside any test program.
    pub(super) fn fail(&mut self, what: &str) {
        eprintln!("FAILED: {what}");
        self.failed += 1;
    }

    /// Takes in a line of output; gives back what to show of it.
    pub(super) fn line(&mut self, line: &str) -> Option<String> {
        let plain = line.trim();
        if plain == "successes:" {
            self.quiet = true;
        } else if plain == "failures:" || plain.starts_with("test result:") {
            self.quiet = false;
        }
        if plain.starts_with("SKIPPED") {
            let known = self.skipped.iter().any(|s| s == plain);
            if !known {
                self.skipped.push(plain.to_owned());
            }
            return (!known).then(|| plain.to_owned());
        }
        if let Some((passed, failed, ignored)) = closing(plain) {
            self.passed += passed;
            self.failed += failed;
            self.ignored += ignored;
        }
        (!self.quiet).then(|| line.to_owned())
    }

    /// An error where a test failed, or none ran.
    pub(super) fn verdict(&self) -> Result<(), String> {
        match (self.passed, self.failed) {
            (_, 1..) => Err("tests failed; see above".to_owned()),
            (0, 0) => Err("no test ran".to_owned()),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        let skipped = self.skipped.len() as u64 + self.ignored;
        if skipped > 0 {
            write!(f, ", {skipped} skipped")?;
        }
        Ok(())
    }
}

/// The numbers of a closing line: Rust's `test result: ok. 3 passed; 0 failed; 1 ignored; ...`, or
/// ours, `3 passed, 0 failed, 1 skipped`.
fn closing(line: &str) -> Option<(u64, u64, u64)> {
    let rest = match line.strip_prefix("test result:") {
        Some(rest) => rest.split_once(". ")?.1,
        None => line,
    };
    let number = |word: &str| -> Option<u64> {
        rest.split([';', ','])
            .find_map(|part| part.trim().strip_suffix(word)?.trim().parse().ok())
    };
    let (passed, failed) = (number("passed")?, number("failed")?);
    Some((
        passed,
        failed,
        number("ignored").or(number("skipped")).unwrap_or(0),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_of_both_forms_are_added_up() {
        let mut count = Count::default();
        count.line("test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s");
        count
            .line("test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out");
        count.line("30 passed, 2 failed");
        assert_eq!(count.to_string(), "44 passed, 3 failed, 1 skipped");
        assert!(count.verdict().is_err());
    }

    #[test]
    fn a_run_without_tests_is_a_failure() {
        let mut count = Count::default();
        assert!(count.verdict().is_err());
        count.line("test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out");
        assert!(count.verdict().is_err());
        count.line("1 passed, 0 failed");
        assert!(count.verdict().is_ok());
    }

    #[test]
    fn what_passing_tests_print_is_hidden_but_skips_are_not() {
        let mut count = Count::default();
        assert!(count.line("test a ... ok").is_some());
        assert!(count.line("successes:").is_none());
        assert!(count.line("chatter, 5 passed").is_none());
        assert_eq!(count.line("SKIPPED: b").as_deref(), Some("SKIPPED: b"));
        assert!(count.line("SKIPPED: b").is_none());
        assert!(count.line("test result: ok. 1 passed; 0 failed").is_some());
        assert_eq!(count.to_string(), "1 passed, 0 failed, 1 skipped");
    }
}
