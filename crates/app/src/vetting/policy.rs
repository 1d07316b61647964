//! The vetting policy: how long a clearance holds, how long a post needs, as dated data with citations.

use crate::{AppError, Result};
use jiff::{ToSpan, civil::Date};
use serde::Deserialize;
use std::sync::OnceLock;
use symbolon_domain::kinds::{HitAnswer, VettingLaw};

/// How long a clearance holds under a law, from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validity {
    /// The law.
    pub law: VettingLaw,
    /// First day of the value.
    #[serde(deserialize_with = "day")]
    pub from: Date,
    /// Days from the decision.
    pub days: i32,
    /// What says so.
    pub cite: String,
}

/// Working days that a post asks for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lead {
    /// The post; empty: every other.
    pub post: String,
    /// First day of the value.
    #[serde(deserialize_with = "day")]
    pub from: Date,
    /// Working days, Saturdays and Sundays not counted.
    pub working_days: u16,
    /// What says so.
    pub cite: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Inform {
    law: VettingLaw,
    #[serde(deserialize_with = "day")]
    from: Date,
    cite: String,
}

/// An answer to a hit that another person must confirm.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondLook {
    /// The answer.
    pub answer: HitAnswer,
    /// First day of the value.
    #[serde(deserialize_with = "day")]
    pub from: Date,
    /// From this likelihood on, in thousandths.
    pub at_least: i64,
    /// What says so.
    pub cite: String,
}

/// Something that another person must confirm: `merge` or `split` of units.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct TwoPersons {
    act: String,
    #[serde(deserialize_with = "day")]
    from: Date,
    cite: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Opening {
    #[serde(deserialize_with = "day")]
    from: Date,
    minutes: i64,
    #[serde(rename = "cite")]
    _cite: String,
}

/// The policy with all its dated values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    validity: Vec<Validity>,
    lead: Vec<Lead>,
    inform: Vec<Inform>,
    second_look: Vec<SecondLook>,
    two_persons: Vec<TwoPersons>,
    opening: Vec<Opening>,
}

/// A TOML date.
fn day<'de, D: serde::Deserializer<'de>>(d: D) -> std::result::Result<Date, D::Error> {
    let date = toml::value::Datetime::deserialize(d)?;
    date.to_string().parse().map_err(serde::de::Error::custom)
}

impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// What is wrong in it, with its place.
    pub fn parse(text: &str) -> std::result::Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// The policy that ships with the program; empty, so that nothing can be cleared, if it is damaged
    /// (a test reads it).
    #[must_use]
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Policy> = OnceLock::new();
        let text = include_str!("../../../../data/vetting/policy.toml");
        SHIPPED.get_or_init(|| Self::parse(text).unwrap_or_default())
    }

    /// The value in force for a clearance given on a day: the last first day that is not later.
    ///
    /// # Errors
    /// There is none: then nothing can be cleared.
    pub fn validity(&self, law: VettingLaw, on: Date) -> Result<&Validity> {
        let fit = self
            .validity
            .iter()
            .filter(|v| v.law == law && v.from <= on);
        fit.max_by_key(|v| v.from).ok_or_else(|| {
            AppError::Conflict(format!(
                "the vetting policy has no validity for {} on {on}",
                law.name()
            ))
        })
    }

    /// The lead time of a post on a day.
    #[must_use]
    pub fn lead(&self, post: &str, on: Date) -> Option<&Lead> {
        let of = |name: &str| {
            let fit = self
                .lead
                .iter()
                .filter(|l| l.post.eq_ignore_ascii_case(name) && l.from <= on);
            fit.max_by_key(|l| l.from)
        };
        of(post).or_else(|| of(""))
    }

    /// What asks that another person confirm an answer to a hit of a likelihood (thousandths), if anything does.
    #[must_use]
    pub fn second_look(&self, answer: HitAnswer, score: i64, on: Date) -> Option<&SecondLook> {
        let fit = self
            .second_look
            .iter()
            .filter(|s| s.answer == answer && s.from <= on);
        fit.max_by_key(|s| s.from).filter(|s| score >= s.at_least)
    }

    /// What asks that another person confirm an act (`merge`, `split`), if anything does.
    #[must_use]
    pub fn two_persons(&self, act: &str, on: Date) -> Option<&str> {
        let mut fit = self
            .two_persons
            .iter()
            .filter(|t| t.act == act && t.from <= on);
        fit.next().map(|t| t.cite.as_str())
    }

    /// How long a vetting file stays open, in minutes; 0, so that it must be opened for each look, where
    /// nothing is said.
    #[must_use]
    pub fn open_minutes(&self, on: Date) -> i64 {
        let fit = self.opening.iter().filter(|o| o.from <= on);
        fit.max_by_key(|o| o.from).map_or(0, |o| o.minutes)
    }

    /// What asks that the government be informed of a rejection, if anything does.
    #[must_use]
    pub fn must_inform(&self, law: VettingLaw, on: Date) -> Option<&str> {
        let mut fit = self.inform.iter().filter(|i| i.law == law && i.from <= on);
        fit.next().map(|i| i.cite.as_str())
    }
}

impl Validity {
    /// First day on which a clearance given on a day no longer holds.
    ///
    /// # Errors
    /// It lies beyond the calendar.
    pub fn until(&self, from: Date) -> Result<Date> {
        from.checked_add(self.days.days())
            .map_err(|e| AppError::Internal(e.to_string()))
    }
}

impl Lead {
    /// The last day to ask for something needed by a day.
    #[must_use]
    pub fn ask_by(&self, needed: Date) -> Date {
        let mut day = needed;
        let mut left = self.working_days;
        while left > 0 {
            let Ok(before) = day.yesterday() else { break };
            day = before;
            if !matches!(
                day.weekday(),
                jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday
            ) {
                left -= 1;
            }
        }
        day
    }
}
