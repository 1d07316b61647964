//! The consolidated list of the United Nations Security Council, as XML.

use super::{Entry, List, Standing, day, gender};
use crate::guard::{
    Code, Refusal, Result,
    xml::{Bounds, Node, Xml},
};
use crate::limits::Limits;
use std::collections::{BTreeMap, HashSet};
use std::io::BufRead;

/// Parts of a name, in order.
const PARTS: [&str; 4] = ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"];

/// A group of fields below an entry: an alias, an address, a date of birth.
type Group = BTreeMap<String, String>;

/// What is open while the document is read.
#[derive(Default)]
struct Open {
    entry: Option<Entry>,
    parts: BTreeMap<String, String>,
    group: Group,
    /// Names of open elements below the entry.
    path: Vec<String>,
    text: String,
}

/// Reads the list.
///
/// # Errors
/// A refusal with its line where the document is broken or is another one.
pub fn un(input: impl BufRead, file: &str, limits: &Limits) -> Result<List> {
    let mut document = Xml::new(input, Bounds::of(limits));
    let (mut list, mut seen, mut open) = (List::default(), HashSet::new(), Open::default());
    let mut begun = false;
    loop {
        let line = document.line();
        match document.next_node()? {
            None => break,
            Some(Node::Open(tag)) => {
                let name = tag.name();
                if !begun && name != "CONSOLIDATED_LIST" {
                    let help = "the root of the United Nations' list is CONSOLIDATED_LIST";
                    return Err(Refusal::new(Code::UnknownFormat, "another document", help)
                        .at(line, 0)
                        .into());
                }
                if !begun {
                    begun = true;
                    let made = tag.attribute("dateGenerated").unwrap_or_default();
                    list.made = made.chars().take(10).collect();
                } else if open.entry.is_some() {
                    open.begin(name);
                } else if let Some(kind) = kind(name) {
                    open = Open {
                        entry: Some(Entry {
                            kind,
                            line,
                            ..Entry::default()
                        }),
                        ..Open::default()
                    };
                }
            }
            Some(Node::Text(text)) => open.text.push_str(&text),
            Some(Node::Close) => {
                if let Some(entry) = open.end() {
                    list.take(&mut seen, file, entry);
                }
            }
        }
    }
    Ok(list)
}

fn kind(element: &str) -> Option<&'static str> {
    match element {
        "INDIVIDUAL" => Some("person"),
        "ENTITY" => Some("organisation"),
        _ => None,
    }
}

impl Open {
    fn begin(&mut self, name: &str) {
        self.text.clear();
        if self.path.is_empty() {
            self.group.clear();
        }
        self.path.push(name.to_owned());
    }

    /// Closes an element; the entry where that was its own.
    fn end(&mut self) -> Option<Entry> {
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        let Some(name) = self.path.pop() else {
            return self.entry.take().map(|e| self.finished(e));
        };
        let entry = self.entry.as_mut()?;
        if let Some(top) = self.path.first() {
            if !text.is_empty() {
                entry.field(&format!("{top}.{name}"), text);
                self.group.insert(name, text.to_owned());
            }
        } else if self.group.is_empty() {
            entry.field(&name, text);
            self.parts.insert(name, text.to_owned());
        } else {
            let group = std::mem::take(&mut self.group);
            grouped(entry, &name, &group);
        }
        None
    }

    fn finished(&mut self, mut entry: Entry) -> Entry {
        let part = |name: &str| self.parts.get(name).cloned().unwrap_or_default();
        entry.id = part("REFERENCE_NUMBER");
        if entry.id.is_empty() {
            entry.id = part("DATAID");
        }
        entry.gender = gender(&part("GENDER"));
        let whole: Vec<String> = PARTS
            .iter()
            .map(|p| part(p))
            .filter(|p| !p.is_empty())
            .collect();
        let others = std::mem::take(&mut entry.names);
        entry.name(Standing::Primary, &whole.join(" "));
        entry.name(Standing::Alias, &part("NAME_ORIGINAL_SCRIPT"));
        others.into_iter().for_each(|(s, n)| entry.name(s, &n));
        self.parts.clear();
        entry
    }
}

/// Reads a group of fields.
fn grouped(entry: &mut Entry, name: &str, group: &Group) {
    let get = |field: &str| group.get(field).map_or("", String::as_str);
    match name {
        "INDIVIDUAL_ALIAS" | "ENTITY_ALIAS" => {
            let low = get("QUALITY").eq_ignore_ascii_case("low");
            let standing = if low { Standing::Weak } else { Standing::Alias };
            get("ALIAS_NAME")
                .split([';', '\n'])
                .for_each(|n| entry.name(standing, n));
        }
        "INDIVIDUAL_DATE_OF_BIRTH" => {
            // Exact and approximate days in DATE or YEAR; a span in FROM_YEAR and TO_YEAR.
            let days = ["DATE", "YEAR", "FROM_YEAR", "TO_YEAR"].map(get);
            entry.born.extend(days.into_iter().filter_map(day));
        }
        "NATIONALITY" => entry
            .countries
            .extend(Some(get("VALUE").to_owned()).filter(|v| !v.is_empty())),
        "INDIVIDUAL_DOCUMENT" => entry
            .identifiers
            .extend(Some(get("NUMBER").to_owned()).filter(|v| !v.is_empty())),
        _ => {}
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const LIST: &str = "<?xml version='1.0'?><CONSOLIDATED_LIST dateGenerated=\"2026-02-27T00:00:09Z\"><INDIVIDUALS><INDIVIDUAL>
<DATAID>1</DATAID><FIRST_NAME>GRIGORY</FIRST_NAME><SECOND_NAME>ORLOVTEST</SECOND_NAME><REFERENCE_NUMBER>TSi.001</REFERENCE_NUMBER><GENDER>Male</GENDER>
<NATIONALITY><VALUE>Ruritania</VALUE></NATIONALITY>
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Grishatest; Otest</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>The Bear</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1962</FROM_YEAR><TO_YEAR>1964</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_DOCUMENT><NUMBER>T99</NUMBER></INDIVIDUAL_DOCUMENT></INDIVIDUAL></INDIVIDUALS>
<ENTITIES><ENTITY><FIRST_NAME>TEST FRONT</FIRST_NAME><REFERENCE_NUMBER>TSe.001</REFERENCE_NUMBER></ENTITY></ENTITIES></CONSOLIDATED_LIST>";

    #[test]
    fn a_day_that_is_none_is_no_reason_to_fall_over() {
        let odd = LIST.replace("2026-02-27T", "2026-02-2\u{2014}T");
        let list = un(odd.as_bytes(), "un.xml", Limits::shipped()).unwrap();
        assert_eq!(list.made, "2026-02-2\u{2014}");
    }

    #[test]
    fn parts_of_a_name_are_one_name_and_qualities_are_kept() {
        let list = un(LIST.as_bytes(), "un.xml", Limits::shipped()).unwrap();
        assert_eq!((list.made.as_str(), list.entries.len()), ("2026-02-27", 2));
        let person = &list.entries[0];
        let names: Vec<_> = person.names.iter().map(|(s, n)| (*s, n.as_str())).collect();
        assert_eq!(
            names,
            [
                (Standing::Primary, "GRIGORY ORLOVTEST"),
                (Standing::Alias, "Grishatest"),
                (Standing::Alias, "Otest"),
                (Standing::Weak, "The Bear")
            ]
        );
        assert_eq!(person.born, ["1962", "1964"]);
        assert_eq!(
            (person.id.as_str(), person.gender.as_str()),
            ("TSi.001", "male")
        );
        assert_eq!(person.identifiers, ["T99"]);
        assert_eq!(list.entries[1].kind, "organisation");
    }

    #[test]
    fn another_document_is_refused() {
        assert!(un("<html/>".as_bytes(), "x.xml", Limits::shipped()).is_err());
    }
}
