//! Rows of a JSON file, one at a time: the items of one list, or values on lines (NDJSON).
//!
//! Only one row is ever held; each is read behind the guard of [`super::json`].

use super::{Code, Refusal, Result, json};
use crate::limits::Limits;
use serde_json::{Map, Value};
use std::io::Read;

const BUFFER: usize = 1 << 16;

/// Rows of a JSON file.
pub struct JsonRows<'a, R> {
    input: R,
    limits: &'a Limits,
    buffer: Vec<u8>,
    at: usize,
    end: usize,
    line: u64,
    row: Vec<u8>,
    state: State,
}

/// Where between rows the reader stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Start,
    /// In a list, before its first item.
    Opened,
    /// In a list, after an item.
    Between,
    /// Values one after the other.
    Lines,
    Done,
}

impl<'a, R: Read> JsonRows<'a, R> {
    /// Rows of a file.
    pub fn new(input: R, limits: &'a Limits) -> Self {
        Self {
            input,
            limits,
            buffer: vec![0; BUFFER],
            at: 0,
            end: 0,
            line: 1,
            row: Vec::new(),
            state: State::Start,
        }
    }

    /// The next row with the line it begins on; `None` at the end.
    ///
    /// # Errors
    /// A refusal with line and column; what the system said where the bytes cannot be read.
    pub fn next_row(&mut self) -> Result<Option<(u64, Map<String, Value>)>> {
        if self.state == State::Start {
            self.start()?;
        }
        let Some(first) = self.between()? else {
            return Ok(None);
        };
        let line = self.line;
        if first != b'{' {
            let help = "each row is an object of names and values";
            let problem = "a row that is not an object";
            return Err(Refusal::new(Code::NotAnObject, problem, help)
                .at(line, 0)
                .into());
        }
        self.gather(line)?;
        let value = json::value(&self.row, self.limits).map_err(|r| Refusal {
            line: line + r.line.saturating_sub(1),
            ..r
        })?;
        match value {
            Value::Object(map) => Ok(Some((line, map))),
            _ => Ok(None),
        }
    }

    /// Passes the byte order mark and finds out which of the two forms it is.
    fn start(&mut self) -> Result<()> {
        for mark in super::delimited::BOM {
            if self.peek()? == Some(mark) {
                self.at += 1;
            } else {
                break;
            }
        }
        self.state = match self.space()? {
            Some(b'[') => {
                self.at += 1;
                State::Opened
            }
            None => {
                let help = "a file holds a list of objects, or an object on each line";
                return Err(Refusal::new(Code::Empty, "the file is empty", help).into());
            }
            Some(_) => State::Lines,
        };
        Ok(())
    }

    /// The first byte of the next row, with what stands between rows passed; `None` at the end.
    fn between(&mut self) -> Result<Option<u8>> {
        let byte = self.space()?;
        match (self.state, byte) {
            (State::Done, None) | (State::Lines, None) => Ok(None),
            (State::Done, Some(_)) => Err(self.broken("text after the end of the list")),
            (State::Lines, byte) => Ok(byte),
            (State::Opened | State::Between, Some(b']')) => {
                self.at += 1;
                self.state = State::Done;
                self.between()
            }
            (State::Opened, Some(byte)) => {
                self.state = State::Between;
                Ok(Some(byte))
            }
            (State::Between, Some(b',')) => {
                self.at += 1;
                match self.space()? {
                    Some(b']') | None => Err(self.broken("a comma without a row after it")),
                    byte => Ok(byte),
                }
            }
            (_, None) => Err(self.broken("the list does not end")),
            (_, Some(_)) => Err(self.broken("no comma between rows")),
        }
    }

    fn broken(&self, what: &str) -> super::GuardError {
        let help = "the file is cut off or damaged; export it again";
        Refusal::new(Code::BadJson, what, help)
            .at(self.line, 0)
            .into()
    }

    /// Gathers the object that begins here. Its form is checked later; here only its end is found.
    fn gather(&mut self, begun: u64) -> Result<()> {
        self.row.clear();
        let (mut depth, mut quoted, mut escaped) = (0_u64, false, false);
        loop {
            let Some(byte) = self.peek()? else {
                let help = "the file is cut off; get the whole file";
                let refusal = Refusal::new(Code::BadJson, "an object that does not end", help);
                return Err(refusal.at(begun, 0).into());
            };
            self.at += 1;
            self.row.push(byte);
            if self.row.len() as u64 > self.limits.json_body {
                let problem = format!("a row of more than {} bytes", self.limits.json_body);
                let refusal = Refusal::new(Code::TooLarge, problem, "split it");
                return Err(refusal.at(begun, 0).into());
            }
            if byte == b'\n' {
                self.line += 1;
            }
            if quoted {
                (quoted, escaped) = (escaped || byte != b'"', !escaped && byte == b'\\');
                continue;
            }
            match byte {
                b'"' => quoted = true,
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// Passes white space; the byte after it.
    fn space(&mut self) -> Result<Option<u8>> {
        loop {
            match self.peek()? {
                Some(b'\n') => self.line += 1,
                Some(b' ' | b'\t' | b'\r') => {}
                byte => return Ok(byte),
            }
            self.at += 1;
        }
    }

    fn peek(&mut self) -> Result<Option<u8>> {
        while self.at == self.end {
            match self.input.read(&mut self.buffer) {
                Ok(0) => return Ok(None),
                Ok(n) => (self.at, self.end) = (0, n),
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e.into()),
            }
        }
        Ok(Some(self.buffer[self.at]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::GuardError;

    fn rows(text: &[u8]) -> Result<Vec<(u64, Map<String, Value>)>> {
        let mut rows = JsonRows::new(text, Limits::shipped());
        std::iter::from_fn(|| rows.next_row().transpose()).collect()
    }

    fn refused(text: &[u8]) -> (Code, u64) {
        match rows(text) {
            Err(GuardError::Refused(r)) => (r.code, r.line),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_list_and_lines_give_the_same_rows_with_their_lines() {
        let list = rows(b"\xef\xbb\xbf[\n {\"a\": \"}\\\"\"},\n{\"a\":\n2}\n]\n").unwrap();
        assert_eq!(list.iter().map(|(l, _)| *l).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(list[0].1["a"], "}\"");
        let lines = rows(b"{\"a\": \"}\\\"\"}\n\n{\"a\":2}").unwrap();
        assert_eq!(lines.iter().map(|(l, _)| *l).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(list[1].1, lines[1].1);
        assert_eq!(rows(b"[]").unwrap(), []);
    }

    #[test]
    fn a_damaged_file_is_refused_with_its_line() {
        assert_eq!(refused(b""), (Code::Empty, 0));
        assert_eq!(refused(b"[\n1]"), (Code::NotAnObject, 2));
        assert_eq!(refused(b"[{}\n{}]"), (Code::BadJson, 2));
        assert_eq!(refused(b"[{},\n]"), (Code::BadJson, 2));
        assert_eq!(refused(b"[{}] {}"), (Code::BadJson, 1));
        assert_eq!(refused(b"[{}"), (Code::BadJson, 1));
        assert_eq!(refused(b"\n{\"a\":"), (Code::BadJson, 2));
        assert_eq!(refused(b"{}\n{\"a\":1,\n\"a\":2}"), (Code::DuplicateKey, 3));
    }

    #[test]
    fn a_row_without_end_takes_no_memory() {
        let endless = std::io::Read::chain(&b"[{\"a\":\""[..], std::io::repeat(b'x'));
        let mut rows = JsonRows::new(endless, Limits::shipped());
        assert!(rows.next_row().is_err());
        assert!(rows.row.capacity() <= 4 << 20);
    }
}
