//! What we doubt in the report, and what we read differently from how it stands.

use super::Column;
use crate::{country::Iso3, record::Confidence};
use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $code:literal, $severity:ident, $title:literal;)+) => {
        /// What a finding says. Codes never change meaning; the doc comment is the page shown to readers.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum FindingCode { $($(#[doc = $doc])+ #[serde(rename = $code)] $variant,)+ }

        impl FindingCode {
            /// Every code there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The code in files, addresses and the API.
            #[must_use]
            pub fn code(self) -> &'static str { match self { $(Self::$variant => $code),+ } }
            /// A short name for people.
            #[must_use]
            pub fn title(self) -> &'static str { match self { $(Self::$variant => $title),+ } }
            /// What it means and how it was found, in our words.
            #[must_use]
            pub fn explanation(self) -> &'static str { match self { $(Self::$variant => concat!($($doc),+).trim_ascii()),+ } }
            /// Whether figures that depend on the row are in doubt.
            #[must_use]
            pub fn severity(self) -> Severity { match self { $(Self::$variant => Severity::$severity),+ } }
        }
    };
}

codes! {
    /// The rows of the block do not add up to the number of students printed as its total.
    TotalQuantityDiffers = "total-quantity-differs", Doubt, "Students do not add up to the printed total";
    /// The rows of the block do not add up to the cost printed as its total.
    TotalCostDiffers = "total-cost-differs", Doubt, "Cost does not add up to the printed total";
    /// The rows under the heading do not add up to the country's printed total.
    CountryTotalDiffers = "country-total-differs", Doubt, "Country total does not agree";
    /// A block of a report that prints totals has no total of its own.
    TotalMissing = "total-missing", Note, "No printed total for this block";
    /// Cells stand in the wrong column; they were read from where they belong.
    ColumnShift = "column-shift", Repaired, "Cells shifted between columns";
    /// A cost lost in shifted columns, worked out from the printed total and from rows alike; the
    /// agreement of its block is no independent proof.
    CostDeduced = "cost-deduced", Repaired, "Lost cost worked out";
    /// A cell that should hold a number, date or amount holds something else and could not be read.
    CellUnreadable = "cell-unreadable", Doubt, "Cell cannot be read";
    /// A date that is not in the calendar, ends before it starts, or lies far from the year of the report.
    DateImpossible = "date-impossible", Doubt, "Impossible date";
    /// The heading names one country, the evidence (totals, locations, repeated programmes) another.
    CountryMislabelled = "country-mislabelled", Repaired, "Country heading is wrong";
    /// The printed country name is not in the name list.
    CountryUnknown = "country-unknown", Doubt, "Country name not known";
    /// The programme text follows none of the known grammars, or names an account not in the list.
    ProgramUnreadable = "program-unreadable", Doubt, "Programme cannot be read";
    /// The country inside the programme text is not the country of the heading.
    ProgramCountryDiffers = "program-country-differs", Note, "Programme names another country";
    /// The unit trained is a placeholder such as "N/A" or "Army": it names nobody.
    UnitPlaceholder = "unit-placeholder", Note, "Unit is a placeholder";
    /// The trainer's unit carries a number at its end that belongs to another column.
    UsUnitTrailing = "us-unit-trailing", Repaired, "Number at the end of the US unit";
    /// A page head or foot taken for a row; it is not counted.
    Residue = "residue", Note, "Not a row of training";
    /// The page of the source document is damaged; its rows cannot be relied on.
    PageCorrupt = "page-corrupt", Doubt, "Damaged page in the source";
    /// Training planned for the year in progress, not training reported as done.
    Planned = "planned", Note, "Planned, not reported as done";
    /// The text was damaged by a wrong character encoding or a lost character.
    TextDamaged = "text-damaged", Note, "Damaged text";
}

impl FindingCode {
    /// The code with this name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|c| c.code() == code)
    }
}

/// What a finding does to the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know; figures stand.
    Note,
    /// Read differently from how it stands; an overlay says how.
    Repaired,
    /// Figures that rest on it are in doubt.
    Doubt,
}

impl Severity {
    /// The word in files and addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Repaired => "repaired",
            Self::Doubt => "doubt",
        }
    }
}

/// Something we doubt, or did, about one row or one block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub code: FindingCode,
    /// The row, by number in the data set; `None` for a finding about a whole block.
    pub row: Option<u32>,
    /// The block, by number; 0 for none.
    pub block: u32,
    /// The column it is about.
    pub column: Option<Column>,
    /// Page of the source document as printed.
    pub page: Box<str>,
    /// The printed value.
    pub printed: Box<str>,
    /// What we read, in words or as a value.
    pub read: Box<str>,
    /// How sure we are.
    pub confidence: Confidence,
    /// The country it touches, as read.
    pub partner: Option<Iso3>,
}

/// A cell read differently from how it is printed. The printed cell stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlay {
    /// The row, by number in the data set.
    pub row: u32,
    /// The cell.
    pub column: Column,
    /// What we read there instead.
    pub read: Box<str>,
    /// Why, in words a reader can check.
    pub reason: Box<str>,
    /// The finding it belongs to.
    pub code: FindingCode,
    /// How sure we are.
    pub confidence: Confidence,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_kebab_case_documented_and_found_again() {
        for code in FindingCode::ALL {
            assert!(
                code.code()
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c == '-')
            );
            assert!(code.explanation().len() > 30, "{code:?}");
            assert_eq!(FindingCode::from_code(code.code()), Some(*code));
        }
    }
}
