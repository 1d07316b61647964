//! Drawing what was set, and saying of every line what it is.

use crate::{
    Paper, ReportError,
    face::Faces,
    layout::{CellKind, Laid, Node, Op},
};
use krilla::{
    Document, SerializeSettings,
    configure::{Accessibility, ConfigurationBuilder},
    destination::XyzDestination,
    geom::{PathBuilder, Point},
    metadata::{DateTime, Metadata},
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::Stroke,
    surface::Surface,
    tagging::{
        Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup,
        TagTree,
    },
    text::TextDirection,
};
use std::num::NonZeroU16;

fn settings() -> Result<SerializeSettings, ReportError> {
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|e| ReportError::Conformance(format!("{e:?}")))?;
    Ok(SerializeSettings {
        configuration,
        enable_tagging: true,
        ..SerializeSettings::default()
    })
}

fn words(surface: &mut Surface<'_>, faces: &Faces, op: &Op) {
    surface.draw_text(
        Point::from_xy(op.x, op.y),
        faces.font(op.bold),
        op.size,
        &op.text,
        false,
        TextDirection::Auto,
    );
}

/// Something that is on the page and no part of the document.
fn beside(surface: &mut Surface<'_>, kind: ArtifactType, draw: impl FnOnce(&mut Surface<'_>)) {
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(kind)));
    draw(surface);
    surface.end_tagged();
}

fn rule(surface: &mut Surface<'_>, (from, to): (f32, f32), y: f32) {
    let mut path = PathBuilder::new();
    path.move_to(from, y);
    path.line_to(to, y);
    if let Some(path) = path.finish() {
        surface.set_stroke(Some(Stroke {
            width: 0.4,
            ..Stroke::default()
        }));
        surface.draw_path(&path);
        surface.set_stroke(None);
    }
}

/// A line around the page: text, height, and where it stands: 0 left, 1 middle, 2 right.
fn around(surface: &mut Surface<'_>, faces: &Faces, width: f32, (text, y, place): (&str, f32, u8)) {
    let (size, bold) = if place == 1 {
        (8.5, true)
    } else {
        (7.0, false)
    };
    let shown = faces.shown(text);
    let wide = faces.width(&shown, size, bold);
    let x = match place {
        0 => 45.0,
        1 => ((width - wide) / 2.0).max(10.0),
        _ => width - 45.0 - wide,
    };
    let op = Op {
        x,
        y,
        size,
        bold,
        text: shown,
        leaf: None,
        rule: None,
    };
    words(surface, faces, &op);
}

/// The document as a file.
pub(crate) fn paint(paper: &Paper, faces: &Faces, laid: &Laid) -> Result<Vec<u8>, ReportError> {
    let mut document = Document::new_with(settings()?);
    let mut leaves: Vec<Vec<Identifier>> = vec![vec![]; laid.leaves];
    let (width, height) = laid.size;
    for (n, ops) in laid.pages.iter().enumerate() {
        let size = PageSettings::from_wh(width, height).ok_or(ReportError::Font)?;
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        beside(&mut surface, ArtifactType::Header, |s| {
            around(s, faces, width, (&paper.marking, 30.0, 1));
        });
        for same in ops.chunk_by(|a, b| a.leaf == b.leaf) {
            match same.first().and_then(|op| op.leaf) {
                Some(leaf) => {
                    let id = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
                    same.iter().for_each(|op| words(&mut surface, faces, op));
                    surface.end_tagged();
                    leaves[leaf].push(id);
                }
                None => beside(&mut surface, ArtifactType::Layout, |s| {
                    for op in same {
                        match op.rule {
                            Some(across) => rule(s, across, op.y),
                            None => words(s, faces, op),
                        }
                    }
                }),
            }
        }
        beside(&mut surface, ArtifactType::Footer, |s| {
            let number = format!("Page {} of {}", n + 1, laid.pages.len());
            around(s, faces, width, (&paper.foot, height - 38.0, 0));
            around(s, faces, width, (&number, height - 38.0, 2));
            around(s, faces, width, (&paper.marking, height - 22.0, 1));
        });
        surface.finish();
        page.finish();
    }
    document.set_tag_tree(tree(paper, laid, leaves));
    document.set_outline(outline(laid));
    document.set_metadata(about(paper));
    document
        .finish()
        .map_err(|e| ReportError::Conformance(format!("{e:?}")))
}

fn about(paper: &Paper) -> Metadata {
    let (year, month, day) = paper.made;
    Metadata::new()
        .title(paper.title.clone())
        .description(paper.lead.clone())
        .language(paper.lang.clone())
        .creator("Symbolon".to_owned())
        .creation_date(DateTime::new(year).month(month).day(day))
}

fn outline(laid: &Laid) -> Outline {
    let mut outline = Outline::new();
    for node in &laid.nodes {
        if let Node::Heading(_, title, (page, y)) = node {
            let place = XyzDestination::new(*page, Point::from_xy(0.0, *y));
            outline.push_child(OutlineNode::new(title.clone(), place));
        }
    }
    outline
}

/// The structure in the order of reading.
fn tree(paper: &Paper, laid: &Laid, mut leaves: Vec<Vec<Identifier>>) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some(paper.lang.clone()));
    let mut fill = |mut group: TagGroup, leaf: usize| {
        for id in std::mem::take(&mut leaves[leaf]) {
            group.push(id);
        }
        group
    };
    for node in &laid.nodes {
        let level = |n: u16| NonZeroU16::new(n).unwrap_or(NonZeroU16::MIN);
        let group = match node {
            Node::Title(leaf) => fill(
                TagGroup::new(Tag::Hn(level(1), Some(paper.title.clone()))),
                *leaf,
            ),
            Node::Heading(leaf, title, _) => {
                fill(TagGroup::new(Tag::Hn(level(2), Some(title.clone()))), *leaf)
            }
            Node::Lead(leaf) | Node::Note(leaf) => fill(TagGroup::new(Tag::P), *leaf),
            Node::Table(rows) => {
                let mut table = TagGroup::new(Tag::Table);
                for row in rows {
                    let mut line = TagGroup::new(Tag::TR);
                    for (kind, leaf) in row {
                        let cell = match kind {
                            CellKind::Head => TagGroup::new(Tag::TH(TableHeaderScope::Column)),
                            CellKind::RowHead => TagGroup::new(Tag::TH(TableHeaderScope::Row)),
                            CellKind::Data => TagGroup::new(Tag::TD),
                        };
                        line.push(fill(cell, *leaf));
                    }
                    table.push(line);
                }
                table
            }
        };
        tree.push(group);
    }
    tree
}
