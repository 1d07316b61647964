//! Reading fact tables: only rows of data sets the viewer may see.

use crate::conditions::Where;
use crate::conn::Conn;
use symbolon_store::{
    Result, StoreError,
    facts::{Cell, TableDef, row_id},
    query::{FactQuery, FactRow},
};

fn column(table: &TableDef, name: &str) -> Result<String> {
    if name == "id" || table.column(name).is_some() {
        Ok(format!("\"{name}\""))
    } else {
        Err(StoreError::Invalid(format!(
            "`{name}` is no column of {}",
            table.name
        )))
    }
}

fn conditions(query: &FactQuery, datasets: &[i64]) -> Result<Where> {
    let mut conditions = Where::default();
    let ranges: Vec<String> = datasets
        .iter()
        .map(|d| format!("(id >= {} AND id < {})", row_id(*d, 0), row_id(*d + 1, 0)))
        .collect();
    conditions.plain(if ranges.is_empty() {
        "1 = 0".to_owned()
    } else {
        format!("({})", ranges.join(" OR "))
    });
    for (name, test) in &query.tests {
        conditions.test(&column(query.table, name)?, test);
    }
    Ok(conditions)
}

/// The statement of a query and its conditions.
fn select(query: &FactQuery, datasets: &[i64]) -> Result<(String, Where)> {
    let conditions = conditions(query, datasets)?;
    let columns: Vec<String> = query
        .table
        .columns
        .iter()
        .map(|c| format!("\"{}\"", c.name))
        .collect();
    let mut order = query
        .order
        .iter()
        .map(|(name, down)| {
            Ok(format!(
                "{}{}",
                column(query.table, name)?,
                if *down { " DESC" } else { "" }
            ))
        })
        .collect::<Result<Vec<_>>>()?;
    order.push("id".to_owned());
    let mut sql = format!(
        "SELECT id, {} FROM {}{} ORDER BY {}",
        columns.join(", "),
        query.table.name,
        conditions.sql(),
        order.join(", ")
    );
    if query.limit > 0 {
        sql.push_str(&format!(" LIMIT {} OFFSET {}", query.limit, query.offset));
    }
    Ok((sql, conditions))
}

/// Streams the rows that match.
pub(crate) fn each(
    conn: &mut Conn,
    query: &FactQuery,
    datasets: &[i64],
    f: &mut dyn FnMut(FactRow) -> Result<bool>,
) -> Result<()> {
    let (sql, conditions) = select(query, datasets)?;
    conn.each(&sql, &conditions.args, &mut |mut row| {
        let id = row[0]
            .int()
            .ok_or_else(|| StoreError::Tampered(format!("a row id in {}", query.table.name)))?;
        row.remove(0);
        f(FactRow { id, cells: row })
    })
}

/// How many rows match.
pub(crate) fn count(conn: &mut Conn, query: &FactQuery, datasets: &[i64]) -> Result<u64> {
    let conditions = conditions(query, datasets)?;
    let sql = format!(
        "SELECT count(*) FROM {}{}",
        query.table.name,
        conditions.sql()
    );
    let row = conn.first(&sql, &conditions.args)?;
    Ok(row
        .and_then(|r| r[0].int())
        .and_then(|n| u64::try_from(n).ok())
        .unwrap_or(0))
}

/// Streams the rows that match without copying them: the id, then the cells.
pub(crate) fn each_cells(
    conn: &mut Conn,
    query: &FactQuery,
    datasets: &[i64],
    f: &mut dyn FnMut(i64, &[Cell<'_>]) -> Result<bool>,
) -> Result<()> {
    let (sql, conditions) = select(query, datasets)?;
    conn.each_cells(&sql, &conditions.args, &mut |cells| match cells {
        [Cell::Int(id), rest @ ..] => f(*id, rest),
        _ => Err(StoreError::Tampered(format!(
            "a row id in {}",
            query.table.name
        ))),
    })
}
