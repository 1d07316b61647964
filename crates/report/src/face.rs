//! The typeface: DejaVu Sans, which holds Latin, Greek, Cyrillic and Arabic letters, and how wide its words are.

use crate::ReportError;
use krilla::text::Font;
use skrifa::{
    FontRef, MetadataProvider,
    instance::{LocationRef, Size},
};

/// What is shown for a letter that the face has not.
const UNKNOWN: char = '\u{fffd}';

/// Regular and bold.
pub(crate) struct Faces {
    regular: (Font, FontRef<'static>),
    bold: (Font, FontRef<'static>),
}

fn read(bytes: &'static [u8]) -> Result<(Font, FontRef<'static>), ReportError> {
    let font = Font::new(bytes.into(), 0).ok_or(ReportError::Font)?;
    let metrics = FontRef::new(bytes).map_err(|_| ReportError::Font)?;
    Ok((font, metrics))
}

impl Faces {
    pub(crate) fn shipped() -> Result<Self, ReportError> {
        Ok(Self {
            regular: read(dejavu::sans::regular())?,
            bold: read(dejavu::sans::bold())?,
        })
    }

    fn of(&self, bold: bool) -> &(Font, FontRef<'static>) {
        if bold { &self.bold } else { &self.regular }
    }

    pub(crate) fn font(&self, bold: bool) -> Font {
        self.of(bold).0.clone()
    }

    /// The text with what cannot be shown replaced, so that no letter vanishes silently.
    pub(crate) fn shown(&self, text: &str) -> String {
        let letters = self.regular.1.charmap();
        let keep = |c: char| {
            if c == '\n' || letters.map(c).is_some_and(|g| g.to_u32() != 0) {
                c
            } else if c.is_whitespace() || c.is_control() {
                ' '
            } else {
                UNKNOWN
            }
        };
        text.chars().map(keep).collect()
    }

    /// How wide a text is, in points.
    pub(crate) fn width(&self, text: &str, size: f32, bold: bool) -> f32 {
        let font = &self.of(bold).1;
        let (letters, metrics) = (
            font.charmap(),
            font.glyph_metrics(Size::new(size), LocationRef::default()),
        );
        let wide = |c: char| letters.map(c).and_then(|g| metrics.advance_width(g));
        text.chars().filter_map(wide).sum()
    }

    /// A text in lines that are no wider; a word that is wider is cut.
    pub(crate) fn lines(&self, text: &str, width: f32, (size, bold): (f32, bool)) -> Vec<String> {
        let mut lines = vec![];
        for paragraph in text.split('\n') {
            let mut line = String::new();
            for word in paragraph.split_whitespace() {
                let longer = if line.is_empty() {
                    word.to_owned()
                } else {
                    format!("{line} {word}")
                };
                if self.width(&longer, size, bold) <= width {
                    line = longer;
                    continue;
                }
                if !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                for c in word.chars() {
                    line.push(c);
                    if self.width(&line, size, bold) > width && line.chars().count() > 1 {
                        line.pop();
                        lines.push(std::mem::replace(&mut line, c.to_string()));
                    }
                }
            }
            lines.push(line);
        }
        lines
    }
}
