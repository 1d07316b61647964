//! Differences in words: what is printed beside what we read.

use askama::Template;

/// What became of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// In both.
    Kept,
    /// Printed, not read.
    Gone,
    /// Read, not printed.
    New,
}

/// A run of words with the same fate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What became of it.
    pub fate: Fate,
    /// The words.
    pub text: String,
}

/// The difference between two texts, word by word.
#[derive(Clone, Debug, Default, PartialEq, Eq, Template)]
#[template(
    source = "{% for p in parts %}{% match p.fate %}{% when Fate::Kept %}{{ p.text }}{% when Fate::Gone %}<del><span class=\"vh\">[not read: </span>{{ p.text }}<span class=\"vh\">]</span></del>{% when Fate::New %}<ins><span class=\"vh\">[read: </span>{{ p.text }}<span class=\"vh\">]</span></ins>{% endmatch %} {% endfor %}",
    ext = "html"
)]
pub struct Difference {
    /// Parts in reading order.
    pub parts: Vec<Part>,
}

/// Words beyond which two texts are shown whole rather than compared.
const LIMIT: usize = 200;

/// Compares two texts word by word.
#[must_use]
pub fn difference(printed: &str, read: &str) -> Difference {
    let old: Vec<&str> = printed.split_whitespace().collect();
    let new: Vec<&str> = read.split_whitespace().collect();
    let mut out = Difference::default();
    if old.len() > LIMIT || new.len() > LIMIT {
        push(&mut out, Fate::Gone, printed);
        push(&mut out, Fate::New, read);
        return out;
    }
    let length = lengths(&old, &new);
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            push(&mut out, Fate::Kept, old[i]);
            (i, j) = (i + 1, j + 1);
        } else if i < old.len() && (j == new.len() || length[i + 1][j] >= length[i][j + 1]) {
            push(&mut out, Fate::Gone, old[i]);
            i += 1;
        } else {
            push(&mut out, Fate::New, new[j]);
            j += 1;
        }
    }
    out
}

/// One sentence that says the same.
#[must_use]
pub fn sentence(printed: &str, read: &str) -> String {
    match (printed.is_empty(), read.is_empty()) {
        (true, true) => "Nothing is printed and nothing is read.".to_owned(),
        (true, false) => format!("Nothing is printed; we read \u{201c}{read}\u{201d}."),
        (false, true) => format!("\u{201c}{printed}\u{201d} is printed; we read nothing from it."),
        _ if printed == read => "Read as printed.".to_owned(),
        _ => format!("\u{201c}{printed}\u{201d} is printed; we read \u{201c}{read}\u{201d}."),
    }
}

/// Length of the longest common run of words from each pair of places on.
fn lengths(old: &[&str], new: &[&str]) -> Vec<Vec<usize>> {
    let mut table = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            table[i][j] = if old[i] == new[j] {
                table[i + 1][j + 1] + 1
            } else {
                table[i + 1][j].max(table[i][j + 1])
            };
        }
    }
    table
}

fn push(out: &mut Difference, fate: Fate, word: &str) {
    if let Some(last) = out.parts.last_mut().filter(|p| p.fate == fate) {
        last.text.push(' ');
        last.text.push_str(word);
    } else {
        out.parts.push(Part {
            fate,
            text: word.to_owned(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_that_stood_in_the_cost_is_shown_as_not_read() {
        let parts = difference("578 11/16/2008", "578").parts;
        assert_eq!(
            parts[0],
            Part {
                fate: Fate::Kept,
                text: "578".into()
            }
        );
        assert_eq!(
            parts[1],
            Part {
                fate: Fate::Gone,
                text: "11/16/2008".into()
            }
        );
        assert_eq!(
            sentence("", "45"),
            "Nothing is printed; we read \u{201c}45\u{201d}."
        );
    }

    #[test]
    fn markup_in_a_cell_stays_text() {
        let html = difference("<b>x</b>", "y").to_string();
        assert!(html.contains("&#60;b&#62;"), "{html}");
    }
}
