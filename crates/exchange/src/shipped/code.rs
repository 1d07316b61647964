//! Code systems other than ISO alpha-3, each with its own dated map.

use super::rows::{Days, rows};
use jiff::civil::Date;
use std::sync::OnceLock;
use symbolon_domain::country::Iso3;

/// A system of country codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CodeSystem {
    /// FIPS 10-4, withdrawn in 2008.
    Fips,
    /// foreignassistance.gov, where it differs from ISO.
    ForeignAssistance,
    /// Gleditsch and Ward numbers of independent states.
    GleditschWard,
    /// ISO 3166-1 numeric.
    IsoNumeric,
    /// ISO 3166-1 alpha-2.
    Iso2,
    /// United Nations M49.
    M49,
    /// World Bank (Worldwide Governance Indicators).
    WorldBank,
}

impl CodeSystem {
    /// All systems.
    pub const ALL: [Self; 7] = [
        Self::Fips,
        Self::ForeignAssistance,
        Self::GleditschWard,
        Self::IsoNumeric,
        Self::Iso2,
        Self::M49,
        Self::WorldBank,
    ];

    /// The word used in `codes.csv`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Fips => "fips10-4",
            Self::ForeignAssistance => "foreignassistance",
            Self::GleditschWard => "gleditsch-ward",
            Self::IsoNumeric => "iso-numeric",
            Self::Iso2 => "iso2",
            Self::M49 => "m49",
            Self::WorldBank => "world-bank",
        }
    }
}

/// A code and the country it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The system.
    pub system: CodeSystem,
    /// The code.
    pub code: &'static str,
    /// The country.
    pub iso3: Iso3,
    /// When the code stands for it.
    pub days: Days,
    /// Where we have it from.
    pub source: &'static str,
}

/// All codes of all systems.
#[must_use]
pub fn codes() -> &'static [Code] {
    static ALL: OnceLock<Vec<Code>> = OnceLock::new();
    ALL.get_or_init(|| {
        let heads = ["system", "code", "iso3", "valid_from", "valid_to", "source"];
        rows(file!("countries/codes.csv"), heads)
            .filter_map(code_row)
            .collect()
    })
}

fn code_row([system, code, iso3, from, to, source]: [&'static str; 6]) -> Option<Code> {
    let system = CodeSystem::ALL.into_iter().find(|s| s.word() == system)?;
    Some(Code {
        system,
        code,
        iso3: iso3.parse().ok()?,
        days: Days::read(from, to)?,
        source,
    })
}

/// The country a code stood for on a day.
#[must_use]
pub fn find_code(system: CodeSystem, code: &str, on: Date) -> Option<Iso3> {
    let fits = |c: &&Code| c.system == system && c.code == code && c.days.hold_on(on);
    codes().iter().find(fits).map(|c| c.iso3)
}
