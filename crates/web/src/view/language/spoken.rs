//! What is spoken while a request is answered, and words in it. Every word that is asked for can be written
//! down, so that a test sees what a page still says in English.

use super::{Catalogue, Language};
use askama::Template;
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// English words that a page asked for, and whether the catalogue knew them.
pub type Asked = BTreeMap<String, bool>;

/// The language, and who listens to what is asked for.
#[derive(Clone, Debug, Default)]
struct Speech {
    language: Cell<Language>,
    listener: Option<Arc<Mutex<Asked>>>,
}

tokio::task_local! {
    static SPOKEN: Speech;
}

/// The speech in a language; a listener goes on listening.
fn speech(language: Language) -> Speech {
    let listener = SPOKEN.try_with(|s| s.listener.clone()).unwrap_or_default();
    Speech {
        language: Cell::new(language),
        listener,
    }
}

/// Answers in a language: what is rendered within speaks it.
pub async fn speaking<F: Future>(language: Language, answer: F) -> F::Output {
    SPOKEN.scope(speech(language), answer).await
}

/// The same for what is rendered at once, on whatever thread.
pub fn speak<T>(language: Language, render: impl FnOnce() -> T) -> T {
    SPOKEN.sync_scope(speech(language), render)
}

/// Takes the language along to another thread.
pub fn carried<T>(make: impl FnOnce() -> T) -> impl FnOnce() -> T {
    let speech = SPOKEN.try_with(Speech::clone).unwrap_or_default();
    move || SPOKEN.sync_scope(speech, make)
}

/// Goes on in another language, as soon as it is known who reads.
pub fn turn(language: Language) {
    let _ = SPOKEN.try_with(|s| s.language.set(language));
}

/// What is made in a language, and the words that were asked for on the way.
pub async fn asked<F: Future>(language: Language, answer: F) -> (F::Output, Asked) {
    let heard = Arc::<Mutex<Asked>>::default();
    let speech = Speech {
        language: Cell::new(language),
        listener: Some(Arc::clone(&heard)),
    };
    let made = SPOKEN.scope(speech, answer).await;
    let heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
    (made, heard.clone())
}

/// The language spoken; English outside of any request.
#[must_use]
pub fn current() -> Language {
    SPOKEN.try_with(|s| s.language.get()).unwrap_or_default()
}

/// Tells the listener what was asked for.
pub(super) fn hear(english: &str, known: bool) {
    let tell = |s: &Speech| {
        if let Some(listener) = &s.listener {
            let mut heard = listener.lock().unwrap_or_else(PoisonError::into_inner);
            heard.insert(english.to_owned(), known);
        }
    };
    let _ = SPOKEN.try_with(tell);
}

/// What the catalogue of the language spoken has for English words.
fn found(english: &str) -> Option<Cow<'_, str>> {
    let catalogue = Catalogue::of(current())?;
    if !english.chars().any(char::is_alphabetic) {
        return Some(Cow::Borrowed(english));
    }
    let found = catalogue.find(english);
    hear(english, found.is_some());
    found
}

/// English words in the language spoken; as they are where the catalogue does not know them.
#[must_use]
pub fn say(english: &str) -> Cow<'_, str> {
    found(english).unwrap_or(Cow::Borrowed(english))
}

/// What stands between two words of a list, with its space.
#[must_use]
pub fn comma() -> &'static str {
    match current() {
        Language::Arabic => "\u{60c} ",
        _ => ", ",
    }
}

/// What may be words of the program or a name out of a record: only what the catalogue knows to the last word
/// is said otherwise, and nobody misses a name.
#[must_use]
pub fn known(words: &str) -> Cow<'_, str> {
    let found = Catalogue::of(current()).and_then(|c| c.whole(words));
    found.unwrap_or(Cow::Borrowed(words))
}

/// Words as they stand on the page, marked as English where they could not be said otherwise.
#[derive(Clone, Debug, Template)]
#[template(
    source = "{% if english %}<span lang=\"en\" dir=\"ltr\">{{ words }}</span>{% else %}{{ words }}{% endif %}",
    ext = "html"
)]
pub struct Told<'a> {
    words: Cow<'a, str>,
    english: bool,
}

/// English words in the language spoken, marked as English where the catalogue does not know them. For
/// the text of an element; an attribute takes [`say`].
#[must_use]
pub fn told(english: &str) -> Told<'_> {
    let found = found(english);
    Told {
        english: found.is_none() && !english.is_empty() && current() != Language::English,
        words: found.unwrap_or(Cow::Borrowed(english)),
    }
}

/// An English sentence that no catalogue has, marked as English on pages in another language.
#[must_use]
pub fn english(text: &str) -> Told<'_> {
    Told {
        english: !text.is_empty() && current() != Language::English,
        words: Cow::Borrowed(text),
    }
}

/// A code, a date or a name that keeps its own direction within a line of the other direction.
#[derive(Clone, Debug, Template)]
#[template(
    source = "{% if apart %}<bdi>{{ text }}</bdi>{% else %}{{ text }}{% endif %}",
    ext = "html"
)]
pub struct Apart<T: std::fmt::Display> {
    text: T,
    apart: bool,
}

/// Keeps a code, a date or a name in its own direction, where the page runs right to left.
#[must_use]
pub fn apart<T: std::fmt::Display>(text: T) -> Apart<T> {
    Apart {
        text,
        apart: current().rtl(),
    }
}
