//! Pictures of data, drawn on the server as SVG: they work without script, print sharp, take their
//! colours from classes (so both themes and forced colours work) and never carry an inline style.
//!
//! A [`Plot`] is drawn *and* tabulated from the same numbers, so picture and table cannot differ.

mod axis;
mod bars;
mod chain;
mod gantt;
mod lines;
mod map;
#[cfg(test)]
mod palette;
mod plot;

pub use bars::bars;
pub use chain::{ChainChart, ChainNode, chain};
pub use gantt::{Gantt, GanttLine, gantt};
pub use lines::{lines, sparkline};
pub use map::{MapData, MapValue, Outline, Outlines, choropleth};
pub use plot::{Plot, Series};

use std::fmt;

/// A finished picture. Only this module makes one, and it escapes all text it is given: that is why
/// templates may insert it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Svg(String);

impl Svg {
    /// The markup.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Svg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// REVIEWED: every string inside comes through `Canvas::text` or is a number.
impl askama::filters::HtmlSafe for Svg {}

/// Escapes text for element content and double-quoted attributes.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A string that may stand in an id: letters, digits and hyphens.
fn identifier(text: &str) -> String {
    let keep = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    text.chars().map(keep).collect()
}

/// A coordinate with at most one decimal.
fn at(n: f64) -> String {
    let text = format!("{n:.1}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

/// An SVG being written.
struct Canvas {
    out: String,
}

impl Canvas {
    fn new(id: &str, class: &str, width: f64, height: f64, title: &str, desc: &str) -> Self {
        let id = identifier(id);
        let (w, h) = (at(width), at(height));
        Self {
            out: format!(
                "<svg class=\"{class}\" viewBox=\"0 0 {w} {h}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\">\
                 <title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>",
                escape(title),
                escape(desc)
            ),
        }
    }

    fn raw(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    fn text(&mut self, x: f64, y: f64, class: &str, text: &str) {
        self.out.push_str(&format!(
            "<text x=\"{}\" y=\"{}\" class=\"{class}\">{}</text>",
            at(x),
            at(y),
            escape(text)
        ));
    }

    fn line(&mut self, from: (f64, f64), to: (f64, f64), class: &str) {
        self.out.push_str(&format!(
            "<path class=\"{class}\" d=\"M{} {}L{} {}\"/>",
            at(from.0),
            at(from.1),
            at(to.0),
            at(to.1)
        ));
    }

    fn finish(mut self) -> Svg {
        self.out.push_str("</svg>");
        Svg(self.out)
    }
}
