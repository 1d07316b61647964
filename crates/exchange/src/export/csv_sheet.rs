//! Comma-separated values: UTF-8, RFC 4180, every text quoted and guarded.

use super::{Field, guarded};
use std::io::Write;

/// A CSV file being written.
pub struct CsvSheet<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> CsvSheet<W> {
    pub(super) fn new(out: W, heads: &[String]) -> std::io::Result<Self> {
        let mut writer = csv::WriterBuilder::new()
            .quote_style(csv::QuoteStyle::NonNumeric)
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        writer.write_record(heads)?;
        Ok(Self { writer })
    }

    pub(super) fn row(&mut self, fields: &[Field<'_>]) -> std::io::Result<()> {
        for field in fields {
            match field {
                Field::Empty => self.writer.write_field("")?,
                Field::Int(n) => self.writer.write_field(n.to_string())?,
                Field::Decimal(d) => self.writer.write_field(d)?,
                Field::Text(s) => self.writer.write_field(guarded(s).as_ref())?,
                Field::Owned(s) => self.writer.write_field(guarded(s).as_ref())?,
            }
        }
        self.writer.write_record(None::<&[u8]>)?;
        Ok(())
    }

    pub(super) fn finish(mut self) -> std::io::Result<()> {
        self.writer.flush()
    }
}
