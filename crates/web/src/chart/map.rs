//! The world by partner: five classes, zero, and "not reported", which is never the same as zero.

use super::{Canvas, Svg, at, escape};
use crate::view::format;
use serde::{Deserialize, Serialize};

/// The outline of a country as it is shipped.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outline {
    /// ISO 3166-1 alpha-3 code.
    pub iso3: String,
    /// Name.
    pub name: String,
    /// Where its mark or label stands.
    pub x: f64,
    /// Where its mark or label stands.
    pub y: f64,
    /// SVG path of straight lines; empty where the country is too small to have one.
    pub path: String,
}

/// All outlines, made small once at start: coordinates on whole units (shared borders stay shared),
/// points on a straight line dropped, steps written relative.
#[derive(Clone, Debug, Default)]
pub struct Outlines {
    shapes: Vec<Outline>,
    width: f64,
    height: f64,
}

impl Outlines {
    /// Outlines drawn on a sheet given as an SVG view box that starts at the origin: `0 0 1000 432`.
    #[must_use]
    pub fn new(shapes: Vec<Outline>, view_box: &str) -> Self {
        let sheet = numbers(view_box);
        let (width, height) = (sheet.get(2), sheet.get(3));
        let small = |mut shape: Outline| {
            shape.path = compact(&shape.path);
            shape
        };
        let shapes = shapes.into_iter().map(small).collect();
        Self {
            shapes,
            width: width.copied().unwrap_or(1000.0),
            height: height.copied().unwrap_or(500.0),
        }
    }
}

impl Outlines {
    /// Whether there is nothing to draw.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shapes.is_empty()
    }
}

/// A partner's value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MapValue {
    /// ISO 3166-1 alpha-3 code.
    pub iso3: String,
    /// Value; `None` where nothing is reported.
    pub value: Option<f64>,
}

/// What a map shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MapData {
    /// Id, unique on the page.
    pub id: String,
    /// Title: states the finding.
    pub title: String,
    /// The measure with its stage and years.
    pub measure: String,
    /// Unit: `trainees`, `USD`.
    pub unit: String,
    /// What the map shows, in words.
    pub summary: String,
    /// Values.
    pub values: Vec<MapValue>,
}

/// A line of the legend: class name and words.
pub type LegendLine = (&'static str, String);

const CLASSES: [&str; 5] = ["c1", "c2", "c3", "c4", "c5"];

impl MapData {
    /// Upper limits of the classes, lowest first: fifths of the positive values, on round numbers.
    #[must_use]
    pub fn limits(&self) -> Vec<f64> {
        let positive = |v: &MapValue| v.value.filter(|n| n.is_finite() && *n > 0.0);
        let mut values: Vec<f64> = self.values.iter().filter_map(positive).collect();
        values.sort_by(f64::total_cmp);
        let mut limits: Vec<f64> = Vec::new();
        for fifth in 1..5 {
            let Some(v) = values.get(values.len() * fifth / 5) else {
                continue;
            };
            let limit = round(*v);
            if limits.last().is_none_or(|l| limit > *l) && values.last().is_some_and(|m| limit < *m)
            {
                limits.push(limit);
            }
        }
        limits
    }

    /// The class of a value.
    #[must_use]
    pub fn class(limits: &[f64], value: Option<f64>) -> &'static str {
        match value.filter(|v| v.is_finite()) {
            None => "cn",
            Some(v) if v <= 0.0 => "c0",
            Some(v) => {
                let n = limits.iter().filter(|l| v >= **l).count();
                // With fewer classes than five, the darkest are used last.
                CLASSES[(n + (4 - limits.len().min(4)) / 2).min(4)]
            }
        }
    }

    /// The legend: classes with their limits, then zero, then nothing reported.
    #[must_use]
    pub fn legend(&self) -> Vec<LegendLine> {
        let limits = self.limits();
        let mut lines = Vec::new();
        for n in (0..=limits.len()).rev() {
            let from = if n == 0 { None } else { limits.get(n - 1) };
            let words = match (from, limits.get(n)) {
                (None, None) => "more than 0".to_owned(),
                (None, Some(to)) => format!("more than 0, below {}", format::short(*to)),
                (Some(from), None) => format!("{} or more", format::short(*from)),
                (Some(from), Some(to)) => {
                    format!("{} to below {}", format::short(*from), format::short(*to))
                }
            };
            let probe = from
                .copied()
                .or(limits.first().map(|l| l / 2.0))
                .unwrap_or(1.0);
            lines.push((Self::class(&limits, Some(probe)), words));
        }
        lines.push(("c0", "reported as 0".to_owned()));
        lines.push(("cn", "not reported (not zero)".to_owned()));
        lines
    }
}

/// One significant digit, or 15, 25, 75 and so on.
fn round(v: f64) -> f64 {
    let power = 10_f64.powf(v.log10().floor());
    let steps = [1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.5, 10.0];
    let near = steps
        .into_iter()
        .min_by(|a, b| (v / power - a).abs().total_cmp(&(v / power - b).abs()));
    near.unwrap_or(1.0) * power
}

/// Draws the map. Countries are not links (a hundred and ninety stops on the way through the page):
/// the table beside it has them; script makes shapes lead where the table's links do.
#[must_use]
pub fn choropleth(data: &MapData, outlines: &Outlines) -> Svg {
    let (w, h) = (outlines.width.max(1.0), outlines.height.max(1.0));
    let mut canvas = Canvas::new(&data.id, "map", w, h, &data.title, &data.summary);
    let limits = data.limits();
    canvas.raw(
        "<defs><pattern id=\"none\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\">\
         <rect width=\"5\" height=\"5\" class=\"cn\"/><path class=\"cnl\" d=\"M0 5L5 0\"/></pattern></defs>",
    );
    for shape in &outlines.shapes {
        let found = data.values.iter().find(|v| v.iso3 == shape.iso3);
        let value = found.and_then(|v| v.value);
        let class = MapData::class(&limits, value);
        let paint = if class == "cn" {
            "fill=\"url(#none)\"".to_owned()
        } else {
            format!("class=\"{class}\"")
        };
        let words = value.map_or("not reported".to_owned(), format::value);
        let d = if shape.path.is_empty() {
            dot(shape, value)
        } else {
            shape.path.clone()
        };
        if d.is_empty() {
            continue;
        }
        canvas.raw(&format!(
            "<path {paint} data-c=\"{}\" d=\"{}\"><title>{}: {words}</title></path>",
            escape(&shape.iso3),
            escape(&d),
            escape(&shape.name)
        ));
    }
    canvas.finish()
}

/// A dot for a country without an outline, if there is something to say about it.
fn dot(shape: &Outline, value: Option<f64>) -> String {
    if value.is_none() || !shape.x.is_finite() || !shape.y.is_finite() {
        return String::new();
    }
    format!(
        "M{} {}m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0",
        at(shape.x),
        at(shape.y)
    )
}

/// A path of straight lines on whole units. Anything it cannot read ends the path there.
fn compact(path: &str) -> String {
    let mut out = String::new();
    for ring in rings(path) {
        let mut points: Vec<(i64, i64)> = Vec::new();
        for point in ring {
            if points.last() != Some(&point) {
                points.push(point);
            }
        }
        if points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        let points = straighten(&points);
        if points.len() < 3 {
            continue;
        }
        write_ring(&points, &mut out);
    }
    out
}

fn write_ring(points: &[(i64, i64)], out: &mut String) {
    let mut last = points[0];
    out.push_str(&format!("M{} {}l", last.0, last.1));
    for (i, point) in points.iter().enumerate().skip(1) {
        for (j, step) in [point.0 - last.0, point.1 - last.1].into_iter().enumerate() {
            if (i > 1 || j > 0) && step >= 0 {
                out.push(' ');
            }
            out.push_str(&step.to_string());
        }
        last = *point;
    }
    out.push('z');
}

/// Drops points in the middle of a straight line.
fn straighten(points: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let n = points.len();
    let keep = |i: &usize| {
        let (a, b, c) = (points[(i + n - 1) % n], points[*i], points[(i + 1) % n]);
        (b.0 - a.0) * (c.1 - b.1) != (b.1 - a.1) * (c.0 - b.0)
    };
    (0..n).filter(keep).map(|i| points[i]).collect()
}

/// The rings of a path written with M, L, H, V and Z, absolute or relative.
fn rings(path: &str) -> Vec<Vec<(i64, i64)>> {
    let mut rings: Vec<Vec<(i64, i64)>> = Vec::new();
    let (mut x, mut y) = (0.0_f64, 0.0_f64);
    let mut start = (0.0, 0.0);
    let mut rest = path;
    while let Some(at) = rest.find(|c: char| c.is_ascii_alphabetic()) {
        let command = rest.as_bytes()[at] as char;
        let tail = &rest[at + 1..];
        let end = tail
            .find(|c: char| c.is_ascii_alphabetic())
            .unwrap_or(tail.len());
        let numbers = numbers(&tail[..end]);
        rest = &tail[end..];
        let per = if "HhVv".contains(command) { 1 } else { 2 };
        for (i, pair) in numbers.chunks_exact(per).enumerate() {
            let base = if command.is_ascii_lowercase() {
                (x, y)
            } else {
                (0.0, 0.0)
            };
            match command.to_ascii_uppercase() {
                'H' => x = base.0 + pair[0],
                'V' => y = base.1 + pair[0],
                'M' | 'L' => (x, y) = (base.0 + pair[0], base.1 + pair[1]),
                _ => return rings,
            }
            if i == 0 && command.eq_ignore_ascii_case(&'M') {
                start = (x, y);
                rings.push(Vec::new());
            }
            let point = (x.round() as i64, y.round() as i64);
            if let Some(ring) = rings.last_mut() {
                ring.push(point);
            }
        }
        if command.eq_ignore_ascii_case(&'Z') {
            (x, y) = start;
        }
    }
    rings
}

/// Numbers divided by spaces, commas or a minus sign.
fn numbers(text: &str) -> Vec<f64> {
    let spaced = text.replace('-', " -").replace(',', " ");
    spaced
        .split_ascii_whitespace()
        .filter_map(|n| n.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(values: &[(&str, Option<f64>)]) -> MapData {
        let value = |(iso3, value): &(&str, Option<f64>)| MapValue {
            iso3: (*iso3).into(),
            value: *value,
        };
        MapData {
            id: "m".into(),
            values: values.iter().map(value).collect(),
            ..MapData::default()
        }
    }

    #[test]
    fn an_outline_becomes_small_and_keeps_its_shape() {
        assert_eq!(
            compact("M0.2,0.1L10,0L10.1,5L10,10L0,10Z"),
            "M0 0l10 0 0 10-10 0z"
        );
        assert_eq!(
            compact("m5 5h10v10h-10zm1 1l.1 .1l.1 0z"),
            "M5 5l10 0 0 10-10 0z"
        );
        assert_eq!(compact("M0 0C1 1 2 2 3 3"), "");
    }

    #[test]
    fn not_reported_is_not_zero() {
        let data = data(&[("AAA", Some(0.0)), ("BBB", None), ("CCC", Some(7.0))]);
        let limits = data.limits();
        assert_eq!(MapData::class(&limits, Some(0.0)), "c0");
        assert_eq!(MapData::class(&limits, None), "cn");
        assert_ne!(MapData::class(&limits, Some(7.0)), "c0");
        assert_eq!(data.legend().len(), 3);
    }

    #[test]
    fn every_value_falls_in_the_class_its_legend_names() {
        let values: Vec<_> = (1..200)
            .map(|n| ("AAA", Some(f64::from(n * n * 37))))
            .collect();
        let data = data(&values);
        let limits = data.limits();
        assert_eq!(limits.len(), 4);
        let legend = data.legend();
        assert_eq!(legend[0].0, "c5");
        assert_eq!(legend[4].0, "c1");
        assert_eq!(MapData::class(&limits, Some(limits[3])), "c5");
        assert_eq!(MapData::class(&limits, Some(limits[3] - 1.0)), "c4");
    }

    #[test]
    fn hostile_names_stay_text() {
        let bad = "\"><script>alert(1)</script>";
        let outlines = Outlines::new(
            vec![Outline {
                iso3: bad.into(),
                name: bad.into(),
                path: bad.into(),
                x: 1.0,
                y: 1.0,
            }],
            "0 0 10 10",
        );
        let mut data = data(&[(bad, Some(1.0))]);
        data.title = bad.into();
        let svg = choropleth(&data, &outlines);
        assert!(!svg.as_str().contains("<script"));
    }
}
