//! Nothing stays decided when facts change: the rule by which a change of an incident, posting, parent, merge,
//! barred unit, remediation or hit on a list, or a refusal, opens again every decision in force that it touches, in
//! its own transaction.

use super::circle::{Circle, among, text};
use std::collections::{BTreeMap, BTreeSet};
use symbolon_domain::{
    kind::{DELETED, FieldType},
    kinds,
    record::Record,
};
use symbolon_store::{
    Ask, Change, Consequences, Result, StoreError, Touched,
    query::{RecordQuery, Test},
};

/// Kinds whose changes can touch a decision.
pub(super) const FACTS: [&str; 10] = [
    "incident",
    "incident_party",
    "posting",
    "unit_parent",
    "unit_merge",
    "barred_unit",
    "remediation",
    "derogatory_record",
    "screening_hit",
    "vetting_decision",
];

/// The rule.
#[derive(Debug, Default)]
pub(crate) struct Reopening;

impl Consequences for Reopening {
    fn watches(&self, kind: &str) -> bool {
        FACTS.contains(&kind)
    }

    fn follow(&self, touched: &[Touched], ask: Ask<'_>) -> Result<Vec<Change>> {
        let open = RecordQuery::default().when(
            "state",
            Test::Among(vec!["in_force".to_owned(), "proposed".to_owned()]),
        );
        let decisions = ask("vetting_decision", &open)?;
        if decisions.is_empty() {
            return Ok(vec![]);
        }
        let mut causes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for fact in touched {
            let cause = format!("{}/{}", fact.after.envelope.kind, fact.after.envelope.id);
            for candidate in candidates(fact, ask)? {
                causes.entry(candidate).or_default().insert(cause.clone());
            }
        }
        let mut changes = vec![];
        for decision in decisions {
            if let Some(cause) = causes.get(text(&decision, "candidate")) {
                let mut again = open_again(decision, cause, ask)?;
                list_affected(&mut again, ask)?;
                changes.extend(again);
            }
        }
        Ok(changes)
    }
}

/// Ids of the candidates that a fact touches, as it was and as it is.
fn candidates(fact: &Touched, ask: Ask<'_>) -> Result<BTreeSet<String>> {
    if fact.after.envelope.kind == "vetting_decision" {
        return refused(fact, ask);
    }
    let mut circle = Circle::default();
    for record in fact.before.iter().chain([&fact.after]) {
        circle.add(record);
        if ["derogatory_record", "screening_hit"].contains(&record.envelope.kind.as_str()) {
            return Ok(BTreeSet::from([text(record, "candidate").to_owned()]));
        }
        if record.envelope.kind == "incident" {
            let one = BTreeSet::from([record.envelope.id.to_string()]);
            for party in among(ask, "incident_party", "incident", &one)? {
                circle.add(&party);
            }
        }
    }
    if fact.after.envelope.kind == "posting" && !weighs(fact, &circle, ask)? {
        circle.units.clear();
    } else {
        circle.widen(ask)?;
    }
    let mut found = among(ask, "vetting_candidate", "unit", &circle.units)?;
    found.extend(among(ask, "vetting_candidate", "person", &circle.persons)?);
    Ok(found.iter().map(|c| c.envelope.id.to_string()).collect())
}

/// Whom a refusal touches, when it takes effect and when it ends: the same unit or person under the other law, the
/// units over and under, those whom the person commands. The candidate itself was decided on just now.
fn refused(fact: &Touched, ask: Ask<'_>) -> Result<BTreeSet<String>> {
    let bars = |r: &Record| r.envelope.state == "in_force" && text(r, "outcome") == "rejected";
    if fact.before.as_ref().is_some_and(bars) == bars(&fact.after) {
        return Ok(BTreeSet::new());
    }
    let own = text(&fact.after, "candidate").to_owned();
    let mut circle = Circle::default();
    let mut persons = BTreeSet::new();
    for candidate in among(
        ask,
        "vetting_candidate",
        "id",
        &BTreeSet::from([own.clone()]),
    )? {
        match text(&candidate, "person") {
            "" => circle.add(&candidate),
            person => {
                persons.insert(person.to_owned());
            }
        }
    }
    let posts = among(ask, "posting", "person", &persons)?;
    let commanded = posts.iter().filter(|p| p.body["commands"] == true);
    let commanded = commanded.map(|p| text(p, "unit").to_owned());
    circle.units.extend(commanded.filter(|u| !u.is_empty()));
    circle.widen(ask)?;
    let mut found = among(ask, "vetting_candidate", "unit", &circle.units)?;
    found.extend(among(ask, "vetting_candidate", "person", &persons)?);
    let ids = found.iter().map(|c| c.envelope.id.to_string());
    Ok(ids.filter(|id| *id != own).collect())
}

/// Whether a posting says something about its unit: its holder commands it, or is a party to an incident.
fn weighs(fact: &Touched, circle: &Circle, ask: Ask<'_>) -> Result<bool> {
    let commands = |r: &Record| r.body["commands"] == true;
    if fact.before.iter().chain([&fact.after]).any(commands) {
        return Ok(true);
    }
    Ok(!among(ask, "incident_party", "person", &circle.persons)?.is_empty())
}

/// Writes into a decision opened again what stands on its candidate, as the open transaction sees it: whatever of
/// the area *delivery* refers to the candidate, its person, or a record of its unit.
fn list_affected(again: &mut [Change], ask: Ask<'_>) -> Result<()> {
    let Some(decision) = again.first_mut() else {
        return Ok(());
    };
    let own = decision.body["candidate"].as_str().unwrap_or("").to_owned();
    let own = BTreeSet::from([own]);
    let candidates = among(ask, "vetting_candidate", "id", &own)?;
    let named = |field: &str| -> BTreeSet<String> {
        let all = candidates.iter().map(|c| text(c, field).to_owned());
        all.filter(|id| !id.is_empty()).collect()
    };
    let mut units = named("unit");
    super::same::Same::asked(ask)?.widen(&mut units);
    let targets = [
        ("vetting_candidate", own),
        ("person", named("person")),
        ("unit", units),
    ];
    let mut affected = BTreeSet::new();
    for kind in kinds::all().iter().filter(|k| k.area == "delivery") {
        for field in &kind.fields {
            let FieldType::Reference(to) = &field.field_type else {
                continue;
            };
            for (_, ids) in targets.iter().filter(|(kind, _)| kind == to) {
                let found = among(ask, kind.code, &field.name, ids)?;
                affected.extend(
                    found
                        .iter()
                        .map(|r| format!("{}/{}", kind.code, r.envelope.id)),
                );
            }
        }
    }
    decision.body["affected"] = affected.into_iter().collect();
    Ok(())
}

/// The decision and, where it was in force, its candidate, opened again. A decision that is only proposed can
/// then no longer be confirmed: whoever does works on an older version.
fn open_again(decision: Record, causes: &BTreeSet<String>, ask: Ask<'_>) -> Result<Vec<Change>> {
    let id = BTreeSet::from([text(&decision, "candidate").to_owned()]);
    let candidate = among(ask, "vetting_candidate", "id", &id)?;
    let reason = "a fact it stood on changed";
    let mut changes = vec![];
    let mut body = decision.body;
    let told = body["reopened_by"].as_array_mut();
    let told = told.ok_or_else(|| StoreError::Invalid("a decision without reopened_by".into()))?;
    told.extend(causes.iter().map(|c| c.clone().into()));
    let mut envelope = decision.envelope;
    let was_in_force = envelope.state == "in_force";
    envelope.state = "reopened".to_owned();
    changes.push(Change {
        action: "vetting_decision.reopen".to_owned(),
        envelope,
        body,
        reason: reason.to_owned(),
        saw: vec![],
    });
    let there = |c: &Record| was_in_force && c.envelope.state != DELETED;
    for one in candidate.into_iter().filter(there) {
        let (mut envelope, mut body) = (one.envelope, one.body);
        envelope.state = "reopened".to_owned();
        body["cleared_from"] = serde_json::Value::Null;
        body["cleared_until"] = serde_json::Value::Null;
        changes.push(Change {
            action: "vetting_candidate.reopen".to_owned(),
            envelope,
            body,
            reason: reason.to_owned(),
            saw: vec![],
        });
    }
    Ok(changes)
}
