//! A guarded reader of delimited text: one delimiter, quoting as in RFC 4180, read as a stream.
//!
//! It owns every limit on the form of the file: length of a cell, number of cells, encoding, NUL,
//! quotes. It never holds more than one record and one buffer, whatever the file says. Lines are
//! physical lines, also after line ends within quotes.

use super::{Code, Refusal, Result};
use std::io::Read;

/// Longest cell of a local file, in bytes.
pub const CELL_LIMIT: usize = 1 << 20;
const BUFFER: usize = 1 << 17;

/// Byte order mark of UTF-8.
pub const BOM: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// The form of a delimited file.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// What stands between cells.
    pub delimiter: u8,
    /// Longest cell, in bytes.
    pub cell: usize,
}

impl Form {
    /// Cells between tabs, each at most 1 MiB.
    pub const TABS: Self = Self {
        delimiter: b'\t',
        cell: CELL_LIMIT,
    };

    /// The form that the first line of a file shows: the delimiter that stands there most often outside
    /// quotes, of comma, semicolon and tab; comma where there is none.
    #[must_use]
    pub fn of(first: &[u8], cell: usize) -> Self {
        let mut found = [(b',', 0), (b';', 0), (b'\t', 0)];
        let mut quoted = false;
        for byte in first {
            match byte {
                b'"' => quoted = !quoted,
                b'\n' if !quoted => break,
                _ if quoted => {}
                byte => {
                    if let Some((_, n)) = found.iter_mut().find(|(d, _)| d == byte) {
                        *n += 1;
                    }
                }
            }
        }
        let delimiter = found.iter().rev().max_by_key(|(_, n)| *n);
        Self {
            delimiter: delimiter.map_or(b',', |(d, _)| *d),
            cell,
        }
    }
}

/// How a cell ended.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Cell,
    Line,
    File,
}

/// Records of a table, one at a time.
pub struct Delimited<R> {
    input: R,
    form: Form,
    buffer: Vec<u8>,
    at: usize,
    end: usize,
    line: u64,
    text: Vec<u8>,
    ends: Vec<usize>,
}

/// A record: its cells, and the physical line it starts on.
pub struct Record<'a> {
    /// The line.
    pub line: u64,
    text: &'a str,
    ends: &'a [usize],
}

impl<'a> Record<'a> {
    /// Number of cells; at least one.
    #[must_use]
    #[expect(
        clippy::len_without_is_empty,
        reason = "a record has at least one cell"
    )]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell, from 0; empty beyond the last.
    #[must_use]
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

impl<R: Read> Delimited<R> {
    /// A reader of a form.
    #[must_use]
    pub fn new(input: R, form: Form) -> Self {
        Self {
            input,
            form,
            buffer: vec![0; BUFFER],
            at: 0,
            end: 0,
            line: 1,
            text: Vec::with_capacity(4096),
            ends: Vec::with_capacity(16),
        }
    }

    /// The physical line being read.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The next record; `None` at the end. At most `width` cells; empty lines are passed over.
    ///
    /// # Errors
    /// A refusal with its place where the form is broken; what the system said where it is unreadable.
    pub fn next(&mut self, width: usize) -> Result<Option<Record<'_>>> {
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
            return Err(self
                .at_byte(line, at, Code::Nul, "a NUL character")
                .because("the file is damaged or not text; export it again"));
        }
        match std::str::from_utf8(&self.text) {
            Ok(_) => {}
            Err(e) => {
                let problem = format!("byte 0x{:02X} is not UTF-8", self.text[e.valid_up_to()]);
                return Err(self
                    .at_byte(line, e.valid_up_to(), Code::NotUtf8, &problem)
                    .because("save the file as UTF-8"));
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

    fn at_byte(&self, line: u64, at: usize, code: Code, problem: &str) -> Refusal {
        let column = self.ends.iter().position(|e| at < *e).unwrap_or(0) + 1;
        let below = memchr::memchr_iter(b'\n', &self.text[..at]).count() as u64;
        Refusal::new(code, problem, "").at(line + below, column as u64)
    }

    /// A refusal at the cell being read, on a line.
    fn here(&self, line: u64, code: Code, problem: &str, help: &str) -> super::GuardError {
        let column = self.ends.len() as u64 + 1;
        Refusal::new(code, problem, help).at(line, column).into()
    }

    fn record(&mut self, width: usize) -> Result<End> {
        loop {
            if self.ends.len() == width {
                let help = format!("each line has {width} cells; look for a stray separator");
                return Err(self.here(
                    self.line,
                    Code::Ragged,
                    "more cells than the header",
                    &help,
                ));
            }
            let end = self.cell()?;
            self.ends.push(self.text.len());
            if end != End::Cell {
                return Ok(end);
            }
        }
    }

    fn cell(&mut self) -> Result<End> {
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
            if let Some(i) = memchr::memchr2(self.form.delimiter, b'\n', rest) {
                self.text.extend_from_slice(&rest[..i]);
                let more = rest[i] == self.form.delimiter;
                self.at += i + 1;
                self.limit(from)?;
                if more {
                    return Ok(End::Cell);
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

    fn quoted(&mut self, from: usize) -> Result<End> {
        let opened = self.line;
        loop {
            if self.at == self.end && !self.fill()? {
                return Err(self.here(
                    opened,
                    Code::OpenQuote,
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

    fn closed(&mut self, after: Option<u8>) -> Result<End> {
        match after {
            None => return Ok(End::File),
            Some(d) if d == self.form.delimiter => {
                self.at += 1;
                return Ok(End::Cell);
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
        Err(self.here(
            self.line,
            Code::TextAfterQuote,
            "text after a closing quote",
            "write a quote inside a quoted cell twice",
        ))
    }

    fn limit(&self, from: usize) -> Result<()> {
        let most = self.form.cell;
        if self.text.len() - from <= most {
            return Ok(());
        }
        let problem = match most {
            CELL_LIMIT => "a cell longer than 1 MiB".to_owned(),
            _ => format!("a cell longer than {most} bytes"),
        };
        Err(self.here(
            self.line,
            Code::CellTooLong,
            &problem,
            "look for a missing separator, quote or line end",
        ))
    }

    fn peek(&mut self) -> Result<Option<u8>> {
        if self.at == self.end && !self.fill()? {
            return Ok(None);
        }
        Ok(Some(self.buffer[self.at]))
    }

    /// Refills the buffer; `false` at the end of the file.
    fn fill(&mut self) -> Result<bool> {
        loop {
            match self.input.read(&mut self.buffer) {
                Ok(n) => {
                    self.at = 0;
                    self.end = n;
                    return Ok(n > 0);
                }
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e.into()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &[u8]) -> Result<Vec<Vec<String>>> {
        let mut table = Delimited::new(text, Form::TABS);
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
        assert!(refusal(b"a\tb\nc\t\xff\n").starts_with("line 2, column 2: byte 0xFF"));
        assert!(refusal(b"a\tb\n\"q\nr\0\"\tz\n").starts_with("line 3, column 1: a NUL"));
        assert!(refusal(b"a\nb\t\"open\nmore").starts_with("line 2, column 2: a quote that never"));
        assert!(refusal(b"a\tb\tc\td\n").starts_with("line 1, column 4: more cells"));
        assert!(refusal(b"\"a\"b\n").starts_with("line 1, column 1: text after"));
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
        let mut table = Delimited::new(endless, Form::TABS);
        assert!(table.next(3).is_err());
        assert!(table.text.capacity() < 4 * CELL_LIMIT);
    }

    #[test]
    fn the_first_line_tells_the_delimiter() {
        let of = |text: &str| Form::of(text.as_bytes(), 10).delimiter;
        assert_eq!(of("a,b,c\nx;y;z;;;;"), b',');
        assert_eq!(of("a;\"b,,,\";c\n"), b';');
        assert_eq!(of("a\tb\n"), b'\t');
        assert_eq!(of("alone"), b',');
    }
}
