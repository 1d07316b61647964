//! Two versions of a record side by side, in words.

use super::{Moment, change::readable_kind};
use crate::{App, AppError, Result};
use serde_json::Value;
use symbolon_access::Viewer;
use symbolon_domain::{
    date::{Known, ValidTime},
    kind::{FieldDef, FieldType, KindDef, sentence},
    record::Record,
};

/// One thing that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Name of the field, as in the API.
    pub field: String,
    /// Label for people.
    pub label: String,
    /// What stood there; empty for nothing.
    pub before: String,
    /// What stands there; empty for nothing.
    pub after: String,
}

impl Difference {
    /// In words: `Title: "Old" became "New"`.
    #[must_use]
    pub fn sentence(&self) -> String {
        match (self.before.is_empty(), self.after.is_empty()) {
            (true, _) => format!("{}: \u{201c}{}\u{201d} was added", self.label, self.after),
            (_, true) => format!(
                "{}: \u{201c}{}\u{201d} was taken away",
                self.label, self.before
            ),
            _ => format!(
                "{}: \u{201c}{}\u{201d} became \u{201c}{}\u{201d}",
                self.label, self.before, self.after
            ),
        }
    }
}

/// A record at two moments.
pub struct Compared {
    /// Its kind.
    pub kind: &'static KindDef,
    /// As it was first; absent where it was not recorded yet.
    pub before: Option<Record>,
    /// As it was then.
    pub after: Record,
    /// What differs.
    pub differences: Vec<Difference>,
}

/// Everything that differs between two states of a record; nothing before means all of it is new.
#[must_use]
pub fn difference(kind: &KindDef, before: Option<&Record>, after: &Record) -> Vec<Difference> {
    let mut found = vec![];
    let mut note = |field: &str, label: &str, was: String, is: String| {
        if was != is {
            found.push(Difference {
                field: field.to_owned(),
                label: label.to_owned(),
                before: was,
                after: is,
            });
        }
    };
    for field in &kind.fields {
        let text = |r: &Record| in_words(field, &r.body[&field.name]);
        note(
            &field.name,
            &field.label,
            before.map(text).unwrap_or_default(),
            text(after),
        );
    }
    for (name, label, text) in ENVELOPE {
        note(
            name,
            label,
            before.map(text).unwrap_or_default(),
            text(after),
        );
    }
    found
}

type Part = (&'static str, &'static str, fn(&Record) -> String);

/// Parts of the envelope that people change.
const ENVELOPE: [Part; 8] = [
    ("code", "Code", |r| r.envelope.code.clone()),
    ("state", "State", |r| sentence(&r.envelope.state)),
    ("partner", "Partner", |r| r.envelope.partner.clone()),
    ("programme", "Programme", |r| r.envelope.programme.clone()),
    ("valid", "True in the world", |r| {
        valid_in_words(r.envelope.valid)
    }),
    ("label", "Marking", |r| r.envelope.label.marking()),
    ("sources", "Sources", |r| {
        let sources = r.envelope.sources.iter();
        let told = sources.map(|s| match s.locator.as_str() {
            "" => s.document.clone(),
            place => format!("{}, {place}", s.document),
        });
        told.collect::<Vec<_>>().join("; ")
    }),
    ("claims", "Other claims", |r| {
        let claims = r.envelope.claims.iter();
        let told = claims.map(|c| format!("{}: {}", sentence(&c.field), c.value));
        told.collect::<Vec<_>>().join("; ")
    }),
];

/// A value for people: a code by its name, a choice as words, yes and no.
pub(super) fn in_words(field: &FieldDef, value: &Value) -> String {
    let text = field.text_of(value);
    match &field.field_type {
        FieldType::Code(list) => {
            symbolon_domain::codes::list(list).map_or(text.clone(), |l| l.name_of(&text).to_owned())
        }
        FieldType::Choice(_) | FieldType::Flag => sentence(&text),
        FieldType::Texts => text.replace('\n', "; "),
        _ => text,
    }
}

/// Valid time in words.
fn valid_in_words(valid: ValidTime) -> String {
    let day = |k: Known| k.to_string();
    match (valid.from.map(day), valid.to.map(day)) {
        (None, None) => String::new(),
        (Some(from), None) => format!("from {from}"),
        (None, Some(to)) => format!("until {to}"),
        (Some(from), Some(to)) => format!("from {from} until {to}"),
    }
}

impl App {
    /// A record at two moments, and what differs.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where it was recorded at neither.
    pub fn compare(
        &self,
        viewer: &Viewer,
        (kind, id): (&str, &str),
        from: Moment,
        to: Moment,
    ) -> Result<Compared> {
        let kind = readable_kind(viewer, kind)?;
        let id = id.parse().map_err(|_| AppError::NotFound("record"))?;
        let before = match self.record_at(viewer, kind, id, from) {
            Ok(record) => Some(record),
            Err(AppError::NotFound(_)) => None,
            Err(e) => return Err(e),
        };
        let after = self.record_at(viewer, kind, id, to)?;
        Ok(Compared {
            differences: difference(kind, before.as_ref(), &after),
            kind,
            before,
            after,
        })
    }
}
