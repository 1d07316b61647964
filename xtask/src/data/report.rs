//! The Foreign Military Training Report: the printed columns, every row, in the original order.

use super::{Folders, table};
use symbolon_domain::training::COLUMNS;

/// Writes the report with its thirteen printed columns; columns that were added to the raw file by
/// its makers are dropped, cell text is not touched.
pub fn build(folders: &Folders) -> Result<(), String> {
    let raw = table::bytes(&folders.raw("fmtr/fmtr_fy1999_2020.tsv.zst"))?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b'\t')
        .from_reader(raw.as_slice());
    let heads = reader.headers().map_err(|e| e.to_string())?;
    if !heads.iter().take(COLUMNS.len()).eq(COLUMNS) {
        return Err("the raw report does not begin with the thirteen printed columns".to_owned());
    }
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b'\t')
        .from_writer(Vec::new());
    writer.write_record(COLUMNS).map_err(|e| e.to_string())?;
    let mut row = csv::ByteRecord::new();
    while reader
        .read_byte_record(&mut row)
        .map_err(|e| e.to_string())?
    {
        writer
            .write_record(row.iter().take(COLUMNS.len()))
            .map_err(|e| e.to_string())?;
    }
    let text = writer.into_inner().map_err(|e| e.to_string())?;
    table::write_bytes(
        &folders.out("training-report/fmtr-fy1999-fy2019.tsv.zst"),
        &text,
    )
}
