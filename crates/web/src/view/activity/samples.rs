//! Samples of a row: repaired with findings, plain and first of its file.

use super::{Activity, CellPair};
use crate::view::{Link, Nav, sample};

fn cells() -> Vec<CellPair> {
    let same = |column: &str, label: &str, printed: &str, read: &str| CellPair {
        column: column.into(),
        label: label.into(),
        printed: printed.into(),
        read: read.into(),
        ..CellPair::default()
    };
    let repair = |pair: CellPair, reason: &str| CellPair {
        repaired: true,
        reason: reason.into(),
        confidence: "high".into(),
        finding: Link::new("Cells shifted between columns", "/findings/column-shift"),
        ..pair
    };
    vec![
        same("country", "Country", "Angola", "Angola (AGO)"),
        same(
            "program",
            "Programme",
            "International Military Education and Training (IMET), FY 09",
            "IMET, fiscal year 2009",
        ),
        same("course_title", "Course", sample::LONG, sample::LONG),
        same(
            "student_unit",
            "Unit trained",
            sample::ARABIC,
            sample::ARABIC,
        ),
        same("us_unit", "US unit", "", ""),
        repair(
            same(
                "start_date",
                "First day",
                "",
                "16 November 2008 (2008-11-16)",
            ),
            "The date stands at the end of the cost cell.",
        ),
        repair(
            same("total_cost", "Total cost", "578 11/16/2008", "578"),
            "A date follows the amount; the row then adds up with its block.",
        ),
        same("quantity", "Trainees", "1", "1"),
    ]
}

impl Activity {
    /// The samples.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let mut page = sample::page(
            "Row 100,331 of the training report",
            "/training/FMTR-1999-2019/100331",
        );
        page.nav = Nav::Training;
        page.crumbs.push(Link::new("Training", "/training"));
        let repaired = Self {
            page,
            dataset: Link::new("FMTR-1999-2019", "/datasets/FMTR-1999-2019"),
            row: 100_331,
            line: 100_332,
            kind: "Training, counted in all figures.".into(),
            cells: cells(),
            source: sample::sources().remove(0),
            source_page: "12".into(),
            findings: sample::findings(2),
            block: sample::blocks(2).pop(),
            proof: sample::proof(),
            previous_href: "/training/FMTR-1999-2019/100330".into(),
            next_href: "/training/FMTR-1999-2019/100332".into(),
        };
        let plain = Self {
            cells: cells().into_iter().take(3).collect(),
            findings: Vec::new(),
            block: None,
            source_page: String::new(),
            previous_href: String::new(),
            ..repaired.clone()
        };
        vec![repaired, plain]
    }
}
