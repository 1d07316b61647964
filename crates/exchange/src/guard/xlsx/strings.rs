//! The table of shared texts: one stretch of memory, taken from the meter before it is filled.

use super::{book::with_xml, bounds, cell::unescaped};
use crate::guard::{Meter, Result, xml::Node, zip::Zip};
use crate::limits::Limits;
use std::io::{Read, Seek};

/// Shared texts.
#[derive(Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    /// Reads the table; none where the workbook has no such part.
    pub(super) fn read<R: Read + Seek>(
        zip: &mut Zip<R>,
        part: &str,
        limits: &Limits,
        meter: &Meter<'_>,
    ) -> Result<Self> {
        let mut all = Self::default();
        if part.is_empty() || !zip.has(part) {
            return Ok(all);
        }
        with_xml(zip, part, bounds(limits), |xml| {
            // Text counts within `t` and not within `rPh`, which repeats it as it is spoken.
            let (mut depth, mut text_at, mut spoken_at, mut item) = (0, None, None, String::new());
            while let Some(node) = xml.next_node()? {
                match node {
                    Node::Open(tag) => {
                        depth += 1;
                        match tag.name() {
                            "si" => item.clear(),
                            "t" if text_at.is_none() => text_at = Some(depth),
                            "rPh" if spoken_at.is_none() => spoken_at = Some(depth),
                            _ => {}
                        }
                    }
                    Node::Text(text) if text_at.is_some() && spoken_at.is_none() => {
                        item.push_str(&text);
                    }
                    Node::Text(_) => {}
                    Node::Close => {
                        if text_at == Some(depth) {
                            text_at = None;
                        }
                        if spoken_at == Some(depth) {
                            spoken_at = None;
                        }
                        // `si` stands directly under the root.
                        if depth == 2 {
                            all.push(&item, limits, meter)?;
                        }
                        depth -= 1;
                    }
                }
            }
            Ok(())
        })?;
        Ok(all)
    }

    fn push(&mut self, item: &str, limits: &Limits, meter: &Meter<'_>) -> Result<()> {
        let item = unescaped(item);
        if item.chars().count() as u64 > limits.import_cell {
            return Err(super::cell_too_long(limits).into());
        }
        // Growing takes at most twice what is held.
        meter.take(2 * (item.len() as u64 + 4))?;
        meter.step()?;
        self.text.push_str(&item);
        // INVARIANT: a workbook unpacks to less than 4 GiB of text, or the meter has refused it.
        self.ends
            .push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        Ok(())
    }

    pub(super) fn get(&self, i: usize) -> Option<&str> {
        let to = *self.ends.get(i)? as usize;
        let from = match i {
            0 => 0,
            i => *self.ends.get(i - 1)? as usize,
        };
        self.text.get(from..to)
    }
}
