//! What an account holds, as facts and as the fields of a form.

use crate::view::{
    Fact,
    desk::{Field, Form},
};
use symbolon_app::identity::standing::StandingWords;
use symbolon_domain::kinds::Standing;

/// The fields of a form, as sent.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Held {
    clearances: String,
    employment: String,
    programmes: String,
    partners: String,
    regions: String,
    categories: String,
    duties: String,
    mandates: String,
    denied_partners: String,
    denied_programmes: String,
}

impl Held {
    /// The same as the application reads it.
    pub(super) fn words(&self) -> StandingWords {
        let held = self.clone();
        StandingWords {
            clearances: held.clearances,
            employment: held.employment,
            programmes: held.programmes,
            partners: held.partners,
            regions: held.regions,
            categories: held.categories,
            duties: held.duties,
            mandates: held.mandates,
            denied_partners: held.denied_partners,
            denied_programmes: held.denied_programmes,
        }
    }
}

/// What is held, a line each.
pub(super) fn facts(standing: &Standing) -> Vec<Fact> {
    let words = StandingWords::of(standing);
    words
        .lines()
        .map(|(name, held)| Fact::new(name, held))
        .collect()
}

/// The form with a field for each, filled with what is held.
pub(super) fn fields(form: Form, standing: &Standing) -> Form {
    let words = StandingWords::of(standing);
    let employers = ["unstated", "government", "contractor", "other"];
    let employers = employers.map(|e| (e.to_owned(), e.to_owned())).into();
    let line = |name: &str, label: &str, hint: &str, value: &str| {
        Field::text(name, label).hint(hint).value(value)
    };
    form.field(line(
        "clearances",
        "Cleared for",
        "Marking policy and highest level: US=controlled, NATO=restricted",
        &words.clearances,
    ))
    .field(Field::select("employment", "Employed by", employers).value(&words.employment))
    .field(line(
        "programmes",
        "Programmes",
        "With commas; * for all",
        &words.programmes,
    ))
    .field(line(
        "partners",
        "Partners",
        "Three letters, with commas. With regions, empty: all",
        &words.partners,
    ))
    .field(line(
        "regions",
        "Regions",
        "As partners name theirs",
        &words.regions,
    ))
    .field(line(
        "categories",
        "Read in to",
        "Categories kept apart: VETTING",
        &words.categories,
    ))
    .field(line(
        "duties",
        "Duties beside the role",
        "releasing_officer",
        &words.duties,
    ))
    .field(
        line(
            "mandates",
            "Mandates of oversight",
            "One a line: programmes; first day; first day no longer, or nothing; order or letter",
            &words.mandates,
        )
        .sort("area"),
    )
    .field(line(
        "denied_partners",
        "Kept from partners",
        "Three letters",
        &words.denied_partners,
    ))
    .field(line(
        "denied_programmes",
        "Kept from programmes",
        "With commas",
        &words.denied_programmes,
    ))
}
