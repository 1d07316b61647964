//! Many packages, one JSON object a line; each line answered for itself, in order. What is kept is one
//! line, however long the file is.

use super::{Question, ask};
use crate::AppError;
use serde_json::{Value, json};
use symbolon_exchange::{guard, limits::Limits};
use symbolon_law::{Rulebook, answer::Desk};

/// A line is at most so long.
pub const LINE_BYTES: usize = 64 * 1024;

/// Lines on their way through an edition of the law.
#[derive(Debug)]
pub struct Lines {
    held: Vec<u8>,
    /// Lines begun.
    line: u64,
    /// Whether the line under way is too long and is being passed over.
    over: bool,
    no_remedies: bool,
    on: String,
}

impl Lines {
    /// Nothing read yet. `on` is the day of the step in place of the day of each package.
    #[must_use]
    pub fn new(on: String, no_remedies: bool) -> Self {
        Self {
            held: vec![],
            line: 0,
            over: false,
            no_remedies,
            on,
        }
    }

    /// Takes bytes as they come and writes the answers to the lines that end in them.
    pub fn take(&mut self, book: &Rulebook, bytes: &[u8], out: &mut Vec<u8>) {
        let mut desk = Desk::new(book);
        let mut rest = bytes;
        while let Some(end) = rest.iter().position(|b| *b == b'\n') {
            self.hold(&rest[..end]);
            self.close(&mut desk, out);
            rest = &rest[end + 1..];
        }
        self.hold(rest);
    }

    /// Answers the last line, where no line break ends it.
    pub fn finish(&mut self, book: &Rulebook, out: &mut Vec<u8>) {
        if !self.held.is_empty() || self.over {
            self.close(&mut Desk::new(book), out);
        }
    }

    fn hold(&mut self, bytes: &[u8]) {
        if self.held.len() + bytes.len() > LINE_BYTES {
            self.over = true;
            self.held.clear();
        }
        if !self.over {
            self.held.extend_from_slice(bytes);
        }
    }

    /// Answers the line that is held, unless it is blank.
    fn close(&mut self, desk: &mut Desk<'_>, out: &mut Vec<u8>) {
        self.line += 1;
        let over = std::mem::take(&mut self.over);
        let line = std::mem::take(&mut self.held);
        if !over && line.trim_ascii().is_empty() {
            return;
        }
        let said = if over {
            let message = format!("a line is at most {LINE_BYTES} bytes long");
            problem(&AppError::Malformed(message)).to_string()
        } else {
            let answer = self.answer(desk, &line);
            answer.unwrap_or_else(|e| problem(&e).to_string())
        };
        // An object, and so is a problem: its line goes in front of its other members.
        out.extend_from_slice(format!("{{\"line\":{},", self.line).as_bytes());
        out.extend_from_slice(&said.as_bytes()[1..]);
        out.push(b'\n');
        // The room of a line is used again.
        self.held = line;
        self.held.clear();
    }

    fn answer(&self, desk: &mut Desk<'_>, line: &[u8]) -> crate::Result<String> {
        let value = guard::json::value(line, Limits::shipped())
            .map_err(|e| AppError::Malformed(e.to_string()))?;
        let mut question = Question::of(value)?;
        for (name, value) in [
            ("known", &question.known),
            ("proposals", &question.proposals),
        ] {
            if !value.is_empty() {
                let message = format!("{name}: one batch asks one law; name it in the address");
                return Err(ask::fault(name, message));
            }
        }
        if question.on.is_empty() {
            question.on.clone_from(&self.on);
        }
        let package = question.package(desk.book)?;
        ask::answered(desk, &package, self.no_remedies)
    }
}

/// What is wrong with a line.
fn problem(error: &AppError) -> Value {
    let errors: Vec<Value> = match error {
        AppError::Faults(faults) => faults
            .iter()
            .map(|f| json!({"pointer": f.field, "code": f.code, "detail": f.message}))
            .collect(),
        _ => vec![],
    };
    json!({"error": {"detail": error.to_string(), "errors": errors}})
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn answers(text: &str, cuts: &[usize]) -> Vec<Value> {
        let book = Rulebook::embedded().unwrap();
        let mut lines = Lines::new(String::new(), true);
        let (mut out, mut from) = (vec![], 0);
        for cut in cuts.iter().map(|c| c % (text.len() + 1)) {
            if cut > from {
                lines.take(&book, &text.as_bytes()[from..cut], &mut out);
                from = cut;
            }
        }
        lines.take(&book, &text.as_bytes()[from..], &mut out);
        lines.finish(&book, &mut out);
        String::from_utf8(out)
            .unwrap()
            .lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect()
    }

    const TEXT: &str = "{\"partner\": \"KEN\", \"authority\": \"fms\", \"date\": \"2023-05-10\"}\n\n{\"partner\": \"XXX\"}\nno json\n{}";

    #[test]
    fn a_bad_line_is_named_and_the_others_are_answered() {
        let said = answers(TEXT, &[]);
        let numbers: Vec<u64> = said.iter().map(|s| s["line"].as_u64().unwrap()).collect();
        assert_eq!(numbers, [1, 3, 4, 5]);
        assert!(said[0]["outcome"].is_string());
        assert_eq!(said[1]["error"]["errors"][0]["pointer"], "/partner");
        assert!(said[2]["error"]["detail"].is_string());
        assert_eq!(said[3]["outcome"], "cannot-tell");
    }

    #[test]
    fn a_line_without_end_is_passed_over_and_not_kept() {
        let book = Rulebook::embedded().unwrap();
        let (mut lines, mut out) = (Lines::new(String::new(), true), vec![]);
        for _ in 0..100 {
            lines.take(&book, &[b'x'; LINE_BYTES], &mut out);
        }
        assert!(lines.held.capacity() <= 2 * LINE_BYTES);
        lines.take(&book, b"\n{}\n", &mut out);
        let text = String::from_utf8(out).unwrap();
        assert!(text.lines().next().unwrap().contains("at most"));
        assert!(text.lines().nth(1).unwrap().contains("\"line\":2"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8))]
        #[test]
        fn it_does_not_matter_how_the_bytes_arrive(mut cuts in prop::collection::vec(0_usize..200, 0..6)) {
            cuts.sort_unstable();
            prop_assert_eq!(answers(TEXT, &cuts), answers(TEXT, &[]));
        }
    }
}
