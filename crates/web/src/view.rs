//! Page contexts: plain structs that a handler fills and a template renders. They know no database,
//! no viewer and no clock. Each offers `samples()`, good and hard cases, from which tests render it.
//!
//! Rows are typed; tables, figures, sort links, filter chips and page numbers are made from them here,
//! so a handler never writes markup and never builds an address by hand.

pub mod activity;
pub mod assets;
pub mod check;
mod choices;
pub mod countries;
pub mod country;
pub mod dataset;
pub mod desk;
mod figure;
pub mod filters;
pub mod finding_code;
pub mod form;
pub mod format;
pub mod journal;
pub mod language;
pub mod law;
mod page;
mod parts;
pub mod portfolio;
pub mod problem;
pub mod query;
pub mod record;
pub mod reference;
mod safe;
mod sample;
pub mod search;
pub mod sign_in;
mod table;
#[cfg(test)]
mod tests;
pub mod training;
pub mod tree;
pub mod vetting;
pub mod words;

pub use choices::{Choice, Choices};
pub use figure::Figure;
pub use filters::Filters;
pub use page::{Link, Nav, Notice, Page, RecordLine, Theme, Tone, Visibility, Who};
pub use parts::{
    BlockRow, Citation, EntryRow, Fact, Facts, FindingRow, Kpi, Proof, block_table, entry_table,
    finding_table, source_table,
};
pub use query::Query;
pub use sample::every_page;
pub use table::{Cell, Column, Paging, Table, Tag};
