//! The ledger: each stage follows the one before it, nothing goes below zero, and what a posting moves
//! is moved in the same transaction. Totals stand on the money itself, so that two who post at once
//! cannot both take the last of it: the second one's version is stale.

use super::reference;
use crate::{App, AppError, Result};
use serde_json::{Value, json};
use symbolon_domain::{
    kind::{Fault, Transition},
    kinds::{self, LedgerEntry, MoneyStage},
    money::Amount,
    record::{Record, RecordId},
};
use symbolon_store::Change;

/// The field of the money that a stage counts in; requests count nowhere.
fn total_of(stage: MoneyStage) -> Option<&'static str> {
    match stage {
        MoneyStage::Commitment => Some("committed"),
        MoneyStage::Obligation => Some("obligated"),
        MoneyStage::Disbursement => Some("disbursed"),
        MoneyStage::Request | MoneyStage::Liquidation => None,
    }
}

/// The stage that a stage follows.
fn before(stage: MoneyStage) -> Option<MoneyStage> {
    match stage {
        MoneyStage::Request => None,
        MoneyStage::Commitment => Some(MoneyStage::Request),
        MoneyStage::Obligation => Some(MoneyStage::Commitment),
        MoneyStage::Disbursement => Some(MoneyStage::Obligation),
        MoneyStage::Liquidation => Some(MoneyStage::Disbursement),
    }
}

/// The step of the law that a stage is.
pub(super) fn step_of(stage: MoneyStage) -> &'static str {
    match stage {
        MoneyStage::Request => "package",
        MoneyStage::Commitment => "commit",
        MoneyStage::Obligation => "obligate",
        MoneyStage::Disbursement | MoneyStage::Liquidation => "pay",
    }
}

/// An amount field, zero where nothing stands there.
pub(super) fn amount(body: &Value, field: &str) -> i64 {
    body[field]
        .as_str()
        .and_then(|s| s.parse::<Amount>().ok())
        .map_or(0, |a| a.0)
}

/// The entry, typed.
pub(super) fn entry(body: &Value) -> Result<LedgerEntry> {
    serde_json::from_value(body.clone()).map_err(|e| AppError::Internal(e.to_string()))
}

fn fault(field: &str, message: impl Into<String>) -> AppError {
    AppError::Faults(vec![Fault::new(field, "conflict", message)])
}

/// A decimal rate as a whole number and the power of ten it stands over.
fn rate(text: &str) -> Option<(i128, u32)> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || part.len() > 9 || !digits(whole) || !digits(part) {
        return None;
    }
    let number: i128 = format!("{whole}{part}").parse().ok()?;
    (number > 0).then_some((number, u32::try_from(part.len()).ok()?))
}

/// An amount times a rate, to the nearest hundredth, halves away from zero.
///
/// # Errors
/// Nothing where the rate is none or the product is too large.
fn converted(amount: i64, text: &str) -> Option<i64> {
    let (number, places) = rate(text.trim())?;
    let over = 10_i128.pow(places);
    let product = i128::from(amount).checked_mul(number)?;
    i64::try_from((product * 2 + over) / (over * 2)).ok()
}

/// What the program fills in on a draft: the amount in the currency of the money.
///
/// # Errors
/// [`AppError::Faults`] where amount, currency and rate do not go together.
pub(super) fn in_fund_currency(app: &App, body: &Value) -> Result<Value> {
    let e = entry(body)?;
    if e.amount.0 <= 0 {
        return Err(fault(
            "amount",
            "Amount: a posting is more than zero; to take one back, reverse it",
        ));
    }
    let fund = app.store.get(&app.system(), "fund_source", e.fund_source)?;
    let fund =
        fund.ok_or_else(|| fault("fund_source", "Fund source: there is no such fund source"))?;
    let same = fund.body["currency"].as_str() == Some(e.currency.as_str());
    let amount = match (same, e.rate.trim()) {
        (true, "") => e.amount.0,
        (true, _) => {
            return Err(fault(
                "rate",
                "Rate: none is needed, the currency is that of the money",
            ));
        }
        (false, "") => {
            return Err(fault(
                "rate",
                "Rate: the currency is not that of the money; give the rate, its day and its source",
            ));
        }
        (false, _) if e.rate_on.is_none() || e.rate_source.trim().is_empty() => {
            return Err(fault(
                "rate_on",
                "Rate of: give the day of the rate and who published it",
            ));
        }
        (false, text) => converted(e.amount.0, text).ok_or_else(|| {
            fault(
                "rate",
                "Rate: a number above zero with at most nine digits before and after the point",
            )
        })?,
    };
    Ok(json!(Amount(amount).to_string()))
}

/// Refuses money that would hold less than what is committed from it.
///
/// # Errors
/// [`AppError::Faults`] naming the amount.
pub(super) fn covers(body: &Value) -> Result<()> {
    if amount(body, "amount") < amount(body, "committed") {
        return Err(fault(
            "amount",
            "Amount: more than this is committed from it",
        ));
    }
    Ok(())
}

/// Whether an entry is covered by the money and by the entry it draws from, and goes with both.
///
/// # Errors
/// [`AppError::Conflict`] where the chain of stages is broken.
pub(super) fn covered(e: &LedgerEntry, fund: &Record, parent: Option<&Record>) -> Result<bool> {
    let mine = e.in_fund_currency.unwrap_or_default().0;
    let wanted = before(e.stage);
    if fund.envelope.state != "available"
        && matches!(e.stage, MoneyStage::Commitment | MoneyStage::Obligation)
    {
        return Ok(false);
    }
    let Some(wanted) = wanted else {
        return Ok(true);
    };
    let Some(parent) = parent else {
        // Money may be set aside without a request on record; every later stage has one before it.
        if e.stage == MoneyStage::Commitment {
            return Ok(room(fund, "committed") >= mine);
        }
        return Err(AppError::Conflict(format!(
            "name the {} that it follows",
            word(wanted)
        )));
    };
    let before = entry(&parent.body)?;
    if before.stage != wanted || parent.envelope.state != "certified" {
        return Err(AppError::Conflict(format!(
            "it follows a certified {}, and nothing else",
            word(wanted)
        )));
    }
    if before.fund_source != e.fund_source || (before.case.is_some() && before.case != e.case) {
        return Err(AppError::Conflict(
            "it follows an entry of other money or of another case".to_owned(),
        ));
    }
    if before.posted_on > e.posted_on {
        return Err(AppError::Conflict(
            "it is posted before the entry that it follows".to_owned(),
        ));
    }
    let left = before.in_fund_currency.unwrap_or_default().0 - before.drawn.unwrap_or_default().0;
    let in_fund = e.stage != MoneyStage::Commitment || room(fund, "committed") >= mine;
    Ok(left >= mine && in_fund)
}

fn room(fund: &Record, field: &str) -> i64 {
    amount(&fund.body, "amount") - amount(&fund.body, field)
}

fn word(stage: MoneyStage) -> &'static str {
    match stage {
        MoneyStage::Request => "request",
        MoneyStage::Commitment => "commitment",
        MoneyStage::Obligation => "obligation",
        MoneyStage::Disbursement => "disbursement",
        MoneyStage::Liquidation => "liquidation",
    }
}

/// What a move changes beside the record itself: the totals of the money, the entry drawn from, the
/// total of a case that was amended.
///
/// # Errors
/// [`AppError::Conflict`] where an entry that others draw from would be reversed.
pub(super) fn companions(
    app: &App,
    transition: &Transition,
    change: &Change,
) -> Result<Vec<Change>> {
    match (change.envelope.kind.as_str(), transition.code) {
        ("ledger_entry", "certify") => posted(app, change, 1),
        ("ledger_entry", "reverse") if amount(&change.body, "drawn") != 0 => Err(
            AppError::Conflict("later stages draw from it; reverse those first".to_owned()),
        ),
        ("ledger_entry", "reverse") => posted(app, change, -1),
        ("case_document", "implement") => amended(app, change),
        _ => Ok(vec![]),
    }
}

fn posted(app: &App, change: &Change, sign: i64) -> Result<Vec<Change>> {
    let e = entry(&change.body)?;
    let by = sign * e.in_fund_currency.unwrap_or_default().0;
    let reason = change.envelope.code.clone();
    let mut out = vec![];
    if let Some(field) = total_of(e.stage) {
        out.push(moved(
            app,
            "fund_source",
            e.fund_source,
            field,
            by,
            "post",
            &reason,
        )?);
    }
    if let Some(parent) = e.follows {
        out.push(moved(
            app,
            "ledger_entry",
            parent,
            "drawn",
            by,
            "draw",
            &reason,
        )?);
    }
    Ok(out)
}

fn amended(app: &App, change: &Change) -> Result<Vec<Change>> {
    let by = amount(&change.body, "value_change");
    let Some(case) = reference(&change.body, "case").filter(|_| by != 0) else {
        return Ok(vec![]);
    };
    if change.body["document_type"] == "basic" {
        return Ok(vec![]);
    }
    Ok(vec![moved(
        app,
        "case",
        case,
        "total_value",
        by,
        "amend",
        &change.envelope.code,
    )?])
}

/// A change of one total of a record, on the version it has now.
fn moved(
    app: &App,
    kind: &str,
    id: RecordId,
    field: &str,
    by: i64,
    verb: &str,
    reason: &str,
) -> Result<Change> {
    let record = app.store.get(&app.system(), kind, id)?;
    let mut record = record.ok_or(AppError::NotFound("record"))?;
    let total = amount(&record.body, field) + by;
    if total < 0 {
        let name = kinds::by_code(kind)
            .and_then(|k| k.field(field))
            .map_or(field, |f| f.label.as_str());
        return Err(AppError::Conflict(format!(
            "{name} would be less than nothing"
        )));
    }
    record.body[field] = json!(Amount(total).to_string());
    Ok(Change {
        action: format!("{kind}.{verb}"),
        envelope: record.envelope,
        body: record.body,
        reason: reason.to_owned(),
        saw: vec![],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_rate_is_exact_to_the_hundredth() {
        assert_eq!(converted(100_000, "1.0853"), Some(108_530));
        assert_eq!(converted(1, "0.5"), Some(1));
        assert_eq!(converted(1, "0.49"), Some(0));
        for none in ["", "-1", "0", "1e3", "1,1", "0.0000000001", "12345678901"] {
            assert_eq!(converted(1, none), None, "{none}");
        }
    }

    proptest! {
        #[test]
        fn a_conversion_is_never_off_by_more_than_half_a_hundredth(a in 1_i64..10_000_000_000, n in 1_i64..1_000_000_000) {
            let text = format!("{}.{:06}", n / 1_000_000, n % 1_000_000);
            let got = i128::from(converted(a, &text).unwrap());
            let exact = i128::from(a) * i128::from(n);
            prop_assert!((got * 1_000_000 - exact).abs() * 2 <= 1_000_000);
        }
    }
}
