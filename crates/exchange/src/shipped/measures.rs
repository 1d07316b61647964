//! What each figure measures: one definition a measure, for all data sets.

use super::rows::rows;
use std::sync::OnceLock;

/// At which stage of the money or the fact a figure stands; stages are never added to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Asked for in the President's budget.
    Requested,
    /// Given by law, planned or allocated.
    Appropriated,
    /// Committed.
    Obligated,
    /// Paid.
    Disbursed,
    /// What happened.
    Actual,
}

impl Stage {
    /// The word used in `measures.csv`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Appropriated => "appropriated",
            Self::Obligated => "obligated",
            Self::Disbursed => "disbursed",
            Self::Actual => "actual",
        }
    }

    fn read(word: &str) -> Option<Self> {
        let all = [
            Self::Requested,
            Self::Appropriated,
            Self::Obligated,
            Self::Disbursed,
            Self::Actual,
        ];
        all.into_iter().find(|s| s.word() == word)
    }
}

/// The definition of a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Stable code, `budget.FMF`.
    pub code: &'static str,
    /// Title to show.
    pub title: &'static str,
    /// Unit of its values.
    pub unit: &'static str,
    /// Stage of its values.
    pub stage: Stage,
    /// Folder of the data set it comes from.
    pub dataset: &'static str,
    /// What exactly is measured.
    pub definition: &'static str,
}

/// All measures.
#[must_use]
pub fn measures() -> &'static [Measure] {
    static ALL: OnceLock<Vec<Measure>> = OnceLock::new();
    ALL.get_or_init(|| {
        let heads = ["measure", "title", "unit", "stage", "dataset", "definition"];
        rows(file!("measures.csv"), heads)
            .filter_map(|[code, title, unit, stage, dataset, definition]| {
                let stage = Stage::read(stage)?;
                Some(Measure {
                    code,
                    title,
                    unit,
                    stage,
                    dataset,
                    definition,
                })
            })
            .collect()
    })
}

/// One measure by code.
#[must_use]
pub fn measure(code: &str) -> Option<&'static Measure> {
    measures().iter().find(|m| m.code == code)
}
