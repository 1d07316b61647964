//! What changed in the law between two days.

use crate::book::Rulebook;
use crate::day::Days;
use std::collections::BTreeSet;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Changed {
    /// First day of the new state.
    pub on: String,
    /// `rule`, `value` or `list`.
    pub what: &'static str,
    /// Rule, value of a rule, or list.
    pub name: String,
    /// What it was.
    pub was: String,
    /// What it is from that day.
    pub is: String,
    /// What made it so.
    pub cite: String,
}

/// Changes after the first day, up to and including the second, in order.
#[must_use]
pub fn changes(book: &Rulebook, from: Days, to: Days) -> Vec<Changed> {
    let mut out: Vec<(Days, Changed)> = vec![];
    let within = |d: Days| from < d && d <= to;
    let shown = crate::day::written;
    for rule in &book.rules {
        let cite = rule
            .cites
            .first()
            .map_or_else(String::new, |c| c.at.clone());
        for (day, was, is) in [
            (rule.from, "not in force", "in force"),
            (rule.to, "in force", "not in force"),
        ] {
            if within(day) {
                let name = rule.id.clone();
                out.push((
                    day,
                    Changed {
                        on: shown(day),
                        what: "rule",
                        name,
                        was: was.into(),
                        is: is.into(),
                        cite: cite.clone(),
                    },
                ));
            }
        }
    }
    for dated in &book.tables.values {
        for (i, row) in dated
            .rows
            .iter()
            .enumerate()
            .filter(|(_, r)| within(r.from))
        {
            let before = i
                .checked_sub(1)
                .map(|i| &dated.rows[i])
                .filter(|b| b.to == row.from);
            let was = before.map_or_else(
                || "none".to_owned(),
                |b| book.schema.show(dated.kind, b.value),
            );
            let is = book.schema.show(dated.kind, row.value);
            let name = format!("{}: {}", dated.rule.replace('/', "."), dated.name);
            out.push((
                row.from,
                Changed {
                    on: shown(row.from),
                    what: "value",
                    name,
                    was,
                    is,
                    cite: row.cite.clone(),
                },
            ));
        }
    }
    out.extend(lists(book, &within));
    out.sort_by(|a, b| (a.0, a.1.what, &a.1.name).cmp(&(b.0, b.1.what, &b.1.name)));
    out.into_iter().map(|(_, c)| c).collect()
}

fn lists(book: &Rulebook, within: &impl Fn(Days) -> bool) -> Vec<(Days, Changed)> {
    let mut out = vec![];
    let partners = &book.schema.vocabularies[0];
    for list in book.tables.lists.iter() {
        let days: BTreeSet<Days> = list
            .rows
            .iter()
            .flat_map(|r| [r.from, r.to])
            .filter(|d| within(*d))
            .collect();
        for day in days {
            let names = |rows: &dyn Fn(&crate::dated::ListRow) -> bool| {
                let members = list
                    .rows
                    .iter()
                    .filter(|r| rows(r))
                    .filter_map(|r| partners.word(r.member));
                members.collect::<BTreeSet<_>>()
            };
            let ended = names(&|r| r.to == day);
            let begun = names(&|r| r.from == day);
            let join = |a: &BTreeSet<&str>, b: &BTreeSet<&str>| {
                a.difference(b).copied().collect::<Vec<_>>().join(" ")
            };
            let (was, is) = (join(&ended, &begun), join(&begun, &ended));
            if was.is_empty() && is.is_empty() {
                continue;
            }
            let cite = list
                .rows
                .iter()
                .find(|r| r.from == day || r.to == day)
                .map_or_else(String::new, |r| r.cite.clone());
            let (was, is) = (format!("off: {was}"), format!("on: {is}"));
            out.push((
                day,
                Changed {
                    on: crate::day::written(day),
                    what: "list",
                    name: list.name.clone(),
                    was,
                    is,
                    cite,
                },
            ));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::Day;
    use jiff::civil::date;

    #[test]
    fn the_year_2008_named_korea() {
        let book = Rulebook::embedded().unwrap();
        let found = changes(
            &book,
            Day(date(2008, 10, 14)).days(),
            Day(date(2008, 10, 15)).days(),
        );
        assert!(
            found
                .iter()
                .any(|c| c.name == "nato_plus_five" && c.is == "on: KOR"),
            "{found:?}"
        );
        assert!(found.iter().all(|c| c.on == "2008-10-15"));
    }
}
