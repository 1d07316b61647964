//! Questions to storage, as data: filters, order and page, never SQL.

use crate::{facts::TableDef, journal::EntryView};
use jiff::civil::Date;
use symbolon_domain::record::{Record, RecordId};

/// A value read from storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A whole number.
    Int(i64),
    /// A text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

impl Value {
    /// The number, or `None`.
    #[must_use]
    pub fn int(&self) -> Option<i64> {
        match self {
            Self::Int(n) => Some(*n),
            _ => None,
        }
    }

    /// The text, or the empty text.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Text(s) => s,
            _ => "",
        }
    }
}

/// How a column is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// Equal to a value.
    Is(Value),
    /// One of several numbers.
    OneOf(Vec<i64>),
    /// At least.
    AtLeast(i64),
    /// At most.
    AtMost(i64),
    /// Nothing stands there.
    Missing,
    /// Begins with a text.
    Begins(String),
    /// Holds a text somewhere, whatever the case of its letters.
    Holds(String),
    /// One of several texts.
    Among(Vec<String>),
    /// Not earlier than a text in its own order; for days and codes.
    From(String),
    /// Not later than a text in its own order.
    UpTo(String),
}

/// A question to a fact table, over the data sets a viewer may see.
#[derive(Clone, Debug)]
pub struct FactQuery {
    /// The table.
    pub table: &'static TableDef,
    /// The data set; `None`: every data set the viewer may see.
    pub dataset: Option<RecordId>,
    /// All of these hold; a column is named as in the table, or `id`.
    pub tests: Vec<(&'static str, Test)>,
    /// Order: columns, each ascending unless marked; the id breaks ties.
    pub order: Vec<(&'static str, bool)>,
    /// How many rows; 0 for all.
    pub limit: u32,
    /// How many to pass over.
    pub offset: u32,
}

impl FactQuery {
    /// Everything in a table.
    #[must_use]
    pub fn all(table: &'static TableDef) -> Self {
        Self {
            table,
            dataset: None,
            tests: vec![],
            order: vec![],
            limit: 0,
            offset: 0,
        }
    }

    /// Only this data set.
    #[must_use]
    pub fn of(mut self, dataset: RecordId) -> Self {
        self.dataset = Some(dataset);
        self
    }

    /// One more condition.
    #[must_use]
    pub fn when(mut self, column: &'static str, test: Test) -> Self {
        self.tests.push((column, test));
        self
    }

    /// One more sort column.
    #[must_use]
    pub fn sorted(mut self, column: &'static str, descending: bool) -> Self {
        self.order.push((column, descending));
        self
    }

    /// One page.
    #[must_use]
    pub fn page(mut self, limit: u32, offset: u32) -> Self {
        (self.limit, self.offset) = (limit, offset);
        self
    }
}

/// A row of a fact table: its id and its cells in the order of the definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactRow {
    /// Id.
    pub id: i64,
    /// Cells after the id.
    pub cells: Vec<Value>,
}

/// A question to the records of one kind.
#[derive(Clone, Debug, Default)]
pub struct RecordQuery {
    /// Conditions on envelope columns (`code`, `partner`, `state`) or fields of the kind.
    pub tests: Vec<(String, Test)>,
    /// Words that must each stand in the code or a text field: the search box of a list.
    pub words: Vec<String>,
    /// Only records that held true on this day.
    pub as_of: Option<Date>,
    /// As the journal had them before this moment, milliseconds since 1970-01-01 UTC.
    pub recorded_before: Option<i64>,
    /// Deleted records too.
    pub deleted: bool,
    /// Sort column and whether descending; by code if absent.
    pub order: Option<(String, bool)>,
    /// How many; 0 for all.
    pub limit: u32,
    /// How many to pass over.
    pub offset: u32,
}

/// One version of a record.
#[derive(Clone, Debug)]
pub struct Version {
    /// The entry that made it.
    pub entry: EntryView,
    /// The record as it then was; absent where the viewer may not see it or it was redacted.
    pub record: Option<Record>,
}

impl RecordQuery {
    /// One more condition.
    #[must_use]
    pub fn when(mut self, column: &str, test: Test) -> Self {
        self.tests.push((column.to_owned(), test));
        self
    }
}
