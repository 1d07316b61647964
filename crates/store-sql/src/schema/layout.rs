//! The tables and indexes that the statements make, by name; and those a database has.

use super::statements;
use crate::conn::{Conn, Engine};
use std::collections::BTreeSet;
use symbolon_store::{Result, query::Value};

/// A table as its statement makes it.
pub(crate) struct Table {
    pub(crate) name: String,
    /// Name and definition of each column, in order.
    pub(crate) columns: Vec<(String, String)>,
    /// The statement.
    pub(crate) sql: String,
}

/// An index as its statement makes it.
pub(crate) struct Index {
    pub(crate) name: String,
    pub(crate) sql: String,
}

fn bare(name: &str) -> String {
    name.trim_matches('"').to_owned()
}

/// Every table, each after those it refers to.
pub(crate) fn tables(engine: Engine) -> Vec<Table> {
    statements(engine)
        .into_iter()
        .filter_map(|sql| {
            let (name, rest) = sql.strip_prefix("CREATE TABLE ")?.split_once('(')?;
            let (columns, _) = rest.rsplit_once(')')?;
            let column = |c: &str| {
                let (name, _) = c.split_once(' ')?;
                Some((bare(name), c.to_owned()))
            };
            Some(Table {
                name: bare(name),
                columns: columns.split(", ").filter_map(column).collect(),
                sql,
            })
        })
        .collect()
}

/// Every index.
pub(crate) fn indexes(engine: Engine) -> Vec<Index> {
    statements(engine)
        .into_iter()
        .filter_map(|sql| {
            let rest = sql
                .strip_prefix("CREATE UNIQUE INDEX ")
                .or_else(|| sql.strip_prefix("CREATE INDEX "))?;
            let name = bare(rest.split_once(' ')?.0);
            Some(Index { name, sql })
        })
        .collect()
}

/// Names of what a database has: its columns, none where there is no such table.
pub(crate) fn columns_there(conn: &mut Conn, table: &str) -> Result<BTreeSet<String>> {
    let sql = match conn.engine() {
        Engine::Sqlite => "SELECT name FROM pragma_table_info($1)",
        Engine::Postgres => {
            "SELECT a.attname::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
             WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname = $1::text::name \
             AND a.attnum > 0 AND NOT a.attisdropped"
        }
    };
    names(conn, sql, &[Value::Text(table.to_owned())])
}

/// Names of its indexes.
pub(crate) fn indexes_there(conn: &mut Conn) -> Result<BTreeSet<String>> {
    let sql = match conn.engine() {
        Engine::Sqlite => "SELECT name FROM sqlite_schema WHERE type = 'index'",
        Engine::Postgres => {
            "SELECT relname::text FROM pg_class WHERE relkind = 'i' AND relnamespace = current_schema()::regnamespace"
        }
    };
    names(conn, sql, &[])
}

fn names(conn: &mut Conn, sql: &str, args: &[Value]) -> Result<BTreeSet<String>> {
    let rows = conn.query(sql, args)?;
    Ok(rows.iter().map(|r| r[0].text().to_owned()).collect())
}
