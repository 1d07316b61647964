//! How much of the pages a language says: the words of a template, found in its text, and those of a kind of
//! record, found in its definition.

use super::{Catalogue, Language};
use std::collections::BTreeSet;
use symbolon_domain::kind::{FieldType, KindDef, sentence};

/// The words of a template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// English words that are looked up in the catalogue.
    pub said: BTreeSet<String>,
    /// English words that stand in it as they are, in every language.
    pub bare: BTreeSet<String>,
}

/// Names that are the same in every language.
const NAMES: [&str; 9] = [
    "Symbolon", "API", "CSV", "XLSX", "JSON", "HTTP", "RFC", "SVG", "UTC",
];

/// The words of a template, from its text.
#[must_use]
pub fn of_template(text: &str) -> Words {
    let mut words = Words::default();
    let mut markup = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{']).filter(|_| !rest.is_empty()) {
        let (before, from) = rest.split_at(at);
        markup.push_str(before);
        let end = match from.as_bytes().get(1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => "#}",
            _ => {
                markup.push('{');
                rest = &from[1..];
                continue;
            }
        };
        let to = from.find(end).map_or(from.len(), |to| to + end.len());
        words.said.extend(looked_up(&from[..to]));
        rest = &from[to..];
    }
    markup.push_str(rest);
    words.bare = bare(&markup);
    words
}

/// What an expression of a template looks up.
fn looked_up(code: &str) -> Vec<String> {
    let mut found = vec![];
    for call in ["say(\"", "told(\"", "known(\""] {
        for (at, _) in code.match_indices(call) {
            found.extend(literal(&code[at + call.len()..]));
        }
    }
    for (at, _) in code.match_indices("plural(") {
        let noun = code[at..].split_once(", \"").map(|(_, noun)| noun);
        found.extend(noun.and_then(literal));
    }
    found
}

/// The words up to the closing quotation mark.
fn literal(code: &str) -> Option<String> {
    Some(code.split_once('"')?.0.to_owned())
}

/// Words between tags, and in attributes that are read out.
fn bare(markup: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut inside = markup;
    while let Some((before, tag)) = inside.split_once('<') {
        found.extend(letters(before));
        let (tag, after) = tag.split_once('>').unwrap_or((tag, ""));
        for name in ["aria-label=\"", "placeholder=\"", "title=\"", "alt=\""] {
            let value = tag.split_once(name).map_or("", |(_, v)| v);
            found.extend(letters(value.split('"').next().unwrap_or_default()));
        }
        let element = tag.split([' ', '>']).next().unwrap_or_default();
        let skipped = ["code", "kbd", "style", "script"].contains(&element);
        inside = if skipped {
            after
                .split_once(&format!("</{element}>"))
                .map_or("", |(_, a)| a)
        } else {
            after
        };
    }
    found.extend(letters(inside));
    found
}

/// A run of text, if it has words.
fn letters(text: &str) -> Option<String> {
    let mut plain = text.to_owned();
    while let Some((before, entity)) = plain.split_once('&') {
        let after = entity.split_once(';').map_or("", |(_, a)| a);
        plain = format!("{before} {after}");
    }
    let left = plain.split(|c: char| !c.is_alphabetic());
    let words = left.filter(|w| w.len() > 1 && !NAMES.contains(w)).count();
    (words > 0).then(|| plain.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The words of a kind: its name, its states and moves, labels, choices and help of its fields.
#[must_use]
pub fn of_kind(kind: &KindDef) -> BTreeSet<String> {
    let mut words = BTreeSet::from([kind.name.to_owned(), kind.help.clone()]);
    words.extend(kind.states.iter().map(|s| sentence(s)));
    words.extend(kind.transitions.iter().map(|t| t.name.to_owned()));
    for field in &kind.fields {
        words.extend([&field.label, &field.help, &field.unit, &field.section].map(Clone::clone));
        words.extend(field.choice_help.iter().cloned());
        if let FieldType::Choice(choices) = &field.field_type {
            words.extend(choices.iter().map(|c| sentence(c)));
        }
    }
    words.retain(|w| w.chars().any(char::is_alphabetic));
    words
}

/// Those of some English words that a language does not know.
#[must_use]
pub fn missing(language: Language, words: &BTreeSet<String>) -> Vec<&str> {
    let catalogue = Catalogue::of(language);
    let known = |w: &&str| {
        catalogue.is_none_or(|c| c.find(w).is_some() || c.counted().any(|(noun, _)| noun == *w))
    };
    let all = words.iter().map(String::as_str);
    all.filter(|w| !known(w)).collect()
}
