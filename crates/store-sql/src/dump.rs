//! All tables out of a database and into an empty one, row by row: what backups are made of.

use crate::conn::{Conn, Engine, Raw, postgres_error};
use crate::{schema, tally};
use std::io::Write;
use symbolon_store::{Result, StoreError, query::Value};

/// Receives tables and their rows, each table's rows in the order of its key.
pub(crate) type Sink<'a> = dyn FnMut(&str, &[Raw<'_>]) -> Result<()> + 'a;

/// Rows for PostgreSQL's COPY are sent when so many bytes have gathered.
const COPY_BYTES: usize = 1 << 20;

/// Names of all tables, each after those it refers to; without what is only counted from them.
pub(crate) fn tables() -> Vec<String> {
    let made = schema::statements(Engine::Sqlite);
    made.iter()
        .filter_map(|s| s.strip_prefix("CREATE TABLE "))
        .filter_map(|s| s.split('(').next())
        .map(|name| name.trim_matches('"').to_owned())
        .filter(|name| name != tally::TABLE)
        .collect()
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

/// Every row of one table.
pub(crate) fn table(conn: &mut Conn, name: &str, sink: &mut Sink<'_>) -> Result<()> {
    let sql = format!("SELECT * FROM \"{name}\" ORDER BY 1");
    conn.each_raw(&sql, &[], &mut |row| {
        sink(name, row)?;
        Ok(true)
    })
}

/// Writes rows into the empty tables of a connection in a transaction.
pub(crate) struct Filler<'a> {
    conn: &'a mut Conn,
    table: String,
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
            table: String::new(),
            sql: String::new(),
            copy: vec![],
        }
    }

    pub(crate) fn row(&mut self, table: &str, row: &[Value]) -> Result<()> {
        if self.table != table {
            self.flush()?;
            if !tables().iter().any(|t| t == table) {
                return Err(StoreError::Invalid(format!("there is no table `{table}`")));
            }
            let marks: Vec<String> = (1..=row.len()).map(|i| format!("${i}")).collect();
            self.sql = format!("INSERT INTO \"{table}\" VALUES({})", marks.join(", "));
            table.clone_into(&mut self.table);
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

    pub(crate) fn flush(&mut self) -> Result<()> {
        let Conn::Postgres(client) = &mut *self.conn else {
            return Ok(());
        };
        if self.copy.is_empty() {
            return Ok(());
        }
        let mut writer = client
            .copy_in(&format!("COPY \"{}\" FROM STDIN", self.table))
            .map_err(postgres_error)?;
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
        Ok(())
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
