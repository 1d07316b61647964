//! A guarded table reader: tab-separated cells with CSV quoting, read as a stream.
//!
//! It owns every limit on the form of the file: length of a cell, number of cells, encoding, NUL,
//! quotes. It never holds more than one record and one buffer, whatever the file says.

use crate::import::ImportError;
use std::io::Read;

/// Longest cell, in bytes.
pub(super) const CELL_LIMIT: usize = 1 << 20;
const BUFFER: usize = 1 << 17;

/// How a cell ended.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Tab,
    Line,
    File,
}

/// Records of a table, one at a time.
pub(super) struct Table<R> {
    input: R,
    file: String,
    compressed: bool,
    buffer: Vec<u8>,
    at: usize,
    end: usize,
    line: u64,
    text: Vec<u8>,
    ends: Vec<usize>,
}

/// A record: its cells, and the physical line it starts on.
pub(super) struct Record<'a> {
    pub line: u64,
    text: &'a str,
    ends: &'a [usize],
}

impl<'a> Record<'a> {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn cell(&self, i: usize) -> &'a str {
        let from = if i == 0 {
            0
        } else {
            self.ends.get(i - 1).copied().unwrap_or(0)
        };
        let to = self.ends.get(i).copied().unwrap_or(from);
        self.text.get(from..to).unwrap_or("")
    }
}

impl<R: Read> Table<R> {
    pub fn new(input: R, file: &str, compressed: bool) -> Self {
        Self {
            input,
            file: file.to_owned(),
            compressed,
            buffer: vec![0; BUFFER],
            at: 0,
            end: 0,
            line: 1,
            text: Vec::with_capacity(4096),
            ends: Vec::with_capacity(16),
        }
    }

    /// A refusal at a place.
    pub fn refuse(
        &self,
        line: u64,
        column: usize,
        problem: impl Into<String>,
        help: &str,
    ) -> ImportError {
        ImportError::Form {
            file: self.file.clone(),
            line,
            column: column as u64,
            problem: problem.into(),
            help: help.to_owned(),
        }
    }

    /// The next record; `None` at the end. At most `width` cells; empty lines are passed over.
    pub fn next(&mut self, width: usize) -> Result<Option<Record<'_>>, ImportError> {
        let line = loop {
            self.text.clear();
            self.ends.clear();
            let line = self.line;
            let end = self.record(width)?;
            let empty = self.ends.len() == 1 && self.text.is_empty();
            if !empty {
                break line;
            }
            if end == End::File {
                return Ok(None);
            }
        };
        if let Some(at) = memchr::memchr(0, &self.text) {
            return Err(self.at_byte(
                line,
                at,
                "a NUL character",
                "the file is damaged or not text; export it again",
            ));
        }
        match std::str::from_utf8(&self.text) {
            Ok(_) => {}
            Err(e) => {
                let problem = format!("byte 0x{:02X} is not UTF-8", self.text[e.valid_up_to()]);
                return Err(self.at_byte(
                    line,
                    e.valid_up_to(),
                    &problem,
                    "save the file as UTF-8",
                ));
            }
        }
        // INVARIANT: checked just above.
        let text = std::str::from_utf8(&self.text).unwrap_or("");
        Ok(Some(Record {
            line,
            text,
            ends: &self.ends,
        }))
    }

    fn at_byte(&self, line: u64, at: usize, problem: &str, help: &str) -> ImportError {
        let column = self.ends.iter().position(|e| at < *e).unwrap_or(0) + 1;
        let below = memchr::memchr_iter(b'\n', &self.text[..at]).count() as u64;
        self.refuse(line + below, column, problem, help)
    }

    fn record(&mut self, width: usize) -> Result<End, ImportError> {
        loop {
            if self.ends.len() == width {
                let help = format!("each line has {width} cells; look for a stray tab");
                return Err(self.refuse(self.line, width + 1, "more cells than the header", &help));
            }
            let end = self.cell()?;
            self.ends.push(self.text.len());
            if end != End::Tab {
                return Ok(end);
            }
        }
    }

    fn cell(&mut self) -> Result<End, ImportError> {
        let from = self.text.len();
        if self.at == self.end && !self.fill()? {
            return Ok(End::File);
        }
        if self.buffer[self.at] == b'"' {
            self.at += 1;
            return self.quoted(from);
        }
        loop {
            let rest = &self.buffer[self.at..self.end];
            if let Some(i) = memchr::memchr2(b'\t', b'\n', rest) {
                self.text.extend_from_slice(&rest[..i]);
                let tab = rest[i] == b'\t';
                self.at += i + 1;
                self.limit(from)?;
                if tab {
                    return Ok(End::Tab);
                }
                self.line += 1;
                if self.text.len() > from && self.text.last() == Some(&b'\r') {
                    self.text.pop();
                }
                return Ok(End::Line);
            }
            self.text.extend_from_slice(rest);
            self.at = self.end;
            self.limit(from)?;
            if !self.fill()? {
                return Ok(End::File);
            }
        }
    }

    fn quoted(&mut self, from: usize) -> Result<End, ImportError> {
        let opened = self.line;
        loop {
            if self.at == self.end && !self.fill()? {
                return Err(self.refuse(
                    opened,
                    self.ends.len() + 1,
                    "a quote that never closes",
                    "the file is cut off or a quote was lost; get the whole file",
                ));
            }
            let rest = &self.buffer[self.at..self.end];
            let stop = memchr::memchr(b'"', rest);
            let part = &rest[..stop.unwrap_or(rest.len())];
            self.line += memchr::memchr_iter(b'\n', part).count() as u64;
            self.text.extend_from_slice(part);
            self.at += part.len();
            self.limit(from)?;
            if stop.is_none() {
                continue;
            }
            self.at += 1;
            match self.peek()? {
                Some(b'"') => {
                    self.text.push(b'"');
                    self.at += 1;
                }
                after => return self.closed(after),
            }
        }
    }

    fn closed(&mut self, after: Option<u8>) -> Result<End, ImportError> {
        match after {
            None => return Ok(End::File),
            Some(b'\t') => {
                self.at += 1;
                return Ok(End::Tab);
            }
            Some(b'\n') => {
                self.at += 1;
                self.line += 1;
                return Ok(End::Line);
            }
            Some(b'\r') => {
                self.at += 1;
                if self.peek()? == Some(b'\n') {
                    return self.closed(Some(b'\n'));
                }
            }
            Some(_) => {}
        }
        Err(self.refuse(
            self.line,
            self.ends.len() + 1,
            "text after a closing quote",
            "write a quote inside a quoted cell twice",
        ))
    }

    fn limit(&self, from: usize) -> Result<(), ImportError> {
        if self.text.len() - from <= CELL_LIMIT {
            return Ok(());
        }
        Err(self.refuse(
            self.line,
            self.ends.len() + 1,
            "a cell longer than 1 MiB",
            "no printed cell is that long; look for a missing tab, quote or line end",
        ))
    }

    fn peek(&mut self) -> Result<Option<u8>, ImportError> {
        if self.at == self.end && !self.fill()? {
            return Ok(None);
        }
        Ok(Some(self.buffer[self.at]))
    }

    /// Refills the buffer; `false` at the end of the file.
    fn fill(&mut self) -> Result<bool, ImportError> {
        loop {
            match self.input.read(&mut self.buffer) {
                Ok(n) => {
                    self.at = 0;
                    self.end = n;
                    return Ok(n > 0);
                }
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                Err(e) => return Err(self.unreadable(e)),
            }
        }
    }

    fn unreadable(&self, source: std::io::Error) -> ImportError {
        if !self.compressed {
            return ImportError::Read {
                file: self.file.clone(),
                source,
            };
        }
        if source.kind() == std::io::ErrorKind::UnexpectedEof {
            return self.refuse(
                self.line,
                0,
                "the compressed file is cut off here",
                "fetch the whole file again",
            );
        }
        self.refuse(
            self.line,
            0,
            format!("the compressed file is damaged ({source})"),
            "fetch the file again",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &[u8]) -> Result<Vec<Vec<String>>, ImportError> {
        let mut table = Table::new(text, "x", false);
        let mut out = Vec::new();
        while let Some(r) = table.next(3)? {
            out.push((0..r.len()).map(|i| r.cell(i).to_owned()).collect());
        }
        Ok(out)
    }

    fn refusal(text: &[u8]) -> String {
        cells(text).unwrap_err().to_string()
    }

    #[test]
    fn quoted_cells_keep_tabs_quotes_and_line_ends() {
        let got = cells(b"a\t\"b \"\"c\"\"\td\n\"\te\r\n\nf\t\tg").unwrap();
        assert_eq!(got, [vec!["a", "b \"c\"\td\n", "e"], vec!["f", "", "g"]]);
    }

    #[test]
    fn a_refusal_names_line_and_column() {
        assert!(refusal(b"a\tb\nc\t\xff\n").starts_with("x:2:2: byte 0xFF"));
        assert!(refusal(b"a\tb\n\"q\nr\0\"\tz\n").starts_with("x:3:1: a NUL"));
        assert!(refusal(b"a\nb\t\"open\nmore").starts_with("x:2:2: a quote that never"));
        assert!(refusal(b"a\tb\tc\td\n").starts_with("x:1:4: more cells"));
        assert!(refusal(b"\"a\"b\n").starts_with("x:1:1: text after"));
    }

    #[test]
    fn a_cell_may_have_one_mebibyte_and_not_a_byte_more() {
        let mut text = vec![b'a'; CELL_LIMIT];
        assert!(cells(&text).is_ok());
        text.push(b'a');
        assert!(refusal(&text).contains("longer than 1 MiB"));
        text.insert(0, b'"');
        assert!(refusal(&text).contains("longer than 1 MiB"));
    }

    #[test]
    fn a_cell_without_end_is_refused_before_it_takes_memory() {
        let endless = std::io::Read::take(std::io::repeat(b'x'), 1 << 30);
        let mut table = Table::new(endless, "x", false);
        assert!(table.next(3).is_err());
        assert!(table.text.capacity() < 4 * CELL_LIMIT);
    }
}
