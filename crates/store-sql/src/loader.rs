//! Bulk loading: rows into fact tables, hashed as they pass, in the caller's transaction.

use crate::conn::{Conn, postgres_error, sqlite_error};
use std::collections::BTreeMap;
use std::io::Write;
use symbolon_domain::kinds::RowRoot;
use symbolon_store::{
    Change, Loader, Result, StoreError,
    facts::{Cell, TableDef, row_bytes, row_id},
    journal::RootBuilder,
};

/// Rows for PostgreSQL's COPY are sent when so many bytes have gathered.
const COPY_BYTES: usize = 1 << 20;

struct Filling {
    table: &'static TableDef,
    sql: String,
    root: RootBuilder,
    last: Option<u32>,
    copy: Vec<u8>,
}

pub(crate) struct SqlLoader<'a> {
    conn: &'a mut Conn,
    dataset: i64,
    tables: Vec<Filling>,
    bytes: Vec<u8>,
    with: Vec<Change>,
}

impl<'a> SqlLoader<'a> {
    pub(crate) fn new(conn: &'a mut Conn, dataset: i64) -> Self {
        Self {
            conn,
            dataset,
            tables: vec![],
            bytes: vec![],
            with: vec![],
        }
    }

    /// Sends what is left and returns the records to be written with it. Must be called before the
    /// transaction ends.
    pub(crate) fn finish(mut self) -> Result<Vec<Change>> {
        for filling in &mut self.tables {
            copy(self.conn, filling)?;
        }
        Ok(self.with)
    }
}

/// The table being filled, opened at its first row.
fn filling<'t>(tables: &'t mut Vec<Filling>, table: &'static TableDef) -> &'t mut Filling {
    let at = match tables.iter().position(|f| std::ptr::eq(f.table, table)) {
        Some(at) => at,
        None => {
            let marks: Vec<String> = (1..=table.columns.len() + 1)
                .map(|i| format!("?{i}"))
                .collect();
            let sql = format!("INSERT INTO {} VALUES({})", table.name, marks.join(","));
            tables.push(Filling {
                table,
                sql,
                root: RootBuilder::default(),
                last: None,
                copy: vec![],
            });
            tables.len() - 1
        }
    };
    &mut tables[at]
}

impl Loader for SqlLoader<'_> {
    fn dataset(&self) -> i64 {
        self.dataset
    }

    fn put(&mut self, table: &'static TableDef, row: u32, cells: &[Cell<'_>]) -> Result<()> {
        if cells.len() != table.columns.len() {
            return Err(StoreError::Invalid(format!(
                "{}: wrong number of cells",
                table.name
            )));
        }
        let filling = filling(&mut self.tables, table);
        if filling.last.is_some_and(|last| last >= row) {
            return Err(StoreError::Invalid(format!(
                "{}: row {row} comes out of order",
                table.name
            )));
        }
        filling.last = Some(row);
        let id = row_id(self.dataset, row);
        row_bytes(id, cells.iter().copied(), &mut self.bytes);
        filling.root.push(&self.bytes);
        match self.conn {
            Conn::Sqlite(c) => insert(c, &filling.sql, id, cells),
            Conn::Postgres(_) => {
                copy_line(&mut filling.copy, id, cells);
                if filling.copy.len() >= COPY_BYTES {
                    copy(self.conn, filling)
                } else {
                    Ok(())
                }
            }
        }
    }

    fn with(&mut self, change: Change) {
        self.with.push(change);
    }

    fn roots(&self) -> BTreeMap<String, RowRoot> {
        self.tables
            .iter()
            .map(|f| {
                let root = RowRoot {
                    rows: f.root.rows().cast_signed(),
                    root: f.root.root(),
                };
                (f.table.name.to_owned(), root)
            })
            .collect()
    }
}

fn insert(conn: &rusqlite::Connection, sql: &str, id: i64, cells: &[Cell<'_>]) -> Result<()> {
    let mut statement = conn.prepare_cached(sql).map_err(sqlite_error)?;
    statement.raw_bind_parameter(1, id).map_err(sqlite_error)?;
    for (i, cell) in cells.iter().enumerate() {
        let bound = match cell {
            Cell::Null => statement.raw_bind_parameter(i + 2, rusqlite::types::Null),
            Cell::Int(n) => statement.raw_bind_parameter(i + 2, n),
            Cell::Text(s) => statement.raw_bind_parameter(i + 2, s),
        };
        bound.map_err(sqlite_error)?;
    }
    statement.raw_execute().map_err(sqlite_error)?;
    Ok(())
}

/// One line of COPY text format.
fn copy_line(out: &mut Vec<u8>, id: i64, cells: &[Cell<'_>]) {
    out.extend_from_slice(id.to_string().as_bytes());
    for cell in cells {
        out.push(b'\t');
        match cell {
            Cell::Null => out.extend_from_slice(b"\\N"),
            Cell::Int(n) => out.extend_from_slice(n.to_string().as_bytes()),
            Cell::Text(s) => {
                for byte in s.bytes() {
                    match byte {
                        b'\\' => out.extend_from_slice(b"\\\\"),
                        b'\t' => out.extend_from_slice(b"\\t"),
                        b'\n' => out.extend_from_slice(b"\\n"),
                        b'\r' => out.extend_from_slice(b"\\r"),
                        other => out.push(other),
                    }
                }
            }
        }
    }
    out.push(b'\n');
}

fn copy(conn: &mut Conn, filling: &mut Filling) -> Result<()> {
    let Conn::Postgres(client) = conn else {
        return Ok(());
    };
    if filling.copy.is_empty() {
        return Ok(());
    }
    let mut writer = client
        .copy_in(&format!("COPY {} FROM STDIN", filling.table.name))
        .map_err(postgres_error)?;
    writer
        .write_all(&filling.copy)
        .map_err(|e| StoreError::Database(e.to_string()))?;
    writer.finish().map_err(postgres_error)?;
    filling.copy.clear();
    Ok(())
}
