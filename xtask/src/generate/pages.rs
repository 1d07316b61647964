//! The text of each reference page.

use std::fmt::Write;
use symbolon_access::{Action, Policy};
use symbolon_domain::{
    kind::{FieldDef, FieldType, KindDef},
    kinds,
    training::FindingCode,
};
use symbolon_store::facts::{ColumnType, TABLES};

fn page(title: &str, from: &str, opening: &str) -> String {
    format!(
        "<!-- Made by `cargo xtask generate` from {from}. Do not edit. -->\n\n# {title}\n\n{opening}\n"
    )
}

/// A cell of a table: no line ends, no bars.
fn cell(text: &str) -> String {
    text.trim().replace('\n', " ").replace('|', "\\|")
}

/// Kinds of record and their fields.
pub(super) fn kinds() -> String {
    let mut out = page(
        "Kinds of record",
        "`symbolon_domain::kinds`",
        "Each kind is one Rust struct; its table, API form, exports and this page are read from it. Every record \
         also wears the envelope: id, code, version, state, valid time, label, owner, partner, programme, sources.",
    );
    for kind in kinds::all() {
        let _ = write!(
            out,
            "\n## {} (`{}`)\n\n{}\n\nArea: {}. States: {}.\n\n| field | label | type | must be given | help |\n|---|---|---|---|---|\n",
            kind.name,
            kind.code,
            kind.help,
            kind.area,
            kind.states.join(", ")
        );
        for field in &kind.fields {
            let _ = writeln!(
                out,
                "| `{}` | {} | {} | {} | {} |",
                field.name,
                cell(&field.label),
                field_type(field),
                if field.required { "yes" } else { "no" },
                cell(&field.help)
            );
        }
        out.push_str(&moves(kind));
    }
    out
}

/// The moves of a kind's lifecycle, as a table; nothing where it has none.
fn moves(kind: &KindDef) -> String {
    let mut out = String::new();
    if !kind.key.is_empty() {
        let _ = write!(out, "\nNatural key: `{}`.\n", kind.key.join("`, `"));
    }
    if kind.transitions.is_empty() {
        return out;
    }
    out.push_str("\n| move | from | to | needs | action | asked |\n|---|---|---|---|---|---|\n");
    for t in kind.transitions {
        let asked = [
            (t.four_eyes, "second person"),
            (t.reason, "reason"),
            (t.step_up, "fresh sign-in"),
        ];
        let asked: Vec<&str> = asked
            .iter()
            .filter(|(on, _)| *on)
            .map(|(_, w)| *w)
            .collect();
        let _ = writeln!(
            out,
            "| {} (`{}`) | {} | {} | {} | `{}` | {} |",
            t.name,
            t.code,
            t.from.join(", "),
            t.to,
            t.needs.join(", "),
            t.by,
            asked.join(", ")
        );
    }
    out
}

/// Code lists and their codes.
pub(super) fn codes() -> String {
    let mut out = page(
        "Code lists",
        "`data/code-lists`",
        "Words that fields may take, with the days between which each may be used.",
    );
    for list in symbolon_domain::codes::all() {
        let _ = write!(
            out,
            "\n## {} (`{}`)\n\n{} Source: {}.\n\n| code | name | from | until |\n|---|---|---|---|\n",
            list.name, list.code, list.about, list.source
        );
        for item in &list.items {
            let day = |d: Option<jiff::civil::Date>| d.map(|d| d.to_string()).unwrap_or_default();
            let _ = writeln!(
                out,
                "| `{}` | {} | {} | {} |",
                item.code,
                cell(&item.name),
                day(item.from),
                day(item.to)
            );
        }
    }
    out
}

fn field_type(field: &FieldDef) -> String {
    match &field.field_type {
        FieldType::Text => "text".to_owned(),
        FieldType::Choice(words) => format!("one of `{}`", words.join("`, `")),
        FieldType::LongText => "text of several lines".to_owned(),
        FieldType::Texts => "list of texts".to_owned(),
        FieldType::Code(list) => format!("code of the list `{list}`"),
        FieldType::Amount => "amount, decimal string".to_owned(),
        FieldType::When => "date as far as known (ISO 8601-2)".to_owned(),
        FieldType::Integer => "whole number".to_owned(),
        FieldType::Flag => "yes or no".to_owned(),
        FieldType::Date => "day".to_owned(),
        FieldType::Country => "country (ISO 3166-1 alpha-3)".to_owned(),
        FieldType::Reference(kind) => format!("reference to `{kind}`"),
        FieldType::Json => "structure (canonical JSON)".to_owned(),
    }
}

/// Fact tables and their columns.
pub(super) fn facts() -> String {
    let mut out = page(
        "Fact tables",
        "`symbolon_store::facts`",
        "Rows of bulk data sets. `id` is the number of the data set times 2^32 plus the number of the row; the \
         data set's record binds all its rows by count and root.",
    );
    for table in TABLES {
        let _ = write!(
            out,
            "\n## `{}`\n\n{}.\n\n| column | type |\n|---|---|\n| `id` | whole number |\n",
            table.name, table.help
        );
        for column in table.columns {
            let kind = match column.column_type {
                ColumnType::Integer => "whole number",
                ColumnType::Text => "text",
            };
            let _ = writeln!(out, "| `{}` | {kind} |", column.name);
        }
        if !table.indexes.is_empty() {
            let indexes: Vec<String> = table
                .indexes
                .iter()
                .map(|i| format!("`{}`", i.join(", ")))
                .collect();
            let _ = write!(out, "\nIndexes: {}.\n", indexes.join("; "));
        }
    }
    out
}

/// Finding codes.
pub(super) fn findings() -> String {
    let mut out = page(
        "Findings",
        "`symbolon_domain::training::FindingCode`",
        "What is doubted, or was read differently from how it is printed. Codes never change meaning. \
         *doubt*: figures that rest on the row are in doubt; *repaired*: an overlay says what was read instead \
         and why; *note*: good to know, figures stand.",
    );
    out.push_str("\n| code | what | severity | meaning |\n|---|---|---|---|\n");
    for code in FindingCode::ALL {
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {} |",
            code.code(),
            cell(code.title()),
            code.severity().name(),
            cell(code.explanation())
        );
    }
    out
}

/// Who may do what to which kind.
pub(super) fn access() -> String {
    let mut out = page(
        "Access",
        "`crates/access/src/policy.toml`",
        "Roles and duties, actions and kinds. `@area` is every kind of an area of the thread, `@*` every kind that \
         holds programme content; kinds that decide who sees what are named by their code for everything but \
         reading. What is not named is denied. The label of a record narrows this further and never widens it, as \
         do programmes and partners of the account.",
    );
    let head: Vec<&str> = Action::ALL.iter().map(|a| a.name()).collect();
    let _ = write!(
        out,
        "\n| role | {} |\n|---|{}\n",
        head.join(" | "),
        "---|".repeat(head.len())
    );
    for (role, actions) in Policy::shipped().rows() {
        let kinds: Vec<String> = Action::ALL
            .iter()
            .map(|action| {
                let kinds = actions.get(action).into_iter().flatten();
                kinds.map(String::as_str).collect::<Vec<_>>().join(", ")
            })
            .collect();
        let _ = writeln!(out, "| `{role}` | {} |", kinds.join(" | "));
    }
    out
}

/// The facts a package may state, with the worked determinations as examples.
pub(super) fn facts_of_a_package() -> String {
    const OPENING: &str = "<!-- Made by `cargo xtask generate` from `law/facts.toml` and the rules. Do not edit. -->\n\n";
    let source = symbolon_law::Source::embedded();
    let book = match symbolon_law::Rulebook::load(&source) {
        Ok(book) => book,
        Err(faults) => return format!("{OPENING}{}\n", faults[0]),
    };
    let cases = symbolon_law::cases::read(&source, &book.schema).unwrap_or_default();
    let wanted = |c: &&symbolon_law::cases::Case| c.folder.is_empty();
    let examples: Vec<_> = cases.iter().filter(wanted).collect();
    format!(
        "{OPENING}{}",
        symbolon_law::reference::facts_page(&book, &examples)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_table_code_and_role_has_its_place() {
        for kind in kinds::all() {
            assert!(super::kinds().contains(&format!("(`{}`)", kind.code)));
        }
        for table in TABLES {
            assert!(facts().contains(&format!("## `{}`", table.name)));
        }
        assert!(access().contains("| `auditor` |"));
        assert!(findings().contains("| `column-shift` |"));
    }
}
