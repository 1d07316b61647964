//! What is drawn: labels along the bottom, one or more series of values, and the words around them.

use crate::view::{Cell, Column, Table, language::known};
use serde::{Deserialize, Serialize};

/// A named series of values, one for each label; `None` where nothing is known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Name, shown beside the marks.
    pub name: String,
    /// Values.
    pub values: Vec<Option<f64>>,
}

/// A chart and its table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plot {
    /// Id, unique on the page.
    pub id: String,
    /// Title: states the finding.
    pub title: String,
    /// Subtitle: states the measure and its stage ("obligated", "as printed").
    pub measure: String,
    /// Unit of the values: `trainees`, `USD`.
    pub unit: String,
    /// What the labels are: `Fiscal year (US)`.
    pub across: String,
    /// Labels, in order.
    pub labels: Vec<String>,
    /// Series, in the order they are stacked.
    pub series: Vec<Series>,
    /// What the figures do not cover.
    pub limits: String,
    /// One or two sentences that say what the picture shows.
    pub summary: String,
}

impl Plot {
    /// The value of a series at a label.
    #[must_use]
    pub fn at(&self, series: usize, label: usize) -> Option<f64> {
        *self.series.get(series)?.values.get(label)?
    }

    /// The stacked sum at a label; `None` if no series knows it.
    #[must_use]
    pub fn sum(&self, label: usize) -> Option<f64> {
        let known: Vec<f64> = (0..self.series.len())
            .filter_map(|s| self.at(s, label))
            .collect();
        if known.is_empty() {
            None
        } else {
            Some(known.iter().sum())
        }
    }

    /// The same in the language spoken, as far as its catalogue knows the words; names out of records stay.
    #[must_use]
    pub(super) fn spoken(&self) -> Self {
        let said = |words: &String| known(words).into_owned();
        let series = self.series.iter().map(|s| Series {
            name: said(&s.name),
            values: s.values.clone(),
        });
        Self {
            title: said(&self.title),
            unit: said(&self.unit),
            summary: said(&self.summary),
            labels: self.labels.iter().map(said).collect(),
            series: series.collect(),
            ..self.clone()
        }
    }

    /// Whether there is nothing to draw.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.series
            .iter()
            .all(|s| s.values.iter().all(Option::is_none))
    }

    /// The same numbers as a table, with a column of sums where series stack.
    #[must_use]
    pub fn table(&self, stacked: bool) -> Table {
        let sums = stacked && self.series.len() > 1;
        let mut columns = vec![Column::text(&self.across)];
        columns.extend(
            self.series
                .iter()
                .map(|s| Column::number(&s.name, &self.unit)),
        );
        if sums {
            columns.push(Column::number("All", &self.unit));
        }
        let row = |(i, label): (usize, &String)| {
            let mut cells = vec![Cell::text(label)];
            cells.extend((0..self.series.len()).map(|s| Cell::value(self.at(s, i))));
            if sums {
                cells.push(Cell::value(self.sum(i)));
            }
            cells
        };
        let rows = self.labels.iter().enumerate().map(row).collect();
        Table::new(&format!("{}-table", self.id), &self.title, columns).rows(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::format;

    #[test]
    fn the_table_holds_exactly_what_is_drawn() {
        let plot = Plot {
            id: "p".into(),
            labels: vec!["2001".into(), "2002".into()],
            series: vec![
                Series {
                    name: "IMET".into(),
                    values: vec![Some(10.0), None],
                },
                Series {
                    name: "FMF".into(),
                    values: vec![Some(2.5), Some(7.0)],
                },
            ],
            ..Plot::default()
        };
        let table = plot.table(true);
        for (i, row) in table.rows.iter().enumerate() {
            for s in 0..plot.series.len() {
                let shown = plot.at(s, i).map(format::value).unwrap_or_default();
                assert_eq!(row[s + 1].text, shown);
            }
        }
        assert_eq!(table.rows[0][3].text, "12.5");
        assert_eq!(table.rows[1][1].text, "", "unknown is not zero");
        let drawn = crate::chart::bars(&plot);
        for shown in ["2001, IMET: 10", "2001, FMF: 2.5", "2002, FMF: 7"] {
            assert!(drawn.as_str().contains(shown), "{shown}");
        }
    }
}
