//! Which fields of a record a viewer's view is made of: a partner's view is made from an
//! allow-list (`x-partner` in the definition of a kind), so that a field added later is not in it until
//! somebody says so.

use crate::{
    policy::Policy,
    viewer::{Action, Actor, Viewer},
};
use symbolon_domain::{
    country::Iso3,
    kind::{FieldDef, KindDef},
    label::Label,
    record::Record,
};

/// The fields of one kind that a viewer sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldView {
    /// The partner's nation, where only the allow-list shows; `None`: everything.
    listed_for: Option<Iso3>,
}

impl FieldView {
    /// The view of a kind. A partner sees no less than the public does: kinds that the public reads are
    /// whole.
    #[must_use]
    pub fn of(policy: &Policy, viewer: &Viewer, kind: &str) -> Self {
        let listed = policy.role_row(viewer).is_some_and(|row| row.partner_view);
        let listed_for = match &viewer.actor {
            Actor::Account { nation, .. } if listed && !policy.public_reads(kind) => Some(*nation),
            _ => None,
        };
        Self { listed_for }
    }

    /// Whether a field may be asked by, sorted by and listed.
    #[must_use]
    pub fn shows(&self, field: &FieldDef) -> bool {
        self.listed_for.is_none() || field.partner_visible
    }

    /// Whether a field of a record with this label shows: what the viewer's own nation wrote is its own.
    #[must_use]
    pub fn shows_of(&self, field: &FieldDef, label: &Label) -> bool {
        self.shows(field) || self.is_own(label)
    }

    /// Whether every field of every record shows.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.listed_for.is_none()
    }

    fn is_own(&self, label: &Label) -> bool {
        let mut originators = label.originators();
        originators.all(|o| self.listed_for.is_some_and(|n| n.as_str() == o))
    }

    /// The record made again of what shows. What is withheld has no member in the body.
    #[must_use]
    pub fn view(&self, kind: &KindDef, record: &Record) -> Record {
        if self.is_whole() || self.is_own(&record.envelope.label) {
            return record.clone();
        }
        let shown = |name: &str| kind.field(name).is_some_and(|f| self.shows(f));
        let body = kind.fields.iter().filter(|f| self.shows(f));
        let body = body.filter_map(|f| Some((f.name.clone(), record.body.get(&f.name)?.clone())));
        let mut envelope = record.envelope.clone();
        envelope
            .sources
            .retain(|s| s.field.is_empty() || shown(&s.field));
        envelope.claims.retain(|c| shown(&c.field));
        Record {
            envelope,
            body: body.collect(),
        }
    }
}

impl Policy {
    /// Whether anybody may read records of a kind that are open to the public.
    fn public_reads(&self, kind: &str) -> bool {
        let public = Viewer::public(jiff::civil::Date::ZERO);
        self.grants(&public, Action::Read, kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use symbolon_domain::{kinds, record::RecordId};

    fn officer() -> Viewer {
        let actor = Actor::Account {
            id: RecordId::named("account", "officer"),
            name: "An Officer".into(),
            role: kinds::Role::PartnerOfficer,
            nation: "MLI".parse().unwrap(),
            standing: kinds::Standing::of_staff().into(),
        };
        Viewer {
            actor,
            ..Viewer::public(jiff::civil::date(2026, 1, 1))
        }
    }

    /// add a field; it must not appear.
    #[test]
    fn a_field_that_nobody_put_on_the_allow_list_is_withheld_from_partners() {
        let gap = kinds::by_code("capability_gap").unwrap();
        let mut added = gap.clone();
        let mut field = gap.field("title").unwrap().clone();
        field.name = "added".into();
        field.partner_visible = false;
        added.fields.push(field);
        let body = serde_json::json!({"title": "Boats", "threat": "hidden", "added": "hidden"});
        let mut record: Record = serde_json::from_value(serde_json::json!({
            "id": RecordId::named("capability_gap", "g"), "kind": "capability_gap", "code": "G", "version": 1,
            "state": "reported", "valid": {}, "partner": "MLI", "programme": "", "sources": [], "claims": [], "label": Label::internal("USA"), "owner": "symbolon", "body": body,
        }))
        .unwrap();
        let view = FieldView::of(Policy::shipped(), &officer(), "capability_gap");
        let shown = view.view(&added, &record);
        assert_eq!(shown.body, serde_json::json!({"title": "Boats"}));
        record.envelope.label = Label::internal("MLI");
        assert_eq!(view.view(&added, &record), record, "its own is its own");
    }

    #[test]
    fn staff_and_what_the_public_reads_are_whole() {
        for kind in kinds::all() {
            let staff = Viewer::system(jiff::civil::date(2026, 1, 1));
            assert!(FieldView::of(Policy::shipped(), &staff, kind.code).is_whole());
        }
        assert!(FieldView::of(Policy::shipped(), &officer(), "source").is_whole());
        assert!(!FieldView::of(Policy::shipped(), &officer(), "person").is_whole());
    }
}
