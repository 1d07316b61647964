//! A list made ready for searching, and the search: candidates by the words they share, then their scores.

mod search;

pub use search::{Hit, Searcher};

use crate::attributes::Attributes;
use crate::kind::Kind;
use crate::name::{Class, Name};
use crate::vocabulary::{Gathering, Vocabulary};
use crate::weights::Weights;
use rustc_hash::{FxHashMap, FxHashSet};

/// One name of an entry of a list. An entry with several names is listed several times under one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The entry, by the number its list gives it.
    pub entry: String,
    /// What bears the name.
    pub kind: Kind,
    /// The name as listed.
    pub name: String,
    /// What else is known of the entry.
    pub attributes: Attributes,
}

impl Listed {
    /// A name of which nothing else is known.
    #[must_use]
    pub fn new(entry: impl Into<String>, kind: Kind, name: impl Into<String>) -> Self {
        Self {
            entry: entry.into(),
            kind,
            name: name.into(),
            attributes: Attributes::default(),
        }
    }
}

/// What is asked of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// What bears the name.
    pub kind: Kind,
    /// The name.
    pub name: String,
    /// What else is known.
    pub attributes: Attributes,
}

impl Query {
    /// A name of which nothing else is known.
    #[must_use]
    pub fn new(kind: Kind, name: impl Into<String>) -> Self {
        Self {
            kind,
            name: name.into(),
            attributes: Attributes::default(),
        }
    }
}

/// A list made ready for searching.
#[derive(Clone, Debug, Default)]
pub struct Index {
    listed: Vec<Listed>,
    /// Entry of each name: the number of the first name of the entry.
    entries: Vec<u32>,
    vocabulary: Vocabulary,
    /// Words of names, and where each name's begin.
    words: Vec<u32>,
    starts: Vec<u32>,
    /// Sum of the weights of each name's words.
    totals: Vec<f32>,
    /// Weight of each word of the vocabulary.
    weights: Vec<f32>,
    /// Names that hold each word of the vocabulary, and where each word's begin.
    holders: Vec<u32>,
    holder_starts: Vec<u32>,
    how_often: Weights,
}

/// The number of an item in a table.
pub(crate) fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl Index {
    /// Makes a list ready; words are weighed by how often they stand in it.
    #[must_use]
    pub fn build(listed: Vec<Listed>) -> Self {
        let mut index = Self::words_of(listed);
        let mut counts: FxHashMap<Box<str>, u32> = FxHashMap::default();
        let mut seen = FxHashSet::default();
        for name in 0..index.listed.len() {
            seen.clear();
            for word in index.words_at(name) {
                let token = &index.vocabulary.tokens[*word as usize];
                if token.class == Class::Word && seen.insert(&*token.sound) {
                    *counts.entry(token.sound.clone()).or_default() += 1;
                }
            }
        }
        let weights = Weights::new(counts, index.listed.len());
        index.weigh(weights);
        index
    }

    /// Makes a list ready; words are weighed as in another list. For the part of a list that changed.
    #[must_use]
    pub fn with_weights(listed: Vec<Listed>, weights: &Weights) -> Self {
        let mut index = Self::words_of(listed);
        index.weigh(weights.clone());
        index
    }

    fn words_of(listed: Vec<Listed>) -> Self {
        let mut gathering = Gathering::default();
        let mut index = Self::default();
        let mut first: FxHashMap<&str, u32> = FxHashMap::default();
        for (at, name) in (0u32..).zip(&listed) {
            index.entries.push(*first.entry(&name.entry).or_insert(at));
            index.starts.push(number(index.words.len()));
            for token in Name::read(&name.name, name.kind).tokens {
                index.words.push(gathering.number(token));
            }
        }
        index.starts.push(number(index.words.len()));
        index.vocabulary = gathering.finish();
        index.listed = listed;
        index.hold();
        index
    }

    /// Which names hold which word.
    fn hold(&mut self) {
        let mut starts = vec![0u32; self.vocabulary.tokens.len() + 1];
        for word in &self.words {
            starts[*word as usize + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut next = starts.clone();
        let mut holders = vec![0u32; self.words.len()];
        for name in 0..self.listed.len() {
            for at in self.starts[name]..self.starts[name + 1] {
                let place = &mut next[self.words[at as usize] as usize];
                holders[*place as usize] = number(name);
                *place += 1;
            }
        }
        (self.holders, self.holder_starts) = (holders, starts);
    }

    fn weigh(&mut self, weights: Weights) {
        let words = &self.vocabulary.tokens;
        self.weights = words.iter().map(|t| weights.of(t)).collect();
        self.how_often = weights;
        let total = |name| {
            self.words_at(name)
                .iter()
                .map(|w| self.weights[*w as usize])
                .sum()
        };
        self.totals = (0..self.listed.len()).map(total).collect();
    }

    pub(crate) fn words_at(&self, name: usize) -> &[u32] {
        &self.words[self.starts[name] as usize..self.starts[name + 1] as usize]
    }

    pub(crate) fn holders_of(&self, word: usize) -> &[u32] {
        &self.holders[self.holder_starts[word] as usize..self.holder_starts[word + 1] as usize]
    }

    /// The names.
    #[must_use]
    pub fn listed(&self) -> &[Listed] {
        &self.listed
    }

    /// How much words say in this list.
    #[must_use]
    pub fn weights(&self) -> &Weights {
        &self.how_often
    }

    /// The likeliest entries for one query, the likeliest first, at most `limit`. Many queries go through
    /// one [`Searcher`].
    #[must_use]
    pub fn search(&self, query: &Query, limit: usize) -> Vec<Hit> {
        Searcher::new(self).search(query, limit)
    }
}
