//! Setting a document on pages: where each line of each cell stands, and what it is part of.

use crate::{Paper, Section, face::Faces};

const MARGIN: f32 = 45.0;
const TOP: f32 = 60.0;
const BOTTOM: f32 = 60.0;
const BODY: f32 = 8.5;
/// A table of many columns is set smaller, but not smaller than this, before a word is broken.
const SMALLEST: f32 = 5.5;
/// From line to line, in sizes of the letters.
const LEADING: f32 = 1.3;
/// Lines of the first row that stand with the heading and the heads of a table on one page.
const TOGETHER: usize = 8;
const PAD: f32 = 4.0;
/// More columns than this are set on a page that lies.
const NARROW: usize = 6;

/// A line of text at a place; with a leaf, it is part of the document's structure.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Op {
    pub x: f32,
    pub y: f32,
    pub size: f32,
    pub bold: bool,
    pub text: String,
    pub leaf: Option<usize>,
    /// A rule under the line, from x to x.
    pub rule: Option<(f32, f32)>,
}

/// What a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CellKind {
    Head,
    RowHead,
    Data,
}

/// The structure, over leaves.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    Title(usize),
    Lead(usize),
    /// A heading, its words, and where it stands: page and height.
    Heading(usize, String, (usize, f32)),
    Note(usize),
    Table(Vec<Vec<(CellKind, usize)>>),
}

/// The document on its pages.
#[derive(Clone, Debug, Default)]
pub(crate) struct Laid {
    pub size: (f32, f32),
    pub pages: Vec<Vec<Op>>,
    pub nodes: Vec<Node>,
    pub leaves: usize,
}

struct Setter<'a> {
    faces: &'a Faces,
    laid: Laid,
    y: f32,
    /// Size of the letters of the table being set.
    body: f32,
}

/// Sets a document.
pub(crate) fn lay(paper: &Paper, faces: &Faces) -> Laid {
    let wide = paper.sections.iter().any(|s| s.heads.len() > NARROW);
    let size = if wide { (842.0, 595.0) } else { (595.0, 842.0) };
    let mut set = Setter {
        faces,
        laid: Laid {
            size,
            pages: vec![vec![]],
            ..Laid::default()
        },
        y: TOP,
        body: BODY,
    };
    let title = set.text(&paper.title, 17.0, true);
    set.laid.nodes.push(Node::Title(title));
    if !paper.lead.is_empty() {
        let lead = set.text(&paper.lead, 10.0, false);
        set.laid.nodes.push(Node::Lead(lead));
    }
    for section in &paper.sections {
        set.section(section);
    }
    set.laid
}

impl Setter<'_> {
    fn width(&self) -> f32 {
        self.laid.size.0 - 2.0 * MARGIN
    }

    fn page(&mut self) -> &mut Vec<Op> {
        if self.laid.pages.is_empty() {
            self.laid.pages.push(vec![]);
        }
        let last = self.laid.pages.len() - 1;
        &mut self.laid.pages[last]
    }

    fn room(&self) -> f32 {
        self.laid.size.1 - BOTTOM - self.y
    }

    fn turn(&mut self) {
        self.laid.pages.push(vec![]);
        self.y = TOP;
    }

    fn leaf(&mut self) -> usize {
        self.laid.leaves += 1;
        self.laid.leaves - 1
    }

    /// Lines of text over the whole width.
    fn text(&mut self, text: &str, size: f32, bold: bool) -> usize {
        let leaf = self.leaf();
        let shown = self.faces.shown(text);
        for line in self.faces.lines(&shown, self.width(), (size, bold)) {
            if self.room() < size * 1.4 {
                self.turn();
            }
            self.y += size * 1.3;
            let op = Op {
                x: MARGIN,
                y: self.y,
                size,
                bold,
                text: line,
                leaf: Some(leaf),
                rule: None,
            };
            self.page().push(op);
        }
        self.y += size * 0.35;
        leaf
    }

    fn section(&mut self, section: &Section) {
        self.y += 10.0;
        // A heading never stands alone at the foot of a page, nor with the heads of a table alone.
        self.body = self.size_for(section);
        if self.room() < 60.0_f32.max(self.beginning(section)) {
            self.turn();
        }
        let at = (self.laid.pages.len() - 1, self.y);
        let leaf = self.text(&section.title, 12.0, true);
        let words = section.title.clone();
        self.laid.nodes.push(Node::Heading(leaf, words, at));
        if section.rows.is_empty() {
            let words = if section.empty.is_empty() {
                "Nothing is recorded."
            } else {
                &section.empty
            };
            let leaf = self.text(words, BODY, false);
            self.laid.nodes.push(Node::Note(leaf));
            return;
        }
        self.table(section);
    }

    fn leading(&self) -> f32 {
        self.body * LEADING
    }

    /// The size at which no word of a table is broken, if one is large enough to be read.
    fn size_for(&self, section: &Section) -> f32 {
        let mut size = BODY;
        while size > SMALLEST && self.least(section, size).iter().sum::<f32>() > self.width() {
            size -= 0.5;
        }
        size
    }

    /// How much room a section takes up to its first row.
    fn beginning(&self, section: &Section) -> f32 {
        let Some(first) = section.rows.first() else {
            return 0.0;
        };
        let columns = self.columns(section);
        let tall = |row: &[String]| {
            let cells = self.cells(row, &columns, true);
            let lines = cells.iter().map(Vec::len).max().unwrap_or(1);
            self.leading() * lines.min(TOGETHER) as f32 + 2.0 * PAD
        };
        let heads: Vec<String> = section.heads.iter().map(|(h, _)| h.clone()).collect();
        let head = if section.facts { 0.0 } else { tall(&heads) };
        20.0 + head + tall(first)
    }

    fn table(&mut self, section: &Section) {
        let columns = self.columns(section);
        let heads: Vec<String> = section.heads.iter().map(|(h, _)| h.clone()).collect();
        let numbers: Vec<bool> = section.heads.iter().map(|(_, n)| *n).collect();
        let mut rows = vec![];
        let mut head = None;
        if !section.facts {
            let cells = self.cells(&heads, &columns, true);
            head = Some(cells.clone());
            let leaves = self.row(&cells, &columns, &numbers, true, true, None);
            rows.push(leaves.into_iter().map(|l| (CellKind::Head, l)).collect());
        }
        for (i, row) in section.rows.iter().enumerate() {
            let last = section.summed && i + 1 == section.rows.len();
            let cells = self.cells(row, &columns, last);
            let leaves = self.row(&cells, &columns, &numbers, last, false, head.as_deref());
            let kind = |c: usize| {
                if c == 0 {
                    CellKind::RowHead
                } else {
                    CellKind::Data
                }
            };
            rows.push(
                leaves
                    .into_iter()
                    .enumerate()
                    .map(|(c, l)| (kind(c), l))
                    .collect(),
            );
        }
        self.laid.nodes.push(Node::Table(rows));
        self.y += 4.0;
    }

    fn cells(&self, row: &[String], columns: &[f32], bold: bool) -> Vec<Vec<String>> {
        let set = |(text, width): (&String, &f32)| {
            let shown = self.faces.shown(text);
            self.faces
                .lines(&shown, width - 2.0 * PAD, (self.body, bold))
        };
        row.iter().zip(columns).map(set).collect()
    }

    /// Puts a row down, over as many pages as it takes; on a new page the heads stand again, as decoration.
    fn row(
        &mut self,
        cells: &[Vec<String>],
        columns: &[f32],
        numbers: &[bool],
        bold: bool,
        is_head: bool,
        head: Option<&[Vec<String>]>,
    ) -> Vec<usize> {
        let leaves: Vec<usize> = cells.iter().map(|_| self.leaf()).collect();
        let most = cells.iter().map(Vec::len).max().unwrap_or(0);
        let mut from = 0;
        while from < most.max(1) {
            let fits = ((self.room() - 2.0 * PAD) / self.leading())
                .floor()
                .max(0.0) as usize;
            let whole = most - from;
            // A row that fits on a page of its own is not torn.
            let page = ((self.laid.size.1 - BOTTOM - TOP) / self.leading()) as usize;
            if fits == 0 || (whole > fits && whole + 6 < page && from == 0) {
                self.turn();
                if let Some(head) = head {
                    self.part(head, 0, usize::MAX, columns, numbers, true, None);
                }
                continue;
            }
            let until = (from + fits).min(most.max(1));
            self.part(
                cells,
                from,
                until,
                columns,
                numbers,
                bold || is_head,
                Some(&leaves),
            );
            from = until;
        }
        leaves
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a row, how much of it, and how it is set"
    )]
    fn part(
        &mut self,
        cells: &[Vec<String>],
        from: usize,
        until: usize,
        columns: &[f32],
        numbers: &[bool],
        bold: bool,
        leaves: Option<&[usize]>,
    ) {
        let (top, mut x, mut tall) = (self.y, MARGIN, 0);
        let (faces, body, leading) = (self.faces, self.body, self.leading());
        for (c, (lines, width)) in cells.iter().zip(columns).enumerate() {
            let shown = lines
                .get(from.min(lines.len())..until.min(lines.len()))
                .unwrap_or(&[]);
            tall = tall.max(shown.len());
            for (i, line) in shown.iter().enumerate() {
                let right = x + width - PAD - faces.width(line, body, bold);
                let op = Op {
                    x: if numbers.get(c) == Some(&true) {
                        right
                    } else {
                        x + PAD
                    },
                    y: top + PAD + leading * (i as f32 + 0.8),
                    size: body,
                    bold: bold || (c == 0 && numbers.get(c) == Some(&false)),
                    text: line.clone(),
                    leaf: leaves.map(|l| l[c]),
                    rule: None,
                };
                self.page().push(Op { bold, ..op });
            }
            x += width;
        }
        self.y = top + 2.0 * PAD + leading * tall.max(1) as f32;
        let rule = Op {
            x: MARGIN,
            y: self.y,
            size: BODY,
            bold: false,
            text: String::new(),
            leaf: None,
            rule: Some((MARGIN, x)),
        };
        self.page().push(rule);
    }

    /// What each column needs so that no word of it is broken, up to a limit.
    fn least(&self, section: &Section, size: f32) -> Vec<f32> {
        let wide = |t: &str| self.faces.width(&self.faces.shown(t), size, true);
        let column = |(c, (head, _)): (usize, &(String, bool))| {
            let texts = section.rows.iter().filter_map(|r| r.get(c)).chain([head]);
            let words = texts.flat_map(|t| t.split_whitespace());
            let longest = words.map(wide).fold(18.0, f32::max);
            longest.min(110.0) + 2.0 * PAD + 0.5
        };
        section.heads.iter().enumerate().map(column).collect()
    }

    /// Widths of the columns: what they need, and of what is left the more the longer their texts are.
    fn columns(&self, section: &Section) -> Vec<f32> {
        let wide = |t: &str| self.faces.width(&self.faces.shown(t), self.body, true);
        let least = self.least(section, self.body);
        let mut wish = vec![];
        for (c, (head, _)) in section.heads.iter().enumerate() {
            let texts = section.rows.iter().filter_map(|r| r.get(c)).chain([head]);
            let whole = texts.map(|t| wide(t).min(260.0)).fold(18.0, f32::max);
            wish.push((whole + 2.0 * PAD).max(least[c]));
        }
        let (floor, all) = (least.iter().sum::<f32>(), wish.iter().sum::<f32>());
        let width = self.width();
        if floor >= width {
            return least.iter().map(|w| w * width / floor).collect();
        }
        if all <= width {
            let scale = width / all;
            return wish.iter().map(|w| w * scale).collect();
        }
        let share = (width - floor) / (all - floor);
        let mixed = least.iter().zip(&wish);
        mixed.map(|(l, w)| l + (w - l) * share).collect()
    }
}
