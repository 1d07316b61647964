//! The binding of rows: records to their last entries, facts to the root of their data set.

use super::Found;
use crate::conn::Conn;
use crate::{jobs, records, tally};
use std::collections::BTreeMap;
use symbolon_domain::{
    canonical::{Hash, salted_hash},
    kind::KindDef,
    kinds::{self, Dataset, RowRoot},
    label::Label,
};
use symbolon_store::{
    Result,
    facts::{Cell, TABLES, TableDef, dataset_number, row_bytes},
    journal::{Body, RootBuilder},
    query::Value,
};

pub(super) fn check(conn: &mut Conn, found: &mut Found) {
    let labels = check_labels(conn, found);
    found.damaged("label", labels);
    let once = check_once(conn, found);
    found.damaged("once", once);
    match jobs::faults(conn) {
        Ok(faults) => faults.into_iter().for_each(|f| found.fault(f)),
        Err(e) => found.damaged("job", Err(e)),
    }
    let mut datasets = BTreeMap::new();
    for kind in kinds::all() {
        let bound = check_kind(conn, kind, found, &mut datasets);
        found.damaged(kind.code, bound);
        let left = entries_without_rows(conn, kind, found);
        found.damaged(kind.code, left);
        let totals = check_totals(conn, kind, found);
        found.damaged(tally::TABLE, totals);
    }
    match tally::strays(conn) {
        Ok(0) => {}
        Ok(_) => found.fault("tally: rows about no kind".to_owned()),
        Err(e) => found.damaged(tally::TABLE, Err(e)),
    }
    for table in TABLES {
        let facts = check_facts(conn, table, &datasets, found);
        found.damaged(table.name, facts);
    }
}

/// Totals must be what counting gives.
fn check_totals(conn: &mut Conn, kind: &KindDef, found: &mut Found) -> Result<()> {
    if tally::faults(conn, kind)? > 0 {
        found.fault(format!(
            "tally: the totals of {} are not those of its rows",
            kind.code
        ));
    }
    Ok(())
}

fn check_labels(conn: &mut Conn, found: &mut Found) -> Result<()> {
    let sql = "SELECT l.id, l.json, j.object, j.body FROM label l LEFT JOIN journal j ON j.seq = l.entry ORDER BY l.id";
    for row in conn.query(sql, &[])? {
        let id = row[0].int().unwrap_or_default();
        let sound = serde_json::from_str::<Label>(row[1].text())
            .ok()
            .and_then(|label| crate::visible::label_id(&label).ok())
            .is_some_and(|(number, json)| number == id && json == row[1].text())
            && row[2].text() == format!("label/{id}");
        if !sound {
            found.fault(format!("label {id}: it is not the one its entry names"));
        }
        found.verification.rows += 1;
    }
    let gone = "SELECT j.object FROM journal j LEFT JOIN label l ON l.entry = j.seq \
         WHERE j.object >= 'label/' AND j.object < 'label0' AND l.id IS NULL ORDER BY j.seq";
    for row in conn.query(gone, &[])? {
        found.fault(format!("{}: its row is missing", row[0].text()));
    }
    Ok(())
}

/// A remembered request must be the one its entry names; one that was taken away before its day is over
/// would let the request take effect twice.
fn check_once(conn: &mut Conn, found: &mut Found) -> Result<()> {
    let mut kept = std::collections::HashSet::new();
    let sql = "SELECT o.id, o.request, j.body FROM once o LEFT JOIN journal j ON j.seq = o.entry ORDER BY o.id";
    for row in conn.query(sql, &[])? {
        let body: Option<Body> = serde_json::from_str(row[2].text()).ok();
        let named = body.and_then(|b| b.once);
        let sound = named.is_some_and(|o| o.id == row[0].text() && o.request == row[1].text());
        if !sound {
            found.fault(format!(
                "once {}: it is not what its entry names",
                row[0].text()
            ));
        }
        found.verification.rows += 1;
        kept.insert(row[0].text().to_owned());
    }
    let day = "SELECT seq, body FROM journal WHERE body LIKE '%\"once\":{%' \
         AND time > (SELECT max(time) - 86400000 FROM journal) ORDER BY seq";
    for row in conn.query(day, &[])? {
        let body: Option<Body> = serde_json::from_str(row[1].text()).ok();
        if let Some(once) = body.and_then(|b| b.once)
            && !kept.contains(&once.id)
        {
            let seq = row[0].int().unwrap_or(-1);
            found.fault(format!("once: the key that entry {seq} names is missing"));
        }
    }
    Ok(())
}

type Roots = BTreeMap<i64, BTreeMap<String, RowRoot>>;

fn check_kind(
    conn: &mut Conn,
    kind: &'static KindDef,
    found: &mut Found,
    datasets: &mut Roots,
) -> Result<()> {
    let columns: Vec<String> = records::columns(kind)
        .iter()
        .map(|c| format!("r.{c}"))
        .collect();
    let sql = format!(
        "SELECT l.json, j.object, j.version, j.after_hash, j.row_salt, {} FROM \"{}\" r \
         LEFT JOIN label l ON l.id = r.label LEFT JOIN journal j ON j.seq = r.entry ORDER BY r.id",
        columns.join(", "),
        kind.code
    );
    conn.each(&sql, &[], &mut |row| {
        found.verification.rows += 1;
        if let Err(what) = bound(kind, &row, datasets) {
            found.fault(format!("{} {}: {what}", kind.code, row[5].text()));
        }
        Ok(true)
    })
}

/// Place of the label among the columns that [`check_kind`] selects: five of its own, then the envelope.
const LABEL: usize = 5 + 8;

fn bound(kind: &KindDef, row: &[Value], datasets: &mut Roots) -> std::result::Result<(), String> {
    let label: Option<Label> = serde_json::from_str(row[0].text()).ok();
    let (record, entry) =
        records::from_row(kind, &row[5..], &|_| label.clone()).map_err(|e| e.to_string())?;
    // Two spellings of one value hash alike; only the program's own may stand in the table.
    let label = row[LABEL].int().unwrap_or_default();
    let written = records::to_row(kind, &record, label, entry).map_err(|e| e.to_string())?;
    if written != row[5..] {
        return Err("a cell is not written as the program writes it".to_owned());
    }
    let Value::Blob(salt) = &row[4] else {
        return Err("no journal entry binds it".to_owned());
    };
    let salt: Hash = salt
        .as_slice()
        .try_into()
        .map_err(|_| "the salt of its entry is damaged")?;
    if row[1].text() != format!("{}/{}", kind.code, record.envelope.id) {
        return Err("its entry is about something else".to_owned());
    }
    if row[2].int() != Some(record.envelope.version) {
        return Err("its version is not the one of its entry".to_owned());
    }
    let hash = salted_hash(&salt, &record).map_err(|e| e.to_string())?;
    if hex::encode(hash) != row[3].text() {
        return Err("it is not what its last entry recorded".to_owned());
    }
    if kind.code == "dataset" {
        let dataset: Dataset = serde_json::from_value(record.body).map_err(|e| e.to_string())?;
        datasets.insert(dataset.number, dataset.roots);
    }
    Ok(())
}

/// Objects of a kind with an entry that is not the one their row names, or without a row at all.
fn entries_without_rows(conn: &mut Conn, kind: &KindDef, found: &mut Found) -> Result<()> {
    let sql = format!(
        "SELECT o.object, o.last FROM (SELECT object, max(seq) AS last FROM journal \
         WHERE object >= '{0}/' AND object < '{0}0' AND version > 0 GROUP BY object) o \
         LEFT JOIN \"{0}\" r ON r.id = substr(o.object, {1}) \
         WHERE r.id IS NULL OR r.entry <> o.last ORDER BY o.object",
        kind.code,
        kind.code.len() + 2
    );
    for row in conn.query(&sql, &[])? {
        found.fault(format!(
            "{}: its newest entry {} has no such row",
            row[0].text(),
            row[1].int().unwrap_or(-1)
        ));
    }
    Ok(())
}

fn check_facts(
    conn: &mut Conn,
    table: &'static TableDef,
    datasets: &Roots,
    found: &mut Found,
) -> Result<()> {
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|c| format!("\"{}\"", c.name))
        .collect();
    let sql = format!(
        "SELECT id, {} FROM {} ORDER BY id",
        columns.join(", "),
        table.name
    );
    let mut roots: BTreeMap<i64, RootBuilder> = BTreeMap::new();
    let mut bytes = vec![];
    let mut last: Option<(i64, RootBuilder)> = None;
    conn.each_cells(&sql, &[], &mut |cells| {
        let [Cell::Int(id), rest @ ..] = cells else {
            return Ok(true);
        };
        let dataset = dataset_number(*id);
        if last.as_ref().is_none_or(|(d, _)| *d != dataset)
            && let Some((d, root)) = last.replace((dataset, RootBuilder::default()))
        {
            roots.insert(d, root);
        }
        row_bytes(*id, rest.iter().copied(), &mut bytes);
        if let Some((_, root)) = &mut last {
            root.push(&bytes);
        }
        Ok(true)
    })?;
    roots.extend(last);
    for (number, wanted) in datasets {
        let stored = roots.remove(number).unwrap_or_default();
        found.verification.rows += stored.rows();
        let sound = match wanted.get(table.name) {
            Some(w) => w.rows == stored.rows().cast_signed() && w.root == stored.root(),
            None => stored.rows() == 0,
        };
        if !sound {
            found.fault(format!(
                "{}: the rows of data set {number} are not the ones its record binds",
                table.name
            ));
        }
    }
    for number in roots.keys() {
        found.fault(format!(
            "{}: rows of data set {number}, which does not exist",
            table.name
        ));
    }
    Ok(())
}
