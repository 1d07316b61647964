//! The shape of an answer as it is written, borrowed from the rulebook and the answer: nothing is built
//! in between.

use crate::rule::Cite;
use serde::Serialize;
use std::collections::BTreeMap;

/// The answer to "may we?".
#[derive(Debug, Serialize)]
pub struct Written<'a> {
    pub(crate) name: &'a str,
    pub(crate) outcome: &'a str,
    pub(crate) on: Option<String>,
    pub(crate) earliest: Option<String>,
    pub(crate) rules: Vec<Said<'a>>,
    pub(crate) missing: Vec<Wanted<'a>>,
    pub(crate) assumed: Vec<&'a str>,
    pub(crate) remedies: Vec<Remedied<'a>>,
    pub(crate) law: UnderLaw<'a>,
}

/// What one rule said.
#[derive(Debug, Serialize)]
pub(crate) struct Said<'a> {
    pub(crate) rule: &'a str,
    pub(crate) asks: &'a str,
    pub(crate) verdict: &'a str,
    pub(crate) draft: bool,
    pub(crate) says: &'a str,
    pub(crate) cites: &'a [Cite],
    pub(crate) values: Vec<InForce<'a>>,
    pub(crate) facts: BTreeMap<&'a str, String>,
    pub(crate) lifts: Vec<Way<'a>>,
    pub(crate) duty: Option<Due<'a>>,
    pub(crate) amount: Option<String>,
    pub(crate) flags: &'a [&'a str],
    pub(crate) missing: Vec<Wanted<'a>>,
}

/// A value with the stretch for which it holds.
#[derive(Debug, Serialize)]
pub(crate) struct InForce<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: String,
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    pub(crate) cite: &'a str,
    pub(crate) url: &'a str,
}

/// An exception or a waiver.
#[derive(Debug, Serialize)]
pub(crate) struct Way<'a> {
    pub(crate) name: &'a str,
    pub(crate) waiver: bool,
    pub(crate) by: &'a str,
    pub(crate) cite: &'a str,
    pub(crate) applies: bool,
    pub(crate) then: &'a str,
    pub(crate) within_days: i64,
}

/// A duty to tell somebody.
#[derive(Debug, Serialize)]
pub(crate) struct Due<'a> {
    pub(crate) who: &'a str,
    pub(crate) to: &'a str,
    pub(crate) what: &'a str,
    pub(crate) before: bool,
    pub(crate) days: Option<i64>,
    pub(crate) due: Option<String>,
}

/// Something that would settle it: a fact, a list or a value.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Wanted<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fact: Option<&'a str>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) list: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rule: Option<String>,
    pub(crate) help: &'a str,
}

/// A set of changes after which nothing refuses.
#[derive(Debug, Serialize)]
pub(crate) struct Remedied<'a> {
    pub(crate) changes: Vec<Amended<'a>>,
    pub(crate) outcome: &'a str,
}

/// One change of a fact.
#[derive(Debug, Serialize)]
pub(crate) struct Amended<'a> {
    pub(crate) fact: &'a str,
    pub(crate) was: String,
    pub(crate) would: String,
}

/// Which law decided.
#[derive(Debug, Serialize)]
pub(crate) struct UnderLaw<'a> {
    pub(crate) rulebook: &'a str,
    pub(crate) known: Option<String>,
    pub(crate) proposal: Option<&'a str>,
}
