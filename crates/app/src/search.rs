//! The box that is always there: countries, data sets, units, courses and places.

use crate::{App, Result};
use schemars::JsonSchema;
use serde::Serialize;
use symbolon_access::Viewer;
use symbolon_insight::columns::TextColumn;

/// Something found.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Hit {
    /// Kind: `country`, `dataset`, `known_unit` (on record), `unit` (as trained), `course`, `place`.
    pub kind: &'static str,
    /// Name.
    pub title: String,
    /// What it is, in short.
    pub detail: String,
    /// Where it is.
    pub href: String,
}

/// What was found.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct SearchResult {
    /// Found things by kind, best first within each.
    pub hits: Vec<Hit>,
    /// Words taken for the ones asked for.
    pub spellings: Vec<(String, String)>,
}

const MOST: usize = 10;

impl App {
    /// Finds words everywhere the viewer may look.
    pub fn search(&self, viewer: &Viewer, words: &str) -> Result<SearchResult> {
        let mut result = SearchResult::default();
        if words.trim().is_empty() {
            return Ok(result);
        }
        for c in self.countries(viewer, words)?.into_iter().take(MOST) {
            let detail = format!("{}, {}", c.iso3, c.region);
            result.hits.push(Hit {
                kind: "country",
                title: c.name,
                detail,
                href: format!("/countries/{}", c.iso3),
            });
        }
        let needle = words.to_lowercase();
        for d in self
            .datasets_of(viewer)?
            .iter()
            .filter(|d| d.dataset.title.to_lowercase().contains(&needle))
        {
            let (title, href) = (d.dataset.title.clone(), format!("/datasets/{}", d.code));
            result.hits.push(Hit {
                kind: "dataset",
                title,
                detail: d.dataset.years.clone(),
                href,
            });
        }
        self.search_units(viewer, words, &mut result)?;
        self.search_strings(viewer, words, &mut result)?;
        Ok(result)
    }

    fn search_strings(
        &self,
        viewer: &Viewer,
        words: &str,
        result: &mut SearchResult,
    ) -> Result<()> {
        let snapshot = self.snapshot()?;
        let found = snapshot.words.find(words);
        let differs = found
            .spellings
            .iter()
            .filter(|s| s.asked != s.found)
            .take(MOST);
        result.spellings = differs
            .map(|s| (s.asked.clone(), s.found.clone()))
            .collect();
        if found.strings.is_empty() {
            return Ok(());
        }
        let numbers: Vec<i64> = self
            .counted(viewer, None)?
            .iter()
            .filter(|d| d.dataset.content == "training")
            .map(|d| d.dataset.number)
            .collect();
        let parts: [(&'static str, TextColumn); 3] = [
            ("unit", TextColumn::Unit),
            ("course", TextColumn::Course),
            ("place", TextColumn::Location),
        ];
        for (kind, column) in parts {
            let ranking = snapshot.columns.ranking(&numbers, None, column);
            let best = ranking.iter().filter(|(n, _)| found.strings.has(*n));
            for (n, sums) in best.take(MOST) {
                let title = snapshot.strings[*n as usize].to_string();
                let href = format!("/training?{kind}={}", escape(&title));
                result.hits.push(Hit {
                    kind,
                    detail: format!("{} rows", sums.rows),
                    title,
                    href,
                });
            }
        }
        Ok(())
    }
}

/// Percent-encoding for a query value.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(byte as char)
            }
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
