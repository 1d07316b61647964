//! `cargo xtask generate [--check]`: the reference pages, made from the code they describe.

mod languages;
mod pages;

use crate::shell;

/// Makes the text of a file.
type Make = fn() -> String;

/// Every generated file and the function that makes it. A new one is one line here.
const FILES: &[(&str, Make)] = &[
    ("docs/reference/kinds.md", pages::kinds),
    ("docs/reference/codes.md", pages::codes),
    ("docs/reference/facts.md", pages::facts),
    ("docs/reference/findings.md", pages::findings),
    ("docs/reference/access.md", pages::access),
    (
        "docs/reference/facts-of-a-package.md",
        pages::facts_of_a_package,
    ),
    ("docs/reference/languages.md", languages::languages),
    ("docs/reference/openapi.json", symbolon_web::openapi),
];

/// Runs the command.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let check = match args {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => return Err("usage: cargo xtask generate [--check]".to_owned()),
    };
    let mut stale = vec![];
    for (path, make) in FILES.iter().copied() {
        let file = shell::root().join(path);
        let text = make();
        if std::fs::read_to_string(&file).is_ok_and(|there| there == text) {
            continue;
        }
        if check {
            stale.push(path);
        } else {
            std::fs::write(&file, text).map_err(|e| format!("{path}: {e}"))?;
            println!("wrote {path}");
        }
    }
    if stale.is_empty() {
        return Ok(());
    }
    Err(format!(
        "not what the code says; run `cargo xtask generate`:\n  {}",
        stale.join("\n  ")
    ))
}
