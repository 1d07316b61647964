//! A name as compared: words in order, each with its sort.

use crate::kind::Kind;
use crate::lexicon::Lexicon;
use crate::romanise::{Word, words};

/// What sort of word it is. It decides how much the word counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// A word of the name itself.
    Word,
    /// One letter that stands for a word.
    Initial,
    /// A number, however written: `1st`, `First`, `I`, `1er`.
    Number,
    /// A little word that is left out, split off or joined: `al`, `bin`, `de`, `of`.
    Particle,
    /// An honorific or rank.
    Title,
    /// A legal form of a company.
    Form,
}

/// A word of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Lower-case ASCII, in the spelling we keep.
    pub text: Box<str>,
    /// What it sounds like, roughly.
    pub sound: Box<str>,
    /// Its sort.
    pub class: Class,
    /// Whether its short vowels are unknown.
    pub bare: bool,
}

/// A name as compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// Its words; given names first where a comma said which they are.
    pub tokens: Vec<Token>,
}

/// Longest phrase looked up, in words.
const PHRASE: usize = 6;

impl Name {
    /// Reads a name of a kind.
    #[must_use]
    pub fn read(text: &str, kind: Kind) -> Self {
        let lexicon = Lexicon::shipped();
        let words = words(text, lexicon);
        let tokens = if kind.is_person() {
            person(words, lexicon)
        } else {
            other(words, kind, lexicon)
        };
        Self { tokens }
    }
}

fn token(lexicon: &Lexicon, text: &str, class: Class, bare: bool) -> Token {
    let sound = match class {
        Class::Number => text.to_owned(),
        _ => lexicon.sounds.of(text),
    };
    Token {
        text: text.into(),
        sound: sound.into(),
        class,
        bare,
    }
}

fn person(mut words: Vec<Word>, lexicon: &Lexicon) -> Vec<Token> {
    // `SURNAME, Given`: what follows the only comma comes first.
    let commas = words.iter().filter(|w| w.comma).count();
    if commas == 1
        && let Some(at) = words.iter().position(|w| w.comma)
        && at + 1 < words.len()
    {
        words.rotate_left(at + 1);
    }
    let all_light = words
        .iter()
        .all(|w| lexicon.titles.contains(&w.text) || lexicon.particles.contains(&w.text));
    words
        .iter()
        .map(|w| {
            let text = letters_for_digits(&w.text);
            let class = match () {
                () if text.bytes().all(|c| c.is_ascii_digit()) => Class::Number,
                () if lexicon.particles.contains(&text) && !all_light => Class::Particle,
                () if text.len() == 1 => Class::Initial,
                () if lexicon.titles.contains(&text) && !all_light => Class::Title,
                () => Class::Word,
            };
            token(lexicon, &text, class, w.bare)
        })
        .collect()
}

/// `Ig0r` is Igor: digits among letters of a person's name are letters mistyped.
fn letters_for_digits(text: &str) -> String {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 || digits * 2 > text.len() {
        return text.to_owned();
    }
    let letter = |c| match c {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        c => c,
    };
    text.chars().map(letter).collect()
}

fn other(words: Vec<Word>, kind: Kind, lexicon: &Lexicon) -> Vec<Token> {
    let words = joined_letters(words);
    let mut tokens = Vec::with_capacity(words.len());
    let mut i = 0;
    while i < words.len() {
        i += phrase(&words, i, kind, lexicon, &mut tokens);
    }
    tokens
}

/// `C. K.` and `l l c` are one word each; `2BDE` is two.
fn joined_letters(words: Vec<Word>) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::with_capacity(words.len());
    let mut open = false;
    for word in words {
        let single = word.text.len() == 1 && word.text.as_bytes()[0].is_ascii_alphabetic();
        if single
            && open
            && let Some(last) = out.last_mut()
        {
            last.text.push_str(&word.text);
            continue;
        }
        open = single;
        parted(word, &mut out);
    }
    out
}

/// A word, parted where digits meet letters, ordinals aside.
fn parted(word: Word, out: &mut Vec<Word>) {
    let digits = word.text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &word.text[digits..];
    let ordinal = matches!(
        rest,
        "st" | "nd"
            | "rd"
            | "th"
            | "er"
            | "re"
            | "ere"
            | "eme"
            | "e"
            | "o"
            | "a"
            | "ro"
            | "ra"
            | "da"
            | "do"
            | "to"
            | "ta"
            | "va"
            | "vo"
            | "mo"
            | "ma"
            | "no"
    );
    if digits == 0 || rest.is_empty() {
        out.push(word);
        return;
    }
    let number = Word {
        text: word.text[..digits].to_owned(),
        ..Word::default()
    };
    out.push(number);
    if !ordinal {
        out.push(Word {
            text: rest.to_owned(),
            ..word
        });
    }
}

/// Reads the longest known phrase at a place; how many words it took.
fn phrase(words: &[Word], i: usize, kind: Kind, lexicon: &Lexicon, out: &mut Vec<Token>) -> usize {
    let first = &words[i].text;
    if lexicon.begins.contains(first) {
        for length in (2..=PHRASE.min(words.len() - i)).rev() {
            let text: Vec<&str> = words[i..i + length]
                .iter()
                .map(|w| w.text.as_str())
                .collect();
            if known(&text.join(" "), kind, lexicon, out) {
                return length;
            }
        }
    }
    if !known(first, kind, lexicon, out) {
        let token = single(words, i, kind, lexicon);
        let meant = match token.class {
            Class::Word if token.bare => None,
            Class::Word if words.len() > 1 && (i == 0 || i + 1 == words.len()) => {
                lexicon.form_meant(first).or_else(|| lexicon.meant(first))
            }
            Class::Word => lexicon.meant(first),
            _ => None,
        };
        if !meant.is_some_and(|word| known(word, kind, lexicon, out)) {
            out.push(token);
        }
    }
    1
}

/// Writes a phrase of the tables; false where it stands in none.
fn known(text: &str, kind: Kind, lexicon: &Lexicon, out: &mut Vec<Token>) -> bool {
    if kind == Kind::Vessel && lexicon.vessel_words.contains(text) {
        out.push(token(lexicon, text, Class::Title, false));
    } else if let Some(form) = lexicon.forms.get(text).filter(|_| kind != Kind::Unit) {
        out.push(token(lexicon, form, Class::Form, false));
    } else if let Some(kept) = lexicon.words.get(text) {
        out.extend(kept.iter().map(|w| token(lexicon, w, Class::Word, false)));
    } else {
        return false;
    }
    true
}

fn single(words: &[Word], i: usize, kind: Kind, lexicon: &Lexicon) -> Token {
    let word = &words[i];
    if let Some(number) = number(words, i, kind, lexicon) {
        return token(lexicon, &number.to_string(), Class::Number, false);
    }
    let class = match () {
        () if lexicon.particles.contains(&word.text) && words.len() > 1 => Class::Particle,
        () if word.text.len() == 1 => Class::Initial,
        () => Class::Word,
    };
    token(lexicon, &word.text, class, word.bare)
}

fn number(words: &[Word], i: usize, kind: Kind, lexicon: &Lexicon) -> Option<u32> {
    let text = &words[i].text;
    if text.bytes().all(|c| c.is_ascii_digit()) {
        return Some(text.parse().unwrap_or(u32::MAX));
    }
    if let Some(n) = lexicon.numbers.get(text) {
        return Some(*n);
    }
    let roman = roman(text)?;
    // One letter, or a word that may be something else, is a numeral of a unit only.
    let sure = text.len() > 1 && words[i].capitals;
    (words.len() > 1 && (sure || kind == Kind::Unit)).then_some(roman)
}

/// A Roman numeral from 1 to 39.
fn roman(text: &str) -> Option<u32> {
    let tens = text.bytes().take_while(|c| *c == b'x').count();
    let rest = &text[tens..];
    let ones = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"]
        .iter()
        .position(|o| *o == rest)?;
    let value = u32::try_from(tens * 10 + ones).ok()?;
    (tens <= 3 && value > 0).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, kind: Kind) -> String {
        let name = Name::read(text, kind);
        let words: Vec<_> = name.tokens.iter().map(|t| &*t.text).collect();
        words.join(" ")
    }

    #[test]
    fn ordinals_and_abbreviations_of_units_are_one_spelling() {
        let kept = read("1st Infantry Battalion", Kind::Unit);
        for written in [
            "First Inf. Bn",
            "1 INF BN",
            "I Inf Bn",
            "1er infanterie bataillon",
        ] {
            assert_eq!(read(written, Kind::Unit), kept, "{written}");
        }
        assert_eq!(read("2BDE", Kind::Unit), "2 brigade");
        assert_eq!(read("Batallon XIV", Kind::Unit), "battalion 14");
    }

    #[test]
    fn surnames_before_a_comma_go_last() {
        assert_eq!(read("ORLOV, Grigory", Kind::Person), "grigory orlov");
    }

    #[test]
    fn legal_forms_are_kept_by_one_word() {
        assert_eq!(
            read("Orlov Joint Stock Company", Kind::Organisation),
            "orlov jsc"
        );
        assert_eq!(read("O.A.O. Orlov", Kind::Organisation), "jsc orlov");
        assert_eq!(read("Orlov L.L.C.", Kind::Organisation), "orlov llc");
        assert_eq!(read("Orlov Limitde", Kind::Organisation), "orlov ltd");
    }

    #[test]
    fn digits_among_letters_of_a_person_are_letters() {
        assert_eq!(read("Ig0r Orl0v", Kind::Person), "igor orlov");
    }
}
