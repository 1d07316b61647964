//! `shapes.csv` and `neighbours.csv`, from the Natural Earth topology.

mod outline;
mod projection;
mod topology;

use super::{Folders, table};
use outline::Outline;
use std::collections::{BTreeMap, BTreeSet};
use topology::Topology;

/// Points for places that occur in the data and are too small for the topology: degrees east, north.
const POINTS: [(&str, f64, f64); 12] = [
    ("ANT", -68.9, 12.2),
    ("BES", -68.3, 12.2),
    ("GIB", -5.35, 36.14),
    ("GLP", -61.4, 16.2),
    ("GUF", -53.1, 3.9),
    ("MTQ", -61.0, 14.6),
    ("REU", 55.5, -21.1),
    ("SCG", 20.8, 43.8),
    ("TKL", -171.8, -9.2),
    ("TUV", 179.2, -8.5),
    ("YUG", 20.8, 43.8),
    ("MYT", 45.15, -12.8),
];

/// Writes both tables.
pub fn build(folders: &Folders) -> Result<(), String> {
    check_view_box(folders)?;
    let countries = Countries::read(folders)?;
    let coarse = Topology::read(&folders.raw("context/world_atlas_countries_110m.topojson"))?;
    let fine = Topology::read(&folders.raw("context/world_atlas_countries_50m.topojson.zst"))?;
    let mut shapes: BTreeMap<String, [String; 5]> = BTreeMap::new();
    for (iso3, lon, lat) in POINTS {
        let (x, y) = projection::place(lon, lat);
        countries.insert(&mut shapes, iso3, (x, y), String::new())?;
    }
    for (iso3, outline) in outlines(&fine, &countries) {
        if let Some(point) = outline.label() {
            countries.insert(&mut shapes, &iso3, point, String::new())?;
        }
    }
    for (iso3, outline) in outlines(&coarse, &countries) {
        if let (Some(point), path) = (outline.label(), outline.path()) {
            countries.insert(&mut shapes, &iso3, point, path)?;
        }
    }
    let rows: Vec<_> = shapes.into_values().collect();
    table::write(
        &folders.out("countries/shapes.csv"),
        ["iso3", "name", "x", "y", "path"],
        &rows,
    )?;
    let rows = neighbours(&fine, &countries);
    table::write(
        &folders.out("countries/neighbours.csv"),
        ["iso3", "neighbour"],
        &rows,
    )
}

/// The size of the map stands in the hand-kept part of `dataset.toml`, where pages read it.
fn check_view_box(folders: &Folders) -> Result<(), String> {
    let wanted = format!("view_box = \"0 0 1000 {}\"", projection::HEIGHT);
    let text = std::fs::read_to_string(folders.out("countries/dataset.toml"))
        .map_err(|e| e.to_string())?;
    if text.lines().any(|line| line == wanted) {
        return Ok(());
    }
    Err(format!("dataset.toml: the line `{wanted}` is missing"))
}

/// All outlines of a country together, on the map.
fn outlines(topology: &Topology, countries: &Countries) -> BTreeMap<String, Outline> {
    let mut out: BTreeMap<String, Outline> = BTreeMap::new();
    for area in &topology.areas {
        let Some(iso3) = countries.of(&area.id, &area.name) else {
            continue;
        };
        let outline = out.entry(iso3.to_owned()).or_default();
        for ring in &area.rings {
            outline.add(&topology.ring(ring));
        }
    }
    out
}

/// Pairs of countries that share an arc of the topology, both ways round.
fn neighbours(topology: &Topology, countries: &Countries) -> Vec<[String; 2]> {
    let mut owners: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for area in &topology.areas {
        let Some(iso3) = countries.of(&area.id, &area.name) else {
            continue;
        };
        for arc in area.rings.iter().flatten() {
            owners
                .entry(topology::arc_number(*arc))
                .or_default()
                .insert(iso3);
        }
    }
    let mut pairs = BTreeSet::new();
    for shared in owners.values().filter(|o| o.len() > 1) {
        for a in shared {
            pairs.extend(
                shared
                    .iter()
                    .filter(|b| *b != a)
                    .map(|b| [(*a).to_owned(), (*b).to_owned()]),
            );
        }
    }
    pairs.into_iter().collect()
}

/// Which country an area of the topology is.
struct Countries {
    by_number: BTreeMap<String, String>,
    names: BTreeMap<String, String>,
}

impl Countries {
    fn read(folders: &Folders) -> Result<Self, String> {
        let codes = table::read(&folders.out("countries/codes.csv"))?;
        let [system, code, iso3, to] = codes.columns(["system", "code", "iso3", "valid_to"])?;
        let current = codes
            .rows
            .iter()
            .filter(|r| r[system] == "iso-numeric" && r[to].is_empty());
        let by_number = current
            .map(|r| (r[code].clone(), r[iso3].clone()))
            .collect();
        let countries = table::read(&folders.out("countries/countries.csv"))?;
        let [iso3, name] = countries.columns(["iso3", "name"])?;
        let names = countries
            .rows
            .iter()
            .map(|r| (r[iso3].clone(), r[name].clone()))
            .collect();
        Ok(Self { by_number, names })
    }

    /// Areas without a number are taken by name; those in dispute go with the state that most
    /// governments, the United States among them, hold them to be part of.
    fn of(&self, id: &str, name: &str) -> Option<&str> {
        match name {
            "Kosovo" => Some("XKX"),
            "N. Cyprus" => Some("CYP"),
            "Somaliland" => Some("SOM"),
            _ => self.by_number.get(id).map(String::as_str),
        }
    }

    fn insert(
        &self,
        shapes: &mut BTreeMap<String, [String; 5]>,
        iso3: &str,
        (x, y): (f64, f64),
        path: String,
    ) -> Result<(), String> {
        let name = self
            .names
            .get(iso3)
            .ok_or_else(|| format!("shape of unknown country {iso3}"))?;
        let row = [
            iso3.to_owned(),
            name.clone(),
            format!("{x:.1}"),
            format!("{y:.1}"),
            path,
        ];
        shapes.insert(iso3.to_owned(), row);
        Ok(())
    }
}
