//! The address of a page as data: every sort link, filter chip and page number is made from it, so
//! that the address bar always holds the whole state.

use serde::{Deserialize, Serialize};

/// A path and its query, in order. Names may repeat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    /// Path, `/training`.
    pub path: String,
    /// Names and values, decoded.
    pub pairs: Vec<(String, String)>,
}

impl Query {
    /// An address without a query.
    #[must_use]
    pub fn new(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            pairs: Vec::new(),
        }
    }

    /// The same with one more pair; empty values are left out.
    #[must_use]
    pub fn and(mut self, name: &str, value: &str) -> Self {
        if !value.is_empty() {
            self.pairs.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// First value under a name, or nothing.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        let found = self.pairs.iter().find(|(n, _)| n == name);
        found.map_or("", |(_, v)| v.as_str())
    }

    /// All values under a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs
            .iter()
            .filter(move |(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// The address itself.
    #[must_use]
    pub fn href(&self) -> String {
        encode(&self.path, self.pairs.iter())
    }

    /// The address with one name set to one value, and back on the first page.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> String {
        let last = (name.to_owned(), value.to_owned());
        let kept = self
            .pairs
            .iter()
            .filter(|(n, _)| n != name && !(n == "page" && name != "page"));
        encode(
            &self.path,
            kept.chain(std::iter::once(&last).filter(|(_, v)| !v.is_empty())),
        )
    }

    /// The address without one pair, and back on the first page.
    #[must_use]
    pub fn without(&self, name: &str, value: &str) -> String {
        let kept = self
            .pairs
            .iter()
            .filter(|(n, v)| n != "page" && !(n == name && v == value));
        encode(&self.path, kept)
    }

    /// The same query on another path, such as the export of a list.
    #[must_use]
    pub fn at(&self, path: &str) -> String {
        encode(path, self.pairs.iter().filter(|(n, _)| n != "page"))
    }
}

fn encode<'a>(path: &str, pairs: impl Iterator<Item = &'a (String, String)>) -> String {
    let mut out = safe_href(path).to_owned();
    for (i, (name, value)) in pairs.enumerate() {
        out.push(if i == 0 { '?' } else { '&' });
        escape(name, &mut out);
        out.push('=');
        escape(value, &mut out);
    }
    out
}

/// Percent-encodes all but the unreserved characters of RFC 3986; a space becomes `+`.
fn escape(text: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(byte as char);
            }
            b' ' => out.push('+'),
            _ => {
                out.push('%');
                out.push(HEX[usize::from(byte >> 4)] as char);
                out.push(HEX[usize::from(byte & 15)] as char);
            }
        }
    }
}

/// An address that may stand in a link: a path of ours or a web address. Anything else, such as
/// `javascript:`, becomes `#`.
#[must_use]
pub fn safe_href(href: &str) -> &str {
    let own = href.starts_with(['/', '#', '?']) && !href.starts_with("//");
    let web = href.starts_with("https://") || href.starts_with("http://");
    if own || web { href } else { "#" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changing_a_filter_goes_back_to_the_first_page() {
        let query = Query::new("/training")
            .and("q", "côte & co")
            .and("page", "3");
        assert_eq!(
            query.with("sort", "-cost"),
            "/training?q=c%C3%B4te+%26+co&sort=-cost"
        );
        assert_eq!(
            query.with("page", "4"),
            "/training?q=c%C3%B4te+%26+co&page=4"
        );
        assert_eq!(query.without("q", "côte & co"), "/training");
        assert_eq!(
            query.at("/training.csv"),
            "/training.csv?q=c%C3%B4te+%26+co"
        );
    }

    #[test]
    fn only_paths_and_web_addresses_become_links() {
        assert_eq!(safe_href("/countries/NGA"), "/countries/NGA");
        for bad in ["javascript:alert(1)", "//evil.example", "data:text/html,x"] {
            assert_eq!(safe_href(bad), "#");
        }
    }
}
