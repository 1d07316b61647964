//! Which word of one name stands for which of the other.

use crate::distance::Pattern;
use crate::name::{Class, Token};

/// By what two words, or runs of words, were taken for each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The same spelling.
    Same,
    /// Spellings of one sound.
    Sound,
    /// A few letters differ.
    Letters,
    /// The same consonants, where vowels were not written.
    Consonants,
    /// Forms of one given name.
    SameGivenName,
    /// One letter for a word.
    Initial,
    /// Words written together here and apart there.
    Joined,
    /// The first letters of words.
    Acronym,
}

/// A run of words of one name that stands for a run of the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pair {
    /// First word and number of words asked for.
    pub(crate) asked: (u8, u8),
    /// First word and number of words listed.
    pub(crate) listed: (u8, u8),
    pub(crate) like: f32,
    pub(crate) how: How,
}

/// Pairs, and the words that stand alone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Alignment {
    pub(crate) pairs: Vec<Pair>,
    /// Bits of words asked for that are paired.
    pub(crate) asked: u32,
    /// Bits of words listed that are paired.
    pub(crate) listed: u32,
    possible: Vec<(f32, Pair)>,
}

/// Letters of a run, in place.
#[derive(Default)]
struct Run {
    text: String,
    sound: String,
}

impl Alignment {
    /// Pairs the words of two names; `like` says how alike two words are.
    pub(crate) fn fill(
        &mut self,
        asked: &[&Token],
        listed: &[&Token],
        mut like: impl FnMut(usize, usize) -> Option<(f32, How)>,
    ) {
        (self.asked, self.listed) = (0, 0);
        self.pairs.clear();
        self.possible.clear();
        for (i, a) in (0u8..).zip(asked) {
            for (j, b) in (0u8..).zip(listed) {
                if let Some((like, how)) = like(usize::from(i), usize::from(j)) {
                    // Longer words are taken first where likeness is equal, particles last.
                    let bonus = 0.001
                        * f32::from(u8::try_from(a.text.len().min(b.text.len())).unwrap_or(60));
                    let place = 0.0001 * f32::from(i.abs_diff(j));
                    let pair = Pair {
                        asked: (i, 1),
                        listed: (j, 1),
                        like,
                        how,
                    };
                    self.possible.push((like + bonus - place, pair));
                }
            }
        }
        self.take();
        self.join(asked, listed);
    }

    /// The likeliest pairs first, each word once.
    fn take(&mut self) {
        let mut possible = std::mem::take(&mut self.possible);
        possible.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (_, pair) in &possible {
            self.put(*pair);
        }
        self.possible = possible;
    }

    fn put(&mut self, pair: Pair) -> bool {
        let (a, b) = (bits(pair.asked), bits(pair.listed));
        let free = self.asked & a == 0 && self.listed & b == 0;
        if free {
            self.asked |= a;
            self.listed |= b;
            self.pairs.push(pair);
        }
        free
    }

    /// Words written together on one side and apart on the other.
    fn join(&mut self, asked: &[&Token], listed: &[&Token]) {
        self.join_one(asked, listed, false);
        self.join_one(listed, asked, true);
    }

    /// Single words of `ones` against runs of `many`.
    fn join_one(&mut self, ones: &[&Token], many: &[&Token], turned: bool) {
        for (i, one) in (0u8..).zip(ones) {
            let taken = if turned { self.listed } else { self.asked };
            if taken & (1 << i) != 0 || one.class != Class::Word || one.text.len() < 4 {
                continue;
            }
            let mut probe = None;
            let mut best: Option<Pair> = None;
            let others = if turned { self.asked } else { self.listed };
            for start in 0..many.len() {
                let mut run = Run::default();
                for length in 1..=3.min(many.len() - start) {
                    let at = start + length - 1;
                    if others & (1 << at) != 0 && many[at].class != Class::Particle {
                        break;
                    }
                    run.text.push_str(&many[at].text);
                    run.sound.push_str(&many[at].sound);
                    if length == 1 || run.text.len() + 1 < one.text.len() {
                        continue;
                    }
                    if run.text.len() > one.text.len() + 2 {
                        break;
                    }
                    let (text, sound) = probe
                        .get_or_insert_with(|| (Pattern::new(&one.text), Pattern::new(&one.sound)));
                    let like = joined(
                        text.distance(&run.text),
                        sound.distance(&run.sound),
                        one.text.len(),
                    );
                    let runs = (
                        u8::try_from(start).unwrap_or(0),
                        u8::try_from(length).unwrap_or(1),
                    );
                    let (asked, listed) = if turned {
                        (runs, (i, 1))
                    } else {
                        ((i, 1), runs)
                    };
                    let pair = Pair {
                        asked,
                        listed,
                        like,
                        how: How::Joined,
                    };
                    if like >= 0.75 && best.is_none_or(|b| like > b.like) {
                        best = Some(pair);
                    }
                }
            }
            if let Some(pair) = best {
                self.loosen(pair);
                self.put(pair);
            }
        }
    }

    /// Frees particles that a run needs.
    fn loosen(&mut self, pair: Pair) {
        let (a, b) = (bits(pair.asked), bits(pair.listed));
        let (asked, listed) = (&mut self.asked, &mut self.listed);
        self.pairs.retain(|p| {
            let keep = bits(p.asked) & a == 0 && bits(p.listed) & b == 0;
            if !keep {
                *asked &= !bits(p.asked);
                *listed &= !bits(p.listed);
            }
            keep
        });
    }
}

#[expect(clippy::cast_precision_loss, reason = "letters of a word")]
fn joined(text: u32, sound: u32, letters: usize) -> f32 {
    1.0 - (0.75 * sound.min(text) as f32 + 0.25 * text as f32) / letters as f32
}

/// The bits of a run of words.
pub(crate) fn bits((start, length): (u8, u8)) -> u32 {
    ((1u32 << length) - 1)
        .checked_shl(u32::from(start))
        .unwrap_or(0)
}
