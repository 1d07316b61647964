//! `/records`, `/records/{kind}` and `/records/{kind}/{code}`: any kind of record, from its definition.

use super::{
    Cell, Citation, Column, EntryRow, Fact, Facts, Filters, Link, Page, Paging, Query, Table, Tag,
    entry_table, source_table,
};
use askama::Template;
use serde::{Deserialize, Serialize};

mod samples;

/// The records of a kind.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "records.html")]
pub struct Records {
    /// The frame.
    pub page: Page,
    /// The address as it is.
    pub query: Query,
    /// All kinds, to move between them.
    pub kinds: Vec<Link>,
    /// The filter form.
    pub filters: Filters,
    /// Columns after the code.
    pub columns: Vec<RecordColumn>,
    /// Records on this page.
    pub rows: Vec<RecordRow>,
    /// Which part of the list.
    pub paging: Paging,
    /// Why the list is empty, when it is: nothing recorded, nothing you may see, filter too narrow.
    pub empty: String,
}

/// A column of a list of records.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RecordColumn {
    /// Sort key; empty where it cannot be sorted by.
    pub key: String,
    /// Label.
    pub label: String,
    /// Unit.
    pub unit: String,
    /// Whether it holds numbers.
    pub numeric: bool,
}

/// A record, as a row.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RecordRow {
    /// Code and page.
    pub code: Link,
    /// State.
    pub state: String,
    /// Values, in the order of the columns.
    pub values: Vec<String>,
}

impl Records {
    /// The table.
    #[must_use]
    pub fn table(&self) -> Table {
        let mut columns = vec![Column::text("Code").sortable(&self.query, "code")];
        columns.extend(self.columns.iter().map(|c| {
            let column = Column {
                numeric: c.numeric,
                unit: c.unit.clone(),
                ..Column::text(&c.label)
            };
            if c.key.is_empty() {
                column
            } else {
                column.sortable(&self.query, &c.key)
            }
        }));
        columns.push(Column::text("State"));
        let row = |r: &RecordRow| {
            let mut cells = vec![Cell::of(&r.code)];
            cells.extend(r.values.iter().map(|v| Cell::text(v)));
            cells.push(Cell::tag(Tag::new(&r.state, "plain")));
            cells
        };
        let rows = self.rows.iter().map(row).collect();
        Table::new("records", &self.page.title, columns)
            .rows(rows)
            .or(&self.empty)
            .quiet()
    }
}

/// One record.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "record.html")]
pub struct Record {
    /// The frame, with its record line and `visibility`.
    pub page: Page,
    /// Name of the kind, singular.
    pub kind: String,
    /// Lifecycle state.
    pub state: String,
    /// When it is or was true in the world.
    pub valid: String,
    /// The date it is shown as of; empty for now.
    pub as_of: String,
    /// Fields with label, value, help and their own sources.
    pub fields: Vec<Fact>,
    /// Records that point here or that it points to.
    pub related: Vec<Link>,
    /// Sources of the record.
    pub sources: Vec<Citation>,
    /// Its history, newest first.
    pub history: Vec<EntryRow>,
}

impl Record {
    /// The fields.
    #[must_use]
    pub fn field_list(&self) -> Facts {
        Facts {
            lines: self.fields.clone(),
        }
    }

    /// The path of the page, for the date form.
    #[must_use]
    pub fn address(&self) -> &str {
        self.page.path.split(['?', '#']).next().unwrap_or("/")
    }

    /// Sources.
    #[must_use]
    pub fn source_table(&self) -> Table {
        source_table("sources-table", &self.sources)
    }

    /// History.
    #[must_use]
    pub fn history_table(&self) -> Table {
        entry_table(
            "history-table",
            "History",
            &self.history,
            "No change is recorded.",
        )
    }
}
