//! The search: words like those asked for, names that hold them, the best of these compared word by word.

use super::{Index, Query, number};
use crate::align::{Alignment, How};
use crate::attributes::weigh;
use crate::explain::{Reason, reasons};
use crate::features::{Features, Side, features};
use crate::likeness::Probe;
use crate::model::{Model, Verdict, score};
use crate::name::{Class, Name, Token};
use crate::weights::Weights;
use serde::Serialize;

/// Names compared word by word for one query, at most.
const COMPARED: usize = 64;
/// Places of names visited for one query, about; the rarest words come first.
const VISITED: usize = 30_000;
/// Hits with a lower score are not worth a line.
const FLOOR: f32 = 0.05;
/// Words asked for or listed that are compared.
const WORDS: usize = 24;

/// An entry that may be meant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hit {
    /// The entry.
    pub entry: String,
    /// The name of the entry that fits best.
    pub name: String,
    /// How likely it is meant, from 0 to 1.
    pub score: f32,
    /// What the machine says. It never decides.
    pub verdict: Verdict,
    /// Entries of this answer with the very same score: the name alone cannot tell them apart.
    pub equals: usize,
    /// Why, words first, then features by weight.
    pub reasons: Vec<Reason>,
    /// The figures.
    #[serde(skip)]
    pub features: Features,
}

/// A candidate that was compared.
#[derive(Clone, Copy, Debug)]
struct Scored {
    name: u32,
    odds: f32,
    features: Features,
}

/// A word asked for, and a word listed that is like it.
#[derive(Clone, Copy)]
struct Near {
    probe: u16,
    word: u32,
    like: f32,
    how: How,
}

/// A search over an index that keeps its working memory between queries.
pub struct Searcher<'a> {
    index: &'a Index,
    /// Sum of what each name shares with the query.
    shared: Vec<f32>,
    touched: Vec<u32>,
    /// 1 + the first of `near` for a word of the vocabulary.
    first: Vec<u32>,
    near: Vec<Near>,
    /// The next of `near` for the same word.
    next: Vec<u32>,
    alignment: Alignment,
    scored: Vec<Scored>,
}

impl<'a> Searcher<'a> {
    /// A search over an index.
    #[must_use]
    pub fn new(index: &'a Index) -> Self {
        Self {
            shared: vec![0.0; index.listed.len()],
            touched: vec![],
            first: vec![0; index.vocabulary.tokens.len()],
            near: vec![],
            next: vec![],
            alignment: Alignment::default(),
            scored: vec![],
            index,
        }
    }

    /// The likeliest entries for one query, the likeliest first, at most `limit`.
    pub fn search(&mut self, query: &Query, limit: usize) -> Vec<Hit> {
        let mut name = Name::read(&query.name, query.kind);
        name.tokens.truncate(WORDS);
        let probes: Vec<Probe> = name.tokens.into_iter().map(Probe::new).collect();
        let tokens: Vec<&Token> = probes.iter().map(|p| &p.token).collect();
        let weights = self.asked_weights(&tokens);
        self.find_words(&probes);
        let candidates = self.candidates(query, &weights);
        self.scored.clear();
        for candidate in candidates {
            self.score(
                query,
                &probes,
                Side {
                    tokens: &tokens,
                    weights: &weights,
                },
                candidate,
            );
        }
        let hits = self.hits(
            query,
            &probes,
            Side {
                tokens: &tokens,
                weights: &weights,
            },
            limit,
        );
        self.forget();
        hits
    }

    /// The names that would be compared for a query, as numbers of [`Index::listed`]: to measure what the
    /// index itself loses.
    pub fn candidate_names(&mut self, query: &Query) -> Vec<u32> {
        let name = Name::read(&query.name, query.kind);
        let probes: Vec<Probe> = name
            .tokens
            .into_iter()
            .take(WORDS)
            .map(Probe::new)
            .collect();
        let tokens: Vec<&Token> = probes.iter().map(|p| &p.token).collect();
        let weights = self.asked_weights(&tokens);
        self.find_words(&probes);
        let found = self.candidates(query, &weights);
        self.forget();
        found
    }

    fn asked_weights(&self, tokens: &[&Token]) -> Vec<f32> {
        let weights: &Weights = &self.index.how_often;
        tokens.iter().map(|t| weights.of(t)).collect()
    }

    fn forget(&mut self) {
        for near in &self.near {
            self.first[near.word as usize] = 0;
        }
        self.near.clear();
        self.next.clear();
    }

    /// Words of the list that are like those asked for.
    fn find_words(&mut self, probes: &[Probe]) {
        let light = probes
            .iter()
            .all(|p| !matches!(p.token.class, Class::Word | Class::Number));
        let vocabulary = &self.index.vocabulary;
        let mut found: Vec<u32> = vec![];
        for (i, probe) in (0u16..).zip(probes) {
            if probe.token.class == Class::Initial && !light {
                continue;
            }
            found.clear();
            vocabulary.near(&probe.token, &mut |n| found.push(n));
            found.sort_unstable();
            found.dedup();
            for word in &found {
                if let Some((like, how)) = probe.like(&vocabulary.tokens[*word as usize]) {
                    self.note(Near {
                        probe: i,
                        word: *word,
                        like,
                        how,
                    });
                }
            }
        }
        self.find_joined(probes);
        self.find_parted(probes);
    }

    fn note(&mut self, near: Near) {
        let first = &mut self.first[near.word as usize];
        self.next.push(*first);
        self.near.push(near);
        *first = number(self.near.len());
    }

    /// Neighbours asked for that the list may write together.
    fn find_joined(&mut self, probes: &[Probe]) {
        let vocabulary = &self.index.vocabulary;
        let mut notes = vec![];
        for (i, pair) in (0u16..).zip(probes.windows(2)) {
            let (a, b) = (&pair[0].token, &pair[1].token);
            if a.class == Class::Number
                || b.class == Class::Number
                || a.text.len() + b.text.len() < 4
            {
                continue;
            }
            let lexicon = crate::Lexicon::shipped();
            let sound = lexicon.sounds.of(&[&*a.text, &*b.text].concat());
            vocabulary.sounding(&sound, &mut |word| {
                notes.push(Near {
                    probe: i,
                    word,
                    like: 0.0,
                    how: How::Joined,
                })
            });
        }
        notes.into_iter().for_each(|n| self.note(n));
    }

    /// Long words asked for that the list may write apart.
    fn find_parted(&mut self, probes: &[Probe]) {
        let vocabulary = &self.index.vocabulary;
        let mut notes = vec![];
        for (i, probe) in (0u16..).zip(probes) {
            let known = self.near.iter().any(|n| n.probe == i && n.like > 0.8);
            let text = &*probe.token.text;
            if known || text.len() < 7 || probe.token.class != Class::Word {
                continue;
            }
            for cut in 3..=text.len() - 3 {
                let lexicon = crate::Lexicon::shipped();
                for half in [&text[..cut], &text[cut..]] {
                    let sound = lexicon.sounds.of(half);
                    vocabulary.sounding(&sound, &mut |word| {
                        if *vocabulary.tokens[word as usize].text == *half {
                            notes.push(Near {
                                probe: i,
                                word,
                                like: 0.0,
                                how: How::Joined,
                            });
                        }
                    });
                }
            }
        }
        notes.into_iter().for_each(|n| self.note(n));
    }

    /// Names that share most with the query, the best [`COMPARED`].
    fn candidates(&mut self, query: &Query, weights: &[f32]) -> Vec<u32> {
        let index = self.index;
        let mut order: Vec<(u32, u32)> = (0u32..)
            .zip(&self.near)
            .map(|(i, n)| (number(index.holders_of(n.word as usize).len()), i))
            .collect();
        order.sort_unstable();
        let mut visited = 0;
        for (held, at) in order {
            let near = self.near[at as usize];
            let token = &index.vocabulary.tokens[near.word as usize];
            let light = matches!(token.class, Class::Particle | Class::Title | Class::Form);
            if (visited > VISITED || light) && !self.touched.is_empty() {
                continue;
            }
            visited += held as usize;
            let like = if near.how == How::Joined {
                0.6
            } else {
                near.like * near.like
            };
            let adds = index.weights[near.word as usize].max(0.02) * like;
            for name in index.holders_of(near.word as usize) {
                let sum = &mut self.shared[*name as usize];
                if *sum == 0.0 {
                    self.touched.push(*name);
                }
                *sum += adds;
            }
        }
        let asked: f32 = weights.iter().sum();
        let mut best: Vec<(f32, u32)> = Vec::with_capacity(self.touched.len());
        for name in self.touched.drain(..) {
            let at = name as usize;
            let shared = std::mem::take(&mut self.shared[at]);
            if query.kind.may_be(index.listed[at].kind) {
                best.push((shared / (asked + 0.5 * index.totals[at]), name));
            }
        }
        if best.len() > COMPARED {
            best.select_nth_unstable_by(COMPARED - 1, |a, b| b.0.total_cmp(&a.0));
            best.truncate(COMPARED);
        }
        best.into_iter().map(|(_, name)| name).collect()
    }

    /// How alike a word asked for and a word listed were found to be.
    fn like(&self, probe: usize, word: u32, probes: &[Probe]) -> Option<(f32, How)> {
        let mut at = self.first[word as usize];
        while at > 0 {
            let near = self.near[at as usize - 1];
            if usize::from(near.probe) == probe && near.how != How::Joined {
                return Some((near.like, near.how));
            }
            at = self.next[at as usize - 1];
        }
        let listed = &self.index.vocabulary.tokens[word as usize];
        let initial = probes[probe].token.class == Class::Initial || listed.class == Class::Initial;
        if initial {
            probes[probe].like(listed)
        } else {
            None
        }
    }

    fn align(
        &mut self,
        probes: &[Probe],
        asked: Side<'_>,
        name: u32,
    ) -> (Vec<&'a Token>, Vec<f32>) {
        let index = self.index;
        let words = index.words_at(name as usize);
        let words = &words[..words.len().min(WORDS)];
        let listed: Vec<&Token> = words
            .iter()
            .map(|w| &index.vocabulary.tokens[*w as usize])
            .collect();
        let weights: Vec<f32> = words.iter().map(|w| index.weights[*w as usize]).collect();
        let mut alignment = std::mem::take(&mut self.alignment);
        alignment.fill(asked.tokens, &listed, |i, j| self.like(i, words[j], probes));
        self.alignment = alignment;
        (listed, weights)
    }

    fn score(&mut self, query: &Query, probes: &[Probe], asked: Side<'_>, name: u32) {
        let (tokens, weights) = self.align(probes, asked, name);
        let features = features(
            asked,
            Side {
                tokens: &tokens,
                weights: &weights,
            },
            &self.alignment,
        );
        let listed = &self.index.listed[name as usize];
        let beside: f32 = weigh(&query.attributes, &listed.attributes)
            .map(|(_, odds)| odds)
            .sum();
        let person = query.kind.is_person() || listed.kind.is_person();
        let odds = Model::shipped().odds(person, &features) + beside;
        self.scored.push(Scored {
            name,
            odds,
            features,
        });
    }

    /// The best name of each entry, the best entries first.
    fn hits(&mut self, query: &Query, probes: &[Probe], asked: Side<'_>, limit: usize) -> Vec<Hit> {
        let index = self.index;
        let mut scored = std::mem::take(&mut self.scored);
        scored.sort_by(|a, b| b.odds.total_cmp(&a.odds).then(a.name.cmp(&b.name)));
        let mut entries: Vec<u32> = vec![];
        let mut hits: Vec<Hit> = vec![];
        for found in &scored {
            let entry = index.entries[found.name as usize];
            let score = score(found.odds);
            if hits.len() == limit || score < FLOOR {
                break;
            }
            if entries.contains(&entry) {
                continue;
            }
            entries.push(entry);
            let listed = &index.listed[found.name as usize];
            let (tokens, weights) = self.align(probes, asked, found.name);
            let sides = (
                asked,
                Side {
                    tokens: &tokens,
                    weights: &weights,
                },
            );
            let kind = if listed.kind.is_person() {
                listed.kind
            } else {
                query.kind
            };
            hits.push(Hit {
                entry: listed.entry.clone(),
                name: listed.name.clone(),
                score,
                verdict: Model::shipped().verdict(score),
                equals: scored
                    .iter()
                    .filter(|s| {
                        s.odds.to_bits() == found.odds.to_bits()
                            && index.entries[s.name as usize] != entry
                    })
                    .count(),
                reasons: reasons(
                    kind,
                    &found.features,
                    &self.alignment,
                    sides,
                    (&query.attributes, &listed.attributes),
                ),
                features: found.features,
            });
        }
        self.scored = scored;
        hits
    }
}
