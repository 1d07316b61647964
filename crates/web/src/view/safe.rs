//! The reviewed list of what templates may insert without escaping. Each of these is a template
//! itself, so its text is escaped when it is rendered; no template uses the `safe` filter.

use super::{Facts, Figure, Filters, Paging, Proof, Table, words::Difference};
use askama::filters::HtmlSafe;

// REVIEWED: rendered from parts/*.html, which escape.
impl HtmlSafe for Facts {}
impl HtmlSafe for Figure {}
impl HtmlSafe for Filters {}
impl HtmlSafe for Paging {}
impl HtmlSafe for Proof {}
impl HtmlSafe for Table {}
impl HtmlSafe for Difference {}
