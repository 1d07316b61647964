//! Code lists: the words a field may take, as dated data with a source (`data/code-lists/`).

use jiff::civil::Date;
use serde::Deserialize;
use std::sync::OnceLock;

/// A list of codes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeList {
    /// Code of the list, as in `x-code-list`.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// What the codes are and how complete the list is.
    pub about: String,
    /// Where the list comes from.
    pub source: String,
    /// The codes, in the order shown.
    #[serde(rename = "item")]
    pub items: Vec<CodeItem>,
}

/// One code.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeItem {
    /// The code.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// What it means.
    #[serde(default)]
    pub meaning: String,
    /// First day it may be used; absent: always.
    pub from: Option<Date>,
    /// First day it may no longer be used; absent: still in use.
    pub to: Option<Date>,
}

impl CodeItem {
    /// Whether it may be used on a day.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|f| f <= day) && self.to.is_none_or(|t| day < t)
    }
}

impl CodeList {
    /// Whether a code may be used on a day.
    #[must_use]
    pub fn in_force(&self, code: &str, day: Date) -> bool {
        self.items.iter().any(|i| i.code == code && i.holds_on(day))
    }

    /// The name of a code, in force or not; the code itself where it is unknown.
    #[must_use]
    pub fn name_of<'a>(&'a self, code: &'a str) -> &'a str {
        let item = self.items.iter().find(|i| i.code == code);
        item.map_or(code, |i| &i.name)
    }
}

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        /// The files, by name; a test compares them with the folder.
        const FILES: &[(&str, &str)] = &[$(
            ($name, include_str!(concat!("../../../data/code-lists/", $name, ".toml")))
        ),*];
    };
}

files![
    "agreement-type",
    "aid-kind",
    "assistance-authority",
    "assistance-purpose",
    "body-type",
    "capability-area",
    "case-phase",
    "commodity",
    "currency",
    "delay-cause",
    "delivery-term",
    "discrepancy-type",
    "dotmlpf",
    "engagement-level",
    "implementing-agency",
    "line-type",
    "notification-type",
    "offer-release",
    "overridable-gate",
    "plan-type",
    "raci-party",
    "recipient-kind",
    "source-of-supply",
    "training-priority",
    "type-of-assistance",
    "unit-type",
    "vetting-source",
    "violation-type",
];

/// Every code list that ships with the program.
///
/// # Panics
/// Where a shipped file cannot be read: a test reads them all.
#[must_use]
pub fn all() -> &'static [CodeList] {
    static ALL: OnceLock<Vec<CodeList>> = OnceLock::new();
    ALL.get_or_init(|| {
        FILES
            .iter()
            .filter_map(|(_, text)| parse(text).ok())
            .collect()
    })
}

fn parse(text: &str) -> Result<CodeList, toml::de::Error> {
    toml::from_str(text)
}

/// The list of this code.
#[must_use]
pub fn list(code: &str) -> Option<&'static CodeList> {
    all().iter().find(|l| l.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_a_list_under_its_own_name() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/code-lists");
        let mut there: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .filter_map(|f| {
                f.unwrap()
                    .file_name()
                    .to_str()?
                    .strip_suffix(".toml")
                    .map(str::to_owned)
            })
            .collect();
        there.sort();
        assert_eq!(there, FILES.iter().map(|(n, _)| *n).collect::<Vec<_>>());
        for (name, text) in FILES {
            let list = parse(text).unwrap_or_else(|e| panic!("{name}.toml: {e}"));
            assert_eq!(list.code, *name);
            assert!(!list.source.is_empty() && !list.about.is_empty(), "{name}");
            let mut codes: Vec<_> = list.items.iter().map(|i| (&i.code, i.from)).collect();
            codes.sort();
            codes.dedup();
            assert_eq!(codes.len(), list.items.len(), "{name}: a code twice");
        }
    }

    #[test]
    fn a_code_holds_from_its_first_day_and_not_on_its_end() {
        let list = list("currency").unwrap();
        let day = |d: &str| d.parse::<Date>().unwrap();
        assert!(list.in_force("HRK", day("2022-12-31")));
        assert!(!list.in_force("HRK", day("2023-01-01")));
    }
}
