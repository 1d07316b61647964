//! The reviewed list of what templates may insert without escaping. Each of these is a template
//! itself, so its text is escaped when it is rendered; no template uses the `safe` filter.

use super::{
    Facts, Figure, Filters, Paging, Proof, Table,
    language::{Apart, Told},
    words::Difference,
};
use askama::{Template, filters::HtmlSafe};
use std::borrow::Cow;
use std::fmt;

/// A part rendered ahead of the page it stands in, because it stands there often or in many pages.
#[derive(Clone, Debug)]
pub(crate) struct Markup<'a>(Cow<'a, str>);

impl Markup<'static> {
    /// Renders a template; what cannot be rendered stays empty.
    pub(crate) fn of(template: &impl Template) -> Self {
        Self(Cow::Owned(template.render().unwrap_or_default()))
    }
}

impl<'a> Markup<'a> {
    /// The same without copying.
    pub(crate) fn again(&'a self) -> Self {
        Self(Cow::Borrowed(&self.0))
    }

    /// The same with fixed words put in at these places, which are in order.
    pub(crate) fn with(
        &self,
        words: &'static str,
        places: impl Iterator<Item = usize>,
    ) -> Markup<'static> {
        let (mut out, mut from) = (String::with_capacity(self.0.len() + 16), 0);
        for place in places {
            let (Some(before), Some(_)) = (self.0.get(from..place), self.0.get(place..)) else {
                continue;
            };
            out.push_str(before);
            out.push_str(words);
            from = place;
        }
        out.push_str(&self.0[from..]);
        Markup(Cow::Owned(out))
    }

    /// Length in bytes.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

impl fmt::Display for Markup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// REVIEWED: made from a template only, plus words fixed in the program.
impl HtmlSafe for Markup<'_> {}
// REVIEWED: rendered from parts/*.html, which escape.
impl HtmlSafe for Facts {}
impl HtmlSafe for Figure {}
impl HtmlSafe for Filters {}
impl HtmlSafe for Paging {}
impl HtmlSafe for Proof {}
impl HtmlSafe for Table {}
impl HtmlSafe for super::tree::Tree {}
impl HtmlSafe for Difference {}
// REVIEWED: made from templates in language/spoken.rs, which escape.
impl HtmlSafe for Told<'_> {}
impl<T: fmt::Display> HtmlSafe for Apart<T> {}
