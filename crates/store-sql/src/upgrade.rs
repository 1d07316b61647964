//! A database of an older program, brought up to this one: tables, columns and indexes it lacks are added, in one
//! transaction, with an entry in the journal that names them. Nothing is ever taken away.

use crate::journal::{self, Draft};
use crate::schema::{self, layout, parts};
use crate::store::SqlStore;
use crate::writer::Tx;
use crate::{dump, tally};
use serde_json::json;
use std::path::Path;
use symbolon_access::Viewer;
use symbolon_store::{Heading, Result, StoreError, Surroundings, journal::SCHEMA, query::Value};

/// What an older database needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// What would be added: `table watch`, `column account.language`, `index case_seen`.
    pub added: Vec<String>,
    /// What stands in the way; empty where the upgrade can be made.
    pub hindered: Vec<String>,
}

/// A database that an older program may have made; opened to be looked at, copied out and upgraded, nothing else.
pub struct Older(SqlStore);

impl Older {
    /// Opens a SQLite file.
    pub fn sqlite(path: &Path, around: Surroundings) -> Result<Self> {
        SqlStore::older_sqlite(path, around).map(Self)
    }

    /// Opens a PostgreSQL database.
    pub fn postgres(url: &str, around: Surroundings) -> Result<Self> {
        SqlStore::older_postgres(url, around).map(Self)
    }

    /// What it needs; changes nothing, and may be asked while an older program is at work on it.
    pub fn needs(&self) -> Result<Needs> {
        self.0.pool.with(|conn| {
            let differs = parts::difference(conn)?;
            let steps = steps(conn)?;
            let blocked = steps.iter().filter(|s| !s.possible);
            let mut hindered: Vec<String> = blocked
                .map(|s| {
                    format!(
                        "{} cannot be empty, and the rows there have nothing for it",
                        s.what
                    )
                })
                .collect();
            let unknown = differs.foreign.iter();
            hindered.extend(unknown.map(|p| format!("`{p}` is not known to this program")));
            Ok(Needs {
                added: steps.into_iter().map(|s| s.what).collect(),
                hindered,
            })
        })
    }

    /// Every row of every table it has.
    pub fn dump(&self, each: &mut dyn FnMut(&Heading, &[Value]) -> Result<()>) -> Result<()> {
        self.0.pool.with(|conn| {
            dump::older(conn, &mut |heading, row| {
                let row: Vec<Value> = row.iter().map(dump::value).collect();
                each(heading, &row)
            })
        })
    }

    /// Adds what it lacks: all of it, or nothing. Where nothing is lacking, nothing is written.
    pub fn upgrade(&self, viewer: &Viewer) -> Result<Vec<String>> {
        self.0.writer.alone(|tx| upgrade(tx, viewer))
    }
}

/// One statement of an upgrade.
struct Step {
    what: String,
    sql: String,
    /// A column that must have something in every row cannot be added to rows that are there.
    possible: bool,
}

fn steps(conn: &mut crate::conn::Conn) -> Result<Vec<Step>> {
    let engine = conn.engine();
    let mut steps = vec![];
    for table in layout::tables(engine) {
        let there = layout::columns_there(conn, &table.name)?;
        if there.is_empty() {
            steps.push(Step {
                what: format!("table {}", table.name),
                sql: table.sql,
                possible: true,
            });
            continue;
        }
        let lacking = table.columns.iter().filter(|(n, _)| !there.contains(n));
        steps.extend(lacking.map(|(column, definition)| Step {
            what: format!("column {}.{column}", table.name),
            sql: format!("ALTER TABLE \"{}\" ADD COLUMN {definition}", table.name),
            possible: !definition.contains("NOT NULL") && !definition.contains("PRIMARY KEY"),
        }));
    }
    let there = layout::indexes_there(conn)?;
    let lacking = layout::indexes(engine).into_iter();
    steps.extend(
        lacking
            .filter(|i| !there.contains(&i.name))
            .map(|index| Step {
                what: format!("index {}", index.name),
                sql: index.sql,
                possible: true,
            }),
    );
    Ok(steps)
}

fn upgrade(tx: &mut Tx<'_>, viewer: &Viewer) -> Result<Vec<String>> {
    let before = schema::said(tx.conn)?;
    let steps = steps(tx.conn)?;
    for step in &steps {
        tx.conn.batch(&step.sql)?;
    }
    let differs = parts::difference(tx.conn)?;
    if !differs.foreign.is_empty() {
        return Err(StoreError::Foreign(differs.foreign));
    }
    if !differs.missing.is_empty() {
        return Err(StoreError::Invalid(format!(
            "the upgrade did not make {}; nothing was changed",
            differs.missing.join(", ")
        )));
    }
    let added: Vec<String> = steps.into_iter().map(|s| s.what).collect();
    let now = schema::shape();
    if before.as_ref() == Some(&now) && added.is_empty() {
        return Ok(added);
    }
    if added
        .iter()
        .any(|a| *a == format!("table {}", tally::TABLE))
    {
        tally::refill(tx.conn)?;
    }
    schema::say(tx.conn)?;
    let after = json!({"before": before, "shape": now, "added": added});
    let draft = Draft::event(format!("{SCHEMA}{now}"), "instance.upgrade", after);
    journal::append(tx, viewer, draft)?;
    Ok(added)
}
