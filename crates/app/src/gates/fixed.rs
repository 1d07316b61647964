//! What stays once a gate was passed, and what the program alone fills in.

use super::{ledger, table};
use crate::{App, AppError, Result};
use serde_json::Value;
use symbolon_domain::{
    kind::{DELETED, KindDef},
    record::Record,
};
use symbolon_store::Change;

/// Fields that the program fills in, whatever somebody sends.
const FILLED: &[(&str, &[&str])] = &[
    ("fund_source", &["committed", "obligated", "disbursed"]),
    ("ledger_entry", &["in_fund_currency", "drawn"]),
];

/// Puts in what the program fills in: as it stood before, or as it follows from the rest.
pub(super) fn filled_in(
    app: &App,
    kind: &KindDef,
    before: Option<&Record>,
    change: &mut Change,
) -> Result<()> {
    for (_, fields) in FILLED.iter().filter(|(k, _)| *k == kind.code) {
        for field in *fields {
            change.body[*field] = before.map_or(Value::Null, |r| r.body[*field].clone());
        }
    }
    let same = before.is_some_and(|r| r.body == change.body);
    if kind.code == "ledger_entry" && !same && change.envelope.state == kind.states[0] {
        change.body["in_fund_currency"] = ledger::in_fund_currency(app, &change.body)?;
    }
    Ok(())
}

fn blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(s) => s.is_empty(),
        Value::Array(a) => a.is_empty(),
        _ => false,
    }
}

/// Refuses a change of what a gate looked at: it stays until a move leads back. A blank may be filled.
///
/// # Errors
/// [`AppError::Conflict`] naming the fields.
pub(super) fn held(kind: &KindDef, before: Option<&Record>, change: &Change) -> Result<()> {
    let Some(before) = before else { return Ok(()) };
    let state = before.envelope.state.as_str();
    if state == DELETED {
        return Ok(());
    }
    let mut changed = vec![];
    for name in table::fixed(kind.code, state) {
        let (was, is) = (&before.body[name], &change.body[name]);
        if !blank(was)
            && was != is
            && let Some(field) = kind.field(name)
        {
            changed.push(field.label.clone());
        }
    }
    if table::fixed(kind.code, state).next().is_some()
        && before.envelope.partner != change.envelope.partner
    {
        changed.push("Partner".to_owned());
    }
    if kind.code == "fund_source" && before.body["amount"] != change.body["amount"] {
        ledger::covers(&change.body)?;
    }
    if changed.is_empty() {
        return Ok(());
    }
    let message = format!(
        "{} stays as it is while the record is {}: a gate was passed on it",
        changed.join(", "),
        state.replace('_', " ")
    );
    Err(AppError::Conflict(message))
}
