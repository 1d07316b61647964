//! The columns of a kind in files: the envelope's, then the fields'. Exports write them, imports map to
//! them, and both name them as the API does.

use symbolon_domain::kind::{FieldDef, KindDef};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target<'a> {
    /// A member of the envelope.
    Envelope(&'static EnvelopeColumn),
    /// A field of the kind.
    Field(&'a FieldDef),
}

/// A column of the envelope.
#[derive(Debug, PartialEq, Eq)]
pub struct EnvelopeColumn {
    /// Name in files.
    pub name: &'static str,
    /// Label for people.
    pub label: &'static str,
    /// What it is, and what an import does with it.
    pub help: &'static str,
}

macro_rules! envelope {
    ($($name:literal $label:literal $help:literal;)+) => {
        /// The columns of every kind.
        pub static ENVELOPE: &[EnvelopeColumn] =
            &[$(EnvelopeColumn { name: $name, label: $label, help: $help }),+];
    };
}

envelope! {
    "id" "Id" "Finds the record it was exported from; a new record gets an id of its own.";
    "code" "Code" "Human code, unique within an owner.";
    "version" "Version" "Version when the file was made; a record changed since is refused.";
    "state" "State" "Lifecycle state; an import never moves a record to another state.";
    "valid_from" "Valid from" "First day it was true, as 2012-11-05, 2012-11, 2012, 2012-11-05~.";
    "valid_to" "Valid to" "First day it was no longer true.";
    "partner" "Partner" "Partner it is about, ISO 3166-1 alpha-3.";
    "programme" "Programme" "Programme it belongs to.";
    "owner" "Owner" "Owning organisation; an import never changes it.";
    "label" "Label" "Who may see it.";
    "sources" "Sources" "Sources as JSON.";
}

impl Target<'_> {
    /// Name in files and the API.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Envelope(c) => c.name,
            Self::Field(f) => &f.name,
        }
    }

    /// Label for people.
    #[must_use]
    pub fn label(&self) -> &str {
        match self {
            Self::Envelope(c) => c.label,
            Self::Field(f) => &f.label,
        }
    }

    /// What it is.
    #[must_use]
    pub fn help(&self) -> &str {
        match self {
            Self::Envelope(c) => c.help,
            Self::Field(f) => &f.help,
        }
    }
}

/// Every column of a kind, in the order of exports. No field has the name of an envelope column.
#[must_use]
pub fn all(kind: &KindDef) -> Vec<Target<'_>> {
    let envelope = ENVELOPE.iter().map(Target::Envelope);
    envelope
        .chain(kind.fields.iter().map(Target::Field))
        .collect()
}

/// The column of this name.
#[must_use]
pub fn named<'a>(kind: &'a KindDef, name: &str) -> Option<Target<'a>> {
    all(kind).into_iter().find(|t| t.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_every_kind_have_different_names() {
        for kind in symbolon_domain::kinds::all() {
            let all = all(kind);
            let mut names: Vec<_> = all.iter().map(Target::name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all.len(), "{}", kind.code);
        }
    }
}
