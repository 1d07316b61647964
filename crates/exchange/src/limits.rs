//! The one table of limits: read from data, used by every door, printed in the reference.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A line of the table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The largest value that is still taken.
    pub value: u64,
    /// Unit, for people.
    pub unit: String,
    /// What is limited.
    pub what: String,
    /// Whether an operator may loosen it; tightening is always allowed.
    #[serde(default)]
    pub conf: bool,
}

/// The limits by name, as numbers. Each is the largest value that is still taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "limits.toml says what each limit is, and the reference prints it"
)]
pub struct Limits {
    pub json_body: u64,
    pub json_depth: u64,
    pub form_body: u64,
    pub header_block: u64,
    pub address: u64,
    pub string: u64,
    pub array: u64,
    pub page: u64,
    pub page_default: u64,
    pub filter_terms: u64,
    pub filter_depth: u64,
    pub request_seconds: u64,
    pub header_seconds: u64,
    pub idle_seconds: u64,
    pub connections: u64,
    pub per_address: u64,
    pub per_user: u64,
    pub upload: u64,
    pub xlsx_packed: u64,
    pub xlsx_unpacked: u64,
    pub xlsx_ratio: u64,
    pub xlsx_entries: u64,
    pub xml_depth: u64,
    pub xml_attributes: u64,
    pub xml_tag: u64,
    pub xml_elements: u64,
    pub import_rows: u64,
    pub import_columns: u64,
    pub import_cell: u64,
    pub parser_jobs: u64,
    pub parser_memory: u64,
    pub parser_seconds: u64,
    pub uploads_kept: u64,
    pub upload_minutes: u64,
}

/// A table of limits that cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum LimitsError {
    /// The text is not a table of limits.
    #[error("limits: {0}")]
    Form(String),
    /// A limit that may only be tightened was loosened.
    #[error("limits: `{name}` may be at most {most}, not {given}")]
    Loosened {
        /// The limit.
        name: String,
        /// What ships with the program.
        most: u64,
        /// What was asked for.
        given: u64,
    },
}

fn form(e: impl std::fmt::Display) -> LimitsError {
    LimitsError::Form(e.to_string())
}

/// The lines of the table as shipped, by name.
#[must_use]
pub fn lines() -> &'static BTreeMap<String, Line> {
    static LINES: OnceLock<BTreeMap<String, Line>> = OnceLock::new();
    // A test reads the embedded file; an unreadable one would leave every limit at zero.
    LINES.get_or_init(|| toml::from_str(include_str!("limits.toml")).unwrap_or_default())
}

impl Limits {
    /// The limits that ship with the program.
    #[must_use]
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Limits> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            let values = lines().iter().map(|(name, line)| (name, line.value));
            Self::read(values).unwrap_or_default()
        })
    }

    fn read<'a>(values: impl Iterator<Item = (&'a String, u64)>) -> Result<Self, LimitsError> {
        let table = serde_json::Map::from_iter(values.map(|(n, v)| (n.clone(), v.into())));
        serde_json::from_value(table.into()).map_err(form)
    }

    /// The shipped limits with some of them changed: any may be tightened, only those marked so in
    /// the table loosened.
    ///
    /// # Errors
    /// An unknown name; a limit loosened that may not be.
    pub fn with(changes: &BTreeMap<String, u64>) -> Result<Self, LimitsError> {
        let mut values: BTreeMap<String, u64> =
            lines().iter().map(|(n, l)| (n.clone(), l.value)).collect();
        for (name, given) in changes {
            let line = lines()
                .get(name)
                .ok_or_else(|| form(format!("there is no limit `{name}`")))?;
            if *given > line.value && !line.conf {
                return Err(LimitsError::Loosened {
                    name: name.clone(),
                    most: line.value,
                    given: *given,
                });
            }
            values.insert(name.clone(), *given);
        }
        Self::read(values.iter().map(|(n, v)| (n, *v)))
    }

    /// The limits for files the operator already has on disk: no limit on rows or size, a cell of at
    /// most 1 MiB, the same memory.
    #[must_use]
    pub fn for_local_files(&self) -> Self {
        Self {
            import_rows: u64::MAX,
            import_cell: 1 << 20,
            upload: u64::MAX,
            xlsx_packed: 1 << 30,
            xlsx_unpacked: 1 << 34,
            xml_tag: 1 << 20,
            parser_seconds: u64::MAX,
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_is_whole() {
        let parsed: BTreeMap<String, Line> = toml::from_str(include_str!("limits.toml")).unwrap();
        assert_eq!(&parsed, lines());
        let values = parsed.iter().map(|(n, l)| (n, l.value));
        assert_eq!(&Limits::read(values).unwrap(), Limits::shipped());
        assert!(parsed.values().all(|l| l.value > 0 && !l.what.is_empty()));
    }

    #[test]
    fn a_limit_may_be_tightened_and_only_some_loosened() {
        let one = |name: &str, value| Limits::with(&BTreeMap::from([(name.to_owned(), value)]));
        assert_eq!(one("upload", 1).unwrap().upload, 1);
        assert_eq!(one("connections", 4096).unwrap().connections, 4096);
        assert!(matches!(
            one("upload", 1 << 40),
            Err(LimitsError::Loosened { .. })
        ));
        assert!(matches!(one("uplaod", 1), Err(LimitsError::Form(_))));
    }
}
