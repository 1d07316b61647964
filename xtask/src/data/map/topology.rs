//! Reads TopoJSON: areas made of rings, rings made of shared arcs.

use serde_json::Value;
use std::path::Path;

/// A topology with its arcs in degrees.
pub struct Topology {
    arcs: Vec<Vec<(f64, f64)>>,
    pub areas: Vec<Area>,
}

/// One area, usually a country.
pub struct Area {
    /// ISO numeric code, three digits; empty where there is none.
    pub id: String,
    pub name: String,
    /// Rings as arc numbers; a negative number means the arc backwards.
    pub rings: Vec<Vec<i64>>,
}

/// The arc behind a number that may mean "backwards".
pub fn arc_number(arc: i64) -> usize {
    let forward = if arc < 0 { !arc } else { arc };
    usize::try_from(forward).unwrap_or(usize::MAX)
}

impl Topology {
    pub fn read(path: &Path) -> Result<Self, String> {
        let bytes = crate::data::table::bytes(path)?;
        let file: Value = serde_json::from_slice(&bytes).map_err(|e| e.to_string())?;
        let scale = pair(&file["transform"]["scale"])?;
        let shift = pair(&file["transform"]["translate"])?;
        let arcs = list(&file["arcs"])?
            .iter()
            .map(|a| arc(a, scale, shift))
            .collect::<Result<_, _>>()?;
        let areas = list(&file["objects"]["countries"]["geometries"])?;
        Ok(Self {
            arcs,
            areas: areas.iter().map(area).collect::<Result<_, _>>()?,
        })
    }

    /// A ring as points in degrees.
    pub fn ring(&self, ring: &[i64]) -> Vec<(f64, f64)> {
        let mut out: Vec<(f64, f64)> = Vec::new();
        for number in ring {
            let Some(arc) = self.arcs.get(arc_number(*number)) else {
                continue;
            };
            // Arcs of a ring share their end points.
            let skip = usize::from(!out.is_empty());
            if *number < 0 {
                out.extend(arc.iter().rev().skip(skip));
            } else {
                out.extend(arc.iter().skip(skip));
            }
        }
        out
    }
}

fn list(value: &Value) -> Result<&Vec<Value>, String> {
    value
        .as_array()
        .ok_or_else(|| "the topology is not of the expected form".to_owned())
}

fn pair(value: &Value) -> Result<(f64, f64), String> {
    match (value[0].as_f64(), value[1].as_f64()) {
        (Some(x), Some(y)) => Ok((x, y)),
        _ => Err("a point of the topology has no two numbers".to_owned()),
    }
}

/// An arc: the first point whole, each further one as a step from the one before.
fn arc(value: &Value, scale: (f64, f64), shift: (f64, f64)) -> Result<Vec<(f64, f64)>, String> {
    let (mut x, mut y) = (0.0, 0.0);
    let mut out = Vec::new();
    for step in list(value)? {
        let (dx, dy) = pair(step)?;
        (x, y) = (x + dx, y + dy);
        out.push((x * scale.0 + shift.0, y * scale.1 + shift.1));
    }
    Ok(out)
}

fn area(value: &Value) -> Result<Area, String> {
    let polygons: Vec<&Value> = match value["type"].as_str() {
        Some("Polygon") => vec![&value["arcs"]],
        Some("MultiPolygon") => list(&value["arcs"])?.iter().collect(),
        _ => Vec::new(),
    };
    let mut rings = Vec::new();
    for polygon in polygons {
        for ring in list(polygon)? {
            rings.push(list(ring)?.iter().filter_map(Value::as_i64).collect());
        }
    }
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    Ok(Area {
        id: text(&value["id"]),
        name: text(&value["properties"]["name"]),
        rings,
    })
}
