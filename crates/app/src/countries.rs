//! The list of countries.

use crate::{App, PortfolioAsk, Result, portfolio::Figures};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::HashMap;
use symbolon_access::Viewer;
use symbolon_insight::words::fold;
use symbolon_store::query::RecordQuery;

/// A country in the list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CountryLine {
    /// ISO code.
    pub iso3: String,
    /// Name.
    pub name: String,
    /// Region.
    pub region: String,
    /// State, territory or organisation.
    pub partner_type: String,
    /// `current` or `former`.
    pub state: String,
    /// Figures over all years.
    #[serde(flatten)]
    pub figures: Figures,
}

impl App {
    /// Countries whose name, other name or code holds every word; all of them without words.
    pub fn countries(&self, viewer: &Viewer, words: &str) -> Result<Vec<CountryLine>> {
        let mut wanted = vec![];
        fold(words, |w| wanted.push(w.to_owned()));
        let portfolio = self.portfolio(viewer, &PortfolioAsk::default())?;
        let figures: HashMap<&str, Figures> = portfolio
            .partners
            .iter()
            .map(|p| (p.iso3.as_str(), p.figures))
            .collect();
        let mut lines: Vec<CountryLine> = self
            .store
            .list(viewer, "partner", &RecordQuery::default())?
            .into_iter()
            .filter(|r| {
                let mut there = vec![];
                let names = r.body["other_names"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|n| n.as_str());
                for text in [r.body["name"].as_str(), r.body["iso3"].as_str()]
                    .into_iter()
                    .flatten()
                    .chain(names)
                {
                    fold(text, |w| there.push(w.to_owned()));
                }
                wanted
                    .iter()
                    .all(|w| there.iter().any(|t| t.starts_with(w.as_str())))
            })
            .map(|r| {
                let text = |name: &str| r.body[name].as_str().unwrap_or_default().to_owned();
                let iso3 = text("iso3");
                CountryLine {
                    figures: figures.get(iso3.as_str()).copied().unwrap_or_default(),
                    iso3,
                    name: text("name"),
                    region: text("region"),
                    partner_type: text("partner_type"),
                    state: r.envelope.state.clone(),
                }
            })
            .collect();
        lines.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(lines)
    }
}
