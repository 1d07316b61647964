//! Whether a unit or person is vetted on a day, under the law of the money: read from the candidates of
//! vetting, which carry the status and never the grounds.

use super::seen::Reader;
use crate::{Result, law::Question};
use jiff::civil::Date;
use serde_json::{Map, Value};
use symbolon_domain::{kinds::VettingCandidate, record::RecordId};

/// What vetting says of a unit or person on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Cleared under every law that reaches the money, and the clearance holds on the day.
    Cleared,
    /// Refused, or listed as barred.
    Refused,
    /// Not asked for, not decided, suspended, opened again or lapsed.
    Open,
}

/// The rules on gross violations, with the law under which a candidate is vetted for each.
const LAWS: [(&str, &str); 2] = [
    ("us.armed-forces.unit-gross-violation", "defense"),
    ("us.foreign-assistance.unit-gross-violation", "state"),
];

/// The laws that reach an authority on a day: those whose rule would bar a unit with a violation.
fn reaching(reader: &Reader<'_>, authority: &str, day: Date) -> Result<Vec<&'static str>> {
    let mut facts = Map::new();
    facts.insert("authority".to_owned(), authority.into());
    facts.insert("date".to_owned(), day.to_string().into());
    facts.insert("assume".to_owned(), "clear".into());
    facts.insert("credible_violation".to_owned(), Value::Bool(true));
    let said = reader.app.law.current()?.determine(&Question {
        facts,
        no_remedies: true,
        ..Question::default()
    })?;
    let bars = |rule: &str| {
        said.rules
            .iter()
            .any(|r| r.rule == rule && r.verdict == "refused")
    };
    Ok(LAWS
        .iter()
        .filter(|(rule, _)| bars(rule))
        .map(|(_, law)| *law)
        .collect())
}

/// What vetting says. A person is asked for by the candidate that names the person; a unit by the
/// candidate that names the unit, or a record that is one with it, and nobody in it. Money that neither law reaches takes either clearance.
///
/// # Errors
/// Where the candidates cannot be read.
pub(super) fn standing(
    reader: &mut Reader<'_>,
    (kind, subject): (&'static str, RecordId),
    authority: &str,
    day: Date,
) -> Result<Standing> {
    let subjects = match kind {
        "unit" => reader.same_unit(subject)?,
        _ => vec![subject],
    };
    let mut candidates = vec![];
    for one in subjects {
        if kind == "unit" {
            let barred = reader.of("barred_unit", "unit", one)?;
            if let Some(found) = barred.iter().find(|b| b.envelope.state == "listed") {
                reader.note(found);
                return Ok(Standing::Refused);
            }
        }
        candidates.extend(reader.of("vetting_candidate", kind, one)?);
    }
    let (mut cleared, mut refused) = (vec![], false);
    for record in candidates {
        let candidate: VettingCandidate = serde_json::from_value(record.body.clone())
            .map_err(|e| crate::AppError::Internal(e.to_string()))?;
        if kind == "unit" && (candidate.person.is_some() || !candidate.as_named.is_empty()) {
            continue;
        }
        if candidate.holds_on(&record.envelope.state, day) {
            reader.note(&record);
            cleared.push(candidate.law.name());
        }
        refused |= record.envelope.state == "rejected";
    }
    let wanted = reaching(reader, authority, day)?;
    let enough = match wanted.as_slice() {
        [] => !cleared.is_empty(),
        all => all.iter().all(|law| cleared.contains(law)),
    };
    Ok(match (refused, enough) {
        (true, _) => Standing::Refused,
        (false, true) => Standing::Cleared,
        (false, false) => Standing::Open,
    })
}
