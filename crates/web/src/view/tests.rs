//! What holds for every page from every sample: structure, labels, ids, and that hostile text in any
//! field stays text. The browser checks contrast and keyboard; this checks the markup.

use super::language::{Language, speak};
use super::sample::{every_page, every_page_with};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::collections::HashSet;

const HOSTILE: &str =
    "\"'><script>alert(1)</script><img src=x onerror=alert(2)> style=\"x\" {{7*7}}";

/// The context with every text replaced that can be (names of variants cannot).
pub(super) fn replaced<T: Serialize + DeserializeOwned>(sample: T, text: &str) -> T {
    let mut value = serde_json::to_value(&sample).expect("contexts serialise");
    shorten(&mut value);
    let mut paths = Vec::new();
    collect(&value, String::new(), &mut paths);
    for path in paths {
        let Some(place) = value.pointer_mut(&path) else {
            continue;
        };
        let before = std::mem::replace(place, Value::String(text.to_owned()));
        if serde_json::from_value::<T>(value.clone()).is_err()
            && let Some(place) = value.pointer_mut(&path)
        {
            *place = before;
        }
    }
    serde_json::from_value(value).expect("replaced one by one")
}

/// Lists cut to three: what holds for three rows holds for fifty.
fn shorten(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.truncate(3);
            items.iter_mut().for_each(shorten);
        }
        Value::Object(map) => map.values_mut().for_each(shorten),
        _ => {}
    }
}

fn collect(value: &Value, path: String, out: &mut Vec<String>) {
    match value {
        Value::String(_) => out.push(path),
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                collect(item, format!("{path}/{i}"), out);
            }
        }
        Value::Object(map) => {
            for (key, item) in map {
                collect(item, format!("{path}/{key}"), out);
            }
        }
        _ => {}
    }
}

/// The opening tags of a page: name and the rest.
fn tags(html: &str) -> Vec<(&str, &str)> {
    html.split('<')
        .skip(1)
        .filter(|p| p.starts_with(|c: char| c.is_ascii_alphabetic()))
        .map(|p| {
            let tag = p.split('>').next().unwrap_or("");
            let end = tag
                .find(|c: char| !c.is_ascii_alphanumeric())
                .unwrap_or(tag.len());
            (&tag[..end], &tag[end..])
        })
        .collect()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[start..].split('"').next()
}

fn pages() -> Vec<(String, String)> {
    let all = every_page().into_iter();
    all.map(|(name, html)| (name, html.expect("renders")))
        .collect()
}

#[test]
fn every_page_renders_twice_alike() {
    let (first, second) = (pages(), pages());
    assert!(first.len() > 50);
    assert_eq!(first, second);
}

#[test]
fn every_page_has_one_heading_a_main_and_markings_at_both_ends() {
    for (name, html) in pages() {
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
        assert_eq!(html.matches("<main").count(), 1, "{name}");
        assert_eq!(html.matches("class=\"marking\"").count(), 2, "{name}");
        assert!(html.contains("href=\"#main\""), "{name}");
    }
}

#[test]
fn nothing_is_inline_and_nothing_comes_from_elsewhere() {
    for (name, html) in pages() {
        for (tag, rest) in tags(&html) {
            assert!(attribute(rest, "style").is_none(), "{name}: {tag}{rest}");
            assert!(!rest.contains(" on"), "{name}: {tag}{rest}");
            if let Some(src) = attribute(rest, "src") {
                assert!(src.starts_with("/static/"), "{name}: {src}");
            }
        }
        assert!(!html.contains("<style"), "{name}");
        assert_eq!(
            html.matches("<script").count(),
            1,
            "{name}: only the module"
        );
    }
}

#[test]
fn every_table_has_a_caption_and_scoped_headers() {
    for (name, html) in pages() {
        let tables = html.matches("<table").count();
        assert_eq!(tables, html.matches("<caption").count(), "{name}");
        for (tag, rest) in tags(&html) {
            assert!(
                tag != "th" || attribute(rest, "scope").is_some(),
                "{name}: {rest}"
            );
        }
    }
}

#[test]
fn ids_are_unique_and_every_reference_leads_to_one() {
    for (name, html) in pages() {
        let all: Vec<_> = tags(&html)
            .into_iter()
            .filter_map(|(_, r)| attribute(r, "id"))
            .collect();
        let ids: HashSet<_> = all.iter().copied().collect();
        assert_eq!(all.len(), ids.len(), "{name}: {:?}", twice(&all));
        for (tag, rest) in tags(&html) {
            for attr in ["for", "aria-labelledby", "aria-describedby"] {
                for id in attribute(rest, attr).unwrap_or("").split_whitespace() {
                    assert!(ids.contains(id), "{name}: {tag} {attr}={id}");
                }
            }
            if let Some(anchor) = attribute(rest, "href").and_then(|h| h.strip_prefix('#')) {
                assert!(ids.contains(anchor), "{name}: #{anchor}");
            }
        }
    }
}

fn twice<'a>(all: &[&'a str]) -> Vec<&'a str> {
    let mut seen = HashSet::new();
    all.iter()
        .filter(|id| !seen.insert(**id))
        .copied()
        .collect()
}

#[test]
fn every_control_has_a_label_and_every_post_a_token() {
    for (name, html) in pages() {
        let labelled: HashSet<_> = tags(&html)
            .into_iter()
            .filter(|(tag, _)| *tag == "label")
            .filter_map(|(_, rest)| attribute(rest, "for"))
            .collect();
        for (tag, rest) in tags(&html) {
            let kind = attribute(rest, "type").unwrap_or("");
            if !["input", "select", "textarea"].contains(&tag)
                || ["hidden", "checkbox"].contains(&kind)
            {
                continue;
            }
            let id = attribute(rest, "id").unwrap_or("");
            assert!(labelled.contains(id), "{name}: {tag}{rest}");
        }
        for form in html
            .split("<form")
            .skip(1)
            .map(|f| f.split("</form>").next().unwrap_or(""))
        {
            let posts = form
                .split('>')
                .next()
                .is_some_and(|t| t.contains("method=\"post\""));
            assert!(!posts || form.contains("name=\"csrf\""), "{name}: {form}");
        }
        for boxed in html
            .split("type=\"checkbox\"")
            .collect::<Vec<_>>()
            .windows(2)
        {
            assert!(
                boxed[0].ends_with("<label><input "),
                "{name}: check box outside a label"
            );
        }
    }
}

#[test]
fn hostile_text_in_any_field_stays_text_in_every_language() {
    let languages = Language::ALL.into_iter();
    let all = languages.flat_map(|l| speak(l, || every_page_with(HOSTILE)));
    for (name, html) in all {
        let html = html.expect("renders");
        assert!(html.contains("alert(1)"), "{name}: nothing was replaced");
        assert_eq!(html.matches("<script").count(), 1, "{name}");
        assert!(!html.contains("<img"), "{name}");
        for (tag, rest) in tags(&html) {
            assert!(
                !rest.contains("onerror=") || rest.contains("&#"),
                "{name}: {tag}{rest}"
            );
            assert!(attribute(rest, "style").is_none(), "{name}: {tag}{rest}");
        }
    }
}

#[test]
fn an_address_from_data_never_becomes_a_script() {
    for (name, html) in every_page_with("javascript:alert(1)") {
        for (tag, rest) in tags(&html.expect("renders")) {
            for attr in ["href", "src", "formaction"] {
                let value = attribute(rest, attr).unwrap_or("");
                assert!(!value.starts_with("javascript:"), "{name}: {tag}{rest}");
            }
        }
    }
}

#[test]
fn no_template_inserts_text_unescaped() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
    for folder in [root.to_owned(), format!("{root}/parts")] {
        let Ok(files) = std::fs::read_dir(&folder) else {
            continue;
        };
        for path in files
            .flatten()
            .map(|f| f.path())
            .filter(|p| p.extension().is_some_and(|e| e == "html"))
        {
            let text = std::fs::read_to_string(&path).expect("readable");
            assert!(
                !text.contains("|safe") && !text.contains("| safe"),
                "{path:?}"
            );
        }
    }
}
