//! `cargo xtask words CODE [KIND...]`: what a language does not say yet of the kinds of record, as lines to fill in.

use symbolon_domain::kinds;
use symbolon_web::{Catalogue, Language, coverage};

/// Prints the missing words, a block a kind, in the form of a catalogue.
pub fn run(args: &[String]) -> Result<(), String> {
    let (code, wanted) = args
        .split_first()
        .ok_or("name a language: fr, es, ar, pt")?;
    let mut all = Language::ALL.into_iter();
    let language = all.find(|l| l.code() == code && Catalogue::of(*l).is_some());
    let language = language.ok_or_else(|| format!("no catalogue for `{code}`"))?;
    if let Some(unknown) = wanted.iter().find(|w| kinds::by_code(w).is_none()) {
        return Err(format!("`{unknown}` is no kind of record"));
    }
    for kind in kinds::all() {
        let all = coverage::of_kind(kind);
        let missing = coverage::missing(language, &all);
        if missing.is_empty() || !(wanted.is_empty() || wanted.iter().any(|w| w == kind.code)) {
            continue;
        }
        println!("# {} of {}: {}", missing.len(), all.len(), kind.code);
        missing
            .iter()
            .for_each(|words| println!("{words:?} = \"\""));
    }
    Ok(())
}
