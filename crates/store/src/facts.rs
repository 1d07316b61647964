//! Bulk facts: typed rows that belong to one data set and are bound to its record.
//!
//! The tables are defined here, once; storage makes them, loads them, hashes them and reads them from
//! these definitions. A row's id is `data set number << 32 | row number`, so a data set's rows lie
//! together and in order in every table.

mod rows;

pub use rows::Rows;

use symbolon_domain::record::RecordId;

/// Type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// 64-bit whole number.
    Integer,
    /// Text.
    Text,
}

/// A column of a fact table.
#[derive(Clone, Copy, Debug)]
pub struct ColumnDef {
    /// Name.
    pub name: &'static str,
    /// Type.
    pub column_type: ColumnType,
}

/// A fact table.
#[derive(Debug)]
pub struct TableDef {
    /// Name.
    pub name: &'static str,
    /// What a row is.
    pub help: &'static str,
    /// Columns after `id`.
    pub columns: &'static [ColumnDef],
    /// Indexed columns; each index starts with them and ends with the id.
    pub indexes: &'static [&'static [&'static str]],
}

const fn int(name: &'static str) -> ColumnDef {
    ColumnDef {
        name,
        column_type: ColumnType::Integer,
    }
}

const fn text(name: &'static str) -> ColumnDef {
    ColumnDef {
        name,
        column_type: ColumnType::Text,
    }
}

/// Distinct printed strings of a training report; rows point at them, so every cell is kept as printed.
pub static TRAINING_TEXT: TableDef = TableDef {
    name: "training_text",
    help: "Distinct printed strings of a training report",
    columns: &[text("value")],
    indexes: &[],
};

/// Rows of a training report: thirteen printed cells (numbers of their strings) and our reading.
pub static TRAINING_ROW: TableDef = TableDef {
    name: "training_row",
    help: "Printed rows of a training report with our reading; p_ columns number strings in training_text",
    columns: &[
        int("line"),
        int("block"),
        int("kind"),
        int("phase"),
        int("fiscal_year"),
        text("partner"),
        text("account"),
        int("start_day"),
        int("end_day"),
        int("quantity"),
        int("cost_cents"),
        int("p_report_fiscal_years"),
        int("p_source_group"),
        int("p_country"),
        int("p_program"),
        int("p_course_title"),
        int("p_us_unit"),
        int("p_student_unit"),
        int("p_start_date"),
        int("p_end_date"),
        int("p_location"),
        int("p_quantity"),
        int("p_total_cost"),
        int("p_page_number"),
    ],
    indexes: &[],
};

/// Programme blocks with their printed control totals.
pub static TRAINING_BLOCK: TableDef = TableDef {
    name: "training_block",
    help: "Programme blocks of a training report with printed control totals, before and after repair",
    columns: &[
        text("report"),
        text("source_group"),
        text("country"),
        text("partner"),
        text("program"),
        int("first_row"),
        int("total_row"),
        int("rows"),
        int("quantity_before"),
        int("cost_before"),
        int("quantity"),
        int("cost"),
        int("printed_quantity"),
        int("printed_cost"),
        int("quantity_agreed_before"),
        int("quantity_agrees"),
        int("cost_agreed_before"),
        int("cost_agrees"),
    ],
    indexes: &[],
};

/// Findings: what we doubt, or did.
pub static TRAINING_FINDING: TableDef = TableDef {
    name: "training_finding",
    help: "What is doubted, or was read differently, about a row or block of a training report",
    columns: &[
        text("code"),
        text("severity"),
        int("row"),
        int("block"),
        text("column_name"),
        text("page"),
        text("printed"),
        text("read"),
        text("confidence"),
        text("partner"),
        int("fiscal_year"),
    ],
    indexes: &[&["code"], &["partner"], &["row"]],
};

/// Overlays: cells read differently from how they are printed.
pub static TRAINING_OVERLAY: TableDef = TableDef {
    name: "training_overlay",
    help: "Cells of a training report read differently from how they are printed, with the reason",
    columns: &[
        int("row"),
        text("column_name"),
        text("read"),
        text("reason"),
        text("code"),
        text("confidence"),
    ],
    indexes: &[&["row"]],
};

/// Roll-up of counted training rows, kept in the transaction that loads them.
pub static TRAINING_ROLLUP: TableDef = TableDef {
    name: "training_rollup",
    help: "Training rows, students and cost by partner, fiscal year, account and phase",
    columns: &[
        text("partner"),
        int("fiscal_year"),
        text("account"),
        int("phase"),
        int("rows"),
        int("quantity"),
        int("cost_cents"),
        int("rows_without_cost"),
    ],
    indexes: &[],
};

/// Series by country and year.
pub static OBSERVATION: TableDef = TableDef {
    name: "observation",
    help: "One value of one measure for a country, or an aggregate, in a year",
    columns: &[
        text("partner"),
        text("as_printed"),
        int("year"),
        text("period"),
        text("measure"),
        text("value"),
        text("unit"),
        text("note"),
    ],
    indexes: &[&["partner", "measure", "year"], &["measure", "year"]],
};

/// Section 36(b) notifications.
pub static NOTIFICATION: TableDef = TableDef {
    name: "notification",
    help: "Congressional notifications under section 36(b) of the Arms Export Control Act",
    columns: &[
        text("transmittal"),
        text("legal_basis"),
        text("purchaser"),
        text("partner"),
        text("agency"),
        int("total_usd"),
        int("mde_usd"),
        int("other_usd"),
        text("amount_as_printed"),
        text("source_kind"),
        text("source_ref"),
        text("source_date"),
        text("related_transmittal"),
        text("related_date"),
        text("summary"),
        text("contractor"),
    ],
    indexes: &[&["partner"]],
};

/// Codes of countries in other systems, with dates.
pub static COUNTRY_CODE: TableDef = TableDef {
    name: "country_code",
    help: "Codes and printed names of countries in other systems, each with the time it was in use",
    columns: &[
        text("system"),
        text("code"),
        text("partner"),
        text("valid_from"),
        text("valid_to"),
        text("source"),
    ],
    indexes: &[&["partner"]],
};

/// Entries of sanctions and other lists, with every field they came with.
pub static LIST_ENTRY: TableDef = TableDef {
    name: "list_entry",
    help: "Entries of one version of a list; names, days of birth, countries, identifiers and fields as JSON",
    columns: &[
        text("entry"),
        text("kind"),
        text("name"),
        text("names"),
        text("born"),
        text("countries"),
        text("gender"),
        text("identifiers"),
        text("fields"),
        int("line"),
    ],
    indexes: &[&["entry"]],
};

/// Rows of a list's files that were refused, or taken with a doubt.
pub static LIST_DOUBT: TableDef = TableDef {
    name: "list_doubt",
    help: "Rows of the files of a list that were refused or are doubted, by file, line and column",
    columns: &[
        text("file"),
        int("line"),
        int("column_number"),
        text("code"),
        text("problem"),
    ],
    indexes: &[],
};

/// Every fact table.
pub static TABLES: [&TableDef; 11] = [
    &TRAINING_TEXT,
    &TRAINING_ROW,
    &TRAINING_BLOCK,
    &TRAINING_FINDING,
    &TRAINING_OVERLAY,
    &TRAINING_ROLLUP,
    &OBSERVATION,
    &NOTIFICATION,
    &COUNTRY_CODE,
    &LIST_ENTRY,
    &LIST_DOUBT,
];

impl TableDef {
    /// The fact table with this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static Self> {
        TABLES.into_iter().find(|t| t.name == name)
    }

    /// Position of a column, counted after `id`.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == name)
    }
}

/// A value going into a fact table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing.
    Null,
    /// A whole number.
    Int(i64),
    /// A text.
    Text(&'a str),
}

impl Cell<'_> {
    /// A number that may be missing.
    #[must_use]
    pub fn maybe(n: Option<i64>) -> Self {
        n.map_or(Self::Null, Self::Int)
    }
}

/// The bytes of a row that are hashed into the data set's root: the id, then each cell as a tag and
/// eight big-endian bytes, or as a tag, a length and the text.
pub fn row_bytes<'a>(id: i64, cells: impl IntoIterator<Item = Cell<'a>>, out: &mut Vec<u8>) {
    out.clear();
    out.extend_from_slice(&id.to_be_bytes());
    for cell in cells {
        match cell {
            Cell::Null => out.push(0),
            Cell::Int(n) => {
                out.push(1);
                out.extend_from_slice(&n.to_be_bytes());
            }
            Cell::Text(s) => {
                out.push(2);
                out.extend_from_slice(&(s.len() as u64).to_be_bytes());
                out.extend_from_slice(s.as_bytes());
            }
        }
    }
}

/// The id of a row in every fact table.
#[must_use]
pub const fn row_id(dataset: i64, row: u32) -> i64 {
    (dataset << 32) | row as i64
}

/// The row number in an id.
#[must_use]
pub const fn row_number(id: i64) -> u32 {
    (id & 0xffff_ffff) as u32
}

/// The data set number in an id.
#[must_use]
pub const fn dataset_number(id: i64) -> i64 {
    id >> 32
}

/// A data set as a viewer sees it: its record id, number and title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatasetKey {
    /// The record.
    pub id: RecordId,
    /// Number in the fact tables.
    pub number: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_keep_rows_of_a_data_set_together() {
        assert!(row_id(1, u32::MAX) < row_id(2, 0));
        assert_eq!(row_number(row_id(7, 42)), 42);
        assert_eq!(dataset_number(row_id(7, 42)), 7);
    }

    #[test]
    fn cells_cannot_be_moved_between_columns_unseen() {
        let (mut a, mut b) = (vec![], vec![]);
        row_bytes(1, [Cell::Text("ab"), Cell::Text("c")], &mut a);
        row_bytes(1, [Cell::Text("a"), Cell::Text("bc")], &mut b);
        assert_ne!(a, b);
        row_bytes(1, [Cell::Null, Cell::Int(0)], &mut a);
        row_bytes(1, [Cell::Int(0), Cell::Null], &mut b);
        assert_ne!(a, b);
    }

    #[test]
    fn indexes_name_columns_that_exist() {
        for table in TABLES {
            for column in table.indexes.iter().flat_map(|i| i.iter()) {
                assert!(table.column(column).is_some(), "{}.{column}", table.name);
            }
        }
    }
}
