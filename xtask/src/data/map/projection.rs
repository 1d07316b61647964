//! Equal Earth (Šavrič, Patterson and Jenny 2018) into a view box 1000 wide.

const A: [f64; 4] = [1.340_264, -0.081_106, 0.000_893, 0.003_796];

/// Half the width of the world at the equator, in radians on the unit sphere.
const HALF_WIDTH: f64 = 2.706_629_97;

/// Height of the view box. Antarctica is left out: the map ends a little below Cape Horn.
pub const HEIGHT: u32 = 432;

/// Northern edge of the map, above Greenland.
const NORTH: f64 = 83.8;

/// Places a point: degrees east and north to units of the view box.
pub fn place(lon: f64, lat: f64) -> (f64, f64) {
    let (x, y) = equal_earth(lon.to_radians(), lat.to_radians());
    let (_, top) = equal_earth(0.0, NORTH.to_radians());
    let scale = 500.0 / HALF_WIDTH;
    (500.0 + x * scale, (top - y) * scale)
}

fn equal_earth(lon: f64, lat: f64) -> (f64, f64) {
    let m = 3_f64.sqrt() / 2.0;
    let t = (m * lat.sin()).asin();
    let (t2, t6) = (t * t, t.powi(6));
    let spread = A[0] + 3.0 * A[1] * t2 + t6 * (7.0 * A[2] + 9.0 * A[3] * t2);
    let x = lon * t.cos() / (m * spread);
    let y = t * (A[0] + A[1] * t2 + t6 * (A[2] + A[3] * t2));
    (x, y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_equator_spans_the_whole_width() {
        assert!((place(180.0, 0.0).0 - 1000.0).abs() < 0.01);
        assert!(place(-180.0, 0.0).0.abs() < 0.01);
        assert!(place(0.0, 83.8).1.abs() < 0.01);
    }
}
