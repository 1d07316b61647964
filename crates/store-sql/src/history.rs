//! What was recorded before a moment, and every version of one record: read from the journal.

use crate::conn::Conn;
use crate::{journal, records};
use std::collections::HashSet;
use symbolon_access::{FieldView, RowFilter};
use symbolon_domain::{
    kind::{DELETED, FieldDef, FieldType, KindDef},
    record::{Record, RecordId},
};
use symbolon_store::{
    Result,
    journal::EntryView,
    query::{RecordQuery, Test, Value, Version},
};

/// The record an entry left behind.
fn record_of(entry: &EntryView) -> Option<Record> {
    let after = &entry.body.as_ref()?.after;
    serde_json::from_value(after.clone()).ok()
}

/// Whether a viewer with this filter may see a record as it was.
fn shown(filter: &RowFilter, record: &Record) -> bool {
    let e = &record.envelope;
    let label = crate::visible::label_id(&e.label);
    label.is_ok_and(|(id, _)| filter.passes(id, &e.partner, &e.programme))
}

/// Every version of a record, oldest first. Whether the viewer may see the record at all is asked
/// before; a version whose own label hides it comes without content.
pub(crate) fn versions(
    conn: &mut Conn,
    kind: &KindDef,
    id: RecordId,
    filter: &RowFilter,
    fields: FieldView,
) -> Result<Vec<Version>> {
    let mut versions = vec![];
    journal::each_about(conn, &format!("{}/{id}", kind.code), &mut |mut entry| {
        let record = record_of(&entry).filter(|r| shown(filter, r));
        if record.is_none() {
            entry.body = None;
        } else if let Some(body) = &mut entry.body {
            // What stood before may have been hidden from this viewer.
            let before: Option<Record> = serde_json::from_value(body.before.clone()).ok();
            if before.is_some_and(|b| !shown(filter, &b)) {
                body.before = serde_json::Value::Null;
            }
        }
        let record = record.map(|r| fields.view(kind, &r));
        versions.push(Version {
            entry: entry_as_seen(kind, fields, entry),
            record,
        });
        Ok(true)
    })?;
    Ok(versions)
}

/// An entry about a record, with no more of it than the viewer's view of its fields holds. The reason
/// and what a decision rested on were written for colleagues: they are not on a partner's list.
pub(crate) fn entry_as_seen(kind: &KindDef, fields: FieldView, mut entry: EntryView) -> EntryView {
    if let Some(body) = entry.body.as_mut().filter(|_| !fields.is_whole()) {
        let own = serde_json::from_value(body.after.clone())
            .is_ok_and(|r: Record| fields.view(kind, &r) == r);
        for side in [&mut body.before, &mut body.after] {
            let record: Option<Record> = serde_json::from_value(side.take()).ok();
            let seen = record.map(|r| fields.view(kind, &r));
            *side = seen
                .and_then(|r| serde_json::to_value(r).ok())
                .unwrap_or_default();
        }
        if !own {
            body.reason.clear();
            body.saw.clear();
        }
    }
    entry
}

/// Records of a kind as they were recorded before a moment, of those the viewer may see today.
pub(crate) fn list(
    conn: &mut Conn,
    kind: &KindDef,
    filter: &RowFilter,
    fields: FieldView,
    query: &RecordQuery,
    moment: i64,
) -> Result<Vec<Record>> {
    let visible = visible_now(conn, kind, filter)?;
    let mut found = vec![];
    journal::each_last_before(conn, kind.code, moment, &mut |entry| {
        let record = record_of(&entry).filter(|r| shown(filter, r));
        if let Some(record) = record.map(|r| fields.view(kind, &r))
            && visible.contains(&record.envelope.id)
            && holds(kind, query, &record)
        {
            found.push(record);
        }
        Ok(true)
    })?;
    sort(&mut found, query);
    let limit = if query.limit == 0 {
        usize::MAX
    } else {
        query.limit as usize
    };
    Ok(found
        .into_iter()
        .skip(query.offset as usize)
        .take(limit)
        .collect())
}

/// Records that may be seen today: what was open once and is closed now stays closed.
fn visible_now(conn: &mut Conn, kind: &KindDef, filter: &RowFilter) -> Result<HashSet<RecordId>> {
    let mut conditions = crate::conditions::Where::default();
    conditions.visible(filter);
    let sql = format!("SELECT id FROM \"{}\"{}", kind.code, conditions.sql());
    let rows = conn.query(&sql, &conditions.args)?;
    Ok(rows
        .iter()
        .filter_map(|r| r[0].text().parse().ok())
        .collect())
}

/// Whether a record passes the tests of a query: what the database decides for current rows.
fn holds(kind: &KindDef, query: &RecordQuery, record: &Record) -> bool {
    let e = &record.envelope;
    let by_id = query.tests.iter().any(|(name, _)| name == "id");
    (query.deleted || by_id || e.state != DELETED)
        && query.as_of.is_none_or(|day| e.valid.holds_on(day))
        && query
            .tests
            .iter()
            .all(|(name, test)| passes(test, &cell(kind, record, name)))
        && query.words.iter().all(|word| {
            let word = word.to_lowercase();
            let in_text = |f: &FieldDef| text_cell(f, record).to_lowercase().contains(&word);
            e.code.to_lowercase().contains(&word) || kind.fields.iter().any(in_text)
        })
}

fn text_cell(field: &FieldDef, record: &Record) -> String {
    match field.field_type {
        FieldType::Text | FieldType::LongText | FieldType::Texts | FieldType::Code(_) => {
            match &record.body[&field.name] {
                serde_json::Value::Null => String::new(),
                value => value.to_string(),
            }
        }
        _ => String::new(),
    }
}

/// A column of a record as its table would hold it.
fn cell(kind: &KindDef, record: &Record, name: &str) -> Value {
    let columns = records::columns(kind);
    let quoted = format!("\"{name}\"");
    let place = columns.iter().position(|c| c == name || *c == quoted);
    let row = records::to_row(kind, record, 0, 0).unwrap_or_default();
    place
        .and_then(|i| row.get(i).cloned())
        .unwrap_or(Value::Null)
}

fn passes(test: &Test, value: &Value) -> bool {
    let text = || match value {
        Value::Text(s) => Some(s.as_str()),
        _ => None,
    };
    match test {
        Test::Is(wanted) => value == wanted && *value != Value::Null,
        Test::OneOf(numbers) => value.int().is_some_and(|n| numbers.contains(&n)),
        Test::AtLeast(n) => value.int().is_some_and(|v| v >= *n),
        Test::AtMost(n) => value.int().is_some_and(|v| v <= *n),
        Test::Missing => *value == Value::Null,
        Test::Begins(s) => text().is_some_and(|t| t.starts_with(s.as_str())),
        Test::Holds(s) => text().is_some_and(|t| t.to_lowercase().contains(&s.to_lowercase())),
        Test::Among(texts) => text().is_some_and(|t| texts.iter().any(|x| x == t)),
        Test::From(s) => text().is_some_and(|t| t >= s.as_str()),
        Test::UpTo(s) => text().is_some_and(|t| t <= s.as_str()),
    }
}

fn sort(records: &mut [Record], query: &RecordQuery) {
    let (name, descending) = query.order.clone().unwrap_or(("code".to_owned(), false));
    records.sort_by_cached_key(|r| {
        let kind = symbolon_domain::kinds::by_code(&r.envelope.kind);
        let value = kind.map_or(Value::Null, |k| cell(k, r, &name));
        let key = match value {
            Value::Int(n) => (1, n, String::new()),
            Value::Text(s) => (2, 0, s),
            _ => (0, 0, String::new()),
        };
        (key, r.envelope.id)
    });
    if descending {
        records.reverse();
    }
}
