//! Data sets: source, hash, reconciliation, blocks, findings, and what we read differently.

mod lines;

use lines::overlay_line;
pub use lines::{BlockLine, FindingLine, OverlayLine};
pub(crate) use lines::{block_line, finding_line};

use crate::{App, AppError, DatasetRef, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use symbolon_access::{Action, Viewer};
use symbolon_domain::kinds::{self, Source};
use symbolon_store::{
    facts::{
        Cell, TRAINING_BLOCK, TRAINING_FINDING, TRAINING_OVERLAY, TRAINING_ROW, TRAINING_TEXT,
        TableDef, row_id, row_number,
    },
    query::{FactQuery, FactRow, Test, Value},
};

/// A data set as shown.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Dataset {
    /// Code, as in addresses.
    pub code: String,
    /// Record id.
    pub id: String,
    /// The record.
    pub dataset: kinds::Dataset,
    /// The source document.
    pub source: Option<Source>,
    /// Reconciliation by report.
    pub years: Vec<YearReconciliation>,
    /// Findings by code.
    pub findings: BTreeMap<String, i64>,
    /// Journal entry that loaded it.
    pub entry: Option<i64>,
    /// When it was loaded, milliseconds since 1970-01-01 UTC.
    pub loaded_at: Option<i64>,
    /// Who loaded it.
    pub loaded_by: String,
    /// Marking.
    pub marking: String,
    /// Why the viewer can see it.
    pub because: String,
}

/// How the blocks of one report agree with their printed totals.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct YearReconciliation {
    /// `report_fiscal_years` as printed.
    pub report: String,
    /// Blocks.
    pub blocks: i64,
    /// Blocks with a printed total.
    pub with_total: i64,
    /// Blocks whose students agree as printed.
    pub quantity_before: i64,
    /// Blocks whose students agree as read.
    pub quantity_after: i64,
    /// Blocks whose cost agrees as printed.
    pub cost_before: i64,
    /// Blocks whose cost agrees after moving cells back, before any cost is worked out.
    pub cost_moved: i64,
    /// Blocks whose cost agrees as read.
    pub cost_after: i64,
}

/// What a list of blocks, findings or overlays is asked.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FindingAsk {
    /// Finding code.
    pub code: Option<String>,
    /// ISO code of the country.
    pub country: Option<String>,
    /// Fiscal year.
    pub year: Option<i64>,
    /// Row.
    pub row: Option<i64>,
    /// For blocks: report as printed.
    pub report: Option<String>,
    /// For findings: `note`, `repaired` or `doubt`.
    pub severity: Option<String>,
    /// For blocks: `differs` as read, `repaired`, `agrees` as printed, or `no-total`.
    pub state: Option<String>,
    /// For blocks: the number of one block.
    pub block: Option<i64>,
    /// Page, from 1.
    pub page: Option<u32>,
    /// Rows a page, at most 200; 50 if absent.
    pub limit: Option<u32>,
}

fn years(dataset: &kinds::Dataset) -> Vec<YearReconciliation> {
    let mut years: BTreeMap<&str, YearReconciliation> = BTreeMap::new();
    for (key, n) in &dataset.summary {
        let Some((report, figure)) = key.strip_prefix("report.").and_then(|k| k.split_once('.'))
        else {
            continue;
        };
        let year = years.entry(report).or_insert_with(|| YearReconciliation {
            report: report.to_owned(),
            ..Default::default()
        });
        match figure {
            "blocks" => year.blocks = *n,
            "with_total" => year.with_total = *n,
            "quantity_before" => year.quantity_before = *n,
            "quantity_after" => year.quantity_after = *n,
            "cost_before" => year.cost_before = *n,
            "cost_moved" => year.cost_moved = *n,
            "cost_after" => year.cost_after = *n,
            _ => {}
        }
    }
    years.into_values().collect()
}

impl App {
    /// Data sets the viewer may see, by title.
    pub fn datasets(&self, viewer: &Viewer) -> Result<Vec<Dataset>> {
        let all = self.datasets_of(viewer)?;
        let mut shown = all
            .iter()
            .map(|d| self.shown(viewer, d))
            .collect::<Result<Vec<_>>>()?;
        shown.sort_by(|a, b| a.dataset.title.cmp(&b.dataset.title));
        Ok(shown)
    }

    /// One data set.
    pub fn dataset(&self, viewer: &Viewer, code: &str) -> Result<Dataset> {
        let found = self.dataset_by_code(viewer, code)?;
        self.shown(viewer, &found)
    }

    fn shown(&self, viewer: &Viewer, dataset: &DatasetRef) -> Result<Dataset> {
        let entry = self.dataset_entry(viewer, dataset)?;
        let source = self.store.get(viewer, "source", dataset.dataset.source)?;
        let findings = dataset
            .dataset
            .summary
            .iter()
            .filter_map(|(k, n)| Some((k.strip_prefix("finding.")?.to_owned(), *n)));
        Ok(Dataset {
            code: dataset.code.clone(),
            id: dataset.id.to_string(),
            years: years(&dataset.dataset),
            findings: findings.collect(),
            source: source.and_then(|s| serde_json::from_value(s.body).ok()),
            loaded_at: entry.as_ref().map(|e| e.entry.time),
            loaded_by: entry
                .as_ref()
                .and_then(|e| e.body.as_ref())
                .map(|b| b.actor.clone())
                .unwrap_or_default(),
            entry: entry.map(|e| e.entry.seq),
            marking: dataset.label.marking(),
            because: self.because(viewer, dataset),
            dataset: dataset.dataset.clone(),
        })
    }

    /// Why the viewer can see a data set.
    pub(crate) fn because(&self, viewer: &Viewer, dataset: &DatasetRef) -> String {
        self.visible_as(viewer, "dataset", &dataset.label, ("", ""))
            .map(|v| v.because)
            .unwrap_or_default()
    }

    /// Blocks of a data set, one page, and how many there are.
    pub fn blocks(
        &self,
        viewer: &Viewer,
        code: &str,
        ask: &FindingAsk,
    ) -> Result<(Vec<BlockLine>, u64)> {
        let mut query = self.ask(viewer, code, &TRAINING_BLOCK, ask)?;
        if let Some(block) = ask.block {
            let dataset = self.dataset_by_code(viewer, code)?;
            let id = row_id(dataset.dataset.number, u32::try_from(block).unwrap_or(0));
            query = query.when("id", Test::Is(Value::Int(id)));
        }
        let state = ask.state.as_deref().unwrap_or_default();
        let (limit, offset) = page(ask);
        let (mut total, mut ids) = (0, vec![]);
        self.store.scan(viewer, &query, &mut |id, cells| {
            if in_state(state, cells) {
                if total >= u64::from(offset) && ids.len() < limit as usize {
                    ids.push(id);
                }
                total += 1;
            }
            true
        })?;
        let query = FactQuery {
            tests: vec![("id", Test::OneOf(ids))],
            ..query
        };
        let rows = self.store.facts(viewer, Action::Read, &query)?;
        Ok((rows.iter().map(|r| block_line(code, r)).collect(), total))
    }

    /// Findings of a data set, one page, and how many there are.
    pub fn findings(
        &self,
        viewer: &Viewer,
        code: &str,
        ask: &FindingAsk,
    ) -> Result<(Vec<FindingLine>, u64)> {
        let mut query = self.ask(viewer, code, &TRAINING_FINDING, ask)?;
        if let Some(year) = ask.year {
            query = query.when("fiscal_year", Test::Is(Value::Int(year)));
        }
        if let Some(severity) = ask.severity.as_deref().filter(|s| !s.is_empty()) {
            query = query.when("severity", Test::Is(Value::Text(severity.to_owned())));
        }
        let (rows, total) = self.page_of(viewer, query, ask)?;
        Ok((rows.iter().map(|r| finding_line(code, r)).collect(), total))
    }

    /// Cells of a data set read differently from how they are printed, one page, and how many.
    pub fn overlays(
        &self,
        viewer: &Viewer,
        code: &str,
        ask: &FindingAsk,
    ) -> Result<(Vec<OverlayLine>, u64)> {
        let query = self.ask(viewer, code, &TRAINING_OVERLAY, ask)?;
        let (rows, total) = self.page_of(viewer, query, ask)?;
        let mut lines: Vec<OverlayLine> = rows.iter().map(|r| overlay_line(code, r)).collect();
        self.print_overlays(viewer, code, &mut lines)?;
        Ok((lines, total))
    }

    /// Puts beside each overlay what is printed in its cell.
    fn print_overlays(&self, viewer: &Viewer, code: &str, lines: &mut [OverlayLine]) -> Result<()> {
        let dataset = self.dataset_by_code(viewer, code)?;
        let number = dataset.dataset.number;
        let of = |table: &'static TableDef, ids: Vec<i64>| {
            let query = FactQuery::all(table)
                .of(dataset.id)
                .when("id", Test::OneOf(ids));
            self.store.facts(viewer, Action::Read, &query)
        };
        let rows = of(
            &TRAINING_ROW,
            lines.iter().map(|l| row_id(number, l.row as u32)).collect(),
        )?;
        let cell = |line: &OverlayLine| {
            let row = rows
                .iter()
                .find(|r| i64::from(row_number(r.id)) == line.row)?;
            let column = TRAINING_ROW.column(&format!("p_{}", line.column))?;
            row.cells[column].int()
        };
        let numbers: Vec<Option<i64>> = lines.iter().map(cell).collect();
        let strings = of(
            &TRAINING_TEXT,
            numbers
                .iter()
                .flatten()
                .map(|n| row_id(number, *n as u32))
                .collect(),
        )?;
        for (line, number) in lines.iter_mut().zip(numbers) {
            let found = strings
                .iter()
                .find(|s| Some(i64::from(row_number(s.id))) == number);
            line.printed = found
                .map(|s| s.cells[0].text().to_owned())
                .unwrap_or_default();
        }
        Ok(())
    }

    fn page_of(
        &self,
        viewer: &Viewer,
        query: FactQuery,
        ask: &FindingAsk,
    ) -> Result<(Vec<FactRow>, u64)> {
        let total = self.store.count_facts(viewer, &query)?;
        let (limit, offset) = page(ask);
        Ok((
            self.store
                .facts(viewer, Action::Read, &query.page(limit, offset))?,
            total,
        ))
    }

    fn ask(
        &self,
        viewer: &Viewer,
        code: &str,
        table: &'static TableDef,
        ask: &FindingAsk,
    ) -> Result<FactQuery> {
        let dataset = self.dataset_by_code(viewer, code)?;
        let mut query = FactQuery::all(table).of(dataset.id);
        for (column, given) in [
            ("code", &ask.code),
            ("partner", &ask.country),
            ("report", &ask.report),
        ] {
            if let Some(value) = given.as_deref().filter(|v| !v.is_empty()) {
                if table.column(column).is_none() {
                    return Err(AppError::Invalid(format!(
                        "`{column}` does not narrow this list"
                    )));
                }
                query = query.when(column, Test::Is(Value::Text(value.to_owned())));
            }
        }
        if let (Some(row), true) = (ask.row, table.column("row").is_some()) {
            query = query.when("row", Test::Is(Value::Int(row)));
        }
        Ok(query)
    }
}

/// Whether a block is in a state: `differs`, `repaired`, `agrees`, `no-total`; any without one.
fn in_state(state: &str, cells: &[Cell<'_>]) -> bool {
    let flag = |name: &str| match TRAINING_BLOCK.column(name).map(|i| cells[i]) {
        Some(Cell::Int(n)) => Some(n != 0),
        _ => None,
    };
    let now = [flag("quantity_agrees"), flag("cost_agrees")];
    let before = [flag("quantity_agreed_before"), flag("cost_agreed_before")];
    match state {
        "differs" | "disagree" => now.contains(&Some(false)),
        "no-total" => now == [None, None],
        "agrees" => {
            !now.contains(&Some(false)) && !before.contains(&Some(false)) && now != [None, None]
        }
        "repaired" => !now.contains(&Some(false)) && before.contains(&Some(false)),
        _ => true,
    }
}

pub(crate) fn page(ask: &FindingAsk) -> (u32, u32) {
    let limit = ask.limit.unwrap_or(50).clamp(1, 200);
    (
        limit,
        (ask.page.unwrap_or(1).max(1) - 1).saturating_mul(limit),
    )
}

impl App {
    /// How many findings of a code there are in each fiscal year, over all data sets the viewer may see.
    pub fn findings_by_year(
        &self,
        viewer: &Viewer,
        code: symbolon_domain::training::FindingCode,
    ) -> Result<BTreeMap<i64, i64>> {
        let query = FactQuery::all(&TRAINING_FINDING)
            .when("code", Test::Is(Value::Text(code.code().to_owned())));
        let year = TRAINING_FINDING.column("fiscal_year").unwrap_or(0);
        let mut counts = BTreeMap::new();
        self.store.scan(viewer, &query, &mut |_, cells| {
            if let Cell::Int(year) = cells[year] {
                *counts.entry(year).or_insert(0) += 1;
            }
            true
        })?;
        Ok(counts)
    }
}
