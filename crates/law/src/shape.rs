//! The shape of the rulebook's files, as serde reads them. Keys that are not named here are faults.

use crate::day::Day;
use crate::rule::Cite;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// A text with its place.
pub(crate) type Text = Spanned<String>;

/// `rule.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleFile {
    pub asks: String,
    pub kind: Kind,
    pub topic: String,
    pub status: Status,
    pub cites: Vec<Cite>,
    pub checked: Option<Checked>,
    pub from: Option<Day>,
    pub to: Option<Day>,
    pub as_of: Option<Text>,
    pub when: Option<Text>,
    pub must: Option<Text>,
    pub amount: Option<Text>,
    pub unit: Option<Text>,
    #[serde(default)]
    pub says: String,
    #[serde(default)]
    pub lift: Vec<LiftShape>,
    pub duty: Option<DutyShape>,
    #[serde(default)]
    pub remark: Vec<RemarkShape>,
    pub authority: Option<AuthorityShape>,
}

/// Sorts of rule in files; an authority becomes several rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    Bar,
    Require,
    Duty,
    Flag,
    Figure,
    Authority,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Status {
    pub stable_since: Option<String>,
    pub draft: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Checked {
    #[expect(dead_code, reason = "the file must carry it; people read it there")]
    pub on: Day,
    #[expect(dead_code, reason = "the file must carry it; people read it there")]
    pub by: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LiftShape {
    pub name: String,
    pub kind: LiftKind,
    #[serde(default)]
    pub by: String,
    pub cite: String,
    pub when: Text,
    #[serde(default)]
    pub then: String,
    #[serde(default)]
    pub within: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum LiftKind {
    Exception,
    Waiver,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DutyShape {
    pub who: String,
    pub to: String,
    pub what: String,
    pub basis: Basis,
    pub days: Text,
    pub from: Text,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Basis {
    Before,
    After,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RemarkShape {
    pub when: Text,
    pub text: String,
}

/// An authority: what it permits to whom, from when to when.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuthorityShape {
    /// The word of the vocabulary `authority`.
    pub code: Text,
    /// Kinds of aid; absent: not limited here.
    pub permits: Option<Vec<String>>,
    /// Sorts of recipient; absent: not limited here.
    pub recipients: Option<Vec<String>>,
    /// A condition on the partner.
    pub partners: Option<Text>,
    /// Its end in the last text that was read; later acts may have extended it.
    pub known_to: Option<Day>,
    /// Who decides, who carries out, which money, how long it lasts: for the register.
    pub admin: String,
    pub money: String,
}

/// One row of `values.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ValueShape {
    pub from: Day,
    pub to: Option<Day>,
    pub value: Spanned<toml::Value>,
    #[serde(default)]
    pub cite: String,
    #[serde(default)]
    pub url: String,
    pub published: Option<Day>,
    #[serde(default)]
    pub note: String,
}

/// `values.toml`: rows by name.
pub(crate) type ValuesFile = BTreeMap<String, Vec<ValueShape>>;

/// A file of `lists/`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListFile {
    pub title: String,
    pub completeness: String,
    #[serde(default)]
    pub complete: Vec<Stretch>,
    #[serde(default)]
    pub row: Vec<ListRowShape>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stretch {
    pub from: Day,
    pub to: Option<Day>,
}

/// Members that share dates and source may share a row.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListRowShape {
    pub members: Spanned<Vec<String>>,
    pub from: Day,
    pub to: Option<Day>,
    pub published: Option<Day>,
    pub end_published: Option<Day>,
    pub cite: String,
    #[serde(default)]
    pub url: String,
    #[serde(default)]
    pub draft: bool,
}

/// `proposals/<bill>/overlay.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OverlayFile {
    pub title: String,
    pub status: String,
    pub url: String,
    #[serde(default)]
    pub value: Vec<OverlayValue>,
    #[serde(default)]
    pub condition: Vec<OverlayCondition>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OverlayValue {
    pub rule: Text,
    pub name: Text,
    pub value: Spanned<toml::Value>,
    pub cite: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OverlayCondition {
    pub rule: Text,
    pub when: Text,
}
