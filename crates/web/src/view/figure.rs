//! A picture with everything that must stand around it: heading, measure, summary, limits and the
//! table of the same numbers.

use super::Table;
use crate::chart::{Plot, Svg, bars, lines};
use askama::Template;

/// A picture and its table.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/figure.html")]
pub struct Figure {
    /// Id, unique on the page.
    pub id: String,
    /// Title: states the finding.
    pub title: String,
    /// The measure, its stage and years.
    pub measure: String,
    /// What the picture shows, in words.
    pub summary: String,
    /// What the figures do not cover.
    pub limits: String,
    /// The picture; `None` where there is nothing to draw.
    pub svg: Option<Svg>,
    /// The same numbers.
    pub table: Table,
}

impl Figure {
    fn of(plot: &Plot, svg: fn(&Plot) -> Svg, stacked: bool) -> Self {
        Self {
            id: format!("{}-figure", plot.id),
            title: plot.title.clone(),
            measure: plot.measure.clone(),
            summary: plot.summary.clone(),
            limits: plot.limits.clone(),
            svg: (!plot.is_empty()).then(|| svg(plot)),
            table: plot.table(stacked).quiet(),
        }
    }

    /// A figure of stacked bars.
    #[must_use]
    pub fn bars(plot: &Plot) -> Self {
        Self::of(plot, bars, true)
    }

    /// A figure of lines.
    #[must_use]
    pub fn lines(plot: &Plot) -> Self {
        Self::of(plot, lines, false)
    }
}
