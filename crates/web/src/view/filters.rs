//! Filter forms: plain GET forms whose values come from the address, and the chips that remove them.

use super::{
    choices::Choices,
    language::{known, say},
    page::Link,
    query::Query,
    safe::Markup,
};
use askama::Template;
use serde::{Deserialize, Serialize};

/// How a filter is entered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Input {
    /// Free text.
    #[default]
    Text,
    /// A whole number.
    Number,
    /// An ISO date.
    Date,
    /// One of a list.
    Select,
    /// Any of a list.
    Checks,
}

/// One filter.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Field {
    /// Name in the address.
    pub name: String,
    /// Label.
    pub label: String,
    /// Hint under the label; may be empty.
    pub hint: String,
    /// How it is entered.
    pub input: Input,
    /// Choices of a select or of check boxes.
    pub choices: Choices,
    /// Values chosen.
    pub values: Vec<String>,
    /// Whether it has no "any" choice and so needs no chip.
    pub always: bool,
}

impl Field {
    /// The first value, or nothing.
    #[must_use]
    pub fn value(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }

    /// Whether a choice is chosen.
    #[must_use]
    pub fn has(&self, value: &str) -> bool {
        self.values.iter().any(|v| v == value)
    }

    /// The options of a select.
    pub(crate) fn options(&self) -> Markup<'_> {
        self.choices.options(&self.values)
    }

    fn words<'a>(&'a self, value: &'a str) -> &'a str {
        let found = self.choices.list().iter().find(|c| c.value == value);
        found.map_or(value, |c| c.label.as_str())
    }
}

/// A filter form with the chips of what is set.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "parts/filters.html")]
pub struct Filters {
    /// Id, unique on the page; ids of the fields begin with it.
    pub id: String,
    /// Heading for screen readers: "Filter training rows".
    pub title: String,
    /// The address as it is.
    pub query: Query,
    /// The filters.
    pub fields: Vec<Field>,
    /// Words of the button.
    pub button: String,
    /// Where on the page the result stands, such as `#findings`; may be empty.
    pub anchor: String,
}

impl Filters {
    /// A form over an address.
    #[must_use]
    pub fn new(id: &str, title: &str, query: &Query) -> Self {
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            query: query.clone(),
            button: "Show".to_owned(),
            ..Self::default()
        }
    }

    fn field(
        mut self,
        name: &str,
        label: &str,
        hint: &str,
        input: Input,
        choices: Choices,
    ) -> Self {
        self.fields.push(Field {
            name: name.to_owned(),
            label: label.to_owned(),
            hint: hint.to_owned(),
            input,
            choices,
            values: self.query.all(name).map(str::to_owned).collect(),
            always: false,
        });
        self
    }

    /// Adds free text.
    #[must_use]
    pub fn text(self, name: &str, label: &str, hint: &str) -> Self {
        self.field(name, label, hint, Input::Text, Choices::default())
    }

    /// Adds a whole number.
    #[must_use]
    pub fn number(self, name: &str, label: &str, hint: &str) -> Self {
        self.field(name, label, hint, Input::Number, Choices::default())
    }

    /// Adds a date; without a hint of its own it says how to write one.
    #[must_use]
    pub fn date(self, name: &str, label: &str, hint: &str) -> Self {
        let hint = if hint.is_empty() {
            "year-month-day"
        } else {
            hint
        };
        self.field(name, label, hint, Input::Date, Choices::default())
    }

    /// Adds a list with an "any" choice on top.
    #[must_use]
    pub fn select(self, name: &str, label: &str, choices: impl Into<Choices>) -> Self {
        self.field(name, label, "", Input::Select, choices.into())
    }

    /// Adds a list of which one is always chosen.
    #[must_use]
    pub fn one_of(self, name: &str, label: &str, choices: impl Into<Choices>) -> Self {
        let mut this = self.field(name, label, "", Input::Select, choices.into());
        if let Some(field) = this.fields.last_mut() {
            field.always = true;
        }
        this
    }

    /// Adds check boxes.
    #[must_use]
    pub fn checks(self, name: &str, label: &str, choices: impl Into<Choices>) -> Self {
        self.field(name, label, "", Input::Checks, choices.into())
    }

    /// The same, leading to a place on the page.
    #[must_use]
    pub fn to(mut self, anchor: &str) -> Self {
        anchor.clone_into(&mut self.anchor);
        self
    }

    /// Where the form leads: the path, and the place on the page.
    #[must_use]
    pub fn action(&self) -> String {
        Query::new(&self.query.path).href() + &self.anchor
    }

    /// Pairs of the address that no field of this form holds, kept as hidden inputs.
    #[must_use]
    pub fn hidden(&self) -> Vec<&(String, String)> {
        let own = |name: &str| self.fields.iter().any(|f| f.name == name);
        let pairs = self.query.pairs.iter();
        pairs.filter(|(n, _)| n != "page" && !own(n)).collect()
    }

    /// What is set, each with the address that takes it away.
    #[must_use]
    pub fn chips(&self) -> Vec<Link> {
        let set = self.fields.iter().filter(|f| !f.always);
        let pairs = set.flat_map(|f| {
            f.values
                .iter()
                .filter(|v| !v.is_empty())
                .map(move |v| (f, v))
        });
        pairs
            .map(|(f, v)| {
                let href = self.query.without(&f.name, v) + &self.anchor;
                Link::new(format!("{}: {}", say(&f.label), known(f.words(v))), href)
            })
            .collect()
    }

    /// The address without any of this form's filters.
    #[must_use]
    pub fn clear(&self) -> String {
        let mut query = Query::new(&self.query.path);
        query.pairs = self.hidden().into_iter().cloned().collect();
        query.href() + &self.anchor
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Choice;

    #[test]
    fn chips_name_the_choice_and_remove_only_it() {
        let query = Query::new("/training")
            .and("country", "NGA")
            .and("course", "pilot")
            .and("sort", "-cost")
            .and("page", "2");
        let filters = Filters::new("f", "Filter", &query)
            .select("country", "Country", vec![Choice::new("NGA", "Nigeria")])
            .text("course", "Course", "");
        let chips = filters.chips();
        assert_eq!(chips[0].text, "Country: Nigeria");
        assert_eq!(chips[0].href, "/training?course=pilot&sort=-cost");
        assert_eq!(filters.clear(), "/training?sort=-cost");
        assert_eq!(filters.hidden().len(), 1);
    }
}
