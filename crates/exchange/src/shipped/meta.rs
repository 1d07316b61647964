//! What a data set is: `dataset.toml`.

use serde::Deserialize;
use symbolon_domain::kinds::LicenceClass;

/// What the rows of a data set are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Rows of the training report.
    Training,
    /// Figures by country and period.
    Observation,
    /// Notifications to Congress.
    Notification,
    /// Code tables that the program itself uses.
    Code,
}

impl Content {
    /// The word used in records.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Training => "training",
            Self::Observation => "observation",
            Self::Notification => "notification",
            Self::Code => "code",
        }
    }
}

/// A data set's description.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatasetMeta {
    /// Title.
    pub title: String,
    /// What its rows are.
    pub content: Content,
    /// Who published the original.
    pub publisher: String,
    /// Title of the original, and where it was stored.
    pub source_title: String,
    /// Address of the original.
    pub url: String,
    /// Version of the stored original.
    #[serde(default)]
    pub commit: String,
    /// Day or month the facts were gathered, where there is no version.
    #[serde(default)]
    pub retrieved: String,
    /// Licence in words.
    pub licence: String,
    /// Class of licence.
    pub licence_class: LicenceClass,
    /// Credit to show.
    pub credit: String,
    /// What the numbers do not cover; shown beside every figure.
    pub limits: String,
    /// Years covered, `1999-2019`.
    #[serde(default)]
    pub years: String,
    /// Size of the map, where the folder holds one.
    #[serde(default)]
    pub view_box: String,
    /// The files.
    #[serde(default)]
    pub files: Vec<SealedFile>,
}

/// Rows, size and hash of a file, as written when it was built.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedFile {
    /// Name of the file.
    pub file: String,
    /// Rows of data, the head not counted.
    pub rows: u64,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the file as it stands on disk, hexadecimal.
    pub sha256: String,
}

impl DatasetMeta {
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        toml::from_str(std::str::from_utf8(bytes).ok()?).ok()
    }
}
