//! What somebody who brings in a file may say of who sees its records.

use symbolon_access::{Action, Actor, Policy, Subject, Viewer, World, decide};
use symbolon_domain::{label::Label, record::Envelope};

/// Whether the viewer may write a record as it is, or as it shall be.
pub(super) fn may_write(world: &World, viewer: &Viewer, envelope: &Envelope) -> bool {
    let subject = Subject {
        kind: &envelope.kind,
        label: &envelope.label,
        partner: &envelope.partner,
        programme: &envelope.programme,
    };
    decide(Policy::shipped(), world, viewer, Action::Write, subject).allowed
}

/// Labels that release nothing beyond the uploader's own nation, narrowest first.
pub(super) fn own(viewer: &Viewer) -> Vec<Label> {
    let Some(nation) = viewer.nation() else {
        return vec![];
    };
    let working = Label::internal(nation.as_str());
    let closed = Label {
        level: "controlled".to_owned(),
        controls: ["NOFORN".to_owned()].into(),
        ..working.clone()
    };
    vec![closed, working]
}

/// The label of a row that names none: the narrowest under which the uploader may write it. The operator
/// has no nation: the file or the mapping must say.
pub(super) fn narrowest(
    world: &World,
    viewer: &Viewer,
    kind: &str,
    partner: &str,
) -> Option<Label> {
    own(viewer).into_iter().find(|label| {
        let subject = Subject {
            kind,
            label,
            partner,
            programme: "",
        };
        decide(Policy::shipped(), world, viewer, Action::Write, subject).allowed
    })
}

/// Whether an uploader may give a label to a new record. Releasing takes an officer of release and a
/// second person, on the record's own page.
pub(super) fn may_give(viewer: &Viewer, label: &Label) -> bool {
    match &viewer.actor {
        Actor::System => true,
        Actor::Public | Actor::Identity { .. } => false,
        Actor::Account { .. } => own(viewer).contains(label),
    }
}

/// Whether a label is the narrowest there is: a record may always be closed to it.
pub(super) fn is_narrowest(viewer: &Viewer, label: &Label) -> bool {
    own(viewer).first() == Some(label)
}

/// A label as a file or mapping writes it: JSON, or the marking or level of one that may be given here.
pub(super) fn read_label(viewer: &Viewer, value: &serde_json::Value) -> Result<Label, String> {
    let serde_json::Value::String(words) = value else {
        return serde_json::from_value(value.clone()).map_err(|e| e.to_string());
    };
    // The operator brings in data of the operator's own installation.
    let nation = viewer
        .nation()
        .map_or("USA".to_owned(), |n| n.as_str().to_owned());
    let mut known = vec![Label::public(&nation), Label::internal(&nation)];
    known.extend(own(viewer));
    let plain = |s: &str| s.trim().to_lowercase();
    let wanted = plain(words);
    let found = known
        .into_iter()
        .find(|l| wanted == plain(&l.marking()) || wanted == l.level);
    found.ok_or_else(|| {
        "write a label as JSON, or the marking of one that may be given here".to_owned()
    })
}
