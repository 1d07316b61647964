//! The parts of a schema on PostgreSQL: relations, columns, constraints, indexes, and nothing that runs by itself.
//!
//! What must be there is read from the very statements that make the schema; what is there, from the
//! catalogue. Objects that belong to an extension the operator installed are left alone.

use crate::conn::{Conn, Engine};
use crate::schema;
use std::collections::BTreeSet;
use symbolon_store::Result;

const NOT_OF_AN_EXTENSION: &str =
    "NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = o.oid AND d.deptype = 'e')";

const RELATIONS: &str = "SELECT o.relkind::text || ' ' || o.relname || ' ' || o.relpersistence::text || ' ' \
     || o.relrowsecurity::text FROM pg_class o \
     WHERE o.relnamespace = current_schema()::regnamespace AND o.relkind <> 'c' AND ";

const COLUMNS: &str = "SELECT 'column ' || o.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' \
     || coalesce(l.collname, '') || ' ' || a.attnotnull::text || ' ' || a.atthasdef::text FROM pg_attribute a \
     JOIN pg_class o ON o.oid = a.attrelid LEFT JOIN pg_collation l ON l.oid = a.attcollation \
     WHERE o.relnamespace = current_schema()::regnamespace AND o.relkind = 'r' AND a.attnum > 0 \
     AND NOT a.attisdropped AND ";

const CONSTRAINTS: &str = "SELECT replace('constraint ' || c.relname || ' ' || pg_get_constraintdef(o.oid), '\"', '') \
     FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid \
     WHERE o.connamespace = current_schema()::regnamespace AND ";

const INDEXES: &str = "SELECT replace(replace(pg_get_indexdef(o.oid), '\"', ''), ' ' || current_schema() || '.', ' ') \
     || CASE WHEN i.indisvalid THEN '' ELSE ' invalid' END FROM pg_class o JOIN pg_index i ON i.indexrelid = o.oid \
     WHERE o.relnamespace = current_schema()::regnamespace AND ";

/// Things that act by themselves, or that hide rows: there are none of ours.
const ACTING: &str = "SELECT 'trigger ' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid \
     WHERE c.relnamespace = current_schema()::regnamespace AND (NOT t.tgisinternal OR t.tgenabled <> 'O') \
     UNION ALL SELECT 'rule ' || r.rulename FROM pg_rules r WHERE r.schemaname = current_schema() \
     UNION ALL SELECT 'policy ' || p.polname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid \
     WHERE c.relnamespace = current_schema()::regnamespace \
     UNION ALL SELECT 'function ' || o.proname FROM pg_proc o WHERE o.pronamespace = current_schema()::regnamespace AND ";

/// The parts a database has.
pub(super) fn there(conn: &mut Conn) -> Result<BTreeSet<String>> {
    let mut there = BTreeSet::new();
    for part in [RELATIONS, COLUMNS, CONSTRAINTS, INDEXES, ACTING] {
        for row in conn.query(&format!("{part}{NOT_OF_AN_EXTENSION}"), &[])? {
            there.insert(row[0].text().to_owned());
        }
    }
    Ok(there)
}

/// What the statements make, in the words of the catalogue.
pub(super) fn made() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for sql in schema::statements(Engine::Postgres) {
        let sql = sql.replace('"', "");
        let Some((head, rest)) = sql.split_once('(') else {
            continue;
        };
        if let Some(table) = head.strip_prefix("CREATE TABLE ") {
            let columns = rest.strip_suffix(')').unwrap_or(rest);
            table_parts(table, columns, &mut all);
        } else if let Some((index, table)) = head.split_once(" ON ") {
            all.insert(format!("{index} ON {table} USING btree ({rest}"));
            let name = index.rsplit(' ').next().unwrap_or_default();
            all.insert(format!("i {name} p false"));
        }
    }
    all
}

/// A table, its columns, key and references.
fn table_parts(table: &str, columns: &str, all: &mut BTreeSet<String>) {
    all.insert(format!("r {table} p false"));
    for column in columns.split(", ") {
        let words: Vec<&str> = column.split(' ').collect();
        let [name, kind, ..] = words[..] else {
            continue;
        };
        let key = column.contains("PRIMARY KEY");
        let collation = if kind == "TEXT" { "C" } else { "" };
        let filled = key || column.contains("NOT NULL");
        all.insert(format!(
            "column {table}.{name} {} {collation} {filled} false",
            kind.to_lowercase()
        ));
        if key {
            all.insert(format!("constraint {table} PRIMARY KEY ({name})"));
            all.insert(format!("i {table}_pkey p false"));
            all.insert(format!(
                "CREATE UNIQUE INDEX {table}_pkey ON {table} USING btree ({name})"
            ));
        }
        if let Some((_, to)) = column.split_once(" REFERENCES ") {
            all.insert(format!(
                "constraint {table} FOREIGN KEY ({name}) REFERENCES {to}"
            ));
        }
    }
}
