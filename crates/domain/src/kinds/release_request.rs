//! Release: records of one's own nation shown to other nations, asked by one officer and granted by another.

use crate::{
    country::Iso3,
    kind::{Fault, Kind, Transition},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Shows records to further nations, with which an agreement to share is in force: one officer of the
/// nation that made them asks, a releasing officer of it grants. Granting widens their labels at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseRequest {
    /// What is released to whom.
    #[schemars(length(max = 200), extend("x-list" = true))]
    pub title: String,
    /// The records, each as kind and code with a stroke between: `case/CASE-B4K7N`; one a line.
    pub records: Vec<String>,
    /// The nations (ISO 3166-1 alpha-3) it is released to; one a line.
    #[schemars(title = "Released to", extend("x-list" = true))]
    pub nations: Vec<String>,
    /// Why.
    #[schemars(extend("x-type" = "long-text"))]
    pub grounds: String,
}

impl Kind for ReleaseRequest {
    const CODE: &'static str = "release_request";
    const NAME: &'static str = "Release";
    const AREA: &'static str = "exchange";
    const STATES: &'static [&'static str] = &["asked", "granted", "refused"];
    const TRANSITIONS: &'static [Transition] = &[
        Transition::new("grant", "Grant the release", &["asked"], "granted").approval(),
        Transition::new("refuse", "Refuse", &["asked"], "refused").with_reason(),
    ];
    const KEY: &'static [&'static str] = &["title"];

    fn faults(&self) -> Vec<Fault> {
        let mut faults = vec![];
        if self.records.is_empty() {
            faults.push(Fault::new("records", "missing", "Name a record"));
        }
        if self.records.iter().any(|r| r.split_once('/').is_none()) {
            let message = "Write each record as kind/code, as case/CASE-B4K7N";
            faults.push(Fault::new("records", "wrong-type", message));
        }
        if self.nations.is_empty() {
            faults.push(Fault::new("nations", "missing", "Name a nation"));
        }
        if let Some(wrong) = self.nations.iter().find(|n| n.parse::<Iso3>().is_err()) {
            let message = format!("`{wrong}` is no nation: three letters, as SEN");
            faults.push(Fault::new("nations", "wrong-type", message));
        }
        faults
    }
}
