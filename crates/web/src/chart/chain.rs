//! A chain of command: who stands over a unit, row by row up to the top, and who under it. Drawn from the same
//! steps as the nested lists beside it.

use super::{Canvas, Svg, at};

const BOX: (f64, f64) = (178.0, 44.0);
const GAP: (f64, f64) = (16.0, 30.0);
/// So many boxes stand in a row.
const ROW: usize = 5;
/// Letters of a line in a box.
const LINE: usize = 25;

/// A unit of the chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainNode {
    /// Its name.
    pub name: String,
    /// Steps above the unit (below it: negative).
    pub level: i32,
    /// Whether it is the unit the chart is about.
    pub here: bool,
}

/// The chart's contents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainChart {
    /// Id, unique on the page.
    pub id: String,
    /// Title.
    pub title: String,
    /// What it shows, in words.
    pub summary: String,
    /// Units, in the order of their rows.
    pub nodes: Vec<ChainNode>,
    /// Places of the lower and of the upper unit.
    pub edges: Vec<(usize, usize)>,
}

/// Left upper corners of the boxes, and the height of all.
fn placed(chart: &ChainChart) -> (Vec<(f64, f64)>, f64) {
    let mut levels: Vec<i32> = chart.nodes.iter().map(|n| n.level).collect();
    levels.sort_unstable_by(|a, b| b.cmp(a));
    levels.dedup();
    let mut corners = vec![(0.0, 0.0); chart.nodes.len()];
    let mut y = 4.0;
    for level in levels {
        let on_level = chart
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, n)| n.level == level);
        let of: Vec<usize> = on_level.map(|(i, _)| i).collect();
        for row in of.chunks(ROW) {
            let across = row.len() as f64 * (BOX.0 + GAP.0) - GAP.0;
            let left = (width() - across) / 2.0;
            for (i, place) in row.iter().enumerate() {
                corners[*place] = (left + i as f64 * (BOX.0 + GAP.0), y);
            }
            y += BOX.1 + GAP.1;
        }
    }
    (corners, y - GAP.1 + 4.0)
}

fn width() -> f64 {
    ROW as f64 * (BOX.0 + GAP.0) - GAP.0 + 8.0
}

/// A name in two lines at most; cut where it is longer, the list has it whole.
fn wrapped(name: &str) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for word in name.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < LINE => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let more = lines.len() > 2;
    lines.truncate(2);
    let last = lines.len().saturating_sub(1);
    for (i, line) in lines.iter_mut().enumerate() {
        if line.chars().count() > LINE || (more && i == last) {
            let cut: String = line.chars().take(LINE - 1).collect();
            *line = format!("{}\u{2026}", cut.trim_end());
        }
    }
    lines
}

/// Draws the chain.
#[must_use]
pub fn chain(chart: &ChainChart) -> Svg {
    let (corners, height) = placed(chart);
    let mut canvas = Canvas::new(
        &chart.id,
        "chart chain",
        width(),
        height,
        &chart.title,
        &chart.summary,
    );
    for (lower, upper) in &chart.edges {
        let (Some(low), Some(up)) = (corners.get(*lower), corners.get(*upper)) else {
            continue;
        };
        let (from, to) = (
            (up.0 + BOX.0 / 2.0, up.1 + BOX.1),
            (low.0 + BOX.0 / 2.0, low.1),
        );
        let middle = to.1 - GAP.1 / 2.0;
        canvas.raw(&format!(
            "<path class=\"edge\" d=\"M{} {}V{}H{}V{}\"/>",
            at(from.0),
            at(from.1),
            at(middle),
            at(to.0),
            at(to.1)
        ));
    }
    for (node, (x, y)) in chart.nodes.iter().zip(&corners) {
        let class = if node.here { "box here" } else { "box" };
        canvas.raw(&format!(
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\"/>",
            at(*x),
            at(*y),
            at(BOX.0),
            at(BOX.1)
        ));
        let lines = wrapped(&node.name);
        let first = if lines.len() == 1 { 27.0 } else { 19.0 };
        for (i, line) in lines.iter().enumerate() {
            canvas.text(
                x + BOX.0 / 2.0,
                y + first + 15.0 * i as f64,
                "name lab",
                line,
            );
        }
    }
    canvas.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(name: &str, level: i32) -> ChainNode {
        ChainNode {
            name: name.to_owned(),
            level,
            here: level == 0,
        }
    }

    #[test]
    fn who_is_over_stands_over_and_names_are_escaped() {
        let mut nodes = vec![
            node("Staff <1>", 2),
            node("Brigade", 1),
            node("Battalion", 0),
        ];
        nodes.extend((0..7).map(|i| node(&format!("Company {i}"), -1)));
        let chart = ChainChart {
            id: "c".to_owned(),
            nodes,
            edges: vec![(1, 0), (2, 1), (3, 2), (99, 0)],
            ..ChainChart::default()
        };
        let (corners, height) = placed(&chart);
        assert!(corners[0].1 < corners[1].1 && corners[1].1 < corners[2].1);
        assert!(corners[9].1 > corners[3].1, "the sixth begins a new row");
        assert!(
            corners
                .iter()
                .all(|(x, y)| *x >= 0.0 && x + BOX.0 <= width() && y + BOX.1 <= height)
        );
        let drawn = chain(&chart);
        assert!(drawn.as_str().contains("Staff &lt;1&gt;"));
        assert_eq!(drawn.as_str().matches("class=\"edge\"").count(), 3);
        assert_eq!(drawn.as_str().matches("box here").count(), 1);
    }

    #[test]
    fn a_long_name_takes_two_lines_and_says_that_it_is_cut() {
        let lines = wrapped("The very long name of a battalion of mountain infantry of the north");
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('\u{2026}'));
        assert_eq!(wrapped("Navy"), ["Navy"]);
        assert!(wrapped(&"x".repeat(60))[0].chars().count() <= LINE);
    }
}
