//! One connection, either engine, one small set of verbs.

mod prepared;

pub(crate) use crate::errors::{postgres_error, sqlite_error};
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use prepared::Prepared;
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use std::path::Path;
use symbolon_store::{Result, StoreError, facts::Cell, query::Value};

/// A connection to a database.
pub(crate) enum Conn {
    Sqlite(rusqlite::Connection),
    Postgres(Box<Prepared>),
}

/// Where a database is.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    File(std::path::PathBuf),
    Url(String),
}

/// Which engine, where the text of a statement must differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

impl Place {
    pub(crate) fn engine(&self) -> Engine {
        match self {
            Self::File(_) => Engine::Sqlite,
            Self::Url(_) => Engine::Postgres,
        }
    }

    /// Opens a connection for writing.
    pub(crate) fn open(&self) -> Result<Conn> {
        match self {
            Self::File(path) => sqlite(path, false),
            Self::Url(url) => postgres_client(url),
        }
    }

    /// Opens a connection that cannot write.
    pub(crate) fn open_reader(&self) -> Result<Conn> {
        match self {
            Self::File(path) => sqlite(path, true),
            Self::Url(url) => {
                let mut conn = postgres_client(url)?;
                conn.batch("SET default_transaction_read_only = on")?;
                Ok(conn)
            }
        }
    }
}

fn sqlite(path: &Path, reader: bool) -> Result<Conn> {
    let conn = rusqlite::Connection::open(path).map_err(sqlite_error)?;
    conn.busy_timeout(std::time::Duration::from_secs(10))
        .map_err(sqlite_error)?;
    // what is acknowledged is on disk; nothing in the file is trusted to run.
    conn.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;
         PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;",
    )
    .map_err(sqlite_error)?;
    // Only the writer copies its log into the file when it is closed.
    for (config, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, reader),
    ] {
        conn.set_db_config(config, on).map_err(sqlite_error)?;
    }
    let pragmas = if reader {
        "PRAGMA query_only=ON; PRAGMA cache_size=-8000"
    } else {
        "PRAGMA cache_size=-32000"
    };
    conn.execute_batch(pragmas).map_err(sqlite_error)?;
    conn.set_prepared_statement_cache_capacity(256);
    Ok(Conn::Sqlite(conn))
}

fn postgres_client(url: &str) -> Result<Conn> {
    let mut client = postgres::Client::connect(url, postgres::NoTls).map_err(postgres_error)?;
    client
        .batch_execute("SET synchronous_commit = on; SET client_min_messages = warning")
        .map_err(postgres_error)?;
    Ok(Conn::Postgres(Box::new(Prepared::new(client))))
}

impl Conn {
    pub(crate) fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Nothing more is to be copied into the database file, not even when it is closed.
    pub(crate) fn abandon(&self) {
        if let Self::Sqlite(c) = self {
            let _ = c.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        }
    }

    /// Whether the server on the other side is gone.
    pub(crate) fn lost(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Postgres(c) => c.is_closed(),
        }
    }

    /// Runs statements without parameters.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        match self {
            Self::Sqlite(c) => c.execute_batch(sql).map_err(sqlite_error),
            Self::Postgres(c) => c.batch_execute(sql).map_err(postgres_error),
        }
    }

    /// Runs one statement; returns how many rows it changed.
    pub(crate) fn execute(&mut self, sql: &str, args: &[Value]) -> Result<u64> {
        match self {
            Self::Sqlite(c) => {
                let mut statement = c
                    .prepare_cached(&sql.replace('$', "?"))
                    .map_err(sqlite_error)?;
                let n = statement
                    .execute(rusqlite::params_from_iter(args.iter().map(Arg)))
                    .map_err(sqlite_error)?;
                Ok(n as u64)
            }
            Self::Postgres(c) => {
                let args: Vec<Arg<'_>> = args.iter().map(Arg).collect();
                let args: Vec<&(dyn ToSql + Sync)> =
                    args.iter().map(|a| a as &(dyn ToSql + Sync)).collect();
                let statement = c.statement(sql).map_err(postgres_error)?;
                c.execute(&statement, &args).map_err(postgres_error)
            }
        }
    }

    /// Streams the rows of a query; the callback returns false to stop.
    pub(crate) fn each(
        &mut self,
        sql: &str,
        args: &[Value],
        f: &mut dyn FnMut(Vec<Value>) -> Result<bool>,
    ) -> Result<()> {
        match self {
            Self::Sqlite(c) => {
                let mut statement = c
                    .prepare_cached(&sql.replace('$', "?"))
                    .map_err(sqlite_error)?;
                let columns = statement.column_count();
                let mut rows = statement
                    .query(rusqlite::params_from_iter(args.iter().map(Arg)))
                    .map_err(sqlite_error)?;
                while let Some(row) = rows.next().map_err(sqlite_error)? {
                    let values = (0..columns)
                        .map(|i| sqlite_value(row, i))
                        .collect::<Result<_>>()?;
                    if !f(values)? {
                        break;
                    }
                }
                Ok(())
            }
            Self::Postgres(c) => {
                let args: Vec<Arg<'_>> = args.iter().map(Arg).collect();
                let args = args.iter().map(|a| a as &(dyn ToSql + Sync));
                let statement = c.statement(sql).map_err(postgres_error)?;
                let mut rows = c.query_raw(&statement, args).map_err(postgres_error)?;
                while let Some(row) = rows.next().map_err(postgres_error)? {
                    let values = (0..row.len())
                        .map(|i| postgres_value(&row, i))
                        .collect::<Result<_>>()?;
                    if !f(values)? {
                        break;
                    }
                }
                Ok(())
            }
        }
    }

    /// Streams rows of a query without copying their cells: whole numbers, texts and nulls only.
    pub(crate) fn each_cells(
        &mut self,
        sql: &str,
        args: &[Value],
        f: &mut dyn FnMut(&[Cell<'_>]) -> Result<bool>,
    ) -> Result<()> {
        match self {
            Self::Sqlite(c) => {
                let mut statement = c
                    .prepare_cached(&sql.replace('$', "?"))
                    .map_err(sqlite_error)?;
                let columns = statement.column_count();
                let mut rows = statement
                    .query(rusqlite::params_from_iter(args.iter().map(Arg)))
                    .map_err(sqlite_error)?;
                while let Some(row) = rows.next().map_err(sqlite_error)? {
                    let mut cells = [Cell::Null; MOST_COLUMNS];
                    for (i, cell) in cells.iter_mut().enumerate().take(columns) {
                        *cell = sqlite_cell(row, i)?;
                    }
                    if !f(&cells[..columns])? {
                        break;
                    }
                }
                Ok(())
            }
            Self::Postgres(c) => {
                let args: Vec<Arg<'_>> = args.iter().map(Arg).collect();
                let args = args.iter().map(|a| a as &(dyn ToSql + Sync));
                let statement = c.statement(sql).map_err(postgres_error)?;
                let mut rows = c.query_raw(&statement, args).map_err(postgres_error)?;
                while let Some(row) = rows.next().map_err(postgres_error)? {
                    let cells = (0..row.len())
                        .map(|i| postgres_cell(&row, i))
                        .collect::<Result<Vec<_>>>()?;
                    if !f(&cells)? {
                        break;
                    }
                }
                Ok(())
            }
        }
    }

    /// Streams rows of a query without copying their cells.
    pub(crate) fn each_raw(
        &mut self,
        sql: &str,
        args: &[Value],
        f: &mut dyn FnMut(&[Raw<'_>]) -> Result<bool>,
    ) -> Result<()> {
        match self {
            Self::Sqlite(c) => {
                let mut statement = c
                    .prepare_cached(&sql.replace('$', "?"))
                    .map_err(sqlite_error)?;
                let columns = statement.column_count();
                let mut rows = statement
                    .query(rusqlite::params_from_iter(args.iter().map(Arg)))
                    .map_err(sqlite_error)?;
                while let Some(row) = rows.next().map_err(sqlite_error)? {
                    let mut cells = [Raw::Null; MOST_COLUMNS];
                    for (i, cell) in cells.iter_mut().enumerate().take(columns) {
                        *cell = sqlite_raw(row, i)?;
                    }
                    if !f(&cells[..columns])? {
                        break;
                    }
                }
                Ok(())
            }
            Self::Postgres(c) => {
                let args: Vec<Arg<'_>> = args.iter().map(Arg).collect();
                let args = args.iter().map(|a| a as &(dyn ToSql + Sync));
                let statement = c.statement(sql).map_err(postgres_error)?;
                let mut rows = c.query_raw(&statement, args).map_err(postgres_error)?;
                while let Some(row) = rows.next().map_err(postgres_error)? {
                    let cells = (0..row.len())
                        .map(|i| postgres_raw(&row, i))
                        .collect::<Result<Vec<_>>>()?;
                    if !f(&cells)? {
                        break;
                    }
                }
                Ok(())
            }
        }
    }

    /// All rows of a query.
    pub(crate) fn query(&mut self, sql: &str, args: &[Value]) -> Result<Vec<Vec<Value>>> {
        let mut rows = vec![];
        self.each(sql, args, &mut |row| {
            rows.push(row);
            Ok(true)
        })?;
        Ok(rows)
    }

    /// The first row of a query.
    pub(crate) fn first(&mut self, sql: &str, args: &[Value]) -> Result<Option<Vec<Value>>> {
        let mut first = None;
        self.each(sql, args, &mut |row| {
            first = Some(row);
            Ok(false)
        })?;
        Ok(first)
    }
}

fn sqlite_value(row: &rusqlite::Row<'_>, i: usize) -> Result<Value> {
    Ok(match row.get_ref(i).map_err(sqlite_error)? {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Int(n),
        ValueRef::Real(_) => {
            return Err(StoreError::Tampered(
                "a number with a fraction where none can be".into(),
            ));
        }
        ValueRef::Text(t) => Value::Text(
            std::str::from_utf8(t)
                .map_err(|_| StoreError::Tampered("a text that is not UTF-8".into()))?
                .to_owned(),
        ),
        ValueRef::Blob(b) => Value::Blob(b.to_vec()),
    })
}

/// A cell as it lies in the driver's buffer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Raw<'a> {
    Null,
    Int(i64),
    Text(&'a str),
    Blob(&'a [u8]),
}

impl Raw<'_> {
    pub(crate) fn int(&self) -> Option<i64> {
        match self {
            Self::Int(n) => Some(*n),
            _ => None,
        }
    }
}

fn sqlite_raw<'r>(row: &'r rusqlite::Row<'_>, i: usize) -> Result<Raw<'r>> {
    let tampered = |what: &str| StoreError::Tampered(what.to_owned());
    Ok(match row.get_ref(i).map_err(sqlite_error)? {
        ValueRef::Null => Raw::Null,
        ValueRef::Integer(n) => Raw::Int(n),
        ValueRef::Blob(b) => Raw::Blob(b),
        ValueRef::Text(t) => {
            Raw::Text(std::str::from_utf8(t).map_err(|_| tampered("a text that is not UTF-8"))?)
        }
        ValueRef::Real(_) => return Err(tampered("a number with a fraction where none can be")),
    })
}

fn postgres_raw(row: &postgres::Row, i: usize) -> Result<Raw<'_>> {
    Ok(match *row.columns()[i].type_() {
        Type::INT8 => row
            .try_get::<_, Option<i64>>(i)
            .map_err(postgres_error)?
            .map_or(Raw::Null, Raw::Int),
        Type::BYTEA => row
            .try_get::<_, Option<&[u8]>>(i)
            .map_err(postgres_error)?
            .map_or(Raw::Null, Raw::Blob),
        _ => row
            .try_get::<_, Option<&str>>(i)
            .map_err(postgres_error)?
            .map_or(Raw::Null, Raw::Text),
    })
}

/// No table has more columns, id and envelope included.
pub(crate) const MOST_COLUMNS: usize = 64;

fn sqlite_cell<'r>(row: &'r rusqlite::Row<'_>, i: usize) -> Result<Cell<'r>> {
    let tampered = |what: &str| StoreError::Tampered(what.to_owned());
    Ok(match row.get_ref(i).map_err(sqlite_error)? {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(n) => Cell::Int(n),
        ValueRef::Text(t) => {
            Cell::Text(std::str::from_utf8(t).map_err(|_| tampered("a text that is not UTF-8"))?)
        }
        ValueRef::Real(_) | ValueRef::Blob(_) => {
            return Err(tampered("a cell of a type its column cannot hold"));
        }
    })
}

fn postgres_cell(row: &postgres::Row, i: usize) -> Result<Cell<'_>> {
    Ok(match *row.columns()[i].type_() {
        Type::INT8 => row
            .try_get::<_, Option<i64>>(i)
            .map_err(postgres_error)?
            .map_or(Cell::Null, Cell::Int),
        _ => row
            .try_get::<_, Option<&str>>(i)
            .map_err(postgres_error)?
            .map_or(Cell::Null, Cell::Text),
    })
}

fn postgres_value(row: &postgres::Row, i: usize) -> Result<Value> {
    let get = |e: postgres::Error| postgres_error(e);
    Ok(match *row.columns()[i].type_() {
        Type::INT8 => row
            .try_get::<_, Option<i64>>(i)
            .map_err(get)?
            .map_or(Value::Null, Value::Int),
        Type::INT4 => row
            .try_get::<_, Option<i32>>(i)
            .map_err(get)?
            .map_or(Value::Null, |n| Value::Int(n.into())),
        Type::BYTEA => row
            .try_get::<_, Option<Vec<u8>>>(i)
            .map_err(get)?
            .map_or(Value::Null, Value::Blob),
        Type::BOOL => row
            .try_get::<_, Option<bool>>(i)
            .map_err(get)?
            .map_or(Value::Null, |b| Value::Int(b.into())),
        _ => row
            .try_get::<_, Option<String>>(i)
            .map_err(get)?
            .map_or(Value::Null, Value::Text),
    })
}

/// A value as a parameter of either driver.
#[derive(Debug)]
struct Arg<'a>(&'a Value);

impl rusqlite::ToSql for Arg<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Int(n) => ValueRef::Integer(*n),
            Value::Text(s) => ValueRef::Text(s.as_bytes()),
            Value::Blob(b) => ValueRef::Blob(b),
        }))
    }
}

impl ToSql for Arg<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut postgres::types::private::BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(n) if *ty == Type::INT4 => i32::try_from(*n)?.to_sql(ty, out),
            Value::Int(n) => n.to_sql(ty, out),
            Value::Text(s) => s.to_sql(ty, out),
            Value::Blob(b) => b.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
