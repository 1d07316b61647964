//! What somebody who brings in a file may say of who sees its records.

use symbolon_access::{Action, Actor, Policy, Subject, Viewer, decide};
use symbolon_domain::{
    label::{Control, Label, Level},
    record::Envelope,
};

/// Whether the viewer may write a record as it is, or as it shall be.
pub(super) fn may_write(viewer: &Viewer, envelope: &Envelope) -> bool {
    let subject = Subject {
        kind: &envelope.kind,
        label: &envelope.label,
        partner: &envelope.partner,
    };
    decide(Policy::shipped(), viewer, Action::Write, subject).allowed
}

/// The label of a row that names none: only the uploader's own nation. The operator has no nation: the
/// file or the mapping must say.
pub(super) fn narrowest(viewer: &Viewer) -> Option<Label> {
    let Actor::Account { nation, .. } = &viewer.actor else {
        return None;
    };
    Some(Label {
        level: Level::Controlled,
        controls: [Control::Noforn].into(),
        ..Label::internal(nation.as_str())
    })
}

/// Labels an uploader may give: those that release nothing beyond the own nation. Releasing takes an
/// officer of release and a second person, on the record's own page.
pub(super) fn may_give(viewer: &Viewer, label: &Label) -> bool {
    match &viewer.actor {
        Actor::System => true,
        Actor::Public => false,
        Actor::Account { nation, .. } => {
            let nation = nation.as_str();
            *label == Label::internal(nation) || Some(label) == narrowest(viewer).as_ref()
        }
    }
}

/// A label as a file or mapping writes it: JSON, or the words of one that may be given.
pub(super) fn read_label(viewer: &Viewer, value: &serde_json::Value) -> Result<Label, String> {
    let serde_json::Value::String(words) = value else {
        return serde_json::from_value(value.clone()).map_err(|e| e.to_string());
    };
    let nation = match &viewer.actor {
        Actor::Account { nation, .. } => nation.as_str(),
        // Data of the operator's own installation.
        _ => "USA",
    };
    let known = [Label::public(nation), Label::internal(nation)];
    let narrow = narrowest(viewer);
    let plain = |s: &str| s.trim().to_lowercase();
    let mut all = known.iter().chain(&narrow);
    let found = all.find(|l| {
        plain(words) == plain(&l.marking())
            || plain(words) == format!("{:?}", l.level).to_lowercase()
    });
    found.cloned().ok_or_else(|| {
        "write a label as JSON, or the marking of one that may be given here".to_owned()
    })
}
