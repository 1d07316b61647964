//! Releases: what is shown to whom beside the nation that made it. A release is asked by one officer and
//! granted by another; what a partner's officer writes is written to the nation that provides the
//! instance, and released to it from the start.

use crate::{App, AppError, Result, identity::duties::Duties};
use jiff::civil::Date;
use std::collections::BTreeSet;
use symbolon_access::Viewer;
use symbolon_domain::{
    country::Iso3,
    kind::{DELETED, Fault},
    kinds,
    label::{Label, Markings, Rule},
    record::Record,
};
use symbolon_store::{
    Change,
    query::{RecordQuery, Test, Value},
};

/// The end of the action that widens a label beside a release.
pub(crate) const ACTION: &str = ".release";

/// The working label of somebody of a nation: of the own nation, and where another nation provides the
/// instance, released to that one.
pub(crate) fn working(nation: Iso3, today: Date) -> Label {
    let label = Label::internal(nation.as_str());
    match Duties::shipped().provider.parse::<Iso3>() {
        Ok(provider) if provider != nation => {
            widened(&label, &[provider].into(), today).unwrap_or(label)
        }
        _ => label,
    }
}

fn conflict<T>(message: impl Into<String>) -> Result<T> {
    Err(AppError::Conflict(message.into()))
}

/// A label released to further nations from a day on.
///
/// # Errors
/// [`AppError::Conflict`] where the label forbids any release, or is of parts.
fn widened(label: &Label, to: &BTreeSet<Iso3>, day: Date) -> Result<Label> {
    let markings = Markings::shipped();
    let policy = markings.policy(&label.policy);
    let control = policy.and_then(|p| p.controls.iter().find(|c| c.rule == Rule::ReleasableTo));
    let Some(control) = control else {
        return conflict(format!("the markings of {} know no release", label.policy));
    };
    if !label.parts.is_empty() || !label.rel_to.groups.is_empty() {
        return conflict("it is put together of parts, or released to a group: release its parts");
    }
    if let Some(other) = label.controls.iter().find(|c| **c != control.code) {
        return conflict(format!("it is marked {other}: that is lifted first"));
    }
    let mut wider = label.clone();
    wider.controls.insert(control.code.clone());
    wider.rel_to.nations.extend(to);
    wider.released_at = Some(day);
    Ok(wider)
}

/// The records that a release names, as far as the viewer sees them.
fn named(app: &App, viewer: &Viewer, lines: &serde_json::Value) -> Result<Vec<Record>> {
    let mut found = vec![];
    for line in lines.as_array().into_iter().flatten() {
        let line = line.as_str().unwrap_or_default().trim();
        let absent = || {
            let message = format!("Records: there is no `{line}`");
            AppError::Faults(vec![Fault::new("records", "unknown-reference", message)])
        };
        let (kind, code) = line.split_once('/').ok_or_else(absent)?;
        let kind = kinds::by_code(kind).ok_or_else(absent)?;
        let query =
            RecordQuery::default().when("code", Test::Is(Value::Text(code.trim().to_owned())));
        let mut all = app.store.list(viewer, kind.code, &query)?;
        all.retain(|r| r.envelope.state != DELETED);
        match (all.pop(), all.is_empty()) {
            (Some(record), true) => found.push(record),
            _ => return Err(absent()),
        }
    }
    Ok(found)
}

/// What a granted release changes: the label of every record it names.
///
/// # Errors
/// [`AppError::Faults`] where it names a record the viewer does not see, [`AppError::Conflict`] where a
/// record is of another nation, may not be released, or no agreement covers it.
pub(crate) fn granted(app: &App, viewer: &Viewer, release: &Change) -> Result<Vec<Change>> {
    let nations = release.body["nations"].as_array().into_iter().flatten();
    let to: BTreeSet<Iso3> = nations
        .filter_map(|n| n.as_str()?.trim().parse().ok())
        .collect();
    let today = app.today();
    let world = app.store.world()?;
    let mut changes = vec![];
    for record in named(app, viewer, &release.body["records"])? {
        let (e, label) = (&record.envelope, &record.envelope.label);
        for nation in &to {
            let covered = label.levels().all(|level| {
                let terms = world.agreement(&label.originator, *nation, level, today);
                terms.is_some()
            });
            if !covered {
                return conflict(format!(
                    "{}: no sharing agreement in force between {} and {nation} covers it",
                    e.code, label.originator
                ));
            }
        }
        let wider = widened(label, &to, today).map_err(|no| match no {
            AppError::Conflict(why) => AppError::Conflict(format!("{}: {why}", e.code)),
            other => other,
        })?;
        let mut envelope = record.envelope;
        envelope.label = wider;
        changes.push(Change {
            action: format!("{}{ACTION}", envelope.kind),
            envelope,
            body: record.body,
            reason: release.envelope.code.clone(),
            saw: vec![],
        });
    }
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn what_a_partner_writes_is_released_to_the_provider_and_to_nobody_else() {
        let today = date(2026, 3, 2);
        let own = working("USA".parse().unwrap(), today);
        assert_eq!(own, Label::internal("USA"));
        let theirs = working("SEN".parse().unwrap(), today);
        assert_eq!(theirs.marking(), "UNCLASSIFIED - internal//REL TO SEN, USA");
        assert_eq!(theirs.released_at, Some(today));
    }

    #[test]
    fn what_is_kept_from_all_foreign_nations_is_not_released() {
        let mut label = Label::internal("USA");
        label.controls.insert("NOFORN".to_owned());
        let to = ["SEN".parse().unwrap()].into();
        assert!(widened(&label, &to, date(2026, 3, 2)).is_err());
    }
}
