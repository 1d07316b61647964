//! `/journal` and `/journal/{seq}`: the log of every change, its checkpoint, and how to verify both.

use super::{
    Cell, Choice, Column, EntryRow, Filters, Link, Page, Paging, Proof, Query, Table, entry_table,
};
use askama::Template;
use serde::{Deserialize, Serialize};

mod samples;

/// The journal.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "journal.html")]
pub struct Journal {
    /// The frame.
    pub page: Page,
    /// The filter form; see [`filters`].
    pub filters: Filters,
    /// Entries on this page, newest first.
    pub rows: Vec<EntryRow>,
    /// Which part of the list.
    pub paging: Paging,
    /// The newest signed checkpoint.
    pub checkpoint: Option<Checkpoint>,
    /// The result of verifying, right after the button was pressed.
    pub verified: Option<Verified>,
    /// Whether this reader may have it verified here.
    pub may_verify: bool,
    /// Why the list is empty, when it is.
    pub empty: String,
}

/// A signed checkpoint.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The signed note, as text.
    pub note: String,
    /// Entries under it.
    pub size: i64,
    /// When it was signed.
    pub when: String,
    /// Address of the note as a file.
    pub href: String,
}

/// The result of verifying.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Verified {
    /// Whether everything agrees.
    pub agrees: bool,
    /// Entries checked.
    pub entries: i64,
    /// Rows of tables checked against their entries.
    pub rows: i64,
    /// When, and how long it took: "2026-11-22 21:40 UTC, 3.1 s".
    pub when: String,
    /// What does not agree, one sentence each.
    pub problems: Vec<String>,
}

/// The filter form: `actor`, `action`, `object`, `from`, `to`.
#[must_use]
pub fn filters(query: &Query, actors: Vec<Choice>, actions: Vec<Choice>) -> Filters {
    Filters::new("filter", "Journal entries", query)
        .select("actor", "Who", actors)
        .select("action", "Action", actions)
        .text("object", "Object", "code of a record or data set")
        .date("from", "From", "")
        .date("to", "To", "")
}

impl Journal {
    /// The entries.
    #[must_use]
    pub fn table(&self) -> Table {
        entry_table("entries", "Journal entries", &self.rows, &self.empty)
    }
}

/// One entry.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "journal_entry.html")]
pub struct JournalEntry {
    /// The frame.
    pub page: Page,
    /// Number.
    pub seq: i64,
    /// The entry as a sentence: who did what to what, when.
    pub sentence: String,
    /// Who.
    pub actor: String,
    /// In which role.
    pub role: String,
    /// When, RFC 3339.
    pub when: String,
    /// What they did.
    pub action: String,
    /// To what.
    pub object: Link,
    /// Why, as given.
    pub reason: String,
    /// What changed.
    pub changes: Vec<ChangeRow>,
    /// Hash of the entry before.
    pub previous_hash: String,
    /// Where it stands in the journal.
    pub proof: Proof,
    /// The entry's bytes as they are hashed: canonical JSON.
    pub raw: String,
    /// The entry before; empty for the first.
    pub previous_href: String,
    /// The entry after; empty for the newest.
    pub next_href: String,
}

/// One field of a change.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ChangeRow {
    /// Label of the field.
    pub label: String,
    /// Value before.
    pub from: String,
    /// Value after.
    pub to: String,
}

impl JournalEntry {
    /// What changed.
    #[must_use]
    pub fn change_table(&self) -> Table {
        let columns = ["Field", "From", "To"];
        let row =
            |c: &ChangeRow| vec![Cell::text(&c.label), Cell::text(&c.from), Cell::text(&c.to)];
        Table::new("changes", "What changed", columns.map(Column::text).into())
            .rows(self.changes.iter().map(row).collect())
            .or("The entry changed no field of a record.")
            .quiet()
    }
}
