//! Words and stamps by number, so that a row is a few numbers.

use rustc_hash::FxHashMap;
use std::{collections::BTreeMap, hash::Hash};
use symbolon_domain::{label::Label, record::Envelope};

/// Codes and partners by number; number nought is none.
pub(crate) struct Words {
    all: Vec<String>,
    number: FxHashMap<String, u32>,
}

impl Default for Words {
    fn default() -> Self {
        let mut new = Self {
            all: vec![],
            number: FxHashMap::default(),
        };
        new.number("");
        new
    }
}

impl Words {
    /// The number of a word; a new one where it has none.
    pub(crate) fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.number.get(word) {
            return *number;
        }
        let number = u32::try_from(self.all.len()).unwrap_or(0);
        self.all.push(word.to_owned());
        self.number.insert(word.to_owned(), number);
        number
    }

    /// A word by its number.
    pub(crate) fn word(&self, number: u32) -> &str {
        self.all.get(number as usize).map_or("", String::as_str)
    }
}

/// Things by number, each once.
pub(crate) struct Numbers<T> {
    all: Vec<T>,
    number: FxHashMap<T, u32>,
}

impl<T: Copy + Eq + Hash> Numbers<T> {
    /// Numbers of which nought is this.
    pub(crate) fn beginning(first: T) -> Self {
        Self {
            all: vec![first],
            number: FxHashMap::from_iter([(first, 0)]),
        }
    }

    /// The number of a thing; a new one where it has none.
    pub(crate) fn number(&mut self, thing: T) -> u32 {
        let next = u32::try_from(self.all.len()).unwrap_or(0);
        let number = *self.number.entry(thing).or_insert(next);
        if number == next {
            self.all.push(thing);
        }
        number
    }

    /// All there are, by number.
    pub(crate) fn all(&self) -> &[T] {
        &self.all
    }
}

/// What decides who sees a record of a kind: label, partner, programme, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Stamp {
    pub(crate) label: u32,
    pub(crate) partner: u32,
    pub(crate) programme: u32,
}

/// Stamps by number. Few, however many records bear them.
#[derive(Default)]
pub(crate) struct Stamps {
    pub(crate) all: Vec<Stamp>,
    number: FxHashMap<Stamp, u32>,
    pub(crate) labels: Vec<Label>,
    label: BTreeMap<Label, u32>,
}

impl Stamps {
    /// The number of the stamp of a record.
    pub(crate) fn number(&mut self, envelope: &Envelope, words: &mut Words) -> u32 {
        let label = self.label_number(&envelope.label);
        let partner = words.number(&envelope.partner);
        let programme = words.number(&envelope.programme);
        let stamp = Stamp {
            label,
            partner,
            programme,
        };
        let next = u32::try_from(self.all.len()).unwrap_or(0);
        let number = *self.number.entry(stamp).or_insert(next);
        if number == next {
            self.all.push(stamp);
        }
        number
    }

    fn label_number(&mut self, label: &Label) -> u32 {
        if let Some(number) = self.label.get(label) {
            return *number;
        }
        let number = u32::try_from(self.labels.len()).unwrap_or(0);
        self.labels.push(label.clone());
        self.label.insert(label.clone(), number);
        number
    }
}
