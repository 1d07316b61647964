//! What an import found, in figures.

use std::collections::{BTreeMap, BTreeSet};
use symbolon_domain::training::{Block, FindingCode, RowKind};

/// Most reports and unknown countries named in a summary.
const KEPT: usize = 1_000;

/// How the blocks of one report agree with their printed totals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reconciliation {
    /// Blocks in the report.
    pub blocks: u32,
    /// Blocks with a printed total.
    pub with_total: u32,
    /// Blocks whose students agree as printed.
    pub quantity_before: u32,
    /// Blocks whose students agree after repair.
    pub quantity_after: u32,
    /// Blocks whose cost agrees as printed.
    pub cost_before: u32,
    /// Blocks whose cost agrees after moving cells back, before any cost is worked out.
    pub cost_moved: u32,
    /// Blocks whose cost agrees after repair.
    pub cost_after: u32,
}

/// What an import found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows, header not counted.
    pub rows: u64,
    /// Rows by kind, in the order of [`RowKind`]'s numbers.
    pub by_kind: [u64; 4],
    /// Rows of planned training.
    pub planned: u64,
    /// Blocks.
    pub blocks: u64,
    /// Reconciliation by `report_fiscal_years`.
    pub reports: BTreeMap<String, Reconciliation>,
    /// Findings by code.
    pub findings: BTreeMap<FindingCode, u64>,
    /// Overlays.
    pub overlays: u64,
    /// Distinct programme texts, read and not read.
    pub programs: (u64, u64),
    /// Printed country names nobody could place.
    pub unknown_countries: BTreeSet<String>,
}

impl Summary {
    /// Notes a country nobody could place.
    pub(super) fn unknown(&mut self, printed: &str) {
        if self.unknown_countries.len() < KEPT {
            self.unknown_countries
                .insert(printed.chars().take(100).collect());
        }
    }

    pub(super) fn count_row(&mut self, kind: RowKind) {
        self.rows += 1;
        self.by_kind[kind as usize] += 1;
    }

    pub(super) fn count_block(&mut self, block: &Block, deduced: bool) {
        self.blocks += 1;
        // A hostile file may name a million reports; what is kept stays small.
        let mut report: String = block.report.chars().take(40).collect();
        if self.reports.len() >= KEPT && !self.reports.contains_key(&report) {
            "others".clone_into(&mut report);
        }
        let r = self.reports.entry(report).or_default();
        r.blocks += 1;
        r.with_total += u32::from(block.total_row.is_some());
        let (before, after) = block.quantity_agrees.unwrap_or_default();
        r.quantity_before += u32::from(before);
        r.quantity_after += u32::from(after);
        let (before, after) = block.cost_agrees.unwrap_or_default();
        r.cost_before += u32::from(before);
        r.cost_after += u32::from(after);
        r.cost_moved += u32::from(after && !deduced);
    }
}
