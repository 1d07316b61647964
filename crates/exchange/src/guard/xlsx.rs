//! Workbooks as rows of text, streamed through the guards of container and XML.
//!
//! Nothing of a sheet is held but one row and the table of shared texts. Macros, links to other files,
//! embedded files, formulas and error values are refused; a value outside the rows and columns that are
//! read is refused before anything is made for it.

mod book;
mod cell;
mod sheet;
mod strings;
mod styles;

use super::{Code, Meter, Refusal, Result, xml::Bounds, zip::Zip};
use crate::limits::Limits;
use std::io::{Read, Seek};

/// A workbook whose container, parts and tables were checked.
pub struct Book<'a, R> {
    zip: Zip<R>,
    parts: book::Parts,
    strings: strings::Strings,
    styles: styles::Styles,
    limits: &'a Limits,
    meter: &'a Meter<'a>,
}

/// A row of a sheet: its number, and the texts of its cells; an empty text where nothing stands.
pub struct SheetRow<'a> {
    /// Number of the row, from 1.
    pub line: u64,
    /// Cells from column A on; trailing empty ones may be absent.
    pub cells: &'a [String],
}

/// Within parts of a workbook, bytes and rows are the bound, not elements.
fn bounds(limits: &Limits) -> Bounds {
    Bounds {
        elements: u64::MAX,
        text: limits.xml_tag.max(4 * limits.import_cell),
        ..Bounds::of(limits)
    }
}

impl<'a, R: Read + Seek> Book<'a, R> {
    /// Opens a workbook and reads its small tables.
    ///
    /// # Errors
    /// A refusal naming part or cell; what the system said where the bytes cannot be read.
    pub fn open(input: R, limits: &'a Limits, meter: &'a Meter<'a>) -> Result<Self> {
        let mut zip = Zip::open(input, limits)?;
        book::innocent(&zip)?;
        let parts = book::Parts::read(&mut zip, limits)?;
        let strings = strings::Strings::read(&mut zip, &parts.strings, limits, meter)?;
        let styles = styles::Styles::read(&mut zip, &parts.styles, limits)?;
        Ok(Self {
            zip,
            parts,
            strings,
            styles,
            limits,
            meter,
        })
    }

    /// Names of the sheets, in order.
    pub fn sheets(&self) -> impl Iterator<Item = &str> {
        self.parts.sheets.iter().map(|s| s.name.as_str())
    }

    /// Hands each row that has a value to `each`, in order; `sheet` names it, else the first is read.
    /// `each` says whether to go on.
    ///
    /// # Errors
    /// A refusal naming the cell; what `each` answers.
    pub fn rows(
        &mut self,
        sheet: Option<&str>,
        each: &mut dyn FnMut(SheetRow<'_>) -> Result<bool>,
    ) -> Result<()> {
        let wanted = match sheet {
            None => self.parts.sheets.first(),
            Some(name) => self.parts.sheets.iter().find(|s| s.name == name),
        };
        let Some(wanted) = wanted else {
            let problem = match sheet {
                Some(name) => format!("there is no sheet `{}`", super::quoted(name)),
                None => "there is no sheet".to_owned(),
            };
            let help = "name a sheet of the workbook";
            return Err(Refusal::new(Code::NotAWorkbook, problem, help).into());
        };
        let reader = sheet::Reader {
            name: &wanted.name,
            strings: &self.strings,
            styles: &self.styles,
            from_1904: self.parts.from_1904,
            limits: self.limits,
            meter: self.meter,
        };
        book::with_xml(&mut self.zip, &wanted.part, bounds(self.limits), |xml| {
            reader.read(xml, each)
        })
    }
}

fn damaged() -> super::GuardError {
    let help = "open it in a spreadsheet program and save it again";
    Refusal::new(Code::BadZip, "the workbook's container is damaged", help).into()
}

fn cell_too_long(limits: &Limits) -> Refusal {
    let problem = format!("a cell of more than {} characters", limits.import_cell);
    Refusal::new(
        Code::CellTooLong,
        problem,
        "shorten it, or give it as a document",
    )
}

#[cfg(test)]
mod tests;
