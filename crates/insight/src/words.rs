//! Text search over distinct strings that forgives spelling, and says which spellings it took.
//!
//! Strings are folded (transliterated, lower case) and cut into words. A query word matches a word
//! that begins with it, or one within a small edit distance; all words of the query must match.

use crate::bits::Bits;
use rapidfuzz::distance::osa;
use std::collections::HashMap;

/// Words of a text as compared: ASCII letters and digits, lower case.
pub fn fold(text: &str, mut each: impl FnMut(&str)) {
    let folded = any_ascii::any_ascii(text);
    for word in folded
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty())
    {
        each(&word.to_ascii_lowercase());
    }
}

/// An index over distinct strings, each with a number given by the caller's order.
#[derive(Debug, Default)]
pub struct WordIndex {
    words: Vec<Box<str>>,
    /// Numbers of the strings that hold a word, by word.
    strings: Vec<Vec<u32>>,
    size: usize,
}

/// How a query word was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelling {
    /// The word asked for.
    pub asked: String,
    /// The word that stands in the data.
    pub found: String,
    /// Why it was taken.
    pub how: How,
    /// How many strings hold it.
    pub strings: usize,
}

/// Why a word was taken for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// The same word.
    Same,
    /// It begins with the word asked for.
    Begins,
    /// So many letters differ.
    Letters(u8),
}

/// What a query found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The strings.
    pub strings: Bits,
    /// The spellings that were taken, nearest first.
    pub spellings: Vec<Spelling>,
}

impl WordIndex {
    /// Indexes strings in the order of their numbers, from 0.
    pub fn new<'a>(strings: impl Iterator<Item = &'a str>) -> Self {
        let mut numbers: HashMap<Box<str>, u32> = HashMap::new();
        let mut index = Self::default();
        for (string, text) in strings.enumerate() {
            index.size = string + 1;
            fold(text, |word| {
                let n = *numbers.entry(word.into()).or_insert_with(|| {
                    index.words.push(word.into());
                    index.strings.push(vec![]);
                    (index.words.len() - 1) as u32
                });
                let list = &mut index.strings[n as usize];
                if list.last() != Some(&(string as u32)) {
                    list.push(string as u32);
                }
            });
        }
        index
    }

    /// Number of strings.
    #[must_use]
    pub fn len(&self) -> usize {
        self.size
    }

    /// Whether there are no strings.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.size == 0
    }

    /// The strings that hold every word of the query.
    #[must_use]
    pub fn find(&self, query: &str) -> Found {
        let mut found = Found::default();
        let mut first = true;
        fold(query, |word| {
            let mut strings = Bits::below(self.size);
            for (n, how) in self.words_like(word) {
                let list = &self.strings[n];
                list.iter().for_each(|s| strings.insert(*s));
                found.spellings.push(Spelling {
                    asked: word.to_owned(),
                    found: self.words[n].to_string(),
                    how,
                    strings: list.len(),
                });
            }
            if std::mem::take(&mut first) {
                found.strings = strings;
            } else {
                found.strings.keep(&strings);
            }
        });
        if first {
            found.strings = Bits::below(self.size);
        }
        found
            .spellings
            .sort_by(|a, b| (a.how, b.strings).cmp(&(b.how, a.strings)));
        found
    }

    /// Words that count as the one asked for: those that begin with it, and those a letter away. Two
    /// letters are forgiven only where nothing begins with it, so that a well-spelled query finds
    /// what it says.
    fn words_like(&self, asked: &str) -> Vec<(usize, How)> {
        let mut like: Vec<(usize, How)> = self
            .words
            .iter()
            .enumerate()
            .filter(|(_, w)| w.starts_with(asked))
            .map(|(n, w)| {
                (
                    n,
                    if w.len() == asked.len() {
                        How::Same
                    } else {
                        How::Begins
                    },
                )
            })
            .collect();
        let forgiven = letters_forgiven(asked);
        let most = if like.is_empty() {
            forgiven
        } else {
            forgiven.min(1)
        };
        if most > 0 {
            let scorer = osa::BatchComparator::new(asked.chars());
            let args = osa::Args::default().score_cutoff(most);
            for (n, word) in self.words.iter().enumerate() {
                if word.len().abs_diff(asked.len()) <= most
                    && !word.starts_with(asked)
                    && let Some(distance) = scorer.distance_with_args(word.chars(), &args)
                {
                    like.push((n, How::Letters(distance as u8)));
                }
            }
        }
        like
    }
}

/// One wrong letter in a word of four to six, two in a longer one; none where digits stand, since
/// another number is another unit.
fn letters_forgiven(word: &str) -> usize {
    if word.bytes().any(|b| b.is_ascii_digit()) {
        return 0;
    }
    match word.len() {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> WordIndex {
        WordIndex::new(
            [
                "72 Mobile Strike Force Battalion",
                "Bataillon d'Infanterie Motorisée",
                "73 Battalion",
                "Naval Academy",
            ]
            .into_iter(),
        )
    }

    fn find(query: &str) -> Vec<u32> {
        index().find(query).strings.iter().collect()
    }

    #[test]
    fn every_word_must_be_there_in_any_order() {
        assert_eq!(find("battalion strike"), [0]);
        assert_eq!(find("battalion"), [0, 2]);
        assert_eq!(find("battalion academy"), Vec::<u32>::new());
    }

    #[test]
    fn wrong_letters_are_forgiven_and_shown() {
        let found = index().find("batalion");
        assert_eq!(found.strings.iter().collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(found.spellings[0].how, How::Letters(1));
        assert_eq!(find("acadamy"), [3]);
    }

    #[test]
    fn accents_are_no_obstacle() {
        assert_eq!(find("motorisee"), [1]);
        assert_eq!(find("MOTORISÉE"), [1]);
    }

    #[test]
    fn another_number_is_another_unit() {
        assert_eq!(find("73"), [2]);
        assert_eq!(find("74"), Vec::<u32>::new());
    }

    #[test]
    fn an_empty_query_finds_nothing() {
        assert_eq!(find(" -- "), Vec::<u32>::new());
    }
}
