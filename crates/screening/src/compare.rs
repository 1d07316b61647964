//! Two names side by side, without a list.

use crate::align::Alignment;
use crate::attributes::Attributes;
use crate::explain::{Reason, reasons};
use crate::features::{Features, Side, features};
use crate::kind::Kind;
use crate::likeness::Probe;
use crate::model::{Model, Verdict, score};
use crate::name::{Name, Token};
use crate::weights::Weights;

/// What a comparison found.
#[derive(Clone, Debug)]
pub struct Compared {
    /// How likely the names mean the same, from 0 to 1.
    pub score: f32,
    /// What the machine says.
    pub verdict: Verdict,
    /// The figures.
    pub features: Features,
    /// Why, the weightiest first.
    pub reasons: Vec<Reason>,
}

/// Compares two names of a kind.
#[must_use]
pub fn compare(kind: Kind, asked: &str, listed: &str, weights: &Weights) -> Compared {
    let (asked, listed) = (Name::read(asked, kind), Name::read(listed, kind));
    let probes: Vec<Probe> = asked.tokens.iter().cloned().map(Probe::new).collect();
    let a: Vec<&Token> = asked.tokens.iter().collect();
    let l: Vec<&Token> = listed.tokens.iter().collect();
    let weigh = |tokens: &[&Token]| -> Vec<f32> { tokens.iter().map(|t| weights.of(t)).collect() };
    let (weights_a, weights_l) = (weigh(&a), weigh(&l));
    let mut alignment = Alignment::default();
    alignment.fill(&a, &l, |i, j| probes[i].like(l[j]));
    let sides = (
        Side {
            tokens: &a,
            weights: &weights_a,
        },
        Side {
            tokens: &l,
            weights: &weights_l,
        },
    );
    let features = features(sides.0, sides.1, &alignment);
    let model = Model::shipped();
    let score = score(model.odds(kind.is_person(), &features));
    let none = Attributes::default();
    Compared {
        score,
        verdict: model.verdict(score),
        features,
        reasons: reasons(kind, &features, &alignment, sides, (&none, &none)),
    }
}
