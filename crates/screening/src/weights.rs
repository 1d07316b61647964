//! How much a word says: rare words much, common words little, titles and particles next to nothing.

use crate::lexicon::Lexicon;
use crate::name::{Class, Token};
use rustc_hash::FxHashMap;

/// Lists smaller than this are taken as this large, so that a short list does not make every word rare or common.
const LEAST: f32 = 20_000.0;

/// How often words stand in names, from the shipped table and the names of a list. Clones share.
#[derive(Clone, Debug, Default)]
pub struct Weights {
    counts: std::sync::Arc<FxHashMap<Box<str>, u32>>,
    names: f32,
}

impl Weights {
    /// From how many of `names` names hold each sound.
    pub(crate) fn new(counts: FxHashMap<Box<str>, u32>, names: usize) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "a count of names")]
        let names = names as f32;
        Self {
            counts: counts.into(),
            names,
        }
    }

    /// How much a word says, from 0 (nothing) to 1.
    #[must_use]
    pub fn of(&self, token: &Token) -> f32 {
        let base = match token.class {
            Class::Word => 0.1 + 0.9 * self.rarity(&token.sound),
            Class::Number => 0.5,
            Class::Initial => 0.2,
            Class::Particle => 0.06,
            Class::Title => 0.1,
            Class::Form => 0.08,
        };
        match token.text.len() {
            0..=2 if token.class == Class::Word => base * 0.6,
            _ => base,
        }
    }

    /// 1 for a word that stands in no name, falling with the logarithm of how many hold it.
    fn rarity(&self, sound: &str) -> f32 {
        let rate = Lexicon::shipped().rates.get(sound).copied().unwrap_or(0.0);
        #[expect(clippy::cast_precision_loss, reason = "a count of names")]
        let counted = self.counts.get(sound).copied().unwrap_or(0) as f32;
        let scaled = if self.names < LEAST {
            counted
        } else {
            counted / self.names * LEAST
        };
        let held = scaled.max(rate * LEAST / 10_000.0);
        (1.0 - (1.0 + held).ln() / (1.0 + LEAST / 20.0).ln()).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, Name};

    #[test]
    fn common_words_say_less_than_rare_ones() {
        let weights = Weights::default();
        let name = Name::read("Orlovtest Trading Company Ltd", Kind::Organisation);
        let w: Vec<f32> = name.tokens.iter().map(|t| weights.of(t)).collect();
        assert!(w[0] > 0.9 && w[1] < 0.4 && w[2] < 0.2);
    }
}
