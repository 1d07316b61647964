//! Why a score is what it is, feature by feature and word by word.

use crate::align::{Alignment, How};
use crate::attributes::{Attributes, weigh};
use crate::features::{FEATURES, Features, Side};
use crate::kind::Kind;
use crate::model::Model;
use serde::Serialize;

/// One reason for a score.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reason {
    /// Feature, or `words` for words that were paired.
    pub feature: &'static str,
    /// What it says, for people.
    pub says: String,
    /// What it adds to the logarithm of the odds; nothing for paired words.
    pub adds: f32,
}

/// Features that add less are left out.
const LEAST: f32 = 0.05;

impl How {
    /// For people.
    fn says(self) -> &'static str {
        match self {
            Self::Same => "the same",
            Self::Sound => "sounds the same",
            Self::Letters => "a few letters differ",
            Self::Consonants => "the same consonants, vowels unwritten",
            Self::SameGivenName => "forms of one given name",
            Self::Initial => "an initial",
            Self::Joined => "written together or apart",
            Self::Acronym => "first letters",
        }
    }
}

/// The reasons, words first, then features by weight.
pub(crate) fn reasons(
    kind: Kind,
    features: &Features,
    alignment: &Alignment,
    (asked, listed): (Side<'_>, Side<'_>),
    attributes: (&Attributes, &Attributes),
) -> Vec<Reason> {
    let mut out: Vec<Reason> = Vec::with_capacity(12);
    for pair in &alignment.pairs {
        out.push(Reason {
            feature: "words",
            says: [
                run(asked, pair.asked).as_str(),
                " = ",
                &run(listed, pair.listed),
                ": ",
                pair.how.says(),
            ]
            .concat(),
            adds: 0.0,
        });
    }
    let words = out.len();
    let parts = Model::shipped().parts(kind.is_person(), features);
    let weighty = FEATURES
        .iter()
        .zip(parts)
        .filter(|(_, adds)| adds.abs() >= LEAST);
    out.extend(weighty.map(|((feature, help), adds)| Reason {
        feature,
        says: (*help).to_owned(),
        adds,
    }));
    let beside = weigh(attributes.0, attributes.1);
    out.extend(beside.map(|(feature, adds)| Reason {
        feature,
        says: feature.replace('_', " "),
        adds,
    }));
    out[words..].sort_by(|a, b| b.adds.abs().total_cmp(&a.adds.abs()));
    out
}

fn run(side: Side<'_>, (start, length): (u8, u8)) -> String {
    let words = &side.tokens[usize::from(start)..usize::from(start) + usize::from(length)];
    let mut out = String::new();
    for word in words {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&word.text);
    }
    out
}
