//! `docs/reference/languages.md`: how much of each template and each kind of record a language says.

use crate::shell;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use symbolon_domain::kinds;
use symbolon_web::{Catalogue, Language, coverage};

const HEAD: &str = "<!-- Made by `cargo xtask generate` from `crates/web/words` and `crates/web/templates`. Do not edit. -->

# Languages

How many of the English words of a template, or of a kind of record (its name, states, moves, labels, choices and help), each
language has. A **bold** figure is a claim: a test fails where a word is missing. English has them all. How to add words:
[translating](../guides/translating.md).
";

/// Languages that have a catalogue.
fn others() -> impl Iterator<Item = (Language, &'static Catalogue)> {
    let all = Language::ALL.into_iter();
    all.filter_map(|l| Some((l, Catalogue::of(l)?)))
}

/// The page.
pub(super) fn languages() -> String {
    let mut out = HEAD.to_owned();
    summary(&mut out);
    out.push_str("\n## Templates\n\nWords that a template holds itself; those that a page brings are of the pages below.\n\n");
    header(&mut out, "template");
    for (name, text) in templates() {
        let words = coverage::of_template(&text).said;
        row(&mut out, &name, &words, |c| c.templates.contains(&name));
    }
    out.push_str("\n## Kinds of record\n\n");
    header(&mut out, "kind");
    for kind in kinds::all().iter().filter(|k| k.area != "administration") {
        let words = coverage::of_kind(kind);
        let claims = |c: &Catalogue| c.kinds.iter().any(|k| k == kind.code);
        row(&mut out, kind.code, &words, claims);
    }
    out.push_str("\n## Pages said whole\n\nVisited by a partner's officer in a test, which fails where one word of them is not said.\n");
    for (language, catalogue) in others() {
        let _ = write!(
            out,
            "\n- {}: {}",
            language.own_name(),
            catalogue.pages.join(", ")
        );
    }
    out.push('\n');
    out
}

fn summary(out: &mut String) {
    out.push_str(
        "\n| language | code | direction | words | counted nouns |\n|---|---|---|---:|---:|\n",
    );
    for (language, catalogue) in others() {
        let direction = if language.rtl() {
            "right to left"
        } else {
            "left to right"
        };
        let _ = writeln!(
            out,
            "| {} | `{}` | {direction} | {} | {} |",
            language.own_name(),
            language.code(),
            catalogue.words().count(),
            catalogue.counted().count()
        );
    }
}

fn header(out: &mut String, what: &str) {
    let _ = write!(out, "| {what} | words |");
    let _ = others().try_for_each(|(l, _)| write!(out, " {} |", l.own_name()));
    let _ = writeln!(out, "\n|---|---:|{}", "---:|".repeat(others().count()));
}

fn row(
    out: &mut String,
    name: &str,
    words: &BTreeSet<String>,
    claims: impl Fn(&Catalogue) -> bool,
) {
    let _ = write!(out, "| `{name}` | {} |", words.len());
    for (language, catalogue) in others() {
        let known = words.len() - coverage::missing(language, words).len();
        let mark = if claims(catalogue) { "**" } else { "" };
        let _ = write!(out, " {mark}{known}{mark} |");
    }
    out.push('\n');
}

/// Name within the folder, and text, of every template.
fn templates() -> Vec<(String, String)> {
    let root = shell::root().join("crates/web/templates");
    let mut all = vec![];
    for folder in ["", "parts/"] {
        let files = fs::read_dir(root.join(folder)).into_iter().flatten();
        for file in files.flatten() {
            let name = file.file_name().to_string_lossy().into_owned();
            if name.ends_with(".html") {
                let text = fs::read_to_string(file.path()).unwrap_or_default();
                all.push((format!("{folder}{name}"), text));
            }
        }
    }
    all.sort();
    all
}
