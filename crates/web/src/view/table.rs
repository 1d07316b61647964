//! Tables: the main instrument. One shape for all of them, so that every table has a caption, scoped
//! headers, right-aligned numbers with the unit in the header, sort links and a reason when empty.

use super::{format, language::say, page::Link, query::Query, safe::Markup};
use crate::chart::Svg;
use askama::Template;
use serde::{Deserialize, Serialize};
use std::borrow::Borrow;

/// A column.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Column {
    /// Header.
    pub label: String,
    /// Unit, shown in the header and not in each cell.
    pub unit: String,
    /// Whether it holds numbers.
    pub numeric: bool,
    /// Whether its values are short and must not wrap: dates, years, codes.
    pub tight: bool,
    /// Address that sorts by this column; empty where it cannot.
    pub sort_href: String,
    /// `ascending`, `descending` or empty.
    pub sorted: String,
}

impl Column {
    /// A column of text.
    #[must_use]
    pub fn text(label: &str) -> Self {
        Self {
            label: label.to_owned(),
            ..Self::default()
        }
    }

    /// A column of short values that do not wrap: dates, years, codes.
    #[must_use]
    pub fn tight(label: &str) -> Self {
        Self {
            tight: true,
            ..Self::text(label)
        }
    }

    /// A column of numbers.
    #[must_use]
    pub fn number(label: &str, unit: &str) -> Self {
        Self {
            unit: unit.to_owned(),
            numeric: true,
            ..Self::text(label)
        }
    }

    /// Makes it sortable: `sort=key` is ascending, `sort=-key` descending. Numbers start descending.
    #[must_use]
    pub fn sortable(mut self, query: &Query, key: &str) -> Self {
        let down = format!("-{key}");
        let now = query.get("sort");
        let next = match now {
            n if n == key => &down,
            n if n == down => key,
            _ if self.numeric => &down,
            _ => key,
        };
        self.sort_href = query.with("sort", next);
        self.sorted = match now {
            n if n == key => "ascending",
            n if n == down => "descending",
            _ => "",
        }
        .to_owned();
        self
    }

    /// What the sort link will do, for people who do not see the arrow.
    #[must_use]
    pub fn sort_words(&self) -> &'static str {
        match (self.sorted.as_str(), self.numeric) {
            ("ascending", _) => "sorted ascending, sort descending",
            ("descending", _) => "sorted descending, sort ascending",
            (_, true) => "sort descending",
            (_, false) => "sort ascending",
        }
    }

    /// Class of its cells.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match (self.numeric, self.tight) {
            (true, _) => "n",
            (_, true) => "k",
            _ => "t",
        }
    }

    /// Header with unit, repeated with each value where rows become cards.
    #[must_use]
    pub fn head(&self) -> String {
        if self.unit.is_empty() {
            say(&self.label).into_owned()
        } else {
            format!("{} ({})", say(&self.label), say(&self.unit))
        }
    }
}

/// The tag that opens a cell of a column; the same for every row, and so rendered once.
#[derive(Template)]
#[template(
    source = r#"<td role="cell"{% if let Some(c) = column %}{% if c.numeric || c.tight %} class="{{ c.class() }}"{% endif %} data-l="{{ c.head() }}"{% endif %}>"#,
    ext = "html"
)]
struct Opening<'a> {
    column: Option<&'a Column>,
}

/// The opening tags of the cells of a row.
pub(crate) struct Openings(Vec<Markup<'static>>, Markup<'static>);

impl Openings {
    /// That of the cell at a place.
    pub(crate) fn at(&self, index: impl Borrow<usize>) -> Markup<'_> {
        self.0.get(*index.borrow()).unwrap_or(&self.1).again()
    }
}

/// A small word with a shape, such as a confidence or a severity.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Tag {
    /// The word.
    pub word: String,
    /// Its class: `high`, `medium`, `low`, `note`, `repaired`, `doubt`, `good`, `bad`, `plain`.
    pub class: String,
}

impl Tag {
    /// A tag whose class is its word.
    #[must_use]
    pub fn of(word: &str) -> Self {
        Self {
            word: word.to_owned(),
            class: word.to_owned(),
        }
    }

    /// A tag with its own class.
    #[must_use]
    pub fn new(word: &str, class: &str) -> Self {
        Self {
            word: word.to_owned(),
            class: class.to_owned(),
        }
    }

    /// The class, if it is one of ours.
    #[must_use]
    pub fn class(&self) -> &str {
        match self.class.as_str() {
            c @ ("high" | "medium" | "low" | "note" | "repaired" | "doubt" | "good" | "bad") => c,
            _ => "plain",
        }
    }
}

/// A cell.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Cell {
    /// What it says.
    pub text: String,
    /// Where it leads; empty for nowhere.
    pub href: String,
    /// A second, smaller line.
    pub sub: String,
    /// A tag after the text.
    pub tag: Option<Tag>,
    /// Whether it is set in a fixed-width face: hashes, codes.
    pub mono: bool,
    /// Whether the text is words of the program and no value out of a record.
    #[serde(default)]
    pub words: bool,
    /// Whether the text is an English sentence that is not said in other languages.
    #[serde(default)]
    pub english: bool,
    /// A small picture after the text.
    #[serde(skip)]
    pub svg: Option<Svg>,
}

impl Cell {
    /// Text as it is.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            ..Self::default()
        }
    }

    /// Words of the program, which each language says its own way.
    #[must_use]
    pub fn words(text: &str) -> Self {
        Self {
            words: true,
            ..Self::text(text)
        }
    }

    /// What may be words of the program or a name out of a record: said in the language spoken only where its catalogue
    /// knows all of it, and marked as nothing.
    #[must_use]
    pub fn known(text: &str) -> Self {
        Self::text(&super::language::known(text))
    }

    /// An English sentence, which stands so in every language, and is marked as English in the others.
    #[must_use]
    pub fn english(text: &str) -> Self {
        Self {
            english: true,
            ..Self::text(text)
        }
    }

    /// Text that leads somewhere.
    #[must_use]
    pub fn link(text: &str, href: &str) -> Self {
        Self {
            href: href.to_owned(),
            ..Self::text(text)
        }
    }

    /// The same, leading somewhere.
    #[must_use]
    pub fn to(mut self, href: &str) -> Self {
        href.clone_into(&mut self.href);
        self
    }

    /// A link of the page.
    #[must_use]
    pub fn of(link: &Link) -> Self {
        Self::link(&link.text, &link.href)
    }

    /// A whole number; a dash where there is none.
    #[must_use]
    pub fn count(n: Option<i64>) -> Self {
        n.map_or_else(Self::default, |n| Self::text(&format::count(n)))
    }

    /// A measured value; a dash where there is none.
    #[must_use]
    pub fn value(n: Option<f64>) -> Self {
        n.map_or_else(Self::default, |n| Self::text(&format::value(n)))
    }

    /// A tag alone.
    #[must_use]
    pub fn tag(tag: Tag) -> Self {
        Self {
            tag: Some(tag),
            ..Self::default()
        }
    }

    /// A code or hash.
    #[must_use]
    pub fn code(text: &str) -> Self {
        Self {
            mono: true,
            ..Self::text(text)
        }
    }

    /// The same with a second line.
    #[must_use]
    pub fn under(mut self, sub: &str) -> Self {
        sub.clone_into(&mut self.sub);
        self
    }

    /// The same with a tag.
    #[must_use]
    pub fn tagged(mut self, tag: Tag) -> Self {
        self.tag = Some(tag);
        self
    }

    /// Whether nothing stands in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty() && self.tag.is_none() && self.svg.is_none()
    }

    /// The address, if it may stand in a link.
    #[must_use]
    pub fn safe(&self) -> &str {
        super::query::safe_href(&self.href)
    }
}

/// A table. The first cell of a row is its header.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "parts/table.html")]
pub struct Table {
    /// Id, unique on the page.
    pub id: String,
    /// Caption.
    pub caption: String,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows of cells.
    pub rows: Vec<Vec<Cell>>,
    /// A row of totals.
    pub total: Vec<Cell>,
    /// Why it is empty, when it is.
    pub empty: String,
    /// Whether the caption is only for screen readers, because a heading says the same.
    pub quiet: bool,
}

impl Table {
    /// A table with its columns.
    #[must_use]
    pub fn new(id: &str, caption: &str, columns: Vec<Column>) -> Self {
        Self {
            id: id.to_owned(),
            caption: caption.to_owned(),
            columns,
            empty: "Nothing recorded.".to_owned(),
            ..Self::default()
        }
    }

    /// The column a cell stands in.
    #[must_use]
    pub fn column(&self, index: impl Borrow<usize>) -> Option<&Column> {
        self.columns.get(*index.borrow())
    }

    pub(crate) fn openings(&self) -> Openings {
        let opening = |column| Markup::of(&Opening { column });
        let all = self.columns.iter().map(|c| opening(Some(c)));
        Openings(all.collect(), opening(None))
    }

    /// The same with rows.
    #[must_use]
    pub fn rows(mut self, rows: Vec<Vec<Cell>>) -> Self {
        self.rows = rows;
        self
    }

    /// The same with its reason for being empty.
    #[must_use]
    pub fn or(mut self, empty: &str) -> Self {
        empty.clone_into(&mut self.empty);
        self
    }

    /// The same with a row of totals.
    #[must_use]
    pub fn total(mut self, total: Vec<Cell>) -> Self {
        self.total = total;
        self
    }

    /// The same with its caption for screen readers only.
    #[must_use]
    pub fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }
}

/// Which part of a long list is shown.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "parts/paging.html")]
pub struct Paging {
    /// Page, from 1.
    pub page: i64,
    /// Rows on a page.
    pub per_page: i64,
    /// Rows in all.
    pub total: i64,
    /// Name of the query value that holds the page.
    pub name: String,
    /// The address of the list.
    pub query: Query,
}

impl Paging {
    /// Paging of a list.
    #[must_use]
    pub fn new(query: &Query, page: i64, per_page: i64, total: i64) -> Self {
        Self {
            page: page.max(1),
            per_page: per_page.max(1),
            total,
            name: "page".to_owned(),
            query: query.clone(),
        }
    }

    /// The same under another name, where a page has several lists.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Number of pages.
    #[must_use]
    pub fn last(&self) -> i64 {
        ((self.total + self.per_page - 1) / self.per_page.max(1)).max(1)
    }

    /// "Rows 51 to 100 of 12,345".
    #[must_use]
    pub fn words(&self) -> String {
        let from = (self.page - 1) * self.per_page + 1;
        let to = (from + self.per_page - 1).min(self.total);
        if self.total == 0 || from > self.total {
            return format!("No rows here; {} in all", format::count(self.total));
        }
        format!(
            "Rows {} to {} of {}",
            format::count(from),
            format::count(to),
            format::count(self.total)
        )
    }

    /// Address of a page.
    #[must_use]
    pub fn href(&self, page: impl Borrow<i64>) -> String {
        let page = page.borrow();
        self.query.with(&self.name, &page.to_string())
    }

    /// The page numbers worth a link: first, last, and those around here; 0 stands for a gap.
    #[must_use]
    pub fn numbers(&self) -> Vec<i64> {
        let last = self.last();
        let mut out = Vec::new();
        for n in 1..=last.min(10_000_000) {
            if n == 1 || n == last || (n - self.page).abs() <= 2 {
                out.push(n);
            } else if n < self.page && out.last() != Some(&0) {
                out.push(0);
            } else if n > self.page {
                out.extend([0, last]);
                break;
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sorted_column_offers_the_other_direction() {
        let query = Query::new("/").and("sort", "-cost");
        let cost = Column::number("Cost", "USD").sortable(&query, "cost");
        assert_eq!(
            (cost.sorted.as_str(), cost.sort_href.as_str()),
            ("descending", "/?sort=cost")
        );
        let name = Column::text("Partner").sortable(&query, "name");
        assert_eq!(name.sort_href, "/?sort=name");
        let rows = Column::number("Rows", "").sortable(&query, "rows");
        assert_eq!(rows.sort_href, "/?sort=-rows");
    }

    #[test]
    fn page_numbers_leave_gaps() {
        let query = Query::new("/training");
        assert_eq!(Paging::new(&query, 1, 50, 120).numbers(), [1, 2, 3]);
        let far = Paging::new(&query, 40, 50, 253_929);
        assert_eq!(far.numbers(), [1, 0, 38, 39, 40, 41, 42, 0, 5079]);
        assert_eq!(far.words(), "Rows 1,951 to 2,000 of 253,929");
        assert_eq!(Paging::new(&query, 1, 50, 0).numbers(), [1]);
    }
}
