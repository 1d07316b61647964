//! The container of a workbook: its directory is checked before anything is unpacked, then real bytes
//! are counted while they are.
//!
//! The directory is read here and parts are unpacked by the same entries that were checked, so that no
//! second reader can see another file than the one that was judged.

mod directory;

use super::{Code, Refusal, Result};
use crate::limits::Limits;
use directory::Entry;
use flate2::read::DeflateDecoder;
use std::io::{Read, Seek, SeekFrom, Take};

/// Parts smaller than this may pack better than the ratio: white space does.
const RATIO_FROM: u64 = 1 << 20;

/// A checked container.
pub struct Zip<R> {
    input: R,
    entries: Vec<Entry>,
    /// Bytes that may still be unpacked.
    left: u64,
    ratio: u64,
}

impl<R: Read + Seek> Zip<R> {
    /// Opens a container and checks its directory.
    ///
    /// # Errors
    /// A refusal naming the part; what the system said where the bytes cannot be read.
    pub fn open(mut input: R, limits: &Limits) -> Result<Self> {
        let entries = directory::read(&mut input, limits)?;
        Ok(Self {
            input,
            entries,
            left: limits.xlsx_unpacked,
            ratio: limits.xlsx_ratio,
        })
    }

    /// Names of the parts.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|e| e.name.as_str())
    }

    /// Whether there is a part of this name; case does not matter, as in the standard of workbooks.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    fn find(&self, name: &str) -> Option<usize> {
        let wanted = name.trim_start_matches('/');
        self.entries
            .iter()
            .position(|e| e.name.eq_ignore_ascii_case(wanted))
    }

    /// A part, unpacked while it is read; `None` where there is none of this name.
    ///
    /// # Errors
    /// Where its local header is not what the directory says.
    pub fn part(&mut self, name: &str) -> Result<Option<Part<'_, R>>> {
        let Some(i) = self.find(name) else {
            return Ok(None);
        };
        let entry = &self.entries[i];
        let begin = directory::data(&mut self.input, entry)?;
        self.input.seek(SeekFrom::Start(begin))?;
        let packed = (&mut self.input).take(entry.packed);
        let most = RATIO_FROM.max(entry.packed.saturating_mul(self.ratio));
        Ok(Some(Part {
            inner: match entry.deflated {
                true => Inner::Deflated(Box::new(DeflateDecoder::new(packed))),
                false => Inner::Stored(packed),
            },
            left: &mut self.left,
            declared: entry.unpacked,
            most,
            read: 0,
            over: false,
        }))
    }
}

enum Inner<'a, R> {
    Stored(Take<&'a mut R>),
    Deflated(Box<DeflateDecoder<Take<&'a mut R>>>),
}

/// A part being unpacked; it ends in an error where it is more than it may be.
pub struct Part<'a, R> {
    inner: Inner<'a, R>,
    left: &'a mut u64,
    declared: u64,
    most: u64,
    read: u64,
    over: bool,
}

impl<R: Read> Part<'_, R> {
    /// The refusal, where reading ended because the part unpacks too far.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        self.over.then(unpacks_too_far)
    }
}

pub(super) fn unpacks_too_far() -> Refusal {
    Refusal::new(
        Code::Bomb,
        "the workbook unpacks to more than it may",
        "save the data as CSV, or split it",
    )
}

impl<R: Read> Read for Part<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let n = match &mut self.inner {
            Inner::Stored(r) => r.read(out)?,
            Inner::Deflated(r) => r.read(out)?,
        };
        self.read += n as u64;
        let within = self.read <= self.declared && self.read <= self.most;
        match self.left.checked_sub(n as u64) {
            Some(left) if within => *self.left = left,
            _ => {
                self.over = true;
                return Err(std::io::Error::other("a part unpacks too far"));
            }
        }
        if n == 0 && !out.is_empty() && self.read < self.declared {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        Ok(n)
    }
}

#[cfg(test)]
mod tests;
