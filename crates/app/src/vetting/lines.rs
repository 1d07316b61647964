//! Lines of a page taken away as CSV: journalled with the address that asked and the count.

use crate::{App, AppError, Result};
use symbolon_access::Viewer;
use symbolon_exchange::export::{Field, Sheet};

/// A table on its way out.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// Names of the columns.
    pub heads: Vec<&'static str>,
    /// Rows; an empty text is an empty cell.
    pub rows: Vec<Vec<String>>,
}

impl App {
    /// The lines as CSV. That they were taken is in the journal before the first byte is given.
    ///
    /// # Errors
    /// What the journal says.
    pub fn taken_away(
        &self,
        viewer: &Viewer,
        object: &str,
        address: &str,
        lines: &Lines,
    ) -> Result<Vec<u8>> {
        let io = |e: std::io::Error| AppError::Internal(e.to_string());
        let heads: Vec<String> = lines.heads.iter().map(|h| (*h).to_owned()).collect();
        let mut out = vec![];
        let mut sheet = Sheet::csv(&mut out, &heads).map_err(io)?;
        for row in &lines.rows {
            let cell = |text: &String| match text.as_str() {
                "" => Field::Empty,
                text => Field::Owned(text.to_owned()),
            };
            sheet
                .row(&row.iter().map(cell).collect::<Vec<_>>())
                .map_err(io)?;
        }
        sheet.finish().map_err(io)?;
        let what = serde_json::json!({"filter": address, "rows": lines.rows.len()});
        let action = format!("{}.export", object.split('/').next().unwrap_or(object));
        self.store.note(viewer, object, &action, what, "")?;
        Ok(out)
    }
}
