//! The file of rows that cannot be taken: as they stood, with line and reason beside them, so that it can
//! be corrected and given again.

use super::pass::Judged;
use crate::{AppError, Result};
use std::fs::File;
use std::io::{BufWriter, Seek, Write};
use symbolon_exchange::{
    export::{Field, Sheet},
    import::records::{Class, Mapping},
};

/// Names of the columns added to the file's own.
const ADDED: [&str; 2] = ["import_line", "import_reason"];

/// The file being written.
pub struct RefusedRows<'a> {
    file: &'a mut File,
    heads: Vec<String>,
    sheet: Option<Sheet<BufWriter<File>>>,
}

fn io(e: std::io::Error) -> AppError {
    AppError::Internal(format!("the file of refused rows: {e}"))
}

impl<'a> RefusedRows<'a> {
    /// Begins the file.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn new(file: &'a mut File, mapping: &Mapping) -> Result<Self> {
        let own = mapping.columns.iter().map(|c| c.head.clone());
        let own = own.filter(|h| !ADDED.contains(&h.as_str()));
        let heads = own.chain(ADDED.iter().map(|h| (*h).to_owned())).collect();
        let mut rows = Self {
            file,
            heads,
            sheet: None,
        };
        rows.restart()?;
        Ok(rows)
    }

    /// Throws away what was written.
    pub(super) fn restart(&mut self) -> Result<()> {
        self.sheet = None;
        self.file.set_len(0).map_err(io)?;
        self.file.rewind().map_err(io)?;
        let out = BufWriter::new(self.file.try_clone().map_err(io)?);
        self.sheet = Some(Sheet::csv(out, &self.heads).map_err(io)?);
        Ok(())
    }

    pub(super) fn row(&mut self, judged: &Judged) -> Result<()> {
        let own = self.heads.len() - ADDED.len();
        let draft = &judged.draft;
        let cell = |i: usize| draft.cells.get(i).map_or(Field::Empty, |c| Field::Text(c));
        let mut fields: Vec<Field<'_>> = (0..own).map(cell).collect();
        let reasons = draft.findings.iter().filter(|f| f.class == Class::Refused);
        let reasons: Vec<&str> = reasons.map(|f| f.message.as_str()).collect();
        fields.push(Field::Int(draft.line.cast_signed()));
        fields.push(Field::Owned(reasons.join("; ")));
        match &mut self.sheet {
            Some(sheet) => sheet.row(&fields).map_err(io),
            None => Ok(()),
        }
    }

    pub(super) fn finish(&mut self) -> Result<()> {
        if let Some(sheet) = self.sheet.take() {
            sheet.finish().map_err(io)?;
        }
        self.file.flush().map_err(io)?;
        self.file.rewind().map_err(io)
    }
}
