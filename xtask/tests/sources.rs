//! Habits of the source text: opening comments, sizes, no query text outside its crate, nothing that
//! belongs to one person's machine.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{files, sources, text};

/// Longer files need a seam, not an exception.
const MOST_LINES: usize = 500;

#[test]
fn every_module_opens_with_what_it_is_for() {
    let silent: Vec<String> = sources()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//!"))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(silent, Vec::<String>::new(), "these do not open with `//!`");
}

#[test]
fn no_file_is_too_long() {
    let long: Vec<String> = sources()
        .into_iter()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > MOST_LINES)
        .map(|(path, lines)| format!("{path}: {lines} lines"))
        .collect();
    assert_eq!(long, Vec::<String>::new());
}

/// String literals of Rust source, roughly: enough to find a query that is written as one.
fn literals(source: &str) -> Vec<String> {
    let mut found = vec![];
    let mut rest = source;
    while let Some(start) = rest.find(['"', '/', '\'']) {
        let tail = &rest[start..];
        if tail.starts_with("//") {
            rest = tail.split_once('\n').map_or("", |(_, after)| after);
        } else if let Some(after) = tail.strip_prefix("'\"'") {
            rest = after;
        } else if let Some(body) = tail.strip_prefix('"') {
            let hashes = rest[..start]
                .bytes()
                .rev()
                .take_while(|b| *b == b'#')
                .count();
            let raw = rest[..start - hashes].ends_with('r');
            let length = if raw {
                body.find(&format!("\"{}", "#".repeat(hashes)))
            } else {
                end_of_literal(body)
            };
            let Some(length) = length else { break };
            found.push(body[..length].to_owned());
            rest = &body[length + 1..];
        } else {
            rest = &tail[1..];
        }
    }
    found
}

fn end_of_literal(body: &str) -> Option<usize> {
    let mut escaped = false;
    body.bytes().position(|byte| {
        let end = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        end
    })
}

/// Whether a text is a query: the verb and its partner, in capitals, as words.
fn is_query(text: &str) -> bool {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|w| !w.is_empty())
        .collect();
    let follows = |verb: &str, partners: &[&str]| {
        let at = words.iter().position(|w| *w == verb);
        at.is_some_and(|at| words[at + 1..].iter().any(|w| partners.contains(w)))
    };
    follows("SELECT", &["FROM"])
        || follows("INSERT", &["INTO"])
        || follows("UPDATE", &["SET"])
        || follows("DELETE", &["FROM"])
        || follows("CREATE", &["TABLE", "INDEX", "TRIGGER", "VIEW"])
        || follows("DROP", &["TABLE", "INDEX", "TRIGGER", "VIEW"])
}

fn queries(source: &str) -> Vec<String> {
    literals(source)
        .into_iter()
        .filter(|l| is_query(l))
        .collect()
}

#[test]
fn query_text_stays_in_the_crate_that_owns_the_database() {
    // The benchmarks' rivals are bare databases of their own; they never touch an instance's. One test of the
    // command line makes the database of an older program, behind this one's back.
    let owners = [
        "crates/store-sql/",
        "crates/bench/",
        "crates/cli/tests/keeping.rs",
        "xtask/tests/sources.rs",
    ];
    let allowed = |path: &str| owners.iter().any(|o| path.starts_with(o));
    let found: Vec<String> = sources()
        .into_iter()
        .filter(|(path, _)| !allowed(path))
        .flat_map(|(path, text)| {
            let queries = queries(&text);
            queries.into_iter().map(move |q| format!("{path}: {q}"))
        })
        .collect();
    assert_eq!(found, Vec::<String>::new(), "R-02: SQL outside store-sql");
}

#[test]
fn a_planted_query_is_found() {
    for planted in [
        r#"conn.query("SELECT name FROM account", &[])"#,
        r##"let q = r#"DELETE FROM "session" WHERE id = 1"#;"##,
        "let q = format!(\"INSERT INTO {table} VALUES(1)\");",
        "let q = \"UPDATE partner \\\n SET name = 'x'\";",
    ] {
        assert_eq!(queries(planted).len(), 1, "{planted}");
    }
    for innocent in [
        "// SELECT a FROM b",
        r#"let help = "Select a country from the list";"#,
        r#"let c = '"'; let d = "INSERT";"#,
    ] {
        assert_eq!(queries(innocent), Vec::<String>::new(), "{innocent}");
    }
}

/// What betrays the machine a file was written on, or where packages were fetched from. Put together
/// here so that this file does not hold what it looks for.
fn forbidden() -> Vec<String> {
    let mut all: Vec<String> = ["work", "tmp", "root", "home"]
        .iter()
        .map(|folder| format!("/{folder}/"))
        .collect();
    all.extend(
        [
            ("index.", "crates.io"),
            ("static.", "crates.io"),
            ("registry.", "npmjs"),
            ("deb.", "debian.org"),
        ]
        .map(|(a, b)| format!("{a}{b}")),
    );
    all.push(format!("\"{}\": \"http", "resolved"));
    all
}

fn betrays(text: &str) -> Option<String> {
    let starts_a_path = |at: usize| {
        let before = text[..at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && !".-_}~*".contains(c))
    };
    forbidden().into_iter().find(|word| {
        text.match_indices(word.as_str())
            .any(|(at, _)| !word.starts_with('/') || starts_a_path(at))
    })
}

#[test]
fn nothing_names_somebodys_machine_or_a_package_host() {
    let data = |path: &str| {
        path.starts_with("data/") || path.ends_with(".csv") || path == "xtask/advisories.toml"
    };
    // Cargo writes the registry's name, no host, into the lock file.
    let found: Vec<String> = files()
        .into_iter()
        .filter(|path| !data(path))
        .filter_map(|path| {
            let word = betrays(&text(&path)?)?;
            Some(format!("{path}: {word}"))
        })
        .collect();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_planted_path_is_found() {
    assert!(betrays(&format!("see /{}/x", "home")).is_some());
    assert!(betrays("see target/tmp/x and /homes/x").is_none());
}
