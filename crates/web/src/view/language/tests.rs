//! What holds for every catalogue, and for pages in another language than English.

use super::catalogue::file;
use super::{Catalogue, Language, asked, coverage, numbers, say, speak, told};
use crate::view::{Page, format::plural, sample::every_page};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use symbolon_domain::kinds;

fn others() -> impl Iterator<Item = (Language, &'static Catalogue)> {
    let others = Language::ALL.into_iter().skip(1);
    others.map(|l| (l, Catalogue::of(l).unwrap()))
}

/// Name within the folder, and text, of every template.
fn templates() -> Vec<(String, String)> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/templates"));
    let mut all = vec![];
    for folder in ["", "parts/"] {
        for file in fs::read_dir(root.join(folder)).unwrap().flatten() {
            let name = file.file_name().into_string().unwrap();
            if name.ends_with(".html") {
                let text = fs::read_to_string(file.path()).unwrap();
                all.push((format!("{folder}{name}"), text));
            }
        }
    }
    all.sort();
    all
}

#[test]
fn every_catalogue_can_be_read() {
    for language in Language::ALL.into_iter().skip(1) {
        Catalogue::read(file(language)).unwrap_or_else(|e| panic!("{language:?}: {e}"));
        assert!(Catalogue::of(language).unwrap().words().count() > 50);
    }
    assert!(Catalogue::of(Language::English).is_none());
}

#[test]
fn a_translation_keeps_the_places_of_the_english_words() {
    let places = |text: &str| {
        let mut found: Vec<String> = text
            .split('{')
            .skip(1)
            .filter_map(|p| p.split_once('}').map(|(name, _)| name.to_owned()))
            .collect();
        assert_eq!(found.len(), text.matches('}').count(), "{text}");
        assert!(found.iter().all(|n| n.is_empty() || n == "word"), "{text}");
        found.sort();
        found
    };
    for (language, catalogue) in others() {
        for (english, words) in catalogue.words() {
            assert_eq!(places(english), places(words), "{language:?}: {english}");
            assert!(!words.trim().is_empty(), "{language:?}: {english}");
            assert_eq!(words, words.trim(), "{language:?}: {english}");
            assert!(!words.contains('<'), "{language:?}: {english}");
            if english.contains('{') {
                let fixed = english.replace("{word}", "").replace("{}", "");
                let letters = fixed.chars().filter(|c| c.is_alphabetic()).count();
                assert!(letters >= 2, "{english} would fit anything");
            }
        }
    }
}

#[test]
fn counted_nouns_have_every_plural_class_of_their_language() {
    for (language, catalogue) in others() {
        let numbers = (0..=200).chain([1_000, 1_000_000, 2_000_000]);
        let classes: BTreeSet<_> = numbers.map(|n| numbers::class(language, n)).collect();
        for (noun, words) in catalogue.counted() {
            let has: BTreeSet<_> = words.keys().map(String::as_str).collect();
            assert_eq!(has, classes, "{language:?}: {noun}");
            for (class, words) in words {
                let alone = matches!(class.as_str(), "zero" | "one" | "two");
                assert!(
                    words.contains("{}") || alone,
                    "{language:?}: {noun} {class}"
                );
            }
        }
    }
}

#[test]
fn plural_classes_are_those_of_cldr() {
    let classes = |l, ns: &[i64]| -> Vec<_> { ns.iter().map(|n| numbers::class(l, *n)).collect() };
    let arabic = classes(
        Language::Arabic,
        &[0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 111],
    );
    let expected = [
        "zero", "one", "two", "few", "few", "many", "many", "other", "other", "few", "many",
    ];
    assert_eq!(arabic, expected);
    assert_eq!(
        classes(Language::French, &[0, 1, 2, 1_000_000]),
        ["one", "one", "other", "many"]
    );
    assert_eq!(
        classes(Language::Spanish, &[0, 1, 2]),
        ["other", "one", "other"]
    );
    assert_eq!(
        classes(Language::Portuguese, &[0, 1, 2]),
        ["one", "one", "other"]
    );
}

#[test]
fn a_language_says_every_word_of_the_templates_it_claims() {
    let templates = templates();
    for (language, catalogue) in others() {
        for claimed in &catalogue.templates {
            let found = templates.iter().find(|(name, _)| name == claimed);
            let (_, text) = found.unwrap_or_else(|| panic!("{language:?} claims {claimed}"));
            let words = coverage::of_template(text);
            let missing = coverage::missing(language, &words.said);
            assert!(missing.is_empty(), "{language:?}, {claimed}: {missing:?}");
            assert!(
                words.bare.is_empty(),
                "{claimed} says {:?} itself",
                words.bare
            );
        }
    }
}

#[test]
fn a_language_says_every_word_of_the_kinds_it_claims() {
    let mut missing = vec![];
    for (language, catalogue) in others() {
        for code in &catalogue.kinds {
            let kind = kinds::by_code(code).unwrap_or_else(|| panic!("{language:?} claims {code}"));
            let words = coverage::of_kind(kind);
            let left = coverage::missing(language, &words).into_iter();
            missing.extend(left.map(|w| (language, code, w.to_owned())));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn the_words_of_a_template_are_found_in_it() {
    let text = r#"<p class="a" aria-label="{{ crate::say("Main") }}">{{ crate::told("Words") }} bare&nbsp;ones
        <code>none of these</code> {{ plural(n, "row", "rows") }} <b title="read out">CSV</b></p>"#;
    let words = coverage::of_template(text);
    let said: Vec<_> = words.said.iter().map(String::as_str).collect();
    assert_eq!(said, ["Main", "Words", "row"]);
    let bare: Vec<_> = words.bare.iter().map(String::as_str).collect();
    assert_eq!(bare, ["bare ones", "read out"]);
}

/// Every source text of the workspace, with places as a catalogue writes them.
fn sources(folder: &Path, out: &mut String) {
    for file in fs::read_dir(folder).unwrap().flatten().map(|f| f.path()) {
        if file.is_dir() {
            sources(&file, out);
        } else if file
            .extension()
            .is_some_and(|e| ["rs", "html", "toml"].contains(&e.to_str().unwrap()))
        {
            out.push_str(&fs::read_to_string(&file).unwrap());
        }
    }
}

/// A text without what stands in its places, with escapes as characters, on one line.
fn plain(text: &str) -> String {
    let text = text
        .replace("\\u{201c}", "\u{201c}")
        .replace("\\u{201d}", "\u{201d}");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        out.push_str("{}");
        let place = after
            .split_once('}')
            .filter(|(p, _)| p.len() < 40 && !p.contains(['\n', '{', '"', '(']));
        rest = place.map_or(after, |(_, a)| a);
    }
    out.push_str(rest);
    let joined = out.replace("\\\n", " ").replace("///", " ");
    joined.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The longest run of a pattern between its places; a plain text whole.
fn longest(text: &str) -> &str {
    if !text.contains("{}") {
        return text;
    }
    let parts = text.split("{}").flat_map(|p| p.split([',', ';', '.', '"']));
    let parts = parts.map(str::trim);
    parts.max_by_key(|p| p.len()).unwrap_or_default()
}

#[test]
fn no_catalogue_holds_words_that_nothing_says() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut text = String::new();
    for name in ["app", "access", "domain", "law", "report", "store", "web"] {
        sources(&crates.join(name).join("src"), &mut text);
    }
    sources(&crates.join("web/templates"), &mut text);
    sources(&crates.join("../law"), &mut text);
    for name in ["code-lists", "documents", "labels"] {
        sources(&crates.join("../data").join(name), &mut text);
    }
    text.push_str(&fs::read_to_string(crates.join("../data/measures.csv")).unwrap());
    let text = plain(&text);
    let lower = text.to_lowercase().replace('_', " ");
    let of_kinds: BTreeSet<String> = kinds::all().iter().flat_map(coverage::of_kind).collect();
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for (_, catalogue) in others() {
        known.extend(catalogue.words().map(|(english, _)| english));
        known.extend(catalogue.counted().map(|(noun, _)| noun));
    }
    let says = |english: &&&str| {
        let sought = plain(english);
        of_kinds.contains(**english)
            || text.contains(longest(&sought))
            || lower.contains(&longest(&sought).to_lowercase())
    };
    let unused: Vec<_> = known.iter().filter(|e| !says(e)).collect();
    assert!(unused.is_empty(), "nothing says {unused:#?}");
}

#[test]
fn a_reader_gets_the_language_that_the_browser_wants_most() {
    for (header, language) in [
        ("", Language::English),
        ("de, nl;q=0.5", Language::English),
        ("fr-CH, fr;q=0.9, en;q=0.8", Language::French),
        ("en;q=0.5, es-MX;q=0.7", Language::Spanish),
        ("de, ar;q=0.3", Language::Arabic),
        ("pt-BR", Language::Portuguese),
        ("fr;q=0", Language::English),
        ("fr;q=x, \u{661}", Language::English),
    ] {
        assert_eq!(Language::accepted(header), language, "{header}");
    }
}

#[test]
fn words_are_said_and_what_is_not_known_is_marked_as_english() {
    assert_eq!(say("Sign in"), "Sign in");
    assert_eq!(told("No such words").to_string(), "No such words");
    speak(Language::French, || {
        assert_eq!(say("Sign in"), "Se connecter");
        assert_eq!(plural(1, "source", "sources"), "1 source");
        assert_eq!(say("2026-03-31"), "2026-03-31");
        let told = told("<b>No such words</b>").to_string();
        assert!(
            told.starts_with("<span lang=\"en\" dir=\"ltr\">&#60;b&#62;"),
            "{told}"
        );
    });
    assert_eq!(
        say("Sign in"),
        "Sign in",
        "the language ends with the request"
    );
}

#[test]
fn what_stands_in_a_place_is_said_only_where_it_is_words() {
    let text = "[words]\n\"Open\" = \"Ouvert\"\n\"Change {}\" = \"Modifier {}\"\n\"By {word}\" = \"Par {word}\"\n[counted]\n";
    let catalogue = Catalogue::read(text).unwrap();
    assert_eq!(catalogue.find("Change Open").unwrap(), "Modifier Open");
    assert_eq!(catalogue.find("By open").unwrap(), "Par ouvert");
    assert!(catalogue.find("By nobody").is_none());
    let two = catalogue.find("Change one. Open");
    assert_eq!(two.unwrap(), "Modifier one. Ouvert", "sentence by sentence");
    assert!(catalogue.find("Change one. Nobody knows").is_none());
}

#[test]
fn a_name_within_arabic_words_keeps_its_own_direction() {
    let said = |l, words| speak(l, || say(words).into_owned());
    let arabic = said(Language::Arabic, "History of Boats (two)");
    assert!(arabic.contains("\u{2068}Boats (two)\u{2069}"), "{arabic}");
    assert!(!said(Language::Arabic, "Rows 1 to 2 of 3").contains('\u{2068}'));
    assert!(!said(Language::French, "History of Boats (two)").contains('\u{2068}'));
}

#[test]
fn an_arabic_page_runs_right_to_left_and_keeps_codes_apart() {
    speak(Language::Arabic, || {
        let page = Page {
            marking: "UNCLASSIFIED".into(),
            ..Page::default()
        };
        assert_eq!((page.dir(), page.lang.code()), ("rtl", "ar"));
        for (name, html) in every_page() {
            let html = html.unwrap();
            if !name.starts_with("portfolio") && !name.starts_with("problem") {
                continue;
            }
            assert!(html.contains("lang=\"ar\" dir=\"rtl\""), "{name}");
            assert!(html.contains("<p class=\"marking\"><bdi>"), "{name}");
        }
    });
}

#[test]
fn a_page_says_its_words_to_whoever_listens() {
    let page = Page {
        title: "Nobody says this".into(),
        ..Page::default()
    };
    let made = asked(Language::French, async { page.heading().into_owned() });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let (title, heard) = runtime.block_on(made);
    assert_eq!(title, "Nobody says this");
    assert_eq!(heard.get("Nobody says this"), Some(&false));
    let named = Page {
        named: true,
        ..page
    };
    let made = asked(Language::French, async { named.heading().into_owned() });
    assert!(runtime.block_on(made).1.is_empty(), "a name is no word");
}
