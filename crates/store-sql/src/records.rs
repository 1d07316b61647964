//! Records as rows: typed columns out of a record, and a record out of typed columns.

use crate::conditions::{column, conditions};
use crate::conn::Conn;
use crate::schema::ENVELOPE;
use crate::tally;
use serde_json::{Map, Value as Json};
use symbolon_access::{FieldView, RowFilter};
use symbolon_domain::{
    canonical,
    date::{Known, Precision, ValidTime},
    kind::{FieldDef, FieldType, KindDef},
    label::Label,
    money::Amount,
    record::{Envelope, Record},
};
use symbolon_store::{
    Result, StoreError,
    query::{RecordQuery, Value},
};

pub(crate) fn broken(what: impl std::fmt::Display) -> StoreError {
    StoreError::Tampered(format!("a stored record cannot be read: {what}"))
}

/// The columns of a kind's table, quoted, in the order of [`to_row`].
pub(crate) fn columns(kind: &KindDef) -> Vec<String> {
    let envelope = ENVELOPE.iter().map(|(n, _)| (*n).to_owned());
    envelope
        .chain(kind.fields.iter().map(|f| format!("\"{}\"", f.name)))
        .collect()
}

/// A record as values for its table.
pub(crate) fn to_row(
    kind: &KindDef,
    record: &Record,
    label: i64,
    entry: i64,
) -> Result<Vec<Value>> {
    let e = &record.envelope;
    let text = |s: &str| Value::Text(s.to_owned());
    let (from, from_precision) = known_values(e.valid.from);
    let (to, to_precision) = known_values(e.valid.to);
    let mut row = vec![
        text(&e.id.to_string()),
        text(&e.code),
        Value::Int(e.version),
        text(&e.state),
        from,
        from_precision,
        to,
        to_precision,
        Value::Int(label),
        text(&e.owner),
        text(&e.partner),
        text(&e.programme),
        json_text(&serde_json::to_value(&e.sources).map_err(broken)?)?,
        json_text(&serde_json::to_value(&e.claims).map_err(broken)?)?,
        Value::Int(entry),
    ];
    for field in &kind.fields {
        row.push(field_value(field, &record.body[&field.name])?);
    }
    Ok(row)
}

fn known_values(known: Option<Known>) -> (Value, Value) {
    let Some(known) = known else {
        return (Value::Null, Value::Null);
    };
    (
        Value::Text(known.day.to_string()),
        Value::Text(known.precision.to_string()),
    )
}

fn json_text(json: &Json) -> Result<Value> {
    let bytes = canonical::to_vec(json).map_err(|e| StoreError::Invalid(e.to_string()))?;
    Ok(Value::Text(String::from_utf8(bytes).map_err(broken)?))
}

fn field_value(field: &FieldDef, json: &Json) -> Result<Value> {
    if json.is_null() {
        return Ok(Value::Null);
    }
    let wrong = || StoreError::Invalid(format!("{}: the value does not fit its type", field.name));
    Ok(match field.field_type {
        FieldType::Integer => Value::Int(json.as_i64().ok_or_else(wrong)?),
        FieldType::Flag => Value::Int(json.as_bool().ok_or_else(wrong)?.into()),
        FieldType::Amount => {
            let amount: Amount = json
                .as_str()
                .and_then(|s| s.parse().ok())
                .ok_or_else(wrong)?;
            Value::Int(amount.0)
        }
        FieldType::Json | FieldType::Texts => json_text(json)?,
        _ => Value::Text(json.as_str().ok_or_else(wrong)?.to_owned()),
    })
}

/// A record from the columns of [`columns`], and the number of its journal entry. `label` looks up
/// labels by number.
pub(crate) fn from_row(
    kind: &KindDef,
    row: &[Value],
    label: &dyn Fn(i64) -> Option<Label>,
) -> Result<(Record, i64)> {
    let number = |i: usize| row[i].int().ok_or_else(|| broken(ENVELOPE[i].0));
    let text = |i: usize| row[i].text().to_owned();
    let envelope = Envelope {
        id: text(0).parse().map_err(broken)?,
        kind: kind.code.to_owned(),
        code: text(1),
        version: number(2)?,
        state: text(3),
        valid: ValidTime {
            from: known(&row[4], &row[5])?,
            to: known(&row[6], &row[7])?,
        },
        label: label(number(8)?).ok_or_else(|| broken("its label is missing"))?,
        owner: text(9),
        partner: text(10),
        programme: text(11),
        sources: serde_json::from_str(row[12].text()).map_err(broken)?,
        claims: serde_json::from_str(row[13].text()).map_err(broken)?,
    };
    let mut body = Map::new();
    for (field, value) in kind.fields.iter().zip(&row[ENVELOPE.len()..]) {
        body.insert(field.name.clone(), field_json(field, value)?);
    }
    Ok((
        Record {
            envelope,
            body: Json::Object(body),
        },
        number(14)?,
    ))
}

fn known(day: &Value, precision: &Value) -> Result<Option<Known>> {
    if *day == Value::Null {
        return Ok(None);
    }
    let precision: Precision =
        serde_json::from_value(Json::String(precision.text().to_owned())).map_err(broken)?;
    Ok(Some(Known {
        day: day.text().parse().map_err(broken)?,
        precision,
    }))
}

fn field_json(field: &FieldDef, value: &Value) -> Result<Json> {
    Ok(match (value, &field.field_type) {
        (Value::Null, _) => Json::Null,
        (Value::Int(n), FieldType::Flag) => Json::Bool(*n != 0),
        (Value::Int(n), FieldType::Amount) => Json::String(Amount(*n).to_string()),
        (Value::Int(n), _) => Json::from(*n),
        (Value::Text(s), FieldType::Json | FieldType::Texts) => {
            serde_json::from_str(s).map_err(broken)?
        }
        (Value::Text(s), _) => Json::String(s.clone()),
        (Value::Blob(_), _) => return Err(broken(&field.name)),
    })
}

/// So few rows are found by their labels and sorted rather than met on a walk along all codes.
const FEW: i64 = 5_000;

/// Rows of a kind that match.
pub(crate) fn list(
    conn: &mut Conn,
    kind: &KindDef,
    filter: &RowFilter,
    fields: FieldView,
    query: &RecordQuery,
    label: &dyn Fn(i64) -> Option<Label>,
) -> Result<Vec<Record>> {
    let conditions = conditions(kind, filter, fields, query)?;
    let few =
        query.limit > 0 && tally::answers(query) && tally::total(conn, kind, filter, query)? <= FEW;
    let order = match &query.order {
        Some((name, descending)) => {
            format!(
                "{}{}, id",
                column(kind, name)?,
                if *descending { " DESC" } else { "" }
            )
        }
        // As an expression it has no index: the rows are found by their labels and sorted.
        None if few => "code || '', id".to_owned(),
        None => "code, id".to_owned(),
    };
    let mut sql = format!(
        "SELECT {} FROM \"{}\"{} ORDER BY {order}",
        columns(kind).join(", "),
        kind.code,
        conditions.sql()
    );
    if query.limit > 0 {
        sql.push_str(&format!(" LIMIT {} OFFSET {}", query.limit, query.offset));
    }
    let mut records = vec![];
    conn.each(&sql, &conditions.args, &mut |row| {
        let record = from_row(kind, &row, label)?.0;
        records.push(if fields.is_whole() {
            record
        } else {
            fields.view(kind, &record)
        });
        Ok(true)
    })?;
    Ok(records)
}
