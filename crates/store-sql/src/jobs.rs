//! Jobs and their leases, in one table. Beginning, taking over and ending go through the writer, so that on
//! PostgreSQL no two nodes take the same one; looking whether there is anything to take does not.

use crate::conn::Conn;
use crate::consequences;
use crate::journal::{self, Draft};
use crate::store::SqlStore;
use crate::write::write_one;
use crate::writer::Tx;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use symbolon_access::Viewer;
use symbolon_store::{
    Changes, Result, StoreError,
    jobs::{JobLine, Jobs, MOST_BEGUN, NewJob, Taken, Turn},
    query::Value,
};

/// Every column, in the order of the table.
const COLUMNS: &str = "id, work, asked, input, asked_at, holder, until, begun";

fn text(s: &str) -> Value {
    Value::Text(s.to_owned())
}

fn note(tx: &mut Tx<'_>, viewer: &Viewer, job: &str, action: &str, after: Json) -> Result<i64> {
    let draft = Draft::event(format!("job/{job}"), action, after);
    journal::append(tx, viewer, draft)
}

/// What a row is, as the entries about it say: SHA-256 over its cells, each with its sort and length.
fn digest(row: &[Value]) -> String {
    let mut hash = Sha256::new();
    for cell in row {
        let (sort, bytes) = match cell {
            Value::Null => (0, vec![]),
            Value::Int(n) => (1, n.to_be_bytes().to_vec()),
            Value::Text(text) => (2, text.clone().into_bytes()),
            Value::Blob(bytes) => (3, bytes.clone()),
        };
        hash.update([sort]);
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    }
    hex::encode(hash.finalize())
}

/// Whether a row is what the last entry about its job says. An entry whose body was redacted says nothing.
fn bound(conn: &mut Conn, row: &[Value]) -> Result<bool> {
    let sql = "SELECT body FROM journal WHERE object = $1 ORDER BY seq DESC LIMIT 1";
    let object = text(&format!("job/{}", row[0].text()));
    let Some(last) = conn.first(sql, &[object])? else {
        return Ok(false);
    };
    if last[0] == Value::Null {
        return Ok(true);
    }
    let body: Json = serde_json::from_str(last[0].text()).unwrap_or_default();
    Ok(body["after"]["row"] == digest(row))
}

/// Faults of the table: rows that are not what was journalled, jobs under way without a row.
pub(crate) fn faults(conn: &mut Conn) -> Result<Vec<String>> {
    let mut faults = vec![];
    let mut open = BTreeSet::new();
    for row in conn.query(&format!("SELECT {COLUMNS} FROM job ORDER BY id"), &[])? {
        let id = row[0].text();
        if !bound(conn, &row)? {
            faults.push(format!("job {id}: its row is not what the journal says"));
        }
        open.insert(format!("job/{id}"));
    }
    let sql = "SELECT object, action FROM journal WHERE object >= 'job/' AND object < 'job0' ORDER BY seq";
    let mut last = BTreeMap::new();
    for row in conn.query(sql, &[])? {
        last.insert(row[0].text().to_owned(), row[1].text().to_owned());
    }
    for (object, action) in last {
        let under_way = ["job.begin", "job.renew"].contains(&action.as_str());
        if under_way && !open.contains(&object) {
            faults.push(format!("{object}: it is under way and has no row"));
        }
    }
    Ok(faults)
}

/// Journals what a job's row is now.
fn noted(tx: &mut Tx<'_>, viewer: &Viewer, action: &str, turn: &Turn) -> Result<()> {
    let sql = format!("SELECT {COLUMNS} FROM job WHERE id = $1");
    let row = tx.conn.first(&sql, &[text(&turn.job)])?;
    let row = row.ok_or(StoreError::Lost)?;
    let after = json!({"work": row[1].text(), "node": turn.holder, "begun": turn.begun, "row": digest(&row)});
    note(tx, viewer, &turn.job, action, after).map(drop)
}

fn delete(tx: &mut Tx<'_>, job: &str) -> Result<()> {
    let sql = "DELETE FROM job WHERE id = $1";
    tx.conn.execute(sql, &[text(job)]).map(drop)
}

/// A job whose lease has run out.
struct Silent {
    job: NewJob,
    begun: i64,
    /// Whether its row is what was journalled.
    sound: bool,
}

/// The oldest job whose lease has run out.
fn silent(tx: &mut Tx<'_>, now: i64) -> Result<Option<Silent>> {
    let sql = format!("SELECT {COLUMNS} FROM job WHERE until <= $1 ORDER BY asked_at, id LIMIT 1");
    let Some(row) = tx.conn.first(&sql, &[Value::Int(now)])? else {
        return Ok(None);
    };
    let asked = serde_json::from_str(row[2].text());
    let sound = asked.is_ok() && bound(tx.conn, &row)?;
    let job = NewJob {
        id: row[0].text().to_owned(),
        work: row[1].text().to_owned(),
        asked: asked.unwrap_or_default(),
        input: match &row[3] {
            Value::Blob(bytes) => Some(bytes.clone()),
            _ => None,
        },
    };
    let begun = row[7].int().unwrap_or_default();
    Ok(Some(Silent { job, begun, sound }))
}

/// Takes over what fell silent, ending what may not be begun again.
fn take(tx: &mut Tx<'_>, viewer: &Viewer, holder: &str, lease: i64) -> Result<Option<Taken>> {
    let now = tx.around.now_ms();
    while let Some(Silent { job, begun, sound }) = silent(tx, now)? {
        if begun >= MOST_BEGUN || job.input.is_none() || !sound {
            let why = if sound {
                "the node that held it ended, and it may not be begun again"
            } else {
                "it is not the job that was begun: its row was changed behind the program's back"
            };
            let after = json!({"work": job.work, "begun": begun, "why": why});
            note(tx, viewer, &job.id, "job.give_up", after)?;
            delete(tx, &job.id)?;
            continue;
        }
        let turn = Turn {
            job: job.id.clone(),
            holder: holder.to_owned(),
            begun: begun + 1,
        };
        let until = Value::Int(now.saturating_add(lease));
        tx.conn.execute(
            "UPDATE job SET holder = $2, until = $3, begun = $4 WHERE id = $1",
            &[text(&job.id), text(holder), until, Value::Int(turn.begun)],
        )?;
        noted(tx, viewer, "job.begin", &turn)?;
        return Ok(Some(Taken { turn, job }));
    }
    Ok(None)
}

fn named(turn: &Turn) -> Vec<Value> {
    vec![text(&turn.job), text(&turn.holder), Value::Int(turn.begun)]
}

impl Jobs for SqlStore {
    fn begin_job(&self, viewer: &Viewer, job: &NewJob, holder: &str, lease: i64) -> Result<Turn> {
        let turn = Turn {
            job: job.id.clone(),
            holder: holder.to_owned(),
            begun: 1,
        };
        let (viewer, job, first) = (viewer.clone(), job.clone(), turn.clone());
        self.writer.submit(move |tx| {
            let now = tx.around.now_ms();
            tx.conn.execute(
                "INSERT INTO job(id, holder, begun, work, asked, input, asked_at, until) \
                 VALUES($1, $2, $3, $4, $5, $6, $7, $8)",
                &[
                    named(&first),
                    vec![
                        text(&job.work),
                        text(&job.asked.to_string()),
                        job.input.map_or(Value::Null, Value::Blob),
                        Value::Int(now),
                        Value::Int(now.saturating_add(lease)),
                    ],
                ]
                .concat(),
            )?;
            noted(tx, &viewer, "job.begin", &first)
        })?;
        Ok(turn)
    }

    fn take_job(&self, viewer: &Viewer, holder: &str, lease: i64) -> Result<Option<Taken>> {
        let now = self.around.now_ms();
        if !self.jobs()?.iter().any(|j| j.until <= now) {
            return Ok(None);
        }
        let (viewer, holder) = (viewer.clone(), holder.to_owned());
        self.writer
            .submit(move |tx| take(tx, &viewer, &holder, lease))
    }

    fn renew_job(&self, viewer: &Viewer, turn: &Turn, lease: i64) -> Result<bool> {
        let (viewer, turn) = (viewer.clone(), turn.clone());
        self.writer.submit(move |tx| {
            let mut args = named(&turn);
            args.push(Value::Int(tx.around.now_ms().saturating_add(lease)));
            let sql = "UPDATE job SET until = $4 WHERE id = $1 AND holder = $2 AND begun = $3";
            let renewed = tx.conn.execute(sql, &args)? == 1;
            if renewed {
                noted(tx, &viewer, "job.renew", &turn)?;
            }
            Ok(renewed)
        })
    }

    fn end_job(
        &self,
        viewer: &Viewer,
        turn: &Turn,
        outcome: &Json,
        changes: Changes<'_>,
    ) -> Result<()> {
        let judge = self.visible.state(&self.pool)?;
        self.writer.alone(|tx| {
            let sql = "SELECT begun FROM job WHERE id = $1 AND holder = $2 AND begun = $3";
            if tx.conn.first(sql, &named(turn))?.is_none() {
                return Err(StoreError::Lost);
            }
            changes(&mut |change| write_one(tx, viewer, change, &judge, None))?;
            consequences::follow(tx)?;
            delete(tx, &turn.job)?;
            note(tx, viewer, &turn.job, "job.end", outcome.clone()).map(drop)
        })?;
        self.visible.look_again();
        Ok(())
    }

    fn jobs(&self) -> Result<Vec<JobLine>> {
        let sql = "SELECT id, work, holder, until, begun FROM job ORDER BY asked_at, id";
        let rows = self.pool.with(|conn| conn.query(sql, &[]))?;
        let line = |row: &Vec<Value>| JobLine {
            id: row[0].text().to_owned(),
            work: row[1].text().to_owned(),
            holder: row[2].text().to_owned(),
            until: row[3].int().unwrap_or_default(),
            begun: row[4].int().unwrap_or_default(),
        };
        Ok(rows.iter().map(line).collect())
    }
}
