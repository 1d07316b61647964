//! Stacked bars over labels: zero-based, patterned, each segment with its own words.

use super::{Canvas, Plot, Svg, at, axis, escape, identifier};

pub(super) const WIDTH: f64 = 760.0;
pub(super) const HEIGHT: f64 = 300.0;
pub(super) const LEFT: f64 = 62.0;
pub(super) const RIGHT: f64 = 168.0;
pub(super) const TOP: f64 = 26.0;
pub(super) const BOTTOM: f64 = HEIGHT - 34.0;
/// Letters of a label under a bar.
const LONGEST: usize = 20;
/// How many colours there are; further series start again and are told apart by words.
pub(super) const COLOURS: usize = 8;

/// Draws stacked bars.
#[must_use]
pub fn bars(plot: &Plot) -> Svg {
    let plot = &plot.spoken();
    let mut canvas = Canvas::new(&plot.id, "chart", WIDTH, HEIGHT, &plot.title, &plot.summary);
    let id = identifier(&plot.id);
    patterns(&mut canvas, &id, plot.series.len());
    let tops = (0..plot.labels.len()).map(|i| {
        let values = (0..plot.series.len()).filter_map(|s| plot.at(s, i));
        values.filter(|v| v.is_finite() && *v > 0.0).sum::<f64>()
    });
    let scale = axis::Scale::over(tops);
    frame(&mut canvas, plot, &scale);
    for i in 0..plot.labels.len() {
        column(&mut canvas, plot, &scale, &id, i);
    }
    legend(&mut canvas, plot, &id);
    canvas.finish()
}

/// Grid lines, their values, the labels along the bottom and the unit.
pub(super) fn frame(canvas: &mut Canvas, plot: &Plot, scale: &axis::Scale) {
    for tick in scale.ticks() {
        let y = scale.place(tick, BOTTOM, TOP);
        let class = if tick == 0.0 { "base" } else { "grid" };
        canvas.line((LEFT, y), (WIDTH - RIGHT, y), class);
        canvas.text(
            LEFT - 8.0,
            y + 4.0,
            "tick",
            &crate::view::format::short(tick),
        );
    }
    let labels: Vec<String> = plot.labels.iter().map(|l| cut(l)).collect();
    let every = axis::label_every(&labels, WIDTH - RIGHT - LEFT);
    for (i, label) in labels.iter().enumerate().filter(|(i, _)| i % every == 0) {
        canvas.text(middle(plot, i), BOTTOM + 18.0, "lab", label);
    }
    if !plot.unit.is_empty() {
        canvas.text(0.0, 10.0, "unit", &plot.unit);
    }
}

/// A label as it stands under its bar: long ones are cut; the bar and the table say the whole.
fn cut(label: &str) -> String {
    if label.chars().count() <= LONGEST {
        return label.to_owned();
    }
    let kept: String = label.chars().take(LONGEST - 1).collect();
    format!("{}\u{2026}", kept.trim_end())
}

fn slot(plot: &Plot) -> f64 {
    let n = plot.labels.len().max(1) as f64;
    (WIDTH - RIGHT - LEFT) / n
}

/// The middle of a label's place.
pub(super) fn middle(plot: &Plot, i: usize) -> f64 {
    let i = i as f64;
    LEFT + slot(plot) * (i + 0.5)
}

fn column(canvas: &mut Canvas, plot: &Plot, scale: &axis::Scale, id: &str, i: usize) {
    let width = (slot(plot) * 0.72).min(48.0);
    let x = middle(plot, i) - width / 2.0;
    let mut below = 0.0;
    for (s, series) in plot.series.iter().enumerate() {
        let Some(value) = plot.at(s, i).filter(|v| v.is_finite()) else {
            continue;
        };
        let (from, to) = (
            scale.place(below, BOTTOM, TOP),
            scale.place(below + value.max(0.0), BOTTOM, TOP),
        );
        below += value.max(0.0);
        let words = format!(
            "{}, {}: {}",
            plot.labels[i],
            series.name,
            crate::view::format::value(value)
        );
        canvas.raw(&format!(
            "<path {} d=\"M{} {}h{}V{}h-{}z\"><title>{}</title></path>",
            fill(id, s),
            at(x),
            at(from),
            at(width),
            at(to),
            at(width),
            escape(&words)
        ));
    }
}

/// Even series are plain, odd ones patterned, so that colour is never alone.
fn fill(id: &str, s: usize) -> String {
    let n = s % COLOURS;
    if n.is_multiple_of(2) {
        format!("class=\"s s{n}\"")
    } else {
        format!("class=\"s\" fill=\"url(#{id}-p{n})\"")
    }
}

fn patterns(canvas: &mut Canvas, id: &str, series: usize) {
    const MARKS: [&str; 4] = ["M0 8L8 0", "M4 0V8", "M0 4H8", "M0 0L8 8M0 8L8 0"];
    if series < 2 {
        return;
    }
    canvas.raw("<defs>");
    for n in (1..series.min(COLOURS)).step_by(2) {
        canvas.raw(&format!(
            "<pattern id=\"{id}-p{n}\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">\
             <rect width=\"8\" height=\"8\" class=\"s{n}\"/><path class=\"hatch\" d=\"{}\"/></pattern>",
            MARKS[n / 2]
        ));
    }
    canvas.raw("</defs>");
}

fn legend(canvas: &mut Canvas, plot: &Plot, id: &str) {
    if plot.series.len() < 2 {
        return;
    }
    let x = WIDTH - RIGHT + 14.0;
    let mut y = TOP + 6.0;
    for (s, series) in plot.series.iter().enumerate().rev() {
        canvas.raw(&format!(
            "<path {} d=\"M{} {}h14v12h-14z\"/>",
            fill(id, s),
            at(x),
            at(y - 10.0)
        ));
        canvas.text(x + 20.0, y, "name", &clip(&series.name));
        y += 20.0;
    }
}

/// A name short enough for the margin; the whole name stands in the table and the words of the mark.
pub(super) fn clip(name: &str) -> String {
    const ROOM: usize = 21;
    if name.chars().count() <= ROOM {
        return name.to_owned();
    }
    let head: String = name.chars().take(ROOM - 1).collect();
    format!("{}\u{2026}", head.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Series;

    fn hostile() -> Plot {
        let bad = "\"><script>alert(1)</script>' onload=x".to_owned();
        Plot {
            id: bad.clone(),
            title: bad.clone(),
            summary: bad.clone(),
            unit: bad.clone(),
            labels: vec![bad.clone(), "2".into()],
            series: vec![
                Series {
                    name: bad.clone(),
                    values: vec![Some(3.0), None],
                },
                Series {
                    name: "x".into(),
                    values: vec![Some(f64::NAN), Some(f64::INFINITY)],
                },
            ],
            ..Plot::default()
        }
    }

    #[test]
    fn hostile_text_stays_text_and_odd_numbers_draw_nothing() {
        for svg in [bars(&hostile()), crate::chart::lines(&hostile())] {
            let svg = svg.as_str();
            assert!(!svg.contains("<script"), "{svg}");
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
            assert!(!svg.contains("style="));
        }
    }

    #[test]
    fn a_pattern_is_defined_for_every_one_used() {
        let plot = Plot {
            id: "m".into(),
            labels: vec!["1".into()],
            series: (0..10)
                .map(|n| Series {
                    name: n.to_string(),
                    values: vec![Some(1.0)],
                })
                .collect(),
            ..Plot::default()
        };
        let svg = bars(&plot);
        for part in svg.as_str().split("url(#").skip(1) {
            let name = part.split(')').next().unwrap_or("");
            assert!(svg.as_str().contains(&format!("id=\"{name}\"")), "{name}");
        }
    }
}
