//! The table of a training report: tab-separated cells behind the guard, refusals with the file's name.

pub(super) use crate::guard::delimited::Record;
use crate::guard::{
    GuardError,
    delimited::{Delimited, Form},
};
use crate::import::ImportError;
use std::io::Read;

/// Records of a table, one at a time.
pub(super) struct Table<R> {
    inner: Delimited<R>,
    file: String,
    compressed: bool,
}

impl<R: Read> Table<R> {
    pub fn new(input: R, file: &str, compressed: bool) -> Self {
        Self {
            inner: Delimited::new(input, Form::TABS),
            file: file.to_owned(),
            compressed,
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
        let line = self.inner.line();
        let (file, compressed) = (&self.file, self.compressed);
        self.inner
            .next(width)
            .map_err(|e| named(e, file, compressed, line))
    }
}

/// An error of the guard as one that names the file.
fn named(error: GuardError, file: &str, compressed: bool, line: u64) -> ImportError {
    let form = |line, column, problem, help| ImportError::Form {
        file: file.to_owned(),
        line,
        column,
        problem,
        help,
    };
    match error {
        GuardError::Refused(r) => form(r.line, r.column, r.problem, r.help),
        GuardError::Read(source) if !compressed => ImportError::Read {
            file: file.to_owned(),
            source,
        },
        GuardError::Read(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => form(
            line,
            0,
            "the compressed file is cut off here".to_owned(),
            "fetch the whole file again".to_owned(),
        ),
        GuardError::Read(e) => form(
            line,
            0,
            format!("the compressed file is damaged ({e})"),
            "fetch the file again".to_owned(),
        ),
    }
}
