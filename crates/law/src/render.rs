//! Answers as JSON, and as text for a terminal or a printed page.

use crate::answer::{Answer, Outcome, Spoken};
use crate::book::Rulebook;
use crate::day;
use crate::eval::Gap;
use crate::package::Package;
use crate::remedy::Remedy;
use crate::rule::{Lift, RuleKind, Verdict};
use crate::written::{Amended, Due, InForce, Remedied, Said, UnderLaw, Wanted, Way, Written};

/// The whole answer, to be written as JSON; it borrows what it names.
#[must_use]
pub fn written<'a>(
    book: &'a Rulebook,
    package: &'a Package,
    answer: &'a Answer<'a>,
    remedies: &'a [Remedy],
) -> Written<'a> {
    let missing = answer.missing();
    let name = |f: &u16| book.schema.facts[usize::from(*f)].name.as_str();
    Written {
        name: &package.name,
        outcome: answer.outcome.name(),
        on: answer.on.map(day::written),
        earliest: answer.earliest.map(day::written),
        rules: answer.spoken.iter().map(|s| said(book, s)).collect(),
        missing: missing.iter().map(|g| wanted(book, *g)).collect(),
        assumed: answer.assumed.iter().map(name).collect(),
        remedies: remedies.iter().map(|r| remedied(book, r)).collect(),
        law: UnderLaw {
            rulebook: &book.hash,
            known: book.edition.known.map(day::written),
            proposal: book.edition.proposal.as_deref(),
        },
    }
}

fn said<'a>(book: &'a Rulebook, s: &'a Spoken<'a>) -> Said<'a> {
    let values = s.values.iter().filter_map(|u| {
        let dated = &book.tables.values[u.value as usize];
        let row = dated.rows.get(u.row? as usize)?;
        Some(InForce {
            name: &dated.name,
            value: book.schema.show(dated.kind, row.value),
            from: (row.from != i64::MIN).then(|| day::written(row.from)),
            to: (row.to != i64::MAX).then(|| day::written(row.to)),
            cite: &row.cite,
            url: &row.url,
        })
    });
    let facts = s.facts.iter().map(|(f, v)| {
        let fact = &book.schema.facts[usize::from(*f)];
        (fact.name.as_str(), book.schema.show(fact.kind, *v))
    });
    let way = |(i, l): (usize, &'a Lift)| Way {
        name: &l.name,
        waiver: l.waiver,
        by: &l.by,
        cite: &l.cite,
        applies: s.lifts.contains(&i),
        then: &l.then,
        within_days: l.within,
    };
    let amount = s.rule.amount.zip(s.amount);
    Said {
        rule: &s.rule.id,
        asks: &s.rule.asks,
        verdict: s.verdict.name(),
        draft: !s.rule.stable(),
        says: &s.rule.says,
        cites: &s.rule.cites,
        values: values.collect(),
        facts: facts.collect(),
        lifts: s.rule.lifts.iter().enumerate().map(way).collect(),
        duty: s.rule.duty.as_ref().map(|d| Due {
            who: &d.who,
            to: &d.to,
            what: &d.what,
            before: d.before,
            days: s.days,
            due: s.due.map(day::written),
        }),
        amount: amount.map(|((kind, _), a)| book.schema.show(kind, a)),
        flags: &s.remarks,
        missing: s.gaps.iter().map(|g| wanted(book, *g)).collect(),
    }
}

fn wanted(book: &Rulebook, gap: Gap) -> Wanted<'_> {
    match gap {
        Gap::Fact(f) => {
            let fact = &book.schema.facts[usize::from(f)];
            Wanted {
                fact: Some(&fact.name),
                kind: Some(book.schema.type_name(fact.kind)),
                help: &fact.help,
                ..Wanted::default()
            }
        }
        Gap::List(l) => {
            let list = &book.tables.lists[usize::from(l)];
            Wanted {
                list: Some(&list.name),
                help: &list.completeness,
                ..Wanted::default()
            }
        }
        Gap::Value(v) => {
            let dated = &book.tables.values[v as usize];
            Wanted {
                value: Some(&dated.name),
                rule: Some(dated.rule.replace('/', ".")),
                help: "not known for that day",
                ..Wanted::default()
            }
        }
    }
}

fn remedied<'a>(book: &'a Rulebook, remedy: &Remedy) -> Remedied<'a> {
    let changes = remedy.changes.iter().map(|c| {
        let fact = &book.schema.facts[usize::from(c.fact)];
        Amended {
            fact: &fact.name,
            was: book.schema.show(fact.kind, c.was),
            would: book.schema.show(fact.kind, c.would),
        }
    });
    Remedied {
        changes: changes.collect(),
        outcome: remedy.outcome.name(),
    }
}

/// The answer in lines for people.
#[must_use]
pub fn text(
    book: &Rulebook,
    package: &Package,
    answer: &Answer<'_>,
    remedies: &[Remedy],
) -> Vec<String> {
    let mut out = vec![];
    let name = if package.name.is_empty() {
        String::new()
    } else {
        format!("{}: ", package.name)
    };
    let on = answer
        .on
        .map_or_else(String::new, |d| format!(" on {}", day::written(d)));
    let headline = match answer.outcome {
        Outcome::Allowed => "ALLOWED",
        Outcome::AllowedWithConditions => "ALLOWED WITH CONDITIONS",
        Outcome::CannotTell => "CANNOT TELL",
        Outcome::Refused => "REFUSED",
    };
    out.push(format!("{name}{headline}{on}"));
    if let Some(earliest) = answer.earliest {
        out.push(format!("  Earliest lawful day: {}", day::written(earliest)));
    }
    let sections: [(&str, Verdict); 6] = [
        ("Refused by", Verdict::Refused),
        ("Cannot be told", Verdict::Unknown),
        ("Still to be done", Verdict::Outstanding),
        ("Exceptions and waivers that apply", Verdict::Lifted),
        ("Met", Verdict::Met),
        ("To note", Verdict::Noted),
    ];
    for (title, verdict) in sections {
        let those = answer
            .spoken
            .iter()
            .filter(|s| s.verdict == verdict && s.rule.stable());
        section(book, title, those, &mut out);
    }
    let drafts = answer.spoken.iter().filter(|s| !s.rule.stable());
    section(
        book,
        "Drafts: not checked, they decide nothing",
        drafts,
        &mut out,
    );
    missing(book, answer, &mut out);
    for remedy in remedies {
        let changes = remedy.changes.iter().map(|c| {
            let fact = &book.schema.facts[usize::from(c.fact)];
            format!("{} = {}", fact.name, book.schema.show(fact.kind, c.would))
        });
        let changes: Vec<String> = changes.collect();
        out.push(format!(
            "  It would be {} with: {}",
            remedy.outcome.name().replace('-', " "),
            changes.join(" and ")
        ));
    }
    if !answer.assumed.is_empty() {
        let names: Vec<&str> = answer
            .assumed
            .iter()
            .map(|f| book.schema.facts[usize::from(*f)].name.as_str())
            .collect();
        out.push(format!(
            "  Taken as clear because not stated: {}",
            names.join(", ")
        ));
    }
    out
}

fn missing(book: &Rulebook, answer: &Answer<'_>, out: &mut Vec<String>) {
    let missing = answer.missing();
    if missing.is_empty() {
        return;
    }
    out.push("  Would settle it:".to_owned());
    for gap in missing {
        out.push(match gap {
            Gap::Fact(f) => {
                let fact = &book.schema.facts[usize::from(f)];
                format!("    {}: {}", fact.name, fact.help)
            }
            Gap::List(l) => {
                let list = &book.tables.lists[usize::from(l)];
                format!("    the list `{}`: {}", list.name, list.completeness)
            }
            Gap::Value(v) => format!(
                "    the value `{}` for that day",
                book.tables.values[v as usize].name
            ),
        });
    }
}

fn section<'s, 'r: 's>(
    book: &Rulebook,
    title: &str,
    those: impl Iterator<Item = &'s Spoken<'r>>,
    out: &mut Vec<String>,
) {
    let mut first = true;
    for s in those {
        if first {
            out.push(format!("  {title}:"));
            first = false;
        }
        out.push(format!("    {}: {}", s.rule.id, s.rule.says));
        let cites: Vec<&str> = s.rule.cites.iter().map(|c| c.at.as_str()).collect();
        out.push(format!("      {}", cites.join("; ")));
        details(book, s, out);
    }
}

fn details(book: &Rulebook, s: &Spoken<'_>, out: &mut Vec<String>) {
    for used in &s.values {
        let dated = &book.tables.values[used.value as usize];
        if let Some(row) = used.row.and_then(|r| dated.rows.get(r as usize)) {
            let from = if row.from == i64::MIN {
                "as proposed".to_owned()
            } else {
                format!("from {}", day::written(row.from))
            };
            out.push(format!(
                "      {} = {} {from} ({})",
                dated.name,
                book.schema.show(dated.kind, row.value),
                row.cite
            ));
        }
    }
    if let Some(d) = s
        .rule
        .duty
        .as_ref()
        .filter(|_| s.verdict != Verdict::Lifted)
    {
        let days = s
            .days
            .map_or_else(|| "an unknown number of".to_owned(), |d| d.to_string());
        let due = s
            .due
            .map_or_else(String::new, |d| format!(": {}", day::written(d)));
        let clock = if d.before {
            "days before"
        } else {
            "days after"
        };
        out.push(format!("      {} to {}, {days} {clock}{due}", d.what, d.to));
    }
    if let (Some((kind, _)), Some(a)) = (s.rule.amount, s.amount) {
        out.push(format!("      {}", book.schema.show(kind, a)));
    }
    let open = s.verdict == Verdict::Refused || s.verdict == Verdict::Unknown;
    for (i, l) in s.rule.lifts.iter().enumerate() {
        let applies = s.lifts.contains(&i);
        if applies || (open && s.rule.kind != RuleKind::Duty) {
            let by = if l.by.is_empty() {
                String::new()
            } else {
                format!(", {}", l.by)
            };
            let sort = if l.waiver { "waiver" } else { "exception" };
            let within = if l.within > 0 {
                format!(" Within {} days.", l.within)
            } else {
                String::new()
            };
            let state = if applies { "applies" } else { "is there" };
            out.push(format!(
                "      {sort} {state}: {} ({}{by}) {}{within}",
                l.name, l.cite, l.then
            ));
        }
    }
    out.extend(s.remarks.iter().map(|r| format!("      note: {r}")));
}
