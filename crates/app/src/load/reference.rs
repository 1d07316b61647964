//! Reference data as records: partners, regional bodies, dated memberships; codes as facts.

use super::{FileInfo, Finished, dataset_change, envelope, source_of};
use crate::{App, AppError, Result};
use serde_json::json;
use std::collections::BTreeMap;
use symbolon_domain::{
    date::{Known, ValidTime},
    label::Label,
    record::{Citation, Confidence, RecordId},
};
use symbolon_exchange::shipped::{self, Days};
use symbolon_store::{
    Change, Loader, StoreError,
    facts::{COUNTRY_CODE, Cell},
    query::RecordQuery,
};

fn valid(days: &Days) -> ValidTime {
    ValidTime {
        from: days.from.map(Known::on),
        to: days.to.map(Known::on),
    }
}

/// Writes partners, bodies and memberships where they are not there or have changed. Returns how
/// many records were written.
pub fn reference(app: &App) -> Result<usize> {
    let mut written = 0;
    for changes in [partners(), bodies(), memberships()] {
        written += put(app, changes)?;
    }
    app.refresh();
    Ok(written)
}

/// Gives each change the version of the record that is there, and writes those that differ.
fn put(app: &App, mut changes: Vec<Change>) -> Result<usize> {
    let Some(kind) = changes.first().map(|c| c.envelope.kind.clone()) else {
        return Ok(0);
    };
    let there = app
        .store
        .list(&app.system(), &kind, &RecordQuery::default())?;
    let versions: BTreeMap<RecordId, i64> = there
        .iter()
        .map(|r| (r.envelope.id, r.envelope.version))
        .collect();
    for change in &mut changes {
        change.envelope.version = versions.get(&change.envelope.id).copied().unwrap_or(0);
    }
    let written = app.store.write(&app.system(), changes)?;
    Ok(written.iter().filter(|w| w.changed).count())
}

fn partners() -> Vec<Change> {
    let change = |c: &shipped::Country| {
        let code = c.iso3.as_str();
        let mut e = envelope(
            "partner",
            RecordId::named("partner", code),
            code,
            Label::public("USA"),
        );
        e.valid = valid(&c.days);
        e.partner = code.to_owned();
        if c.is_former() {
            e.state = "former".to_owned();
        }
        e.sources = vec![Citation {
            document: "Country codes: ISO 3166-1 and the training report's own list of names"
                .to_owned(),
            locator: code.to_owned(),
            url: String::new(),
            confidence: Confidence::High,
            field: String::new(),
        }];
        let other_names: Vec<&str> = shipped::names()
            .iter()
            .filter(|n| n.iso3 == Some(c.iso3) && n.printed != c.name)
            .map(|n| n.printed)
            .collect();
        Change {
            envelope: e,
            body: json!({"name": c.name, "iso3": code, "partner_type": c.partner_type, "region": c.region,
                "other_names": other_names, "note": c.note}),
            action: "partner.load".to_owned(),
            reason: "reference data that ships with the program".to_owned(),
            saw: vec![],
        }
    };
    shipped::countries().iter().map(change).collect()
}

fn bodies() -> Vec<Change> {
    let change = |b: &shipped::Body| Change {
        envelope: envelope(
            "regional_body",
            RecordId::named("regional_body", b.code),
            b.code,
            Label::public("USA"),
        ),
        body: json!({"name": b.name, "abbreviation": b.abbreviation, "body_type": b.body_type, "completeness": b.completeness}),
        action: "regional_body.load".to_owned(),
        reason: "reference data that ships with the program".to_owned(),
        saw: vec![],
    };
    shipped::bodies().iter().map(change).collect()
}

fn memberships() -> Vec<Change> {
    let change = |m: &shipped::Membership| {
        let from = m.days.from.map(|d| d.to_string()).unwrap_or_default();
        let code = format!(
            "{}-{}-{from}-{}",
            m.body,
            m.iso3,
            m.standing.replace(' ', "-")
        );
        let mut e = envelope(
            "membership",
            RecordId::named("membership", &code),
            &code,
            Label::public("USA"),
        );
        e.valid = valid(&m.days);
        e.partner = m.iso3.as_str().to_owned();
        e.sources = vec![Citation {
            document: m.source_title.to_owned(),
            locator: m.note.to_owned(),
            url: m.source_url.to_owned(),
            confidence: m.confidence,
            field: String::new(),
        }];
        Change {
            envelope: e,
            body: json!({
                "body": RecordId::named("regional_body", m.body),
                "member": RecordId::named("partner", m.iso3.as_str()),
                "iso3": m.iso3, "standing": m.standing,
            }),
            action: "membership.load".to_owned(),
            reason: "reference data that ships with the program".to_owned(),
            saw: vec![],
        }
    };
    shipped::memberships().iter().map(change).collect()
}

/// Loads the codes of countries in other systems as facts.
pub(super) fn codes(app: &App, info: &FileInfo, sha256: &str, bytes: i64) -> Result<()> {
    let (source, new) = source_of(app, &info.source)?;
    app.store.load(
        &app.system(),
        Box::new(|loader: &mut dyn Loader| {
            new.into_iter().for_each(|change| loader.with(change));
            let mut rows = 0;
            for (row, code) in (1..).zip(shipped::codes()) {
                let day = |d: Option<jiff::civil::Date>| d.map(|d| d.to_string());
                let (from, to) = (day(code.days.from), day(code.days.to));
                let cells = [
                    Cell::Text(code.system.word()),
                    Cell::Text(code.code),
                    Cell::Text(code.iso3.as_str()),
                    from.as_deref().map_or(Cell::Null, Cell::Text),
                    to.as_deref().map_or(Cell::Null, Cell::Text),
                    Cell::Text(code.source),
                ];
                loader.put(&COUNTRY_CODE, row, &cells)?;
                rows += 1;
            }
            let done = Finished {
                sha256: sha256.to_owned(),
                bytes,
                rows,
                content: "code",
                counted: true,
                years: String::new(),
                summary: BTreeMap::new(),
            };
            let roots = loader.roots()?;
            dataset_change(info, source, loader.dataset(), roots, done)
                .map_err(|e: AppError| StoreError::Invalid(e.to_string()))
        }),
    )?;
    app.refresh();
    Ok(())
}
