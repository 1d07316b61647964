//! Countries, their neighbours and their shapes on the map.

use super::rows::{Days, rows};
use std::sync::OnceLock;
use symbolon_domain::country::Iso3;
use symbolon_domain::kinds::PartnerType;

/// A country, territory or organisation that records may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1 alpha-3 code, or one from the range left to users.
    pub iso3: Iso3,
    /// Alpha-2 code; blank where there is none.
    pub iso2: &'static str,
    /// United Nations M49 number, three digits; blank where there is none.
    pub m49: &'static str,
    /// Short name.
    pub name: &'static str,
    /// Region of the Department of State's reports.
    pub region: &'static str,
    /// State, territory or organisation.
    pub partner_type: PartnerType,
    /// When it existed under this code; open where the data do not need it.
    pub days: Days,
    /// What a reader should know.
    pub note: &'static str,
}

impl Country {
    /// Whether it has ended: Yugoslavia, the Netherlands Antilles.
    #[must_use]
    pub fn is_former(&self) -> bool {
        self.days.to.is_some()
    }
}

/// All countries, by code.
#[must_use]
pub fn countries() -> &'static [Country] {
    static ALL: OnceLock<Vec<Country>> = OnceLock::new();
    ALL.get_or_init(|| {
        let heads = [
            "iso3",
            "iso2",
            "m49",
            "name",
            "region",
            "partner_type",
            "valid_from",
            "valid_to",
            "note",
        ];
        rows(file!("countries/countries.csv"), heads)
            .filter_map(country_row)
            .collect()
    })
}

fn country_row(cells: [&'static str; 9]) -> Option<Country> {
    let [iso3, iso2, m49, name, region, kind, from, to, note] = cells;
    let partner_type = match kind {
        "state" => PartnerType::State,
        "territory" => PartnerType::Territory,
        "organisation" => PartnerType::Organisation,
        _ => return None,
    };
    let (iso3, days) = (iso3.parse().ok()?, Days::read(from, to)?);
    Some(Country {
        iso3,
        iso2,
        m49,
        name,
        region,
        partner_type,
        days,
        note,
    })
}

/// One country by code.
#[must_use]
pub fn country(iso3: Iso3) -> Option<&'static Country> {
    let at = countries().binary_search_by_key(&iso3, |c| c.iso3).ok()?;
    countries().get(at)
}

/// Pairs of countries whose outlines share a line; each pair stands both ways round, in order.
#[must_use]
pub fn neighbours() -> &'static [(Iso3, Iso3)] {
    static ALL: OnceLock<Vec<(Iso3, Iso3)>> = OnceLock::new();
    ALL.get_or_init(|| {
        rows(file!("countries/neighbours.csv"), ["iso3", "neighbour"])
            .filter_map(|[a, b]| Some((a.parse().ok()?, b.parse().ok()?)))
            .collect()
    })
}

/// The neighbours of one country.
pub fn neighbours_of(iso3: Iso3) -> impl Iterator<Item = Iso3> {
    let all = neighbours();
    let first = all.partition_point(|(a, _)| *a < iso3);
    all[first..]
        .iter()
        .take_while(move |(a, _)| *a == iso3)
        .map(|(_, b)| *b)
}

/// A country on the map (Equal Earth, [`view_box`]).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// The country.
    pub iso3: Iso3,
    /// Its short name.
    pub name: &'static str,
    /// Place of its label or point, from the left.
    pub x: f32,
    /// Place of its label or point, from the top.
    pub y: f32,
    /// SVG path; empty for places too small for an outline.
    pub path: &'static str,
}

/// All shapes, by code.
#[must_use]
pub fn shapes() -> &'static [Shape] {
    static ALL: OnceLock<Vec<Shape>> = OnceLock::new();
    ALL.get_or_init(|| {
        rows(
            file!("countries/shapes.csv"),
            ["iso3", "name", "x", "y", "path"],
        )
        .filter_map(|[iso3, name, x, y, path]| {
            let (x, y) = (x.parse().ok()?, y.parse().ok()?);
            Some(Shape {
                iso3: iso3.parse().ok()?,
                name,
                x,
                y,
                path,
            })
        })
        .collect()
    })
}

/// The SVG view box of the map, `0 0 1000 432`.
#[must_use]
pub fn view_box() -> &'static str {
    let folder = super::datasets().iter().find(|d| d.folder == "countries");
    folder.map_or("", |d| d.meta.view_box.as_str())
}
