//! The tables of words that ship with the program, read once: titles, particles, legal forms, numbers, words
//! that stand for each other, given names, sounds, letters of other scripts, common words.

use crate::distance::Pattern;
use crate::sound::Sounds;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A table that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("table of words `{table}`: {problem}")]
pub struct LexiconError {
    table: &'static str,
    problem: String,
}

impl LexiconError {
    pub(crate) fn new(table: &'static str, problem: String) -> Self {
        Self { table, problem }
    }
}

/// What a letter of another script becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Letter {
    /// These Latin letters.
    Plain(&'static str),
    /// A consonant or long vowel of a script that leaves short vowels out.
    Bare(&'static str),
    /// A sign of a short vowel in such a script.
    Vowel(&'static str),
}

/// Makes a letter of what it becomes.
type Sort = fn(&'static str) -> Letter;

/// A phrase of other words, and the words we keep for it.
type Phrases = FxHashMap<String, Vec<String>>;

/// The tables, ready for use.
#[derive(Debug, Default)]
pub struct Lexicon {
    pub(crate) titles: FxHashSet<String>,
    pub(crate) particles: FxHashSet<String>,
    /// Legal forms by phrase.
    pub(crate) forms: FxHashMap<String, String>,
    /// Short legal forms that a mistyped word is taken for.
    guessed: Vec<String>,
    /// Words of units and companies by phrase.
    pub(crate) words: Phrases,
    /// Words that begin a phrase of several words.
    pub(crate) begins: FxHashSet<String>,
    pub(crate) numbers: FxHashMap<String, u32>,
    /// Words of vessels that are no part of the name.
    pub(crate) vessel_words: FxHashSet<String>,
    /// Groups of given names a word belongs to.
    pub(crate) groups: FxHashMap<String, Vec<u16>>,
    /// Names in ten thousand that hold a word, by its sound.
    pub(crate) rates: FxHashMap<String, f32>,
    pub(crate) letters: FxHashMap<char, Letter>,
    pub(crate) sounds: Sounds,
    /// Known words of units and companies by what is left when one letter is left out.
    misspelled: FxHashMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Titles {
    honorifics: Vec<String>,
    ranks: Vec<String>,
    particles: Vec<String>,
}

#[derive(Deserialize)]
struct Scripts {
    vowelless: BTreeMap<String, String>,
    vowels: BTreeMap<String, String>,
    letters: BTreeMap<String, String>,
}

/// A table of phrases by the word kept for them.
type Groups = BTreeMap<String, Vec<String>>;

/// Known words shorter than this are not guessed at.
const KNOWN: usize = 6;

/// A word, and what is left of it when one letter is left out.
fn lefts(word: &str) -> impl Iterator<Item = String> {
    let without = |i: usize| [&word[..i], &word[i + 1..]].concat();
    std::iter::once(word.to_owned()).chain((0..word.len()).map(without))
}

pub(crate) fn table<T: serde::de::DeserializeOwned>(
    name: &'static str,
    text: &str,
) -> Result<T, LexiconError> {
    toml::from_str(text).map_err(|e| LexiconError {
        table: name,
        problem: e.to_string(),
    })
}

/// One member of a table, `source` and its like left aside.
fn member<T: serde::de::DeserializeOwned>(
    name: &'static str,
    text: &str,
    key: &str,
) -> Result<T, LexiconError> {
    let mut whole: toml::Table = table(name, text)?;
    let found = whole.remove(key).unwrap_or(toml::Value::Boolean(false));
    found.try_into().map_err(|e| LexiconError {
        table: name,
        problem: e.to_string(),
    })
}

impl Lexicon {
    /// The tables that ship with the program. A test reads them; an unreadable one would leave all empty.
    #[must_use]
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Lexicon> = OnceLock::new();
        SHIPPED.get_or_init(|| Self::read().unwrap_or_default())
    }

    /// Reads the embedded tables.
    ///
    /// # Errors
    /// A table that is not what it should be.
    pub fn read() -> Result<Self, LexiconError> {
        let mut it = Self {
            sounds: Sounds::new(member(
                "sounds",
                include_str!("../data/sounds.toml"),
                "letters",
            )?),
            ..Self::default()
        };
        it.read_titles(table("titles", include_str!("../data/titles.toml"))?);
        let forms = include_str!("../data/forms.toml");
        it.read_forms(member("forms", forms, "forms")?);
        it.guessed = member("forms", forms, "guessed")?;
        let words = include_str!("../data/words.toml");
        it.read_words(member("words", words, "words")?);
        let vessels: Groups = member("words", words, "vessels")?;
        it.vessel_words = vessels.into_values().flatten().collect();
        it.read_numbers(&member(
            "numbers",
            include_str!("../data/numbers.toml"),
            "words",
        )?);
        let groups = include_str!("../data/nicknames.toml");
        it.read_groups(&member::<Vec<Vec<String>>>("nicknames", groups, "groups")?);
        it.read_scripts(&table("scripts", include_str!("../data/scripts.toml"))?);
        it.file_words();
        let rates: BTreeMap<String, f32> = member(
            "common",
            include_str!("../data/common.toml"),
            "per_ten_thousand",
        )?;
        for (word, rate) in rates {
            let key = it.sounds.of(&word);
            *it.rates.entry(key).or_default() += rate;
        }
        Ok(it)
    }

    /// Files the longer known words of one word for [`Lexicon::meant`].
    fn file_words(&mut self) {
        let words = self.words.keys().chain(self.forms.keys());
        let long: Vec<String> = words
            .filter(|w| w.len() >= KNOWN && w.is_ascii() && !w.contains(' '))
            .cloned()
            .collect();
        for word in long {
            for left in lefts(&word) {
                self.misspelled.entry(left).or_default().push(word.clone());
            }
        }
    }

    /// The known word of units and companies that was meant by one with a letter mistyped.
    pub(crate) fn meant(&self, word: &str) -> Option<&str> {
        if word.len() + 1 < KNOWN || !word.is_ascii() {
            return None;
        }
        let pattern = Pattern::new(word);
        let long = word.len() > KNOWN;
        let near = |w: &&String| {
            pattern.distance(w) <= 1 && (long || w.as_bytes()[0] == word.as_bytes()[0])
        };
        let found = lefts(word).find_map(|l| self.misspelled.get(&l)?.iter().find(near));
        found.map(String::as_str)
    }

    /// The legal form that was meant by a short word with a letter mistyped.
    pub(crate) fn form_meant(&self, word: &str) -> Option<&str> {
        let pattern = Pattern::new(word);
        let short = (3..=5).contains(&word.len());
        let near = |f: &&String| pattern.distance(f) <= 1;
        let found = self.guessed.iter().find(near).filter(|_| short);
        found.map(String::as_str)
    }

    fn read_titles(&mut self, titles: Titles) {
        self.titles.extend(titles.honorifics);
        self.titles.extend(titles.ranks);
        self.particles.extend(titles.particles);
    }

    fn begin(&mut self, phrase: &str) {
        if let Some((first, _)) = phrase.split_once(' ') {
            self.begins.insert(first.to_owned());
        }
    }

    fn read_forms(&mut self, forms: Groups) {
        for (kept, phrases) in forms {
            for phrase in phrases {
                self.begin(&phrase);
                self.forms.insert(phrase, kept.clone());
            }
        }
    }

    fn read_words(&mut self, words: Groups) {
        for (kept, phrases) in words {
            let kept: Vec<String> = kept.split(' ').map(str::to_owned).collect();
            for phrase in phrases {
                self.begin(&phrase);
                self.words.insert(phrase, kept.clone());
            }
        }
    }

    fn read_numbers(&mut self, numbers: &Groups) {
        for (number, words) in numbers {
            for word in words {
                self.numbers
                    .insert(word.clone(), number.parse().unwrap_or(0));
            }
        }
    }

    fn read_groups(&mut self, groups: &[Vec<String>]) {
        for (number, names) in (0u16..).zip(groups) {
            for name in names {
                self.groups.entry(name.clone()).or_default().push(number);
            }
        }
    }

    fn read_scripts(&mut self, scripts: &Scripts) {
        // Kept for as long as the program runs: the tables are read once.
        let still = |s: &String| -> &'static str { Box::leak(s.clone().into_boxed_str()) };
        let sorts: [(_, Sort); 3] = [
            (&scripts.letters, Letter::Plain),
            (&scripts.vowelless, Letter::Bare),
            (&scripts.vowels, Letter::Vowel),
        ];
        for (letters, sort) in sorts {
            for (letter, latin) in letters {
                if let Some(c) = letter.chars().next() {
                    self.letters.insert(c, sort(still(latin)));
                }
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn every_table_that_ships_can_be_read_and_holds_words() {
        let it = Lexicon::read().unwrap();
        assert!(it.titles.len() > 100 && it.particles.len() > 50);
        assert!(it.forms.len() > 100 && it.words.len() > 300 && it.numbers.len() > 100);
        assert!(it.groups.len() > 400 && it.letters.len() > 100 && it.rates.len() > 100);
        assert_eq!(it.forms["gmbh"], "llc");
        assert_eq!(it.numbers["premier"], 1);
        assert_eq!(it.meant("compnany"), Some("company"));
        assert_eq!(it.meant("battalino"), Some("battalion"));
        assert_eq!(it.meant("orlovtest"), None);
    }
}
