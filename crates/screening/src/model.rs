//! From figures to a score between 0 and 1, and from the score to a verdict. The coefficients are data.

use crate::features::{FEATURES, Features};
use crate::lexicon::LexiconError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What the machine says of a pair of names. It never decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Likely another.
    No,
    /// A person has to look.
    NotSure,
    /// Likely the same.
    Match,
}

/// Coefficients of one sort of names, in the order of [`FEATURES`].
type Row = [f32; FEATURES.len()];

/// Coefficients and thresholds.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Score from which a hit is reported: the one shipped threshold.
    pub threshold: f32,
    /// Score from which a hit is likely the same; between the two is *not sure*.
    pub sure: f32,
    person: Row,
    other: Row,
}

#[derive(Deserialize)]
struct File {
    threshold: f32,
    sure: f32,
    person: BTreeMap<String, f32>,
    other: BTreeMap<String, f32>,
}

impl Model {
    /// The model that ships with the program.
    #[must_use]
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Model> = OnceLock::new();
        // A test reads the embedded file; an unreadable one would report everything as not sure.
        let nothing = Self {
            threshold: 0.0,
            sure: 1.0,
            person: [0.0; _],
            other: [0.0; _],
        };
        SHIPPED.get_or_init(|| Self::read(include_str!("../data/model.toml")).unwrap_or(nothing))
    }

    /// Reads a model.
    ///
    /// # Errors
    /// A text that is no model; a feature that does not exist or is missing.
    pub fn read(text: &str) -> Result<Self, LexiconError> {
        let file: File = crate::lexicon::table("model", text)?;
        Ok(Self {
            threshold: file.threshold,
            sure: file.sure,
            person: row(&file.person)?,
            other: row(&file.other)?,
        })
    }

    /// What each feature adds to the score, in the order of [`FEATURES`].
    #[must_use]
    pub fn parts(&self, person: bool, features: &Features) -> Row {
        let row = if person { &self.person } else { &self.other };
        let mut values = features.values();
        for (value, weight) in values.iter_mut().zip(row) {
            *value *= weight;
        }
        values
    }

    /// The logarithm of the odds that the names mean the same.
    #[must_use]
    pub fn odds(&self, person: bool, features: &Features) -> f32 {
        self.parts(person, features).iter().sum()
    }

    /// What the machine says of a score.
    #[must_use]
    pub fn verdict(&self, score: f32) -> Verdict {
        if score >= self.sure {
            Verdict::Match
        } else if score >= self.threshold {
            Verdict::NotSure
        } else {
            Verdict::No
        }
    }
}

/// The score of odds.
#[must_use]
pub(crate) fn score(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

fn row(by_name: &BTreeMap<String, f32>) -> Result<Row, LexiconError> {
    let mut row = [0.0; FEATURES.len()];
    if let Some(unknown) = by_name
        .keys()
        .find(|k| FEATURES.iter().all(|(n, _)| n != k))
    {
        return Err(LexiconError::new(
            "model",
            format!("no feature `{unknown}`"),
        ));
    }
    for (value, (name, _)) in row.iter_mut().zip(FEATURES) {
        let missing = || LexiconError::new("model", format!("feature `{name}` is missing"));
        *value = *by_name.get(name).ok_or_else(missing)?;
    }
    Ok(row)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_model_names_every_feature_once() {
        let model = Model::read(include_str!("../data/model.toml")).unwrap();
        assert!(model.threshold > 0.3 && model.sure > model.threshold);
        assert_eq!(&model, Model::shipped());
    }

    #[test]
    fn a_model_with_an_unknown_feature_is_refused() {
        let text = include_str!("../data/model.toml").replace("bias =", "weather =");
        assert!(
            Model::read(&text)
                .unwrap_err()
                .to_string()
                .contains("weather")
        );
    }
}
