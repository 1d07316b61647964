//! All tables out of a database and into an empty one, row by row: what backups are made of.

use crate::conn::{Conn, Engine, Raw, postgres_error};
use crate::{
    schema::{self, layout},
    tally,
};
use std::io::Write;
use symbolon_store::{Heading, Result, StoreError, query::Value};

/// Receives tables and their rows, each table's rows in the order of its key.
pub(crate) type Sink<'a> = dyn FnMut(&Heading, &[Raw<'_>]) -> Result<()> + 'a;

/// Rows for PostgreSQL's COPY are sent when so many bytes have gathered.
const COPY_BYTES: usize = 1 << 20;

/// All tables, each after those it refers to; without what is only counted from them.
pub(crate) fn tables() -> Vec<Heading> {
    let all = layout::tables(Engine::Sqlite).into_iter();
    all.filter(|t| t.name != tally::TABLE)
        .map(|t| Heading {
            table: t.name,
            columns: t.columns.into_iter().map(|(name, _)| name).collect(),
        })
        .collect()
}

/// A list of columns in SQL.
fn listed(columns: &[String]) -> String {
    let quoted: Vec<String> = columns.iter().map(|c| format!("\"{c}\"")).collect();
    quoted.join(", ")
}

/// The statement that puts one row in.
pub(crate) fn insert(heading: &Heading) -> String {
    let marks: Vec<String> = (1..=heading.columns.len())
        .map(|i| format!("${i}"))
        .collect();
    format!(
        "INSERT INTO \"{}\"({}) VALUES({})",
        heading.table,
        listed(&heading.columns),
        marks.join(", ")
    )
}

/// The statement that reads rows, but for what follows.
pub(crate) fn select(heading: &Heading) -> String {
    format!(
        "SELECT {} FROM \"{}\"",
        listed(&heading.columns),
        heading.table
    )
}

/// Begins a snapshot: everything read until `ROLLBACK` is of one moment.
pub(crate) fn snapshot(conn: &mut Conn) -> Result<()> {
    conn.batch(match conn.engine() {
        Engine::Sqlite => "BEGIN; SELECT count(*) FROM instance",
        Engine::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    })
}

/// Every row of every table, in one snapshot.
pub(crate) fn all(conn: &mut Conn, sink: &mut Sink<'_>) -> Result<()> {
    snapshot(conn)?;
    let done = tables().iter().try_for_each(|t| table(conn, t, sink));
    let _ = conn.batch("ROLLBACK");
    done
}

/// The same of a database of an older program, which lacks tables and columns.
pub(crate) fn older(conn: &mut Conn, sink: &mut Sink<'_>) -> Result<()> {
    snapshot(conn)?;
    let done = tables().into_iter().try_for_each(|mut heading| {
        let there = layout::columns_there(conn, &heading.table)?;
        heading.columns.retain(|c| there.contains(c));
        if heading.columns.is_empty() {
            return Ok(());
        }
        table(conn, &heading, sink)
    });
    let _ = conn.batch("ROLLBACK");
    done
}

/// Every row of one table.
pub(crate) fn table(conn: &mut Conn, heading: &Heading, sink: &mut Sink<'_>) -> Result<()> {
    let sql = format!("{} ORDER BY 1", select(heading));
    conn.each_raw(&sql, &[], &mut |row| {
        sink(heading, row)?;
        Ok(true)
    })
}

/// Writes rows into the empty tables of a connection in a transaction.
pub(crate) struct Filler<'a> {
    conn: &'a mut Conn,
    heading: Heading,
    sql: String,
    copy: Vec<u8>,
}

impl<'a> Filler<'a> {
    /// References are checked when all rows are there, not before.
    pub(crate) fn new(conn: &'a mut Conn) -> Result<Self> {
        match conn.engine() {
            Engine::Sqlite => conn.batch("PRAGMA defer_foreign_keys=ON")?,
            Engine::Postgres => references(conn, "DEFERRABLE INITIALLY DEFERRED")?,
        }
        conn.batch("DELETE FROM instance")?;
        Ok(Self::over(conn))
    }

    /// References are checked row by row.
    pub(crate) fn over(conn: &'a mut Conn) -> Self {
        Self {
            conn,
            heading: Heading::default(),
            sql: String::new(),
            copy: vec![],
        }
    }

    pub(crate) fn row(&mut self, heading: &Heading, row: &[Value]) -> Result<()> {
        if self.heading != *heading {
            self.begin(heading)?;
        }
        if row.len() != heading.columns.len() {
            return Err(StoreError::Invalid(format!(
                "{}: a row has {} cells for {} columns",
                heading.table,
                row.len(),
                heading.columns.len()
            )));
        }
        if self.conn.engine() == Engine::Sqlite {
            return self.conn.execute(&self.sql, row).map(|_| ());
        }
        copy_line(&mut self.copy, row);
        if self.copy.len() >= COPY_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    /// Turns to a table. Columns that rows do not have stay empty.
    fn begin(&mut self, heading: &Heading) -> Result<()> {
        self.flush()?;
        let known = tables();
        let Some(ours) = known.iter().find(|t| t.table == heading.table) else {
            return Err(StoreError::Invalid(format!(
                "there is no table `{}`",
                heading.table
            )));
        };
        if let Some(other) = heading.columns.iter().find(|c| !ours.columns.contains(c)) {
            return Err(StoreError::Invalid(format!(
                "the table `{}` has no column `{other}`",
                heading.table
            )));
        }
        self.sql = match self.conn.engine() {
            Engine::Sqlite => insert(heading),
            Engine::Postgres => format!(
                "COPY \"{}\"({}) FROM STDIN",
                heading.table,
                listed(&heading.columns)
            ),
        };
        self.heading = heading.clone();
        Ok(())
    }

    pub(crate) fn flush(&mut self) -> Result<()> {
        let Conn::Postgres(client) = &mut *self.conn else {
            return Ok(());
        };
        if self.copy.is_empty() {
            return Ok(());
        }
        let mut writer = client.copy_in(&self.sql).map_err(postgres_error)?;
        writer
            .write_all(&self.copy)
            .map_err(|e| StoreError::Database(e.to_string()))?;
        writer.finish().map_err(postgres_error)?;
        self.copy.clear();
        Ok(())
    }

    /// Sends what is left and checks the references.
    pub(crate) fn finish(mut self) -> Result<()> {
        self.flush()?;
        if self.conn.engine() == Engine::Postgres {
            self.conn.batch("SET CONSTRAINTS ALL IMMEDIATE")?;
            references(self.conn, "NOT DEFERRABLE")?;
        }
        // The rows may be of an older program; the tables are of this one.
        schema::say(self.conn)
    }
}

/// Says when PostgreSQL checks references.
fn references(conn: &mut Conn, when: &str) -> Result<()> {
    let sql = "SELECT conrelid::regclass::text, conname::text FROM pg_constraint \
               WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2";
    for row in conn.query(sql, &[])? {
        let (table, name) = (row[0].text(), row[1].text());
        conn.batch(&format!(
            "ALTER TABLE {table} ALTER CONSTRAINT \"{name}\" {when}"
        ))?;
    }
    Ok(())
}

/// One line of COPY text format.
fn copy_line(out: &mut Vec<u8>, row: &[Value]) {
    for (i, value) in row.iter().enumerate() {
        if i > 0 {
            out.push(b'\t');
        }
        match value {
            Value::Null => out.extend_from_slice(b"\\N"),
            Value::Int(n) => out.extend_from_slice(n.to_string().as_bytes()),
            Value::Blob(b) => {
                out.extend_from_slice(b"\\\\x");
                out.extend_from_slice(hex::encode(b).as_bytes());
            }
            Value::Text(s) => s.bytes().for_each(|byte| match byte {
                b'\\' => out.extend_from_slice(b"\\\\"),
                b'\t' => out.extend_from_slice(b"\\t"),
                b'\n' => out.extend_from_slice(b"\\n"),
                b'\r' => out.extend_from_slice(b"\\r"),
                other => out.push(other),
            }),
        }
    }
    out.push(b'\n');
}

/// A cell as a value of its own.
pub(crate) fn value(raw: &Raw<'_>) -> Value {
    match *raw {
        Raw::Null => Value::Null,
        Raw::Int(n) => Value::Int(n),
        Raw::Text(t) => Value::Text(t.to_owned()),
        Raw::Blob(b) => Value::Blob(b.to_vec()),
    }
}
