//! What a word sounds like, roughly: spellings that romanisations use for one sound become one letter.

use std::collections::BTreeMap;

/// A spelling and its sound.
type Rule = (Box<[u8]>, Box<[u8]>);

/// Spellings by their first letter, the longest first.
#[derive(Debug, Default)]
pub(crate) struct Sounds {
    by_first: Vec<Vec<Rule>>,
}

impl Sounds {
    pub(crate) fn new(letters: BTreeMap<String, String>) -> Self {
        let mut by_first = vec![vec![]; 26];
        for (from, to) in letters {
            let first = from.bytes().next().unwrap_or(b'a').wrapping_sub(b'a');
            if let Some(list) = by_first.get_mut(usize::from(first)) {
                list.push((from.into_bytes().into(), to.into_bytes().into()));
            }
        }
        for list in &mut by_first {
            list.sort_by_key(|(from, _): &Rule| std::cmp::Reverse(from.len()));
        }
        Self { by_first }
    }

    /// The sound of a word in lower-case ASCII.
    pub(crate) fn of(&self, word: &str) -> String {
        let mut out = Vec::with_capacity(word.len());
        self.append(word.as_bytes(), &mut out);
        String::from_utf8(out).unwrap_or_default()
    }

    fn append(&self, word: &[u8], out: &mut Vec<u8>) {
        let mut i = 0;
        while i < word.len() {
            i += self.step(word, i, out);
        }
    }

    /// Writes the sound at a place and says how many letters it took.
    fn step(&self, word: &[u8], i: usize, out: &mut Vec<u8>) -> usize {
        let (rest, c) = (&word[i..], word[i]);
        let list = self.by_first.get(usize::from(c.wrapping_sub(b'a')));
        let rule = list.and_then(|l| l.iter().find(|(from, _)| rest.starts_with(from)));
        if let Some((from, to)) = rule {
            to.iter().for_each(|t| push(out, *t));
            return from.len();
        }
        let next = rest.get(1).copied().unwrap_or(b' ');
        match c {
            // A c is soft before e, i and y.
            b'c' if matches!(next, b'e' | b'i' | b'y') => push(out, b's'),
            b'c' => push(out, b'k'),
            // A u before another vowel is a w.
            b'u' if matches!(next, b'a' | b'e' | b'i' | b'o') => push(out, b'f'),
            // An h after a letter and before no vowel is not heard.
            b'h' if i > 0 && !is_vowel(next) => {}
            _ => push(out, c),
        }
        1
    }
}

/// One letter; a doubled letter sounds once.
fn push(out: &mut Vec<u8>, c: u8) {
    if out.last() != Some(&c) {
        out.push(c);
    }
}

fn is_vowel(c: u8) -> bool {
    matches!(c, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

/// The consonants of a sound. Scripts that leave vowels out have one letter for b and p.
pub(crate) fn skeleton(sound: &str) -> String {
    let mut out = Vec::with_capacity(sound.len());
    for c in sound.bytes().filter(|c| !is_vowel(*c)) {
        push(&mut out, if c == b'p' { b'b' } else { c });
    }
    String::from_utf8(out).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::Lexicon;

    fn alike(a: &str, b: &str) {
        let sounds = &Lexicon::shipped().sounds;
        assert_eq!(sounds.of(a), sounds.of(b), "{a} and {b}");
    }

    #[test]
    fn romanisations_of_one_name_sound_the_same() {
        alike("qasim", "kasim");
        alike("yusuf", "iusuf");
        alike("khalid", "halid");
        alike("husayn", "husain");
        alike("wladimir", "vladimir");
        alike("shchukin", "schukin");
        alike("nasser", "naser");
        alike("philip", "filip");
    }

    #[test]
    fn names_that_differ_sound_different() {
        let sounds = &Lexicon::shipped().sounds;
        assert_ne!(sounds.of("hassan"), sounds.of("hussein"));
        assert_ne!(sounds.of("omar"), sounds.of("amir"));
    }
}
