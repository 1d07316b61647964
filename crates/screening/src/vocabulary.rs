//! The distinct words of a list, and the way from a word to those like it without looking at all of them.
//!
//! Every word is filed under what is left of its sound when up to two letters are left out (of its first
//! seven), of its spelling when one is, under its consonants and under its groups of given names. Two words at most two letters apart
//! then meet in one of the files.

use crate::likeness::groups;
use crate::name::{Class, Token};
use crate::sound::skeleton;
use rustc_hash::FxHashMap;
use std::hash::{BuildHasher, Hash, Hasher};

/// Letters of a sound that files are made from.
const BEGINNING: usize = 7;

/// Sorts of files.
#[derive(Clone, Copy, Hash)]
enum File {
    Sound,
    Letters,
    Consonants,
    BareConsonants,
    Group,
}

/// The words.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vocabulary {
    pub(crate) tokens: Vec<Token>,
    /// Starts of buckets in `filed`; a bucket holds the files whose hash begins alike.
    buckets: Vec<u32>,
    /// Hash of the file, word.
    filed: Vec<(u32, u32)>,
    shift: u32,
}

/// Gathers words while names are read.
#[derive(Default)]
pub(crate) struct Gathering {
    tokens: Vec<Token>,
    numbers: FxHashMap<(Box<str>, Class, bool), u32>,
}

impl Gathering {
    /// The number of a word, a new one where it was not met before.
    pub(crate) fn number(&mut self, token: Token) -> u32 {
        let next = u32::try_from(self.tokens.len()).unwrap_or(u32::MAX);
        let key = (token.text.clone(), token.class, token.bare);
        *self.numbers.entry(key).or_insert_with(|| {
            self.tokens.push(token);
            next
        })
    }

    /// Files the words.
    pub(crate) fn finish(self) -> Vocabulary {
        let mut filed = vec![];
        for (number, token) in (0u32..).zip(&self.tokens) {
            each_file(token, &mut |file| filed.push((file, number)));
        }
        filed.sort_unstable();
        filed.dedup();
        let wanted = (filed.len() / 2).next_power_of_two().max(2);
        let shift = 32 - wanted.trailing_zeros();
        let mut buckets = vec![0u32; wanted + 1];
        for (file, _) in &filed {
            buckets[(file >> shift) as usize + 1] += 1;
        }
        for i in 1..buckets.len() {
            buckets[i] += buckets[i - 1];
        }
        Vocabulary {
            tokens: self.tokens,
            buckets,
            filed,
            shift,
        }
    }
}

fn hash(file: File, text: &[u8]) -> u32 {
    let mut state = rustc_hash::FxBuildHasher.build_hasher();
    file.hash(&mut state);
    state.write(text);
    (state.finish().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

/// Letters that may be left out of a sound of this length.
fn left_out(length: usize) -> usize {
    match length {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    }
}

/// Letters that may be left out of a spelling whose beginning is of this length.
fn letters_out(length: usize) -> usize {
    usize::from(length >= 4)
}

/// What is left when up to `n` letters from `from` on are left out.
fn leaving(text: &[u8], from: usize, n: usize, each: &mut impl FnMut(&[u8])) {
    each(text);
    if n == 0 || text.len() < 2 {
        return;
    }
    let mut rest = [0u8; BEGINNING];
    for i in from..text.len() {
        // Of two equal neighbours one does for both.
        if i > 0 && text[i] == text[i - 1] {
            continue;
        }
        rest[..i].copy_from_slice(&text[..i]);
        rest[i..text.len() - 1].copy_from_slice(&text[i + 1..]);
        leaving(&rest[..text.len() - 1], i, n - 1, each);
    }
}

fn beginning(sound: &str) -> &[u8] {
    &sound.as_bytes()[..sound.len().min(BEGINNING)]
}

fn each_file(token: &Token, each: &mut impl FnMut(u32)) {
    let sound = beginning(&token.sound);
    let spelled = matches!(token.class, Class::Word | Class::Title);
    let n = if spelled {
        left_out(token.sound.len())
    } else {
        0
    };
    leaving(sound, 0, n, &mut |rest| each(hash(File::Sound, rest)));
    if spelled {
        let text = beginning(&token.text);
        leaving(text, 0, letters_out(text.len()), &mut |rest| {
            each(hash(File::Letters, rest));
        });
        let consonants = skeleton(&token.sound);
        if consonants.len() >= 2 {
            each(hash(File::Consonants, consonants.as_bytes()));
            if token.bare {
                each(hash(File::BareConsonants, consonants.as_bytes()));
            }
        }
        for group in groups(token) {
            each(hash(File::Group, &group.to_le_bytes()));
        }
    }
}

impl Vocabulary {
    fn file(&self, file: u32, each: &mut impl FnMut(u32)) {
        let bucket = (file >> self.shift) as usize;
        let Some((&start, &end)) = self.buckets.get(bucket).zip(self.buckets.get(bucket + 1))
        else {
            return;
        };
        for (found, number) in &self.filed[start as usize..end as usize] {
            if *found == file {
                each(*number);
            }
        }
    }

    /// Words that may be like this one; the same one may come more than once.
    pub(crate) fn near(&self, token: &Token, each: &mut impl FnMut(u32)) {
        if self.filed.is_empty() {
            return;
        }
        let n = left_out(token.sound.len());
        leaving(beginning(&token.sound), 0, n, &mut |rest| {
            self.file(hash(File::Sound, rest), each)
        });
        let text = beginning(&token.text);
        leaving(text, 0, letters_out(text.len()), &mut |rest| {
            self.file(hash(File::Letters, rest), each);
        });
        let consonants = skeleton(&token.sound);
        if consonants.len() >= 2 {
            let sort = if token.bare {
                File::Consonants
            } else {
                File::BareConsonants
            };
            self.file(hash(sort, consonants.as_bytes()), each);
        }
        for group in groups(token) {
            self.file(hash(File::Group, &group.to_le_bytes()), each);
        }
    }

    /// Words of exactly this sound.
    pub(crate) fn sounding(&self, sound: &str, each: &mut impl FnMut(u32)) {
        if self.filed.is_empty() {
            return;
        }
        let tokens = &self.tokens;
        let mut same = |n: u32| {
            if *tokens[n as usize].sound == *sound {
                each(n)
            }
        };
        self.file(hash(File::Sound, beginning(sound)), &mut same);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distance::Pattern;
    use crate::{Kind, Name};
    use proptest::prelude::*;

    fn word(text: &str) -> Token {
        Name::read(text, Kind::Person).tokens.remove(0)
    }

    proptest! {
        /// The files lose no word that is near enough: against looking at all of them.
        #[test]
        fn no_word_near_enough_is_missed(words in proptest::collection::vec("[b-m]{3,9}", 1..30), asked in "[b-m]{3,9}") {
            let mut gathering = Gathering::default();
            for w in &words { gathering.number(word(w)); }
            let vocabulary = gathering.finish();
            let asked = word(&asked);
            let mut found = vec![];
            vocabulary.near(&asked, &mut |n| found.push(n));
            let pattern = Pattern::new(&asked.sound);
            for (n, token) in (0u32..).zip(&vocabulary.tokens) {
                let far = left_out(asked.sound.len()).min(left_out(token.sound.len()));
                if token.class == Class::Word && asked.class == Class::Word && pattern.distance(&token.sound) as usize <= far {
                    prop_assert!(found.contains(&n), "{} missed {}", asked.text, token.text);
                }
            }
        }
    }
}
