//! Catalogues of words: one file a language, embedded, read once. A word is looked up as a whole, then as a
//! pattern with places (`New {}`), then sentence by sentence.

use super::Language;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// A catalogue as its file has it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// Templates that say nothing in English: a test holds the language to it.
    #[serde(default)]
    pub templates: Vec<String>,
    /// Pages of a partner's officer, by the names that the test of languages gives them, that say nothing in
    /// English.
    #[serde(default)]
    pub pages: Vec<String>,
    /// Kinds of record of which every label, state and help is said.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// English words and what they are in the language. `{}` is a place that is kept as it stands,
    /// `{word}` one whose words are said in the language too.
    words: HashMap<String, String>,
    /// Counted nouns, by their English singular: words of each plural class (CLDR), with `{}` for the number.
    counted: BTreeMap<String, BTreeMap<String, String>>,
    /// Whether the language runs right to left.
    #[serde(skip)]
    rtl: bool,
    /// Patterns: those of the words that have places, longest first.
    #[serde(skip)]
    patterns: Vec<Pattern>,
}

/// Words with places.
#[derive(Clone, Debug)]
struct Pattern {
    /// English: what stands before, between and after the places.
    english: Vec<String>,
    /// For each place, whether its words are said too.
    said: Vec<bool>,
    /// The same parts in the language.
    words: Vec<String>,
}

/// What stands around the places of a text, and for each place whether its words are said too.
fn parts(text: &str) -> (Vec<String>, Vec<bool>) {
    let (mut parts, mut said) = (vec![], vec![]);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        parts.push(before.to_owned());
        said.push(name == "word");
        rest = after;
    }
    parts.push(rest.to_owned());
    (parts, said)
}

impl Pattern {
    fn of(english: &str, words: &str) -> Self {
        let (english, said) = parts(english);
        let (words, _) = parts(words);
        Self {
            english,
            said,
            words,
        }
    }

    /// Letters that must stand there.
    fn fixed(&self) -> usize {
        self.english.iter().map(String::len).sum()
    }
}

/// The file of a language.
pub(super) fn file(language: Language) -> &'static str {
    match language {
        Language::English => "",
        Language::French => include_str!("../../../words/fr.toml"),
        Language::Spanish => include_str!("../../../words/es.toml"),
        Language::Arabic => include_str!("../../../words/ar.toml"),
        Language::Portuguese => include_str!("../../../words/pt.toml"),
    }
}

impl Catalogue {
    /// Reads a catalogue.
    ///
    /// # Errors
    /// What is wrong with the file and where.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut read: Self = toml::from_str(text).map_err(|e| e.to_string())?;
        let placed = read.words.iter().filter(|(k, _)| k.contains('{'));
        read.patterns = placed.map(|(k, v)| Pattern::of(k, v)).collect();
        read.patterns
            .sort_by(|a, b| (b.fixed(), &a.english).cmp(&(a.fixed(), &b.english)));
        Ok(read)
    }

    /// The catalogue of a language; none of English.
    #[must_use]
    pub fn of(language: Language) -> Option<&'static Self> {
        static READ: OnceLock<Vec<Catalogue>> = OnceLock::new();
        let all = READ.get_or_init(|| {
            let read = |l: &Language| Self {
                rtl: l.rtl(),
                ..Self::read(file(*l)).unwrap_or_default()
            };
            Language::ALL[1..].iter().map(read).collect()
        });
        all.get((language as usize).checked_sub(1)?)
    }

    /// English words and their translation, as the file has them.
    pub fn words(&self) -> impl Iterator<Item = (&str, &str)> {
        self.words.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }

    /// Counted nouns: English singular, and words by plural class.
    pub fn counted(&self) -> impl Iterator<Item = (&str, &BTreeMap<String, String>)> {
        self.counted.iter().map(|(k, v)| (k.as_str(), v))
    }

    /// The words of a counted noun in a plural class.
    pub(super) fn class(&self, noun: &str, class: &str) -> Option<&str> {
        let classes = self.counted.get(noun)?;
        let found = classes.get(class).or_else(|| classes.get("other"))?;
        Some(found)
    }

    /// What English words are here, where every one of them is known: nothing is kept as it stands.
    pub(super) fn whole<'a>(&'a self, english: &str) -> Option<Cow<'a, str>> {
        if let Some(found) = self.words.get(english) {
            return Some(Cow::Borrowed(found));
        }
        let closed = self.patterns.iter().filter(|p| p.said.iter().all(|s| *s));
        closed
            .filter_map(|p| self.by_pattern(p, english))
            .next()
            .map(Cow::Owned)
    }

    /// What English words are here: as a whole, as a pattern, or sentence by sentence.
    pub(super) fn find<'a>(&'a self, english: &str) -> Option<Cow<'a, str>> {
        if let Some(found) = self.words.get(english) {
            return Some(Cow::Borrowed(found));
        }
        self.within_sentence(english)
            .or_else(|| self.by_patterns(english))
            .or_else(|| self.by_sentence(english))
            .map(Cow::Owned)
    }

    /// A name written small, as within a sentence: "capability gap" for "Capability gap".
    fn within_sentence(&self, english: &str) -> Option<String> {
        let first = english.chars().next().filter(char::is_ascii_lowercase)?;
        let large = format!("{}{}", first.to_ascii_uppercase(), &english[1..]);
        let found = self.words.get(&large).cloned();
        let found = found.or_else(|| self.by_patterns(&large))?;
        let mut letters = found.chars();
        let first = letters.next()?;
        Some(first.to_lowercase().chain(letters).collect())
    }

    fn by_patterns(&self, english: &str) -> Option<String> {
        let mut all = self.patterns.iter();
        all.find_map(|p| self.by_pattern(p, english))
    }

    fn by_pattern(&self, pattern: &Pattern, english: &str) -> Option<String> {
        let places = fitted(&pattern.english, english)?;
        let (first, rest) = pattern.words.split_first()?;
        let mut out = first.clone();
        for ((place, said), part) in places.iter().zip(&pattern.said).zip(rest) {
            if *said {
                out.push_str(&self.find(place)?);
            } else {
                self.keep(place, &mut out);
            }
            out.push_str(part);
        }
        Some(out)
    }

    /// Puts in what stands as it is: apart from the words around it, where those run the other way.
    fn keep(&self, place: &str, out: &mut String) {
        let letters = place.chars().any(|c| c.is_ascii_alphabetic());
        if self.rtl && letters {
            out.push('\u{2068}');
            out.push_str(place);
            out.push('\u{2069}');
        } else {
            out.push_str(place);
        }
    }

    /// Sentences, each of which must be known.
    fn by_sentence(&self, english: &str) -> Option<String> {
        english.match_indices(". ").find_map(|(at, _)| {
            let first = &english[..=at];
            let whole = self.words.get(first).cloned();
            let first = whole.or_else(|| self.by_patterns(first))?;
            let rest = self.find(&english[at + 2..])?;
            Some(format!("{first} {rest}"))
        })
    }
}

/// What stands in the places of a pattern, if a text is of it.
fn fitted<'a>(pattern: &[String], text: &'a str) -> Option<Vec<&'a str>> {
    let (first, parts) = pattern.split_first()?;
    let mut rest = text.strip_prefix(first.as_str())?;
    let mut places = vec![];
    for (i, part) in parts.iter().enumerate() {
        let at = if i + 1 == parts.len() {
            rest.strip_suffix(part.as_str())?.len()
        } else {
            rest.find(part.as_str())?
        };
        let place = &rest[..at];
        // A place holds a name or a few words, or what stands between quotation marks.
        let quoted = pattern.iter().any(|p| p.contains('\u{201c}'));
        if place.is_empty() || (place.contains(". ") && !quoted) {
            return None;
        }
        places.push(place);
        rest = &rest[at + part.len()..];
    }
    Some(places)
}
