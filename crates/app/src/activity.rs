//! One printed row: what stands there, what we read, and how both can be checked.

use crate::{App, AppError, DatasetRef, Result, TrainingLine, datasets, training};
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;
use symbolon_access::{Action, Viewer};
use symbolon_domain::training::COLUMNS;
use symbolon_store::{
    facts::{
        Cell, TRAINING_BLOCK, TRAINING_FINDING, TRAINING_OVERLAY, TRAINING_ROW, TRAINING_TEXT,
        row_bytes, row_id, row_number,
    },
    journal::{EntryView, hash_leaf, inclusion_proof},
    query::{FactQuery, FactRow, Test, Value},
};

/// A printed cell and our reading of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CellReading {
    /// Column as named in the file.
    pub column: &'static str,
    /// As printed.
    pub printed: String,
    /// As read, in words; empty where the cell is only printed.
    pub read: String,
    /// Why it was read differently; empty where it was not.
    pub reason: String,
    /// Confidence of the different reading: low, medium or high.
    pub confidence: String,
    /// Finding code the different reading belongs to.
    pub finding: String,
}

/// A printed row.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Activity {
    /// The row as read.
    pub line: TrainingLine,
    /// Physical line in the file.
    pub file_line: i64,
    /// Page of the source document as printed.
    pub page: String,
    /// Cells.
    pub cells: Vec<CellReading>,
    /// Findings about the row.
    pub findings: Vec<datasets::FindingLine>,
    /// The block it belongs to.
    pub block: Option<datasets::BlockLine>,
    /// Title of the data set.
    pub dataset_title: String,
    /// Row before in the data set.
    pub before: Option<u32>,
    /// Row after.
    pub after: Option<u32>,
    /// Number of the journal entry that loaded the data set; `None` where the viewer may not see it.
    pub entry: Option<i64>,
    /// Hash of the row as it went into the data set's root, hexadecimal.
    pub row_hash: String,
    /// Root over the rows, in the data set's record.
    pub root: String,
    /// Why the viewer can see it.
    pub because: String,
    /// The marking of the data set.
    pub marking: String,
}

/// What anybody needs to check a row against the journal without our program.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Proof {
    /// What the numbers mean.
    pub how: &'static str,
    /// Bytes of the row, hexadecimal: id, then each cell as tag, length or number, text.
    pub row_bytes: String,
    /// Its leaf hash: SHA-256 of 0x00 and the bytes.
    pub row_hash: String,
    /// Index of the row among the rows of the data set.
    pub row_index: u64,
    /// Number of rows.
    pub rows: u64,
    /// Hashes from the row up to the root.
    pub row_path: Vec<String>,
    /// Root over the rows; it stands in the data set's record.
    pub rows_root: String,
    /// The journal entry that recorded the data set.
    pub entry: Option<EntryProof>,
}

/// Proof that an entry is in the signed journal.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EntryProof {
    /// The entry: its canonical JSON is the leaf.
    pub entry: serde_json::Value,
    /// Hash of the leaf.
    pub leaf: String,
    /// Hashes from the leaf up to the root of the checkpoint.
    pub path: Vec<String>,
    /// The signed checkpoint.
    pub checkpoint: String,
}

const HOW: &str = "Hash row_bytes as an RFC 6962 leaf and follow row_path to rows_root. rows_root stands in the data set's \
record under roots.training_row; the record is committed to by the entry. Hash the entry's canonical JSON (RFC 8785) as a leaf \
and follow path to the root in the signed checkpoint (C2SP tlog-checkpoint).";

impl App {
    /// The data set with this code, if the viewer may see it.
    pub(crate) fn dataset_by_code(&self, viewer: &Viewer, code: &str) -> Result<Arc<DatasetRef>> {
        let all = self.datasets_of(viewer)?;
        all.iter()
            .find(|d| d.code == code)
            .cloned()
            .ok_or(AppError::NotFound("data set"))
    }

    /// One printed row.
    pub fn activity(&self, viewer: &Viewer, dataset: &str, row: u32) -> Result<Activity> {
        let dataset = self.dataset_by_code(viewer, dataset)?;
        let snapshot = self.snapshot()?;
        let id = row_id(dataset.dataset.number, row);
        let stored = self.training_row(viewer, &dataset, id)?;
        let read = snapshot
            .columns
            .rows()
            .row(id)
            .ok_or(AppError::NotFound("row"))?;
        let line = training::line(&snapshot, &dataset.code, &read);
        let overlays = self.store.facts(
            viewer,
            Action::Read,
            &FactQuery::all(&TRAINING_OVERLAY)
                .of(dataset.id)
                .when("row", Test::Is(Value::Int(row.into()))),
        )?;
        let findings = self.store.facts(
            viewer,
            Action::Read,
            &FactQuery::all(&TRAINING_FINDING)
                .of(dataset.id)
                .when("row", Test::Is(Value::Int(row.into()))),
        )?;
        let printed = self.printed(viewer, &dataset, &stored)?;
        let block = self.block(viewer, &dataset, &stored)?;
        let (before, after) = snapshot.columns.rows().neighbours(id);
        let mut bytes = vec![];
        row_bytes(id, stored.cells.iter().map(cell), &mut bytes);
        let root = dataset
            .dataset
            .roots
            .get(TRAINING_ROW.name)
            .map(|r| r.root.clone())
            .unwrap_or_default();
        Ok(Activity {
            file_line: stored.cells[0].int().unwrap_or(0),
            page: printed[12].clone(),
            cells: cells(&line, printed, &overlays),
            findings: findings
                .iter()
                .map(|f| datasets::finding_line(&dataset.code, f))
                .collect(),
            block,
            dataset_title: dataset.dataset.title.clone(),
            before: before.map(row_number),
            after: after.map(row_number),
            entry: self.dataset_entry(viewer, &dataset)?.map(|e| e.entry.seq),
            row_hash: hex::encode(hash_leaf(&bytes)),
            root,
            because: self.because(viewer, &dataset),
            marking: dataset.label.marking(),
            line,
        })
    }

    /// Everything needed to check a row without our program.
    pub fn proof(&self, viewer: &Viewer, dataset: &str, row: u32) -> Result<Proof> {
        let dataset = self.dataset_by_code(viewer, dataset)?;
        let id = row_id(dataset.dataset.number, row);
        let (mut leaves, mut bytes, mut found) = (vec![], vec![], None);
        self.store.scan(
            viewer,
            &FactQuery::all(&TRAINING_ROW).of(dataset.id),
            &mut |at, cells| {
                row_bytes(at, cells.iter().copied(), &mut bytes);
                if at == id {
                    found = Some((leaves.len(), bytes.clone()));
                }
                leaves.push(hash_leaf(&bytes));
                true
            },
        )?;
        let (index, bytes) = found.ok_or(AppError::NotFound("row"))?;
        let entry = match self.dataset_entry(viewer, &dataset)? {
            Some(entry) => self.entry_proof(&entry)?,
            None => None,
        };
        Ok(Proof {
            how: HOW,
            row_hash: hex::encode(hash_leaf(&bytes)),
            row_bytes: hex::encode(bytes),
            row_index: index as u64,
            rows: leaves.len() as u64,
            row_path: inclusion_proof(index, &leaves)
                .iter()
                .map(hex::encode)
                .collect(),
            rows_root: dataset
                .dataset
                .roots
                .get(TRAINING_ROW.name)
                .map(|r| r.root.clone())
                .unwrap_or_default(),
            entry,
        })
    }

    /// Proof of an entry under the newest checkpoint; `None` where no checkpoint covers it yet.
    pub fn entry_proof(&self, entry: &EntryView) -> Result<Option<EntryProof>> {
        let Some((_, path)) = self.store.proof(entry.entry.seq)? else {
            return Ok(None);
        };
        let note = self
            .store
            .checkpoint()?
            .map(|(_, note)| note)
            .unwrap_or_default();
        Ok(Some(EntryProof {
            entry: serde_json::to_value(&entry.entry)
                .map_err(|e| AppError::Internal(e.to_string()))?,
            leaf: entry.leaf.clone(),
            path: path.iter().map(hex::encode).collect(),
            checkpoint: note,
        }))
    }

    pub(crate) fn dataset_entry(
        &self,
        viewer: &Viewer,
        dataset: &DatasetRef,
    ) -> Result<Option<EntryView>> {
        Ok(self
            .store
            .last_entry(viewer, &format!("dataset/{}", dataset.id))?)
    }

    fn training_row(&self, viewer: &Viewer, dataset: &DatasetRef, id: i64) -> Result<FactRow> {
        let query = FactQuery::all(&TRAINING_ROW)
            .of(dataset.id)
            .when("id", Test::Is(Value::Int(id)));
        self.store
            .facts(viewer, Action::Read, &query)?
            .pop()
            .ok_or(AppError::NotFound("row"))
    }

    /// The thirteen printed cells of a row.
    fn printed(&self, viewer: &Viewer, dataset: &DatasetRef, row: &FactRow) -> Result<Vec<String>> {
        let first = TRAINING_ROW.column("p_report_fiscal_years").unwrap_or(0);
        let numbers: Vec<i64> = row.cells[first..]
            .iter()
            .map(|c| c.int().unwrap_or(0))
            .collect();
        let ids = numbers
            .iter()
            .map(|n| row_id(dataset.dataset.number, *n as u32))
            .collect();
        let query = FactQuery::all(&TRAINING_TEXT)
            .of(dataset.id)
            .when("id", Test::OneOf(ids));
        let strings = self.store.facts(viewer, Action::Read, &query)?;
        let string = |n: &i64| {
            let found = strings.iter().find(|s| i64::from(row_number(s.id)) == *n);
            found
                .map(|s| s.cells[0].text().to_owned())
                .unwrap_or_default()
        };
        Ok(numbers.iter().map(string).collect())
    }

    fn block(
        &self,
        viewer: &Viewer,
        dataset: &DatasetRef,
        row: &FactRow,
    ) -> Result<Option<datasets::BlockLine>> {
        let number = TRAINING_ROW
            .column("block")
            .and_then(|i| row.cells[i].int())
            .unwrap_or(0);
        let id = row_id(dataset.dataset.number, number as u32);
        let query = FactQuery::all(&TRAINING_BLOCK)
            .of(dataset.id)
            .when("id", Test::Is(Value::Int(id)));
        let found = self.store.facts(viewer, Action::Read, &query)?;
        Ok(found
            .first()
            .map(|b| datasets::block_line(&dataset.code, b)))
    }
}

fn cell(value: &Value) -> Cell<'_> {
    match value {
        Value::Int(n) => Cell::Int(*n),
        Value::Text(s) => Cell::Text(s),
        _ => Cell::Null,
    }
}

fn cells(line: &TrainingLine, printed: Vec<String>, overlays: &[FactRow]) -> Vec<CellReading> {
    let at = |name: &str| TRAINING_OVERLAY.column(name).unwrap_or(0);
    let reading = |(column, printed): (&'static str, String)| {
        let overlay = overlays
            .iter()
            .find(|o| o.cells[at("column_name")].text() == column);
        let part = |name: &str| {
            overlay
                .map(|o| o.cells[at(name)].text().to_owned())
                .unwrap_or_default()
        };
        CellReading {
            column,
            read: match overlay {
                Some(_) => part("read"),
                None => read(line, column),
            },
            printed,
            reason: part("reason"),
            confidence: part("confidence"),
            finding: part("code"),
        }
    };
    COLUMNS.into_iter().zip(printed).map(reading).collect()
}

/// The reading of a column in words.
fn read(line: &TrainingLine, column: &str) -> String {
    let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
    match column {
        "country" => format!("{} ({})", line.country, line.iso3),
        "program" => {
            let year = line
                .fiscal_year
                .map(|y| format!(", FY{y}"))
                .unwrap_or_default();
            let planned = if line.planned { ", planned" } else { "" };
            format!("{}{year}{planned}", line.account)
        }
        "course_title" => line.course.clone(),
        "us_unit" => line.us_unit.clone(),
        "student_unit" => line.unit.clone(),
        "location" => line.place.clone(),
        "start_date" => line.start.clone(),
        "end_date" => line.end.clone(),
        "quantity" => number(line.quantity),
        "total_cost" => line
            .cost_cents
            .map(|c| format!("USD {}", symbolon_domain::money::Cents(c).decimal()))
            .unwrap_or_default(),
        _ => String::new(),
    }
}
