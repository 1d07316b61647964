//! The data that ships with the program, embedded at build time, with typed access.
//!
//! Everything here comes from `data/`, where each folder's `dataset.toml` says who published it,
//! under which licence, and what its numbers do not cover. Tests read every row of every file, so a
//! row that does not parse cannot ship; readers therefore return plain slices.

/// A file under `data/`, embedded.
macro_rules! file {
    ($path:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/", $path)).as_slice()
    };
}

mod bodies;
mod code;
mod countries;
mod measures;
mod meta;
mod names;
mod rows;

pub use bodies::{Body, Membership, bodies, members_on, memberships};
pub use code::{Code, CodeSystem, codes, find_code};
pub use countries::{
    Country, Shape, countries, country, neighbours, neighbours_of, shapes, view_box,
};
pub use measures::{Measure, Stage, measure, measures};
pub use meta::{Content, DatasetMeta, SealedFile};
pub use names::{CountryName, CountryNames, names};
pub use rows::Days;

use std::io::Read;
use std::sync::OnceLock;

/// One file that ships with the program.
#[derive(Debug)]
pub struct ShippedDataset {
    /// Folder under `data/`, also the short name of the data set.
    pub folder: &'static str,
    /// What it is, from the folder's `dataset.toml`.
    pub meta: &'static DatasetMeta,
    /// Name of the file in the folder.
    pub file_name: &'static str,
    /// The file as it stands on disk, packed where its name ends in `.zst`.
    pub bytes: &'static [u8],
}

impl ShippedDataset {
    /// Rows, size and hash of the file, as written down when it was built.
    #[must_use]
    pub fn sealed(&self) -> Option<&'static SealedFile> {
        self.meta.files.iter().find(|f| f.file == self.file_name)
    }

    /// The file's text, unpacked while it is read.
    ///
    /// # Errors
    /// When no unpacker can be set up.
    pub fn reader(&self) -> std::io::Result<Box<dyn Read + Send>> {
        if self.file_name.ends_with(".zst") {
            return Ok(Box::new(zstd::Decoder::new(self.bytes)?));
        }
        Ok(Box::new(self.bytes))
    }
}

/// Folder, description and files, in the order in which a new instance loads them.
type Folder = (
    &'static str,
    &'static [u8],
    &'static [(&'static str, &'static [u8])],
);

static FOLDERS: &[Folder] = &[
    (
        "countries",
        file!("countries/dataset.toml"),
        &[
            ("countries.csv", file!("countries/countries.csv")),
            ("names.csv", file!("countries/names.csv")),
            ("codes.csv", file!("countries/codes.csv")),
            ("neighbours.csv", file!("countries/neighbours.csv")),
            ("shapes.csv", file!("countries/shapes.csv")),
        ],
    ),
    (
        "bodies",
        file!("bodies/dataset.toml"),
        &[
            ("bodies.csv", file!("bodies/bodies.csv")),
            ("memberships.csv", file!("bodies/memberships.csv")),
        ],
    ),
    (
        "training-report",
        file!("training-report/dataset.toml"),
        &[(
            "fmtr-fy1999-fy2019.tsv.zst",
            file!("training-report/fmtr-fy1999-fy2019.tsv.zst"),
        )],
    ),
    (
        "aid",
        file!("aid/dataset.toml"),
        &[(
            "us-foreign-aid.csv.zst",
            file!("aid/us-foreign-aid.csv.zst"),
        )],
    ),
    (
        "budget",
        file!("budget/dataset.toml"),
        &[("state-budget.csv", file!("budget/state-budget.csv"))],
    ),
    (
        "governance",
        file!("governance/dataset.toml"),
        &[("wgi.csv.zst", file!("governance/wgi.csv.zst"))],
    ),
    (
        "conflict",
        file!("conflict/dataset.toml"),
        &[("ucdp.csv.zst", file!("conflict/ucdp.csv.zst"))],
    ),
    (
        "notifications",
        file!("notifications/dataset.toml"),
        &[("section36b.csv", file!("notifications/section36b.csv"))],
    ),
];

/// Every file that ships, in loading order.
#[must_use]
pub fn datasets() -> &'static [ShippedDataset] {
    static ALL: OnceLock<Vec<ShippedDataset>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut out = Vec::new();
        for (folder, description, files) in FOLDERS {
            // A description that does not parse would leave its folder out; the tests name it.
            let Some(meta) = DatasetMeta::parse(description) else {
                continue;
            };
            let meta: &'static DatasetMeta = Box::leak(Box::new(meta));
            for (file_name, bytes) in *files {
                out.push(ShippedDataset {
                    folder,
                    meta,
                    file_name,
                    bytes,
                });
            }
        }
        out
    })
}

/// One shipped file by folder and name.
#[must_use]
pub fn dataset(folder: &str, file_name: &str) -> Option<&'static ShippedDataset> {
    datasets()
        .iter()
        .find(|d| d.folder == folder && d.file_name == file_name)
}

#[cfg(test)]
mod tests;
