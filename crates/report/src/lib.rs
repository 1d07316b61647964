//! Documents as tagged PDF (PDF/UA-1): title, headings, tables with header cells, the marking at head and
//! foot and the record at the foot of every page. Nothing here knows what a document is about.

mod face;
mod layout;
mod paint;

/// A document in words, ready to be set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paper {
    /// Title.
    pub title: String,
    /// A line under it.
    pub lead: String,
    /// BCP 47 language.
    pub lang: String,
    /// Marking, at head and foot of every page.
    pub marking: String,
    /// What stands at the foot beside the number of the page.
    pub foot: String,
    /// Day it was made: year, month, day.
    pub made: (u16, u8, u8),
    /// Sections.
    pub sections: Vec<Section>,
}

/// A section: a heading and a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// Heading.
    pub title: String,
    /// Heads of the columns; whether a column is of numbers. A section of facts shows none.
    pub heads: Vec<(String, bool)>,
    /// Rows, as they are shown.
    pub rows: Vec<Vec<String>>,
    /// Whether the first cell of each row names the row.
    pub facts: bool,
    /// Whether the last row adds up.
    pub summed: bool,
    /// What stands there in place of no rows.
    pub empty: String,
}

/// A document that could not be set.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The font that ships cannot be read.
    #[error("the font cannot be read")]
    Font,
    /// The file would not conform to the standard, or could not be written.
    #[error("the document does not conform: {0}")]
    Conformance(String),
}

/// The document as a file.
///
/// # Errors
/// [`ReportError`] where it would not conform to PDF/UA-1.
pub fn pdf(paper: &Paper) -> Result<Vec<u8>, ReportError> {
    let faces = face::Faces::shipped()?;
    let laid = layout::lay(paper, &faces);
    paint::paint(paper, &faces, &laid)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper(rows: usize) -> Paper {
        let row = |i: usize| {
            vec![
                format!("Row {i} of the list"),
                i.to_string(),
                "Séné 中 ok".to_owned(),
            ]
        };
        Paper {
            title: "Case status".to_owned(),
            lead: "Coastal watch".to_owned(),
            lang: "en".to_owned(),
            marking: "UNCLASSIFIED - internal".to_owned(),
            foot: "SEN-CASE, version 3".to_owned(),
            made: (2026, 1, 2),
            sections: vec![
                Section {
                    title: "Facts".to_owned(),
                    heads: vec![("Field".to_owned(), false), ("Value".to_owned(), false)],
                    rows: vec![vec!["Problem".to_owned(), "Long words. ".repeat(900)]],
                    facts: true,
                    ..Section::default()
                },
                Section {
                    title: "Lines".to_owned(),
                    heads: vec![
                        ("Title".to_owned(), false),
                        ("Quantity".to_owned(), true),
                        ("Note".to_owned(), false),
                    ],
                    rows: (0..rows).map(row).collect(),
                    empty: "None.".to_owned(),
                    ..Section::default()
                },
            ],
        }
    }

    #[test]
    fn any_length_conforms_to_the_standard_for_accessible_files() {
        for rows in [0, 1, 300] {
            let bytes = pdf(&paper(rows)).unwrap();
            assert!(bytes.starts_with(b"%PDF-1.7"));
            let text = String::from_utf8_lossy(&bytes);
            for part in ["/StructTreeRoot", "/MarkInfo", "/Lang", "pdfuaid"] {
                assert!(text.contains(part), "{part}");
            }
        }
    }

    #[test]
    fn no_word_of_a_wide_table_is_broken() {
        let faces = face::Faces::shipped().unwrap();
        let words = [
            "2026-05-12",
            "International",
            "Worksheet",
            "1,120,000.00",
            "GH-25-002",
        ];
        let heads = (0..13)
            .map(|i| (words[i % 5].to_owned(), i % 4 == 0))
            .collect();
        let row: Vec<String> = (0..13).map(|i| words[(i + 1) % 5].to_owned()).collect();
        let mut wide = paper(0);
        wide.sections[1] = Section {
            title: "Wide".to_owned(),
            heads,
            rows: vec![row],
            ..Section::default()
        };
        let laid = layout::lay(&wide, &faces);
        let set: Vec<&str> = laid
            .pages
            .iter()
            .flatten()
            .map(|o| o.text.as_str())
            .collect();
        for word in words {
            assert!(set.contains(&word), "{word} is broken");
        }
        // The heads stand on the page of the first row.
        let page_of = |word: &str| {
            let on = |ops: &Vec<layout::Op>| ops.iter().any(|o| o.text == word);
            laid.pages.iter().rposition(on)
        };
        assert_eq!(page_of("Wide"), page_of("GH-25-002"));
    }

    #[test]
    fn every_word_is_laid_on_a_page_and_none_beyond_its_edges() {
        let faces = face::Faces::shipped().unwrap();
        let paper = paper(120);
        let laid = layout::lay(&paper, &faces);
        assert!(laid.pages.len() > 3);
        let words = |t: &str| t.split_whitespace().count();
        let said: usize = laid
            .pages
            .iter()
            .flatten()
            .filter(|o| o.leaf.is_some())
            .map(|o| words(&o.text))
            .sum();
        let wanted: usize = paper
            .sections
            .iter()
            .map(|s| {
                let heads: usize = if s.facts {
                    0
                } else {
                    s.heads.iter().map(|h| words(&h.0)).sum()
                };
                let rows: usize = s.rows.iter().flatten().map(|c| words(c)).sum();
                words(&s.title) + heads + rows
            })
            .sum();
        assert_eq!(said, wanted + words(&paper.title) + words(&paper.lead));
        for op in laid.pages.iter().flatten() {
            let right = op.x + faces.width(&op.text, op.size, op.bold);
            assert!(op.x >= 0.0 && right <= laid.size.0 + 0.5, "{op:?}");
            assert!(op.y > 0.0 && op.y < laid.size.1, "{op:?}");
        }
    }
}
