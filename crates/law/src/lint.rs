//! What a rulebook owes its readers: every rule covered, explained and cited, every worked case come
//! out as written, and for stable rules a case on both sides of each date.

use crate::answer::Desk;
use crate::book::{Draft, Rulebook};
use crate::cases::{self, Case};
use crate::error::LawError;
use crate::rule::Rule;
use crate::source::Source;
use crate::spanned;
use serde::Deserialize;
use std::collections::BTreeSet;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Coverage {
    part: Vec<Part>,
}

/// One line of the coverage register.
#[derive(Clone, Debug, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The rule.
    pub rule: String,
    /// The provision it covers.
    pub of: String,
    /// `stable` or `draft`.
    pub state: String,
}

/// The coverage register.
///
/// # Errors
/// Where it is missing or malformed.
pub fn coverage(source: &Source) -> Result<Vec<Part>, LawError> {
    let (_, file): (_, Coverage) = spanned::parse(source, "coverage.toml")?;
    Ok(file.part)
}

/// Everything that is wrong with a rulebook.
#[must_use]
pub fn lint(source: &Source) -> Vec<LawError> {
    let book = match Rulebook::load(source) {
        Ok(book) => book,
        Err(faults) => return faults,
    };
    let draft = match Draft::read(source) {
        Ok(draft) => draft,
        Err(faults) => return faults,
    };
    let cases = match cases::read(source, &book.schema) {
        Ok(cases) => cases,
        Err(faults) => return faults,
    };
    let mut faults = cases::run(&book, &cases);
    faults.extend(registered(source, &draft));
    faults.extend(proposals(source));
    for folder in source.folders_with("rule.toml") {
        faults.extend(folder_faults(source, &book, &draft, folder, &cases));
    }
    for list in &draft.lists {
        let file = format!("lists/{}.toml", list.name.replace('_', "-"));
        if list.completeness.trim().is_empty() {
            faults.push(LawError::of(&file, "it does not say how complete it is"));
        }
        if list.rows.iter().any(|r| r.cite.trim().is_empty()) {
            faults.push(LawError::of(&file, "a row has no source"));
        }
    }
    faults
}

fn proposals(source: &Source) -> Vec<LawError> {
    let all = match crate::book::proposals(source) {
        Ok(all) => all,
        Err(e) => return vec![e],
    };
    let faults = all.into_iter().filter_map(|p| {
        let edition = crate::book::Edition {
            proposal: Some(p.name),
            known: None,
        };
        Rulebook::edition(source, edition).err()
    });
    faults.flatten().collect()
}

fn registered(source: &Source, draft: &Draft) -> Vec<LawError> {
    let parts = match coverage(source) {
        Ok(parts) => parts,
        Err(e) => return vec![e],
    };
    let named: BTreeSet<String> = parts.into_iter().map(|p| p.rule).collect();
    let there: BTreeSet<String> = draft
        .rules
        .iter()
        .map(|r| r.folder.replace('/', "."))
        .collect();
    let missing = there
        .difference(&named)
        .map(|r| format!("`{r}` has no line"));
    let gone = named
        .difference(&there)
        .map(|r| format!("there is no rule `{r}`"));
    missing
        .chain(gone)
        .map(|m| LawError::of("coverage.toml", m))
        .collect()
}

fn folder_faults(
    source: &Source,
    book: &Rulebook,
    draft: &Draft,
    folder: &str,
    cases: &[Case],
) -> Vec<LawError> {
    let mut faults = vec![];
    let mut fault = |file: &str, message: String| {
        faults.push(LawError::of(&format!("{folder}/{file}"), message))
    };
    if source
        .text(&format!("{folder}/text.md"))
        .is_none_or(|t| t.trim().is_empty())
    {
        fault(
            "text.md",
            "the provision is not explained in our own words".to_owned(),
        );
    }
    let own: Vec<&Case> = cases.iter().filter(|c| c.folder == folder).collect();
    if own.is_empty() {
        fault("cases.toml", "there is no worked case".to_owned());
    }
    let prefix = folder.replace('/', ".");
    let Some(rule) = book.rules.iter().find(|r| r.id == prefix) else {
        return faults;
    };
    if !rule.stable() {
        return faults;
    }
    for dated in draft.values.iter().filter(|d| d.rule == folder) {
        for row in dated.rows.iter().filter(|r| r.cite.trim().is_empty()) {
            let day = crate::day::written(row.from);
            fault(
                "values.toml",
                format!("`{}` from {day} has no citation", dated.name),
            );
        }
    }
    for day in days_not_tried(book, draft, folder, rule, &own) {
        let shown = crate::day::written(day);
        fault(
            "cases.toml",
            format!("no case stands on {shown}: each date needs its first day and the day before"),
        );
    }
    faults
}

/// Days on which something changes, and the days before, that no case stands on.
fn days_not_tried(
    book: &Rulebook,
    draft: &Draft,
    folder: &str,
    rule: &Rule,
    own: &[&Case],
) -> Vec<i64> {
    let mut wanted = BTreeSet::new();
    let known = |d: i64| d != i64::MIN && d != i64::MAX;
    let parsed = draft.rules.iter().filter(|p| p.folder == folder);
    wanted.extend(parsed.flat_map(|p| [p.from, p.to]).filter(|d| known(*d)));
    let rows = draft
        .values
        .iter()
        .filter(|d| d.rule == folder)
        .flat_map(|d| &d.rows);
    wanted.extend(rows.flat_map(|r| [r.from, r.to]).filter(|d| known(*d)));
    // Before a rule is in force its values change nothing.
    wanted.retain(|d| *d >= rule.from);
    let mut desk = Desk::new(book);
    let tried: BTreeSet<i64> = own
        .iter()
        .filter_map(|c| desk.day_of(rule, &c.package))
        .collect();
    wanted
        .iter()
        .flat_map(|d| [d - 1, *d])
        .filter(|d| !tried.contains(d))
        .collect()
}
