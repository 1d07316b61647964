//! From text in any script to words in lower-case ASCII letters and digits.

use crate::lexicon::{Letter, Lexicon};

/// A word as romanised.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Word {
    /// Lower-case ASCII letters and digits.
    pub(crate) text: String,
    /// Whether it comes from a script that leaves short vowels out, and has none.
    pub(crate) bare: bool,
    /// Whether a full stop follows it at once.
    pub(crate) dotted: bool,
    /// Whether all its letters were capitals.
    pub(crate) capitals: bool,
    /// Whether a comma follows it.
    pub(crate) comma: bool,
}

/// Longest word kept; what is longer is cut.
const LONGEST: usize = 60;
/// Most words of a name that are read.
const MOST: usize = 32;

#[derive(Default)]
struct Reading {
    words: Vec<Word>,
    now: Word,
    vowels: bool,
    small: usize,
    last_small: bool,
}

impl Reading {
    fn end(&mut self) {
        let mut word = std::mem::take(&mut self.now);
        let vowels = std::mem::take(&mut self.vowels);
        word.capitals = std::mem::take(&mut self.small) == 0;
        self.last_small = false;
        if !word.text.is_empty() && self.words.len() < MOST {
            word.bare &= !vowels;
            self.words.push(word);
        }
    }

    fn put(&mut self, latin: &str) {
        for c in latin.chars().filter(char::is_ascii_alphanumeric) {
            if self.now.text.len() < LONGEST {
                self.now.text.push(c.to_ascii_lowercase());
            }
        }
    }

    fn ascii(&mut self, c: char) {
        // `VladimirPutin` is two words that lost their space.
        if c.is_ascii_uppercase() && self.last_small && self.small >= 3 {
            self.end();
        }
        let small = c.is_ascii_lowercase();
        self.small += usize::from(small);
        self.last_small = small;
        if self.now.text.len() < LONGEST {
            self.now.text.push(c.to_ascii_lowercase());
        }
    }

    /// A mark that is no letter: the end of a word.
    fn mark(&mut self, c: char) {
        self.end();
        match (c, self.words.last_mut()) {
            ('.' | '．', Some(last)) => last.dotted = true,
            (',' | '،' | '，', Some(last)) => last.comma = true,
            ('&' | '+', _) => {
                self.put("and");
                self.end();
            }
            _ => {}
        }
    }

    fn other(&mut self, c: char, lexicon: &Lexicon) {
        match lexicon.letters.get(&c) {
            Some(Letter::Plain(latin)) => {
                self.small += usize::from(c.is_lowercase());
                self.put(latin);
            }
            Some(Letter::Bare(latin)) => {
                self.now.bare = true;
                self.put(latin);
            }
            Some(Letter::Vowel(latin)) => {
                self.vowels = true;
                self.put(latin);
            }
            None => self.general(c),
        }
    }

    fn general(&mut self, c: char) {
        let latin = any_ascii::any_ascii_char(c);
        let syllable = matches!(c, '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}');
        if syllable {
            self.end();
            self.put(latin);
            self.end();
        } else if c.is_alphanumeric() {
            self.small += usize::from(c.is_lowercase());
            self.put(latin);
        } else if is_mark_on_letter(c) {
            self.put(latin);
        } else {
            self.mark(c);
        }
    }
}

/// Marks that stand on or between letters of one word.
fn is_mark_on_letter(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{900}'..='\u{e7f}' | '\u{200b}'..='\u{200f}' | '\u{2bb}'..='\u{2bf}' | '\u{640}' | '\u{ad}')
}

/// The words of a text.
pub(crate) fn words(text: &str, lexicon: &Lexicon) -> Vec<Word> {
    let mut reading = Reading::default();
    for c in text.chars() {
        match c {
            c if c.is_ascii_alphanumeric() => reading.ascii(c),
            '\'' | '`' => {}
            c if c.is_ascii() => reading.mark(c),
            c => reading.other(c, lexicon),
        }
    }
    reading.end();
    reading.words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let words = words(text, Lexicon::shipped());
        let words: Vec<_> = words.iter().map(|w| w.text.as_str()).collect();
        words.join(" ")
    }

    #[test]
    fn scripts_become_latin_words() {
        assert_eq!(read("Żółć O'Neill-Ærø"), "zolc oneill aero");
        assert_eq!(read("Щукин Цой"), "shchukin tsoy");
        assert_eq!(read("خالد محمود"), "khald mhmud");
        assert_eq!(read("李明"), "li ming");
    }

    #[test]
    fn words_that_lost_their_space_are_parted() {
        assert_eq!(read("GrigoryOrlov"), "grigory orlov");
        assert_eq!(read("OrlovAG"), "orlov ag");
    }

    #[test]
    fn vowels_written_make_a_word_whole() {
        let plain = words("محمد", Lexicon::shipped());
        let pointed = words("مُحَمَّد", Lexicon::shipped());
        assert!(plain[0].bare && !pointed[0].bare);
        assert_eq!(pointed[0].text, "muhamad");
    }
}
