//! The tables, made from the definitions of kinds and facts. The journal's own tables are written out.

mod catalogue;
mod file;
pub(crate) mod layout;
pub(crate) mod parts;

use crate::conn::{Conn, Engine};
use sha2::{Digest, Sha256};
use symbolon_domain::{
    kind::{FieldType, KindDef},
    kinds,
};
use symbolon_store::{
    Result, StoreError,
    facts::{ColumnType, TABLES},
    query::Value,
};

/// Version of the schema; an older program refuses a newer one.
pub(crate) const VERSION: i64 = 1;

/// Name of the instance's row that says which statements made the tables.
pub(crate) const SHAPE: &str = "shape";

/// Columns of every kind's table, before its own fields.
pub(crate) const ENVELOPE: [(&str, &str); 15] = [
    ("id", "{text} PRIMARY KEY"),
    ("code", "{text} NOT NULL"),
    ("version", "{int} NOT NULL"),
    ("state", "{text} NOT NULL"),
    ("valid_from", "{text}"),
    ("valid_from_precision", "{text}"),
    ("valid_to", "{text}"),
    ("valid_to_precision", "{text}"),
    ("label", "{int} NOT NULL REFERENCES label(id)"),
    ("owner", "{text} NOT NULL"),
    ("partner", "{text} NOT NULL"),
    ("programme", "{text} NOT NULL"),
    ("sources", "{text} NOT NULL"),
    ("claims", "{text} NOT NULL"),
    ("entry", "{int} NOT NULL REFERENCES journal(seq)"),
];

const FIXED: [&str; 10] = [
    "CREATE TABLE instance(name {text} PRIMARY KEY, value {text} NOT NULL){strict}",
    "CREATE TABLE journal(seq {int} PRIMARY KEY, time {int} NOT NULL, object {text} NOT NULL, version {int} NOT NULL, \
     after_hash {text} NOT NULL, commit_hash {text} NOT NULL, leaf {blob} NOT NULL, seal {blob} NOT NULL, \
     row_salt {blob}, body_salt {blob}, actor {text}, action {text}, body {text}){strict}",
    "CREATE INDEX journal_object ON journal(object, seq)",
    "CREATE TABLE journal_tile(place {int} PRIMARY KEY, hash {blob} NOT NULL){strict}",
    "CREATE TABLE checkpoint(size {int} PRIMARY KEY, root {blob} NOT NULL, note {text} NOT NULL, time {int} NOT NULL){strict}",
    "CREATE TABLE once(id {text} PRIMARY KEY, request {text} NOT NULL, entry {int} NOT NULL REFERENCES journal(seq)){strict}",
    "CREATE TABLE label(id {int} PRIMARY KEY, json {text} NOT NULL, entry {int} NOT NULL REFERENCES journal(seq)){strict}",
    "CREATE TABLE job(id {text} PRIMARY KEY, work {text} NOT NULL, asked {text} NOT NULL, input {blob}, asked_at {int} NOT NULL, \
     holder {text} NOT NULL, until {int} NOT NULL, begun {int} NOT NULL){strict}",
    "CREATE TABLE tally(id {text} PRIMARY KEY, kind {text} NOT NULL, label {int} NOT NULL, partner {text} NOT NULL, \
     programme {text} NOT NULL, state {text} NOT NULL, records {int} NOT NULL){strict}",
    "CREATE INDEX tally_kind ON tally(kind, label)",
];

/// Hash of the statements, the same on either engine: two programs of one shape make the same tables.
pub(crate) fn shape() -> String {
    let mut hash = Sha256::new();
    for statement in templates() {
        hash.update(statement);
        hash.update(b"\n");
    }
    hex::encode(hash.finalize())
}

/// Every statement that makes the schema, in order.
pub(crate) fn statements(engine: Engine) -> Vec<String> {
    templates().iter().map(|s| fill(s, engine)).collect()
}

/// The same before the types are filled in.
fn templates() -> Vec<String> {
    let mut all: Vec<String> = FIXED.iter().map(|s| (*s).to_owned()).collect();
    for kind in kinds::all() {
        all.push(kind_table(kind));
        all.push(format!(
            "CREATE UNIQUE INDEX \"{0}_owner_code\" ON \"{0}\"(owner, code)",
            kind.code
        ));
        for field in &kind.fields {
            if matches!(field.field_type, FieldType::Reference(_)) {
                all.push(format!(
                    "CREATE INDEX \"{0}_{1}\" ON \"{0}\"(\"{1}\")",
                    kind.code, field.name
                ));
            }
        }
        all.push(format!(
            "CREATE INDEX \"{0}_partner_code\" ON \"{0}\"(partner, code, id)",
            kind.code
        ));
        // Totals of a question are counted after the row filter; few rows are found by their label.
        all.push(format!(
            "CREATE INDEX \"{0}_seen\" ON \"{0}\"(label, partner, programme, state)",
            kind.code
        ));
        // Lists come in the order of their codes; rows the filter hides are passed over in the index.
        all.push(format!(
            "CREATE INDEX \"{0}_code\" ON \"{0}\"(code, id, label, partner, programme, state)",
            kind.code
        ));
    }
    for table in TABLES {
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|c| match c.column_type {
                ColumnType::Integer => format!("\"{}\" {{int}}", c.name),
                ColumnType::Text => format!("\"{}\" {{text}}", c.name),
            })
            .collect();
        all.push(format!(
            "CREATE TABLE {}(id {{int}} PRIMARY KEY, {}){{strict}}",
            table.name,
            columns.join(", ")
        ));
        for (i, index) in table.indexes.iter().enumerate() {
            let columns: Vec<String> = index.iter().map(|c| format!("\"{c}\"")).collect();
            all.push(format!(
                "CREATE INDEX {0}_{i} ON {0}({1}, id)",
                table.name,
                columns.join(", ")
            ));
        }
    }
    all
}

fn fill(sql: &str, engine: Engine) -> String {
    let (int, text, blob, strict) = match engine {
        Engine::Sqlite => ("INTEGER", "TEXT", "BLOB", " STRICT"),
        Engine::Postgres => ("BIGINT", "TEXT COLLATE \"C\"", "BYTEA", ""),
    };
    sql.replace("{int}", int)
        .replace("{text}", text)
        .replace("{blob}", blob)
        .replace("{strict}", strict)
}

fn kind_table(kind: &KindDef) -> String {
    let mut columns: Vec<String> = ENVELOPE.iter().map(|(n, t)| format!("{n} {t}")).collect();
    columns.extend(
        kind.fields
            .iter()
            .map(|f| format!("\"{}\" {}", f.name, column_type(&f.field_type))),
    );
    format!(
        "CREATE TABLE \"{}\"({}){{strict}}",
        kind.code,
        columns.join(", ")
    )
}

fn column_type(field: &FieldType) -> String {
    match field {
        FieldType::Integer | FieldType::Flag | FieldType::Amount => "{int}".to_owned(),
        FieldType::Reference(kind) => format!("{{text}} REFERENCES \"{kind}\"(id)"),
        _ => "{text}".to_owned(),
    }
}

/// Which program's tables are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Made {
    /// Only those of this one.
    ByThisProgram,
    /// Those of an older one too.
    Earlier,
}

/// Makes the tables where there are none; refuses a database of a newer program, and of an older one.
pub(crate) fn prepare(conn: &mut Conn, origin: &str, made: Made) -> Result<()> {
    let Some(found) = version(conn) else {
        return make(conn, origin);
    };
    if found > VERSION {
        return Err(StoreError::Newer {
            found,
            known: VERSION,
        });
    }
    if made == Made::Earlier || said(conn)?.as_deref() == Some(&*shape()) {
        return Ok(());
    }
    let differs = parts::difference(conn)?;
    if !differs.foreign.is_empty() {
        return Err(StoreError::Foreign(differs.foreign));
    }
    match differs.missing.len() {
        0 => Ok(()),
        missing => Err(StoreError::Older { missing }),
    }
}

fn make(conn: &mut Conn, origin: &str) -> Result<()> {
    conn.batch("BEGIN")?;
    for sql in statements(conn.engine()) {
        conn.batch(&sql)?;
    }
    for (name, value) in [
        ("schema", VERSION.to_string()),
        ("origin", origin.to_owned()),
    ] {
        let row = [Value::Text(name.into()), Value::Text(value)];
        conn.execute("INSERT INTO instance(name, value) VALUES($1, $2)", &row)?;
    }
    say(conn)?;
    conn.batch("COMMIT")
}

/// The shape a database says it has.
pub(crate) fn said(conn: &mut Conn) -> Result<Option<String>> {
    let row = conn.first(
        "SELECT value FROM instance WHERE name = $1",
        &[Value::Text(SHAPE.into())],
    )?;
    Ok(row.map(|r| r[0].text().to_owned()))
}

/// Writes down that the tables are those of this program.
pub(crate) fn say(conn: &mut Conn) -> Result<()> {
    let sql = "INSERT INTO instance(name, value) VALUES($1, $2) ON CONFLICT(name) DO UPDATE SET value = excluded.value";
    conn.execute(sql, &[Value::Text(SHAPE.into()), Value::Text(shape())])
        .map(|_| ())
}

/// The schema version of a database, if it is one of ours.
fn version(conn: &mut Conn) -> Option<i64> {
    let probe = match conn.engine() {
        Engine::Sqlite => "SELECT count(*) FROM sqlite_schema WHERE name = 'instance'",
        Engine::Postgres => "SELECT count(*) FROM pg_class WHERE oid = to_regclass('instance')",
    };
    let there = conn.first(probe, &[]).ok()??.first()?.int()? > 0;
    if !there {
        return None;
    }
    let row = conn
        .first("SELECT value FROM instance WHERE name = 'schema'", &[])
        .ok()??;
    row.first()?.text().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_table_is_wider_than_a_row_that_is_read() {
        for kind in kinds::all() {
            let columns = ENVELOPE.len() + kind.fields.len();
            assert!(
                columns <= crate::conn::MOST_COLUMNS,
                "{}: {columns}",
                kind.code
            );
        }
    }

    #[test]
    fn no_field_takes_the_name_of_an_envelope_column() {
        for kind in kinds::all() {
            for field in &kind.fields {
                assert!(
                    !ENVELOPE.iter().any(|(n, _)| *n == field.name),
                    "{}.{}",
                    kind.code,
                    field.name
                );
            }
        }
    }

    #[test]
    fn references_point_at_kinds_made_before() {
        let mut made = vec![];
        for kind in kinds::all() {
            made.push(kind.code);
            for field in &kind.fields {
                if let FieldType::Reference(to) = &field.field_type {
                    assert!(made.contains(&to.as_str()), "{} before {to}", kind.code);
                }
            }
        }
    }
}
