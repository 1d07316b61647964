//! Parts that several pages share: figures with their limits, lines of facts, sources, proofs,
//! findings, journal entries. Rows are typed here and turned into tables in one place.

use super::{Cell, Column, Link, Table, Tag, query::safe_href};
use askama::Template;
use serde::{Deserialize, Serialize};

/// A key figure.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Kpi {
    /// What it counts.
    pub label: String,
    /// The figure, ready to read.
    pub value: String,
    /// Its unit and stage.
    pub unit: String,
    /// What it does not cover; stands beside the figure.
    pub limits: String,
    /// The rows behind it; empty where there are none to show.
    pub href: String,
}

impl Kpi {
    /// The address, if it may stand in a link.
    #[must_use]
    pub fn safe(&self) -> &str {
        safe_href(&self.href)
    }
}

/// A label and its value, with help.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Fact {
    /// Label.
    pub label: String,
    /// Value; empty reads "not recorded".
    pub value: String,
    /// Where the value leads.
    pub href: String,
    /// What the field means.
    pub help: String,
    /// Whether it is a code or hash.
    pub mono: bool,
    /// Whether the value is words of the program and no text out of a record.
    #[serde(default)]
    pub words: bool,
    /// Sources of this one value.
    pub sources: Vec<Citation>,
    /// If the reader may not see it: the reason and whom to ask.
    pub withheld: String,
}

impl Fact {
    /// A fact.
    #[must_use]
    pub fn new(label: &str, value: &str) -> Self {
        Self {
            label: label.to_owned(),
            value: value.to_owned(),
            ..Self::default()
        }
    }

    /// A fact whose value is words of the program.
    #[must_use]
    pub fn words(label: &str, value: &str) -> Self {
        Self {
            words: true,
            ..Self::new(label, value)
        }
    }

    /// The address, if it may stand in a link.
    #[must_use]
    pub fn safe(&self) -> &str {
        safe_href(&self.href)
    }
}

/// A list of facts as label, value and help.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "parts/facts.html")]
pub struct Facts {
    /// Lines.
    pub lines: Vec<Fact>,
}

/// A source with the place in it and how sure it makes us.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Citation {
    /// Title of the document.
    pub document: String,
    /// Page, article or row.
    pub locator: String,
    /// Address of the document or of its record.
    pub href: String,
    /// `high`, `medium` or `low`.
    pub confidence: String,
    /// The field it supports; empty for the whole record.
    pub field: String,
    /// Licence and credit, where they must be named.
    pub credit: String,
}

impl Citation {
    /// The address, if it may stand in a link.
    #[must_use]
    pub fn safe(&self) -> &str {
        safe_href(&self.href)
    }

    /// Confidence as a word with a shape.
    #[must_use]
    pub fn tag(&self) -> Tag {
        Tag::of(&self.confidence)
    }
}

/// Sources as a table.
#[must_use]
pub fn source_table(id: &str, sources: &[Citation]) -> Table {
    let columns = [
        "Document",
        "Place in it",
        "Supports",
        "Confidence",
        "Licence and credit",
    ];
    let row = |s: &Citation| {
        let field = if s.field.is_empty() {
            Cell::words("whole page")
        } else {
            Cell::text(&s.field)
        };
        vec![
            Cell::link(&s.document, &s.href),
            Cell::text(&s.locator),
            field,
            Cell::tag(s.tag()),
            Cell::text(&s.credit),
        ]
    };
    Table::new(id, "Sources", columns.map(Column::text).into())
        .rows(sources.iter().map(row).collect())
        .or("No source is recorded. Treat the figures as unproven.")
        .quiet()
}

/// Where a row stands in the journal, and how to prove it.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "parts/proof.html")]
pub struct Proof {
    /// Number of the journal entry.
    pub entry: i64,
    /// Its page.
    pub entry_href: String,
    /// Hash of the entry or row.
    pub hash: String,
    /// Merkle root it is proven against.
    pub root: String,
    /// What the root is of: "data set FMTR-1999-2019, 253,929 rows" or "journal of 41 entries".
    pub root_of: String,
    /// Address of the proof as a file; empty if none can be given.
    pub download_href: String,
    /// What the last check said, in words; empty if it was not checked on this visit.
    pub checked: String,
    /// Whether that check agreed.
    pub agrees: bool,
}

/// A finding, as a row.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct FindingRow {
    /// Code: `column-shift`.
    pub code: String,
    /// Its title.
    pub title: String,
    /// `note`, `repaired` or `doubt`.
    pub severity: String,
    /// The row it is about, and its page; for a block, the block.
    pub about: Link,
    /// Printed column, if one.
    pub column: String,
    /// Fiscal year of the report.
    pub year: String,
    /// Country as read.
    pub country: String,
    /// Page of the source document.
    pub page: String,
    /// What is printed.
    pub printed: String,
    /// What we read.
    pub read: String,
    /// `high`, `medium` or `low`.
    pub confidence: String,
}

/// Findings as a table.
#[must_use]
pub fn finding_table(id: &str, rows: &[FindingRow], empty: &str) -> Table {
    let columns = [
        "Row or block",
        "Finding",
        "Year",
        "Country",
        "Column",
        "Printed",
        "Read as",
        "Confidence",
        "Page",
    ];
    let row = |f: &FindingRow| {
        vec![
            Cell::of(&f.about),
            Cell::link(&f.title, &format!("/findings/{}", f.code)).tagged(Tag::of(&f.severity)),
            Cell::text(&f.year),
            Cell::text(&f.country),
            Cell::text(&f.column),
            Cell::text(&f.printed),
            Cell::text(&f.read),
            Cell::tag(Tag::of(&f.confidence)),
            Cell::text(&f.page),
        ]
    };
    let tight = |label| Column {
        tight: matches!(label, "Row or block" | "Year" | "Page"),
        ..Column::text(label)
    };
    Table::new(id, "Findings", columns.map(tight).into())
        .rows(rows.iter().map(row).collect())
        .or(empty)
        .quiet()
}

/// A block of rows under one printed total.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct BlockRow {
    /// Number of the block and its rows.
    pub block: Link,
    /// Fiscal year of the report.
    pub year: String,
    /// Country as read.
    pub country: String,
    /// Programme as printed.
    pub program: String,
    /// Training rows in it.
    pub rows: i64,
    /// Students: printed total, sum as the cells stand, sum as read.
    pub quantity: [Option<i64>; 3],
    /// Cost in whole dollars: printed total, sum as the cells stand, sum as read.
    pub cost: [Option<i64>; 3],
    /// Whether quantity agrees before and after repair; `None` where no total is printed.
    pub quantity_agrees: Option<(bool, bool)>,
    /// Whether cost agrees before and after repair.
    pub cost_agrees: Option<(bool, bool)>,
}

/// Agreement before and after repair as a word with a shape.
#[must_use]
pub fn agreement(agrees: Option<(bool, bool)>) -> Tag {
    match agrees {
        None => Tag::new("no total", "plain"),
        Some((true, true)) => Tag::new("agrees", "good"),
        Some((false, true)) => Tag::new("agrees after repair", "repaired"),
        Some((_, false)) => Tag::new("differs", "bad"),
    }
}

/// Blocks as a table.
#[must_use]
pub fn block_table(id: &str, rows: &[BlockRow], empty: &str) -> Table {
    let n = Column::number;
    let columns = vec![
        Column::tight("Block"),
        Column::text("Country and programme"),
        Column::tight("Year"),
        n("Rows", ""),
        n("Students printed", "total"),
        n("Students read", "sum"),
        n("Cost printed", "USD"),
        n("Cost read", "USD"),
    ];
    let row = |b: &BlockRow| {
        vec![
            Cell::of(&b.block),
            Cell::text(&b.country).under(&b.program),
            Cell::text(&b.year),
            Cell::count(Some(b.rows)),
            Cell::count(b.quantity[0]),
            Cell::count(b.quantity[2]).tagged(agreement(b.quantity_agrees)),
            Cell::count(b.cost[0]),
            Cell::count(b.cost[2]).tagged(agreement(b.cost_agrees)),
        ]
    };
    Table::new(id, "Blocks and their printed totals", columns)
        .rows(rows.iter().map(row).collect())
        .or(empty)
        .quiet()
}

/// A journal entry, as a row.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct EntryRow {
    /// Number.
    pub seq: i64,
    /// When, RFC 3339.
    pub when: String,
    /// Who.
    pub actor: String,
    /// What they did: `import`, `amend`, `release`.
    pub action: String,
    /// To what.
    pub object: Link,
    /// The entry as a sentence.
    pub sentence: String,
}

/// Journal entries as a table.
#[must_use]
pub fn entry_table(id: &str, caption: &str, rows: &[EntryRow], empty: &str) -> Table {
    let columns = ["Entry", "When", "Who", "Action", "Object", "What happened"];
    let row = |e: &EntryRow| {
        vec![
            Cell::link(&e.seq.to_string(), &format!("/journal/{}", e.seq)),
            Cell::text(&e.when),
            Cell::text(&e.actor),
            Cell::text(&e.action),
            Cell::of(&e.object),
            Cell::english(&e.sentence),
        ]
    };
    let tight = |label| Column {
        tight: matches!(label, "Entry" | "When"),
        ..Column::text(label)
    };
    Table::new(id, caption, columns.map(tight).into())
        .rows(rows.iter().map(row).collect())
        .or(empty)
        .quiet()
}
