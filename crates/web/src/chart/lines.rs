//! Lines over labels, each with its own marker, labelled at its end; and lines the size of a word.

use super::{Canvas, Plot, Svg, at, axis, bars, escape};

/// Draws lines; a gap stands where a value is unknown.
#[must_use]
pub fn lines(plot: &Plot) -> Svg {
    let plot = &plot.spoken();
    let (w, h) = (bars::WIDTH, bars::HEIGHT);
    let mut canvas = Canvas::new(&plot.id, "chart", w, h, &plot.title, &plot.summary);
    let values = plot.series.iter().flat_map(|s| s.values.iter().flatten());
    let scale = axis::Scale::over(values.copied());
    bars::frame(&mut canvas, plot, &scale);
    let mut ends = Vec::new();
    for (s, series) in plot.series.iter().enumerate() {
        let points = places(plot, &scale, s);
        let class = format!("l l{}", s % bars::COLOURS);
        canvas.raw(&format!(
            "<path class=\"{class}\" d=\"{}\"/>",
            track(&points)
        ));
        for (i, point) in points.iter().enumerate() {
            if let Some((x, y)) = point {
                let value = plot.at(s, i).map(crate::view::format::value);
                let words = [
                    &plot.labels[i],
                    ", ",
                    &series.name,
                    ": ",
                    &value.unwrap_or_default(),
                ];
                canvas.raw(&format!(
                    "<path class=\"s s{}\" d=\"{}\"><title>{}</title></path>",
                    s % bars::COLOURS,
                    marker(s, *x, *y),
                    escape(&words.concat())
                ));
            }
        }
        if let Some(y) = points.iter().rev().flatten().next().map(|p| p.1) {
            ends.push((y, s, series.name.as_str()));
        }
    }
    names(&mut canvas, ends);
    canvas.finish()
}

type Point = Option<(f64, f64)>;

fn places(plot: &Plot, scale: &axis::Scale, s: usize) -> Vec<Point> {
    let point = |i| {
        let value = plot.at(s, i).filter(|v| v.is_finite())?;
        Some((
            bars::middle(plot, i),
            scale.place(value, bars::BOTTOM, bars::TOP),
        ))
    };
    (0..plot.labels.len()).map(point).collect()
}

fn track(points: &[Point]) -> String {
    let mut d = String::new();
    let mut down = false;
    for point in points {
        if let Some((x, y)) = point {
            d.push(if down { 'L' } else { 'M' });
            d.push_str(&format!("{} {}", at(*x), at(*y)));
        }
        down = point.is_some();
    }
    d
}

fn marker(s: usize, x: f64, y: f64) -> String {
    let (x, y) = (at(x), at(y));
    match s % 4 {
        0 => format!("M{x} {y}m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0"),
        1 => format!("M{x} {y}m-3 -3h6v6h-6z"),
        2 => format!("M{x} {y}m0 -4l4 7h-8z"),
        _ => format!("M{x} {y}m0 -4.5l4.5 4.5l-4.5 4.5l-4.5 -4.5z"),
    }
}

/// Writes the names, each with its marker, at the ends of the lines, moved apart where they would overlap.
fn names(canvas: &mut Canvas, mut ends: Vec<(f64, usize, &str)>) {
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut free = 0.0_f64;
    for (y, s, name) in ends {
        let y = (y + 4.0).max(free);
        free = y + 16.0;
        let x = bars::WIDTH - bars::RIGHT + 8.0;
        let d = marker(s, x, y - 4.0);
        canvas.raw(&format!(
            "<path class=\"s s{}\" d=\"{d}\"/>",
            s % bars::COLOURS
        ));
        canvas.text(x + 10.0, y, "name", &bars::clip(name));
    }
}

/// Draws a line the size of a word, for a cell of a table whose numbers stand beside it.
#[must_use]
pub fn sparkline(values: &[Option<f64>], words: &str) -> Svg {
    const W: f64 = 96.0;
    const H: f64 = 20.0;
    let scale = axis::Scale::over(values.iter().flatten().copied());
    let step = W / (values.len().max(2) - 1) as f64;
    let mut x = 0.0;
    let mut points = Vec::new();
    for value in values {
        let value = value.filter(|v| v.is_finite());
        points.push(value.map(|v| (x, scale.place(v, H - 1.5, 1.5))));
        x += step;
    }
    let words = escape(words);
    Svg(format!(
        "<svg class=\"spark\" viewBox=\"0 0 {W} {H}\" role=\"img\" aria-label=\"{words}\">\
         <title>{words}</title><path class=\"l l0\" d=\"{}\"/></svg>",
        track(&points)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_stays_a_gap() {
        let d = track(&[Some((0.0, 1.0)), None, Some((2.0, 3.0)), Some((4.0, 5.0))]);
        assert_eq!(d, "M0 1M2 3L4 5");
    }

    #[test]
    fn a_sparkline_says_in_words_what_it_shows() {
        let svg = sparkline(&[Some(1.0), None, Some(3.0)], "<1 to 3>");
        assert!(svg.as_str().contains("aria-label=\"&lt;1 to 3&gt;\""));
        assert!(!sparkline(&[], "none").as_str().contains("NaN"));
    }
}
