//! What two names have in common and what not, as figures.

use crate::align::{Alignment, How, bits};
use crate::name::{Class, Token};

macro_rules! features {
    ($($name:ident: $help:literal,)*) => {
        /// Names of the features with what they say, in order.
        pub const FEATURES: [(&str, &str); [$(stringify!($name)),*].len()] = [$((stringify!($name), $help)),*];

        /// The figures of a comparison.
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        #[expect(missing_docs, reason = "FEATURES says what each is")]
        pub struct Features { $(pub $name: f32),* }

        impl Features {
            /// The figures in the order of [`FEATURES`].
            #[must_use]
            pub fn values(&self) -> [f32; FEATURES.len()] { [$(self.$name),*] }
        }
    };
}

features! {
    bias: "where every comparison starts",
    conflict: "share of the names where each says something else",
    conflict_squared: "the same, squared",
    extra_asked: "share of the name asked for that the listed one lacks",
    extra_listed: "share of the listed name that the one asked for lacks",
    extra_listed_squared: "the same, squared",
    defect: "how unlike the paired words are, on average",
    worst: "how unlike the most unlike pair of words is",
    said: "how much the paired words say",
    said_little: "the paired words say next to nothing",
    one_word: "one word in common, where a name has more",
    nothing: "no word in common that says anything",
    single: "a name of one word",
    number_conflict: "numbers differ",
    number_extra: "a number stands on one side only",
    form_conflict: "legal forms differ",
    form_extra: "a legal form stands on one side only",
    order: "words stand in another order",
    first_differs: "the first words say something else",
    last_differs: "the last words say something else",
    initials: "share paired by an initial",
    joined: "share paired by words written together",
    given: "share paired as forms of one given name",
    consonants: "share paired by consonants only",
    exact: "the same words",
    near: "of the words that differ, how alike the most alike are",
    short: "few letters in common",
}

/// A name and how much its words say.
#[derive(Clone, Copy)]
pub(crate) struct Side<'a> {
    pub(crate) tokens: &'a [&'a Token],
    pub(crate) weights: &'a [f32],
}

impl Side<'_> {
    fn weight(&self, mask: u32) -> f32 {
        let at = |i: &usize| mask & (1 << i) != 0;
        (0..self.weights.len())
            .filter(at)
            .map(|i| self.weights[i])
            .sum()
    }

    fn any(&self, mask: u32, class: Class) -> bool {
        (0..self.tokens.len()).any(|i| mask & (1 << i) != 0 && self.tokens[i].class == class)
    }

    fn heavy(&self) -> usize {
        self.weights.iter().filter(|w| **w >= HEAVY).count()
    }
}

/// From here on a word counts as saying something.
const HEAVY: f32 = 0.25;

/// Sums over the pairs.
#[derive(Default)]
struct Sums {
    weight: f32,
    defect: f32,
    worst: f32,
    heavy: u32,
    letters: usize,
    initials: f32,
    joined: f32,
    given: f32,
    consonants: f32,
    same: bool,
}

fn sums(listed: Side<'_>, alignment: &Alignment) -> Sums {
    let mut sums = Sums {
        same: true,
        ..Sums::default()
    };
    for pair in &alignment.pairs {
        let weight = listed.weight(bits(pair.listed));
        let start = usize::from(pair.listed.0);
        let run = &listed.tokens[start..start + usize::from(pair.listed.1)];
        sums.weight += weight;
        sums.defect += weight * (1.0 - pair.like);
        sums.same &= pair.how == How::Same;
        if weight >= HEAVY {
            sums.heavy += u32::from(pair.how != How::Initial);
            sums.worst = sums.worst.max(1.0 - pair.like);
        }
        sums.letters += run
            .iter()
            .filter(|t| t.class == Class::Word)
            .map(|t| t.text.len())
            .sum::<usize>();
        match pair.how {
            How::Initial => sums.initials += weight,
            How::Joined => sums.joined += weight,
            How::SameGivenName => sums.given += weight,
            How::Consonants => sums.consonants += weight,
            _ => {}
        }
    }
    sums
}

fn flag(is: bool) -> f32 {
    if is { 1.0 } else { 0.0 }
}

fn share(part: f32, whole: f32) -> f32 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// The figures of an alignment.
pub(crate) fn features(asked: Side<'_>, listed: Side<'_>, alignment: &Alignment) -> Features {
    let sums = sums(listed, alignment);
    let (alone_a, alone_l) = (!alignment.asked, !alignment.listed);
    let (left_a, left_l) = (asked.weight(alone_a), listed.weight(alone_l));
    let conflict = left_a.min(left_l);
    let whole = sums.weight + conflict;
    let extra_listed = share(left_l - conflict, sums.weight + left_l);
    let (heavy_a, heavy_l) = (asked.heavy(), listed.heavy());
    let (number_a, number_l) = (
        asked.any(alone_a, Class::Number),
        listed.any(alone_l, Class::Number),
    );
    let (form_a, form_l) = (
        asked.any(alone_a, Class::Form),
        listed.any(alone_l, Class::Form),
    );
    let exact = sums.same && alignment.pairs.len() == asked.tokens.len().max(listed.tokens.len());
    #[expect(clippy::cast_precision_loss, reason = "letters of a name")]
    let letters = sums.letters as f32;
    let differs = share(conflict, whole);
    Features {
        bias: 1.0,
        conflict: differs,
        conflict_squared: differs * differs,
        extra_asked: share(left_a - conflict, sums.weight + left_a),
        extra_listed,
        extra_listed_squared: extra_listed * extra_listed,
        defect: share(sums.defect, sums.weight),
        worst: sums.worst,
        said: 1.0 - (-sums.weight).exp(),
        said_little: flag(sums.weight < 0.5),
        one_word: flag(sums.heavy == 1 && heavy_a.max(heavy_l) > 1),
        nothing: flag(sums.heavy == 0),
        single: flag(heavy_a <= 1 || heavy_l <= 1),
        number_conflict: flag(number_a && number_l),
        number_extra: flag(number_a != number_l),
        form_conflict: flag(form_a && form_l),
        form_extra: flag(form_a != form_l),
        order: inversions(alignment),
        first_differs: flag(end_differs(asked, listed, alignment, true)),
        last_differs: flag(end_differs(asked, listed, alignment, false)),
        initials: share(sums.initials, whole),
        joined: share(sums.joined, whole),
        given: share(sums.given, whole),
        consonants: share(sums.consonants, whole),
        exact: flag(exact),
        near: near(asked, listed, alignment),
        short: (-letters / 5.0).exp(),
    }
}

/// Share of pairs of pairs that stand in another order.
fn inversions(alignment: &Alignment) -> f32 {
    let (mut all, mut turned) = (0u16, 0u16);
    for (i, a) in alignment.pairs.iter().enumerate() {
        for b in &alignment.pairs[i + 1..] {
            all += 1;
            turned += u16::from((a.asked.0 < b.asked.0) != (a.listed.0 < b.listed.0));
        }
    }
    share(f32::from(turned), f32::from(all))
}

/// Whether the first (or last) heavy words of both names stand alone.
fn end_differs(asked: Side<'_>, listed: Side<'_>, alignment: &Alignment, first: bool) -> bool {
    let end = |side: Side<'_>| {
        let heavy = |i: &usize| side.weights[*i] >= HEAVY;
        let mut places = 0..side.weights.len();
        if first {
            places.find(heavy)
        } else {
            places.rev().find(heavy)
        }
    };
    match (end(asked), end(listed)) {
        (Some(a), Some(l)) => alignment.asked & (1 << a) == 0 && alignment.listed & (1 << l) == 0,
        _ => false,
    }
}

/// Of the words that stand alone on both sides, the share of first letters in common of the most alike.
fn near(asked: Side<'_>, listed: Side<'_>, alignment: &Alignment) -> f32 {
    let alone =
        |side: Side<'_>, mask: u32, i: &usize| mask & (1 << i) == 0 && side.weights[*i] >= HEAVY;
    let mut best: f32 = 0.0;
    for i in (0..asked.tokens.len()).filter(|i| alone(asked, alignment.asked, i)) {
        for j in (0..listed.tokens.len()).filter(|j| alone(listed, alignment.listed, j)) {
            best = best.max(beginning(&asked.tokens[i].sound, &listed.tokens[j].sound));
        }
    }
    best
}

#[expect(clippy::cast_precision_loss, reason = "letters of a word")]
fn beginning(a: &str, b: &str) -> f32 {
    let same = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    same as f32 / a.len().max(b.len()).max(1) as f32
}
