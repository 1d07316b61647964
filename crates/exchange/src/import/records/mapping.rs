//! Which column of a file goes where, and what stands in for columns a file does not have.

use super::columns::{self, Target};
use crate::guard::quoted;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use symbolon_domain::kind::KindDef;

/// One column of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MappedColumn {
    /// Name in the file.
    pub head: String,
    /// Where it goes: a field or a column of the envelope; empty: it is left out.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub to: String,
    /// Whether an empty cell clears the value; otherwise it leaves what is there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub clear: bool,
}

/// Where the columns of a file go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Columns of the file.
    pub columns: Vec<MappedColumn>,
    /// Texts for columns the file does not have, by name: `partner`, `label`, any field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub defaults: BTreeMap<String, String>,
    /// The sheet of a workbook; empty: the first.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sheet: String,
}

impl Mapping {
    /// A guess from the names in a file: the name or label of a column, whatever the case, with or
    /// without spaces, dashes and units.
    #[must_use]
    pub fn guess(kind: &KindDef, heads: &[String]) -> Self {
        let mut taken = BTreeSet::new();
        let columns = heads.iter().map(|head| {
            let wanted = plain(head);
            let fits = |t: &Target<'_>| plain(t.name()) == wanted || plain(t.label()) == wanted;
            let found = columns::all(kind)
                .into_iter()
                .find(|t| fits(t) && !taken.contains(t.name()));
            let to = found.map(|t| t.name().to_owned()).unwrap_or_default();
            taken.insert(to.clone());
            MappedColumn {
                head: head.clone(),
                to,
                clear: false,
            }
        });
        Self {
            columns: columns.collect(),
            ..Self::default()
        }
    }

    /// The same for a file with these columns: what it does not name is guessed, what the file does not
    /// have falls away.
    #[must_use]
    pub fn fitted(&self, kind: &KindDef, heads: &[String]) -> Self {
        let mut fitted = Self::guess(kind, heads);
        let named: BTreeSet<&str> = heads
            .iter()
            .filter_map(|h| self.column(h))
            .map(|c| c.to.as_str())
            .collect();
        for column in &mut fitted.columns {
            match self.column(&column.head) {
                Some(known) => column.clone_from(known),
                None if named.contains(column.to.as_str()) => column.to.clear(),
                None => {}
            }
        }
        fitted.defaults.clone_from(&self.defaults);
        fitted.sheet.clone_from(&self.sheet);
        fitted
    }

    /// What is wrong with it for a kind and the columns of a file, in words. Empty: it fits.
    #[must_use]
    pub fn faults(&self, kind: &KindDef, heads: &[String]) -> Vec<String> {
        let mut faults = vec![];
        let mut taken = BTreeSet::new();
        for column in &self.columns {
            let head = quoted(&column.head);
            if column.to.is_empty() {
                continue;
            }
            if columns::named(kind, &column.to).is_none() {
                faults.push(format!(
                    "{} has no column `{}` for `{head}`",
                    kind.name,
                    quoted(&column.to)
                ));
            } else if !taken.insert(column.to.as_str()) {
                faults.push(format!(
                    "`{head}` goes where another column goes already: `{}`",
                    column.to
                ));
            }
        }
        for name in self.defaults.keys() {
            if columns::named(kind, name).is_none() {
                faults.push(format!("{} has no column `{}`", kind.name, quoted(name)));
            }
        }
        for head in heads.iter().filter(|h| self.column(h).is_none()) {
            faults.push(format!(
                "say where the column `{}` goes, or that it is left out",
                quoted(head)
            ));
        }
        faults
    }

    /// What is said of a column of the file.
    #[must_use]
    pub fn column(&self, head: &str) -> Option<&MappedColumn> {
        self.columns.iter().find(|c| c.head == head)
    }

    /// The sheet to read.
    #[must_use]
    pub fn sheet(&self) -> Option<&str> {
        (!self.sheet.is_empty()).then_some(self.sheet.as_str())
    }
}

/// A name without case, spaces, signs, and what stands in brackets.
fn plain(name: &str) -> String {
    let name = name.split(['(', '[']).next().unwrap_or_default();
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use symbolon_domain::kinds;

    fn heads(names: &[&str]) -> Vec<String> {
        names.iter().map(|n| (*n).to_owned()).collect()
    }

    #[test]
    fn names_and_labels_are_recognised_once_each() {
        let kind = kinds::by_code("partner").unwrap();
        let mapping = Mapping::guess(
            kind,
            &heads(&["ISO code", "Name", "NAME (English)", "Colour"]),
        );
        let to: Vec<_> = mapping.columns.iter().map(|c| c.to.as_str()).collect();
        assert_eq!(to, ["iso3", "name", "", ""]);
        assert!(mapping.faults(kind, &heads(&["Name", "Colour"])).is_empty());
    }

    #[test]
    fn a_remembered_mapping_is_fitted_to_the_columns_of_another_file() {
        let kind = kinds::by_code("partner").unwrap();
        let column = |head: &str, to: &str| MappedColumn {
            head: head.into(),
            to: to.into(),
            clear: true,
        };
        let known = Mapping {
            columns: vec![column("Land", "name"), column("gone", "iso3")],
            defaults: [("region".to_owned(), "Africa".to_owned())].into(),
            sheet: "Data".into(),
        };
        let fitted = known.fitted(kind, &heads(&["Land", "Name", "ISO code"]));
        let to: Vec<_> = fitted.columns.iter().map(|c| c.to.as_str()).collect();
        assert_eq!(
            to,
            ["name", "", "iso3"],
            "no column goes where another goes"
        );
        assert!(fitted.columns[0].clear && !fitted.columns[2].clear);
        assert_eq!(
            (fitted.defaults, fitted.sheet),
            (known.defaults, known.sheet)
        );
    }

    #[test]
    fn a_mapping_that_does_not_fit_says_where() {
        let kind = kinds::by_code("partner").unwrap();
        let column = |head: &str, to: &str| MappedColumn {
            head: head.into(),
            to: to.into(),
            clear: false,
        };
        let mapping = Mapping {
            columns: vec![
                column("a", "name"),
                column("b", "name"),
                column("c", "colour"),
            ],
            defaults: [("size".to_owned(), "1".to_owned())].into(),
            ..Mapping::default()
        };
        assert_eq!(mapping.faults(kind, &heads(&["a", "b", "c", "d"])).len(), 4);
    }
}
