//! Alliances, unions and lists of states, and who belonged to them when.

use super::rows::{Days, rows};
use jiff::civil::Date;
use std::sync::OnceLock;
use symbolon_domain::{country::Iso3, record::Confidence};

/// A body that states belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Body {
    /// Short code, `NATO`.
    pub code: &'static str,
    /// Full name.
    pub name: &'static str,
    /// Usual abbreviation.
    pub abbreviation: &'static str,
    /// What it is: alliance, union, list made by law.
    pub body_type: &'static str,
    /// What its rows hold and what is missing.
    pub completeness: &'static str,
}

/// One stretch of membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Code of the body.
    pub body: &'static str,
    /// The member.
    pub iso3: Iso3,
    /// From the first day to the first day no longer.
    pub days: Days,
    /// Member, designated, suspended.
    pub standing: &'static str,
    /// Title of the source.
    pub source_title: &'static str,
    /// Address of the source; blank where only the title is known.
    pub source_url: &'static str,
    /// What a reader should know.
    pub note: &'static str,
    /// High where the day was compared with the source, medium where the source is only named.
    pub confidence: Confidence,
}

/// All bodies.
#[must_use]
pub fn bodies() -> &'static [Body] {
    static ALL: OnceLock<Vec<Body>> = OnceLock::new();
    ALL.get_or_init(|| {
        let heads = ["code", "name", "abbreviation", "body_type", "completeness"];
        rows(file!("bodies/bodies.csv"), heads)
            .map(|[code, name, abbreviation, body_type, completeness]| Body {
                code,
                name,
                abbreviation,
                body_type,
                completeness,
            })
            .collect()
    })
}

/// All stretches of membership, by body, member and first day.
#[must_use]
pub fn memberships() -> &'static [Membership] {
    static ALL: OnceLock<Vec<Membership>> = OnceLock::new();
    ALL.get_or_init(|| {
        let heads = [
            "body",
            "iso3",
            "from",
            "to",
            "standing",
            "source_title",
            "source_url",
            "note",
            "confidence",
        ];
        rows(file!("bodies/memberships.csv"), heads)
            .filter_map(membership_row)
            .collect()
    })
}

fn membership_row(cells: [&'static str; 9]) -> Option<Membership> {
    let [
        body,
        iso3,
        from,
        to,
        standing,
        source_title,
        source_url,
        note,
        confidence,
    ] = cells;
    let (iso3, days) = (iso3.parse().ok()?, Days::read(from, to)?);
    Some(Membership {
        body,
        iso3,
        days,
        standing,
        source_title,
        source_url,
        note,
        confidence: if confidence == "high" {
            Confidence::High
        } else {
            Confidence::Medium
        },
    })
}

/// Who belonged to a body on a day, whatever their standing.
pub fn members_on<'a>(
    body: &'a str,
    on: Date,
) -> impl Iterator<Item = &'static Membership> + use<'a> {
    memberships()
        .iter()
        .filter(move |m| m.body == body && m.days.hold_on(on))
}
