//! How many records of a kind there are, by all that the row filter looks at: kept in the transaction of
//! each write, so that the total of a list costs a few rows at any number of records. What stands here
//! is derived: backups leave it out, and verification counts again.

use crate::conditions::{self, Where};
use crate::conn::Conn;
use std::collections::BTreeMap;
use symbolon_access::RowFilter;
use symbolon_domain::{
    kind::{DELETED, KindDef},
    kinds,
    record::Envelope,
};
use symbolon_store::{
    Result,
    query::{RecordQuery, Value},
};

/// Name of the table.
pub(crate) const TABLE: &str = "tally";

/// What a query may test and still be answered from here.
const COLUMNS: [&str; 3] = ["partner", "programme", "state"];

/// A row's key and what the key is made of, as SQL over a table of records.
const GROUP: &str = "'{kind}|' || CAST(label AS TEXT) || '|' || state || '|' || CAST(length(partner) AS TEXT) || '|' \
     || partner || '|' || programme, '{kind}', label, partner, programme, state";

/// What the totals of a transaction change by. They are written once, at its end: a total that a thousand
/// records of an import share is written once, not a thousand times.
#[derive(Clone, Default)]
pub(crate) struct Deltas(BTreeMap<Place, i64>);

/// What a total is of.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    kind: String,
    label: i64,
    partner: String,
    programme: String,
    state: String,
}

impl Deltas {
    /// Counts one record in (1), or out (-1).
    pub(crate) fn count(&mut self, of: &Envelope, label: i64, by: i64) {
        let place = Place {
            kind: of.kind.clone(),
            label,
            partner: of.partner.clone(),
            programme: of.programme.clone(),
            state: of.state.clone(),
        };
        *self.0.entry(place).or_default() += by;
    }

    /// Writes the totals.
    pub(crate) fn settle(self, conn: &mut Conn) -> Result<()> {
        let changed = self.0.into_iter().filter(|(_, by)| *by != 0);
        changed.into_iter().try_for_each(|(p, by)| p.add(conn, by))
    }
}

impl Place {
    fn add(self, conn: &mut Conn, by: i64) -> Result<()> {
        let length = self.partner.chars().count();
        let id = Value::Text(format!(
            "{}|{}|{}|{length}|{}|{}",
            self.kind, self.label, self.state, self.partner, self.programme
        ));
        if by > 0 {
            let sql = "INSERT INTO tally(id, kind, label, partner, programme, state, records) \
                 VALUES($1, $2, $3, $4, $5, $6, $7) ON CONFLICT(id) DO UPDATE SET records = tally.records + $7";
            let (label, by) = (Value::Int(self.label), Value::Int(by));
            let [kind, partner, programme, state] =
                [self.kind, self.partner, self.programme, self.state].map(Value::Text);
            let row = [id, kind, label, partner, programme, state, by];
            return conn.execute(sql, &row).map(|_| ());
        }
        let row = [id, Value::Int(by)];
        let sql = "UPDATE tally SET records = records + $2 WHERE id = $1";
        conn.execute(sql, &row)?;
        conn.execute("DELETE FROM tally WHERE id = $1 AND records = 0", &row[..1])
            .map(|_| ())
    }
}

/// Counts everything anew: after a database was filled.
pub(crate) fn refill(conn: &mut Conn) -> Result<()> {
    conn.batch("DELETE FROM tally")?;
    kinds::all().iter().try_for_each(|kind| {
        conn.batch(&format!(
            "INSERT INTO tally {}",
            recount(kind, "ORDER BY 1")
        ))
    })
}

fn recount(kind: &KindDef, order: &str) -> String {
    format!(
        "SELECT {group}, count(*) FROM \"{code}\" GROUP BY label, state, partner, programme {order}",
        group = GROUP.replace("{kind}", kind.code),
        code = kind.code
    )
}

/// How many rows of a kind are not what counting gives.
pub(crate) fn faults(conn: &mut Conn, kind: &KindDef) -> Result<i64> {
    let kept = format!(
        "SELECT id, kind, label, partner, programme, state, records FROM tally WHERE kind = '{}'",
        kind.code
    );
    let counted = recount(kind, "");
    let sql = format!(
        "SELECT count(*) FROM (SELECT * FROM ({kept} EXCEPT {counted}) a UNION ALL SELECT * FROM ({counted} EXCEPT {kept}) b) c"
    );
    Ok(conn.first(&sql, &[])?.and_then(|r| r[0].int()).unwrap_or(0))
}

/// How many rows are about no kind at all.
pub(crate) fn strays(conn: &mut Conn) -> Result<i64> {
    let codes: Vec<String> = kinds::all()
        .iter()
        .map(|k| format!("'{}'", k.code))
        .collect();
    let sql = format!(
        "SELECT count(*) FROM tally WHERE kind NOT IN ({})",
        codes.join(",")
    );
    Ok(conn.first(&sql, &[])?.and_then(|r| r[0].int()).unwrap_or(0))
}

/// Whether a query asks for no more than is counted here.
pub(crate) fn answers(query: &RecordQuery) -> bool {
    query.words.is_empty()
        && query.as_of.is_none()
        && query.recorded_before.is_none()
        && query
            .tests
            .iter()
            .all(|(name, _)| COLUMNS.contains(&name.as_str()))
}

/// How many records a query finds for a viewer.
pub(crate) fn total(
    conn: &mut Conn,
    kind: &KindDef,
    filter: &RowFilter,
    query: &RecordQuery,
) -> Result<i64> {
    let mut conditions = Where::default();
    conditions.test(
        "kind",
        &symbolon_store::query::Test::Is(Value::Text(kind.code.to_owned())),
    );
    conditions.visible(filter);
    for (name, test) in &query.tests {
        conditions.test(&conditions::column(kind, name)?, test);
    }
    if !query.deleted {
        conditions.plain(format!("state <> '{DELETED}'"));
    }
    // PostgreSQL's sum is of another type than what it sums.
    let sql = format!(
        "SELECT CAST(coalesce(sum(records), 0) AS BIGINT) FROM tally{}",
        conditions.sql()
    );
    let row = conn.first(&sql, &conditions.args)?;
    Ok(row.and_then(|r| r[0].int()).unwrap_or(0))
}
