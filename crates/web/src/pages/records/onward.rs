//! What leads on from a record: records that can be made of it with what is known filled in, a partner's
//! statement taken up by the other side, and the release to the partner.

use super::fill::Filled;
use crate::view::{Link, Query};
use std::collections::HashMap;
use symbolon_access::{Action, Policy, Viewer};
use symbolon_app::vetting::has_own_pages;
use symbolon_app::{App, AppError, Moment};
use symbolon_domain::{
    kind::{DELETED, FieldType, KindDef, within},
    kinds,
    record::Record,
};

/// The field by which a record takes up what the other side stated.
const STATEMENT: &str = "statement";

/// Forms for records that refer to this one, those that the viewer's role writes.
pub(super) fn additions(viewer: &Viewer, def: &KindDef, record: &Record) -> Vec<Link> {
    let e = &record.envelope;
    if e.state == DELETED {
        return vec![];
    }
    let to = FieldType::Reference(def.code.to_owned());
    let written = |k: &&KindDef| {
        k.code != def.code
            && k.area != "administration"
            && !has_own_pages(k.code)
            && Policy::shipped().grants(viewer, Action::Write, k.code)
    };
    let form = |k: &KindDef| {
        let field = k.fields.iter().find(|f| f.field_type == to)?;
        let mut query = Query::new(&format!("/records/{}/new", k.code))
            .and(&format!("f.{}", field.name), &e.code);
        if !e.partner.is_empty() {
            query = query.and("partner", &e.partner);
        }
        Some(Link::new(format!("New {}", within(k.name)), query.href()))
    };
    kinds::all()
        .iter()
        .filter(written)
        .filter_map(form)
        .collect()
}

/// Whether another nation than the viewer's made a record.
fn of_others(viewer: &Viewer, record: &Record) -> bool {
    let own = viewer.nation();
    own.is_some_and(|n| record.envelope.label.originator != n.as_str())
}

/// What else can be done with a record: taking it up, releasing it to its partner.
pub(super) fn acts(viewer: &Viewer, def: &KindDef, record: &Record) -> Vec<Link> {
    let e = &record.envelope;
    let writes = |kind: &str| Policy::shipped().grants(viewer, Action::Write, kind);
    let mut acts = vec![];
    if e.state == DELETED {
        return acts;
    }
    if def.field(STATEMENT).is_some() && writes(def.code) && of_others(viewer, record) {
        let query =
            Query::new(&format!("/records/{}/new", def.code)).and("takes_up", &e.id.to_string());
        acts.push(Link::new("Take it up", query.href()));
    }
    let to = e.partner.as_str();
    let reaches = e.label.rel_to.nations.iter().any(|n| n.as_str() == to);
    let own = viewer.nation().is_some_and(|n| n.as_str() == to);
    if !to.is_empty() && !reaches && !own && writes("release_request") && !of_others(viewer, record)
    {
        let query = Query::new("/records/release_request/new")
            .and("f.title", &format!("{} to {to}", e.code))
            .and("f.records", &format!("{}/{}", def.code, e.code))
            .and("f.nations", to);
        acts.push(Link::new(format!("Release to {to}"), query.href()));
    }
    acts
}

/// A form filled in with what the other side stated, and its source. The texts go from record to form, never
/// through an address.
///
/// # Errors
/// [`AppError::NotFound`] where the viewer sees no such statement, or the kind takes none up.
pub(super) fn taken_up(
    app: &App,
    viewer: &Viewer,
    def: &'static KindDef,
    id: &str,
) -> Result<Filled, AppError> {
    if def.field(STATEMENT).is_none() {
        return Err(AppError::NotFound("statement"));
    }
    let stated = app.record_only(viewer, def.code, id, Moment::default())?;
    let code = stated.envelope.code.clone();
    let mut filled = Filled::of(def, &stated, &HashMap::new());
    filled.0.retain(|(name, _)| {
        let kept = name.starts_with("f.") || name == "partner";
        kept && name != "f.statement" && name != "f.stated_by"
    });
    for (name, value) in [
        ("f.statement", code.as_str()),
        ("f.stated_by", "partner"),
        ("source.0.document", code.as_str()),
        ("source.0.confidence", "high"),
    ] {
        filled.0.push((name.to_owned(), value.to_owned()));
    }
    Ok(filled)
}
