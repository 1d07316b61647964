//! The list of countries.

use crate::{App, PortfolioAsk, Result, portfolio::Figures};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
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

impl App {
    /// Abbreviations of the regional bodies, in order.
    pub fn groups(&self, viewer: &Viewer) -> Result<Vec<String>> {
        let bodies = self
            .store
            .list(viewer, "regional_body", &RecordQuery::default())?;
        let mut names: Vec<String> = bodies
            .iter()
            .filter_map(|b| b.body["abbreviation"].as_str().map(str::to_owned))
            .collect();
        names.sort();
        Ok(names)
    }

    /// Abbreviations of the bodies each country belongs to on a day, by ISO code.
    pub fn members_by_country(
        &self,
        viewer: &Viewer,
        on: jiff::civil::Date,
    ) -> Result<HashMap<String, BTreeSet<String>>> {
        let bodies = self
            .store
            .list(viewer, "regional_body", &RecordQuery::default())?;
        let names: HashMap<String, &str> = bodies
            .iter()
            .filter_map(|b| Some((b.envelope.id.to_string(), b.body["abbreviation"].as_str()?)))
            .collect();
        let mut members: HashMap<String, BTreeSet<String>> = HashMap::new();
        for m in self
            .store
            .list(viewer, "membership", &RecordQuery::default())?
        {
            let name = m.body["body"].as_str().and_then(|id| names.get(id));
            if let (true, Some(name), Some(iso3)) =
                (m.envelope.valid.holds_on(on), name, m.body["iso3"].as_str())
            {
                members
                    .entry(iso3.to_owned())
                    .or_default()
                    .insert((*name).to_owned());
            }
        }
        Ok(members)
    }
}
