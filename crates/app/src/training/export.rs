//! The whole answer as CSV or XLSX: printed cells and readings, row by row.

use super::{Ask, Ready};
use crate::still::{Right, Still, while_it_holds};
use crate::{App, AppError, DatasetRef, Result};
use std::collections::HashMap;
use std::io::Write;
use symbolon_access::{Action, Viewer};
use symbolon_domain::{
    date::from_epoch_days,
    money::Cents,
    training::{COLUMNS, Phase, RowKind},
};
use symbolon_exchange::export::{Field, Notes, Sheet};
use symbolon_store::{
    facts::{Cell, TRAINING_ROW, TRAINING_TEXT, row_number},
    query::FactQuery,
};

/// Column heads of the export: ours first, then the printed ones with `printed_` before them.
fn heads() -> Vec<String> {
    let ours = [
        "dataset",
        "row",
        "line",
        "block",
        "kind",
        "phase",
        "fiscal_year",
        "iso3",
        "country",
        "account",
        "course",
        "unit",
        "us_unit",
        "place",
        "start",
        "end",
        "quantity",
        "cost_usd",
    ];
    ours.iter()
        .map(|h| (*h).to_owned())
        .chain(COLUMNS.iter().map(|c| format!("printed_{c}")))
        .collect()
}

impl App {
    /// Writes every row that matches to a sheet, and journals the export with its filter and count
    /// also where it ended early because the right to it did. Returns how many rows were written.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where nobody who may take the rows away asks, or asks any more; what storage says.
    pub fn export_training<W: Write + Send>(
        &self,
        still: Still<'_>,
        ask: &Ask,
        address: &str,
        open: impl FnOnce(&[String], &Notes) -> std::io::Result<Sheet<W>>,
    ) -> Result<u64> {
        let viewer = still().ok_or(AppError::NotFound("export"))?;
        let ready = self.ready(&viewer, ask)?;
        let ids = ready
            .snapshot
            .columns
            .ids(&ready.snapshot.columns.matched(&ready.filter));
        let notes = Notes {
            title: "Training rows".to_owned(),
            made_at: (self.around.now)().to_string(),
            address: address.to_owned(),
            rows: ids.len() as u64,
            lines: ready.limits.clone(),
        };
        let io = |e: std::io::Error| AppError::Internal(e.to_string());
        let seen = self.datasets_of(&viewer)?;
        let held = |d: &&DatasetRef| {
            let here = |id: &i64| symbolon_store::facts::dataset_number(*id) == d.dataset.number;
            d.dataset.content == "training" && ids.iter().any(here)
        };
        let held: Vec<&DatasetRef> = seen.iter().map(|d| &**d).filter(held).collect();
        let mut rows = 0;
        let done = while_it_holds(
            || self.still_takes(still, &held),
            |right| {
                let mut sheet = open(&heads(), &notes).map_err(io)?;
                for dataset in &held {
                    let out = (&mut sheet, &mut rows);
                    self.export_dataset(&viewer, (dataset, right), &ready, &ids, out)?;
                }
                right.holds()?;
                sheet.finish().map_err(io)
            },
        );
        let what = serde_json::json!({"filter": address, "rows": rows, "whole": done.is_ok()});
        self.store
            .note(&viewer, "dataset/export", "training.export", what, "")?;
        done.map(|()| rows)
    }

    fn export_dataset<W: Write + Send>(
        &self,
        viewer: &Viewer,
        (dataset, right): (&DatasetRef, &Right),
        ready: &Ready,
        ids: &[i64],
        (sheet, rows): (&mut Sheet<W>, &mut u64),
    ) -> Result<()> {
        let mine = |id: &i64| symbolon_store::facts::dataset_number(*id) == dataset.dataset.number;
        let from = ids.partition_point(|id| {
            symbolon_store::facts::dataset_number(*id) < dataset.dataset.number
        });
        let ids: Vec<i64> = ids[from..].iter().copied().take_while(mine).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let mut strings: HashMap<i64, Box<str>> = HashMap::new();
        self.store.scan(
            viewer,
            &FactQuery::all(&TRAINING_TEXT).of(dataset.id),
            &mut |id, cells| {
                if let Cell::Text(s) = cells[0] {
                    strings.insert(row_number(id).into(), s.into());
                }
                true
            },
        )?;
        let mut next = 0;
        let mut failed = None;
        self.store.scan(
            viewer,
            &FactQuery::all(&TRAINING_ROW).of(dataset.id),
            &mut |id, cells| {
                if ids.get(next) != Some(&id) {
                    return next < ids.len();
                }
                if right.ended() {
                    return false;
                }
                next += 1;
                *rows += 1;
                failed = sheet
                    .row(&fields(ready, &dataset.code, id, cells, &strings))
                    .err();
                failed.is_none()
            },
        )?;
        match failed {
            Some(e) => Err(AppError::Internal(e.to_string())),
            None => right.holds(),
        }
    }

    /// Refuses whoever may not take training rows away.
    ///
    /// # Errors
    /// [`AppError::NotPermitted`].
    pub fn takes_rows(&self, viewer: &Viewer) -> Result<()> {
        let no = || AppError::NotPermitted("your role takes no rows away".to_owned());
        self.may_export(viewer).then_some(()).ok_or_else(no)
    }

    /// Whether the viewer may take training rows away.
    pub fn may_export(&self, viewer: &Viewer) -> bool {
        symbolon_access::Policy::shipped().grants(viewer, Action::Export, "dataset")
    }
}

fn fields<'a>(
    ready: &'a Ready,
    dataset: &'a str,
    id: i64,
    cells: &[Cell<'a>],
    strings: &'a HashMap<i64, Box<str>>,
) -> Vec<Field<'a>> {
    let at = |name: &str| cells[TRAINING_ROW.column(name).unwrap_or(0)];
    let number = |name: &str| match at(name) {
        Cell::Int(n) => Field::Int(n),
        _ => Field::Empty,
    };
    let day = |name: &str| match at(name) {
        Cell::Int(n) => {
            from_epoch_days(n as i32).map_or(Field::Empty, |d| Field::Owned(d.to_string()))
        }
        _ => Field::Empty,
    };
    let word = |name: &str| match at(name) {
        Cell::Text(s) => Field::Owned(s.to_owned()),
        _ => Field::Empty,
    };
    let name_of = |n: i64, names: fn(i64) -> &'static str| Field::Text(names(n));
    let country = match at("partner") {
        Cell::Text(iso3) => ready
            .snapshot
            .partner(iso3)
            .and_then(|n| ready.snapshot.partners.get(n as usize)),
        _ => None,
    };
    let row = ready.snapshot.columns.rows().row(id);
    let read = |pick: fn(&symbolon_insight::columns::Row) -> u32| {
        let string = row
            .as_ref()
            .and_then(|r| ready.snapshot.strings.get(pick(r) as usize));
        string.map_or(Field::Empty, |s| Field::Text(s))
    };
    let int = |name: &str| if let Cell::Int(n) = at(name) { n } else { -1 };
    let mut out = vec![
        Field::Text(dataset),
        Field::Int(row_number(id).into()),
        number("line"),
        number("block"),
        name_of(int("kind"), |n| {
            RowKind::from_number(n).map_or("", RowKind::name)
        }),
        name_of(int("phase"), |n| {
            if n == Phase::Planned as i64 {
                "planned"
            } else {
                "actual"
            }
        }),
        number("fiscal_year"),
        word("partner"),
        country.map_or(Field::Empty, |p| Field::Text(&p.name)),
        word("account"),
        read(|r| r.course),
        read(|r| r.unit),
        read(|r| r.us_unit),
        read(|r| r.location),
        day("start_day"),
        day("end_day"),
        number("quantity"),
        match at("cost_cents") {
            Cell::Int(n) => Field::Decimal(Cents(n).decimal()),
            _ => Field::Empty,
        },
    ];
    let first = TRAINING_ROW.column("p_report_fiscal_years").unwrap_or(0);
    for cell in &cells[first..] {
        out.push(match cell {
            Cell::Int(n) => strings.get(n).map_or(Field::Empty, |s| Field::Text(s)),
            _ => Field::Empty,
        });
    }
    out
}
