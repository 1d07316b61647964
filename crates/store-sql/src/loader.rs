//! Bulk loading: rows into fact tables in the caller's transaction. Rows are gathered; while some are
//! written, another thread hashes them.

mod hashing;

use crate::conn::{Conn, postgres_error, sqlite_error};
use hashing::Hashing;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;
use symbolon_domain::kinds::RowRoot;
use symbolon_store::{
    Change, Loader, Result, StoreError,
    facts::{Cell, Rows, TableDef, row_id},
};

/// Rows for PostgreSQL's COPY are sent when so many bytes have gathered.
const COPY_BYTES: usize = 1 << 20;

struct Filling {
    sql: String,
    last: Option<u32>,
    /// Rows put one by one, not yet written.
    rows: Rows,
    copy: Vec<u8>,
}

pub(crate) struct SqlLoader<'a> {
    conn: &'a mut Conn,
    dataset: i64,
    tables: Vec<Filling>,
    hashing: Hashing,
    with: Vec<Change>,
}

impl<'a> SqlLoader<'a> {
    pub(crate) fn new(conn: &'a mut Conn, dataset: i64) -> Self {
        Self {
            conn,
            dataset,
            tables: vec![],
            hashing: Hashing::start(dataset),
            with: vec![],
        }
    }

    /// Sends what is left and returns the records to be written with it. Must be called before the
    /// transaction ends.
    pub(crate) fn finish(mut self) -> Result<Vec<Change>> {
        self.flush()?;
        for filling in &mut self.tables {
            copy(self.conn, filling)?;
        }
        Ok(self.with)
    }

    fn flush(&mut self) -> Result<()> {
        for at in 0..self.tables.len() {
            self.write(at)?;
        }
        Ok(())
    }

    /// Writes what was put one by one into a table.
    fn write(&mut self, at: usize) -> Result<()> {
        let rows = &mut self.tables[at].rows;
        if rows.is_empty() {
            return Ok(());
        }
        let rows = std::mem::replace(rows, Rows::new(rows.table));
        self.write_rows(at, rows)
    }

    fn write_rows(&mut self, at: usize, rows: Rows) -> Result<()> {
        let rows = Arc::new(rows);
        self.hashing.push(Arc::clone(&rows))?;
        let filling = &mut self.tables[at];
        match self.conn {
            Conn::Sqlite(c) => insert(c, &filling.sql, self.dataset, &rows),
            Conn::Postgres(_) => {
                for (row, cells) in rows.iter() {
                    copy_line(&mut filling.copy, row_id(self.dataset, row), cells);
                }
                if filling.copy.len() >= COPY_BYTES {
                    return copy(self.conn, filling);
                }
                Ok(())
            }
        }
    }

    /// The table being filled, opened at its first row.
    fn filling(&mut self, table: &'static TableDef) -> usize {
        let open = self
            .tables
            .iter()
            .position(|f| std::ptr::eq(f.rows.table, table));
        open.unwrap_or_else(|| {
            let marks: Vec<String> = (1..=table.columns.len() + 1)
                .map(|i| format!("?{i}"))
                .collect();
            let to = columns(table);
            self.tables.push(Filling {
                sql: format!("INSERT INTO {to} VALUES({})", marks.join(",")),
                last: None,
                rows: Rows::new(table),
                copy: vec![],
            });
            self.tables.len() - 1
        })
    }
}

impl Filling {
    /// A row's number must be larger than the last one's.
    fn follow(&mut self, row: u32) -> Result<()> {
        if self.last.is_some_and(|last| last >= row) {
            return Err(StoreError::Invalid(format!(
                "{}: row {row} comes out of order",
                self.rows.table.name
            )));
        }
        self.last = Some(row);
        Ok(())
    }
}

impl Loader for SqlLoader<'_> {
    fn dataset(&self) -> i64 {
        self.dataset
    }

    fn put(&mut self, table: &'static TableDef, row: u32, cells: &[Cell<'_>]) -> Result<()> {
        let at = self.filling(table);
        let filling = &mut self.tables[at];
        filling.follow(row)?;
        if !filling.rows.push(row, cells) {
            return Err(StoreError::Invalid(format!(
                "{}: wrong number of cells",
                table.name
            )));
        }
        if filling.rows.full() {
            self.write(at)?;
        }
        Ok(())
    }

    fn put_all(&mut self, rows: Rows) -> Result<()> {
        let at = self.filling(rows.table);
        self.write(at)?;
        for row in rows.numbers() {
            self.tables[at].follow(*row)?;
        }
        self.write_rows(at, rows)
    }

    fn with(&mut self, change: Change) {
        self.with.push(change);
    }

    fn roots(&mut self) -> Result<BTreeMap<String, RowRoot>> {
        self.flush()?;
        self.hashing.roots()
    }
}

fn insert(conn: &rusqlite::Connection, sql: &str, dataset: i64, rows: &Rows) -> Result<()> {
    let mut statement = conn.prepare_cached(sql).map_err(sqlite_error)?;
    for (row, cells) in rows.iter() {
        statement
            .raw_bind_parameter(1, row_id(dataset, row))
            .map_err(sqlite_error)?;
        for (i, cell) in (2..).zip(cells) {
            let bound = match cell {
                Cell::Null => statement.raw_bind_parameter(i, rusqlite::types::Null),
                Cell::Int(n) => statement.raw_bind_parameter(i, n),
                Cell::Text(s) => statement.raw_bind_parameter(i, s),
            };
            bound.map_err(sqlite_error)?;
        }
        statement.raw_execute().map_err(sqlite_error)?;
    }
    Ok(())
}

/// A table and its columns, as a statement names them.
fn columns(table: &TableDef) -> String {
    let names: Vec<String> = table
        .columns
        .iter()
        .map(|c| format!("\"{}\"", c.name))
        .collect();
    format!("{}(id, {})", table.name, names.join(", "))
}

/// One line of COPY text format.
fn copy_line<'c>(out: &mut Vec<u8>, id: i64, cells: impl Iterator<Item = Cell<'c>>) {
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
        .copy_in(&format!("COPY {} FROM STDIN", columns(filling.rows.table)))
        .map_err(postgres_error)?;
    writer
        .write_all(&filling.copy)
        .map_err(|e| StoreError::Database(e.to_string()))?;
    writer.finish().map_err(postgres_error)?;
    filling.copy.clear();
    Ok(())
}
