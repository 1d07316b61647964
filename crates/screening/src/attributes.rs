//! What is known of somebody besides the name: birth, countries, gender, identifiers.

use serde::{Deserialize, Serialize};

/// What is known besides the name. Empty means unknown; unknown never counts for or against.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attributes {
    /// Days of birth as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; several where sources differ.
    pub born: Vec<String>,
    /// Countries, as codes or names; compared without case.
    pub countries: Vec<String>,
    /// `male`, `female` or empty.
    pub gender: String,
    /// Numbers of passports, registrations, hulls; compared by letters and digits.
    pub identifiers: Vec<String>,
}

/// A reason beside the name: its feature, what it adds to the odds.
pub(crate) type Weighed = (&'static str, f32);

/// What the attributes of both sides add to the odds. Own estimates: no labelled data at hand covers them.
pub(crate) fn weigh(asked: &Attributes, listed: &Attributes) -> impl Iterator<Item = Weighed> {
    [
        identifiers(asked, listed),
        born(asked, listed),
        countries(asked, listed),
        gender(asked, listed),
    ]
    .into_iter()
    .flatten()
}

fn plain(text: &str) -> String {
    let kept = text.chars().filter(char::is_ascii_alphanumeric);
    kept.map(|c| c.to_ascii_lowercase()).collect()
}

fn identifiers(asked: &Attributes, listed: &Attributes) -> Option<Weighed> {
    let shared = asked.identifiers.iter().any(|a| {
        let a = plain(a);
        a.len() >= 5 && listed.identifiers.iter().any(|l| plain(l) == a)
    });
    shared.then_some(("identifier", 6.0))
}

fn year(date: &str) -> Option<i32> {
    date.get(..4)?.parse().ok()
}

fn born(asked: &Attributes, listed: &Attributes) -> Option<Weighed> {
    let pairs = || {
        asked
            .born
            .iter()
            .flat_map(|a| listed.born.iter().map(move |l| (a, l)))
    };
    let apart = pairs()
        .filter_map(|(a, l)| Some((year(a)? - year(l)?).abs()))
        .min()?;
    let same_day = pairs().any(|(a, l)| a == l && a.len() == 10);
    Some(match apart {
        _ if same_day => ("born_same_day", 2.5),
        0 => ("born_same_year", 1.0),
        1 | 2 => ("born_about_then", 0.0),
        3..=9 => ("born_other_year", -2.0),
        _ => ("born_other_time", -4.0),
    })
}

fn countries(asked: &Attributes, listed: &Attributes) -> Option<Weighed> {
    if asked.countries.is_empty() || listed.countries.is_empty() {
        return None;
    }
    let same = |a: &String| listed.countries.iter().any(|l| l.eq_ignore_ascii_case(a));
    Some(if asked.countries.iter().any(same) {
        ("country_same", 0.5)
    } else {
        ("country_differs", -0.7)
    })
}

fn gender(asked: &Attributes, listed: &Attributes) -> Option<Weighed> {
    let known = !asked.gender.is_empty() && !listed.gender.is_empty();
    (known && !asked.gender.eq_ignore_ascii_case(&listed.gender))
        .then_some(("gender_differs", -2.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn born_on(day: &str) -> Attributes {
        Attributes {
            born: vec![day.to_owned()],
            ..Attributes::default()
        }
    }

    fn odds(a: &Attributes, b: &Attributes) -> f32 {
        weigh(a, b).map(|(_, odds)| odds).sum()
    }

    #[test]
    fn another_generation_speaks_against_and_the_same_day_for() {
        assert!(odds(&born_on("1960-05-04"), &born_on("1960-05-04")) > 2.0);
        assert!(odds(&born_on("1960"), &born_on("1985-01-01")) < -3.0);
        assert!(odds(&born_on("1960"), &Attributes::default()).abs() < f32::EPSILON);
    }

    #[test]
    fn a_shared_passport_outweighs_much() {
        let with = |n: &str| Attributes {
            identifiers: vec![n.to_owned()],
            ..Attributes::default()
        };
        assert!(odds(&with("T-123 456"), &with("t123456")) > 5.0);
        assert!(odds(&with("12"), &with("12")).abs() < f32::EPSILON);
    }
}
