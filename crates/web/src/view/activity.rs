//! `/training/{dataset}/{row}`: one printed row, our reading beside it, and the proof of both.

use super::{
    BlockRow, FindingRow, Link, Page, Proof, Table, block_table, finding_table,
    words::{self, Difference},
};
use askama::Template;
use serde::{Deserialize, Serialize};

mod samples;

/// One row of the report.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "activity.html")]
pub struct Activity {
    /// The frame; its `visibility` answers who can see the row.
    pub page: Page,
    /// The data set.
    pub dataset: Link,
    /// Number of the row in the data set.
    pub row: i64,
    /// Line of the file it starts on.
    pub line: i64,
    /// What kind of row it is and what that means for figures: "Training, counted."
    pub kind: String,
    /// The cells.
    pub cells: Vec<CellPair>,
    /// The source document, with the page in it.
    pub source: super::Citation,
    /// Page as printed.
    pub source_page: String,
    /// Findings about the row.
    pub findings: Vec<FindingRow>,
    /// The block it belongs to.
    pub block: Option<BlockRow>,
    /// Where it stands in the journal.
    pub proof: Proof,
    /// The row before; empty for the first.
    pub previous_href: String,
    /// The row after; empty for the last.
    pub next_href: String,
}

/// A cell: printed and read.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CellPair {
    /// Name of the column in the file: `total_cost`.
    pub column: String,
    /// Label for people: "Total cost".
    pub label: String,
    /// As printed.
    pub printed: String,
    /// As read, ready to read: "USD 578", "16 November 2008 (2008-11-16)"; same as printed for text.
    pub read: String,
    /// Whether an overlay changed it: read from elsewhere or corrected.
    pub repaired: bool,
    /// Why, for a repaired cell.
    pub reason: String,
    /// `high`, `medium` or `low`, for a repaired cell.
    pub confidence: String,
    /// The finding it belongs to, for a repaired cell.
    pub finding: Link,
}

impl CellPair {
    /// The repair, word by word.
    #[must_use]
    pub fn difference(&self) -> Difference {
        words::difference(&self.printed, &self.read)
    }

    /// The repair in a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        words::sentence(&self.printed, &self.read)
    }

    /// Confidence as a tag.
    #[must_use]
    pub fn tag(&self) -> super::Tag {
        super::Tag::of(&self.confidence)
    }
}

impl Activity {
    /// Number of repaired cells.
    #[must_use]
    pub fn repairs(&self) -> usize {
        self.cells.iter().filter(|c| c.repaired).count()
    }

    /// Findings.
    #[must_use]
    pub fn finding_table(&self) -> Table {
        finding_table(
            "findings",
            &self.findings,
            "No finding: nothing about this row is in doubt.",
        )
    }

    /// The block.
    #[must_use]
    pub fn block_table(&self) -> Table {
        let rows = self.block.as_slice();
        block_table(
            "block",
            rows,
            "The row belongs to no block with a printed total.",
        )
    }
}
