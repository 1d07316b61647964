//! `/`: the portfolio. World map by partner and measure, key figures, trend, table of partners.

use super::{
    Cell, Choices, Citation, Column, Figure, Filters, Kpi, Page, Query, Table, format, source_table,
};
use crate::chart::{MapData, Outlines, Plot, Svg, choropleth, sparkline};
use askama::Template;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

mod samples;

/// The portfolio.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "portfolio.html")]
pub struct Portfolio {
    /// The frame.
    pub page: Page,
    /// The address as it is.
    pub query: Query,
    /// The filter form; see [`filters`].
    pub filters: Filters,
    /// What the figures cover, in a sentence: measure, years, account, data sets.
    pub scope: String,
    /// Key figures.
    pub kpis: Vec<Kpi>,
    /// The map.
    pub map: MapData,
    /// Country outlines, shared by all pages.
    #[serde(skip)]
    pub outlines: Arc<Outlines>,
    /// The trend by fiscal year and account.
    pub trend: Plot,
    /// Partners, in the order asked for.
    pub partners: Vec<PartnerRow>,
    /// The sum of all partners; its `share` is 1.
    pub total: PartnerRow,
    /// What the figures do not cover; one sentence each.
    pub limits: Vec<String>,
    /// The data sets the figures rest on.
    pub sources: Vec<Citation>,
}

/// A partner and its figures.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PartnerRow {
    /// ISO 3166-1 alpha-3 code.
    pub iso3: String,
    /// Name.
    pub name: String,
    /// Trainees; `None` where nothing is reported.
    pub trainees: Option<i64>,
    /// Training rows.
    pub rows: Option<i64>,
    /// Cost of training in whole dollars.
    pub cost: Option<i64>,
    /// Aid obligations in whole dollars.
    pub aid: Option<i64>,
    /// Share of the chosen measure, 0 to 1.
    pub share: Option<f64>,
    /// The chosen measure by fiscal year, for the small line; may be empty.
    pub trend: Vec<Option<f64>>,
    /// A note beside the name: "need not be reported: NATO member".
    pub note: String,
}

/// What the portfolio can be asked.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Measures.
    pub measures: Choices,
    /// Fiscal years.
    pub years: Choices,
    /// Accounts and authorities.
    pub accounts: Choices,
    /// Data sets.
    pub datasets: Choices,
}

/// The filter form of the portfolio: `measure`, `from`, `to`, `account`, `dataset`.
#[must_use]
pub fn filters(query: &Query, options: Options) -> Filters {
    let form = Filters::new("filter", "Portfolio", query)
        .one_of("measure", "Measure", options.measures)
        .select("from", "From fiscal year", options.years.clone())
        .select("to", "To fiscal year", options.years)
        .select("account", "Account", options.accounts);
    if options.datasets.list().len() < 2 {
        return form;
    }
    form.checks("dataset", "Data sets", options.datasets)
}

impl Portfolio {
    /// The map; `None` where no outlines are at hand.
    #[must_use]
    pub fn map_svg(&self) -> Option<Svg> {
        (!self.outlines.is_empty()).then(|| choropleth(&self.map, &self.outlines))
    }

    /// The trend.
    #[must_use]
    pub fn trend_figure(&self) -> Figure {
        Figure::bars(&self.trend)
    }

    /// The sources.
    #[must_use]
    pub fn source_table(&self) -> Table {
        source_table("sources-table", &self.sources)
    }

    /// The partners: also the table of the map.
    #[must_use]
    pub fn partner_table(&self) -> Table {
        let q = &self.query;
        let n = |label, unit, key| Column::number(label, unit).sortable(q, key);
        let trends = self.partners.iter().any(|p| !p.trend.is_empty());
        let mut columns = vec![
            Column::text("Partner").sortable(q, "name"),
            n("Trainees", "reported", "trainees"),
            n("Training rows", "", "rows"),
            n("Training cost", "USD, as printed", "cost"),
            n("Aid", "USD, obligated", "aid"),
            n("Share", "% of measure", "share"),
        ];
        if trends {
            columns.push(Column::text("Trend"));
        }
        let row = |p: &PartnerRow| {
            let mut cells =
                vec![Cell::link(&p.name, &format!("/countries/{}", p.iso3)).under(&p.note)];
            cells.extend(p.figures());
            if trends {
                let mut cell = Cell::default();
                if p.trend.iter().any(Option::is_some) {
                    cell.svg = Some(sparkline(&p.trend, &p.trend_words()));
                }
                cells.push(cell);
            }
            cells
        };
        let mut total = vec![Cell::text("All partners")];
        total.extend(self.total.figures());
        if trends {
            total.push(Cell::default());
        }
        Table::new("partners", "Partners", columns)
            .rows(self.partners.iter().map(row).collect())
            .total(total)
            .or("No partner has a figure for these filters. Take one away, or choose more years.")
            .quiet()
    }
}

impl PartnerRow {
    fn figures(&self) -> [Cell; 5] {
        let share = self.share.map(format::percent).unwrap_or_default();
        [
            Cell::count(self.trainees),
            Cell::count(self.rows),
            Cell::count(self.cost),
            Cell::count(self.aid),
            Cell::text(&share),
        ]
    }

    fn trend_words(&self) -> String {
        let mut known = self.trend.iter().flatten();
        let (first, last) = (known.next(), self.trend.iter().flatten().next_back());
        match (first, last) {
            (Some(a), Some(b)) => format!("from {} to {}", format::short(*a), format::short(*b)),
            _ => "nothing reported".to_owned(),
        }
    }
}
