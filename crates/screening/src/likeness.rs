//! How alike two words are, from 0 to 1, and by what.

use crate::align::How;
use crate::distance::Pattern;
use crate::lexicon::Lexicon;
use crate::name::{Class, Token};
use crate::sound::skeleton;

/// Words less alike than this are different words.
const LEAST: f32 = 0.6;
/// Given names of one group.
const NICKNAME: f32 = 0.9;
/// A particle that a letter was added to or lost from.
const PARTICLE: f32 = 0.7;
/// One letter for a word that begins with it.
const INITIAL: f32 = 0.75;

/// A word made ready to be compared with many.
#[derive(Clone, Debug)]
pub(crate) struct Probe {
    pub(crate) token: Token,
    text: Pattern,
    sound: Pattern,
    /// Consonants of its sound.
    pub(crate) skeleton: Box<str>,
    /// Groups of given names it belongs to.
    pub(crate) groups: &'static [u16],
}

/// Groups of given names a word belongs to.
pub(crate) fn groups(token: &Token) -> &'static [u16] {
    match token.class {
        Class::Word => Lexicon::shipped()
            .groups
            .get(&*token.text)
            .map_or(&[], Vec::as_slice),
        _ => &[],
    }
}

impl Probe {
    pub(crate) fn new(token: Token) -> Self {
        Self {
            text: Pattern::new(&token.text),
            sound: Pattern::new(&token.sound),
            skeleton: skeleton(&token.sound).into(),
            groups: groups(&token),
            token,
        }
    }

    /// How alike the words are; nothing where they are different words.
    pub(crate) fn like(&self, other: &Token) -> Option<(f32, How)> {
        let own = &self.token;
        if own.text == other.text {
            return Some((1.0, How::Same));
        }
        match (own.class, other.class) {
            (Class::Number, _) | (_, Class::Number) | (Class::Form, _) | (_, Class::Form) => None,
            (Class::Initial, _) | (_, Class::Initial) => initial(own, other),
            _ => self.spelled(other),
        }
    }

    fn spelled(&self, other: &Token) -> Option<(f32, How)> {
        let sound = self.sound.distance(&other.sound);
        let (shorter, longer) = ordered(self.token.text.len(), other.text.len());
        let mut best = (0.0, How::Letters);
        // Too far apart to be worth the second distance.
        if sound <= 3 {
            let text = self.text.distance(&other.text);
            best.0 = likeness(&self.token, other, sound, text);
            if sound == 0 {
                best.1 = How::Sound;
            }
            let little = self.token.class == Class::Particle || other.class == Class::Particle;
            if little && text <= 1 && shorter >= 2 {
                best.0 = best.0.max(PARTICLE);
            }
        }
        if shorter <= 3 && best.0 < 0.66 {
            best.0 = 0.0;
        }
        if (self.token.bare || other.bare) && longer >= 3 {
            let bare = self.without_vowels(other);
            best = if bare > best.0 {
                (bare, How::Consonants)
            } else {
                best
            };
        }
        if best.0 < NICKNAME && !self.groups.is_empty() && shared(self.groups, groups(other)) {
            best = (NICKNAME, How::SameGivenName);
        }
        (best.0 >= LEAST).then_some(best)
    }

    /// Words of which one was written without its vowels, by their consonants.
    fn without_vowels(&self, other: &Token) -> f32 {
        let theirs = skeleton(&other.sound);
        if *self.skeleton == *theirs {
            let (bare, whole) = if self.token.bare {
                (&self.token.sound, &other.sound)
            } else {
                (&other.sound, &self.token.sound)
            };
            return match theirs.len() {
                0 | 1 => 0.75,
                _ if within(bare, whole) => 0.97,
                _ => 0.9,
            };
        }
        let apart = Pattern::new(&self.skeleton).distance(&theirs);
        if apart == 1 && theirs.len().min(self.skeleton.len()) >= 3 {
            0.75
        } else {
            0.0
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "letters of a word")]
fn likeness(own: &Token, other: &Token, sound: u32, text: u32) -> f32 {
    let longer = own.text.len().max(other.text.len()) as f32;
    let sounded = own.sound.len().max(other.sound.len()) as f32;
    let length = longer.min(0.5 * (longer + sounded) + 0.5).max(1.0);
    let first = if own.sound.as_bytes().first() == other.sound.as_bytes().first() {
        0.0
    } else {
        0.2
    };
    // A difference that is not heard is a quarter of one that is.
    let heard = 0.75 * sound as f32 + 0.25 * text as f32;
    let cost = heard.min(text as f32) + first;
    (1.0 - cost / length).max(0.0)
}

/// Whether the letters of one word stand in the other in the same order.
fn within(bare: &str, whole: &str) -> bool {
    let mut rest = whole.bytes();
    bare.bytes().all(|c| rest.any(|w| w == c))
}

fn ordered(a: usize, b: usize) -> (usize, usize) {
    (a.min(b), a.max(b))
}

fn shared(a: &[u16], b: &[u16]) -> bool {
    a.iter().any(|g| b.contains(g))
}

fn initial(a: &Token, b: &Token) -> Option<(f32, How)> {
    let words = matches!(a.class, Class::Word | Class::Initial)
        && matches!(b.class, Class::Word | Class::Initial);
    let both = a.class == b.class;
    let alike = words && !both && a.text.as_bytes().first() == b.text.as_bytes().first();
    alike.then_some((INITIAL, How::Initial))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, Name};

    fn like(a: &str, b: &str) -> Option<(f32, How)> {
        let one = |s| Name::read(s, Kind::Person).tokens.remove(0);
        Probe::new(one(a)).like(&one(b))
    }

    #[test]
    fn spellings_typing_errors_and_short_forms_are_alike() {
        assert!(matches!(like("Qassim", "Kasim"), Some((s, How::Sound)) if s > 0.9));
        assert!(matches!(like("Grigory", "Grigroy"), Some((s, How::Letters)) if s > 0.8));
        assert!(matches!(
            like("Bill", "William"),
            Some((_, How::SameGivenName))
        ));
        assert!(matches!(like("محمود", "Mahmoud"), Some((s, How::Consonants)) if s > 0.9));
        assert!(matches!(like("J", "Jonathan"), Some((_, How::Initial))));
    }

    #[test]
    fn different_names_are_not() {
        for (a, b) in [
            ("Viktor", "Boris"),
            ("Kim", "Pak"),
            ("Jones", "Garcia"),
            ("7", "8"),
        ] {
            assert_eq!(like(a, b), None, "{a} and {b}");
        }
    }
}
