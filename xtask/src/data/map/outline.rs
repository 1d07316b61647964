//! From rings on the globe to outlines on the map: cut at the antimeridian, projected, rounded.

use super::projection::place;
use std::fmt::Write as _;

type Point = (f64, f64);

/// The pieces of a country on the map.
#[derive(Default)]
pub struct Outline(Vec<Vec<Point>>);

impl Outline {
    /// Adds a ring given in degrees; a ring across the antimeridian becomes a piece on each side.
    pub fn add(&mut self, ring: &[Point]) {
        let ring = unwrapped(ring);
        for turn in [-360.0, 0.0, 360.0] {
            let west = clipped(&ring, |p| p.0 - (turn - 180.0), turn - 180.0);
            let both = clipped(&west, |p| (turn + 180.0) - p.0, turn + 180.0);
            if both.len() > 2 {
                self.0.push(
                    both.iter()
                        .map(|(lon, lat)| place(lon - turn, *lat))
                        .collect(),
                );
            }
        }
    }

    /// The middle of the largest piece.
    pub fn label(&self) -> Option<Point> {
        let by_area = |a: &&Vec<Point>, b: &&Vec<Point>| area(a).abs().total_cmp(&area(b).abs());
        self.0.iter().max_by(by_area).map(|piece| middle(piece))
    }

    /// The pieces as an SVG path: whole tenths, relative steps, without points that fall together.
    pub fn path(&self) -> String {
        let mut out = String::new();
        for piece in &self.0 {
            let mut points: Vec<(i64, i64)> =
                piece.iter().map(|p| (tenths(p.0), tenths(p.1))).collect();
            points.dedup();
            if points.first() == points.last() {
                points.pop();
            }
            if points.len() > 2 {
                write_piece(&mut out, &points);
            }
        }
        out
    }
}

/// Makes longitudes run on past 180 degrees instead of jumping to the other side.
fn unwrapped(ring: &[Point]) -> Vec<Point> {
    let mut turn = 0.0;
    let mut out: Vec<Point> = Vec::with_capacity(ring.len());
    for (i, (lon, lat)) in ring.iter().enumerate() {
        if i > 0 {
            let step = lon - ring[i - 1].0;
            if step > 180.0 {
                turn -= 360.0;
            } else if step < -180.0 {
                turn += 360.0;
            }
        }
        out.push((lon + turn, *lat));
    }
    out
}

/// Cuts a ring along a meridian, keeping the side where `inside` is not negative.
fn clipped(ring: &[Point], inside: impl Fn(&Point) -> f64, meridian: f64) -> Vec<Point> {
    let mut out = Vec::new();
    for (i, to) in ring.iter().enumerate() {
        let from = &ring[if i == 0 { ring.len() - 1 } else { i - 1 }];
        let (a, b) = (inside(from), inside(to));
        if (a < 0.0) != (b < 0.0) {
            let share = a / (a - b);
            out.push((meridian, from.1 + share * (to.1 - from.1)));
        }
        if b >= 0.0 {
            out.push(*to);
        }
    }
    out
}

fn edges(piece: &[Point]) -> impl Iterator<Item = (&Point, &Point)> {
    piece.iter().zip(piece.iter().cycle().skip(1))
}

/// Twice the area, with the sign of the direction.
fn area(piece: &[Point]) -> f64 {
    edges(piece).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum()
}

fn middle(piece: &[Point]) -> Point {
    let double = area(piece);
    if double.abs() < 1e-9 {
        return piece.first().copied().unwrap_or_default();
    }
    let (mut x, mut y) = (0.0, 0.0);
    for (a, b) in edges(piece) {
        let cross = a.0 * b.1 - b.0 * a.1;
        x += (a.0 + b.0) * cross;
        y += (a.1 + b.1) * cross;
    }
    (x / (3.0 * double), y / (3.0 * double))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a place on a map 1000 units wide"
)]
fn tenths(value: f64) -> i64 {
    (value * 10.0).round() as i64
}

fn write_piece(out: &mut String, points: &[(i64, i64)]) {
    let mut at = points[0];
    let _ = write!(out, "M{} {}l", number(at.0), number(at.1));
    for (i, next) in points.iter().enumerate().skip(1) {
        let (x, y) = (number(next.0 - at.0), number(next.1 - at.1));
        let first = if i > 1 && !x.starts_with('-') {
            " "
        } else {
            ""
        };
        let second = if y.starts_with('-') { "" } else { " " };
        let _ = write!(out, "{first}{x}{second}{y}");
        at = *next;
    }
    out.push('z');
}

/// Tenths as the shortest decimal an SVG path takes: `5`, `.5`, `-1.5`.
fn number(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    let (whole, part) = (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
    match (whole, part) {
        (_, 0) => format!("{sign}{whole}"),
        (0, _) => format!("{sign}.{part}"),
        _ => format!("{sign}{whole}.{part}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_island_across_the_antimeridian_becomes_two_pieces() {
        let mut fiji = Outline::default();
        fiji.add(&[
            (179.0, -16.0),
            (-179.0, -16.0),
            (-179.0, -17.0),
            (179.0, -17.0),
            (179.0, -16.0),
        ]);
        assert_eq!(fiji.0.len(), 2);
        for piece in &fiji.0 {
            let xs = || piece.iter().map(|p| p.0);
            assert!(xs().fold(f64::MIN, f64::max) - xs().fold(f64::MAX, f64::min) < 10.0);
        }
    }

    #[test]
    fn paths_are_written_short() {
        assert_eq!(number(-5), "-.5");
        assert_eq!(number(100), "10");
        let mut out = String::new();
        write_piece(&mut out, &[(0, 0), (15, 0), (10, -5)]);
        assert_eq!(out, "M0 0l1.5 0-.5-.5z");
    }
}
