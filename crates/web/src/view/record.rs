//! `/records`, `/records/{kind}` and `/records/{kind}/{code}`: any kind of record, from its definition.

use super::{
    Cell, Citation, Column, EntryRow, Fact, Facts, Filters, Link, Page, Paging, Query, Table, Tag,
    entry_table, query::safe_href, source_table,
};
use askama::Template;
use serde::{Deserialize, Serialize};

mod samples;

/// Every kind of record.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "record_index.html")]
pub struct RecordIndex {
    /// The frame.
    pub page: Page,
    /// Kinds, by area.
    pub table: Table,
    /// Pages over all kinds.
    pub links: Vec<Link>,
}

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
    /// Where a new one is made; empty where the reader may not.
    pub new: Link,
    /// Where records are brought in from a file; empty where the reader may not.
    pub bring: Link,
    /// Fields that may be set on several at once; empty where the reader may not.
    pub settable: Vec<super::form::Option>,
    /// Where several are set at once.
    pub bulk: String,
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
    /// Whether it holds words of the program: choices and codes of a list.
    #[serde(default)]
    pub words: bool,
}

/// A record, as a row.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RecordRow {
    /// Code and page.
    pub code: Link,
    /// State.
    pub state: String,
    /// Its id, for choosing it.
    pub id: String,
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
            let mut columns = self.columns.iter();
            cells.extend(r.values.iter().map(|v| Cell {
                words: columns.next().is_some_and(|c| c.words),
                ..Cell::text(v)
            }));
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
    /// As recorded before this moment; empty for now.
    pub recorded_before: String,
    /// What may be done with it: change, delete, restore.
    pub acts: Vec<Link>,
    /// Parts to fill in and moves to make, as a task list.
    pub tasks: Vec<Task>,
    /// Records that can be made of it: forms with the link filled in.
    pub additions: Vec<Link>,
    /// Where its last change can be undone for half a minute; empty where it cannot.
    pub undo: String,
    /// Number of the entry that would be undone.
    pub undo_entry: i64,
    /// What other sources say of single fields.
    pub claims: Vec<ClaimLine>,
    /// Records that refer to it, by kind and field.
    pub backlinks: Vec<Links>,
    /// Records that point here or that it points to.
    pub related: Vec<Link>,
    /// Sources of the record.
    pub sources: Vec<Citation>,
    /// Its history, newest first.
    pub history: Vec<EntryRow>,
}

/// A task: a part to fill in, or a move to make.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Task {
    /// What to do, with a verb.
    pub title: String,
    /// Where; empty where it cannot be started yet.
    pub href: String,
    /// `Completed`, `In progress`, `Not yet started`, `Cannot start yet`.
    pub status: String,
    /// What it waits for.
    pub waits_for: String,
}

impl Task {
    /// The address, if it may stand in a link.
    #[must_use]
    pub fn safe(&self) -> &str {
        safe_href(&self.href)
    }

    /// Colour is for what needs action: completed stays plain.
    #[must_use]
    pub fn tone(&self) -> &'static str {
        match self.status.as_str() {
            "In progress" => "info",
            "Not yet started" => "warn",
            _ => "plain",
        }
    }
}

/// What another source says of a field.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ClaimLine {
    /// The field.
    pub field: String,
    /// The value in use.
    pub used: String,
    /// What is claimed.
    pub claimed: String,
    /// Who says so.
    pub sources: Vec<Citation>,
    /// Why it is not used.
    pub note: String,
}

/// Links under a heading.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Links {
    /// Heading.
    pub title: String,
    /// Links.
    pub links: Vec<Link>,
    /// The rest of them; no words where there are none.
    pub more: Link,
}

impl Record {
    /// The claims beside the values in use.
    #[must_use]
    pub fn claim_table(&self) -> Table {
        let columns = ["Field", "In use", "Also claimed", "Who says so", "Note"];
        let row = |c: &ClaimLine| {
            let told = |s: &Citation| match s.locator.as_str() {
                "" => format!("{} ({})", s.document, s.confidence),
                place => format!("{}, {place} ({})", s.document, s.confidence),
            };
            let sources: Vec<String> = c.sources.iter().map(told).collect();
            vec![
                Cell::text(&c.field),
                Cell::text(&c.used),
                Cell::text(&c.claimed),
                Cell::text(&sources.join("; ")),
                Cell::text(&c.note),
            ]
        };
        let rows = self.claims.iter().map(row).collect();
        Table::new(
            "claims-table",
            "Other claims",
            columns.map(Column::text).into(),
        )
        .rows(rows)
        .quiet()
    }

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
