//! Lists of choices, shared between pages and rendered once in each language.

use super::language::{Language, current};
use super::safe::Markup;
use askama::Template;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, OnceLock};

/// One choice of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Value in the address.
    pub value: String,
    /// Words.
    pub label: String,
}

impl Choice {
    /// A choice.
    #[must_use]
    pub fn new(value: &str, label: &str) -> Self {
        Self {
            value: value.to_owned(),
            label: label.to_owned(),
        }
    }
}

/// A list of choices. Copies share the list and its options.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Choice>", into = "Vec<Choice>")]
pub struct Choices(Arc<List>);

#[derive(Debug, Default)]
struct List {
    choices: Vec<Choice>,
    /// In the order of [`Language::ALL`].
    options: [OnceLock<Options>; Language::ALL.len()],
}

/// The options of a select without any chosen, and where in them each would say that it is.
#[derive(Debug)]
struct Options(Markup<'static>, Vec<usize>);

/// The options as they are rendered: up to a place, and behind it.
#[derive(Template)]
#[template(
    source = r#"{% for c in choices %}<option value="{{ c.value }}">{{ crate::known(c.label) }}</option>{% endfor %}"#,
    ext = "html"
)]
struct Rendered<'a> {
    choices: &'a [Choice],
}

/// The part of an option before the place where it says that it is chosen.
#[derive(Template)]
#[template(source = r#"<option value="{{ value }}""#, ext = "html")]
struct Opening<'a> {
    value: &'a str,
}

impl From<Vec<Choice>> for Choices {
    fn from(choices: Vec<Choice>) -> Self {
        let options = Default::default();
        Self(Arc::new(List { choices, options }))
    }
}

impl<const N: usize> From<[Choice; N]> for Choices {
    fn from(choices: [Choice; N]) -> Self {
        Vec::from(choices).into()
    }
}

impl FromIterator<Choice> for Choices {
    fn from_iter<I: IntoIterator<Item = Choice>>(choices: I) -> Self {
        choices.into_iter().collect::<Vec<Choice>>().into()
    }
}

impl From<Choices> for Vec<Choice> {
    fn from(choices: Choices) -> Self {
        choices.0.choices.clone()
    }
}

impl Choices {
    /// The choices.
    #[must_use]
    pub fn list(&self) -> &[Choice] {
        &self.0.choices
    }

    /// The options of a select, with those chosen that have one of the values.
    pub(crate) fn options(&self, values: &[String]) -> Markup<'_> {
        let spoken = &self.0.options[current() as usize];
        let Options(markup, places) = spoken.get_or_init(|| Options::of(self.list()));
        if values.is_empty() {
            return markup.again();
        }
        let chosen = self.list().iter().zip(places);
        let chosen = chosen.filter(|(c, _)| values.contains(&c.value));
        markup.with(" selected", chosen.map(|(_, place)| *place))
    }
}

impl Options {
    fn of(choices: &[Choice]) -> Self {
        let mut at = 0;
        let mut places = Vec::with_capacity(choices.len());
        for choice in choices {
            let opening = Opening {
                value: &choice.value,
            };
            places.push(at + Markup::of(&opening).len());
            let choices = std::slice::from_ref(choice);
            at += Markup::of(&Rendered { choices }).len();
        }
        Self(Markup::of(&Rendered { choices }), places)
    }
}

#[cfg(test)]
mod tests {
    use super::super::language::speak;
    use super::*;

    #[test]
    fn chosen_options_say_so_and_nothing_is_left_unescaped() {
        let list = [("a\"b", "A & B"), ("<c>", "C"), ("d", "D")];
        let choices = Choices::from(list.map(|(v, l)| Choice::new(v, l)).to_vec());
        let plain = r#"<option value="a&#34;b">A &#38; B</option><option value="&#60;c&#62;">C</option><option value="d">D</option>"#;
        assert_eq!(choices.options(&[]).to_string(), plain);
        let chosen = choices.options(&["d".to_owned(), "a\"b".to_owned(), "x".to_owned()]);
        let wanted = r#"<option value="a&#34;b" selected>A &#38; B</option><option value="&#60;c&#62;">C</option><option value="d" selected>D</option>"#;
        assert_eq!(chosen.to_string(), wanted);
    }

    #[test]
    fn a_list_kept_for_one_language_is_not_shown_in_another() {
        let choices = Choices::from([Choice::new("t", "Training"), Choice::new("x", "Atlantis")]);
        let said = |l: Language| speak(l, || choices.options(&[]).to_string());
        assert!(said(Language::French).contains(">Formation<"));
        assert!(said(Language::English).contains(">Training<"));
        assert!(said(Language::French).contains(">Atlantis<"));
    }
}
