//! Nested lists: the twin in words of a chart of what stands under what.

use super::query::safe_href;
use askama::Template;
use serde::{Deserialize, Serialize};

/// A nested list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Template, Serialize, Deserialize)]
#[template(path = "parts/tree.html")]
pub struct Tree {
    /// Its items.
    pub nodes: Vec<Node>,
}

/// An item with what stands under it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Words.
    pub text: String,
    /// Where they lead; empty for nowhere.
    pub href: String,
    /// What is said of it.
    pub note: String,
    /// What stands under it.
    pub under: Tree,
}

impl Node {
    /// The address, if it may stand in a link.
    #[must_use]
    pub fn safe(&self) -> &str {
        safe_href(&self.href)
    }
}
